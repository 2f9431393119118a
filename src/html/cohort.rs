//! The grid of cohorts: a table whose cells are as dark as the share is high. A table is read by everybody, grows with its
//! words, and says each share; a drawing would need all of that again.

use maud::{Markup, html};
use rust_decimal::Decimal;

use super::definition::definition;
use crate::locale::Locale;
use crate::measure::{CohortReport, PeriodCohort};

/// Each conversion by period of entry and by days since.
pub(super) fn cohorts(locale: &Locale<'_>, reports: &[CohortReport]) -> Markup {
    html! { @for report in reports { (grid(locale, report)) } }
}

fn grid(locale: &Locale<'_>, report: &CohortReport) -> Markup {
    let shares = report.cohorts.iter().flat_map(|cohort| &cohort.after).filter_map(|after| after.share);
    let most = shares.max().unwrap_or_default();
    let caption = locale.fill("{0}: the share that had come so far", &[&locale.name(&report.metric)]);
    html! {
        div .cohort {
            div .scroll role="group" aria-label=(caption) tabindex="0" {
                table .grid {
                    caption { (caption) }
                    thead {
                        tr {
                            th scope="col" { (locale.say("entered in")) }
                            th scope="col" .num { (locale.say("leads")) }
                            @for days in &report.days {
                                th scope="col" .num { (locale.fill("after {0} d", &[&days.to_string()])) }
                            }
                        }
                    }
                    tbody { @for cohort in &report.cohorts { (row(locale, cohort, most)) } }
                }
            }
            (definition(&report.because))
        }
    }
}

fn row(locale: &Locale<'_>, cohort: &PeriodCohort, most: Decimal) -> Markup {
    html! {
        tr {
            th scope="row" { (cohort.period) }
            td { (locale.count(cohort.of)) }
            @for after in &cohort.after {
                @match (after.share, after.reached) {
                    (Some(share), Some(reached)) => {
                        td .heat data-step=(step(share, most)) {
                            bdi { (locale.percent(share)) } " " span .note { (locale.count(reached)) }
                        }
                    },
                    _ => { td .young { span .unseen { (locale.say("too young")) } } },
                }
            }
        }
    }
}

/// Which of eleven shades a share has: the darkest is that of the highest.
fn step(share: Decimal, most: Decimal) -> Decimal {
    (share * Decimal::TEN).checked_div(most).unwrap_or_default().round().normalize()
}
