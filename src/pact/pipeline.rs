//! Pipelines and stages.

use std::sync::Arc;

use super::{CalendarId, Expr, KindId, Labels, ProgramId, StageId};
use crate::span::Span;
use crate::time::Duration;

/// A pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    pub name: Arc<str>,
    pub description: Arc<str>,
    /// Which leads go through it; all when absent.
    pub for_leads: Option<Expr>,
    /// Its stages; leads start in the first.
    pub stages: Vec<Stage>,
    pub span: Span,
}

/// A stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    pub name: Arc<str>,
    pub description: Arc<str>,
    pub owner: Option<Arc<str>>,
    pub labels: Labels,
    /// What each system calls it.
    pub statuses: Vec<(Arc<str>, Arc<str>)>,
    /// What should happen next.
    pub expectation: Option<Arc<str>>,
    pub on_enter: Vec<Action>,
    /// In order; the first that holds wins.
    pub moves: Vec<Move>,
    pub is_final: bool,
    pub span: Span,
}

/// A move to another stage of the same pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// Where to.
    pub to: StageId,
    /// What must hold.
    pub when: Option<Expr>,
    /// How long the lead must have been in the stage.
    pub after: Option<After>,
    /// The clause.
    pub span: Span,
}

/// How long a lead must have been in a stage before a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// How long.
    pub time: Duration,
    /// Whose hours count for business time.
    pub calendar: Option<CalendarId>,
}

/// What the engine asks the world to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// What.
    pub kind: ActionKind,
    /// The clause.
    pub span: Span,
}

/// The forms of actions.
#[derive(Debug, Clone, PartialEq)]
pub enum ActionKind {
    /// Enroll the lead in a program.
    Enroll(ProgramId),
    /// Alert people, teams or roles.
    Alert(Vec<Arc<str>>),
    /// Make records of these kinds of the lead.
    Convert(Vec<Arc<str>>),
    /// Give the lead to another member.
    Reassign,
    /// Answer for sales.
    Dispose(KindId),
    /// Move the lead.
    Move(StageId),
}

/// A program that leads are enrolled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    pub name: Arc<str>,
    pub description: Arc<str>,
    pub kind: Option<Arc<str>>,
    pub owner: Option<Arc<str>>,
    pub starts: Option<chrono::NaiveDate>,
    pub ends: Option<chrono::NaiveDate>,
    pub labels: Labels,
    pub span: Span,
}
