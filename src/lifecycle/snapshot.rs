//! A snapshot: a state without its record, to be stored.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::clock::Clock;
use super::judge::Answers;
use super::state::{Assignee, LeadState, Recycled, StageState};
use crate::pact::StageId;
use crate::record::{Past, Record};
use crate::time::Instant;

/// A state in the ids of its pact, to be stored and restored. The record is not in it: that is [made of the
/// events](super::record_of) again, and goes into [`Snapshot::with`].
///
/// # Examples
/// ```
/// use leadpact::internals::{lifecycle::{Snapshot, begin, record_of}, load::load, value::Value, world::Memory};
/// let world = Memory::new([("a.pact", r#"
///     pact small { parties marketing, sales }
///     lead { id text key }"#)]);
/// let pact = load(&world, None).pact.expect("it checks clean");
/// let record = record_of(&pact, Value::Text("1".into()), &[]);
/// let state = begin(record.clone(), "2026-03-02T09:00:00Z".parse().unwrap());
/// let text = serde_json::to_string(&Snapshot::of(&state)).unwrap();
/// assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap().with(record), state);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    now: Instant,
    stage_state: Option<StageState>,
    round: u32,
    recycled: Vec<Recycled>,
    assignee: Option<Assignee>,
    handed: Option<Instant>,
    refused: Vec<Arc<str>>,
    clocks: Vec<Clock>,
    #[serde(default)]
    heard: usize,
    opted_out: Option<Instant>,
    merged: Option<(Instant, Arc<str>)>,
    past: Past,
    stage: Option<StageId>,
    since: Option<Instant>,
}

impl Snapshot {
    /// The snapshot of a state.
    pub fn of(state: &LeadState) -> Self {
        Self::at(state, state.now)
    }

    /// The snapshot of a state as if it were of another instant.
    pub(super) fn at(state: &LeadState, now: Instant) -> Self {
        Self {
            now,
            stage_state: state.stage_state.clone(),
            round: state.round,
            recycled: state.recycled.clone(),
            assignee: state.assignee.clone(),
            handed: state.handed,
            refused: state.refused.clone(),
            clocks: state.clocks.clone(),
            heard: state.heard,
            opted_out: state.opted_out,
            merged: state.merged.clone(),
            past: state.record.past.clone(),
            stage: state.record.stage,
            since: state.record.since,
        }
    }

    /// The state, with the lead's record.
    pub fn with(self, record: Record) -> LeadState {
        let Self { past, stage, since, .. } = self;
        LeadState {
            record: Record { past, stage, since, ..record },
            now: self.now,
            stage_state: self.stage_state,
            round: self.round,
            recycled: self.recycled,
            assignee: self.assignee,
            handed: self.handed,
            refused: self.refused,
            clocks: self.clocks,
            heard: self.heard,
            opted_out: self.opted_out,
            merged: self.merged,
            answers: Answers::default(),
        }
    }
}
