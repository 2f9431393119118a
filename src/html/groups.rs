//! Figures by what they are split by: a row for each group, a column for each figure.

use indexmap::IndexMap;
use maud::{Markup, html};
use rust_decimal::Decimal;

use super::scroll::table;
use crate::locale::Locale;
use crate::measure::Figure;

/// The values of what figures are split by, under their names; empty for the whole.
pub(super) type Group = IndexMap<String, String>;

/// A figure of a group.
pub(super) struct GroupFigure<'r> {
    pub(super) group: &'r Group,
    pub(super) figure: Option<&'r Figure>,
    /// That of the time before, and the change, where figures are compared.
    pub(super) before: Option<(Option<&'r Figure>, Option<Decimal>)>,
}

/// Figures that are split alike, each under its name.
pub(super) fn groups(locale: &Locale<'_>, columns: &[(String, Vec<GroupFigure<'_>>)]) -> Markup {
    let all = || columns.iter().flat_map(|(_, figures)| figures);
    let names: Vec<&String> = all()
        .map(|of| of.group)
        .max_by_key(|group| group.len())
        .map(|group| group.keys().collect())
        .unwrap_or_default();
    let said: Vec<String> = names.iter().map(|name| locale.dimension(name).into_owned()).collect();
    let caption =
        if said.is_empty() { locale.say("The figures").to_owned() } else { locale.fill("By {0}", &[&said.join(", ")]) };
    let first = if said.is_empty() { vec![locale.say("which")] } else { said.iter().map(String::as_str).collect() };
    let heads: Vec<&str> = first.into_iter().chain(columns.iter().map(|(name, _)| &**name)).collect();
    // a row for each group, where it is first told of
    let mut rows: IndexMap<Vec<&String>, Vec<Option<&GroupFigure<'_>>>> = IndexMap::new();
    for (at, (_, figures)) in columns.iter().enumerate() {
        for of in figures {
            let row = rows.entry(of.group.values().collect()).or_insert_with(|| vec![None; columns.len()]);
            if let Some(cell) = row.get_mut(at) {
                *cell = Some(of);
            }
        }
    }
    let row = |(values, figures): (&Vec<&String>, &Vec<Option<&GroupFigure<'_>>>)| -> Vec<Markup> {
        let mut row = group_cells(locale, names.len(), values);
        row.extend(figures.iter().map(|of| of.map_or_else(|| html! {}, |of| cell(locale, of))));
        row
    };
    table(&caption, &heads, &rows.iter().map(row).collect::<Vec<_>>())
}

/// The cells that say which group it is, one for each name; the whole is `all` of each.
pub(super) fn group_cells(locale: &Locale<'_>, names: usize, values: &[&String]) -> Vec<Markup> {
    let whole = locale.say("all");
    let said = (0..names.max(1)).map(|at| values.get(at).map_or(whole.into(), |value| locale.group_value(value)));
    said.map(|value| html! { bdi { (value) } }).collect()
}

fn cell(locale: &Locale<'_>, of: &GroupFigure<'_>) -> Markup {
    let beside = locale.beside(of.figure);
    html! {
        @if of.group.is_empty() { b { (locale.figure(of.figure)) } } @else { (locale.figure(of.figure)) }
        @if let Some((before, change)) = of.before {
            span .note {
                (locale.fill("before {0}", &[&locale.figure(before)]))
                @if let Some(change) = change { ", " (locale.change(change)) }
            }
        }
        @if !beside.is_empty() { span .note { (beside) } }
    }
}
