//! The ways that a lead takes to a state, and the one of the reference evaluator, which is right.

use std::collections::BTreeMap;

use leadpact::internals::decide::{decide, decision, field_reports, timeline_entry};
use leadpact::internals::io::{Raw, Row};
use leadpact::internals::leads::EventReader;
use leadpact::internals::lifecycle::{
    AbsorbedLead, EntryLog, EventKind, LeadEvent, LeadState, Log, Step, TrackedLead, advance, begin, continue_until,
    next_change, replay_into, step,
};
use leadpact::internals::pact::Pact;
use leadpact::internals::record::Record;
use leadpact::internals::roster::Roster;
use leadpact::internals::time::{Duration, Instant};
use serde_json::Value;

/// How long after the last event leads are looked at.
const AFTER: Duration = Duration { months: 3, days: 0, seconds: 0, business: false };

/// A lead as it was told of: what is known of it at first, and what happened, as it was reported.
pub struct Life {
    known: Record,
    reported: Vec<LeadEvent>,
    until: Instant,
}

/// Where a lead has come to, and how.
pub type Lived = (LeadState, EntryLog);

/// The lives of the leads of which events tell; rows that do not read are of none.
pub fn lives(pact: &Pact, events: &[Value]) -> Vec<Life> {
    let mut of: BTreeMap<String, Life> = BTreeMap::new();
    for (number, event) in events.iter().enumerate() {
        let (mut event, mut source) = (event.clone(), None);
        if let Some(named) = event.as_object_mut().and_then(|columns| columns.shift_remove("source")) {
            source = named.as_str().and_then(|name| pact.intake(name));
        }
        let Ok(Raw::Map(fields)) = serde_json::from_value(event) else { continue };
        let row = Row { line: number as u64, fields };
        let Ok(read) = EventReader::new(pact, source).read(&row) else { continue };
        let life = of.entry(read.key).or_insert_with(|| {
            let mut known = Record::new(pact);
            known.set(pact.key, Some(read.lead));
            Life { known, reported: Vec::new(), until: Instant::MIN_UTC }
        });
        life.reported.extend(read.events);
    }
    for life in of.values_mut() {
        let last = life.reported.iter().map(|event| event.at).max().unwrap_or_default();
        life.until = AFTER.after(last, &pact.zone).unwrap_or(last);
    }
    of.into_values().collect()
}

/// The state from which on the reference evaluator answers.
fn by_reference(state: LeadState) -> LeadState {
    state.by_reference()
}

/// Where the reference evaluator comes to.
pub fn reference(pact: &Pact, life: &Life) -> Lived {
    through(pact, life, by_reference, None, &|_, _| Vec::new())
}

/// A way that events take to a state.
pub type Way = fn(&Pact, &Life) -> Lived;

/// The ways, each of which comes to where the reference does.
pub const WAYS: [(&str, Way); 4] = [
    ("at once", at_once),
    ("one instant after the other", |pact, life| through(pact, life, |state| state, None, &|_, _| Vec::new())),
    ("in stretches", in_stretches),
    ("as they come", as_they_come),
];

fn at_once(pact: &Pact, life: &Life) -> Lived {
    replay_into(pact, life.known.clone(), Log::of(life.reported.clone()).into_events(), life.until, EntryLog::default())
}

/// With stops between the events at which nothing happens.
fn in_stretches(pact: &Pact, life: &Life) -> Lived {
    through(pact, life, |state| state, None, &|from, to| {
        let gap = to.signed_duration_since(from);
        [gap / 3, gap / 2, gap - chrono::TimeDelta::nanoseconds(1)].map(|part| from + part).to_vec()
    })
}

/// In the order in which they were reported, late ones among them.
fn as_they_come(pact: &Pact, life: &Life) -> Lived {
    let first = life.reported.first().map_or(life.until, |event| event.at);
    let mut lead = TrackedLead::new(pact, life.known.clone(), first);
    for event in life.reported.iter().cloned() {
        lead = advance(pact, lead, Step::Event(event)).0;
    }
    let lead = advance(pact, lead, Step::Until(life.until)).0;
    (lead.state().clone(), lead.timeline().clone())
}

/// Instant by instant, with stops of time alone between two of them.
fn through(
    pact: &Pact,
    life: &Life,
    answered: fn(LeadState) -> LeadState,
    mut roster: Option<&mut Roster>,
    stops: &dyn Fn(Instant, Instant) -> Vec<Instant>,
) -> Lived {
    let mut by_instant: BTreeMap<Instant, Vec<LeadEvent>> = BTreeMap::new();
    for event in Log::of(life.reported.clone()).events() {
        by_instant.entry(event.at).or_default().push(event);
    }
    // a lead all of whose events were corrected away has not begun
    let Some(first) = by_instant.keys().next().copied() else { return at_once(pact, life) };
    let (mut state, mut timeline) = (answered(begin(life.known.clone(), first)), EntryLog::default());
    let mut on = |state: LeadState, events: Vec<LeadEvent>, until: Instant| {
        let roster = roster.as_deref_mut().map(|roster| roster as _);
        continue_until(pact, state, &mut timeline, events, until, roster)
    };
    let ends: Vec<Instant> = by_instant.keys().copied().skip(1).chain([life.until]).collect();
    for ((at, events), end) in by_instant.into_iter().zip(ends) {
        state = on(state, events, at);
        for stop in stops(at, end).into_iter().filter(|stop| at < *stop && *stop < end) {
            state = on(state, Vec::new(), stop);
        }
    }
    let state = on(state, Vec::new(), life.until);
    (state, timeline)
}

