//! When a decision next changes if nothing happens.

use super::life::Life;
use super::live::Living;
use super::story::Story;
use crate::eval::View;
use crate::pact::{CriteriaId, Pact, ScoreId, Verdict};
use crate::value::Instant;
use rust_decimal::Decimal;

/// How many instants at which something may change are looked at.
const MOST_DOUBTS: usize = 20_000;

/// What a decision says that time can change.
#[derive(PartialEq)]
struct Said {
    life: Life,
    criteria: Vec<Verdict>,
    scores: Vec<(Decimal, Decimal, Decimal)>,
    moves: Vec<Verdict>,
}

/// The earliest instant after `life.now`, and not after `horizon`, at which the decision changes if nothing happens: a
/// window closes, points fade, a warning or a breach comes, a rest ends, a date is passed. None when none does.
pub fn next_change(pact: &Pact, life: &Life, horizon: Instant) -> Option<Instant> {
    let before = said(pact, life);
    let mut living = Living { pact, life: life.clone(), story: Story::default(), roster: None };
    for _ in 0..MOST_DOUBTS {
        let at = living.life.next_doubt(pact, horizon)?;
        let told = living.story.entries.len();
        living.settle(at);
        if living.story.entries.len() != told || said(pact, &living.life) != before {
            return Some(at);
        }
    }
    None
}

fn said(pact: &Pact, life: &Life) -> Said {
    let view = View::new(pact, &life.record, life.now);
    let criteria = (0..pact.criteria.len()).map(|at| view.criteria(CriteriaId(at as u32)).verdict).collect();
    let scores = (0..pact.scores.len()).map(|at| {
        let outcome = view.score(ScoreId(at as u32));
        (outcome.points, outcome.low, outcome.high)
    });
    let stage = life.stage().map(|stage| &pact[stage]);
    let conditions = stage.into_iter().flat_map(|stage| &stage.moves).filter_map(|step| step.when.as_ref());
    let moves = conditions.map(|when| view.condition(when)).collect();
    let scores = scores.collect();
    let mut life = life.clone();
    life.now = Instant::UNIX_EPOCH;
    Said { life, criteria, scores, moves }
}
