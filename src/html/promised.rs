//! What was promised, and what came: targets and the promises of service levels.

use maud::{Markup, html};
use rust_decimal::Decimal;

use super::scroll::table;
use crate::locale::Locale;
use crate::measure::{PromiseReport, Standing, TargetReport};
use crate::pact::{Comparison, Level};
use crate::value::Value;

/// What there is to say of targets in a sentence: how many stand well, and which do not.
pub(super) fn in_short(locale: &Locale<'_>, targets: &[TargetReport], promises: &[PromiseReport]) -> Vec<String> {
    let current: Vec<&TargetReport> = current(targets).into_iter().map(|(target, _)| target).collect();
    let well = |target: &&&TargetReport| matches!(target.standing, Standing::Met | Standing::OnTrack);
    let badly = |target: &&&TargetReport| matches!(target.standing, Standing::Missed | Standing::Behind);
    let mut sentences = Vec::new();
    if !current.is_empty() {
        let (good, all) = (current.iter().filter(well).count() as u64, current.len() as u64);
        let with = [locale.count(good), locale.count(all)];
        sentences.push(locale.fill("{0} of {1} targets are met or on track.", &[&with[0], &with[1]]));
        let names: Vec<String> = current.iter().filter(badly).map(|target| named(locale, target)).collect();
        if !names.is_empty() {
            sentences.push(locale.fill("Behind or missed: {0}.", &[&names.join(", ")]));
        }
    }
    let whole = promises.iter().filter(|promise| promise.group.is_empty());
    let (kept, due) = whole.fold((0, 0), |(kept, due), promise| {
        (kept + promise.in_time, due + promise.in_time + promise.late + promise.broken)
    });
    if due > 0 {
        sentences
            .push(locale.fill("{0} of {1} promises were kept in time.", &[&locale.count(kept), &locale.count(due)]));
    }
    sentences
}

/// Targets, each as it stands now, with the period before.
pub(super) fn targets(locale: &Locale<'_>, targets: &[TargetReport]) -> Markup {
    html! {
        ul .targets {
            @for (target, before) in current(targets) { li { (card(locale, target, before)) } }
        }
    }
}

/// Each target in the period that runs, and in the one before where it is told.
fn current(targets: &[TargetReport]) -> Vec<(&TargetReport, Option<&TargetReport>)> {
    let mut current: Vec<(&TargetReport, Option<&TargetReport>)> = Vec::new();
    for target in targets {
        let same = |(other, _): &&mut (&TargetReport, Option<&TargetReport>)| {
            other.because == target.because && other.agreed == target.agreed
        };
        match current.iter_mut().find(same) {
            Some(known) => *known = (target, Some(known.0)),
            None => current.push((target, None)),
        }
    }
    current
}

fn named(locale: &Locale<'_>, target: &TargetReport) -> String {
    format!("{} ({})", locale.name(&target.metric), locale.name(&target.party))
}

fn card(locale: &Locale<'_>, target: &TargetReport, before: Option<&TargetReport>) -> Markup {
    let badly = matches!(target.standing, Standing::Missed | Standing::Behind);
    let gone = target.gone.map(|gone| locale.fill("{0} gone", &[&locale.percent(gone)]));
    let outlook = target.outlook.as_ref();
    let outlook = outlook.map(|outlook| locale.fill("at this pace {0}", &[&locale.figure(Some(outlook))]));
    let time = [target.period.clone(), gone, outlook];
    html! {
        article .target data-badly[badly] {
            h3 { bdi { (locale.name(&target.metric)) } " " span .party { bdi { (locale.name(&target.party)) } } }
            p .actual {
                b { bdi { (locale.figure(target.actual.as_ref())) } } " "
                span { bdi { (locale.level(target)) } }
            }
            (bar(target))
            p .stands {
                b { (locale.standing(target.standing)) }
                @for part in time.iter().flatten() { " · " bdi { (part) } }
            }
            @if let Some(reward) = &target.reward { p .note { (locale.say("reward")) ": " bdi { (reward) } } }
            @let beside = locale.beside(target.actual.as_ref());
            @if !beside.is_empty() { p .note { bdi { (beside) } } }
            @if let Some(before) = before {
                p .note {
                    bdi { (before.period.as_deref().unwrap_or_default()) } ": "
                    @if before.standing != Standing::NoFigure { bdi { (locale.figure(before.actual.as_ref())) } ", " }
                    (locale.standing(before.standing))
                }
            }
            p .place { (target.because.file) ":" (target.because.line) }
        }
    }
}

