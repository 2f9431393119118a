//! The address of a PostgreSQL, and how a connection to it is protected: `sslmode` and `sslrootcert` as libpq has them.
//!
//! Nothing goes over a network in plain text that was not asked for: where the address does not say `sslmode`, it is
//! `verify-full`, and `prefer` within the own machine.

use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls::{Signers, Trust, client};
use super::{Fault, Result};

/// How long a connection may take to come about, where the address does not say.
const CONNECT: Duration = Duration::from_secs(10);

/// How long what was sent may go without a sign that it came, where the address does not say.
const UNHEARD: Duration = Duration::from_secs(30);

/// A way to connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    Plain,
    Tls(Trust),
}

/// Where a database is, and in which ways to connect: the next where one fails.
#[derive(Debug, Clone)]
pub(super) struct PostgresAddress {
    config: Config,
    attempts: &'static [Attempt],
    signers: Signers,
}

impl PostgresAddress {
    /// Reads `postgres://user:password@host/name?sslmode=…&sslrootcert=…`.
    ///
    /// # Errors
    /// When it is none, or names a mode that there is not.
    pub(super) fn parse(place: &str) -> Result<Self> {
        let (base, query) = place.split_once('?').unwrap_or((place, ""));
        let (mut mode, mut root, mut rest) = (None, None, Vec::new());
        for part in query.split('&').filter(|part| !part.is_empty()) {
            match form_urlencoded::parse(part.as_bytes()).next() {
                Some((name, value)) if name == "sslmode" => mode = Some(value.into_owned()),
                Some((name, value)) if name == "sslrootcert" => root = Some(value.into_owned()),
                _ => rest.push(part),
            }
        }
        let says = |name: &str| rest.iter().any(|part| part.starts_with(name));
        let (heard, alive) = (says("tcp_user_timeout="), says("keepalives_idle="));
        let rest = if rest.is_empty() { String::new() } else { format!("?{}", rest.join("&")) };
        // the error does not hold the address, in which a password may stand
        let mut config: Config =
            format!("{base}{rest}").parse().map_err(|error| Fault(format!("the address of the store: {error}")))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if !heard {
            config.tcp_user_timeout(UNHEARD);
        }
        if !alive {
            config.keepalives_idle(UNHEARD);
        }
        let given = root.is_some();
        let signers = match root {
            Some(root) if root != "system" => Signers::File(root.into()),
            _ => Signers::Known,
        };
        let attempts = attempts(mode.as_deref(), given, &config)?;
        Ok(Self { config, attempts, signers })
    }

    /// Connects.
    ///
    /// # Errors
    /// When no way leads there.
    pub(super) fn connect(&self) -> Result<Client> {
        let mut first = None;
        for attempt in self.attempts {
            let mut config = self.config.clone();
            let connected = match attempt {
                Attempt::Plain => config.ssl_mode(SslMode::Disable).connect(NoTls),
                Attempt::Tls(trust) => {
                    let tls = MakeRustlsConnect::new(client(*trust, &self.signers)?);
                    config.ssl_mode(SslMode::Require).connect(tls)
                }
            };
            match connected {
                Ok(client) => return Ok(client),
                Err(error) => first = first.or(Some((attempt, error))),
            }
        }
        let Some((attempt, error)) = first else { return Err(Fault("there is no way to connect".to_owned())) };
        let tls = matches!(attempt, Attempt::Tls(_)) && error.to_string().contains("TLS");
        let Fault(why) = error.into();
        Err(Fault(if tls { format!("{why}; {WAY_OUT}") } else { why }))
    }
}

/// What to do where no protected connection comes about.
const WAY_OUT: &str = "name who signed its certificate with `sslrootcert=FILE`, look whether the host of the address is \
                       the one of the certificate, or ask for plain text with `sslmode=disable`";

/// The ways of a mode. A file of signers makes `require` look at them, as it does for libpq.
fn attempts(mode: Option<&str>, root: bool, config: &Config) -> Result<&'static [Attempt]> {
    use Attempt::{Plain, Tls};
    // such a connection does not leave the machine
    if config.get_hosts().iter().all(|host| !matches!(host, Host::Tcp(_))) {
        return Ok(&[Plain]);
    }
    let own = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        _ => true,
    };
    let usual = if config.get_hosts().iter().all(own) && !root { "prefer" } else { "verify-full" };
    Ok(match mode.unwrap_or(usual) {
        "disable" => &[Plain],
        "allow" => &[Plain, Tls(Trust::Anyone)],
        "prefer" => &[Tls(Trust::Anyone), Plain],
        "require" if root => &[Tls(Trust::Signed)],
        "require" => &[Tls(Trust::Anyone)],
        "verify-ca" => &[Tls(Trust::Signed)],
        "verify-full" => &[Tls(Trust::Named)],
        other => {
            return Err(Fault(format!(
                "the address of the store: `sslmode` cannot be `{other}`: it is one of disable, allow, prefer, \
                 require, verify-ca, verify-full"
            )));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(place: &str) -> &'static [Attempt] {
        PostgresAddress::parse(place).unwrap().attempts
    }

    #[test]
    fn plain_text_goes_over_a_network_only_where_it_is_asked_for() {
        use Attempt::{Plain, Tls};
        for remote in ["postgres://me@db.example.com/a", "postgres://me@10.0.0.1/a", "postgres://me@localhost,db/a"] {
            assert_eq!(ways(remote), [Tls(Trust::Named)], "{remote}");
        }
        for own in ["postgres://me@localhost/a", "postgres://me@127.0.0.1:5433/a", "postgres://me@[::1]/a"] {
            assert_eq!(ways(own), [Tls(Trust::Anyone), Plain], "{own}");
        }
        assert_eq!(ways("postgres://me@%2Fvar%2Frun%2Fpostgresql/a?sslmode=require"), [Plain]);
        let said = |said: &str| ways(&format!("postgres://me@db.example.com/a?application_name=x&{said}"));
        assert_eq!(said("sslmode=disable"), [Plain]);
        assert_eq!(said("sslmode=allow"), [Plain, Tls(Trust::Anyone)]);
        assert_eq!(said("sslmode=require"), [Tls(Trust::Anyone)]);
        assert_eq!(said("sslmode=require&sslrootcert=ca.crt"), [Tls(Trust::Signed)]);
        assert_eq!(said("sslmode=verify-ca"), [Tls(Trust::Signed)]);
        assert_eq!(said("sslrootcert=system"), [Tls(Trust::Named)]);
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        for wrong in ["postgres://me:s3cret@db/a?sslmode=always", "postgres://me:s3cret@db/a?nothing=1"] {
            let Fault(why) = PostgresAddress::parse(wrong).unwrap_err();
            assert!(why.starts_with("the address of the store: ") && !why.contains("s3cret"), "{why}");
        }
    }
}
