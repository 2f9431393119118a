//! Routes, teams and hand-overs.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{Expr, FieldId, RouteId, ScoreId, StageId, TableId, TeamId};
use crate::span::Span;
pub use crate::syntax::tree::Distribution;
use crate::time::Duration;

/// A route: the first entry that matches wins.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    pub name: Arc<str>,
    pub description: Arc<str>,
    pub entries: Vec<RouteEntry>,
    pub span: Span,
}

/// An entry of a route.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteEntry {
    pub kind: RouteEntryKind,
    pub span: Span,
}

/// The forms of entries.
#[derive(Debug, Clone, PartialEq)]
pub enum RouteEntryKind {
    /// The rows of a table. The output column named `queue`, `team`, `rep` or `assignee` (by position) says who.
    Table(TableId, u32),
    /// A receiver, when a condition is met.
    To(RouteTarget, Expr),
    /// A receiver for all that came through.
    Otherwise(RouteTarget),
}

/// Who receives.
#[derive(Debug, Clone, PartialEq)]
pub enum RouteTarget {
    /// Who owns the lead already: the field `owner_id` or `owner`.
    Owner(FieldId),
    /// A queue.
    Queue(Arc<str>),
    /// A team, and how it shares its leads.
    Team(TeamId, Option<Distribution>),
    /// A person.
    Rep(Arc<str>),
}

/// A team.
#[derive(Debug, Clone, PartialEq)]
pub struct Team {
    pub name: Arc<str>,
    pub description: Arc<str>,
    pub members: Vec<Member>,
    pub single_contact: Option<Arc<str>>,
    pub clock: Option<Arc<str>>,
    pub span: Span,
}

/// A member of a team.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub name: Arc<str>,
    pub capacity: Option<i64>,
    pub weight: Option<i64>,
    pub away: Vec<(NaiveDate, NaiveDate)>,
    pub joined: Option<NaiveDate>,
    pub span: Span,
}

/// A hand-over between two stages.
#[derive(Debug, Clone, PartialEq)]
pub struct Handoff {
    pub from: StageId,
    pub to: StageId,
    pub description: Arc<str>,
    pub route: Option<RouteId>,
    pub carry: Vec<Carry>,
    pub needs: Vec<HandoffNeed>,
    pub alerts: Vec<(Vec<Arc<str>>, Span)>,
    pub span: Span,
}

/// What goes with the lead.
#[derive(Debug, Clone, PartialEq)]
pub enum Carry {
    /// A field.
    Field(FieldId),
    /// A score.
    Score(ScoreId),
    /// What the lead did, so far back.
    Activities(Option<Duration>),
    /// Why it qualified.
    Reasons,
}

/// What must be present for a hand-over; a move whose hand-over lacks it is held.
#[derive(Debug, Clone, PartialEq)]
pub struct HandoffNeed {
    pub condition: Expr,
    pub label: Option<Arc<str>>,
    pub span: Span,
}