/// How far the figure is on the way to its level, and how far it should be by now. Of a level not to be passed, how much of it
/// is used.
fn bar(target: &TargetReport) -> Markup {
    let Some(part) = part(target) else { return html! {} };
    let shown = part.min(Decimal::ONE) * Decimal::ONE_HUNDRED;
    let at_least = matches!(target.agreed.comparison, Comparison::AtLeast | Comparison::More);
    let due = target.gone.filter(|_| target.outlook.is_some() && at_least).map(|gone| gone * Decimal::ONE_HUNDRED);
    html! {
        div .bar aria-hidden="true" {
            div .fill style=(format!("inline-size:{}%", shown.round_dp(1).normalize())) {}
            @if let Some(due) = due {
                div .due style=(format!("inset-inline-start:{}%", due.round_dp(1).normalize())) {}
            }
        }
    }
}

/// The figure as a part of its level.
fn part(target: &TargetReport) -> Option<Decimal> {
    let (actual, _) = target.actual.as_ref()?.quantity()?;
    let level = match &target.agreed.level {
        Level::Value(Value::Number(number)) => *number,
        Level::Value(Value::Money(money)) => money.amount,
        Level::Duration(duration) => Decimal::from(duration.nominal_seconds()),
        Level::Value(_) => return None,
    };
    actual.checked_div(level).filter(|part| !part.is_sign_negative())
}

/// How promises were kept, and by what they are split by, where they are.
pub(super) fn promises(locale: &Locale<'_>, promises: &[PromiseReport]) -> Markup {
    let (whole, split): (Vec<&PromiseReport>, Vec<&PromiseReport>) =
        promises.iter().partition(|promise| promise.group.is_empty());
    let caption = locale.say("How promises were kept");
    let names: Vec<&String> = split.first().map(|promise| promise.group.keys().collect()).unwrap_or_default();
    let said: Vec<String> = names.iter().map(|name| locale.dimension(name).into_owned()).collect();
    html! {
        (promise_table(locale, caption, &[], &whole))
        @if !split.is_empty() {
            @let by = locale.fill("By {0}", &[&said.join(", ")]);
            details {
                summary { (by) }
                (promise_table(locale, &format!("{caption}: {by}"), &names, &split))
            }
        }
    }
}

fn promise_table(locale: &Locale<'_>, caption: &str, names: &[&String], promises: &[&PromiseReport]) -> Markup {
    let said: Vec<String> = names.iter().map(|name| locale.dimension(name).into_owned()).collect();
    let mut heads = vec![locale.say("promise")];
    heads.extend(said.iter().map(String::as_str));
    heads.extend(["who", "kept in time", "in time", "late", "broken", "open", "stopped"].map(|word| locale.say(word)));
    let row = |promise: &&PromiseReport| -> Vec<Markup> {
        let mut row = vec![html! { bdi { (locale.name(&promise.sla)) ": " (locale.say(promise.promise)) } }];
        for name in names {
            let value = promise.group.get(*name).map_or(locale.say("all").into(), |value| locale.group_value(value));
            row.push(html! { bdi { (value) } });
        }
        row.push(html! { bdi { (promise.owner.as_deref().map(|owner| locale.name(owner)).unwrap_or_default()) } });
        row.push(match promise.kept {
            Some(kept) => html! {
                span .kept { (locale.percent(kept)) }
                span .bar aria-hidden="true" {
                    span .fill style=(format!("inline-size:{}%", (kept * Decimal::ONE_HUNDRED).normalize())) {}
                }
            },
            None => html! { (locale.standing(Standing::NoFigure)) },
        });
        let counts = [promise.in_time, promise.late, promise.broken, promise.open, promise.stopped];
        row.extend(counts.map(|count| html! { (locale.count(count)) }));
        row
    };
    table(caption, &heads, &promises.iter().map(row).collect::<Vec<_>>())
}
