//! Those who were kept out and came all the same, by what they lacked.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::measure::{
    Cohort, Difference, Estimate, EvidenceScope, KeptOutRow, ShareEstimate, Z, estimate, share_estimate,
};
use crate::pact::{Clause, Pact};

/// Those who were kept out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NearMisses {
    /// How many of them came all the same.
    pub all: ShareEstimate,
    /// By what they lacked, most who came first.
    pub by: Vec<KeptOutBy>,
}

/// Those who lacked something.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct KeptOutBy {
    /// What they lacked.
    pub because: Clause,
    /// All who lacked it, whatever else.
    pub lacked: ShareEstimate,
    /// How much more often they came than those who were let in.
    pub difference: Option<Estimate>,
    /// Those who lacked it alone.
    pub alone: ShareEstimate,
    /// What most of them lacked besides; nothing where most lacked it alone.
    pub mostly_with: Vec<Clause>,
}

impl NearMisses {
    /// Of those who came to where the stage is entered from and never entered it; none where there are none.
    pub fn of(pact: &Pact, scope: &EvidenceScope, cohort: &Cohort<'_>) -> Option<Self> {
        if cohort.kept_out.is_empty() {
            return None;
        }
        let by = scope.clauses.iter().enumerate().filter_map(|(at, clause)| {
            let lacked = cohort.kept(|row| row.lacked.contains(&at));
            let alone = cohort.kept(|row| lacks_alone(row, at));
            (lacked.of > 0).then(|| KeptOutBy {
                because: pact.clause(clause.span),
                lacked: share_estimate(lacked),
                difference: Difference::of(lacked, cohort.all(), Z).map(estimate),
                alone: share_estimate(alone),
                mostly_with: mostly_with(cohort, at)
                    .into_iter()
                    .filter_map(|other| scope.clauses.get(other).map(|other| pact.clause(other.span)))
                    .collect(),
            })
        });
        let mut by: Vec<KeptOutBy> = by.collect();
        by.sort_by_key(|by| std::cmp::Reverse((by.lacked.reached, by.lacked.of)));
        Some(Self { all: share_estimate(cohort.kept(|_| true)), by })
    }
}

/// What most rounds that lacked a clause lacked besides it.
fn mostly_with(cohort: &Cohort<'_>, clause: usize) -> Vec<usize> {
    let mut sets: BTreeMap<&[usize], u64> = BTreeMap::new();
    for (row, _) in cohort.kept_out.iter().filter(|(row, _)| row.lacked.contains(&clause)) {
        *sets.entry(&row.lacked).or_default() += 1;
    }
    let most = sets.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(set, _)| set.iter().copied().filter(|other| *other != clause).collect()).unwrap_or_default()
}

/// Whether a round lacked a clause and nothing else.
pub(super) fn lacks_alone(row: &KeptOutRow, clause: usize) -> bool {
    matches!(row.lacked.as_slice(), [one] if *one == clause)
}
