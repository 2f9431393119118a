//! The page of a review: the meeting of both teams on one sheet.

use maud::{Markup, html};

use super::answered::answered;
use super::changed::changed;
use super::definition::definition;
use super::frame::{Head, page};
use super::groups::{Group, GroupFigure, groups};
use super::promised::{in_short, promises, targets};
use super::scroll::table;
use crate::locale::Locale;
use crate::measure::{AgendaReport, ComparedFigure, ProgramReport, ReviewReport};

/// A review as one HTML file.
pub fn review_page(locale: &Locale<'_>, report: &ReviewReport) -> String {
    let head = Head {
        title: locale.name(&report.review).into_owned(),
        of: super::report::of(&report.pact, locale.pact().version.as_deref()),
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
                (agenda(locale, &report.agenda))
            }
        }
        @if !report.answers.is_empty() {
            section aria-labelledby="answered" {
                h2 #answered { (locale.say("What sales answered")) }
                (answered(locale, &report.answers))
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

/// The figures of the agenda, those that are split alike side by side, each beside the time before.
fn agenda(locale: &Locale<'_>, agenda: &[AgendaReport]) -> Markup {
    let split = |item: &AgendaReport| item.figures.iter().map(|figure| figure.group.clone()).collect::<Vec<Group>>();
    html! {
        div .agenda {
            @for alike in agenda.chunk_by(|a, b| split(a) == split(b)) {
                div .item {
                    @let columns: Vec<_> = alike.iter().map(|item| of(locale, item)).collect();
                    (groups(locale, &columns))
                    @for item in alike { (definition(&item.because)) }
                }
            }
        }
    }
}

/// A figure of the agenda under its name.
fn of<'r>(locale: &Locale<'_>, item: &'r AgendaReport) -> (String, Vec<GroupFigure<'r>>) {
    let figure = |of: &'r ComparedFigure| GroupFigure {
        group: &of.group,
        figure: of.now.as_ref(),
        before: Some((of.before.as_ref(), of.change)),
    };
    (locale.name(&item.metric).into_owned(), item.figures.iter().map(figure).collect())
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
