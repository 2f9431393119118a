//! When a decision next changes if nothing happens.

use super::run::Run;
use super::state::LeadState;
use super::timeline::EntryLog;
use crate::eval::{Answer, View};
use crate::pact::{CriteriaId, Pact, ScoreId, ValueId, Verdict};
use crate::time::Instant;
use crate::ty::Ty;
use rust_decimal::Decimal;

/// How many instants at which something may change are looked at.
const MAX_POSSIBLE_CHANGES: usize = 20_000;

/// What a decision says that time can change.
#[derive(PartialEq)]
struct Observed {
    state: LeadState,
    criteria: Vec<Verdict>,
    scores: Vec<(Decimal, Decimal, Decimal)>,
    values: Vec<Answer>,
    moves: Vec<Verdict>,
}

/// The earliest instant after `state.now`, and not after `horizon`, at which the decision changes if nothing happens: a
/// window closes, points fade, a warning or a breach comes, a rest ends, a date is passed. None when none does.
pub fn next_change(pact: &Pact, state: &LeadState, horizon: Instant) -> Option<Instant> {
    let before = observed(pact, state);
    let mut run = Run { pact, state: state.clone(), timeline: EntryLog::default(), roster: None };
    for _ in 0..MAX_POSSIBLE_CHANGES {
        let at = run.state.next_possible_change(pact, horizon)?;
        let told = run.timeline.entries.len();
        run.settle(at);
        if run.timeline.entries.len() != told || observed(pact, &run.state) != before {
            return Some(at);
        }
    }
    None
}

fn observed(pact: &Pact, state: &LeadState) -> Observed {
    let view = View::new(pact, &state.record, state.now);
    let criteria = (0..pact.criteria.len()).map(|at| view.criteria(CriteriaId(at as u32)).verdict).collect();
    let scores = (0..pact.scores.len()).map(|at| {
        let outcome = view.score(ScoreId(at as u32));
        (outcome.points, outcome.low, outcome.high)
    });
    // an age is another one every second, which is no change of the decision
    let passing = |ty: &Ty| matches!(ty, Ty::Time | Ty::Duration);
    let values = pact.values.iter().zip(0..).filter(|(value, _)| !passing(&value.ty));
    let values = values.map(|(_, at)| view.named(ValueId(at)).clone()).collect();
    let stage = state.stage().map(|stage| &pact[stage]);
    let conditions = stage.into_iter().flat_map(|stage| &stage.moves).filter_map(|step| step.when.as_ref());
    let moves = conditions.map(|when| view.condition(when)).collect();
    let scores = scores.collect();
    let mut state = state.clone();
    state.now = Instant::UNIX_EPOCH;
    Observed { state, criteria, scores, values, moves }
}
