//! The timeline of a lead's state, in lines that a person can read.

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::Timelike as _;

use crate::decide::{ClockChangeReport, Decision, EffectKind, EntryDetail, EntryReport};
use crate::lifecycle::LeadState;
use crate::pact::Pact;
use crate::record::Event;
use crate::time::Instant;
use crate::visible;

/// The instant, events (0) before entries (1), the place among them; then the time, the words and the clause as shown.
type Line = (Instant, u8, usize, (String, String, String));

/// A lead's timeline as text: a line for each entry, with the clause that says so, and the lead's present state.
/// `happened` holds the entries in order.
pub fn timeline(pact: &Pact, state: &LeadState, happened: &[(Instant, EntryReport)], decision: &Decision) -> String {
    let lead = state.key(pact);
    // a disposition that the engine recorded for sales is shown as the action that it requested
    let own = |event: &Event| {
        let disposition = pact[event.kind].name.clone();
        let requested = EntryDetail::Requested { effect: EffectKind::Dispose { disposition } };
        happened.iter().any(|(at, report)| *at == event.at && report.what == requested)
    };
    let history = state.record.history.iter().enumerate().filter(|(_, event)| !own(event));
    let mut all: Vec<Line> = history
        .map(|(n, event)| {
            let line = (when(pact, event.at), format!("· {}", visible::line(&pact[event.kind].name)), String::new());
            (event.at, 0, n, line)
        })
        .collect();
    for (n, (at, report)) in happened.iter().enumerate() {
        let clause = report.because.as_ref();
        let because =
            clause.map(|clause| format!("{}:{}", visible::line(&clause.file), clause.line)).unwrap_or_default();
        all.push((*at, 1, n, (when(pact, *at), happened_words(pact, &report.what), because)));
    }
    all.sort_by_key(|line| (line.0, line.1, line.2));
    let width = all.iter().map(|(.., (_, what, _))| what.chars().count()).max().unwrap_or(0).min(72);
    let mut text = format!("{}\n\n", visible::line(&lead));
    let mut last = String::new();
    let times = all.iter().map(|(.., (at, ..))| at.len()).max().unwrap_or(0);
    for (.., (at, what, because)) in all {
        let shown = format!("{:<times$}", if at == last { "" } else { &at });
        let line = format!("{shown}  {what:<width$}  {because}");
        let _ = writeln!(text, "{}", line.trim_end());
        last = at;
    }
    text.push('\n');
    text.push_str(&present_state(pact, state, decision));
    text
}

fn present_state(pact: &Pact, state: &LeadState, decision: &Decision) -> String {
    let now = when(pact, state.now);
    let mut text = match (&decision.stage, &decision.owner) {
        (Some(stage), Some(owner)) => format!("At {now} it is in {stage}, owned by {owner}.\n"),
        (Some(stage), None) => format!("At {now} it is in {stage}.\n"),
        _ => format!("At {now} it is in no pipeline.\n"),
    };
    if let Some((at, into)) = &state.merged {
        text = format!("It has been part of {} since {}.\n", visible::line(into), when(pact, *at));
    }
    if let Some(until) = state.resting() {
        let _ = writeln!(text, "It rests until {}.", when(pact, until));
    }
    for clock in &state.clocks {
        let promise = pact[clock.sla].promises.get(clock.promise as usize).map(|p| p.kind.name().words());
        if let (true, Some(promise), None) = (clock.is_open(), promise, clock.breached) {
            let sla = &pact[clock.sla].name;
            let _ = match clock.due(pact) {
                Some(due) => writeln!(text, "{sla}: {promise} is due {}.", when(pact, due)),
                None => writeln!(text, "{sla}: {promise} has no due time while its clock is paused.",),
            };
        }
    }
    text
}

