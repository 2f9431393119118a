//! Shares and differences as data: estimates, told to four places.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;
use serde::Serialize;

use super::figure::{number, some_number};
use super::interval::{Difference, Proportion, Z};

/// A difference between two shares, and where it would lie with many more such leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Estimate {
    /// The difference.
    #[serde(serialize_with = "number")]
    pub value: Decimal,
    /// The lower end of the interval.
    #[serde(serialize_with = "number")]
    pub low: Decimal,
    /// Its upper end.
    #[serde(serialize_with = "number")]
    pub high: Decimal,
}

/// A share, and where that of many more such leads would lie in 19 of 20 cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ShareEstimate {
    /// How many came.
    pub reached: u64,
    /// Of how many.
    pub of: u64,
    /// The share; none of none.
    #[serde(serialize_with = "some_number")]
    pub value: Option<Decimal>,
    /// The lower end of the interval.
    #[serde(serialize_with = "number")]
    pub low: Decimal,
    /// Its upper end.
    #[serde(serialize_with = "number")]
    pub high: Decimal,
}

/// A difference as data.
pub fn estimate(difference: Difference) -> Estimate {
    Estimate { value: four(difference.value), low: four(difference.low), high: four(difference.high) }
}

/// A share as data.
pub fn share_estimate(part: Proportion) -> ShareEstimate {
    let (low, high) = part.wilson(Z);
    let value = (part.of > 0).then(|| four(part.share()));
    ShareEstimate { reached: part.reached, of: part.of, value, low: four(low), high: four(high) }
}

/// An estimate, to four places.
pub fn four(value: f64) -> Decimal {
    Decimal::from_f64(value).unwrap_or_default().round_dp(4).normalize()
}
