//! Where a request comes from, for a service without tokens.
//!
//! Such a service listens on a loopback address only. A page of somebody else, looked at on the same machine, reaches
//! that address too: by a name of its own that leads there, or with a request across sites.

use axum::http::HeaderMap;

/// Whether a request comes from a browser that shows somebody else's page.
pub(super) fn is_foreign(headers: &HeaderMap) -> bool {
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host = header("host").unwrap_or_default();
    header("sec-fetch-site").is_some_and(|site| matches!(site, "cross-site" | "same-site"))
        || header("origin").is_some_and(|origin| !is_own(origin, host))
        || header("host").is_some_and(|host| !is_loopback(host))
}

/// Whether an `Origin`, which browsers name when they send something, is this service itself. Browsers that do not send
/// `Sec-Fetch-Site` send this; another port of the own machine is another program's page.
fn is_own(origin: &str, host: &str) -> bool {
    origin.split_once("://").is_some_and(|(_, named)| named.eq_ignore_ascii_case(host))
}

/// Whether a `Host` names the own machine.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    let name = name.to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_the_own_machine_are_its_own() {
        for own in ["localhost", "localhost:7878", "127.0.0.1:1", "127.0.0.2", "[::1]:7878", "LOCALHOST", "a.localhost"]
        {
            assert!(is_loopback(own), "{own}");
        }
        let own = |origin: &str| is_own(origin, "localhost:7878");
        assert!(own("http://localhost:7878") && own("http://LOCALHOST:7878"));
        for other in
            ["https://example.com", "null", "", "http://localhost:3000", "http://127.0.0.1:7878", "http://localhost"]
        {
            assert!(!own(other), "{other}");
        }
        for foreign in ["", "example.com", "localhost.example.com", "192.0.2.1:7878", "[2001:db8::1]:80", "[::1"] {
            assert!(!is_loopback(foreign), "{foreign}");
        }
    }
}
