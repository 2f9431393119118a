use std::io::{self, Read as _};

use memchr::{memchr, memchr_iter, memrchr};

use super::input::{Input, MAX_ROW, Piece};
use super::json;
use super::meter::Meter;
use super::reject::Reject;
use super::row::Row;

/// How many bytes of lines are handed on together.
const BLOCK: usize = 256 << 10;

/// A read that brings less has brought all there is for now: what reads a pipe does not wait for more.
const LITTLE: usize = 32 << 10;

/// Lines of NDJSON, many at a time and not looked into, so that whoever takes them can do that on another thread.
pub struct LineBlocks {
    input: Input,
    meter: Meter,
    line: u64,
    /// The beginning of a line whose end is not read yet.
    rest: Vec<u8>,
    failed: Option<io::Error>,
    ended: bool,
}

/// Whole lines.
pub struct LineBlock {
    /// The 1-based line of the input that the first of them is.
    pub line: u64,
    /// Their bytes, line ends among them.
    pub bytes: Vec<u8>,
}

impl LineBlocks {
    pub(super) fn new(input: Input, meter: Meter) -> Self {
        Self { line: input.line(), input, meter, rest: Vec::new(), failed: None, ended: false }
    }

    /// Whether reading failed, so that there may be lines nobody has seen.
    pub fn cut_short(&self) -> bool {
        self.meter.failed()
    }

    /// Reads until there are lines enough, or no more for now; nothing at the end.
    fn block(&mut self) -> Option<Result<Vec<u8>, io::Error>> {
        let mut bytes = std::mem::take(&mut self.rest);
        let mut chunk = vec![0; 64 << 10];
        loop {
            let count = match self.input.read(&mut chunk) {
                Ok(count) => count,
                Err(error) => {
                    // what was read before comes first; of a line that was begun, nothing
                    bytes.truncate(memrchr(b'\n', &bytes).map_or(0, |end| end + 1));
                    if bytes.is_empty() {
                        return Some(Err(error));
                    }
                    self.failed = Some(error);
                    return Some(Ok(bytes));
                }
            };
            if count == 0 {
                self.ended = true;
                return Some(Ok(bytes)).filter(|bytes| bytes.as_ref().is_ok_and(|bytes| !bytes.is_empty()));
            }
            let begin = bytes.len();
            bytes.extend_from_slice(chunk.get(..count).unwrap_or_default());
            let end = memrchr(b'\n', bytes.get(begin..).unwrap_or_default()).map(|end| begin + end + 1);
            let enough = bytes.len() >= BLOCK || count < LITTLE;
            match end {
                Some(end) if enough => {
                    self.rest = bytes.split_off(end);
                    return Some(Ok(bytes));
                }
                // of a line that is longer than what is held, what tells that it is
                None if begin > MAX_ROW && memchr(b'\n', &bytes).is_none() => {
                    self.line += line_ends(bytes.get(begin..).unwrap_or_default());
                    bytes.truncate(MAX_ROW + 1);
                }
                _ => {}
            }
        }
    }
}

impl Iterator for LineBlocks {
    type Item = Result<LineBlock, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.failed.take() {
            self.ended = true;
            return Some(Err(Reject::unread(self.line, &error)));
        }
        if self.ended {
            return None;
        }
        let line = self.line;
        match self.block()? {
            Ok(bytes) => {
                self.line += line_ends(&bytes);
                Some(Ok(LineBlock { line, bytes }))
            }
            Err(error) => {
                self.ended = true;
                Some(Err(Reject::unread(self.line, &error)))
            }
        }
    }
}

impl LineBlock {
    /// Each line with its number, blank ones left out.
    pub fn lines(&self) -> impl Iterator<Item = (u64, &[u8])> {
        // nearly no text has another end of a line than the one that cuts
        let plain = memchr(b'\r', &self.bytes).is_none();
        let (mut number, mut begin) = (self.line, 0);
        let ends = memchr_iter(b'\n', &self.bytes).map(|end| end + 1).chain([self.bytes.len()]);
        let lines = ends.map(move |end| {
            let line = self.bytes.get(begin..end).unwrap_or_default();
            let at = number;
            number += if plain { 1 } else { line_ends(line) };
            begin = end;
            (at, line)
        });
        lines.filter(|(_, line)| line.len() > MAX_ROW || !line.trim_ascii().is_empty())
    }
}

/// How many line ends there are: `\n`, `\r\n` and a lone `\r` are one each.
fn line_ends(bytes: &[u8]) -> u64 {
    let mut ends = memchr_iter(b'\n', bytes).count() as u64;
    if memchr(b'\r', bytes).is_some() {
        let lone = |at: &usize| bytes.get(at + 1) != Some(&b'\n');
        ends += memchr_iter(b'\r', bytes).filter(lone).count() as u64;
    }
    ends
}

/// The row that a line is, which must be one JSON object.
///
/// # Errors
/// When it is none, or longer than what is held in memory.
pub fn line_row(number: u64, line: &[u8]) -> Result<Row, Reject> {
    let piece = Piece { line: number, column: 1, bytes: line.to_vec(), overlong: false, at_end: false };
    if line.len() > MAX_ROW {
        return Err(json::overlong(&piece.shortened()));
    }
    json::row(&piece)
}
