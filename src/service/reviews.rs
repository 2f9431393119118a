//! Reviews: the page that both sides are sent when they meet.

use crate::pact::{Meeting, Pact};
use crate::time::Instant;

/// When the next review is to be sent, after an instant.
pub(super) fn next(pact: &Pact, after: Instant) -> Option<Instant> {
    pact.reviews.iter().filter_map(|meeting| meeting.next(pact, after)).min()
}

/// The reviews that are to be sent at an instant when all before another have been: of several occasions that have passed
/// only the last is sent.
pub(super) fn due(pact: &Pact, sent: Instant, now: Instant) -> Vec<(&Meeting, Instant)> {
    let last = |meeting: &Meeting| meeting.last(pact, now).filter(|at| *at > sent);
    pact.reviews.iter().filter_map(|meeting| Some((meeting, last(meeting)?))).collect()
}
