//! The name of a request, by which its line in the log is found.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};

use axum::http::HeaderMap;

/// The id of the trace that a request belongs to: the caller's, when it sends a `traceparent` (W3C Trace Context), or a
/// new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trace(u128);

impl Trace {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let sent = headers.get("traceparent").and_then(|parent| parent.to_str().ok()).and_then(read);
        Self(sent.unwrap_or_else(chance))
    }
}

/// The trace's id of `version-trace-parent-flags`.
fn read(parent: &str) -> Option<u128> {
    let mut parts = parent.split('-');
    let (version, trace) = (parts.next()?, parts.next()?);
    let lower = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let fits = version.len() == 2 && version != "ff" && trace.len() == 32 && lower(version) && lower(trace);
    let id = u128::from_str_radix(trace, 16).ok()?;
    (fits && id != 0 && parts.count() >= 2).then_some(id)
}

/// Two numbers that the standard library draws to keep its hash maps apart: no secret, and not the same twice.
fn chance() -> u128 {
    let half = || u128::from(RandomState::new().hash_one(()));
    half() << 64 | half()
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_taken_over_only_when_it_is_whole() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let of = |parent: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("traceparent", parent.parse().unwrap());
            Trace::of(&headers).to_string()
        };
        assert_eq!(of(&format!("00-{trace}-00f067aa0ba902b7-01")), trace);
        for wrong in ["", "00", trace, "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "00-0-0-0"] {
            let own = of(wrong);
            assert!(own.len() == 32 && own != trace && own != of(wrong), "{wrong}: {own}");
        }
    }
}
