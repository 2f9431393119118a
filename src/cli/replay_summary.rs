//! What a replay came to, as tables.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;

use crate::explain::span;
use crate::io::{Layout, TextTable};
use crate::pact::{Action, ActionKind, Pact, Period, PipelineId, PromiseKind, PromiseName, Sla, SlaId, StageId};
use crate::replay::{Summary, first_day, next_period};

/// Stages, promises, recycles, effects and volumes, each as a table.
pub(super) fn replay_summary(pact: &Pact, summary: &Summary) -> String {
    let mut text = String::new();
    let s = |n: u64, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let _ = write!(text, "{}, ", s(summary.leads, "lead", "leads"));
    // a row may hold a change and an event
    if summary.rows < summary.events {
        let _ = write!(text, "{}, ", s(summary.rows, "row", "rows"));
    }
    let _ = write!(text, "{}", s(summary.events, "event", "events"));
    if summary.duplicates > 0 {
        let _ = write!(text, ", {}", s(summary.duplicates, "duplicate", "duplicates"));
    }
    if summary.not_yet > 0 {
        let _ = write!(text, ", {} without an event yet", s(summary.not_yet, "lead", "leads"));
    }
    if let Some(until) = summary.until.filter(|_| summary.leads > 0) {
        let _ = write!(text, ", until {}", pact.zone.local(until).format("%Y-%m-%d %H:%M:%S"));
    }
    let _ = writeln!(text, "; {}, {} of them back", s(summary.moves, "move", "moves"), summary.backward);
    section(&mut text, &["stage", "entered", "now"], stages(pact, summary));
    let header =
        ["promise", "clocks", "met", "late", "breached", "open", "stopped", "met after", "longest", "speed to lead"];
    section(&mut text, &header, promises(pact, summary));
    let recycles = summary.recycles.iter();
    let recycles =
        recycles.map(|(name, (made, used_up))| vec![name.to_string(), made.to_string(), used_up.to_string()]);
    section(&mut text, &["recycle", "made", "used up"], recycles.collect());
    let effects = summary.effects.iter().map(|(name, times)| vec![name.clone(), times.to_string()]);
    section(&mut text, &["requested actions", "times"], effects.collect());
    let volume = ["volume", "period", "leads", "promised", "pace"];
    section(&mut text, &volume, volumes(pact, summary));
    text
}

fn section(text: &mut String, header: &[&str], rows: Vec<Vec<String>>) {
    if rows.is_empty() {
        return;
    }
    text.push('\n');
    let mut out = Vec::new();
    let written =
        TextTable::new(&mut out, Layout::Aligned { width: None }, header.iter().copied()).and_then(|mut table| {
            rows.iter().try_for_each(|row| table.push(row))?;
            table.finish()
        });
    if written.is_ok() {
        text.push_str(&String::from_utf8_lossy(&out));
    }
}

fn stages(pact: &Pact, summary: &Summary) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (pipeline, p) in pact.pipelines.iter().zip(0..) {
        for (stage, at) in pipeline.stages.iter().zip(0..) {
            let count =
                summary.stages.get(&StageId { pipeline: PipelineId(p), stage: at }).copied().unwrap_or_default();
            rows.push(vec![stage.name.to_string(), count.entered.to_string(), count.now.to_string()]);
        }
    }
    for (name, count) in [("(merged)", summary.merged), ("(in no pipeline)", summary.nowhere)] {
        if count > 0 {
            rows.push(vec![name.into(), String::new(), count.to_string()]);
        }
    }
    rows
}

fn promises(pact: &Pact, summary: &Summary) -> Vec<Vec<String>> {
    let clocks = summary.clocks.iter().map(|((sla, promise), count)| {
        let sla = &pact[*sla];
        let name = sla.promises.get(*promise as usize).map_or("", |promise| promise.kind.name().words());
        let met = i64::try_from(count.met + count.late).unwrap_or(i64::MAX);
        let open = sla.promises.get(*promise as usize).and_then(|p| p.kind.within()).is_some_and(|w| w.business);
        let mean = |seconds: i64| seconds.checked_div(met).map(|n| span(n, open)).unwrap_or_default();
        let mut row = vec![format!("{} {name}", sla.name)];
        let counts = [count.started, count.met, count.late, count.breached, count.open, count.stopped];
        row.extend(counts.map(|n| n.to_string()));
        row.extend([mean(count.seconds), span(count.longest, open), mean(count.since_entry)]);
        row
    });
    clocks.collect()
}

/// How many leads entered by period, and of those that the pace so far comes to for the one under way.
fn volumes(pact: &Pact, summary: &Summary) -> Vec<Vec<String>> {
    let Some(today) = summary.until.map(|until| pact.zone.date(until)) else { return Vec::new() };
    let mut rows = Vec::new();
    for (sla, id) in pact.slas.iter().zip(0..) {
        for (promise, at) in sla.promises.iter().zip(0..) {
            if let PromiseKind::Volume { count, per, .. } = &promise.kind {
                let entered = summary.volumes.get(&(SlaId(id), at));
                rows.extend(periods(pact, sla, (*count, *per), entered.unwrap_or(&BTreeMap::new()), today));
            }
        }
    }
    rows
}

/// The periods of one promise, from the first in which a lead entered to that of today.
fn periods(
    pact: &Pact,
    sla: &Sla,
    (promised, per): (i64, Period),
    entered: &BTreeMap<NaiveDate, u64>,
    today: NaiveDate,
) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let last = first_day(today, per, pact.fiscal_start);
    let mut period = entered.keys().next().copied().unwrap_or(last);
    while period <= last {
        let leads = entered.get(&period).copied().unwrap_or(0);
        let next = next_period(period, per);
        let mut pace = pace(leads, promised, period, next, today);
        if pace == BREACHED {
            pace.extend(on_breach(pact, sla).iter().map(|what| format!(", {what}")));
        }
        let days = format!("{period} to {}", next.pred_opt().unwrap_or(next));
        rows.push(vec![sla.name.to_string(), days, leads.to_string(), promised.to_string(), pace]);
        if next == period {
            break;
        }
        period = next;
    }
    rows
}

const BREACHED: &str = "breached";

/// What a service level asks for when its volume is breached.
fn on_breach(pact: &Pact, sla: &Sla) -> Vec<String> {
    let breaches = sla.breaches.iter().filter(|breach| breach.of.is_none_or(|of| of == PromiseName::Volume));
    let actions = breaches.flat_map(|breach| &breach.actions);
    let words = |action: &Action| match &action.kind {
        ActionKind::Alert(names) => format!("alert {}", names.join(", ")),
        _ => pact.clause(action.span).says.to_string(),
    };
    actions.map(words).collect()
}

/// Whether a period that is over met its promise, and where one that runs is heading: what the leads so far come to
/// for the whole period if they go on coming as they did.
fn pace(leads: u64, promised: i64, first: NaiveDate, next: NaiveDate, today: NaiveDate) -> String {
    let promised = u64::try_from(promised).unwrap_or(0);
    if today >= next {
        return if leads >= promised { "met".into() } else { BREACHED.into() };
    }
    if leads >= promised {
        return "met already".into();
    }
    let all = u64::try_from(next.signed_duration_since(first).num_days()).unwrap_or(1);
    let passed = u64::try_from(today.signed_duration_since(first).num_days() + 1).unwrap_or(1).max(1);
    format!("day {passed} of {all}, heading for {}", leads * all / passed)
}
