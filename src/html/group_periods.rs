//! The figures of groups through time: a row for each group, a column for each period.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use indexmap::IndexMap;
use maud::{Markup, html};

use super::groups::group_cells;
use super::scroll::table;
use crate::locale::Locale;
use crate::measure::{FigureReport, MetricReport};

/// A metric by what it is split by, in each period; none where it is not split.
pub(super) fn group_periods(locale: &Locale<'_>, metric: &MetricReport) -> Option<Markup> {
    let mut figures: Vec<&FigureReport> = metric.figures.iter().collect();
    // groups in the order in which they stand over the whole time
    figures.sort_by_key(|of| of.starts);
    let names: Vec<&String> = figures.iter().max_by_key(|of| of.group.len())?.group.keys().collect();
    let mut periods: BTreeMap<NaiveDate, &str> = BTreeMap::new();
    let mut rows: IndexMap<Vec<&String>, BTreeMap<NaiveDate, &FigureReport>> = IndexMap::new();
    for of in figures {
        let row = rows.entry(of.group.values().collect()).or_default();
        if let (Some(start), Some(period)) = (of.starts, &of.period) {
            periods.insert(start, period);
            row.insert(start, of);
        }
    }
    if names.is_empty() || periods.is_empty() {
        return None;
    }
    let said: Vec<String> = names.iter().map(|name| locale.dimension(name).into_owned()).collect();
    let heads: Vec<&str> = said.iter().map(String::as_str).chain(periods.values().copied()).collect();
    let by = locale.fill("By {0}", &[&format!("{}, {}", said.join(", "), locale.say("period"))]);
    let caption = format!("{}: {by}", locale.name(&metric.name));
    let row = |(values, of): (&Vec<&String>, &BTreeMap<NaiveDate, &FigureReport>)| -> Vec<Markup> {
        let mut row = group_cells(locale, names.len(), values);
        row.extend(periods.keys().map(|start| of.get(start).map_or_else(|| html! {}, |of| cell(locale, of))));
        row
    };
    let rows: Vec<Vec<Markup>> = rows.iter().map(row).collect();
    Some(html! { details { summary { bdi { (caption) } } (table(&caption, &heads, &rows)) } })
}

fn cell(locale: &Locale<'_>, of: &FigureReport) -> Markup {
    let beside = locale.beside(of.figure.as_ref());
    html! {
        (locale.figure(of.figure.as_ref()))
        @if !beside.is_empty() { span .note { (beside) } }
    }
}
