//! One step of a lead, for those who hold its state between steps.

use super::event::{LeadEvent, Log};
use super::run::replay_events;
use super::state::LeadState;
use super::timeline::{EntryLog, TimelineEntry};
use crate::pact::Pact;
use crate::record::Record;
use crate::time::Instant;

/// A lead's state with its events, so that an event that comes late can still find its place.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackedLead {
    initial: Record,
    log: Log,
    state: LeadState,
    timeline: EntryLog,
}

/// What reaches a lead.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// An event of it.
    Event(LeadEvent),
    /// Time passes until an instant.
    Until(Instant),
}

/// What a step changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TimelineChanges {
    /// What happened that had not happened before, in order.
    pub happened: Vec<TimelineEntry>,
    /// What had happened, and has not, by what is known now. Actions among it were requested in vain.
    pub withdrawn: Vec<TimelineEntry>,
}

impl TrackedLead {
    /// A lead without an event by the instant. `initial` is what is known before the first event, such as its key.
    pub fn new(pact: &Pact, initial: Record, at: Instant) -> Self {
        let log = Log::default();
        let (state, timeline) = replay_events(pact, initial.clone(), &log, at);
        Self { initial, log, state, timeline }
    }

    /// The state so far.
    pub fn state(&self) -> &LeadState {
        &self.state
    }

    /// Its timeline so far.
    pub fn timeline(&self) -> &EntryLog {
        &self.timeline
    }
}

/// Takes one event in, or lets time pass. The state depends on the events and the latest instant alone, not on the
/// order in which they came, nor on how often one came.
///
/// # Examples
/// ```
/// use leadpact::internals::{lifecycle::{Step, LeadEvent, TrackedLead, EventKind, advance}, load::load, record::Record, world::Memory};
/// let world = Memory::new([("a.pact", r#"
///     pact small { parties marketing, sales }
///     lead { id text key }
///     activity demo_request
///     pipeline all {
///       stage inquiry { owner marketing  move to mql when any demo_request }
///       stage mql { owner sales  final }
///     }"#)]);
/// let pact = load(&world, None).pact.expect("it checks clean");
/// let at = "2026-03-02T09:00:00Z".parse().unwrap();
/// let demo = LeadEvent { at, id: None, what: EventKind::Happened(pact.kind("demo_request").unwrap(), vec![]) };
/// let (state, changes) = advance(&pact, TrackedLead::new(&pact, Record::new(&pact), at), Step::Event(demo.clone()));
/// assert_eq!(state.state().stage(), pact.stage("mql"));
/// assert!(changes.withdrawn.is_empty());
/// let (again, nothing) = advance(&pact, state.clone(), Step::Event(demo));
/// assert_eq!((again, nothing.happened.len()), (state, 0));
/// ```
pub fn advance(pact: &Pact, state: TrackedLead, input: Step) -> (TrackedLead, TimelineChanges) {
    let TrackedLead { initial, mut log, state, timeline } = state;
    let until = match input {
        Step::Event(event) => {
            let until = state.now.max(event.at);
            if !log.take(event) {
                return (TrackedLead { initial, log, state, timeline }, TimelineChanges::default());
            }
            until
        }
        Step::Until(until) => state.now.max(until),
    };
    let (state, new) = replay_events(pact, initial.clone(), &log, until);
    let happened = new.entries.iter().filter(|entry| !timeline.entries.contains(entry)).cloned().collect();
    let withdrawn = timeline.entries.iter().filter(|entry| !new.entries.contains(entry)).cloned().collect();
    (TrackedLead { initial, log, state, timeline: new }, TimelineChanges { happened, withdrawn })
}
