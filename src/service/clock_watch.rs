//! Notices when the clock of the system jumps: when it was set, or the machine slept.

use chrono::TimeDelta;

use crate::time::Instant;

/// How far the clock may be from where it should be: what keeps clocks right moves them by less.
const FAR: TimeDelta = TimeDelta::minutes(10);

/// What the clock said last, and what a stopwatch said then.
#[derive(Debug)]
pub(super) struct ClockWatch {
    clock: Instant,
    stopwatch: std::time::Instant,
}

impl ClockWatch {
    /// Looks at the clock for the first time.
    pub(super) fn new(now: Instant) -> Self {
        Self { clock: now, stopwatch: std::time::Instant::now() }
    }

    /// How much further the clock has gone than time, since it was last looked at, where that is far; backwards where it
    /// is less than nothing.
    pub(super) fn jump(&mut self, now: Instant) -> Option<TimeDelta> {
        self.moved(now, std::time::Instant::now())
    }

    fn moved(&mut self, now: Instant, stopwatch: std::time::Instant) -> Option<TimeDelta> {
        let Self { clock: before, stopwatch: then } = std::mem::replace(self, Self { clock: now, stopwatch });
        let passed = TimeDelta::from_std(stopwatch.saturating_duration_since(then)).ok()?;
        let jump = now.signed_duration_since(before).checked_sub(&passed)?;
        (jump.abs() >= FAR).then_some(jump)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clock_that_goes_with_time_does_not_jump() {
        let (clock, stopwatch) = ("2026-03-02T09:00:00Z".parse::<Instant>().unwrap(), std::time::Instant::now());
        let mut watch = ClockWatch { clock, stopwatch };
        let mut moved = |clock_seconds: i64, seconds: u64| {
            watch.moved(clock + TimeDelta::seconds(clock_seconds), stopwatch + Duration::from_secs(seconds))
        };
        assert_eq!(moved(0, 0), None);
        assert_eq!(moved(86_400, 86_400), None, "a long wait is none");
        assert_eq!(moved(86_400 + 599, 86_400), None);
        assert_eq!(moved(86_400 + 599 + 600, 86_400), Some(TimeDelta::minutes(10)));
        assert_eq!(moved(86_400 + 599 - 600, 86_400), Some(TimeDelta::minutes(-20)));
    }
}
