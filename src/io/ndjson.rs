use std::io;

use super::input::{Cut, Input};
use super::json;
use super::reject::Reject;
use super::row::Row;

/// One JSON object a line.
pub(super) struct Lines {
    input: Input,
}

impl Lines {
    pub(super) fn new(input: Input) -> Self {
        Self { input }
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Result<Row, Reject>>> {
        loop {
            let piece = self.input.piece(|byte| if byte == b'\n' { Cut::After } else { Cut::No })?;
            if !piece.bytes.trim_ascii().is_empty() {
                return Ok(Some(json::row(&piece)));
            }
            if piece.overlong {
                return Ok(Some(Err(json::overlong(&piece))));
            }
            if piece.at_end {
                return Ok(None);
            }
        }
    }

    pub(super) fn into_input(self) -> Input {
        self.input
    }

    pub(super) fn line(&self) -> u64 {
        self.input.line()
    }
}

/// Whether text that starts with `{` is one object a line rather than objects over several lines: the first line is
/// an object by itself, or the second starts one without the first having announced it.
pub(super) fn looks_like_lines(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let (Some(first), second) = (lines.next(), lines.next()) else { return false };
    let announced = first.ends_with(b":") || first.ends_with(b"[");
    serde_json::from_slice::<serde::de::IgnoredAny>(first).is_ok()
        || second.is_some_and(|second| second.starts_with(b"{") && !announced)
}
