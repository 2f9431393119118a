//! What changed: the figures that are watched.

use maud::{Markup, html};

use super::definition::definition;
use crate::locale::Locale;
use crate::measure::{Drift, WatchReport};

/// Each watched figure beside that of before.
pub(super) fn changed(locale: &Locale<'_>, watches: &[WatchReport]) -> Markup {
    html! {
        ul .watches { @for watch in watches { li { (card(locale, watch)) } } }
    }
}

fn card(locale: &Locale<'_>, watch: &WatchReport) -> Markup {
    let chance = watch.chance.map(|chance| locale.fill("by chance in {0} of cases", &[&locale.percent(chance)]));
    html! {
        article .card data-badly[watch.drift == Drift::Changed] {
            h3 { bdi { (locale.name(&watch.metric)) } }
            p .stands { b { (locale.drift(watch.drift)) } @if let Some(chance) = chance { " · " bdi { (chance) } } }
            p .actual {
                b { bdi { (locale.figure(watch.now.as_ref())) } } " "
                span {
                    bdi { (locale.fill("before {0}", &[&locale.figure(watch.before.as_ref())])) }
                    @if let Some(change) = watch.change { ", " bdi { (locale.change(change)) } }
                }
            }
            @if !watch.description.is_empty() { p { bdi { (watch.description) } } }
            @if !watch.moved.is_empty() {
                p .note { (locale.say("moved most")) ":" }
                ul {
                    @for moved in &watch.moved {
                        li {
                            bdi { (locale.dimension(&moved.dimension)) } " " b { bdi { (locale.group_value(&moved.value)) } } " · "
                            bdi { (locale.figure(Some(&moved.now))) } ", "
                            bdi { (locale.fill("before {0}", &[&locale.figure(Some(&moved.before))])) }
                        }
                    }
                }
            }
            @if watch.drift == Drift::Changed && !watch.review.is_empty() {
                p .note { (locale.say("look again at")) ":" }
                @for clause in &watch.review { (definition(clause)) }
            }
            (definition(&watch.because))
        }
    }
}
