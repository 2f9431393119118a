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
    match look_for_change(pact, state, horizon, MAX_POSSIBLE_CHANGES) {
        NextChange::At(at) => Some(at),
        NextChange::NotBefore(_) | NextChange::Never => None,
    }
}

/// When a decision next changes, as far as was looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextChange {
    /// At this instant.
    At(Instant),
    /// Not up to this instant, at which to look on.
    NotBefore(Instant),
    /// Not up to the horizon.
    Never,
}

/// Looks for the earliest instant at which the decision changes, at as many instants as are given at which something may: a
/// lead with thousands of events that fade has as many of them before its points fall below what they may be at most.
pub fn look_for_change(pact: &Pact, state: &LeadState, horizon: Instant, most: usize) -> NextChange {
    let mut run = Run { pact, state: state.clone(), timeline: EntryLog::default(), roster: None };
    let before = observed(pact, &mut run.state);
    for _ in 0..most {
        let Some(at) = run.state.next_possible_change(pact, horizon) else { return NextChange::Never };
        let told = run.timeline.entries.len();
        run.settle(at);
        if run.timeline.entries.len() != told || observed(pact, &mut run.state) != before {
            return NextChange::At(at);
        }
    }
    NextChange::NotBefore(run.state.now)
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
