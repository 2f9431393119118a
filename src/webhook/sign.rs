//! Signatures, after [Standard Webhooks 1.0](https://www.standardwebhooks.com): `v1`, which is HMAC-SHA256.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac as _;
use subtle::ConstantTimeEq as _;

use super::Secret;
use crate::time::Instant;

/// How far the clocks of sender and receiver may be apart, and how old a message may be when it comes in.
pub const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// The three headers of a message as they came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received<'a> {
    /// `webhook-id`
    pub id: &'a str,
    /// `webhook-timestamp`
    pub timestamp: &'a str,
    /// `webhook-signature`
    pub signature: &'a str,
}

/// Why a message is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotVerified {
    /// The timestamp is no whole number of seconds.
    #[error("`webhook-timestamp` is not a number of seconds")]
    BadTimestamp,
    /// It was sent too long ago, or the clocks differ: it may be an old message that somebody sends again.
    #[error("`webhook-timestamp` is more than 5 minutes ago or ahead")]
    NotNow,
    /// No signature is one by a secret of the receiver.
    #[error("no signature matches")]
    NoMatch,
}

/// The value of `webhook-signature`: a signature by each secret, the first one first. While a secret is changed, a
/// message carries one by the new and one by the old, and receivers change when they like.
pub fn sign(secrets: &[Secret], id: &str, at: Instant, body: &[u8]) -> String {
    let at = at.timestamp().to_string();
    secrets.iter().map(|secret| signature(secret, id, &at, body)).collect::<Vec<_>>().join(" ")
}

/// Whether a message is from who knows one of the secrets, and from now. Every signature is compared in constant time.
///
/// A message that is verified may still come a second time: `id` is the same then.
///
/// # Errors
/// When it is not.
///
/// ```
/// use leadpact::internals::webhook::{NotVerified, Received, Secret, verify};
/// let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
/// let headers = Received {
///     id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
///     timestamp: "1614265330",
///     signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
/// };
/// let now = "2021-02-25T15:03:00Z".parse().unwrap();
/// let secrets = [secret];
/// assert_eq!(verify(&secrets, headers, br#"{"test": 2432232314}"#, now), Ok(()));
/// assert_eq!(verify(&secrets, headers, br#"{"test": 2432232315}"#, now), Err(NotVerified::NoMatch));
/// ```
pub fn verify(secrets: &[Secret], headers: Received<'_>, body: &[u8], now: Instant) -> Result<(), NotVerified> {
    let Received { id, timestamp, signature: theirs } = headers;
    let sent: i64 = timestamp.parse().map_err(|_| NotVerified::BadTimestamp)?;
    if now.timestamp().abs_diff(sent) > TOLERANCE.as_secs() {
        return Err(NotVerified::NotNow);
    }
    for secret in secrets {
        let mine = signature(secret, id, timestamp, body);
        if theirs.split(' ').any(|theirs| bool::from(mine.as_bytes().ct_eq(theirs.as_bytes()))) {
            return Ok(());
        }
    }
    Err(NotVerified::NoMatch)
}

/// `v1,` and the base64 of the HMAC-SHA256 of `id.timestamp.body`.
fn signature(secret: &Secret, id: &str, timestamp: &str, body: &[u8]) -> String {
    let mut mac = secret.mac();
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Both signatures were made by another implementation:
    // python3 -c 'import base64, hmac; key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"); print(base64.b64encode(
    // hmac.digest(key, b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}", "sha256")))'
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const CODED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const PLAIN: &str = "v1,4yTxGu8vB5a+NCGhljz7zamjRoM3QObB6SPBbYUUr98=";

    fn secrets() -> [Secret; 2] {
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "another secret, this one is plain text"]
            .map(|text| Secret::parse(text).unwrap())
    }

    fn at(second: i64) -> Instant {
        Instant::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn signatures_are_those_that_others_make() {
        assert_eq!(sign(&secrets(), ID, at(1_614_265_330), BODY), format!("{CODED} {PLAIN}"));
    }

    #[test]
    fn a_receiver_with_one_of_the_secrets_believes_a_message_of_now() {
        let [coded, plain] = secrets();
        let both = format!("v1a,xyz {CODED} {PLAIN}");
        let headers = |timestamp, signature| Received { id: ID, timestamp, signature };
        let now = at(1_614_265_330 + 300);
        for secret in [coded.clone(), plain] {
            assert_eq!(verify(&[secret], headers("1614265330", &both), BODY, now), Ok(()));
        }
        let one = [coded];
        let check = |timestamp, signature, now| verify(&one, headers(timestamp, signature), BODY, now);
        assert_eq!(check("1614265330", CODED, at(1_614_265_330 - 301)), Err(NotVerified::NotNow));
        assert_eq!(check("1614265330", CODED, at(1_614_265_330 + 301)), Err(NotVerified::NotNow));
        assert_eq!(check("1614265331", CODED, now), Err(NotVerified::NoMatch));
        assert_eq!(check("1614265330", PLAIN, now), Err(NotVerified::NoMatch));
        assert_eq!(check("1614265330", "", now), Err(NotVerified::NoMatch));
        assert_eq!(check("today", CODED, now), Err(NotVerified::BadTimestamp));
    }
}
