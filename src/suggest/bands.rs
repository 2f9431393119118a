//! Who came, by bands of points: a threshold can be seen to be too low or too high.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Serialize;
use std::collections::BTreeMap;

use crate::measure::{CaseRow, Cohort, EvidenceScope, Proportion, ShareEstimate, share_estimate};
use crate::pact::{Clause, Pact};

/// A table has at most so many bands.
const MOST: i64 = 12;

/// A score, or what has to reach a number, in bands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScoreBands {
    /// The score, or what has to reach the number as the pact says it.
    pub of: String,
    /// The clause that asks for the number.
    pub because: Option<Clause>,
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
    /// One for each number that has to be reached on the way in and for each score of which none is, where a lead has entered
    /// with it.
    pub fn of(pact: &Pact, scope: &EvidenceScope, cohort: &Cohort<'_>) -> Vec<Self> {
        let asked = scope.thresholds.iter().enumerate().filter_map(|(at, threshold)| {
            let bands = bands(cohort, |row| row.worth.get(at).copied().flatten())?;
            let because = scope.clauses.get(threshold.clause).map(|clause| pact.clause(clause.span));
            Some(Self { of: pact.sources.says(threshold.value.span), because, bands })
        });
        let others = scope.scores.iter().enumerate().filter_map(|(at, score)| {
            let bands = bands(cohort, |row| row.points.get(at).copied())?;
            Some(Self { of: pact[*score].name.to_string(), because: None, bands })
        });
        asked.chain(others).collect()
    }
}

/// Those that entered, by bands of a number; none where nobody has one.
fn bands(cohort: &Cohort<'_>, number: impl Fn(&CaseRow) -> Option<Decimal>) -> Option<Vec<BandCount>> {
    let whole = |row: &CaseRow| number(row)?.floor().to_i64();
    let numbers: Vec<(i64, bool)> =
        cohort.cases.iter().filter_map(|(row, reached)| Some((whole(row)?, *reached))).collect();
    let (low, high) = (numbers.iter().map(|(at, _)| *at).min()?, numbers.iter().map(|(at, _)| *at).max()?);
    let width = width(high.saturating_sub(low));
    let mut bands: BTreeMap<i64, Proportion> = BTreeMap::new();
    numbers.iter().for_each(|(number, reached)| bands.entry(number.div_euclid(width)).or_default().count(*reached));
    let band = |(band, part): (i64, Proportion)| {
        let from = band.saturating_mul(width);
        BandCount { from, to: from.saturating_add(width), share: share_estimate(part) }
    };
    Some(bands.into_iter().map(band).collect())
}

/// How wide a band is: ten, or the next of 20, 50, 100, 200 … with which there are not too many; one where there are few
/// numbers.
fn width(range: i64) -> i64 {
    let tens = std::iter::successors(Some(10_i64), |ten| ten.checked_mul(10));
    let widths = tens.flat_map(|ten| [Some(ten), ten.checked_mul(2), ten.checked_mul(5)]).flatten();
    let few = (range < MOST).then_some(1);
    few.into_iter().chain(widths).find(|width| range / width < MOST).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::width;

    #[test]
    fn bands_are_as_wide_as_must_be() {
        let widths = [0, 11, 12, 99, 119, 120, 500, 10_000, i64::MAX].map(width);
        assert_eq!(widths[..8], [1, 1, 10, 10, 10, 20, 50, 1_000]);
        assert!(i64::MAX / widths[8] < 12);
    }
}
