//! Business time: when a desk is open, and how long, to the second, in any zone. It knows nothing of leads.
//!
//! An instant is open when the wall clock of the calendar's zone lies in an interval of that weekday, and the local
//! date is not closed. Intervals are half-open. Elapsed business time counts real seconds, so a night on which the
//! clock goes back may hold nine hours of an eight-hour shift.
//!
//! | file | holds |
//! | --- | --- |
//! | `shift` | one interval of opening hours |
//! | `schedule` | what is stated, and what of a local date is open by it |
//! | `days` | sums over local dates |
//! | `timeline` | sums over instants, and their inverse |
//! | `business_days` | counting whole business days |
//! | `feed` | holidays from iCalendar text |
//!
//! A question costs a few searches in sorted tables, whether it is about an hour or a century.

mod builder;
mod business_days;
mod days;
pub mod feed;
mod open_time;
mod schedule;
mod shift;
mod spans;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use crate::time::Duration;
use crate::time::Instant;
use crate::time::Zone;
pub use builder::{Builder, NeverOpen};
use open_time::{OpenTime, in_range, instant};
use schedule::Schedule;
pub use shift::{NoShift, Shift};

/// The seconds of a local day, as a wall clock counts them.
const DAY: i64 = 86_400;

/// Opening hours in a zone, with their holidays and exceptions. It answers for the years 1900 to 2199.
///
/// ```
/// use chrono::Weekday;
/// use leadpact::internals::calendar::{Calendar, Shift};
/// use leadpact::internals::time::Zone;
///
/// let mut office = Calendar::builder(Zone::named("Europe/Istanbul").unwrap());
/// for day in [Weekday::Thu, Weekday::Fri, Weekday::Mon] {
///     office = office.weekly(day, [Shift::minutes(9 * 60, 18 * 60).unwrap()]);
/// }
/// let office = office.build().unwrap();
///
/// let friday = "2026-11-20T14:30:00Z".parse().unwrap(); // 17:30 in Istanbul
/// let due = office.due(friday, 30 * 60).unwrap();
/// assert_eq!(due.at.to_string(), "2026-11-20 15:00:00 UTC"); // closing time
/// assert_eq!(due.at_next_open.unwrap().to_string(), "2026-11-23 06:00:00 UTC"); // Monday, 09:00
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "builder::Stated", into = "builder::Stated")]
pub struct Calendar {
    zone: Zone,
    schedule: Schedule,
    timeline: OpenTime,
}

/// When a duration of business time is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The first instant at which it is: a closing time, when it is used up exactly then.
    pub at: Instant,
    /// That instant, or the next opening when that instant is closed. None when the calendar does not open again.
    pub at_next_open: Option<Instant>,
}

/// A half-open interval of instants in which a calendar is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The first open instant.
    pub from: Instant,
    /// The first instant that is no longer open.
    pub to: Instant,
}

impl Calendar {
    /// A builder of a calendar in `zone`; it has no hours at first.
    pub fn builder(zone: Zone) -> Builder {
        Builder::new(zone)
    }

    /// Its zone.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Whether an instant is open.
    pub fn is_open(&self, at: Instant) -> bool {
        self.timeline.is_open(at.timestamp())
    }

    /// The first open instant, `at` itself included. None when the calendar does not open again.
    pub fn next_open(&self, at: Instant) -> Option<Instant> {
        if !in_range(at.timestamp()) {
            return None;
        }
        if self.is_open(at) { Some(at) } else { instant(self.timeline.next_open(at.timestamp())?, 0) }
    }

    /// The first closed instant, `at` itself included. None when the calendar does not close again.
    pub fn next_close(&self, at: Instant) -> Option<Instant> {
        if !in_range(at.timestamp()) {
            return None;
        }
        if self.is_open(at) { instant(self.timeline.next_closed(at.timestamp())?, 0) } else { Some(at) }
    }

    /// When `seconds` of business time are used up, if they run from `from`. None seconds are used up at `from`, open
    /// or not. None when `seconds` is negative or the calendar is not open for so long.
    pub fn due(&self, from: Instant, seconds: i64) -> Option<Due> {
        if !answers(seconds) || !in_range(from.timestamp()) {
            return None;
        }
        let at = match seconds {
            0 => from,
            _ => self.timeline.first_with(from.timestamp(), self.timeline.nanos_before(from) + nanos(seconds))?,
        };
        Some(self.due_at(at))
    }

    /// When a duration is used up, of any kind: business days first, then business seconds; elapsed durations run in
    /// the calendar's zone. None for business months, which are not defined, and whenever [`due`](Self::due) has none.
    pub fn due_after(&self, from: Instant, duration: Duration) -> Option<Due> {
        if !duration.business {
            return duration.after(from, &self.zone).map(|at| self.due_at(at));
        }
        if duration.months != 0 {
            return None;
        }
        let day = self.due_in_days(from, duration.days.into())?;
        if duration.seconds == 0 { Some(day) } else { self.due(day.at, duration.seconds) }
    }

    /// The last instant from which `seconds` of business time run until `to`: an opening time, when they take whole
    /// shifts. None when `seconds` is negative or the calendar was not open for so long.
    pub fn before(&self, to: Instant, seconds: i64) -> Option<Instant> {
        if !answers(seconds) || !in_range(to.timestamp()) {
            return None;
        }
        if seconds == 0 { Some(to) } else { self.timeline.last_with(self.timeline.nanos_before(to) - nanos(seconds)) }
    }

    /// The open seconds from one instant to another, in whole seconds; negative when `to` is the earlier. Time before
    /// 1900 and after 2199 counts as closed.
    pub fn elapsed(&self, from: Instant, to: Instant) -> i64 {
        let open = self.timeline.nanos_before(to) - self.timeline.nanos_before(from);
        i64::try_from(open / nanos(1)).unwrap_or(i64::MAX)
    }

    /// The open intervals from an instant on, in order, until 2199. The first starts at `from` when that is open.
    pub fn intervals(&self, from: Instant) -> impl Iterator<Item = Interval> {
        let mut at = Some(from);
        std::iter::from_fn(move || {
            let from = self.next_open(at?)?;
            at = self.next_close(from);
            Some(Interval { from, to: at.or_else(|| instant(open_time::LAST, 0))? })
        })
    }

    /// The open intervals of a local date, with the end of last night's shift and without what lies after midnight.
    pub fn hours_on(&self, date: NaiveDate) -> Vec<Interval> {
        let Some(next) = date.succ_opt() else { return Vec::new() };
        let end = self.zone.midnight(next);
        let open = self.intervals(self.zone.midnight(date)).take_while(|interval| interval.from < end);
        open.map(|interval| Interval { to: interval.to.min(end), ..interval }).collect()
    }

    fn due_at(&self, at: Instant) -> Due {
        Due { at, at_next_open: self.next_open(at) }
    }
}

/// Whether so much business time may fit into the years for which a calendar answers.
fn answers(seconds: i64) -> bool {
    (0..=open_time::LAST - open_time::FIRST).contains(&seconds)
}

fn nanos(seconds: i64) -> i128 {
    i128::from(seconds) * 1_000_000_000
}
