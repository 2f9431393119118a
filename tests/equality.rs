//! Whatever way a lead's events take to a state, it is the one of the reference evaluator: every field of the decision and
//! every line of the timeline, under pacts, leads and histories of chance.
//!
//! `LEADPACT_EQUALITY=100000` tries so many, `LEADPACT_EQUALITY_FROM` says from which seed on. What fails is made smaller
//! and lies as a case in the folder that the failure names; in `tests/equality/` it stays one.

#[path = "common/random/mod.rs"]
mod random;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use leadpact::decide;
use leadpact::internals::decide::{decision, field_reports, timeline_entry};
use leadpact::internals::io::{Raw, Row};
use leadpact::internals::leads::EventReader;
use leadpact::internals::lifecycle::{
    EntryLog, LeadEvent, LeadState, Log, Step, TrackedLead, advance, begin, continue_until, next_wakeup, replay_into,
};
use leadpact::internals::pact::Pact;
use leadpact::internals::record::Record;
use leadpact::internals::time::{Duration, Instant};
use random::Case;
use random::shrink::shrunk;
use serde_json::Value;

/// How many seeds are tried where nothing is said.
const SEEDS: u64 = 120;

/// How long after the last event leads are looked at.
const AFTER: Duration = Duration { months: 3, days: 0, seconds: 0, business: false };

/// A lead as it was told of: what is known of it at first, and what happened.
struct Life {
    known: Record,
    reported: Vec<LeadEvent>,
    until: Instant,
}

/// The state and timeline of a life by the reference evaluator.
fn reference(pact: &Pact, life: &Life) -> (LeadState, EntryLog) {
    replay_into(pact, life.known.clone(), &Log::of(life.reported.clone()), life.until, EntryLog::default())
}

/// A way that events take to a state.
type Way = fn(&Pact, &Life) -> (LeadState, EntryLog);

const WAYS: [(&str, Way); 4] = [
    ("at once", at_once),
    ("one instant after the other", by_instants),
    ("in stretches", in_stretches),
    ("as they come", as_they_come),
];

fn at_once(pact: &Pact, life: &Life) -> (LeadState, EntryLog) {
    replay_into(pact, life.known.clone(), &Log::of(life.reported.clone()), life.until, EntryLog::default())
}

fn by_instants(pact: &Pact, life: &Life) -> (LeadState, EntryLog) {
    lived(pact, life, &|_, _| Vec::new())
}

/// With stops between the events at which nothing happens.
fn in_stretches(pact: &Pact, life: &Life) -> (LeadState, EntryLog) {
    lived(pact, life, &|from, to| {
        let gap = to.signed_duration_since(from);
        [gap / 3, gap / 2, gap - chrono::TimeDelta::nanoseconds(1)].map(|part| from + part).to_vec()
    })
}

/// Instant by instant, with stops of time alone between two of them.
fn lived(pact: &Pact, life: &Life, stops: &dyn Fn(Instant, Instant) -> Vec<Instant>) -> (LeadState, EntryLog) {
    let mut by_instant: BTreeMap<Instant, Vec<LeadEvent>> = BTreeMap::new();
    for event in Log::of(life.reported.clone()).events() {
        by_instant.entry(event.at).or_default().push(event);
    }
    let Some(first) = by_instant.keys().next().copied() else { return at_once(pact, life) };
    let (mut state, mut timeline) = (begin(life.known.clone(), first), EntryLog::default());
    let ends: Vec<Instant> = by_instant.keys().copied().skip(1).chain([life.until]).collect();
    for ((at, events), end) in by_instant.into_iter().zip(ends) {
        state = continue_until(pact, state, &mut timeline, events, at, None);
        for stop in stops(at, end).into_iter().filter(|stop| at < *stop && *stop < end) {
            state = continue_until(pact, state, &mut timeline, Vec::new(), stop, None);
        }
    }
    let state = continue_until(pact, state, &mut timeline, Vec::new(), life.until, None);
    (state, timeline)
}

/// In the order in which they were reported, late ones among them.
fn as_they_come(pact: &Pact, life: &Life) -> (LeadState, EntryLog) {
    let Some(first) = life.reported.first() else { return at_once(pact, life) };
    let mut lead = TrackedLead::new(pact, life.known.clone(), first.at);
    for event in life.reported.iter().cloned() {
        lead = advance(pact, lead, Step::Event(event)).0;
    }
    let lead = advance(pact, lead, Step::Until(life.until)).0;
    (lead.state().clone(), lead.timeline().clone())
}

/// All that there is to say of a state, line by line.
fn said(pact: &Pact, (state, timeline): &(LeadState, EntryLog)) -> Vec<String> {
    let key = state.key(pact).into();
    let entries = timeline.entries.iter().map(|entry| serde_json::to_string(&timeline_entry(pact, &key, entry)));
    let mut lines: Vec<String> = entries.map(|line| line.expect("it is data")).collect();
    lines.extend(parts(&serde_json::to_value(decision(pact, state, timeline)).expect("it is data")));
    lines.push(format!("fields {}", serde_json::to_string(&field_reports(pact, &state.record)).expect("it is data")));
    let limit = AFTER.after(state.now, &pact.zone).unwrap_or(state.now);
    lines.push(format!("next wakeup {:?}", next_wakeup(pact, state, limit)));
    lines
}

/// The fields of a decision, a line for each.
fn parts(decision: &Value) -> Vec<String> {
    let fields = decision.as_object().into_iter().flatten();
    fields.map(|(name, value)| format!("{name}: {value}")).collect()
}

