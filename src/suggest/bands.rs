//! Who came, by bands of points: a threshold can be seen to be too low or too high.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Serialize;
use std::collections::BTreeMap;

use super::cohort::Cohort;
use super::estimate::{ShareEstimate, share_estimate};
use crate::measure::{EvidenceScope, Proportion};
use crate::pact::{Clause, Pact};

/// A table has at most so many bands.
const MOST: i64 = 12;

/// What has to reach a number, in bands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScoreBands {
    /// What has to reach it, as the pact says it.
    pub of: String,
    /// The number, as the pact says it.
    pub least: String,
    /// The clause that asks for it.
    pub because: Clause,
    /// The bands, from below.
    pub bands: Vec<BandCount>,
}

/// A band.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BandCount {
    /// Its lower end, which belongs to it.
    pub from: i64,
    /// Its upper end, which does not.
    pub to: i64,
    /// Who came.
    pub share: ShareEstimate,
}

impl ScoreBands {
    /// One for each number that has to be reached on the way in, where a lead has entered with it.
    pub fn of(pact: &Pact, scope: &EvidenceScope, cohort: &Cohort<'_>) -> Vec<Self> {
        let table = |(at, threshold): (usize, &crate::measure::Threshold)| {
            let whole = |worth: Decimal| worth.floor().to_i64();
            let all = cohort.cases.iter();
            let worth: Vec<(i64, bool)> =
                all.filter_map(|(row, reached)| Some((whole((*row.worth.get(at)?)?)?, *reached))).collect();
            let (low, high) = (worth.iter().map(|(at, _)| *at).min()?, worth.iter().map(|(at, _)| *at).max()?);
            let width = width(high.saturating_sub(low));
            let mut bands: BTreeMap<i64, Proportion> = BTreeMap::new();
            worth.iter().for_each(|(worth, reached)| bands.entry(worth.div_euclid(width)).or_default().count(*reached));
            let band = |(band, part): (i64, Proportion)| {
                let from = band.saturating_mul(width);
                BandCount { from, to: from.saturating_add(width), share: share_estimate(part) }
            };
            let clause = scope.clauses.get(threshold.clause)?;
            Some(Self {
                of: pact.sources.says(threshold.value.span),
                least: pact.sources.says(threshold.span),
                because: pact.clause(clause.span),
                bands: bands.into_iter().map(band).collect(),
            })
        };
        scope.thresholds.iter().enumerate().filter_map(table).collect()
    }
}

/// How wide a band is: ten, or the next of 20, 50, 100, 200 … with which there are not too many.
fn width(range: i64) -> i64 {
    let tens = std::iter::successors(Some(10_i64), |ten| ten.checked_mul(10));
    let widths = tens.flat_map(|ten| [Some(ten), ten.checked_mul(2), ten.checked_mul(5)]).flatten();
    widths.into_iter().find(|width| range / width < MOST).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::width;

    #[test]
    fn bands_are_as_wide_as_must_be() {
        let widths = [0, 99, 119, 120, 500, 10_000, i64::MAX].map(width);
        assert_eq!(widths[..6], [10, 10, 10, 20, 50, 1_000]);
        assert!(i64::MAX / widths[6] < 12);
    }
}
