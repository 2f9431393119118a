//! Figures beside those of the time before.

use std::collections::BTreeSet;

use super::figures::{FigurePlace, Figures};
use super::report::{FigureReport, MeasureReport};
use super::series::Series;
use super::watch::change;
use crate::pact::Pact;
use crate::time::Instant;

/// As long a time before the one that is asked for, by the clock on the wall. None where what is asked for has no beginning.
pub fn series_before(pact: &Pact, asked: &Series, now: Instant) -> Option<Series> {
    let (from, to) = (asked.from?, asked.to.unwrap_or(now));
    let (begins, ends) = (pact.zone.local(from), pact.zone.local(to));
    let before = begins.checked_sub_signed(ends.signed_duration_since(begins))?;
    Some(Series { from: Some(pact.zone.instant(before)), to: Some(from), period: None, ..asked.clone() })
}

/// Puts beside each figure of the whole time, and of each group, that of the time before: the figures' series number `at`,
/// which is `before`, split by what has these names.
pub fn compare(
    report: &mut MeasureReport,
    pact: &Pact,
    figures: &Figures,
    (at, before): (usize, &Series),
    by: &[String],
) {
    report.before_from = before.from.map(|from| pact.zone.rfc3339(from));
    let places = figures.places(at);
    for metric in &mut report.metrics {
        let Some(id) = pact.metric(&metric.name) else { continue };
        let whole = |figure: &&FigureReport| figure.period.is_none();
        let values = |figure: &FigureReport| figure.group.values().cloned().collect::<Vec<String>>();
        let known: BTreeSet<Vec<String>> = metric.figures.iter().filter(whole).map(values).collect();
        // a group that was there before only stands below those that are there now
        let gone = places.iter().filter(|place| place.group.as_ref().is_some_and(|group| !known.contains(&**group)));
        let gone = gone.map(|place| FigureReport {
            group: place.group_of(by),
            figure: figures.figure(pact, 0, id, place),
            ..FigureReport::default()
        });
        let last = metric.figures.iter().take_while(whole).count();
        metric.figures.splice(last..last, gone.collect::<Vec<_>>());
        for figure in metric.figures.iter_mut().filter(|figure| figure.period.is_none()) {
            let group = (!figure.group.is_empty()).then(|| figure.group.values().cloned().collect());
            figure.before = figures.figure(pact, at, id, &FigurePlace { period: None, group });
            let both = figure.figure.as_ref().zip(figure.before.as_ref());
            figure.change = both.and_then(|(now, before)| change(now, before, 0.5));
        }
    }
}
