//! One interval of opening hours.

use std::fmt;

use super::DAY;

/// An interval of local wall-clock time that opens on one day. An end at or before the start lies on the next day:
/// `22:00 to 06:00` is a night shift of the day on which it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Shift {
    opens: u16,
    closes: u16,
}

/// Why two times are no shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoShift {
    /// A time after 24:00.
    #[error("a time of day lies between 00:00 and 24:00")]
    BeyondTheDay,
    /// A start at 24:00, which is the start of the next day.
    #[error("a shift cannot open at 24:00: write `00:00` on the next day")]
    OpensAtMidnight,
}

impl Shift {
    /// The whole day, midnight to midnight.
    pub const DAY: Self = Self { opens: 0, closes: 1440 };

    /// A shift from its start and end, in minutes after local midnight. The end may be 1440, which is `24:00`.
    ///
    /// # Errors
    /// When a time lies after 24:00, or the start is 24:00.
    ///
    /// ```
    /// # use leadpact::internals::calendar::Shift;
    /// assert_eq!(Shift::minutes(9 * 60, 17 * 60).unwrap().to_string(), "09:00 to 17:00");
    /// assert!(Shift::minutes(9 * 60, 25 * 60).is_err());
    /// ```
    pub fn minutes(opens: u16, closes: u16) -> Result<Self, NoShift> {
        match (opens, closes) {
            (1440, _) => Err(NoShift::OpensAtMidnight),
            (1441.., _) | (_, 1441..) => Err(NoShift::BeyondTheDay),
            _ => Ok(Self { opens, closes }),
        }
    }

    /// In seconds after the midnight of the day on which it opens; the end may lie beyond that day.
    pub(super) fn seconds(self) -> (i64, i64) {
        let next_day = if self.closes <= self.opens { DAY } else { 0 };
        (i64::from(self.opens) * 60, i64::from(self.closes) * 60 + next_day)
    }
}

impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (a, b) = (self.opens, self.closes);
        write!(f, "{:02}:{:02} to {:02}:{:02}", a / 60, a % 60, b / 60, b % 60)
    }
}
