//! How much is open before a local date: sums over whole weeks, corrected by the dates that differ.

use std::collections::BTreeSet;
use std::ops::{Add, Sub};

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

/// A date that is not like its weekday.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Special {
    number: DayNumber,
    day: Day,
    /// By how much the special dates up to and with this one change the sums of ordinary weeks.
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
        let mut gained = Totals::default();
        let mut special = Vec::new();
        for number in schedule.special().collect::<BTreeSet<_>>() {
            let (day, ordinary) = (schedule.day(number), &week[weekday(number)]);
            if day != *ordinary {
                gained = gained + Totals::of(&day) - Totals::of(ordinary);
                special.push(Special { number, day, gained });
            }
        }
        Self { week, week_sums, special }
    }

    /// What of a date is open.
    pub(super) fn on(&self, number: DayNumber) -> &Day {
        match self.special.binary_search_by_key(&number, |special| special.number) {
            Ok(at) => &self.special[at].day,
            Err(_) => &self.week[weekday(number)],
        }
    }

    /// The sums of all dates before a date, from a fixed date on.
    pub(super) fn before(&self, number: DayNumber) -> Totals {
        let weeks = (number + 3).div_euclid(7);
        let earlier = self.special.partition_point(|special| special.number < number);
        let gained = earlier.checked_sub(1).map_or_else(Totals::default, |last| self.special[last].gained);
        self.week_sums[7].times(weeks) + self.week_sums[weekday(number)] + gained
    }

    /// The open seconds of local wall-clock time before a local time, from a fixed date on.
    pub(super) fn seconds_before(&self, local: i64) -> i64 {
        let (number, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        self.before(number).seconds + self.on(number).open.before(time)
    }
}