/// An instant as people read it, in the pact's zone; seconds where there are some.
pub(super) fn when(pact: &Pact, at: Instant) -> String {
    let local = pact.zone.local(at);
    local.format(if local.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
}

/// What happened, in a few words.
pub fn happened(pact: &Pact, entry: &EntryReport) -> String {
    happened_words(pact, &entry.what)
}

fn happened_words(pact: &Pact, what: &EntryDetail) -> String {
    visible::line(&words(pact, what)).into_owned()
}

fn words(pact: &Pact, what: &EntryDetail) -> String {
    let time = |text: &Option<String>| {
        let at = text.as_ref().and_then(|text| text.parse::<Instant>().ok());
        at.map_or_else(|| "never".to_owned(), |at| when(pact, at))
    };
    match what {
        EntryDetail::Began { stage } => format!("begins in {stage}"),
        EntryDetail::Moved { from, to, backward } => {
            format!("{from} → {to}{}", if *backward { "  (back)" } else { "" })
        }
        EntryDetail::Migrated { from, to } => format!("{from} is now {to}, as the pact changed"),
        EntryDetail::Recycled { by, from, to, round, rests_until } => {
            let rest = rests_until.as_ref().map(|_| format!(", rests until {}", time(rests_until)));
            format!("{from} ↺ {to} by {by}, round {round}{}", rest.unwrap_or_default())
        }
        EntryDetail::UsedUp { by, from, to } => format!("{from} → {to}: {by} is used up"),
        EntryDetail::Rested { by } => format!("has rested ({by})"),
        EntryDetail::Routed { by, queue, team, assignee, .. } => {
            let to = [("queue ", queue), ("team ", team), ("", assignee)];
            let to: Vec<String> = to.iter().filter_map(|(w, name)| name.as_ref().map(|n| format!("{w}{n}"))).collect();
            format!("goes to {} by {by}", to.join(", "))
        }
        EntryDetail::Assigned { to: Some(to) } => format!("assigned to {to}"),
        EntryDetail::Assigned { to: None } => "assigned to nobody".into(),
        EntryDetail::Requested { effect } => format!("! {}", effect_words(effect)),
        EntryDetail::Clock { sla, promise, change } => {
            let change = match change {
                ClockChangeReport::Started { due } => format!("started, due {}", time(due)),
                ClockChangeReport::Paused => "paused".into(),
                ClockChangeReport::Resumed { due } => format!("resumed, due {}", time(due)),
                ClockChangeReport::Restarted { due } => format!("restarted, due {}", time(due)),
                ClockChangeReport::Warned { percent } => format!("warned, {percent} used up"),
                ClockChangeReport::Counted { count, of } => format!("{count} of {of}"),
                ClockChangeReport::Met { seconds, open, late, .. } => {
                    let late = if *late { "late, " } else { "" };
                    format!("met {late}after {}{}", span(*seconds, *open), if *open { " open" } else { "" })
                }
                ClockChangeReport::Breached => "BREACHED".into(),
                ClockChangeReport::Stopped => "stopped".into(),
            };
            format!("{sla} {promise}: {change}")
        }
        EntryDetail::OptedOut => "wants no more".into(),
        EntryDetail::Merged { into, by } => format!("becomes part of {into}{}", same(by)),
        EntryDetail::Absorbed { other, by } => format!("takes in {other}{}", same(by)),
        EntryDetail::Conflict { by, others, differ: Some(field) } => {
            let others = others.join(", ");
            format!("has the same {by} as {others}, and another {field}: taken for another lead")
        }
        EntryDetail::Conflict { by, others, differ: None } => {
            let others = others.join(" and ");
            format!("has the same {by} as {others}, which are not one: taken for none of them")
        }
    }
}

/// By what two leads were seen to be one.
fn same(by: &Option<Arc<str>>) -> String {
    by.as_ref().map(|field| format!(", by the same {field}")).unwrap_or_default()
}

/// An effect in words.
pub(super) fn effect_words(effect: &EffectKind) -> String {
    match effect {
        EffectKind::Enroll { program } => format!("enroll in {program}"),
        EffectKind::NotEnrolled { program, why } => format!("not enroll in {program}: {why}"),
        EffectKind::Alert { to } => format!("alert {to}"),
        EffectKind::Convert { to } => format!("convert to {to}"),
        EffectKind::Reassign => "reassign".into(),
        EffectKind::Dispose { disposition } => format!("dispose as {disposition}"),
        EffectKind::Move { to } => format!("move to {to}"),
    }
}

/// Seconds as people write them: `2 d 3 h`. Open seconds make no days, since no desk is open all day: `51 h 20 min`.
pub fn span(seconds: i64, open: bool) -> String {
    let (days, hours) = if open { (0, seconds / 3600) } else { (seconds / 86_400, seconds / 3600 % 24) };
    let parts = [(days, "d"), (hours, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n != 0).take(2).map(|(n, unit)| format!("{n} {unit}")).collect();
    if parts.is_empty() { "0 s".into() } else { parts.join(" ") }
}
