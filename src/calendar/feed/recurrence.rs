//! Recurrence rules of iCalendar, as far as dates go.

use std::str::FromStr;

use chrono::{Datelike as _, NaiveDate, TimeDelta, Weekday};

use super::moment::Moment;
use crate::time::Zone;

/// The last year for which an endless rule is followed, as far as a calendar answers.
const LAST_YEAR: i32 = 2199;

/// A rule by which an event recurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    every: Every,
    interval: i64,
    pub ends: Ends,
    months: Vec<u32>,
    /// Days of the month; negative ones count from its end.
    month_days: Vec<i64>,
    /// With the ordinal within the month; 0 is each.
    weekdays: Vec<(i64, Weekday)>,
    /// On which day a week starts.
    week_start: Weekday,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

/// When a rule ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ends {
    Never,
    /// After so many occurrences, the first included.
    After(usize),
    /// With the last occurrence that does not lie after it.
    Until(Moment),
}

impl Rule {
    /// A rule from its text, such as `FREQ=YEARLY;BYMONTH=11;BYDAY=4TH`.
    pub(super) fn parse(text: &str, zone: &Zone) -> Result<Self, String> {
        let mut rule = Self {
            every: Every::Year,
            interval: 1,
            ends: Ends::Never,
            months: Vec::new(),
            month_days: Vec::new(),
            weekdays: Vec::new(),
            week_start: Weekday::Mon,
        };
        let mut frequency = None;
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let wrong = || format!("`{part}` cannot be read in a recurrence rule");
            let (key, value) = part.split_once('=').ok_or_else(wrong)?;
            match key.to_ascii_uppercase().as_str() {
                "FREQ" => frequency = Some(every(value).ok_or_else(wrong)?),
                "INTERVAL" => rule.interval = number(value, 1, 10_000).ok_or_else(wrong)?,
                "COUNT" => rule.ends = Ends::After(number(value, 1, 1_000_000).ok_or_else(wrong)?),
                "UNTIL" => rule.ends = Ends::Until(Moment::parse(value, zone).ok_or_else(wrong)?),
                "BYMONTH" => rule.months = list(value, |v| number(v, 1, 12)).ok_or_else(wrong)?,
                "BYMONTHDAY" => {
                    rule.month_days = list(value, |v| number(v, -31, 31).filter(|n| *n != 0)).ok_or_else(wrong)?;
                }
                "BYDAY" => rule.weekdays = list(value, ordinal_weekday).ok_or_else(wrong)?,
                "WKST" => rule.week_start = weekday(value).ok_or_else(wrong)?,
                _ => return Err(wrong()),
            }
        }
        rule.every = frequency.ok_or("a recurrence rule needs `FREQ`")?;
        rule.check()?;
        Ok(rule)
    }

    /// What other readers of the same rule could understand otherwise is refused.
    fn check(&self) -> Result<(), String> {
        let ordinal = self.weekdays.iter().any(|(nth, _)| *nth != 0);
        if ordinal && matches!(self.every, Every::Day | Every::Week) {
            return Err("an ordinal in `BYDAY` needs `FREQ=MONTHLY` or `FREQ=YEARLY`".to_owned());
        }
        if self.every == Every::Year && !self.weekdays.is_empty() && self.months.is_empty() {
            return Err("`BYDAY` in a yearly rule needs `BYMONTH`".to_owned());
        }
        if self.every == Every::Week && !self.month_days.is_empty() {
            return Err("`BYMONTHDAY` in a weekly rule is not allowed".to_owned());
        }
        Ok(())
    }

    /// Whether a date is one of its own rule's. Readers differ about a first date that is not.
    pub(super) fn fits(&self, start: NaiveDate) -> bool {
        let rule = self.with_defaults(start);
        rule.may_be_in(start, start.year(), start.month()) && rule.is_on(start, start)
    }

    /// The dates of the rule from `start` on, which is always the first. None stands for a date that was looked at and
    /// is not one of them, so that whoever follows a rule can see what that takes.
    pub(super) fn dates(&self, start: NaiveDate) -> impl Iterator<Item = Option<NaiveDate>> {
        let rule = self.with_defaults(start);
        let looked_at: Box<dyn Iterator<Item = NaiveDate>> = match rule.every {
            Every::Day => Box::new(steps(start, rule.interval)),
            Every::Week => {
                let first = start.week(rule.week_start).checked_first_day().unwrap_or(start);
                let weeks = steps(first, rule.interval.saturating_mul(7));
                Box::new(weeks.flat_map(|monday| steps(monday, 1).take(7)))
            }
            Every::Month | Every::Year => {
                let months = (start.year()..=LAST_YEAR).flat_map(|year| (1..=12).map(move |month| (year, month)));
                let rule = rule.clone();
                let of_rule = months.filter(move |(year, month)| rule.may_be_in(start, *year, *month));
                Box::new(of_rule.flat_map(|(year, month)| {
                    (1..=31).filter_map(move |day| NaiveDate::from_ymd_opt(year, month, day))
                }))
            }
        };
        let on_rule = move |date: &NaiveDate| {
            *date > start && rule.may_be_in(start, date.year(), date.month()) && rule.is_on(start, *date)
        };
        std::iter::once(Some(start)).chain(looked_at.map(move |date| Some(date).filter(&on_rule)))
    }

    /// What a rule leaves open is as in its first date.
    fn with_defaults(&self, start: NaiveDate) -> Self {
        let mut rule = self.clone();
        let no_day = rule.weekdays.is_empty() && rule.month_days.is_empty();
        if rule.every == Every::Year && rule.months.is_empty() && no_day {
            rule.months.push(start.month());
        }
        match rule.every {
            Every::Month | Every::Year if no_day => rule.month_days.push(start.day().into()),
            Every::Week if rule.weekdays.is_empty() => rule.weekdays.push((0, start.weekday())),
            _ => {}
        }
        rule
    }

    fn may_be_in(&self, start: NaiveDate, year: i32, month: u32) -> bool {
        let years = i64::from(year) - i64::from(start.year());
        let periods = match self.every {
            Every::Year => years,
            Every::Month => years * 12 + i64::from(month) - i64::from(start.month()),
            Every::Week | Every::Day => 0,
        };
        periods % self.interval == 0 && (self.months.is_empty() || self.months.contains(&month))
    }

    fn is_on(&self, start: NaiveDate, date: NaiveDate) -> bool {
        let days = date.signed_duration_since(start).num_days();
        let periods = match self.every {
            Every::Day => days,
            Every::Week => (days + i64::from(start.weekday().days_since(self.week_start))) / 7,
            Every::Month | Every::Year => 0,
        };
        let day = i64::from(date.day());
        let from_end = i64::from(date.num_days_in_month()) - day;
        let on_month_day = self.month_days.iter().any(|n| *n == day || *n == -1 - from_end);
        let on_weekday = self.weekdays.iter().any(|(nth, weekday)| {
            *weekday == date.weekday() && (*nth == 0 || *nth == (day - 1) / 7 + 1 || *nth == -1 - from_end / 7)
        });
        periods % self.interval == 0
            && (self.month_days.is_empty() || on_month_day)
            && (self.weekdays.is_empty() || on_weekday)
    }
}

