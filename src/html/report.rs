//! The page of a report: first what was promised and what came, then what the figures are and how they came about.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::answered::answered;
use super::calibration::calibrations;
use super::changed::changed;
use super::cohort::cohorts;
use super::definition::definition;
use super::evidence::evidence;
use super::flow::flow;
use super::frame::{Head, page};
use super::group_periods::group_periods;
use super::groups::{GroupFigure, groups};
use super::promised::{in_short, promises, targets};
use super::trend::trend;
use crate::locale::Locale;
use crate::measure::{FigureReport, MeasureReport, MetricReport};
use crate::pact::Period;
use crate::replay::first_day;

/// A report as one HTML file; its figures are counted by `period`, too.
pub fn report_page(locale: &Locale<'_>, report: &MeasureReport, period: Period) -> String {
    let pact = locale.pact();
    let as_of = locale.minute(&report.as_of);
    let minute = |instant: &Option<String>| instant.as_deref().map(|instant| locale.minute(instant));
    let time = match (minute(&report.from), minute(&report.to)) {
        (None, None) => locale.fill("up to {0}", &[&as_of]),
        (from, to) => {
            let from = from.unwrap_or_else(|| locale.say("the beginning").to_owned());
            locale.fill("{0} to {1}", &[&from, &to.unwrap_or(as_of)])
        }
    };
    let promised = !report.targets.is_empty() || !report.promises.is_empty();
    let head = Head {
        title: locale.say(if promised { "What was promised, and what came" } else { "The figures" }).to_owned(),
        of: of(&report.pact, report.version.as_deref()),
        time,
        lede: in_short(locale, &report.targets, &report.promises),
        description: &pact.description,
        digest: &report.digest,
    };
    let today: Option<NaiveDate> = report.as_of.get(..10).and_then(|day| day.parse().ok());
    let running = today.map(|today| first_day(today, period, pact.fiscal_start));
    let split = report.metrics.iter().flat_map(|metric| &metric.figures).any(|figure| !figure.group.is_empty());
    let body = html! {
        @if promised {
            section aria-labelledby="promised" {
                h2 #promised { (locale.say("Targets and promises")) }
                @if !report.targets.is_empty() { (targets(locale, &report.targets)) }
                @if !report.promises.is_empty() { (promises(locale, &report.promises)) }
            }
        }
        @if !report.watches.is_empty() {
            section aria-labelledby="changed" {
                h2 #changed { (locale.say("What changed")) }
                (changed(locale, &report.watches))
            }
        }
        @if !report.stages.is_empty() {
            section aria-labelledby="flow" {
                h2 #flow { (locale.say("Where leads are lost, and where they stand")) }
                (flow(locale, &report.stages))
            }
        }
        @if !report.answers.is_empty() {
            section aria-labelledby="answered" {
                h2 #answered { (locale.say("What sales answered")) }
                (answered(locale, &report.answers))
            }
        }
        @if !report.metrics.is_empty() {
            section aria-labelledby="figures" {
                h2 #figures { (locale.say("The figures")) }
                div .cards {
                    @for metric in &report.metrics { (card(locale, report, metric, period, running)) }
                }
                @if split {
                    @let compared = report.before_from.is_some();
                    @let columns: Vec<_> = report.metrics.iter().map(|metric| split_up(locale, metric, compared)).collect();
                    (groups(locale, &columns))
                    @for table in report.metrics.iter().filter_map(|metric| group_periods(locale, metric)) { (table) }
                }
            }
        }
        @if !report.cohorts.is_empty() {
            section aria-labelledby="cohorts" {
                h2 #cohorts { (locale.say("How far those of a period had come")) }
                (cohorts(locale, &report.cohorts))
            }
        }
        @if !report.calibrations.is_empty() {
            section aria-labelledby="calibration" {
                h2 #calibration { (locale.say("Whether points tell")) }
                (calibrations(locale, &report.calibrations))
            }
        }
        @if !report.evidence.is_empty() {
            section aria-labelledby="evidence" {
                h2 #evidence { (locale.say("What the clauses tell")) }
                (evidence(locale, &report.evidence))
                p .note { (locale.meaning_of_evidence().join(" ")) }
            }
        }
    };
    page(locale, &head, &body)
}

/// The name of a pact, and its version.
pub(super) fn of(pact: &str, version: Option<&str>) -> String {
    version.map_or_else(|| pact.to_owned(), |version| format!("{pact} {version}"))
}

/// A metric by what it is split by, over the whole time.
fn split_up<'r>(locale: &Locale<'_>, metric: &'r MetricReport, compared: bool) -> (String, Vec<GroupFigure<'r>>) {
    let figure = |of: &'r FigureReport| GroupFigure {
        group: &of.group,
        figure: of.figure.as_ref(),
        before: compared.then_some((of.before.as_ref(), of.change)),
    };
    let whole = metric.figures.iter().filter(|figure| figure.period.is_none());
    (locale.name(&metric.name).into_owned(), whole.map(figure).collect())
}

/// A metric: its figure, its way through time, and what it is by definition.
fn card(
    locale: &Locale<'_>,
    report: &MeasureReport,
    metric: &MetricReport,
    period: Period,
    running: Option<NaiveDate>,
) -> Markup {
    let whole = metric.figures.iter().find(|figure| figure.period.is_none() && figure.group.is_empty());
    let figure = whole.and_then(|whole| whole.figure.as_ref());
    let last = metric.figures.iter().filter_map(|figure| figure.starts).max();
    let beside = locale.beside(figure);
    html! {
        article .card {
            h3 { bdi { (locale.name(&metric.name)) } }
            p .actual {
                b { bdi { (locale.figure(figure)) } } " "
                @if let Some(FigureReport { before: Some(before), change, .. }) = whole {
                    span {
                        bdi { (locale.fill("before {0}", &[&locale.figure(Some(before))])) }
                        @if let Some(change) = change { ", " bdi { (locale.change(*change)) } }
                    }
                }
            }
            @if !beside.is_empty() { p .note { bdi { (beside) } } }
            @if !metric.description.is_empty() { p { bdi { (metric.description) } } }
            (trend(locale, metric, period, &report.targets, last.filter(|last| Some(*last) == running)))
            (definition(&metric.because))
        }
    }
}
