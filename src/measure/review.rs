//! Reviews: the meeting on one page.

use std::sync::Arc;

use chrono::NaiveDate;
use indexmap::IndexMap;
use rust_decimal::Decimal;
use serde::Serialize;

use super::answer::{AnswerReport, answer_reports};
use super::dimension::Dimension;
use super::figure::{Figure, some_number};
use super::figures::{FigurePlace, Figures, in_order};
use super::promise::{PromiseReport, promise_reports};
use super::series::Series;
use super::target::{TargetReport, target_reports, target_series};
use super::watch::{WatchReport, change, compared, watch_reports, watch_series};
use crate::pact::{Clause, Expr, Meeting, Pact};
use crate::time::Instant;

/// A meeting on one page: what was promised and what came, what changed, what comes next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReviewReport {
    /// The review's name.
    pub review: Arc<str>,
    /// What it says.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub description: Arc<str>,
    /// The pact's name.
    pub pact: Arc<str>,
    /// What the pact means, as a hash.
    pub digest: Arc<str>,
    /// Since when figures are counted, in the pact's zone.
    pub from: String,
    /// Before when: the meeting.
    pub to: String,
    /// How the targets stand.
    pub targets: Vec<TargetReport>,
    /// How each promise was kept of which a clock was due since the last meeting.
    pub promises: Vec<PromiseReport>,
    /// What sales answered, by what had let the leads through.
    pub answers: Vec<AnswerReport>,
    /// The figures of the agenda, in its order.
    pub agenda: Vec<AgendaReport>,
    /// How watched figures changed.
    pub watches: Vec<WatchReport>,
    /// Programs that begin before the next meeting.
    pub programs: Vec<ProgramReport>,
}

/// A figure of the agenda.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgendaReport {
    /// The metric.
    pub metric: Arc<str>,
    /// Its definition.
    pub because: Clause,
    /// The whole first, then each group.
    pub figures: Vec<ComparedFigure>,
}

/// A figure beside that of the time before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedFigure {
    /// The value of each dimension; empty for all of them.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub group: IndexMap<String, String>,
    /// The figure since the last meeting.
    pub now: Option<Figure>,
    /// The figure of as long a time before that.
    pub before: Option<Figure>,
    /// The change as a part of the figure before; absent where there is none to compare with.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "some_number")]
    pub change: Option<Decimal>,
}

/// A program that begins.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProgramReport {
    /// Its name.
    pub program: Arc<str>,
    /// What it says.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub description: Arc<str>,
    /// Its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Arc<str>>,
    /// Who owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Arc<str>>,
    /// Its first day.
    pub starts: NaiveDate,
    /// Its last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<NaiveDate>,
}

/// All that a review counts: promises since the last meeting; for each entry of its agenda the time since the last
/// meeting and the one before, all of it only where a condition is met; then what targets and watches ask for.
pub fn review_series(pact: &Pact, meeting: &Meeting, now: Instant, condition: Option<&Expr>) -> Vec<Series> {
    let times = compared(pact, meeting.every, meeting.every, now);
    let (from, to) = (Some(times[0].0), Some(times[0].1));
    let since = Series { from, to, condition: condition.cloned(), ..Series::default() };
    let agenda = meeting.agenda.iter().flat_map(|item| {
        times.map(|(from, to)| Series {
            from: Some(from),
            to: Some(to),
            period: None,
            by: item.by.iter().filter_map(|name| Dimension::named(pact, name).ok()).collect(),
            metrics: item.metrics.clone(),
            condition: condition.cloned(),
        })
    });
    std::iter::once(since).chain(agenda).chain(target_series(pact, now)).chain(watch_series(pact, now)).collect()
}

/// The page of a meeting. The figures are those of [`review_series`].
pub fn review_report(
    pact: &Pact,
    meeting: &Meeting,
    figures: &Figures,
    series: &[Series],
    now: Instant,
) -> ReviewReport {
    let asked = 1 + 2 * meeting.agenda.len();
    let own = series.get(asked..).unwrap_or_default();
    let (targets, watches) = own.split_at(pact.targets.len().min(own.len()));
    let [(from, to), _] = compared(pact, meeting.every, meeting.every, now);
    let mut reports = Vec::new();
    for (at, item) in meeting.agenda.iter().enumerate() {
        let places = in_order([figures.places(1 + 2 * at), figures.places(2 + 2 * at)].concat());
        for metric in &item.metrics {
            let figure = |n: usize, place: &FigurePlace| figures.figure(pact, 1 + 2 * at + n, *metric, place);
            let compared = places.iter().map(|place| {
                let (now, before) = (figure(0, place), figure(1, place));
                ComparedFigure {
                    group: place.group_of(&item.by),
                    change: now.as_ref().zip(before.as_ref()).and_then(|(now, before)| change(now, before, 0.5)),
                    now,
                    before,
                }
            });
            reports.push(AgendaReport {
                metric: pact[*metric].name.clone(),
                because: pact.clause(pact[*metric].span),
                figures: compared.collect(),
            });
        }
    }
    let (today, next) = (pact.zone.date(now), meeting.every.after(now, &pact.zone).map(|next| pact.zone.date(next)));
    let programs = pact.programs.iter().filter_map(|program| {
        let starts = program.starts.filter(|starts| *starts >= today && next.is_none_or(|next| *starts < next))?;
        Some(ProgramReport {
            program: program.name.clone(),
            description: program.description.clone(),
            kind: program.kind.clone(),
            owner: program.owner.clone(),
            starts,
            ends: program.ends,
        })
    });
    let mut programs: Vec<ProgramReport> = programs.collect();
    programs.sort_by_key(|program| program.starts);
    ReviewReport {
        review: meeting.name.clone(),
        description: meeting.description.clone(),
        pact: pact.name.clone(),
        digest: pact.digest.clone(),
        from: pact.zone.rfc3339(from),
        to: pact.zone.rfc3339(to),
        targets: target_reports(pact, figures, asked, now),
        promises: promise_reports(pact, &figures.promises, &[]),
        answers: answer_reports(pact, &figures.answers),
        agenda: reports,
        watches: watch_reports(pact, figures, asked + targets.len(), watches),
        programs,
    }
}
