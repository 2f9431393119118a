//! What an edit would have done: the history that it was not found in, replayed by the edited pact.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::measure::{Cohort, Difference, EvidenceRows, EvidenceScope, Proportion, ShareEstimate, Z, share_estimate};
use crate::pact::{Pact, StageId};
use crate::time::Instant;

/// Of so many that entered, one more or less is not worth a word.
const FEW: u64 = 20;

/// What an edit would have done to those that entered in the later part.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Trial {
    /// Those that entered.
    pub before: ShareEstimate,
    /// Those of them that would have entered all the same.
    pub still: ShareEstimate,
    /// Those of them that would not.
    pub left_out: ShareEstimate,
    /// Others that would have entered, and came though nobody let them in: what would have become of the others is
    /// not known.
    pub let_in: ShareEstimate,
    /// The other stages that more or fewer would have entered in that time.
    pub stages: Vec<StageChange>,
}

/// How many entered a stage, and how many would have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StageChange {
    /// The stage.
    pub stage: Arc<str>,
    /// How many entered it.
    pub before: u64,
    /// How many would have.
    pub after: u64,
}

/// Whose rounds entered by the edited pact, and whether they came in time; those without enough time yet aside.
type TrialPart<'e> = BTreeMap<&'e (Arc<str>, u32), Option<bool>>;

impl Trial {
    /// Holds those that entered in the later part beside those that enter by the edited pact.
    pub fn new(
        pact: &Pact,
        scope: &EvidenceScope,
        later: &Cohort<'_>,
        before: &EvidenceRows,
        (edited, judged): (&EvidenceRows, &Cohort<'_>),
    ) -> Self {
        let in_time = judged.cases.iter().map(|(row, reached)| (&row.case, Some(*reached)));
        let enters: TrialPart<'_> = edited.cases.iter().map(|row| (&row.case, None)).chain(in_time).collect();
        let (mut still, mut left_out, mut let_in) = <(Proportion, Proportion, Proportion)>::default();
        for (row, reached) in &later.cases {
            match enters.get(&row.case) {
                Some(now) => still.count(now.unwrap_or(*reached)),
                None => left_out.count(*reached),
            }
        }
        let known: BTreeSet<&(Arc<str>, u32)> = before.cases.iter().map(|row| &row.case).collect();
        let since = later.cases.first().map_or(Instant::MAX_UTC, |(row, _)| row.at);
        let new = judged.cases.iter().filter(|(row, _)| row.at >= since && !known.contains(&row.case));
        new.for_each(|(_, reached)| let_in.count(*reached));
        let count = |rows: &EvidenceRows| {
            let mut entered: BTreeMap<StageId, u64> = BTreeMap::new();
            rows.entries
                .iter()
                .filter(|(_, at)| *at >= since)
                .for_each(|(to, _)| *entered.entry(*to).or_default() += 1);
            entered
        };
        let (entered, now) = (count(before), count(edited));
        let stages: BTreeSet<StageId> = entered.keys().chain(now.keys()).copied().collect();
        let change = |stage: StageId| {
            let of = |entered: &BTreeMap<StageId, u64>| entered.get(&stage).copied().unwrap_or_default();
            StageChange { stage: pact[stage].name.clone(), before: of(&entered), after: of(&now) }
        };
        let others = stages.into_iter().filter(|stage| ![scope.from, scope.to].contains(stage));
        Self {
            before: share_estimate(later.all()),
            still: share_estimate(still),
            left_out: share_estimate(left_out),
            let_in: share_estimate(let_in),
            stages: others.map(change).filter(|change| change.before != change.after).collect(),
        }
    }

    /// Why it is not suggested though it is spoken for, where what it would have done speaks against it.
    pub(super) fn objection(&self, gated: bool) -> Option<Objection> {
        let part = |share: ShareEstimate| Proportion { reached: share.reached, of: share.of };
        let gained = Difference::of(part(self.still), part(self.left_out), Z).is_some_and(|more| more.low > 0.0);
        let left_out = self.left_out.of > self.before.of / FEW && !gained;
        match (gated, left_out) {
            (_, true) => Some(Objection::LeavesOutAsGood),
            (false, false) if !self.stages.is_empty() => Some(Objection::DecidesElsewhere),
            _ => None,
        }
    }
}

/// Why an edit is not suggested that the earlier part speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Objection {
    /// The edited pact does not check.
    DoesNotCheck,
    /// The later part says the opposite.
    Contradicted,
    /// Those whom it would leave out did not surely come less often than those who stay.
    LeavesOutAsGood,
    /// It would change who enters other stages, of which this metric says nothing.
    DecidesElsewhere,
}
