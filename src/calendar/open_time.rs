//! Open time on the line of instants: one function that only grows, and its inverse.
//!
//! Between two changes of the zone's offset, local and real time run alike, so the open seconds before an instant are
//! the open local seconds before its wall clock, plus a constant of that stretch. At a change the constant takes back
//! the local time that was skipped, or adds what is passed twice. Nothing else needs to know of gaps and overlaps.

use chrono::{DateTime, NaiveDateTime, TimeDelta};

use super::DAY;
use super::days::Days;
use crate::time::Instant;
use crate::time::Zone;

/// The first instant that a calendar answers for, in seconds: 1900-01-01T00:00:00Z.
pub(super) const FIRST: i64 = -2_208_988_800;
/// The last one: 2200-01-01T00:00:00Z.
pub(super) const LAST: i64 = 7_258_118_400;

const NANOS: i128 = 1_000_000_000;

/// A stretch of time over which a zone keeps its offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    from: i64,
    offset: i64,
    /// What to add to the open local seconds, so that the open seconds go on where the last stretch ended.
    carried: i64,
}

/// The open seconds before every instant, in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenTime {
    days: Days,
    stretches: Vec<Stretch>,
}

impl OpenTime {
    pub(super) fn new(zone: &Zone, days: Days) -> Self {
        let mut last = Stretch { from: FIRST, offset: zone.offset(FIRST), carried: 0 };
        let mut stretches = vec![last];
        for (from, offset) in zone.changes(FIRST, LAST) {
            let jump = days.seconds_before(from + last.offset) - days.seconds_before(from + offset);
            last = Stretch { from, offset, carried: last.carried + jump };
            stretches.push(last);
        }
        Self { days, stretches }
    }

    pub(super) fn days(&self) -> &Days {
        &self.days
    }

    /// The wall clock at an instant, in seconds since the local start of 1970.
    pub(super) fn local(&self, at: i64) -> i64 {
        at.saturating_add(self.stretch(at).offset)
    }

    pub(super) fn is_open(&self, at: i64) -> bool {
        let local = self.local(at);
        self.days.on(local.div_euclid(DAY)).open.contains(local.rem_euclid(DAY))
    }

    /// The open seconds before an instant, from a fixed instant on.
    pub(super) fn open_before(&self, at: i64) -> i64 {
        let at = at.clamp(FIRST, LAST);
        let stretch = self.stretch(at);
        self.days.seconds_before(at + stretch.offset) + stretch.carried
    }

    /// The first second after `from` before which more than `from` itself has is open, less one: the next that is.
    pub(super) fn next_open(&self, from: i64) -> Option<i64> {
        Some(self.reaches(from, self.open_before(from) + 1, |at| self.open_before(at))? - 1)
    }

    /// The next second that is closed, at or after `from`.
    pub(super) fn next_closed(&self, from: i64) -> Option<i64> {
        let closed_before = |at| at - self.open_before(at);
        Some(self.reaches(from, closed_before(from) + 1, closed_before)? - 1)
    }

    /// The open nanoseconds before an instant.
    pub(super) fn nanos_before(&self, at: Instant) -> i128 {
        let second = at.timestamp();
        let part =
            if in_range(second) && self.is_open(second) { at.timestamp_subsec_nanos().min(999_999_999) } else { 0 };
        i128::from(self.open_before(second)) * NANOS + i128::from(part)
    }

    /// The first instant after `from` before which so many nanoseconds are open. It is a closing time when they are
    /// used up exactly then.
    pub(super) fn first_with(&self, from: i64, nanos: i128) -> Option<Instant> {
        let (second, part) = split(nanos)?;
        if part == 0 {
            instant(self.reaches(from, second, |at| self.open_before(at))?, 0)
        } else {
            instant(self.reaches(from, second + 1, |at| self.open_before(at))? - 1, part)
        }
    }

    /// The last instant before which so many nanoseconds are open, and no more. It is an opening time when none of
    /// the shift is used.
    pub(super) fn last_with(&self, nanos: i128) -> Option<Instant> {
        let (second, part) = split(nanos)?;
        if second < self.open_before(FIRST) {
            return None;
        }
        instant(self.reaches(FIRST, second + 1, |at| self.open_before(at))? - 1, part)
    }

    fn stretch(&self, at: i64) -> Stretch {
        let later = self.stretches.partition_point(|stretch| stretch.from <= at);
        self.stretches[later.saturating_sub(1)]
    }

    /// The first second after `from` at which `grows` is `target`, which lies above what it is at `from`. It grows by
    /// at most one a second: the steps double until they pass the target, then halve.
    fn reaches(&self, from: i64, target: i64, grows: impl Fn(i64) -> i64) -> Option<i64> {
        let mut low = from;
        let mut step = (target - grows(from)).max(1);
        let mut high = loop {
            let high = low.saturating_add(step).min(LAST);
            if grows(high) >= target {
                break high;
            }
            if high == LAST {
                return None;
            }
            low = high;
            step = step.saturating_mul(2);
        };
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if grows(middle) < target { low = middle } else { high = middle }
        }
        Some(high)
    }
}

/// Whether a calendar answers for an instant.
pub(super) fn in_range(second: i64) -> bool {
    (FIRST..LAST).contains(&second)
}

pub(super) fn instant(second: i64, nanos: u32) -> Option<Instant> {
    DateTime::from_timestamp(second, nanos)
}

/// A local time from seconds since the local start of 1970.
pub(super) fn local_time(second: i64) -> Option<NaiveDateTime> {
    DateTime::UNIX_EPOCH.naive_utc().checked_add_signed(TimeDelta::try_seconds(second)?)
}

fn split(nanos: i128) -> Option<(i64, u32)> {
    Some((i64::try_from(nanos.div_euclid(NANOS)).ok()?, u32::try_from(nanos.rem_euclid(NANOS)).ok()?))
}
