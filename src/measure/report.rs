//! Figures as data. Keys are stable.

use std::sync::Arc;

use chrono::NaiveDate;
use indexmap::IndexMap;
use rust_decimal::Decimal;
use serde::Serialize;

use super::answer::{AnswerReport, answer_reports};
use super::calibration::CalibrationReport;
use super::cohort::{CohortReport, cohort_reports};
use super::evidence_report::EvidenceReport;
use super::figure::{Figure, some_number};
use super::figures::{Figures, period_name};
use super::promise::{PromiseReport, promise_reports};
use super::series::Series;
use super::stay::{StageReport, stage_reports};
use super::target::{TargetReport, target_reports, target_series};
use super::watch::{WatchReport, watch_reports, watch_series};
use crate::pact::{Clause, MetricId, Pact};
use crate::time::Instant;

/// The figures of a pact.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeasureReport {
    /// The pact's name.
    pub pact: Arc<str>,
    /// Its version, where it states one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Arc<str>>,
    /// What it means, as a hash.
    pub digest: Arc<str>,
    /// Up to which instant things have happened, in the pact's zone.
    pub as_of: String,
    /// What is counted from when on; absent where from the beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Before when; absent where up to the present.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Since when the figures before are counted, up to `from`; absent where they are not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_from: Option<String>,
    /// The metrics.
    pub metrics: Vec<MetricReport>,
    /// What became of those that entered each stage.
    pub stages: Vec<StageReport>,
    /// How each promise was kept of which a clock was due.
    pub promises: Vec<PromiseReport>,
    /// What sales answered, by what had let the leads through.
    pub answers: Vec<AnswerReport>,
    /// The targets.
    pub targets: Vec<TargetReport>,
    /// The watches.
    pub watches: Vec<WatchReport>,
    /// The cohorts of conversions, where a period is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cohorts: Vec<CohortReport>,
    /// Conversions by the points that leads had, where they are asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub calibrations: Vec<CalibrationReport>,
    /// What the clauses of the pact tell of who comes, by each conversion, where it is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceReport>,
}

/// A metric with its figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricReport {
    /// Its name.
    pub name: Arc<str>,
    /// What it says.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub description: Arc<str>,
    /// Its definition.
    pub because: Clause,
    /// The whole first, then each period, each group, and each group of each period.
    pub figures: Vec<FigureReport>,
}

/// A figure in its place.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FigureReport {
    /// The period; absent for the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Its first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts: Option<NaiveDate>,
    /// The value of each dimension; empty for all of them.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub group: IndexMap<String, String>,
    /// The figure; none where there is nothing to say, as where nothing is divided by.
    pub figure: Option<Figure>,
    /// The figure of as long a time before, where it is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Figure>,
    /// The change as a part of the figure before; absent where there is none to compare with.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "some_number")]
    pub change: Option<Decimal>,
}

impl MeasureReport {
    /// Leaves out the targets and watches of other metrics than these.
    pub fn only(&mut self, metrics: &[String]) {
        let named = |metric: &str| metrics.iter().any(|name| name == metric);
        self.targets.retain(|target| named(&target.metric));
        self.watches.retain(|watch| named(&watch.metric));
    }
}

/// All metrics of a pact, in the order in which its files have them.
pub fn all_metrics(pact: &Pact) -> Vec<MetricId> {
    let all = (0..pact.metrics.len() as u32).map(MetricId);
    let mut all: Vec<MetricId> = all.filter(|metric| pact[*metric].is_item).collect();
    all.sort_by_key(|metric| (pact[*metric].span.file, pact[*metric].span.range().start));
    all
}

/// All that a report counts: what is asked, then what targets and watches ask for.
pub fn report_series(pact: &Pact, asked: Series, now: Instant) -> Vec<Series> {
    let own = [target_series(pact, now), watch_series(pact, now)].concat();
    std::iter::once(asked).chain(own).collect()
}

/// The figures that were counted for the series of [`report_series`], under the names of what they are split by.
pub fn measure_report(pact: &Pact, figures: &Figures, series: &[Series], by: &[String], now: Instant) -> MeasureReport {
    let (asked, own) = match series.split_first() {
        Some((asked, own)) => (asked, own),
        None => (&Series::default(), series),
    };
    let (targets, watches) = own.split_at(pact.targets.len().min(own.len()));
    let places = figures.places(0);
    let metrics = asked.metrics.iter().map(|metric| {
        let of = &pact[*metric];
        let figure = |place: &super::figures::FigurePlace| FigureReport {
            period: place.period.zip(asked.period).map(|(first, period)| period_name(first, period, pact.fiscal_start)),
            starts: place.period,
            group: place.group_of(by),
            figure: figures.figure(pact, 0, *metric, place),
            ..FigureReport::default()
        };
        MetricReport {
            name: of.name.clone(),
            description: of.description.clone(),
            because: pact.clause(of.span),
            figures: places.iter().map(figure).collect(),
        }
    });
    let local = |at: &Instant| pact.zone.rfc3339(*at);
    MeasureReport {
        pact: pact.name.clone(),
        version: pact.version.clone(),
        digest: pact.digest.clone(),
        as_of: local(&now),
        from: asked.from.as_ref().map(local),
        to: asked.to.as_ref().map(local),
        metrics: metrics.collect(),
        stages: stage_reports(pact, &figures.stays),
        promises: promise_reports(pact, &figures.promises, by),
        answers: answer_reports(pact, &figures.answers),
        targets: target_reports(pact, figures, 1, now),
        watches: watch_reports(pact, figures, 1 + targets.len(), watches),
        before_from: None,
        cohorts: cohort_reports(pact, figures, asked, now),
        calibrations: Vec::new(),
        evidence: Vec::new(),
    }
}
