//! Measures: what both sides look at.

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{CalendarId, Expr, KindId, MetricId, Pact, Period, StageId};
use crate::span::Span;
pub use crate::syntax::tree::{Arithmetic, Comparison, Statistic};
use crate::time::{Duration, Instant};
use crate::value::Value;

/// A figure that both sides look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// Its name; of one that a volume promises, what is counted, such as `leads entering mql`.
    pub name: Arc<str>,
    /// Whether it is a `metric` of the pact, and not what a volume promises.
    pub is_item: bool,
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
    /// What keeping it brings.
    pub reward: Option<Arc<str>>,
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
pub const DIMENSIONS: [&str; 11] = [
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
    /// The `metric` items, by name.
    pub fn metric_items(&self) -> impl Iterator<Item = &Metric> {
        self.metrics.iter().filter(|metric| metric.is_item)
    }

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

/// The Monday from which meetings are counted where no agreement says when it begins.
const FIRST_MONDAY: NaiveDate = match NaiveDate::from_ymd_opt(1970, 1, 5) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

impl Meeting {
    /// The last time that it came by an instant; none before the first. It comes as often as it says, counted from the
    /// beginning of the day on which the agreement takes effect, or of a Monday.
    pub fn last(&self, pact: &Pact, now: Instant) -> Option<Instant> {
        self.occasion(pact, self.count(pact, now)?)
    }

    /// The first time that it comes after an instant.
    pub fn next(&self, pact: &Pact, now: Instant) -> Option<Instant> {
        self.occasion(pact, self.count(pact, now).map_or(0, |last| last + 1))
    }

    fn occasion(&self, pact: &Pact, number: i32) -> Option<Instant> {
        let first = pact.zone.midnight(pact.effective.unwrap_or(FIRST_MONDAY));
        self.every.times(number)?.after(first, &pact.zone)
    }

    /// The number of the last one by an instant, from 0.
    fn count(&self, pact: &Pact, now: Instant) -> Option<i32> {
        let first = self.occasion(pact, 0)?;
        let passed = now.signed_duration_since(first).num_seconds().checked_div(self.every.nominal_seconds())?;
        // months are of several lengths: it may be one of those beside it
        let near = i32::try_from(passed).ok()?;
        let by_now = |number: &i32| self.occasion(pact, *number).is_some_and(|at| at <= now);
        (near.saturating_sub(2)..=near.saturating_add(2)).rev().filter(|number| *number >= 0).find(by_now)
    }
}

/// Figures that are looked at together.
#[derive(Debug, Clone, PartialEq)]
pub struct AgendaItem {
    pub metrics: Vec<MetricId>,
    /// The names of what they are split by.
    pub by: Vec<Arc<str>>,
}
