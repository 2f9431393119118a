//! Where a state was when the pact in force came into force, so that it is not replayed from its beginning through every
//! pact version each time an event comes.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::history::{EngineAnswer, History};
use crate::lifecycle::{LeadEvent, Snapshot};
use crate::time::Instant;

/// A state at the first instant of a pact version, the events of that instant included. It holds as long as the history
/// before it is the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    /// The version of leadpact that replayed it: another may replay it otherwise.
    built_by: String,
    /// The history up to then, as a hash.
    hash: String,
    /// The number of the pact version.
    pub(super) version: i64,
    /// How many assignments were made up to then.
    pub(super) turns: usize,
    /// The engine's own answers up to then.
    pub(super) answers: Vec<EngineAnswer>,
    pub(super) snapshot: Snapshot,
}

impl Checkpoint {
    pub(super) fn new(
        version: i64,
        hash: String,
        turns: usize,
        answers: Vec<EngineAnswer>,
        snapshot: Snapshot,
    ) -> Self {
        Self { built_by: env!("CARGO_PKG_VERSION").to_owned(), hash, version, turns, answers, snapshot }
    }

    /// One that was stored; none when another version of leadpact made it.
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().filter(|checkpoint: &Self| checkpoint.built_by == env!("CARGO_PKG_VERSION"))
    }

    /// Whether the history before it is still the same.
    pub(super) fn holds(&self, hash: &str) -> bool {
        self.hash == hash
    }
}

/// The history up to an instant, as rows and as the pact in force understands them. Rows count too, since
/// earlier pacts may understand what this one does not.
pub(super) fn history_hash(at: Instant, history: &History<'_>, events: &[LeadEvent]) -> String {
    let mut hash = Sha256::new();
    for event in history.events().filter(|event| event.at <= at) {
        hash.update(&event.source);
        hash.update([0xff]);
        hash.update(&event.line);
        hash.update([0xff]);
    }
    for event in events.iter().filter(|event| event.at <= at) {
        hash.update(format!("{event:?}"));
    }
    hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}
