//! Measures: what both sides look at.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{CalendarId, Expr, KindId, MetricId, Pact, Period, StageId};
use crate::span::Span;
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
    /// How many entered a stage: each round, or each lead once.
    Entering(StageId, Option<Expr>, bool),
    /// How many events of a kind there were.
    Count(KindId, Option<Expr>),
    /// The sum of a property over events of a kind.
    Sum(KindId, u32, Option<Expr>),
    /// How long it took from one moment to another: elapsed, or by a calendar.
    Time(Statistic, Milestone, Milestone, Option<CalendarId>),
    /// Of those that entered the first stage, the share that entered the second later; within a time of the first, where it
    /// says one.
    Conversion(StageId, StageId, Option<Duration>),
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

/// What figures of every pact are split by: what the pact makes of a lead, and what sales answered.
const DIMENSIONS: [&str; 11] = [
    "stage",
    "stage.name",
    "owner",
    "stage.owner",
    "team",
    "person",
    "queue",
    "round",
    "program.kind",
    "program.name",
    "disposition",
];

impl Pact {
    /// All that figures are split by: fields, bands, scores in bins of ten points, what is there in every pact, and
    /// properties of events such as `lost.reason`.
    pub fn dimensions(&self) -> Vec<String> {
        let fields = self.fields.iter().map(|field| field.name.to_string());
        let bands = self.values.iter().filter(|value| value.is_band()).map(|value| value.name.to_string());
        let scores = self.scores.iter().map(|score| score.name.to_string());
        let properties = self
            .kinds
            .iter()
            .flat_map(|kind| kind.properties.iter().map(move |property| format!("{}.{}", kind.name, property.name)));
        fields.chain(bands).chain(scores).chain(DIMENSIONS.map(str::to_owned)).chain(properties).collect()
    }
}

/// A figure whose change both sides want to know of.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricWatch {
    pub metric: MetricId,
    pub description: Arc<str>,
    /// How long the time is that is looked at, and how long the one before it.
    pub compare: (Duration, Duration),
    /// The change that is told, as a part of the figure before.
    pub change: Decimal,
    /// What to look at again: criteria, scores, promises, stages; by name, with their places.
    pub review: Vec<(Arc<str>, Span)>,
    pub span: Span,
}

/// A meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    pub name: Arc<str>,
    pub description: Arc<str>,
    pub every: Duration,
    pub agenda: Vec<AgendaItem>,
    pub span: Span,
}

/// Figures that are looked at together.
#[derive(Debug, Clone, PartialEq)]
pub struct AgendaItem {
    pub metrics: Vec<MetricId>,
    /// The names of what they are split by.
    pub by: Vec<Arc<str>>,
}
