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
use leadpact::internals::record::Record;
use random::Case;
use random::shrink::shrunk;
use ways::{WAYS, absorbing, decisions, difference, instants, lives, reference, said, sharing};

/// How many seeds are tried where nothing is said.
const SEEDS: u64 = 100;

/// How many failures are looked for before the rest is left.
const MOST_FOUND: usize = 3;

/// The first way that comes to something else than the reference, and to what.
fn differs(case: &Case) -> Option<String> {
    let pact = case.pact().ok()?;
    let lives = lives(&pact, &case.events);
    for life in &lives {
        let right = reference(&pact, life);
        let account = said(&pact, &right);
        for (name, way) in WAYS {
            let other = way(&pact, life);
            if let Some(first) = difference(&account, &said(&pact, &other)) {
                return Some(format!("{name}:\n{first}"));
            }
            if other != right {
                return Some(format!("{name}: another state\nreference  {:?}\nthis way   {:?}", right.0, other.0));
            }
        }
    }
    if !pact.teams.is_empty() {
        let [right, other] = sharing(&pact, &lives);
        for (right, other) in right.iter().zip(&other) {
            if let Some(first) = difference(&said(&pact, right), &said(&pact, other)) {
                return Some(format!("where teams share leads:\n{first}"));
            }
        }
    }
    if let Some([right, other]) = absorbing(&pact, &lives)
        && let Some(first) = difference(&said(&pact, &right), &said(&pact, &other))
    {
        return Some(format!("where one lead becomes part of another:\n{first}"));
    }
    for record in case.leads.iter().filter_map(|lead| Record::from_json(&pact, None, lead).ok()) {
        for at in instants(&pact, &record) {
            let [right, other] = decisions(&pact, &record, at);
            if let Some(first) = difference(&right, &other) {
                return Some(format!("a lead of a file at {at}:\n{first}"));
            }
        }
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
            if seed >= from + many || found.lock().unwrap().len() >= MOST_FOUND {
                return;
            }
            let case = Case::of(seed);
            if let Err(findings) = case.pact() {
                let first = findings.into_iter().next().unwrap_or_default();
                refused.lock().unwrap().entry(first).or_default().push(seed);
            } else if fails(&case).is_some() {
                let least = shrunk(case, |case| fails(case).is_some());
                let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("equality").join(seed.to_string());
                least.write(&folder);
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
    assert!(share as u64 * 20 <= many, "{share} of {many} pacts do not check: {refused:#?}");
}

#[test]
fn what_was_found_once_holds() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/equality");
    for entry in std::fs::read_dir(cases).expect("the cases are there") {
        let folder = entry.expect("it is a folder").path();
        let case = Case::read(&folder);
        assert!(case.pact().is_ok(), "{}: {:?}", folder.display(), case.pact().err());
        assert_eq!(fails(&case), None, "{}", folder.display());
    }
}

/// Chance reaches what there is: all that can happen to one lead alone happens to some lead, in the first cases already.
#[test]
fn everything_happens_to_some_lead() {
    let mut happened: BTreeSet<String> = BTreeSet::new();
    for case in (0..SEEDS).map(Case::of) {
        let Ok(pact) = case.pact() else { continue };
        for life in lives(&pact, &case.events) {
            let (state, timeline) = reference(&pact, &life);
            let key = state.key(&pact).into();
            for entry in &timeline.entries {
                let entry = serde_json::to_value(timeline_entry(&pact, &key, entry)).unwrap();
                let parts = ["what", "change"].iter().filter_map(|part| entry[part].as_str());
                happened.insert(parts.collect::<Vec<_>>().join(" "));
            }
        }
    }
    let happened: Vec<&str> = happened.iter().map(String::as_str).collect();
    assert_eq!(happened, ["?"]);
}
