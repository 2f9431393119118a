//! Who answers what a run asks about its lead.

use std::fmt;

use crate::compiled::{Asked, CompiledPact, Condition, Triggers, WorkingMemory};
use crate::eval::{Answer, RouteOutcome, Takes, View};
use crate::pact::{CriteriaId, FieldId, Pact, RouteId, ScoreId, ValueId, Verdict};
use crate::record::Record;
use crate::time::Instant;
use crate::value::Value;
use rust_decimal::Decimal;

/// Histories of fewer events are remembered only while a lead takes its turn.
const SHORT: usize = 48;

/// By what a run is answered: its compiled pact, which remembers, or the reference evaluator, which begins anew each time.
/// Both answer the same, so that it is no part of what a state is.
#[derive(Clone, Default)]
pub struct Answers {
    by_reference: bool,
    memory: Option<Box<WorkingMemory>>,
}

impl Answers {
    /// By the reference evaluator.
    pub fn by_reference() -> Self {
        Self { by_reference: true, memory: None }
    }

    /// The lead at an instant.
    pub(super) fn at<'a>(&'a mut self, pact: &'a Pact, record: &'a Record, at: Instant) -> Judge<'a> {
        match self.by_reference {
            true => Judge::Reference(View::new(pact, record, at)),
            false => Judge::Compiled(Asked::new(pact, record, &mut self.memory, at)),
        }
    }

    /// A field has another value now.
    pub(super) fn change(&mut self, pact: &Pact, field: FieldId) {
        if let Some(memory) = &mut self.memory {
            memory.change(CompiledPact::of(pact), field);
        }
    }

    /// A short history is taken in again as fast as its memory is found: of the many leads that have one, none is kept.
    pub(super) fn let_go(&mut self, record: &Record) {
        if record.history.len() < SHORT {
            self.memory = None;
        }
    }

    /// The record is another one.
    pub(super) fn forget(&mut self) {
        self.memory = None;
    }

    /// Whether time alone is looked for by looking at all that happened.
    pub(super) fn are_by_reference(&self) -> bool {
        self.by_reference
    }

    /// The next instant after the one up to which a lead is known at which some of the triggers may fire.
    pub(super) fn next_trigger(
        &mut self,
        (pact, record, now): (&Pact, &Record, Instant),
        triggers: &Triggers,
        limit: Instant,
    ) -> Option<Instant> {
        Asked::new(pact, record, &mut self.memory, now).next_trigger(triggers, limit)
    }
}

impl PartialEq for Answers {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.by_reference { "by reference" } else { "compiled" })
    }
}

/// A lead at an instant, answered one way or the other.
pub(super) enum Judge<'a> {
    Compiled(Asked<'a>),
    Reference(View<'a>),
}

impl Judge<'_> {
    /// A score: its points, and the least and the most that missing facts leave.
    pub(super) fn score(&mut self, id: ScoreId) -> (Decimal, Decimal, Decimal) {
        match self {
            Self::Compiled(asked) => {
                let score = asked.score(id);
                (score.points, score.low, score.high)
            }
            Self::Reference(view) => {
                let score = view.score(id);
                (score.points, score.low, score.high)
            }
        }
    }

    /// A named value or band.
    pub(super) fn named(&mut self, id: ValueId) -> Answer {
        match self {
            Self::Compiled(asked) => asked.named(id),
            Self::Reference(view) => view.named(id).clone(),
        }
    }

    /// What a named value shows.
    pub(super) fn shown(&mut self, id: ValueId) -> Option<Value> {
        match self {
            Self::Compiled(asked) => asked.shown(id),
            Self::Reference(view) => view.shown(id),
        }
    }

    /// The verdict of a criteria.
    pub(super) fn criteria(&mut self, id: CriteriaId) -> Verdict {
        match self {
            Self::Compiled(asked) => asked.criteria(id),
            Self::Reference(view) => view.criteria(id).verdict,
        }
    }

    /// The verdict of a condition; none where the pact asks nothing.
    pub(super) fn verdict(&mut self, condition: Condition) -> Option<Verdict> {
        match self {
            Self::Compiled(asked) => asked.verdict(condition),
            Self::Reference(view) => condition.expr(view.pact).map(|condition| view.condition(condition)),
        }
    }

    /// Where a route leads the lead.
    pub(super) fn route(&mut self, id: RouteId, takes: &mut Takes<'_>) -> Option<RouteOutcome> {
        match self {
            Self::Compiled(asked) => asked.route(id, takes),
            Self::Reference(view) => view.route(id, takes),
        }
    }
}

/// Says whether conditions are met.
pub(super) trait Verdicts {
    /// Whether a condition is met; where the pact asks nothing, nothing stands in the way.
    fn is_met(&mut self, condition: Condition) -> bool;
}

impl Verdicts for Judge<'_> {
    fn is_met(&mut self, condition: Condition) -> bool {
        match self {
            Self::Compiled(asked) => asked.holds(condition),
            Self::Reference(view) => (&*view).is_met(condition),
        }
    }
}

impl Verdicts for &View<'_> {
    fn is_met(&mut self, condition: Condition) -> bool {
        condition.expr(self.pact).is_none_or(|condition| self.condition(condition) == Verdict::Met)
    }
}