/// The first difference between two accounts.
fn difference(one: &[String], other: &[String]) -> Option<String> {
    let at = (0..one.len().max(other.len())).find(|at| one.get(*at) != other.get(*at))?;
    let line = |of: &[String]| of.get(at).cloned().unwrap_or_else(|| "nothing more".into());
    Some(format!("reference  {}\nthis way   {}", line(one), line(other)))
}

fn row(number: usize, value: &Value) -> Option<Row> {
    match serde_json::from_value(value.clone()).ok()? {
        Raw::Map(fields) => Some(Row { line: number as u64, fields }),
        _ => None,
    }
}

/// The lives of the leads of a case; rows that do not read are of none.
fn lives(pact: &Pact, case: &Case) -> Vec<Life> {
    let mut of: BTreeMap<String, Life> = BTreeMap::new();
    for (number, event) in case.events.iter().enumerate() {
        let (mut event, mut source) = (event.clone(), None);
        if let Some(named) = event.as_object_mut().and_then(|columns| columns.shift_remove("source")) {
            source = named.as_str().and_then(|name| pact.intake(name));
        }
        let read = row(number, &event).and_then(|row| EventReader::new(pact, source).read(&row).ok());
        let Some(read) = read else { continue };
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

/// The first way that comes to something else than the reference, and to what.
fn differs(case: &Case) -> Option<String> {
    let pact = case.pact().ok()?;
    for life in lives(&pact, case) {
        let right = reference(&pact, &life);
        let account = said(&pact, &right);
        for (name, way) in WAYS {
            let other = way(&pact, &life);
            if let Some(first) = difference(&account, &said(&pact, &other)) {
                return Some(format!("{name}:\n{first}"));
            }
            if other != right {
                return Some(format!("{name}: another state\nreference  {:?}\nthis way   {:?}", right.0, other.0));
            }
        }
    }
    for lead in &case.leads {
        let Ok(record) = Record::from_json(&pact, None, lead) else { continue };
        let last =
            record.history.last().map(|event| event.at).into_iter().chain(record.since).max().unwrap_or_default();
        let again = decide(&pact, &record, last);
        assert_eq!(serde_json::to_string(&decide(&pact, &record, last)).ok(), serde_json::to_string(&again).ok());
    }
    None
}

/// The same; a panic is a difference, too.
fn fails(case: &Case) -> Option<String> {
    catch_unwind(AssertUnwindSafe(|| differs(case))).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
        Some(format!("panic: {}", said.unwrap_or_default()))
    })
}

/// Writes a case where it can be looked at, and from where it can be taken to `tests/equality/`.
fn written(case: &Case, name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("equality").join(name);
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let lines = |rows: &[Value]| rows.iter().map(|row| format!("{row}\n")).collect::<String>();
    let rows = [("events.ndjson".to_owned(), lines(&case.events)), ("leads.ndjson".to_owned(), lines(&case.leads))];
    for (name, text) in case.files.clone().into_iter().chain(rows) {
        std::fs::write(folder.join(name), text).expect("the file can be written");
    }
    folder
}

/// A case of a folder.
fn read(folder: &Path) -> Case {
    let mut case = Case { files: BTreeMap::new(), events: Vec::new(), leads: Vec::new() };
    for entry in std::fs::read_dir(folder).expect("it is a folder") {
        let path = entry.expect("it is a file").path();
        let text = std::fs::read_to_string(&path).expect("it is text");
        let rows = || text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
        match path.file_name().and_then(|name| name.to_str()) {
            Some("events.ndjson") => case.events = rows(),
            Some("leads.ndjson") => case.leads = rows(),
            Some(name) => {
                case.files.insert(name.to_owned(), text);
            }
            None => {}
        }
    }
    case
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |said| said.parse().expect("it is a number"))
}

#[test]
fn every_way_comes_to_what_the_reference_says() {
    let (from, many) = (number("LEADPACT_EQUALITY_FROM", 0), number("LEADPACT_EQUALITY", SEEDS));
    let (next, found) = (AtomicU64::new(from), Mutex::new(Vec::new()));
    let refused: Mutex<BTreeMap<String, Vec<u64>>> = Mutex::default();
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= from + many || found.lock().unwrap().len() >= 3 {
                return;
            }
            let case = Case::of(seed);
            if let Err(findings) = case.pact() {
                let first = findings.into_iter().next().unwrap_or_default();
                refused.lock().unwrap().entry(first).or_default().push(seed);
            } else if fails(&case).is_some() {
                let least = shrunk(case, |case| fails(case).is_some());
                let folder = written(&least, &seed.to_string());
                let said = fails(&least).unwrap_or_default();
                found.lock().unwrap().push(format!("seed {seed}, {}\n{said}", folder.display()));
            }
        }
    };
    std::thread::scope(|scope| {
        (0..std::thread::available_parallelism().map_or(1, Into::into)).for_each(|_| {
            scope.spawn(work);
        });
    });
    let found = found.into_inner().unwrap();
    assert!(found.is_empty(), "{}", found.join("\n\n"));
    let refused = refused.into_inner().unwrap();
    let share = refused.values().map(Vec::len).sum::<usize>();
    assert!(share as u64 * 20 <= many, "{share} of {many} pacts do not check: {refused:?}");
}

#[test]
fn what_was_found_once_holds() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/equality");
    for entry in std::fs::read_dir(cases).expect("the cases are there") {
        let folder = entry.expect("it is a folder").path();
        let case = read(&folder);
        assert!(case.pact().is_ok(), "{}: {:?}", folder.display(), case.pact().err());
        assert_eq!(fails(&case), None, "{}", folder.display());
    }
}
