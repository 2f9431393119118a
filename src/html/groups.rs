//! Figures by what they are split by: a row for each group, a column for each figure.

use indexmap::IndexMap;
use maud::{Markup, html};

use super::scroll::table;
use crate::locale::Locale;
use crate::measure::{FigureReport, MetricReport};

/// All metrics of one split. Nothing where figures are not split.
pub(super) fn groups(locale: &Locale<'_>, metrics: &[MetricReport]) -> Markup {
    let split = |figure: &&FigureReport| figure.period.is_none() && !figure.group.is_empty();
    let mut known: Vec<&IndexMap<String, String>> = Vec::new();
    for figure in metrics.iter().flat_map(|metric| &metric.figures).filter(split) {
        if !known.contains(&&figure.group) {
            known.push(&figure.group);
        }
    }
    let Some(names) = known.first().map(|group| group.keys().collect::<Vec<_>>()) else { return html! {} };
    let said: Vec<String> = names.iter().map(|name| locale.name(name).into_owned()).collect();
    let columns: Vec<String> = metrics.iter().map(|metric| locale.name(&metric.name).into_owned()).collect();
    let caption = locale.fill("By {0}", &[&said.join(", ")]);
    let heads: Vec<&str> = said.iter().chain(&columns).map(String::as_str).collect();
    let row = |group: &&IndexMap<String, String>| -> Vec<Markup> {
        let mut row: Vec<Markup> = group.values().map(|value| html! { bdi { (locale.group_value(value)) } }).collect();
        row.extend(metrics.iter().map(|metric| {
            let of = |figure: &&FigureReport| figure.period.is_none() && figure.group == **group;
            metric.figures.iter().find(of).map_or_else(|| html! {}, |figure| cell(locale, figure))
        }));
        row
    };
    table(&caption, &heads, &known.iter().map(row).collect::<Vec<_>>())
}

fn cell(locale: &Locale<'_>, figure: &FigureReport) -> Markup {
    html! {
        (locale.figure(figure.figure.as_ref()))
        @let beside = locale.beside(figure.figure.as_ref());
        @if !beside.is_empty() { span .note { (beside) } }
        @if let Some(before) = &figure.before {
            span .note {
                (locale.fill("before {0}", &[&locale.figure(Some(before))]))
                @if let Some(change) = figure.change { ", " (locale.change(change)) }
            }
        }
    }
}
