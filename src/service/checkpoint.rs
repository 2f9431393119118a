//! What a state had come to when the pact in force took effect, so that it is not lived from its beginning through every
//! pact each time something is told.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::history::{EngineAnswer, History};
use crate::lifecycle::{LeadEvent, Snapshot};
use crate::time::Instant;

/// A state at the first instant of an version, what happened at that instant included. It holds as long as nothing else is told
/// of what was before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    /// The version of leadpact that lived it: another may live it otherwise.
    built_by: String,
    /// What was told up to then, as a hash.
    told: String,
    pub(super) version: i64,
    /// How many turns were taken up to then.
    pub(super) turns: usize,
    /// The engine's own answers up to then.
    pub(super) answers: Vec<EngineAnswer>,
    pub(super) kept: Snapshot,
}

impl Checkpoint {
    pub(super) fn new(version: i64, told: String, turns: usize, answers: Vec<EngineAnswer>, kept: Snapshot) -> Self {
        Self { built_by: env!("CARGO_PKG_VERSION").to_owned(), told, version, turns, answers, kept }
    }

    /// One that was put by; none when it is of another version.
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().filter(|checkpoint: &Self| checkpoint.built_by == env!("CARGO_PKG_VERSION"))
    }

    /// Whether nothing else has been told since of what was before.
    pub(super) fn holds(&self, told: &str) -> bool {
        self.told == told
    }
}

/// All that was told of up to an instant, as rows and as the pact in force understands them. Rows count too, since
/// earlier pacts may understand what this one does not.
pub(super) fn told_until(at: Instant, history: &History<'_>, told: &[LeadEvent]) -> String {
    let mut hash = Sha256::new();
    for event in history.events().filter(|event| event.at <= at) {
        hash.update(&event.source);
        hash.update([0xff]);
        hash.update(&event.line);
        hash.update([0xff]);
    }
    for event in told.iter().filter(|event| event.at <= at) {
        hash.update(format!("{event:?}"));
    }
    hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}
