//! Scores and criteria.

use std::sync::Arc;

use super::{Events, Expr};
use crate::span::Span;
pub use crate::syntax::tree::NeedKind;
use crate::time::Duration;
use rust_decimal::Decimal;

/// A score.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    pub name: Arc<str>,
    pub description: Arc<str>,
    /// The least and the most it can be.
    pub range: Option<(i64, i64)>,
    /// Points that are counted together, in order.
    pub groups: Vec<PointsGroup>,
    pub fade: Option<Fade>,
    pub agreed_by: Vec<Arc<str>>,
    pub span: Span,
}

/// Points with one cap; a clause that stands alone is a group of one without a cap.
#[derive(Debug, Clone, PartialEq)]
pub struct PointsGroup {
    /// The most that the group may give or take, as an amount.
    pub cap: Option<i64>,
    /// Its clauses.
    pub points: Vec<Points>,
}

/// Points and what they are for.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// How many.
    pub amount: Amount,
    /// What for.
    pub reason: PointsFor,
    /// The clause.
    pub span: Span,
}

/// How many points.
#[derive(Debug, Clone, PartialEq)]
pub enum Amount {
    /// So many; negative for `take`.
    Fixed(i64),
    /// What an expression comes to, which is never missing.
    Computed(Expr),
}

/// What points are for.
#[derive(Debug, Clone, PartialEq)]
pub enum PointsFor {
    /// A condition.
    When(Expr),
    /// Each event.
    Per {
        /// Which events.
        events: Events,
        /// The most points of the clause, as an amount.
        at_most: Option<i64>,
        /// The most points for events of one local day, as an amount.
        per_day: Option<i64>,
    },
    /// The latest event, once.
    IfAny(Events),
    /// Nothing is asked.
    Always,
}

/// How behaviour points fade: `percent` is lost at each full step since the event.
#[derive(Debug, Clone, PartialEq)]
pub struct Fade {
    pub percent: Decimal,
    pub every: Duration,
    pub span: Span,
}

/// A criteria.
#[derive(Debug, Clone, PartialEq)]
pub struct Criteria {
    pub name: Arc<str>,
    pub description: Arc<str>,
    pub agreed_by: Vec<Arc<str>>,
    pub needs: Vec<Need>,
    pub span: Span,
}

/// A clause of a criteria.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// How it counts.
    pub kind: NeedKind,
    /// What it asks.
    pub body: NeedBody,
    /// Its name for people.
    pub label: Option<Arc<str>>,
    /// The clause.
    pub span: Span,
}

/// What a need asks.
#[derive(Debug, Clone, PartialEq)]
pub enum NeedBody {
    /// A criteria of its own.
    Group(Vec<Need>),
    /// A condition.
    Condition(Expr),
}

/// Whether points go to a score or from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// They go to it.
    Given,
    /// They go from it.
    Taken,
}

impl Score {
    /// Visits every expression of the score.
    pub fn visit(&self, see: &mut dyn FnMut(&Expr)) {
        for points in self.groups.iter().flat_map(|group| &group.points) {
            points.visit(see);
        }
    }
}

impl Points {
    /// Visits every expression of the clause.
    pub fn visit(&self, see: &mut dyn FnMut(&Expr)) {
        if let Amount::Computed(amount) = &self.amount {
            amount.visit(see);
        }
        match &self.reason {
            PointsFor::Always => {}
            PointsFor::When(condition) => condition.visit(see),
            PointsFor::Per { events, .. } | PointsFor::IfAny(events) => {
                if let Some(condition) = &events.condition {
                    condition.visit(see);
                }
            }
        }
    }

    /// Whether the points are given, taken, or may be either.
    pub fn sign(&self) -> Option<Sign> {
        match self.amount {
            Amount::Fixed(points) if points < 0 => Some(Sign::Taken),
            Amount::Fixed(_) => Some(Sign::Given),
            Amount::Computed(_) => None,
        }
    }

    /// The kind of event that the points are for, where they are for one.
    pub fn kind(&self) -> Option<super::KindId> {
        match &self.reason {
            PointsFor::When(_) | PointsFor::Always => None,
            PointsFor::Per { events, .. } | PointsFor::IfAny(events) => Some(events.kind),
        }
    }
}

impl Criteria {
    /// Visits every expression of the criteria.
    pub fn visit(&self, see: &mut dyn FnMut(&Expr)) {
        self.needs.iter().for_each(|need| need.visit(see));
    }
}

impl Need {
    /// Visits every expression of the need.
    pub fn visit(&self, see: &mut dyn FnMut(&Expr)) {
        match &self.body {
            NeedBody::Condition(condition) => condition.visit(see),
            NeedBody::Group(needs) => needs.iter().for_each(|need| need.visit(see)),
        }
    }
}
