//! What came of an attempt, and what an answer's status means.

use std::time::Duration;

use ureq::http::StatusCode;

use crate::time::Instant;

/// The longest that a receiver can ask to be left alone: as long as the longest wait between two attempts.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// What came of an attempt. Why is in plain words, without a part of the message, of the answer's body, of a secret or
/// of the url but its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The receiver has it.
    Accepted,
    /// It may go well another time.
    Again {
        /// Why it did not go well.
        why: String,
        /// How long the receiver asks to be left alone; wait for so long or longer.
        after: Option<Duration>,
    },
    /// It will not go well by itself: the message is a dead delivery until a person looks at it.
    Refused {
        /// Why.
        why: String,
    },
}

impl Sent {
    pub(super) fn again(why: impl Into<String>) -> Self {
        Self::Again { why: why.into(), after: None }
    }

    pub(super) fn refused(why: impl Into<String>) -> Self {
        Self::Refused { why: why.into() }
    }
}

/// What an answer means.
///
/// Standard Webhooks takes all but 2xx for a failure. A failure is tried again where it speaks of how the receiver is
/// now: it is busy or broken (408, 425, 429, 5xx), its keys, routes or locks are not as they should be (401, 403, 404,
/// 407, 409, 423, 424), all of which people put right within hours. Any other 4xx speaks of the message itself, which
/// is the same the next time. 410 says that the receiver wants no more, and 3xx that it is elsewhere: whether to go
/// there is for who keeps the file of webhooks.
pub(super) fn meaning(status: StatusCode, retry_after: Option<&str>, now: Instant) -> Sent {
    let said = format!("it answered {status}");
    match status.as_u16() {
        200..=299 => Sent::Accepted,
        300..=399 => Sent::refused(format!("{said}; redirects are not followed, so write the new url into the file")),
        410 => Sent::refused(format!("{said}: it wants no more messages; take it out of the file of webhooks")),
        401 | 403 | 404 | 407 | 408 | 409 | 423 | 424 | 425 | 429 | 500.. => {
            Sent::Again { why: said, after: retry_after.and_then(|after| delay(after, now)) }
        }
        400..=499 => Sent::refused(format!("{said}: it does not take the message as it is")),
        _ => Sent::again(format!("{said}, which ends no exchange")),
    }
}

/// What `Retry-After` asks for (RFC 9110, 10.2.3): seconds, or a date, capped. None where it says nothing of use.
fn delay(text: &str, now: Instant) -> Option<Duration> {
    let text = text.trim();
    let asked = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => (chrono::DateTime::parse_from_rfc2822(text).ok()?.to_utc() - now).to_std().ok()?,
    };
    Some(asked.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        "2026-03-02T06:00:00Z".parse().unwrap()
    }

    fn of(status: u16, retry_after: Option<&str>) -> Sent {
        meaning(StatusCode::from_u16(status).unwrap(), retry_after, now())
    }

    #[test]
    fn an_answer_means_what_its_status_says() {
        for status in [200, 201, 202, 204, 299] {
            assert_eq!(of(status, None), Sent::Accepted, "{status}");
        }
        for status in [401, 403, 404, 407, 408, 409, 423, 424, 425, 429, 500, 501, 502, 503, 504, 599, 600, 100] {
            assert!(matches!(of(status, None), Sent::Again { .. }), "{status}");
        }
        for status in [301, 302, 304, 307, 308, 400, 402, 405, 406, 410, 411, 413, 415, 418, 422, 451] {
            assert!(matches!(of(status, None), Sent::Refused { .. }), "{status}");
        }
        assert_eq!(of(503, None), Sent::again("it answered 503 Service Unavailable"));
    }

    #[test]
    fn a_receiver_says_how_long_to_leave_it_alone() {
        let after = |text| match of(429, Some(text)) {
            Sent::Again { after, .. } => after.map(|after| after.as_secs()),
            other => panic!("{other:?}"),
        };
        assert_eq!(after("120"), Some(120));
        assert_eq!(after("Mon, 02 Mar 2026 06:01:30 GMT"), Some(90));
        assert_eq!(after("99999999999"), Some(24 * 3600));
        for nothing in ["Mon, 02 Mar 2026 05:00:00 GMT", "-5", "soon", ""] {
            assert_eq!(after(nothing), None, "{nothing}");
        }
    }
}
