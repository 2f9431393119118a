//! Whatever way a lead's events take to a state, it is the one of the reference evaluator: every field of the decision and
//! every line of the timeline, under pacts, leads and histories of chance.
//!
//! `LEADPACT_EQUALITY=100000` tries so many, `LEADPACT_EQUALITY_FROM` says from which seed on. What fails is made smaller
//! and lies as a case in the folder that the failure names; in `tests/equality/` it stays one.

#[path = "common/random/mod.rs"]
mod random;
#[path = "common/ways.rs"]
mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use leadpact::internals::decide::timeline_entry;
use leadpact::internals::lifecycle::EntryLog;
use leadpact::internals::pact::Pact;
use leadpact::internals::record::Record;
use random::Case;
use random::shrink::shrunk;
use ways::{Lived, WAYS, absorbing, decisions, difference, instants, lives, reference, said, sharing};

/// How many seeds are tried where nothing is said.
const SEEDS: u64 = 100;

/// How many failures are looked for before the rest is left.
const MOST_FOUND: usize = 3;

/// What can happen to one lead alone.
const ALL: [&str; 18] = [
    "assigned",
    "began",
    "clock breached",
    "clock counted",
    "clock met",
    "clock paused",
    "clock restarted",
    "clock resumed",
    "clock started",
    "clock stopped",
    "clock warned",
    "moved",
    "opted_out",
    "recycled",
    "requested",
    "rested",
    "routed",
    "used_up",
];

/// What happened to the leads of a case, where every way comes to what the reference does; else the first way that does
/// not, and to what it comes.
fn compared(case: &Case) -> Result<BTreeSet<String>, String> {
    let mut happened = BTreeSet::new();
    let Ok(pact) = case.pact() else { return Ok(happened) };
    let lives = lives(&pact, &case.events);
    let same = |what: &str, right: &Lived, other: &Lived| match difference(&said(&pact, right), &said(&pact, other)) {
        Some(first) => Err(format!("{what}:\n{first}")),
        None if right != other => Err(format!("{what}: another state\n{:?}\n{:?}", right.0, other.0)),
        None => Ok(()),
    };
    for life in &lives {
        let right = reference(&pact, life);
        for (name, way) in WAYS {
            same(name, &right, &way(&pact, life))?;
        }
        happened.extend(kinds(&pact, &right.1));
    }
    if !pact.teams.is_empty() {
        let [right, other] = sharing(&pact, &lives);
        right.iter().zip(&other).try_for_each(|(right, other)| same("where teams share leads", right, other))?;
    }
    if let Some([right, other]) = absorbing(&pact, &lives) {
        same("where one lead becomes part of another", &right, &other)?;
    }
    for record in case.leads.iter().filter_map(|lead| Record::from_json(&pact, None, lead).ok()) {
        for at in instants(&pact, &record) {
            if let Some([right, other]) = decisions(&pact, &record, at)
                && let Some(first) = difference(&right, &other)
            {
                return Err(format!("a lead of a file at {at}:\n{first}"));
            }
        }
    }
    Ok(happened)
}

/// What happens in a timeline, each once.
fn kinds(pact: &Pact, timeline: &EntryLog) -> BTreeSet<String> {
    let entries = timeline.entries.iter().map(|entry| {
        let entry = serde_json::to_value(timeline_entry(pact, &"".into(), entry)).expect("it is data");
        let parts = ["what", "change"].iter().filter_map(|part| entry[part].as_str());
        parts.collect::<Vec<_>>().join(" ")
    });
    entries.collect()
}

/// The same; a panic is a difference, too.
fn tried(case: &Case) -> Result<BTreeSet<String>, String> {
    catch_unwind(AssertUnwindSafe(|| compared(case))).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
        Err(format!("panic: {}", said.unwrap_or_default()))
    })
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |said| said.parse().expect("it is a number"))
}

#[test]
fn every_way_comes_to_what_the_reference_says() {
    let (from, many) = (number("LEADPACT_EQUALITY_FROM", 0), number("LEADPACT_EQUALITY", SEEDS));
    let (next, found) = (AtomicU64::new(from), Mutex::new(Vec::new()));
    let refused: Mutex<BTreeMap<String, Vec<u64>>> = Mutex::default();
    let happened: Mutex<BTreeSet<String>> = Mutex::default();
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= from + many || found.lock().unwrap().len() >= MOST_FOUND {
                return;
            }
            let case = Case::of(seed);
            if let Err(findings) = case.pact() {
                let first = findings.into_iter().next().unwrap_or_default();
                refused.lock().unwrap().entry(first).or_default().push(seed);
                continue;
            }
            match tried(&case) {
                Ok(all) => happened.lock().unwrap().extend(all),
                Err(_) => {
                    let least = shrunk(case, |case| tried(case).is_err());
                    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("equality").join(seed.to_string());
                    least.write(&folder);
                    let said = tried(&least).err().unwrap_or_default();
                    found.lock().unwrap().push(format!("seed {seed}, {}\n{said}", folder.display()));
                }
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
    assert!(share as u64 * 20 <= many, "{share} of {many} pacts do not check: {refused:#?}");
    // chance that reaches nothing shows nothing
    let happened = happened.into_inner().unwrap();
    let never: Vec<&str> = ALL.into_iter().filter(|what| !happened.contains(*what)).collect();
    assert!(many < SEEDS || never.is_empty(), "never happened to any lead: {never:?}");
}

/// Cases that were found, and such as are worth keeping.
#[test]
fn cases_that_are_kept_hold() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/equality");
    for entry in std::fs::read_dir(cases).expect("the cases are there") {
        let folder = entry.expect("it is a folder").path();
        let case = Case::read(&folder);
        assert!(case.pact().is_ok(), "{}: {:?}", folder.display(), case.pact().err());
        assert_eq!(tried(&case).err(), None, "{}", folder.display());
    }
}
