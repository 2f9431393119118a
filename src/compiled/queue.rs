//! Queues: when an event next leaves a window, or its points fade one step further, for the wakeups of a lead.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use chrono::TimeDelta;

use super::steps::first;
use crate::pact::KindId;
use crate::record::Event;
use crate::time::{Duration, Instant, Zone};

/// What a queue waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QueuePlan {
    /// An event of the kind leaves a window.
    Leaves(KindId, Duration),
    /// The points of an event of the kind fade, up to so many times.
    Fades(KindId, Duration, i32),
}

/// The instants that events of a lead still have ahead.
#[derive(Debug, Clone, Default)]
pub(super) struct Queue {
    /// Each with its event.
    ahead: BinaryHeap<Reverse<(Instant, Instant)>>,
    /// How much of the history has been taken in.
    taken: usize,
}

impl Queue {
    /// The first instant after `now`.
    pub(super) fn next(&mut self, plan: QueuePlan, history: &[Event], now: Instant, zone: &Zone) -> Option<Instant> {
        for event in history.get(self.taken..).unwrap_or_default() {
            let next = match plan {
                QueuePlan::Leaves(kind, window) if kind == event.kind => falls_out(event.at, window, zone),
                QueuePlan::Fades(kind, every, most) if kind == event.kind => fades(event.at, every, most, now, zone),
                _ => None,
            };
            self.ahead.extend(next.filter(|next| *next > now).map(|next| Reverse((next, event.at))));
        }
        self.taken = history.len();
        while let Some(Reverse((at, event))) = self.ahead.peek().copied() {
            if at > now {
                return Some(at);
            }
            self.ahead.pop();
            if let QueuePlan::Fades(_, every, most) = plan {
                self.ahead.extend(fades(event, every, most, now, zone).map(|next| Reverse((next, event))));
            }
        }
        None
    }
}

/// The first instant at which a window no longer holds an event.
pub fn falls_out(event: Instant, window: Duration, zone: &Zone) -> Option<Instant> {
    let out = |at: Instant| window.before(at, zone).is_some_and(|start| start >= event);
    let guess = window.after(event, zone)?;
    if out(guess) && !out(guess - TimeDelta::nanoseconds(1)) {
        return Some(guess);
    }
    // calendar steps forth and back part at the ends of months and where clocks are changed, by some days at most
    let (low, high) = (guess - TimeDelta::days(4), guess + TimeDelta::days(4));
    (out(high) && !out(low)).then(|| first(low, high, out))
}

/// The first instant after now at which the points of an event fade one step further.
pub fn fades(event: Instant, every: Duration, most: i32, now: Instant, zone: &Zone) -> Option<Instant> {
    let step = |n: i32| every.times(n)?.after(event, zone);
    let passed = now.signed_duration_since(event).num_seconds() / every.nominal_seconds().max(1);
    let mut n = i32::try_from(passed).unwrap_or(i32::MAX - 3).saturating_sub(1).max(1);
    while n <= most {
        let at = step(n)?;
        if at > now {
            return Some(at);
        }
        n += 1;
    }
    None
}
