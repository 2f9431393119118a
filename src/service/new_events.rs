//! What a request submits, and what becomes of it.

use serde::Serialize;

use sha2::{Digest as _, Sha256};

use crate::io;
use crate::leads::UnreadableCells;
use crate::store::{Result, to_stored_json};

/// The events of one request.
#[derive(Debug, Clone, Default)]
pub struct NewEvents {
    /// The `source` that says what the columns mean; empty for none.
    pub source: String,
    /// The rows.
    pub rows: Vec<io::Row>,
    /// The key that the client gave the request, and the hash of its body.
    pub idempotency: Option<(String, String)>,
}

impl NewEvents {
    /// By what it is known that the request came before when it has no key, and a row does not say when it happened: a key
    /// that no client can send, and the hash of its rows. All other rows are known by themselves.
    pub(super) fn known_by_body(&self) -> Result<Option<(String, String)>> {
        if self.idempotency.is_some() || !self.rows.iter().any(|row| says_no_instant(&self.source, row)) {
            return Ok(None);
        }
        let mut hash = Sha256::new();
        for row in &self.rows {
            hash.update(to_stored_json(row)?);
            hash.update("\n");
        }
        let body: String = hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Some((format!(" {body}"), body)))
    }
}

/// Whether a row of a source does not say when it happened, and need not.
pub(super) fn says_no_instant(source: &str, row: &io::Row) -> bool {
    source.is_empty() && row.get("at").is_none()
}

/// What became of submitted events. All that was accepted is durable.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Accepted {
    /// Rows that are new.
    pub accepted: u64,
    /// Rows that were known already.
    pub known: u64,
    /// Rows that the pact does not know.
    pub rejected: Vec<RejectedRow>,
    /// The leads of the rows.
    pub leads: Vec<String>,
    /// Columns of which the pact knows nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unused: Vec<String>,
    /// Cells that could not be read and are missing, by column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<UnreadableCells>,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct RejectedRow {
    pub line: u64,
    pub reason: String,
}

/// Why a request is refused whose key came with another body before.
pub const OTHER_BODY: &str = "this Idempotency-Key came with another body before";