/// Leads one after the other that share teams: by the reference, and otherwise.
pub fn sharing(pact: &Pact, lives: &[Life]) -> [Vec<Lived>; 2] {
    [by_reference as fn(LeadState) -> LeadState, |state| state].map(|answered| {
        let mut roster = Roster::default();
        let through = |life| through(pact, life, answered, Some(&mut roster), &|_, _| Vec::new());
        lives.iter().map(through).collect()
    })
}

/// The first lead, of which the second became a part at its last event: by the reference, and otherwise.
pub fn absorbing(pact: &Pact, lives: &[Life]) -> Option<[Lived; 2]> {
    let [first, second, ..] = lives else { return None };
    let at = second.reported.iter().map(|event| event.at).max()?;
    let with = |life: &Life, what: EventKind, until: Instant| {
        let reported = life.reported.iter().cloned().chain([LeadEvent { at, id: None, what }]).collect();
        Life { known: life.known.clone(), reported, until }
    };
    let part = with(second, EventKind::Merged("a".into()), at);
    let whole = [by_reference as fn(LeadState) -> LeadState, |state| state].map(|answered| {
        let (state, timeline) = through(pact, &part, answered, None, &|_, _| Vec::new());
        let absorbed = AbsorbedLead { lead: "b".into(), by: None, state, timeline };
        let whole = with(first, EventKind::Absorbed(Box::new(absorbed)), first.until.max(at));
        through(pact, &whole, answered, None, &|_, _| Vec::new())
    });
    Some(whole)
}

/// The decision of a lead from a file, by the reference and as it is decided. None where something happened twice at one
/// instant: that is one event of a log, and two of a record.
pub fn decisions(pact: &Pact, record: &Record, at: Instant) -> Option<[Vec<String>; 2]> {
    let from = record.since.filter(|since| *since < at).unwrap_or(at);
    let mut known = record.clone();
    let later = known.history.split_off(known.history.partition_point(|event| event.at <= from));
    let many = later.len();
    let later = later.into_iter().map(|event| {
        let what = EventKind::Happened(event.kind, event.values);
        LeadEvent { at: event.at, id: None, what }
    });
    let later = Log::of(later.collect()).events();
    if later.len() < many {
        return None;
    }
    let mut timeline = EntryLog::default();
    let state = step(pact, by_reference(begin(known, from)), &mut timeline, [], from, None);
    let state = continue_until(pact, state, &mut timeline, later, at, None);
    let decisions = [decision(pact, &state, &timeline), decide(pact, record, at)]
        .map(|decision| fields(&serde_json::to_value(decision).expect("it is data")));
    Some(decisions)
}

/// When a lead of a file is worth a decision: at the last that is known of it, and later.
pub fn instants(pact: &Pact, record: &Record) -> Vec<Instant> {
    let known = record.history.iter().map(|event| event.at).chain(record.since);
    let last = known.max().unwrap_or_default();
    [Duration::default(), Duration::seconds(1), Duration::days(10), AFTER]
        .iter()
        .filter_map(|later| later.after(last, &pact.zone))
        .collect()
}

/// All that there is to say of a state, line by line.
pub fn said(pact: &Pact, (state, timeline): &Lived) -> Vec<String> {
    let key = state.key(pact).into();
    let entries = timeline.entries.iter().map(|entry| serde_json::to_string(&timeline_entry(pact, &key, entry)));
    let mut lines: Vec<String> = entries.map(|line| line.expect("it is data")).collect();
    lines.extend(fields(&serde_json::to_value(decision(pact, state, timeline)).expect("it is data")));
    lines.extend(field_reports(pact, &state.record).iter().map(|field| format!("{field:?}")));
    let horizon = AFTER.after(state.now, &pact.zone).unwrap_or(state.now);
    lines.push(format!("next change {:?}", next_change(pact, state, horizon)));
    lines
}

/// The fields of a decision, a line for each.
fn fields(decision: &Value) -> Vec<String> {
    decision.as_object().into_iter().flatten().map(|(name, value)| format!("{name}: {value}")).collect()
}

/// The first difference between the account of the reference and another.
pub fn difference(right: &[String], other: &[String]) -> Option<String> {
    let at = (0..right.len().max(other.len())).find(|at| right.get(*at) != other.get(*at))?;
    let line = |of: &[String]| of.get(at).cloned().unwrap_or_else(|| "nothing more".into());
    Some(format!("reference  {}\nthis way   {}", line(right), line(other)))
}
