//! The guard at the startup: names lead only to addresses that a receiver may have.
//!
//! The guard is the resolver of the connection itself. What it lets through is what is connected to, so there is no
//! second look-up in which a name could lead elsewhere (DNS rebinding).

use std::fmt;
use std::net::IpAddr;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::address::{Reach, reach};

/// Resolves names, and lets only addresses through that the receiver may have.
#[derive(Debug)]
pub(super) struct Guard {
    /// Whether the receiver is said to be in one's own network.
    private: bool,
    names: DefaultResolver,
}

/// An address that a message is not sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Forbidden {
    address: IpAddr,
    reach: Reach,
}

impl Guard {
    pub(super) fn new(private: bool) -> Self {
        Self { private, names: DefaultResolver::default() }
    }
}

/// Whether a receiver may have an address; `private` when it is said to be in one's own network.
///
/// # Errors
/// When it may not.
pub(super) fn admit(address: IpAddr, private: bool) -> Result<(), Forbidden> {
    match reach(address) {
        Reach::Public => Ok(()),
        Reach::Private(_) if private => Ok(()),
        reach => Err(Forbidden { address, reach }),
    }
}

impl Resolver for Guard {
    /// Of several addresses those that are forbidden are left out: a name may lead into one's own network and out of
    /// it, and the message goes to the public one.
    fn resolve(&self, uri: &Uri, config: &Config, limit: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, limit).map_err(|error| match error {
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            other => other,
        })?;
        let mut open = self.empty();
        let mut closed = None;
        for address in found.iter() {
            match admit(address.ip(), self.private) {
                Ok(()) => open.push(*address),
                Err(forbidden) => closed = Some(forbidden),
            }
        }
        match closed {
            Some(forbidden) if open.is_empty() => Err(ureq::Error::Other(Box::new(forbidden))),
            _ => Ok(open),
        }
    }
}

impl std::error::Error for Forbidden {}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.address;
        match self.reach {
            Reach::Public => write!(f, "it leads to {address}"),
            Reach::Private(what) => {
                write!(f, "it leads to {address}, {what}; that needs `private: true`")
            }
            Reach::Never(what) => write!(f, "it leads to {address}, {what}; no message is sent there"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_private_needs_to_be_said_and_metadata_is_never_reached() {
        let admitted = |address: &str, private| admit(address.parse().unwrap(), private).map_err(|no| no.to_string());
        assert_eq!(admitted("8.8.8.8", false), Ok(()));
        assert_eq!(admitted("127.0.0.1", true), Ok(()));
        let said = "it leads to 127.0.0.1, a loopback address; that needs `private: true`";
        assert_eq!(admitted("127.0.0.1", false), Err(said.into()));
        for private in [false, true] {
            assert!(admitted("169.254.169.254", private).is_err());
            assert!(admitted("::ffff:169.254.169.254", private).is_err());
        }
    }
}
