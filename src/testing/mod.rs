//! `leadpact test`: the tests of a pact, run by the engine that decides leads.

mod coverage;
mod figures;
mod judge;

use std::sync::Arc;

pub use coverage::{Coverage, Uncovered};
pub use judge::Failure;
use judge::Judge;

use crate::decide::outline;
use crate::eval::View;
use crate::lifecycle::{EntryLog, EventKind, LeadEvent, LeadState, replay_record_into};
use crate::load::load;
use crate::pact::{Expectation, Happens, Pact, Test, TestLead};
use crate::source::Place;
use crate::time::Instant;
use crate::world::World;

/// What the tests of a pact came to.
#[derive(Debug, Clone)]
pub struct Report {
    /// Each test that ran, in order of place.
    pub results: Vec<TestResult>,
    /// What the tests reached.
    pub coverage: Coverage,
    /// How many tests the filter left out.
    pub filtered: usize,
}

/// What a test came to.
#[derive(Debug, Clone, PartialEq)]
pub struct TestResult {
    /// Its name.
    pub name: Arc<str>,
    /// Where it stands.
    pub place: Place,
    /// What came out otherwise than expected; a test without failures passed.
    pub failures: Vec<Failure>,
}

impl Report {
    /// How many tests passed.
    pub fn passed(&self) -> usize {
        self.results.len() - self.failed()
    }

    /// How many tests failed.
    pub fn failed(&self) -> usize {
        self.results.iter().filter(|result| !result.failures.is_empty()).count()
    }
}

/// Runs the tests of a pact whose name contains `filter`, each with the params of its own environment.
///
/// Tests that name an environment need the pact as it is there, so the world is read again for each of them.
pub fn run(pact: &Pact, world: &dyn World, filter: Option<&str>) -> Report {
    let wanted = |test: &&Test| filter.is_none_or(|filter| test.name.contains(filter));
    let mut coverage = Coverage::new(pact);
    let mut results = Vec::new();
    for test in pact.tests.iter().filter(wanted).take_while(|_| !world.given_up()) {
        let result = match test.environment.as_deref() {
            Some(environment) if pact.environment.as_deref() != Some(environment) => {
                let loaded = load(world, Some(environment)).pact;
                let twin =
                    loaded.as_ref().and_then(|pact| pact.tests.iter().find(|t| t.name == test.name).map(|t| (pact, t)));
                match twin {
                    Some((pact, test)) => judged(pact, test, &mut coverage),
                    None => TestResult {
                        name: test.name.clone(),
                        place: pact.sources.place(test.span),
                        failures: vec![Failure::broken(pact, test, environment)],
                    },
                }
            }
            _ => judged(pact, test, &mut coverage),
        };
        results.push(result);
    }
    results.sort_by(|a, b| (&a.place.file, a.place.line).cmp(&(&b.place.file, b.place.line)));
    let filtered = pact.tests.len() - results.len();
    Report { results, coverage, filtered }
}

fn judged(pact: &Pact, test: &Test, coverage: &mut Coverage) -> TestResult {
    let mut failures = Vec::new();
    let mut open = &test.expectations[..];
    while let Some(first) = open.first() {
        let at = |expectation: &Expectation| expectation.at.unwrap_or(test.at);
        // what is expected at one instant is judged by one run up to it
        let same = open.iter().position(|other| at(other) != at(first)).unwrap_or(open.len());
        let (now, later) = open.split_at(same);
        let leads: Vec<(LeadState, EntryLog)> =
            test.leads.iter().map(|lead| replayed(pact, test, lead, at(first))).collect();
        failures.extend(figures::failures(pact, &leads, now, at(first)));
        for (state, timeline) in &leads {
            let view = View::new(pact, &state.record, state.now);
            let decision = outline(&view, state, timeline);
            coverage.observe(&view, state, timeline);
            // of several leads only figures are expected
            let judge = Judge::new(&view, state, timeline, &decision);
            failures.extend(now.iter().filter_map(|expectation| judge.failure(expectation)));
        }
        open = later;
    }
    TestResult { name: test.name.clone(), place: pact.sources.place(test.span), failures }
}

/// The state of a test's lead up to an instant.
fn replayed(pact: &Pact, test: &Test, lead: &TestLead, until: Instant) -> (LeadState, EntryLog) {
    let happens = lead.happens.iter().map(|(at, happens)| LeadEvent {
        at: *at,
        id: None,
        what: match happens {
            Happens::Event(kind, values) => EventKind::Happened(*kind, values.clone()),
            Happens::Change(field, value) => EventKind::Changed(None, vec![(*field, value.clone())]),
            Happens::Assigned(name) => EventKind::Assigned(Some(name.clone())),
        },
    });
    let begin = test.begin.min(until);
    replay_record_into(pact, &lead.record, begin, happens.collect(), until, EntryLog::of_what_is_known())
}
