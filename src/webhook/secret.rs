//! What sender and receiver share.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The fewest bytes of a secret that is not guessed (Standard Webhooks).
const LEAST: usize = 24;

/// A key for signatures, ready to sign. It is never shown.
#[derive(Clone)]
pub struct Secret(Hmac<Sha256>);

/// Why a text is no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    /// It can be guessed.
    #[error("the secret is {0} bytes long, and {LEAST} are the fewest")]
    Short(usize),
    /// It says that it is base64, and is not.
    #[error("the secret starts with `whsec_`, and what follows is not base64")]
    NotBase64,
}

impl Secret {
    /// The secret that a text stands for: with `whsec_` before it the bytes that are written in base64, as Standard
    /// Webhooks writes secrets; else the text itself.
    ///
    /// # Errors
    /// When it has less than 24 bytes, or is not what it says.
    pub fn parse(text: &str) -> Result<Self, BadSecret> {
        let bytes = match text.strip_prefix("whsec_") {
            Some(coded) => STANDARD.decode(coded).map_err(|_| BadSecret::NotBase64)?,
            None => text.as_bytes().to_vec(),
        };
        let long = (bytes.len() >= LEAST).then_some(&bytes);
        let key = long.and_then(|bytes| Hmac::new_from_slice(bytes).ok());
        key.map(Self).ok_or(BadSecret::Short(bytes.len()))
    }

    /// An HMAC-SHA256 by this key that has seen nothing yet.
    pub(super) fn mac(&self) -> Hmac<Sha256> {
        self.0.clone()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_long_enough_and_never_shown() {
        assert_eq!(Secret::parse("short").unwrap_err(), BadSecret::Short(5));
        assert_eq!(Secret::parse("whsec_?").unwrap_err(), BadSecret::NotBase64);
        assert_eq!(Secret::parse("whsec_c2hvcnQgc2VjcmV0").unwrap_err(), BadSecret::Short(12));
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
