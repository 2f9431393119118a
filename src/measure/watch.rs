//! Watches: figures whose change both sides want to know of.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::Serialize;

use super::chance::{chance_of_counts, chance_of_shares};
use super::figure::{Figure, some_number};
use super::figures::{FigurePlace, Figures};
use super::series::Series;
use crate::pact::{Clause, MetricWatch, Pact};
use crate::time::{Duration, Instant};

/// What chance gives in one of twenty cases is no news.
const NEWS: f64 = 0.05;

/// How a figure changed that is watched.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WatchReport {
    /// The figure.
    pub metric: Arc<str>,
    /// What the watch says.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub description: Arc<str>,
    /// The figure in the time that is looked at.
    pub now: Option<Figure>,
    /// The figure in the time before.
    pub before: Option<Figure>,
    /// The change as a part of the figure before; absent where there is none to compare with.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "some_number")]
    pub change: Option<Decimal>,
    /// How likely such a difference is if nothing has changed; absent for times and amounts, of which no test is made.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "some_number")]
    pub chance: Option<Decimal>,
    /// What it comes to.
    pub drift: Drift,
    /// What to look at again.
    pub review: Vec<Clause>,
    /// The clause.
    pub because: Clause,
}

/// What a change comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Drift {
    /// It changed by as much as the pact names, and chance does not give that.
    Changed,
    /// It changed by as much, and chance may.
    MayBeChance,
    /// It did not change by as much.
    Steady,
    /// There is nothing to compare.
    NoFigure,
}

impl Drift {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::MayBeChance => "may be chance",
            Self::Steady => "steady",
            Self::NoFigure => "no figure",
        }
    }
}

/// The times that two figures are compared in: since when and before when, the later first.
pub(super) fn compared(pact: &Pact, last: Duration, before: Duration, now: Instant) -> [(Instant, Instant); 2] {
    let from = last.before(now, &pact.zone).unwrap_or(now);
    let first = before.before(from, &pact.zone).unwrap_or(from);
    [(from, now), (first, from)]
}

/// What watches ask for: two series for each, the later first.
pub fn watch_series(pact: &Pact, now: Instant) -> Vec<Series> {
    let series = |watch: &MetricWatch| {
        compared(pact, watch.compare.0, watch.compare.1, now).map(|(from, to)| Series {
            from: Some(from),
            to: Some(to),
            metrics: vec![watch.metric],
            ..Series::default()
        })
    };
    pact.watches.iter().flat_map(series).collect()
}

/// How each watched figure changed. The series of the watches are `series` of the figures, from the number `first` on.
pub fn watch_reports(pact: &Pact, figures: &Figures, first: usize, series: &[Series]) -> Vec<WatchReport> {
    let whole = FigurePlace { period: None, group: None };
    let of = |(at, (watch, asked)): (usize, (&MetricWatch, &[Series]))| {
        let figure = |n: usize| figures.figure(pact, first + 2 * at + n, watch.metric, &whole);
        let (now, before) = (figure(0), figure(1));
        let seconds = |n: usize| {
            let Some((from, to)) = asked.get(n).and_then(|series| Some((series.from?, series.to?))) else { return 1.0 };
            to.signed_duration_since(from).num_seconds().max(1) as f64
        };
        let part = seconds(0) / (seconds(0) + seconds(1));
        let change = now.as_ref().zip(before.as_ref()).and_then(|(now, before)| change(now, before, part));
        let chance = now.as_ref().zip(before.as_ref()).and_then(|(now, before)| chance(now, before, part));
        let drift = match change {
            None => Drift::NoFigure,
            Some(change) if change.abs() < watch.change => Drift::Steady,
            Some(_) if chance.is_some_and(|chance| chance >= NEWS) => Drift::MayBeChance,
            Some(_) => Drift::Changed,
        };
        WatchReport {
            metric: pact[watch.metric].name.clone(),
            description: watch.description.clone(),
            now,
            before,
            change,
            chance: chance.and_then(Decimal::from_f64_retain).map(|chance| chance.round_dp(4).normalize()),
            drift,
            review: watch.review.iter().map(|(_, span)| pact.clause(*span)).collect(),
            because: pact.clause(watch.span),
        }
    };
    pact.watches.iter().zip(series.chunks(2)).enumerate().map(of).collect()
}

/// The change from one figure to the other, as a part of the one before; what adds up is compared by the time in which it
/// did.
pub(super) fn change(now: &Figure, before: &Figure, part: f64) -> Option<Decimal> {
    let ((now_is, of_now), (before_was, of_before)) = (now.quantity()?, before.quantity()?);
    let adds_up = matches!(now, Figure::Count { .. } | Figure::Amounts { .. });
    let times = if adds_up { Decimal::from_f64_retain((1.0 - part) / part)?.round_dp(12) } else { Decimal::ONE };
    let change = (now_is.checked_mul(times)? - before_was).checked_div(before_was)?;
    (of_now == of_before).then(|| change.round_dp(4).normalize())
}

fn chance(now: &Figure, before: &Figure, part: f64) -> Option<f64> {
    match (now, before) {
        (Figure::Count { value: now }, Figure::Count { value: before }) => Some(chance_of_counts(*now, *before, part)),
        (Figure::Share { reached: now, of: of_now, .. }, Figure::Share { reached: before, of: of_before, .. }) => {
            Some(chance_of_shares((*now, *of_now), (*before, *of_before)))
        }
        _ => None,
    }
}
