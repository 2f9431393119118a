//! The page of a review: the meeting of both teams on one sheet.

use maud::{Markup, html};

use super::changed::changed;
use super::definition::definition;
use super::frame::{Head, page};
use super::promised::{in_short, promises, targets};
use super::scroll::table;
use crate::locale::Locale;
use crate::measure::{AgendaReport, ComparedFigure, ProgramReport, ReviewReport};

/// A review as one HTML file.
pub fn review_page(locale: &Locale<'_>, report: &ReviewReport) -> String {
    let head = Head {
        title: locale.name(&report.review).into_owned(),
        of: report.pact.to_string(),
        time: locale.fill("{0} to {1}", &[&locale.minute(&report.from), &locale.minute(&report.to)]),
        lede: in_short(locale, &report.targets, &report.promises),
        description: &report.description,
        digest: &report.digest,
    };
    let body = html! {
        @if !report.targets.is_empty() || !report.promises.is_empty() {
            section aria-labelledby="promised" {
                h2 #promised { (locale.say("What was promised, and what came")) }
                @if !report.targets.is_empty() { (targets(locale, &report.targets)) }
                @if !report.promises.is_empty() { (promises(locale, &report.promises)) }
            }
        }
        @if !report.agenda.is_empty() {
            section aria-labelledby="figures" {
                h2 #figures { (locale.say("The figures")) }
                div .agenda { @for item in &report.agenda { (agenda(locale, item)) } }
            }
        }
        @if !report.watches.is_empty() {
            section aria-labelledby="changed" {
                h2 #changed { (locale.say("What changed")) }
                (changed(locale, &report.watches))
            }
        }
        @if !report.programs.is_empty() {
            section aria-labelledby="next" {
                h2 #next { (locale.say("What comes next")) }
                (programs(locale, &report.programs))
            }
        }
    };
    page(locale, &head, &body)
}

/// A figure of the agenda, the whole first, beside the time before.
fn agenda(locale: &Locale<'_>, item: &AgendaReport) -> Markup {
    let name = locale.name(&item.metric);
    let names: Vec<&String> = item.figures.last().map(|figure| figure.group.keys().collect()).unwrap_or_default();
    let said: Vec<String> = names.iter().map(|name| locale.name(name).into_owned()).collect();
    let first = if said.is_empty() { vec![locale.say("figure")] } else { said.iter().map(String::as_str).collect() };
    let heads: Vec<&str> =
        first.into_iter().chain(["now", "counted", "before", "change"].map(|word| locale.say(word))).collect();
    let row = |figure: &ComparedFigure| -> Vec<Markup> {
        let mut row: Vec<Markup> = Vec::new();
        for of in &names {
            let value = figure.group.get(*of).map_or(locale.say("all").into(), |value| locale.group_value(value));
            row.push(html! { bdi { (value) } });
        }
        if names.is_empty() {
            row.push(html! { bdi { (name) } });
        }
        row.push(html! { b { (locale.figure(figure.now.as_ref())) } });
        row.push(html! { (locale.beside(figure.now.as_ref())) });
        row.push(html! { (locale.figure(figure.before.as_ref())) });
        row.push(html! { (figure.change.map(|change| locale.change(change)).unwrap_or_default()) });
        row
    };
    html! {
        article .item {
            h3 { bdi { (name) } }
            (table(&name, &heads, &item.figures.iter().map(row).collect::<Vec<_>>()))
            (definition(&item.because))
        }
    }
}

/// Programs that begin before the next meeting.
fn programs(locale: &Locale<'_>, programs: &[ProgramReport]) -> Markup {
    let heads = ["program", "starts", "ends", "kind", "owner", "what it is"].map(|word| locale.say(word));
    let row = |program: &ProgramReport| -> Vec<Markup> {
        let name = |name: &Option<std::sync::Arc<str>>| {
            name.as_deref().map(|name| locale.name(name).into_owned()).unwrap_or_default()
        };
        vec![
            html! { bdi { (locale.name(&program.program)) } },
            html! { (program.starts) },
            html! { (program.ends.map(|day| day.to_string()).unwrap_or_default()) },
            html! { bdi { (name(&program.kind)) } },
            html! { bdi { (name(&program.owner)) } },
            html! { bdi { (program.description) } },
        ]
    };
    table(locale.say("What comes next"), &heads, &programs.iter().map(row).collect::<Vec<_>>())
}
