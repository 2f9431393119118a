//! How much is open before a local date: sums over whole weeks, corrected by the dates that differ.

use std::ops::{Add, Range, Sub};

use super::DAY;
use super::schedule::{Day, DayNumber, Schedule, weekday};

/// Open time and business days of a number of dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Totals {
    pub seconds: i64,
    pub business_days: i64,
}

impl Totals {
    fn of(day: &Day) -> Self {
        Self { seconds: day.open.before(DAY), business_days: day.business.into() }
    }

    fn times(self, n: i64) -> Self {
        Self { seconds: self.seconds * n, business_days: self.business_days * n }
    }
}

impl Add for Totals {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { seconds: self.seconds + other.seconds, business_days: self.business_days + other.business_days }
    }
}

impl Sub for Totals {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + other.times(-1)
    }
}

/// Dates in a row that are alike, and not like their weekdays.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Special {
    dates: Range<DayNumber>,
    day: Day,
    /// By how much the special dates before these change the sums of ordinary weeks.
    gained: Totals,
}

/// Every local date, and the sums before it. A sum costs one search among the special dates, however far it reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Days {
    week: [Day; 7],
    /// The sums from Monday to before each weekday, and those of the whole week at the end.
    week_sums: [Totals; 8],
    special: Vec<Special>,
}

impl Days {
    pub(super) fn new(schedule: &Schedule) -> Self {
        let week = std::array::from_fn(|weekday| schedule.ordinary(weekday));
        let mut week_sums = [Totals::default(); 8];
        for (at, day) in week.iter().enumerate() {
            week_sums[at + 1] = week_sums[at] + Totals::of(day);
        }
        let mut days = Self { week, week_sums, special: Vec::new() };
        let mut gained = Totals::default();
        for dates in schedule.special() {
            let day = schedule.day(dates.start);
            if dates.end - dates.start == 1 && day == days.week[weekday(dates.start)] {
                continue;
            }
            let special = Special { dates, day, gained };
            gained = days.gained(&special, special.dates.end);
            days.special.push(special);
        }
        days
    }

    /// What of a date is open.
    pub(super) fn on(&self, number: DayNumber) -> &Day {
        match self.last_special(number + 1).filter(|special| special.dates.contains(&number)) {
            Some(special) => &special.day,
            None => &self.week[weekday(number)],
        }
    }

    /// The last special dates that begin before a date.
    fn last_special(&self, number: DayNumber) -> Option<&Special> {
        let earlier = self.special.partition_point(|special| special.dates.start < number);
        self.special.get(earlier.checked_sub(1)?)
    }

    /// By how much special dates before `number` change the sums, where these are the last of them.
    fn gained(&self, last: &Special, number: DayNumber) -> Totals {
        let (from, to) = (last.dates.start, number.min(last.dates.end));
        last.gained + Totals::of(&last.day).times(to - from) - (self.ordinary_before(to) - self.ordinary_before(from))
    }

    /// The sums of all dates before a date, if each were like its weekday.
    fn ordinary_before(&self, number: DayNumber) -> Totals {
        self.week_sums[7].times((number + 3).div_euclid(7)) + self.week_sums[weekday(number)]
    }

    /// The sums of all dates before a date, from a fixed date on.
    pub(super) fn before(&self, number: DayNumber) -> Totals {
        let gained = self.last_special(number).map(|last| self.gained(last, number));
        self.ordinary_before(number) + gained.unwrap_or_default()
    }

    /// The open seconds of local wall-clock time before a local time, from a fixed date on.
    pub(super) fn seconds_before(&self, local: i64) -> i64 {
        let (number, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        self.before(number).seconds + self.on(number).open.before(time)
    }
}
