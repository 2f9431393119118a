//! Measures: what both sides look at.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{CalendarId, Expr, KindId, MetricId, Period, StageId};
use crate::span::Span;
use crate::syntax::tree;
use crate::syntax::tree::Spanned;
pub use crate::syntax::tree::{Arithmetic, Comparison, Statistic};
use crate::time::Duration;
use crate::value::Value;

/// A figure that both sides look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    pub name: Arc<str>,
    pub description: Arc<str>,
    pub measure: Measure,
    pub span: Span,
}

/// How something is measured over the timelines of leads.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// How many entered a stage.
    Entering(StageId, Option<Expr>),
    /// How many events of a kind there were.
    Count(KindId, Option<Expr>),
    /// The sum of a property over events of a kind.
    Sum(KindId, u32, Option<Expr>),
    /// How long it took from one moment to another: elapsed, or by a calendar.
    Time(Statistic, Milestone, Milestone, Option<CalendarId>),
    /// Of those that entered the first stage, the share that entered the second later.
    Conversion(StageId, StageId),
    /// Another metric.
    Metric(MetricId),
    /// A number.
    Number(Decimal),
    /// Two measures made one.
    Arithmetic(Arithmetic, Box<Measure>, Box<Measure>),
}

/// A milestone on the way of a lead, in one round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Milestone {
    /// It enters a stage for the first time.
    Entering(StageId),
    /// It leaves a stage for the first time.
    Leaving(StageId),
    /// Sales touches it.
    FirstTouch,
    /// The last time that sales touched it.
    LastTouch,
    /// The first that is known of it, or the beginning of the round.
    Created,
    /// The first event of a kind.
    Event(KindId),
}

/// A level that a party answers for.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricTarget {
    pub party: Arc<str>,
    pub metric: MetricId,
    pub comparison: Comparison,
    pub level: Level,
    /// Counted anew in each; over all when absent.
    pub per: Option<Period>,
    pub span: Span,
}

/// What a figure is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Level {
    /// A number, a share of 1, or an amount.
    Value(Value),
    /// A length of time; business time is by the metric's calendar.
    Duration(Duration),
}

/// Items that are checked and documented, and not yet run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measured {
    pub watches: Vec<Spanned<tree::Watch>>,
    pub reviews: Vec<Spanned<tree::Review>>,
}
