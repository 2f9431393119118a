//! The page of a digest: the list for the day.

use maud::{Markup, html};

use super::frame::{Head, page};
use super::scroll::table;
use crate::listing::{DigestReport, ListedLead, PartReport};
use crate::locale::Locale;
use crate::pact::{Digest, DigestPart};

/// A digest as one HTML file.
pub fn digest_page(locale: &Locale<'_>, digest: &Digest, report: &DigestReport) -> String {
    let pact = locale.pact();
    let head = Head {
        title: locale.name(&report.name).into_owned(),
        of: super::report::of(&pact.name, pact.version.as_deref()),
        time: format!("{} · {}", locale.fill("for {0}", &[&locale.name(&report.party)]), locale.minute(&report.at)),
        lede: Vec::new(),
        description: &report.says,
        digest: &report.digest,
    };
    let body = html! {
        @for (part, listed) in digest.parts.iter().zip(&report.parts) { (section(locale, part, listed)) }
    };
    page(locale, &head, &body)
}

fn section(locale: &Locale<'_>, part: &DigestPart, listed: &PartReport) -> Markup {
    let what = locale.part(part);
    let columns = listed.columns();
    let said = columns.heads(locale);
    let heads: Vec<&str> =
        [locale.say("lead"), locale.say("who")].into_iter().chain(said.iter().map(String::as_str)).collect();
    let row = |lead: &ListedLead| -> Vec<Markup> {
        let mut row =
            vec![html! { bdi { (lead.lead) } }, html! { bdi { (lead.person.as_deref().unwrap_or_default()) } }];
        row.extend(columns.cells(locale, lead).into_iter().map(|cell| html! { bdi { (cell) } }));
        row
    };
    html! {
        section .list aria-label=(what) {
            h2 { bdi { (what) } }
            @if listed.leads.is_empty() {
                p .note { (locale.say("Nobody.")) }
            } @else {
                (table(&what, &heads, &listed.leads.iter().map(row).collect::<Vec<_>>()))
            }
        }
    }
}
