//! Counting whole business days. A business day is a local date on which a shift opens.

use chrono::NaiveDate;

use super::builder::number;
use super::open_time::{FIRST, LAST, local_time};
use super::schedule::DayNumber;
use super::{Calendar, DAY, Due};
use crate::time::Instant;

impl Calendar {
    /// Whether a shift opens on a local date. The end of last night's shift does not make a business day.
    pub fn is_business_day(&self, date: NaiveDate) -> bool {
        self.timeline.days().on(number(date)).business
    }

    /// The `n`th business day after a date, or before it when `n` is negative; for 0 the date itself, or the next
    /// business day when it is none. None when there are not so many.
    pub fn add_business_days(&self, date: NaiveDate, n: i64) -> Option<NaiveDate> {
        date_of(self.nth_business_day(number(date), n)?)
    }

    /// The business days from one date, included, to another, excluded; negative when `to` is the earlier.
    pub fn business_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let days = self.timeline.days();
        days.before(number(to)).business_days - days.before(number(from)).business_days
    }

    /// When `n` business days are used up: at the same time of the `n`th business day after. A start that is closed
    /// counts as the next opening. When that day is closed at that time, it is due at the closing time before, or
    /// else at the day's first opening. A shift belongs, with its end after midnight, to the day on which it opens.
    /// None when `n` is negative or there are not so many business days; 0 days are used up at `from`.
    pub fn due_in_days(&self, from: Instant, n: i64) -> Option<Due> {
        if n < 0 {
            return None;
        }
        if n == 0 {
            return Some(self.due_at(from));
        }
        let start = self.next_open(from)?;
        let local = self.timeline.local(start.timestamp());
        let (date, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let by_night = !self.schedule.own(date).contains(time);
        let (date, time) = if by_night { (date - 1, time + DAY) } else { (date, time) };

        let day = self.nth_business_day(date, n)?;
        let working = self.schedule.working(day);
        let subsec = start.timestamp_subsec_nanos();
        let (time, subsec) = if working.contains(time) {
            (time, subsec)
        } else {
            let closing = working.iter().rev().map(|(_, closes)| closes).find(|closes| *closes <= time);
            (closing.or_else(|| working.iter().next().map(|(opens, _)| opens))?, 0)
        };
        let at = self.zone.instant(local_time(day * DAY + time)?);
        Some(self.due_at(at + chrono::TimeDelta::nanoseconds(subsec.into())))
    }

    fn nth_business_day(&self, date: DayNumber, n: i64) -> Option<DayNumber> {
        let before = |day: DayNumber| self.timeline.days().before(day).business_days;
        // the business days before the wanted one are one fewer than those up to and with it
        let wanted = match n {
            1.. => before(date + 1).checked_add(n)?,
            _ => before(date).checked_add(n)?.checked_add(1)?,
        };
        let (mut low, mut high) = (FIRST / DAY, LAST / DAY);
        if before(low) >= wanted || before(high) < wanted {
            return None;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if before(middle) < wanted { low = middle } else { high = middle }
        }
        Some(low)
    }
}

fn date_of(day: DayNumber) -> Option<NaiveDate> {
    NaiveDate::from_epoch_days(i32::try_from(day).ok()?)
}
