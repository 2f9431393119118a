//! What slots are for, and what they are kept up with.

use super::node::NodeId;
use crate::pact::{Fade, KindId, Pact, Question, ScoreId};
use crate::record::Record;
use crate::time::Instant;

/// What a slot is for.
#[derive(Debug, Clone)]
pub(super) struct SlotPlan {
    /// Events of this kind.
    pub(super) kind: KindId,
    /// What must hold of an event; it looks at nothing but the event.
    pub(super) condition: Option<NodeId>,
    /// The window, by its place in the compiled.
    pub(super) window: Option<usize>,
    /// What is kept of the events.
    pub(super) keeps: Keeps,
    /// Where the pact asks it.
    pub(super) origin: Origin,
}

/// What a slot keeps of its events.
#[derive(Debug, Clone)]
pub(super) enum Keeps {
    /// The latest.
    Latest,
    /// How many there are.
    Count,
    /// The sum of a property.
    Sum(u32),
    /// What is left of the points of the latest.
    LatestPoints(PointsPlan),
    /// What is left of the points of all.
    Points(PointsPlan),
}

/// Points of events.
#[derive(Debug, Clone)]
pub(super) struct PointsPlan {
    /// For each.
    pub(super) full: i64,
    /// The most of those of one local day, as an amount.
    pub(super) per_day: Option<i64>,
    pub(super) fade: Option<Fade>,
    pub(super) score: ScoreId,
}

/// Where the pact asks what a slot keeps.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    Question(Question),
    /// A clause of a score, by group and position.
    Points(usize, usize),
}

/// What a slot is kept up with.
pub(super) struct Moment<'a> {
    pub(super) pact: &'a Pact,
    pub(super) record: &'a Record,
    pub(super) at: Instant,
    /// The slot's window, where it has one: events after this instant are in it. Without a beginning it holds none.
    pub(super) window: Option<Option<Instant>>,
}

impl Moment<'_> {
    /// Whether an event is in the window.
    pub(super) fn holds(&self, event: Instant) -> bool {
        self.window.is_none_or(|start| start.is_some_and(|start| event > start))
    }
}

/// What a slot comes to: what is there for sure, and with what may be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Kept {
    pub(super) sure: i128,
    pub(super) possible: i128,
    /// How many events may or may not count.
    pub(super) unsure: usize,
}
