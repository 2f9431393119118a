//! The reference evaluator, written from `docs/semantics.md`: plain, slow, and what every other back end must equal.
//!
//! It knows the pact, a record and an instant, and nothing else: no file, no clock, no chance. It cannot fail; what
//! cannot be known is an answer of its own.

mod answer;
mod compare;
mod criteria;
mod expr;
mod facts;
mod history;
mod named;
mod near_miss;
mod route;
mod samples;
mod score;
mod set;
mod table;
mod verdict;

use std::cell::OnceCell;

pub use answer::Answer;
pub(crate) use compare::{calculate, compare};
pub use criteria::{CriteriaOutcome, NeedOutcome};
pub(crate) use expr::{either, negate};
pub use facts::{Facts, facts_of};
pub(crate) use history::property_of;
pub(crate) use named::{band_of, crossed};
pub(crate) use near_miss::combinations;
pub use near_miss::{MOST_FACTS, MOST_TRIES};
pub(crate) use route::{Entries, lead_by_route};
pub use route::{Receiver, RouteOutcome, Takes, UNSURE};
pub use samples::samples;
pub(crate) use score::points_by_place;
pub use score::{PointsOutcome, ScoreOutcome, WEIGHT_PLACES, fade_steps, faded_once};
pub(crate) use set::{each_in, is_in};
pub(crate) use table::lookup;

use crate::pact::{CriteriaId, Expr, FieldId, Pact, Score, ScoreId, ValueId, Verdict};
use crate::record::Record;
use crate::time::Instant;
use crate::value::Value;

/// A lead at an instant, under a pact. Scores and criteria are worked out once, when first asked for.
///
/// The pact's checker refuses scores and criteria that ask for themselves, so asking ends.
pub struct View<'a> {
    /// The agreement.
    pub pact: &'a Pact,
    /// The lead.
    pub record: &'a Record,
    /// The instant.
    pub at: Instant,
    scores: Vec<OnceCell<ScoreOutcome>>,
    criteria: Vec<OnceCell<CriteriaOutcome>>,
    values: Vec<OnceCell<Answer>>,
    /// Whether an open score counts with its sure points alone.
    sure: bool,
    /// The same lead, seen so.
    surely: OnceCell<Box<View<'a>>>,
}

impl<'a> View<'a> {
    /// Looks at a lead at an instant.
    pub fn new(pact: &'a Pact, record: &'a Record, at: Instant) -> Self {
        Self {
            pact,
            record,
            at,
            scores: vec![OnceCell::new(); pact.scores.len()],
            criteria: vec![OnceCell::new(); pact.criteria.len()],
            values: vec![OnceCell::new(); pact.values.len()],
            sure: false,
            surely: OnceCell::new(),
        }
    }

    /// The same lead with other values in these fields. Scores that look at none of them stay what they are.
    fn supposing<'b>(&'b self, record: &'b Record, changed: &[FieldId]) -> View<'b> {
        let view = View::new(self.pact, record, self.at);
        let looked_at = self.pact.looked_at.get_or_init(|| {
            let fields = |score: &Score| {
                let mut facts = Facts::default();
                score.visit(&mut |e| facts.see(self.pact, e));
                facts.fields
            };
            self.pact.scores.iter().map(fields).collect()
        });
        for ((kept, now), fields) in view.scores.iter().zip(&self.scores).zip(looked_at) {
            if let Some(outcome) = now.get()
                && !changed.iter().any(|field| fields.contains(field))
            {
                let _ = kept.set(outcome.clone());
            }
        }
        view
    }

    /// Whether a condition is met; where there is none, nothing stands in the way.
    pub fn holds(&self, condition: Option<&Expr>) -> bool {
        condition.is_none_or(|condition| self.condition(condition) == Verdict::Met)
    }

    /// A score of the lead.
    pub fn score(&self, id: ScoreId) -> &ScoreOutcome {
        self.scores[id.0 as usize].get_or_init(|| score::score(self, id))
    }

    /// A named value or band of the lead.
    pub fn named(&self, id: ValueId) -> &Answer {
        self.values[id.0 as usize].get_or_init(|| named::named(self, id))
    }

    /// What a named value shows: what it is with the sure points of each open score; none where it is open for another
    /// reason, or missing.
    pub fn shown(&self, id: ValueId) -> Option<Value> {
        match self.surely().named(id) {
            Answer::Known(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The lead with the sure points of each open score in its place.
    pub(crate) fn surely(&self) -> &View<'a> {
        self.surely.get_or_init(|| Box::new(View { sure: true, ..View::new(self.pact, self.record, self.at) }))
    }

    /// A criteria of the lead.
    pub fn criteria(&self, id: CriteriaId) -> &CriteriaOutcome {
        self.criteria[id.0 as usize].get_or_init(|| criteria::criteria(self, &self.pact[id]))
    }
}
