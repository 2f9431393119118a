//! What the clauses of the pact tell of who comes.

use maud::{Markup, html};

use super::definition::{head_of, inline};
use super::scroll::table;
use crate::locale::Locale;
use crate::measure::{ClauseWeight, EvidenceReport};

/// Each conversion, clause by clause.
pub(super) fn evidence(locale: &Locale<'_>, reports: &[EvidenceReport]) -> Markup {
    html! { @for report in reports { (conversion(locale, report)) } }
}

fn conversion(locale: &Locale<'_>, report: &EvidenceReport) -> Markup {
    let names = [&report.metric, &report.stages.0, &report.stages.1].map(|name| locale.name(name));
    let title = locale.fill("{0}: of those that entered {1}, who came to {2}", &[&names[0], &names[1], &names[2]]);
    let heads = ["clause", "tells", "with it", "without it", "difference", "among leads alike"];
    let row = |clause: &ClauseWeight| -> Vec<Markup> {
        let difference = clause.difference.map(|difference| locale.points(&difference));
        let alike = clause.alike.as_ref().map(|alike| locale.points(&alike.difference));
        vec![
            html! { span .definition { bdi { (locale.name(&clause.of)) } " " (inline(&clause.because)) } },
            html! { b { (locale.tells(clause)) } },
            html! { (locale.share_of(&clause.with)) },
            html! { (locale.share_of(&clause.without)) },
            html! { (difference.unwrap_or_default()) },
            html! { (alike.unwrap_or_default()) },
        ]
    };
    let rows: Vec<Vec<Markup>> = report.clauses.iter().map(row).collect();
    let relations: Vec<String> = report.clauses.iter().filter_map(|clause| locale.relation(clause)).collect();
    html! {
        h3 { bdi { (title) } }
        p { bdi { (locale.evidence(report)) } }
        @if !rows.is_empty() { (table(locale.say("What each clause tells"), &heads.map(|head| locale.say(head)), &rows)) }
        @if !relations.is_empty() { ul { @for relation in relations { li { bdi { (relation) } } } } }
        (head_of(&report.because))
    }
}
