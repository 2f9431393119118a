//! Scores over slots.

use rust_decimal::Decimal;

use super::node::NodeId;
use crate::pact::ScoreId;

/// How a score is summed up.
#[derive(Debug)]
pub(super) struct ScorePlan {
    pub(super) id: ScoreId,
    pub(super) groups: Vec<GroupPlan>,
}

/// Points with one cap.
#[derive(Debug)]
pub(super) struct GroupPlan {
    pub(super) cap: Option<i64>,
    pub(super) terms: Vec<PointsTerm>,
}

/// A clause of points.
#[derive(Debug)]
pub(super) enum PointsTerm {
    /// So many whenever it is met.
    When(i64, NodeId),
    /// So many at all times.
    Always(i64),
    /// What a slot keeps, capped; all clauses for events.
    Events { slot: u32, at_most: Option<i64> },
    /// What an expression comes to, where a condition holds. `surely` is the expression with the sure points of each score.
    Computed { holds: Option<NodeId>, amount: NodeId, surely: NodeId },
    /// A clause that the reference evaluator is asked for, by group and position; with the sure points of each score alone.
    Reference { group: usize, position: usize, sure: bool },
}

/// What a score is: what is sure, and the least and the most that missing facts leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScoreRangeOutcome {
    pub points: Decimal,
    pub low: Decimal,
    pub high: Decimal,
}
