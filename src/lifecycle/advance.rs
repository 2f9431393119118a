//! One step of a life, for those who keep lives between steps.

use super::event::{LeadEvent, Log};
use super::life::Life;
use super::live::live;
use super::story::{Entry, Story};
use crate::pact::Pact;
use crate::record::Record;
use crate::value::Instant;

/// A lead's life with what was told of it, so that something told late can still find its place.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    known: Record,
    log: Log,
    life: Life,
    story: Story,
}

/// What reaches a lead.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Something is told of it.
    Event(LeadEvent),
    /// Time passes until an instant.
    Until(Instant),
}

/// What a step changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// What happened that had not happened before, in order.
    pub happened: Vec<Entry>,
    /// What had happened, and has not, by what is known now. Effects among it were asked for in vain.
    pub withdrawn: Vec<Entry>,
}

impl State {
    /// A lead of which nothing has been told by the instant. `known` is what is known before anything is, such as its
    /// key. Its life begins with the first event.
    pub fn new(pact: &Pact, known: Record, at: Instant) -> Self {
        let log = Log::default();
        let (life, story) = live(pact, known.clone(), &log, at);
        Self { known, log, life, story }
    }

    /// The life so far.
    pub fn life(&self) -> &Life {
        &self.life
    }

    /// Its story so far.
    pub fn story(&self) -> &Story {
        &self.story
    }
}

/// Takes one event in, or lets time pass. The state depends on the events and the latest instant alone, not on the
/// order in which they came, nor on how often one came.
///
/// # Examples
/// ```
/// use leadpact::{lifecycle::{Input, LeadEvent, State, What, advance}, load::load, record::Record, world::Memory};
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
/// let demo = LeadEvent { at, id: None, what: What::Happened(pact.kind("demo_request").unwrap(), vec![]) };
/// let (state, changes) = advance(&pact, State::new(&pact, Record::new(&pact), at), Input::Event(demo.clone()));
/// assert_eq!(state.life().stage(), pact.stage("mql"));
/// assert!(changes.withdrawn.is_empty());
/// let (again, nothing) = advance(&pact, state.clone(), Input::Event(demo));
/// assert_eq!((again, nothing.happened.len()), (state, 0));
/// ```
pub fn advance(pact: &Pact, state: State, input: Input) -> (State, Changes) {
    let State { known, mut log, life, story } = state;
    let until = match input {
        Input::Event(event) => {
            let until = life.now.max(event.at);
            if !log.take(event) {
                return (State { known, log, life, story }, Changes::default());
            }
            until
        }
        Input::Until(until) => life.now.max(until),
    };
    let (life, new) = live(pact, known.clone(), &log, until);
    let happened = new.entries.iter().filter(|entry| !story.entries.contains(entry)).cloned().collect();
    let withdrawn = story.entries.iter().filter(|entry| !new.entries.contains(entry)).cloned().collect();
    (State { known, log, life, story: new }, Changes { happened, withdrawn })
}
