//! A calendar from plain data.

use chrono::{NaiveDate, NaiveDateTime, Weekday};

use super::days::Days;
use super::feed::Holiday;
use super::open_time::{FIRST, LAST, OpenTime};
use super::schedule::{DayNumber, Schedule};
use super::shift::Shift;
use super::{Calendar, DAY};
use crate::time::Zone;

/// A calendar in the making. What is given twice adds up: hours of one weekday are merged, closures too.
#[derive(Debug, Clone)]
pub struct Builder {
    zone: Zone,
    schedule: Schedule,
    /// Closed stretches as they were stated, in seconds since the local start of 1970.
    closed: Vec<(i64, i64)>,
}

/// A calendar as it was stated, for those who keep one.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stated {
    zone: Zone,
    schedule: Schedule,
}

impl From<Stated> for Calendar {
    fn from(Stated { zone, schedule }: Stated) -> Self {
        let timeline = OpenTime::new(&zone, Days::new(&schedule));
        Self { zone, schedule, timeline }
    }
}

impl From<Calendar> for Stated {
    fn from(Calendar { zone, schedule, .. }: Calendar) -> Self {
        Self { zone, schedule }
    }
}

/// Why no calendar comes of it: a clock on it would never run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NeverOpen {
    /// No weekday has hours and no date opens.
    #[error("the calendar has no open time: no weekday has hours, and no date is `open`")]
    NoHours,
    /// Everything that would be open is closed.
    #[error("the calendar never opens: its closed dates cover all of its hours")]
    AlwaysClosed,
}

impl Builder {
    pub(super) fn new(zone: Zone) -> Self {
        Self { zone, schedule: Schedule::default(), closed: Vec::new() }
    }

    /// Hours of a weekday.
    #[must_use]
    pub fn weekly(mut self, day: Weekday, shifts: impl IntoIterator<Item = Shift>) -> Self {
        self.schedule.week[day.num_days_from_monday() as usize].extend(shifts);
        self
    }

    /// A closed date, from local midnight to midnight. It cuts a night shift that opened on the day before; what a
    /// shift of the closed date itself would have after midnight lies on the next date, and is open.
    #[must_use]
    pub fn closed(self, date: NaiveDate) -> Self {
        self.closed_to(date, date)
    }

    /// A date that closes early, at a number of minutes after midnight.
    #[must_use]
    pub fn closed_from(self, date: NaiveDate, minutes: u16) -> Self {
        self.close(number(date) * DAY + i64::from(minutes) * 60, (number(date) + 1) * DAY)
    }

    /// All dates from one to another, both included.
    #[must_use]
    pub fn closed_to(self, first: NaiveDate, last: NaiveDate) -> Self {
        self.close(number(first) * DAY, (number(last) + 1) * DAY)
    }

    /// A closed interval of local wall-clock time, over as many dates as it takes.
    #[must_use]
    pub fn closed_between(self, from: NaiveDateTime, to: NaiveDateTime) -> Self {
        // a second that has begun is closed as a whole
        let part = i64::from(to.and_utc().timestamp_subsec_nanos() > 0);
        self.close(from.and_utc().timestamp(), to.and_utc().timestamp() + part)
    }

    /// The holidays of a [feed](super::feed).
    #[must_use]
    pub fn observe<'h>(self, holidays: impl IntoIterator<Item = &'h Holiday>) -> Self {
        holidays.into_iter().fold(self, |builder, holiday| builder.closed_between(holiday.from, holiday.to))
    }

    /// The hours of one date, in place of those of its weekday, and even if the date is closed.
    #[must_use]
    pub fn open(mut self, date: NaiveDate, shifts: impl IntoIterator<Item = Shift>) -> Self {
        self.schedule.open.entry(number(date)).or_default().extend(shifts);
        self
    }

    /// The calendar.
    ///
    /// # Errors
    /// When it would not be open for a single second of the years 1900 to 2199.
    pub fn build(self) -> Result<Calendar, NeverOpen> {
        let Self { zone, mut schedule, closed } = self;
        schedule.closed = closed.into_iter().collect();
        if schedule.week.iter().chain(schedule.open.values()).all(Vec::is_empty) {
            return Err(NeverOpen::NoHours);
        }
        let timeline = OpenTime::new(&zone, Days::new(&schedule));
        if timeline.open_before(LAST) == timeline.open_before(FIRST) {
            return Err(NeverOpen::AlwaysClosed);
        }
        Ok(Calendar { zone, schedule, timeline })
    }

    /// Closes from one second to another, as far as a calendar answers for them.
    fn close(mut self, from: i64, to: i64) -> Self {
        let (first, last) = (FIRST - DAY, LAST + DAY);
        self.closed.push((from.clamp(first, last), to.clamp(first, last)));
        self
    }
}

/// A date as the calendar counts dates.
pub(super) fn number(date: NaiveDate) -> DayNumber {
    date.to_epoch_days().into()
}
