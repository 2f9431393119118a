//! Watches: figures whose change both sides want to know of.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::Serialize;

use super::chance::{chance_of_counts, chance_of_shares};
use super::dimension::Dimension;
use super::figure::{Figure, four, number, some_number};
use super::figures::{FigurePlace, Figures};
use super::series::Series;
use crate::pact::{Clause, MetricId, MetricWatch, Pact};
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
    /// Where it changed most, where it changed by as much as the pact names: at most three values of what reviews split figures
    /// by, the one that made most of the change first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<MovedReport>,
    /// What to look at again.
    pub review: Vec<Clause>,
    /// The clause.
    pub because: Clause,
}

/// A part of the leads whose figure moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MovedReport {
    /// What figures are split by.
    pub dimension: Arc<str>,
    /// The value.
    pub value: String,
    /// Their figure in the time that is looked at.
    pub now: Figure,
    /// Their figure in the time before.
    pub before: Figure,
    /// The change that it makes by itself, as a part of the whole figure before.
    #[serde(serialize_with = "number")]
    pub change: Decimal,
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

/// So many values are told of which a figure moved.
const MOVED: usize = 3;

/// What reviews split figures by, each by itself.
fn looked_at(pact: &Pact) -> Vec<(Arc<str>, Dimension)> {
    let mut all: Vec<(Arc<str>, Dimension)> = Vec::new();
    for name in pact.reviews.iter().flat_map(|review| &review.agenda).flat_map(|item| &item.by) {
        if let Ok(dimension) = Dimension::named(pact, name)
            && !all.iter().any(|(_, known)| *known == dimension)
        {
            all.push((name.clone(), dimension));
        }
    }
    all
}

/// What watches ask for: for each two series, the later first, and two more for each thing that reviews split figures by.
pub fn watch_series(pact: &Pact, now: Instant) -> Vec<Series> {
    let splits: Vec<Vec<Dimension>> =
        std::iter::once(Vec::new()).chain(looked_at(pact).into_iter().map(|(_, by)| vec![by])).collect();
    let of = |watch: &MetricWatch, by: &[Dimension]| {
        compared(pact, watch.compare.0, watch.compare.1, now).map(|(from, to)| Series {
            from: Some(from),
            to: Some(to),
            by: by.to_vec(),
            metrics: vec![watch.metric],
            ..Series::default()
        })
    };
    pact.watches.iter().flat_map(|watch| splits.iter().flat_map(move |by| of(watch, by))).collect()
}

/// How each watched figure changed. The series of the watches are `series` of the figures, from the number `first` on.
pub fn watch_reports(pact: &Pact, figures: &Figures, first: usize, series: &[Series]) -> Vec<WatchReport> {
    let whole = FigurePlace { period: None, group: None };
    let dimensions = looked_at(pact);
    let each = 2 + 2 * dimensions.len();
    let of = |(at, (watch, asked)): (usize, (&MetricWatch, &[Series]))| {
        let figure = |n: usize| figures.figure(pact, first + each * at + n, watch.metric, &whole);
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
        let both = now.as_ref().zip(before.as_ref()).filter(|_| matches!(drift, Drift::Changed | Drift::MayBeChance));
        let moved = both.map(|whole| {
            let by = |(n, (name, _)): (usize, &(Arc<str>, Dimension))| {
                let series = first + each * at + 2 + 2 * n;
                moved(pact, figures, (series, watch.metric), name, (whole, part))
            };
            let mut all: Vec<MovedReport> = dimensions.iter().enumerate().flat_map(by).collect();
            all.retain(|moved| change.is_some_and(|change| (change > Decimal::ZERO) == (moved.change > Decimal::ZERO)));
            all.sort_by_key(|moved| std::cmp::Reverse(moved.change.abs()));
            all.truncate(MOVED);
            all
        });
        WatchReport {
            moved: moved.unwrap_or_default(),
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
    pact.watches.iter().zip(series.chunks(each)).enumerate().map(of).collect()
}

/// What each value of a dimension made of the change of a metric. The series are that of the values now, and the next one, of
/// before; `part` is the part of both times that is looked at.
fn moved(
    pact: &Pact,
    figures: &Figures,
    (series, metric): (usize, MetricId),
    name: &Arc<str>,
    ((now, before), part): ((&Figure, &Figure), f64),
) -> Vec<MovedReport> {
    let places = figures.places(series).into_iter().filter(|place| place.group.is_some());
    let of = |place: FigurePlace| {
        let [now_is, before_was] = [0, 1].map(|n| figures.figure(pact, series + n, metric, &place));
        let (now_is, before_was) = (now_is?, before_was?);
        let weight = weight(&before_was, before, &now_is, now)?;
        let change = four(exact_change(&now_is, &before_was, part)?.checked_mul(weight)?);
        let value = place.group.as_ref().and_then(|group| group.first()).cloned()?;
        // where all leads have one value it tells nothing
        let all = now_is == *now && before_was == *before;
        (!change.is_zero() && !all).then(|| MovedReport {
            dimension: name.clone(),
            value,
            now: now_is,
            before: before_was,
            change,
        })
    };
    places.filter_map(of).collect()
}

/// How much of the figure before a change of a part of it is: of what adds up the part that it was; of a share or a length of time
/// its own figure beside the whole one, by the part of the leads that are such now.
fn weight(part: &Figure, whole: &Figure, part_now: &Figure, whole_now: &Figure) -> Option<Decimal> {
    let beside = part.quantity()?.0.checked_div(whole.quantity()?.0)?;
    let leads = match (part_now, whole_now) {
        (Figure::Share { of, .. }, Figure::Share { of: all, .. })
        | (Figure::Time { of, .. }, Figure::Time { of: all, .. }) => {
            Decimal::from(*of).checked_div(Decimal::from(*all))?
        }
        _ => Decimal::ONE,
    };
    beside.checked_mul(leads)
}

/// The change from one figure to the other, as a part of the one before, to four places; what adds up is compared by the time
/// in which it did.
pub(super) fn change(now: &Figure, before: &Figure, part: f64) -> Option<Decimal> {
    exact_change(now, before, part).map(four)
}

fn exact_change(now: &Figure, before: &Figure, part: f64) -> Option<Decimal> {
    let ((now_is, of_now), (before_was, of_before)) = (now.quantity()?, before.quantity()?);
    let adds_up = matches!(now, Figure::Count { .. } | Figure::Amounts { .. });
    let times = if adds_up { Decimal::from_f64_retain((1.0 - part) / part)?.round_dp(12) } else { Decimal::ONE };
    let change = (now_is.checked_mul(times)? - before_was).checked_div(before_was)?;
    (of_now == of_before).then_some(change)
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
