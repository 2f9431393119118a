//! Time: instants, durations and zones. It comes in as a value; nothing here looks at a clock.

mod duration;
mod zone;

use chrono::{DateTime, Utc};

pub use duration::Duration;
pub use zone::{DATA_VERSION, UnknownZone, Zone, ZoneOffset};

/// A point in time, to the nanosecond. The zone in which people read it is a pact's: see [`Zone`].
///
/// ```
/// # use leadpact::Instant;
/// let at: Instant = "2026-03-02T09:00:00+03:00".parse().unwrap();
/// assert_eq!(at.to_rfc3339(), "2026-03-02T06:00:00+00:00");
/// ```
pub type Instant = DateTime<Utc>;
