//! Service levels: what one side promises the other about a stage, and by when.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Action, CalendarId, Expr, KindId, StageId};
use crate::span::Span;
pub use crate::syntax::tree::{Period, PromiseName, StartsAt};
use crate::time::Duration;

/// A service level. Each of its promises has a clock of its own on each lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Sla {
    pub name: Arc<str>,
    pub description: Arc<str>,
    /// The stage in which its clocks run; none when it promises a volume only.
    pub stage: Option<StageId>,
    pub owner: Option<Arc<str>>,
    pub agreed_by: Vec<Arc<str>>,
    /// Which leads it is for, as they are when a clock would start; all when absent.
    pub for_leads: Option<Expr>,
    /// Whose hours count for business time.
    pub calendar: Option<CalendarId>,
    pub starts: StartsAt,
    pub promises: Vec<Promise>,
    /// When its clocks stand still.
    pub pause: Option<Expr>,
    /// One for each share, the smallest first.
    pub warnings: Vec<Warning>,
    pub breaches: Vec<Breach>,
    /// Whether a clock starts anew when another person gets the lead; it runs on when not said.
    pub restarts_on_reassignment: bool,
    /// Whether a clock starts anew when the lead comes back to the stage in the same round, as it does when not said.
    pub restarts_on_reopening: bool,
    pub reward: Option<Arc<str>>,
    pub span: Span,
}

/// A promise.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// What.
    pub kind: PromiseKind,
    /// The clause.
    pub span: Span,
}

/// The forms of promises.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum PromiseKind {
    FirstTouch(Duration),
    /// All kinds of touches when none is named.
    Touches {
        count: u32,
        kinds: Vec<KindId>,
        within: Duration,
        apart: Option<Duration>,
    },
    /// A touch after each message of these kinds; several before it are one.
    Reply {
        kinds: Vec<KindId>,
        within: Duration,
    },
    Outcome(Duration),
    Work(Duration),
    Volume {
        count: i64,
        stage: StageId,
        per: Period,
    },
}

impl PromiseKind {
    /// The name by which people and other clauses speak of it.
    pub fn name(&self) -> PromiseName {
        match self {
            Self::FirstTouch(_) => PromiseName::FirstTouch,
            Self::Touches { .. } => PromiseName::Touches,
            Self::Reply { .. } => PromiseName::Reply,
            Self::Outcome(_) => PromiseName::Outcome,
            Self::Work(_) => PromiseName::Work,
            Self::Volume { .. } => PromiseName::Volume,
        }
    }

    /// By when it must be kept, counted from the start of its clock; none for a volume, which has a period.
    pub fn within(&self) -> Option<Duration> {
        match self {
            Self::FirstTouch(within)
            | Self::Touches { within, .. }
            | Self::Reply { within, .. }
            | Self::Outcome(within)
            | Self::Work(within) => Some(*within),
            Self::Volume { .. } => None,
        }
    }
}

/// What to do when a share of the time is used up.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    pub percent: Decimal,
    pub actions: Vec<Action>,
    pub span: Span,
}

/// What to do when a promise is breached.
#[derive(Debug, Clone, PartialEq)]
pub struct Breach {
    /// Of which promise; of any when absent.
    pub of: Option<PromiseName>,
    /// How long after the breach; at once when absent.
    pub after: Option<Duration>,
    /// What.
    pub actions: Vec<Action>,
    /// The clause.
    pub span: Span,
}
