use std::io;

use serde::Deserialize;

use super::input::{Cut, Input, MAX_ROW, Piece};
use super::json_shape::Shape;
use super::raw::Raw;
use super::reject::Reject;
use super::row::Row;

/// A JSON list of objects, or objects one after another, cut at the ends of elements before any of them is parsed:
/// memory holds one element, and a bad one does not take its neighbours with it.
pub(super) struct Elements {
    input: Input,
    place: Place,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Start,
    /// In the list, where an element is due: after `[` or after a comma.
    Due {
        comma: bool,
    },
    /// In the list, after an element.
    Done,
    /// Between objects that stand one after another.
    Loose,
    /// After the list's end.
    After,
    End,
}

impl Elements {
    pub(super) fn new(input: Input) -> Self {
        Self { input, place: Place::Start }
    }

    pub(super) fn line(&self) -> u64 {
        self.input.line()
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Result<Row, Reject>>> {
        loop {
            if self.place == Place::End {
                return Ok(None);
            }
            self.input.skip(|byte| byte.is_ascii_whitespace())?;
            let Some(byte) = self.input.peek()? else {
                let open = matches!(self.place, Place::Due { .. } | Place::Done);
                self.place = Place::End;
                return Ok(open.then(|| Err(self.fault("the list is never closed: was the file cut short?"))));
            };
            match (self.place, byte) {
                (Place::Start, b'[') => {
                    self.step()?;
                    self.place = Place::Due { comma: false };
                }
                (Place::Start, _) => self.place = Place::Loose,
                (Place::Done, b',') => {
                    self.step()?;
                    self.place = Place::Due { comma: true };
                }
                (Place::Due { .. }, b',') => {
                    let fault = self.fault("there is nothing before this comma");
                    self.step()?;
                    self.place = Place::Due { comma: true };
                    return Ok(Some(Err(fault)));
                }
                (Place::Done | Place::Due { comma: false }, b']') => {
                    self.step()?;
                    self.place = Place::After;
                }
                (Place::Due { comma: true }, b']') => {
                    self.place = Place::Done;
                    return Ok(Some(Err(self.fault("there is nothing after the last comma"))));
                }
                (Place::Due { .. } | Place::Done, _) => {
                    let mut shape = Shape::at(self.input.column());
                    let piece = self.input.piece(|byte| shape.in_list(byte))?;
                    let row = row(&piece);
                    let cut_short = piece.at_end && row.is_err();
                    self.place = if cut_short { Place::End } else { Place::Done };
                    return Ok(Some(row));
                }
                (Place::Loose, _) => {
                    let mut shape = Shape::at(self.input.column());
                    return Ok(Some(row(&self.input.piece(|byte| shape.loose(byte))?)));
                }
                (Place::After | Place::End, _) => {
                    let piece = self.input.piece(|byte| if byte == b'\n' { Cut::After } else { Cut::No })?;
                    let reason = "this stands after the end of the list";
                    return Ok(Some(Err(Reject::new(piece.line, reason, piece.bytes.trim_ascii_end()))));
                }
            }
        }
    }

    fn fault(&self, reason: &str) -> Reject {
        Reject::new(self.input.line(), reason, b"")
    }

    fn step(&mut self) -> io::Result<()> {
        self.input.piece(|_| Cut::After).map(drop)
    }
}

/// The row that `piece` is, which must be one JSON object.
pub(super) fn row(piece: &Piece) -> Result<Row, Reject> {
    if piece.overlong {
        return Err(overlong(piece));
    }
    let bytes = piece.bytes.trim_ascii_end();
    let fail = |line, column, reason: String| Err(Reject::new(line, reason, bytes).at(column));
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let (line, column) = position(piece, &bytes[..error.valid_up_to()]);
            return fail(line, Some(column), "these bytes are not UTF-8 text".to_owned());
        }
    };
    match parse(text) {
        Ok(Raw::Map(fields)) => Ok(Row { line: piece.line, fields }),
        Ok(other) => {
            fail(piece.line, Some(piece.column), format!("a row must be an object `{{…}}`, not {}", other.kind()))
        }
        Err(error) => {
            let before = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
            // Column 0 is the end of the line before.
            let end = (before + error.column()).saturating_sub(1).min(bytes.len());
            let (line, column) = position(piece, &bytes[..end]);
            fail(line, Some(column), reason(&error))
        }
    }
}

pub(super) fn overlong(piece: &Piece) -> Reject {
    Reject::new(piece.line, format!("the row is longer than {} MiB", MAX_ROW >> 20), &piece.bytes)
}

fn parse(text: &str) -> serde_json::Result<Raw> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let raw = Raw::deserialize(&mut parser)?;
    parser.end()?;
    Ok(raw)
}

/// The line and column after `before`, the beginning of `piece`.
fn position(piece: &Piece, before: &[u8]) -> (u64, u64) {
    let lines = before.iter().filter(|byte| **byte == b'\n').count() as u64;
    let last = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let characters = String::from_utf8_lossy(last).chars().count() as u64;
    (piece.line + lines, characters + if lines == 0 { piece.column } else { 1 })
}

/// serde_json's message without the position, which it counts from the row's start.
fn reason(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "the row ends before it is closed".to_owned();
    }
    let message = error.to_string();
    match message.rsplit_once(" at line ") {
        Some(("recursion limit exceeded", _)) => "the row is nested too deeply".to_owned(),
        Some((message, _)) => message.to_owned(),
        None => message,
    }
}
