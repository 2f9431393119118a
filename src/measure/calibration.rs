//! Calibration: whether leads with more points come further.

use std::sync::Arc;

use serde::Serialize;

use super::dimension::Dimension;
use super::figure::Figure;
use super::figures::Figures;
use super::series::Series;
use crate::pact::{Clause, Measure, MetricId, Pact, ScoreId};

/// A conversion by the points that leads had when they entered its first stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CalibrationReport {
    /// The metric.
    pub metric: Arc<str>,
    /// The score.
    pub score: Arc<str>,
    /// The definition of the score.
    pub because: Clause,
    /// The bins in which somebody was, the lowest first.
    pub bins: Vec<CalibrationBin>,
}

/// Leads whose points lay close to one another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CalibrationBin {
    /// The points, such as `20 to 29`.
    pub points: String,
    /// Their conversion.
    pub figure: Option<Figure>,
}

/// The scores of a pact, and the conversions that are asked for.
fn asked_of(pact: &Pact, asked: &Series) -> (Vec<ScoreId>, Vec<MetricId>) {
    let scores = (0..pact.scores.len() as u32).map(ScoreId).collect();
    let conversion = |metric: &&MetricId| matches!(pact[**metric].measure, Measure::Conversion(..));
    (scores, asked.metrics.iter().filter(conversion).copied().collect())
}

/// What calibration asks for: a series for each score, of the conversions that are asked for and in their time.
pub fn calibration_series(pact: &Pact, asked: &Series) -> Vec<Series> {
    let (scores, metrics) = asked_of(pact, asked);
    if metrics.is_empty() {
        return Vec::new();
    }
    let series = |score: ScoreId| Series {
        period: None,
        by: vec![Dimension::Score(score)],
        metrics: metrics.clone(),
        ..asked.clone()
    };
    scores.into_iter().map(series).collect()
}

/// Every conversion that is asked for by every score. The series are those of [`calibration_series`], from the number `first`
/// of the figures on.
pub fn calibration_reports(pact: &Pact, figures: &Figures, first: usize, asked: &Series) -> Vec<CalibrationReport> {
    let (scores, metrics) = asked_of(pact, asked);
    let mut reports = Vec::new();
    for metric in metrics {
        for (at, score) in scores.iter().enumerate() {
            let places = figures.places(first + at);
            let bin = |place: &super::figures::FigurePlace| {
                let points = place.group.as_ref()?.first()?.clone();
                Some(CalibrationBin { points, figure: figures.figure(pact, first + at, metric, place) })
            };
            let mut bins: Vec<CalibrationBin> = places.iter().filter_map(bin).collect();
            bins.retain(|bin| bin.figure.is_some());
            if !bins.is_empty() {
                reports.push(CalibrationReport {
                    metric: pact[metric].name.clone(),
                    score: pact[*score].name.clone(),
                    because: pact.clause(pact[*score].span),
                    bins,
                });
            }
        }
    }
    reports
}
