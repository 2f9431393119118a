//! Second chances.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Expr, ProgramId, ScoreId, StageId};
use crate::span::Span;
use crate::time::Duration;

/// A way back for a good lead at the wrong moment. It ends the round of the lead; the next one is a round of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Recycle {
    pub name: Arc<str>,
    pub description: Arc<str>,
    pub from: Vec<StageId>,
    pub when: Expr,
    pub to: StageId,
    /// The party that owns the lead then, where it is not that of the stage.
    pub owner: Option<Arc<str>>,
    /// How long no move is made after it.
    pub rest: Option<Duration>,
    pub enroll: Vec<ProgramId>,
    /// What is left of the points that earlier events give.
    pub keep: Vec<Keep>,
    pub rounds: Option<Rounds>,
    /// Whether the person who had the lead does not get it again.
    pub never_back: bool,
    pub span: Span,
}

/// The share that a score keeps.
#[derive(Debug, Clone, PartialEq)]
pub struct Keep {
    pub percent: Decimal,
    pub score: ScoreId,
    pub span: Span,
}

/// How often a lead may take this way, and where it goes instead after that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounds {
    pub most: u32,
    pub then: StageId,
}
