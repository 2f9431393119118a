use std::collections::VecDeque;
use std::io::Read;
use std::vec;

use serde::Deserialize;

use super::input::Input;
use super::open_error::OpenError;
use super::raw::Raw;
use super::reject::Reject;
use super::row::Row;
use super::yaml_digits::Fill;
use super::yaml_split::{self, Part, Place};

/// YAML is read whole, so its size is limited.
const LIMIT: usize = 64 << 20;

/// YAML documents, each a map or a list of maps, one parsed at a time.
pub(super) struct Documents {
    text: String,
    /// The documents not yet parsed, as places, so that nothing borrows from `text`.
    left: vec::IntoIter<Place>,
    ready: VecDeque<Result<Row, Reject>>,
}

impl Documents {
    pub(super) fn open(input: Input) -> Result<Self, OpenError> {
        let mut bytes = Vec::new();
        input.take(LIMIT as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > LIMIT {
            return Err(OpenError::TooLarge { limit: LIMIT >> 20 });
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            OpenError::NotText(format!("line {line} holds bytes that are not UTF-8"))
        })?;
        Ok(Self { left: yaml_split::documents(&text).into_iter(), text, ready: VecDeque::new() })
    }

    pub(super) fn next(&mut self) -> Option<Result<Row, Reject>> {
        while self.ready.is_empty() {
            let place = self.left.next()?;
            read(place.of(&self.text), &mut self.ready);
        }
        self.ready.pop_front()
    }
}

fn read(document: Part<'_>, out: &mut VecDeque<Result<Row, Reject>>) {
    let items = yaml_split::items(document);
    match parse(document) {
        Ok(Raw::List(values)) => {
            let known = values.len() == items.len();
            out.extend(values.into_iter().enumerate().map(|(at, value)| {
                let line = if known { items[at].line } else { document.line };
                row(line, value, if known { Some(items[at].text) } else { None })
            }));
        }
        Ok(value) => out.push_back(row(first_line(document), value, Some(document.text))),
        // Each item alone, so that the bad one does not take the others with it.
        Err(_) if items.len() > 1 => {
            for item in items {
                match parse(item) {
                    Ok(Raw::List(values)) => {
                        out.extend(values.into_iter().map(|value| row(item.line, value, Some(item.text))));
                    }
                    Ok(value) => out.push_back(row(item.line, value, Some(item.text))),
                    Err(reject) => out.push_back(Err(reject)),
                }
            }
        }
        Err(reject) => out.push_back(Err(reject)),
    }
}

/// The line of a document's first content, below its `---` and comments.
fn first_line(document: Part<'_>) -> u64 {
    let above = document.text.lines().take_while(|line| !yaml_split::holds_data(line));
    document.line + above.count() as u64
}

fn row(line: u64, value: Raw, text: Option<&str>) -> Result<Row, Reject> {
    match value {
        Raw::Map(fields) => Ok(Row { line, fields }),
        other => {
            let written = || serde_json::to_string(&other).unwrap_or_default();
            let raw = text.map_or_else(written, |text| text.trim_end().to_owned());
            Err(Reject::new(line, format!("a row must be a map, not {}", other.kind()), raw.as_bytes()))
        }
    }
}

fn parse(part: Part<'_>) -> Result<Raw, Reject> {
    let reject = |line, column, reason: String| Reject::new(line, reason, part.text.trim_end().as_bytes()).at(column);
    let fail = |error: serde_yaml::Error| {
        let message = error.to_string();
        let reason = message.rsplit_once(" at line ").map_or(&*message, |(reason, _)| reason).to_owned();
        match error.location() {
            Some(at) => reject(part.line + (at.line() as u64).saturating_sub(1), Some(at.column() as u64), reason),
            None => reject(part.line, None, reason),
        }
    };
    let mut raw = Raw::deserialize(serde_yaml::Deserializer::from_str(part.text)).map_err(fail)?;
    let found = inspect(&raw);
    if found.merges {
        return Err(reject(part.line, None, "`<<` merges are not applied: write the fields out".to_owned()));
    }
    if found.floats {
        let deserializer = serde_yaml::Deserializer::from_str(part.text);
        serde::de::DeserializeSeed::deserialize(Fill(&mut raw), deserializer).map_err(fail)?;
    }
    Ok(raw)
}

#[derive(Default)]
struct Found {
    merges: bool,
    floats: bool,
}

fn inspect(raw: &Raw) -> Found {
    let both = |a: Found, b: Found| Found { merges: a.merges | b.merges, floats: a.floats | b.floats };
    match raw {
        Raw::Number(digits) => Found { floats: digits.is_empty(), merges: false },
        Raw::List(items) => items.iter().map(inspect).fold(Found::default(), both),
        Raw::Map(fields) => {
            let merges = fields.iter().any(|(name, _)| &**name == "<<");
            fields.iter().map(|(_, value)| inspect(value)).fold(Found { merges, floats: false }, both)
        }
        _ => Found::default(),
    }
}
