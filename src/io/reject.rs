use std::fmt;

use super::row::Row;

/// A row that could not be read: where, why, and its text.
///
/// Shown as `line 7, column 12: key `email` appears twice`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The 1-based line of the fault, or, when only the row is known, the line the row starts on.
    pub line: u64,
    /// The 1-based column of the fault in that line, in characters, when the format gives one.
    pub column: Option<u64>,
    /// What is wrong, in words for the person who owns the file.
    pub reason: String,
    /// The row as it stands in the input; of a row too long to be held, its beginning.
    pub raw: String,
}

impl Reject {
    pub(super) fn new(line: u64, reason: impl Into<String>, raw: &[u8]) -> Self {
        Self { line, column: None, reason: reason.into(), raw: String::from_utf8_lossy(raw).into_owned() }
    }

    /// A row that was read and says something that cannot be.
    pub fn of(row: &Row, reason: String) -> Self {
        Self { line: row.line, column: None, reason, raw: serde_json::to_string(row).unwrap_or_default() }
    }

    /// Reading failed, and the rest was not seen.
    pub(super) fn unread(line: u64, error: &std::io::Error) -> Self {
        Self::new(line, format!("reading failed here, and the rest was not seen: {error}"), b"")
    }

    pub(super) fn at(mut self, column: Option<u64>) -> Self {
        self.column = column;
        self
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.reason)
    }
}
