//! Figures beside those of the time before.

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
        // a group that was there before only stands below those that are there now
        for place in places.iter().filter(|place| place.group.is_some()) {
            let group = place.group_of(by);
            let known = |figure: &FigureReport| figure.period.is_none() && figure.group == group;
            if !metric.figures.iter().any(known) {
                let last = metric.figures.iter().rposition(|figure| figure.period.is_none()).map_or(0, |last| last + 1);
                let figure = figures.figure(pact, 0, id, place);
                metric.figures.insert(last, FigureReport { group, figure, ..FigureReport::default() });
            }
        }
        for figure in metric.figures.iter_mut().filter(|figure| figure.period.is_none()) {
            let group = (!figure.group.is_empty()).then(|| figure.group.values().cloned().collect());
            figure.before = figures.figure(pact, at, id, &FigurePlace { period: None, group });
            let both = figure.figure.as_ref().zip(figure.before.as_ref());
            figure.change = both.and_then(|(now, before)| change(now, before, 0.5));
        }
    }
}
