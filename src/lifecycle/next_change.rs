//! When a decision next changes if nothing happens.

use super::run::Run;
use super::snapshot::Snapshot;
use super::state::LeadState;
use super::timeline::EntryLog;
use crate::compiled::Condition;
use crate::eval::Answer;
use crate::pact::{CriteriaId, Pact, ScoreId, ValueId, Verdict};
use crate::time::Instant;
use crate::ty::Ty;
use rust_decimal::Decimal;

/// How many instants at which something may change are looked at.
const MAX_POSSIBLE_CHANGES: usize = 20_000;

/// What a decision says that time can change.
#[derive(PartialEq)]
struct Observed {
    state: ObservedState,
    criteria: Vec<Verdict>,
    scores: Vec<(Decimal, Decimal, Decimal)>,
    values: Vec<Answer>,
    moves: Vec<Option<Verdict>>,
}

/// What of a state time can change.
#[derive(PartialEq)]
struct ObservedState {
    snapshot: Snapshot,
    /// How much has happened: the pact itself may answer for sales.
    happened: usize,
}

/// The earliest instant after `state.now`, and not after `horizon`, at which the decision changes if nothing happens: a
/// window closes, points fade, a warning or a breach comes, a rest ends, a date is passed. None when none does.
pub fn next_change(pact: &Pact, state: &LeadState, horizon: Instant) -> Option<Instant> {
    let mut run = Run { pact, state: state.clone(), timeline: EntryLog::default(), roster: None };
    let before = observed(pact, &mut run.state);
    for _ in 0..MAX_POSSIBLE_CHANGES {
        let at = run.state.next_possible_change(pact, horizon)?;
        let told = run.timeline.entries.len();
        run.settle(at);
        if run.timeline.entries.len() != told || observed(pact, &mut run.state) != before {
            return Some(at);
        }
    }
    None
}

fn observed(pact: &Pact, state: &mut LeadState) -> Observed {
    let (now, stage) = (state.now, state.stage());
    let mut judge = state.judge(pact, now);
    let criteria = (0..pact.criteria.len()).map(|at| judge.criteria(CriteriaId(at as u32))).collect();
    let scores = (0..pact.scores.len()).map(|at| judge.score(ScoreId(at as u32))).collect();
    // an age is another one every second, which is no change of the decision
    let passing = |ty: &Ty| matches!(ty, Ty::Time | Ty::Duration);
    let values = pact.values.iter().zip(0..).filter(|(value, _)| !passing(&value.ty));
    let values = values.map(|(_, at)| judge.named(ValueId(at))).collect();
    let moves = stage.map_or(0, |stage| pact[stage].moves.len());
    let moves = (0..moves).filter_map(|position| Some(judge.verdict(Condition::Move(stage?, position)))).collect();
    let snapshot = Snapshot::at(state, Instant::UNIX_EPOCH);
    Observed {
        state: ObservedState { snapshot, happened: state.record.history.len() },
        criteria,
        scores,
        values,
        moves,
    }
}
