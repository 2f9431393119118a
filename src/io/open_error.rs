use std::io;

use thiserror::Error;

use crate::workbook::WorkbookError;

/// Why no row of an input can be read.
#[derive(Debug, Error)]
pub enum OpenError {
    /// There is nothing to read, where the format needs at least a header or a value.
    #[error("the input is empty")]
    Empty,
    /// The header of a CSV does not name each column once.
    #[error("the header on line {line} cannot be used: {reason}")]
    Header {
        /// The line of the header.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The format is read whole, and the input is larger than that allows.
    #[error("the input is larger than {limit} MiB, the most that can be read as YAML: write it as NDJSON instead")]
    TooLarge {
        /// The limit, in MiB.
        limit: usize,
    },
    /// The input is no workbook, though its name or the caller says so.
    #[error("the input is not a workbook")]
    NotWorkbook,
    /// No sheet of the workbook can be read.
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    /// The input is not text.
    #[error("the input is not text: {0}")]
    NotText(String),
    /// Reading failed.
    #[error("the input cannot be read: {0}")]
    Io(#[from] io::Error),
}
