//! Durations as the language writes them. Minutes and hours are exact; days and longer are steps of the calendar.

use std::fmt;

use chrono::{Days, Months, TimeDelta};

use super::{Instant, Zone};

/// A duration: months, days and seconds, in elapsed or business time.
///
/// A day is a step of the calendar in a zone: the same time of day, a day away. It is not 24 hours where clocks
/// change, and one business day is a working day of a calendar, not eight hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct Duration {
    /// Whole months; quarters and years are months.
    pub months: i32,
    /// Whole days; weeks are days.
    pub days: i32,
    /// Seconds; minutes and hours are seconds.
    pub seconds: i64,
    /// Whether it runs in business time only.
    pub business: bool,
}

impl Duration {
    /// Seconds of elapsed time.
    pub fn seconds(seconds: i64) -> Self {
        Self { seconds, ..Self::default() }
    }

    /// Days of the calendar.
    pub fn days(days: i32) -> Self {
        Self { days, ..Self::default() }
    }

    /// Whether it takes no time.
    pub fn is_zero(self) -> bool {
        self.months == 0 && self.days == 0 && self.seconds == 0
    }

    /// Both together; none on overflow, or when one is business time and the other is not.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.business != other.business && !self.is_zero() && !other.is_zero() {
            return None;
        }
        Some(Self {
            months: self.months.checked_add(other.months)?,
            days: self.days.checked_add(other.days)?,
            seconds: self.seconds.checked_add(other.seconds)?,
            business: self.business || other.business,
        })
    }

    /// The instant so much elapsed time after another: first months, then days, then seconds. A month that is too
    /// short for the day ends on its last day. None on overflow, and for business time, which needs a calendar.
    ///
    /// ```
    /// # use leadpact::internals::time::{Duration, Zone};
    /// let zone = Zone::named("Europe/Berlin").unwrap();
    /// let at = "2026-03-28T11:00:00Z".parse().unwrap(); // noon, a day before clocks change
    /// assert_eq!(Duration::days(1).after(at, &zone), "2026-03-29T10:00:00Z".parse().ok());
    /// ```
    pub fn after(self, at: Instant, zone: &Zone) -> Option<Instant> {
        if self.business {
            return None;
        }
        let mut instant = at;
        if self.months != 0 || self.days != 0 {
            let local = zone.local(at);
            let months = Months::new(self.months.unsigned_abs());
            let local =
                if self.months < 0 { local.checked_sub_months(months) } else { local.checked_add_months(months) }?;
            let days = Days::new(self.days.unsigned_abs().into());
            let local = if self.days < 0 { local.checked_sub_days(days) } else { local.checked_add_days(days) }?;
            instant = zone.instant(local);
        }
        instant.checked_add_signed(TimeDelta::try_seconds(self.seconds)?)
    }

    /// The instant so much elapsed time before another.
    pub fn before(self, at: Instant, zone: &Zone) -> Option<Instant> {
        self.negated()?.after(at, zone)
    }

    /// The same duration backwards; none on overflow.
    #[must_use]
    pub fn negated(self) -> Option<Self> {
        Some(Self {
            months: self.months.checked_neg()?,
            days: self.days.checked_neg()?,
            seconds: self.seconds.checked_neg()?,
            business: self.business,
        })
    }

    /// The duration `n` times; none on overflow.
    #[must_use]
    pub fn times(self, n: i32) -> Option<Self> {
        Some(Self {
            months: self.months.checked_mul(n)?,
            days: self.days.checked_mul(n)?,
            seconds: self.seconds.checked_mul(n.into())?,
            business: self.business,
        })
    }

    /// A number by which durations are put in order: days as 86,400 seconds, months as 30.436875 days. Two durations
    /// that compare equal by it may differ on some calendar day; `90 minutes` and `1 hour 30 minutes` never do.
    pub fn nominal_seconds(self) -> i64 {
        const MONTH: i64 = 2_629_746;
        let days = i64::from(self.days).saturating_mul(86_400);
        i64::from(self.months).saturating_mul(MONTH).saturating_add(days).saturating_add(self.seconds)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, rest) = (self.seconds / 3600, self.seconds % 3600);
        let parts = [
            (i64::from(self.months / 12), "year"),
            (i64::from(self.months % 12), "month"),
            (i64::from(self.days), "day"),
            (hours, "hour"),
            (rest / 60, "minute"),
            (rest % 60, "second"),
        ];
        let business = if self.business { "business " } else { "" };
        let mut written = false;
        for (amount, unit) in parts.into_iter().filter(|(amount, _)| *amount != 0) {
            let plural = if amount.abs() == 1 { "" } else { "s" };
            write!(f, "{}{amount} {business}{unit}{plural}", if written { " " } else { "" })?;
            written = true;
        }
        if written { Ok(()) } else { write!(f, "0 {business}seconds") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_on_its_last_day() {
        let month = Duration { months: 1, ..Duration::default() };
        let at = "2026-01-31T09:00:00Z".parse().unwrap();
        assert_eq!(month.after(at, &Zone::utc()), "2026-02-28T09:00:00Z".parse().ok());
    }

    #[test]
    fn durations_read_as_they_are_written() {
        assert_eq!(Duration { seconds: 5400, ..Duration::default() }.to_string(), "1 hour 30 minutes");
        assert_eq!(Duration { days: 10, business: true, ..Duration::default() }.to_string(), "10 business days");
        assert_eq!(Duration::default().to_string(), "0 seconds");
    }
}
