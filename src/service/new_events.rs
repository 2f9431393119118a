//! What a request submits, and what becomes of it.

use serde::Serialize;

use crate::io;
use crate::leads::UnreadableCells;

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
