//! Dates, times and durations of iCalendar.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::FeedProblem;
use super::line::Line;
use crate::time::Instant;
use crate::time::Zone;

/// A date, or a wall-clock time in a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Moment {
    Date(NaiveDate),
    Time(NaiveDateTime, Zone),
}

/// How long an event is: days of the calendar, then seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Length {
    pub days: u64,
    pub seconds: i64,
}

impl Moment {
    /// The moments of a line; times without a zone are meant in `zone`.
    pub(super) fn of(line: &Line, zone: &Zone) -> Result<Vec<Self>, FeedProblem> {
        let zone = match line.param("TZID") {
            Some(name) => Zone::named(name.trim_start_matches('/')).map_err(|unknown| match unknown.meant {
                Some(meant) => line.problem(format!("{unknown}; did you mean `{meant}`?")),
                None => line.problem(unknown.to_string()),
            })?,
            None => zone.clone(),
        };
        let moments = line.value.split(',').map(|text| {
            Self::parse(text.trim(), &zone)
                .ok_or_else(|| line.problem(format!("`{text}` is neither a date nor a time")))
        });
        moments.collect()
    }

    /// `20261029`, `20261028T130000` or `20261028T100000Z`.
    pub(super) fn parse(text: &str, zone: &Zone) -> Option<Self> {
        let (local, zone) = match text.strip_suffix('Z') {
            Some(local) => (local, Zone::utc()),
            None => (text, zone.clone()),
        };
        // chrono would take fewer digits than the format has
        match text.len() {
            8 => NaiveDate::parse_from_str(text, "%Y%m%d").ok().map(Self::Date),
            15 | 16 => {
                let local = NaiveDateTime::parse_from_str(local, "%Y%m%dT%H%M%S").ok()?;
                Some(Self::Time(local, zone))
            }
            _ => None,
        }
    }

    /// The wall clock at it; midnight for a date.
    pub(super) fn local(&self) -> NaiveDateTime {
        match self {
            Self::Date(date) => date.and_time(NaiveTime::MIN),
            Self::Time(local, _) => *local,
        }
    }

    /// The same kind of moment on another date.
    pub(super) fn on(&self, date: NaiveDate) -> Self {
        match self {
            Self::Date(_) => Self::Date(date),
            Self::Time(local, zone) => Self::Time(date.and_time(local.time()), zone.clone()),
        }
    }

    pub(super) fn instant(&self, zone: &Zone) -> Instant {
        match self {
            Self::Date(date) => zone.midnight(*date),
            Self::Time(local, zone) => zone.instant(*local),
        }
    }

    /// The wall clock of `zone` at it.
    pub(super) fn local_in(&self, zone: &Zone) -> NaiveDateTime {
        match self {
            Self::Date(_) => self.local(),
            Self::Time(local, own) if own == zone => *local,
            Self::Time(..) => zone.local(self.instant(zone)),
        }
    }

    /// Whether it lies after another; a date has ended only at its end.
    pub(super) fn is_after(&self, other: &Self, zone: &Zone) -> bool {
        match (self, other) {
            (Self::Date(_), _) | (_, Self::Date(_)) => self.local().date() > other.local_in(zone).date(),
            _ => self.instant(zone) > other.instant(zone),
        }
    }

    /// So much later; none beyond the range of dates.
    pub(super) fn later(&self, by: Length) -> Option<Self> {
        let local = self.local().checked_add_days(Days::new(by.days))?;
        match self {
            Self::Date(_) => Some(Self::Date(local.date())),
            Self::Time(_, zone) => {
                let end = zone.instant(local).checked_add_signed(TimeDelta::try_seconds(by.seconds)?)?;
                Some(Self::Time(zone.local(end), zone.clone()))
            }
        }
    }
}

impl Length {
    /// `P1D`, `P2W`, `PT4H30M`, `P1DT12H`: a length forwards. None for anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('+').unwrap_or(text).strip_prefix('P')?;
        let (mut days, mut seconds, mut digits, mut in_time) = (0_u64, 0_i64, String::new(), false);
        for c in rest.chars() {
            if c.is_ascii_digit() {
                digits.push(c);
                continue;
            }
            if c == 'T' && !in_time && digits.is_empty() {
                in_time = true;
                continue;
            }
            let amount: u32 = std::mem::take(&mut digits).parse().ok()?;
            match (in_time, c) {
                (false, 'W') => days += u64::from(amount) * 7,
                (false, 'D') => days += u64::from(amount),
                (true, 'H') => seconds += i64::from(amount) * 3600,
                (true, 'M') => seconds += i64::from(amount) * 60,
                (true, 'S') => seconds += i64::from(amount),
                _ => return None,
            }
        }
        (digits.is_empty() && (days, seconds) != (0, 0)).then_some(Self { days, seconds })
    }
}