/// Every so many days from a date on, as far as a calendar answers.
fn steps(first: NaiveDate, days: i64) -> impl Iterator<Item = NaiveDate> {
    let next = move |date: &NaiveDate| date.checked_add_signed(TimeDelta::try_days(days)?);
    std::iter::successors(Some(first), next).take_while(|date| date.year() <= LAST_YEAR)
}

fn every(text: &str) -> Option<Every> {
    match text {
        "DAILY" => Some(Every::Day),
        "WEEKLY" => Some(Every::Week),
        "MONTHLY" => Some(Every::Month),
        "YEARLY" => Some(Every::Year),
        _ => None,
    }
}

fn number<N: FromStr + PartialOrd>(text: &str, least: N, most: N) -> Option<N> {
    text.parse().ok().filter(|n| *n >= least && *n <= most)
}

fn list<T>(text: &str, item: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    text.split(',').map(|part| item(part.trim())).collect()
}

/// `MO`, `4TH`, `-1FR`
fn ordinal_weekday(text: &str) -> Option<(i64, Weekday)> {
    let (nth, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let nth = if nth.is_empty() { 0 } else { number(nth, -5, 5).filter(|n| *n != 0)? };
    Some((nth, weekday(day)?))
}

fn weekday(text: &str) -> Option<Weekday> {
    let days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    Weekday::try_from(u8::try_from(days.iter().position(|day| *day == text)?).ok()?).ok()
}
