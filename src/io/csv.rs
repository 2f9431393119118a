use std::io;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::delimiter;
use super::input::{Cut, Input, MAX_ROW, Piece};
use super::open_error::OpenError;
use super::raw::Raw;
use super::reject::Reject;
use super::row::Row;

/// After so many runaway quotes the rest is taken as it comes, so that hostile input cannot make reading quadratic.
const RESCUES: u32 = 64;

/// A header and rows of cells.
///
/// Rows are cut before they are parsed: that keeps the text of a bad row, its true line, and a bound on what one
/// stray quote can swallow.
pub(super) struct Cells {
    input: Input,
    delimiter: u8,
    parser: Reader,
    header: Vec<Box<str>>,
    rescues: u32,
}

impl Cells {
    /// Reads the header.
    pub(super) fn open(mut input: Input, tabs: bool, header_line: Option<u32>) -> Result<Self, OpenError> {
        while header_line.is_some_and(|line| input.line() < u64::from(line)) && input.peek()?.is_some() {
            input.piece(|byte| if byte == b'\n' { Cut::After } else { Cut::No })?;
        }
        let head = input.head(super::encoding::HEAD)?;
        let first = head.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
        let declared = delimiter::declared(first);
        let delimiter = match declared {
            Some(delimiter) => delimiter,
            None if tabs => b'\t',
            None => delimiter::detect(head),
        };
        let parser = ReaderBuilder::new().delimiter(delimiter).build();
        let mut cells = Self { input, delimiter, parser, header: Vec::new(), rescues: 0 };
        if declared.is_some() {
            cells.cut()?;
        }
        let Some((piece, quotes)) = cells.record()? else { return Err(OpenError::Empty) };
        let unreadable = |reason: &str| OpenError::Header { line: piece.line, reason: reason.to_owned() };
        if let Some(reason) = quotes.fault(&piece) {
            return Err(unreadable(&reason));
        }
        let names = cells.split(&piece.bytes).map_err(|reason| unreadable(&reason))?;
        cells.header = header(names, piece.line)?;
        Ok(cells)
    }

    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    pub(super) fn line(&self) -> u64 {
        self.input.line()
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Result<Row, Reject>>> {
        let Some((piece, quotes)) = self.record()? else { return Ok(None) };
        if quotes.runaway(&piece) && !piece.overlong && self.rescues < RESCUES {
            return Ok(Some(Err(self.rescue(piece))));
        }
        let row = match quotes.fault(&piece) {
            Some(reason) => Err(reason),
            None => self.split(&piece.bytes).and_then(|cells| self.row(piece.line, cells)),
        };
        Ok(Some(row.map_err(|reason| Reject::new(piece.line, reason, &piece.bytes))))
    }

    fn row(&self, line: u64, cells: Vec<Box<str>>) -> Result<Row, String> {
        if cells.len() != self.header.len() {
            let (have, want) = (cells.len(), self.header.len());
            let hint = if have > want { "; a cell that holds the separator must be quoted" } else { "" };
            return Err(format!("the row has {have} cells where the header has {want}{hint}"));
        }
        let fields = self.header.iter().cloned().zip(cells.into_iter().map(Raw::Text)).collect();
        Ok(Row { line, fields })
    }

    /// The next record that is not a blank line, without its line end.
    fn record(&mut self) -> io::Result<Option<(Piece, Quotes)>> {
        loop {
            let (mut piece, quotes) = self.cut()?;
            while !quotes.open() && matches!(piece.bytes.last(), Some(b'\n' | b'\r')) {
                piece.bytes.pop();
            }
            if !piece.bytes.is_empty() {
                return Ok(Some((piece, quotes)));
            }
            if piece.at_end {
                return Ok(None);
            }
        }
    }

    fn cut(&mut self) -> io::Result<(Piece, Quotes)> {
        let mut quotes = Quotes::new(self.delimiter, self.rescues < RESCUES);
        let piece = self.input.piece(|byte| quotes.follow(byte))?;
        // `\r\n` is one line end, of which the cut took the first half.
        if self.input.peek()? == Some(b'\n') && piece.bytes.last() == Some(&b'\r') && !quotes.open() {
            self.input.piece(|_| Cut::After)?;
        }
        Ok((piece, quotes))
    }

    /// Gives up only the first line of a record whose quote never closes, and reads the others again.
    fn rescue(&mut self, piece: Piece) -> Reject {
        self.rescues += 1;
        let end = piece.bytes.iter().position(|byte| *byte == b'\n').map_or(piece.bytes.len(), |at| at + 1);
        let line = &piece.bytes[..end];
        let reject = Reject::new(piece.line, "a quote opens here and is never closed", line.trim_ascii_end());
        if end < piece.bytes.len() {
            self.input.unread(piece.bytes[end..].to_vec(), piece.line + 1);
        }
        reject
    }

    fn split(&mut self, record: &[u8]) -> Result<Vec<Box<str>>, String> {
        let mut text = vec![0; record.len() + 1];
        let mut ends = vec![0; record.len() + 2];
        self.parser.reset();
        let (mut read, mut written, mut fields) = (0, 0, 0);
        loop {
            // Empty input shows the parser that the record is over.
            let (result, r, w, e) = self.parser.read_record(&record[read..], &mut text[written..], &mut ends[fields..]);
            (read, written, fields) = (read + r, written + w, fields + e);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record | ReadRecordResult::End => break,
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    return Err("the row cannot be cut into cells".to_owned());
                }
            }
        }
        if read < record.len() {
            return Err("the row holds a line end outside quotes".to_owned());
        }
        let mut start = 0;
        let cells = ends[..fields].iter().enumerate().map(|(at, end)| {
            let cell = text.get(start..*end).unwrap_or_default();
            start = *end;
            match std::str::from_utf8(cell) {
                Ok(cell) => Ok(cell.into()),
                Err(_) => Err(format!("cell {} holds bytes that are not text in the file's encoding", at + 1)),
            }
        });
        cells.collect()
    }
}

/// The names of columns, each given once.
pub(super) fn header(names: Vec<Box<str>>, line: u64) -> Result<Vec<Box<str>>, OpenError> {
    let header: Vec<Box<str>> = names.iter().map(|name| name.trim().into()).collect();
    let mut seen = std::collections::HashMap::new();
    for (at, name) in header.iter().enumerate() {
        let column = at + 1;
        let reason = if name.contains('\0') {
            "it holds NUL bytes: is this a spreadsheet file, or UTF-16 without its mark?".to_owned()
        } else if name.is_empty() {
            format!("column {column} has no name")
        } else if let Some(first) = seen.insert(name, column) {
            format!("columns {first} and {column} are both called `{name}`")
        } else {
            continue;
        };
        return Err(OpenError::Header { line, reason });
    }
    Ok(header)
}

/// Where quotes stand while a record is cut, in step with the parser.
struct Quotes {
    delimiter: u8,
    at: At,
    bounded: bool,
    length: usize,
    after_quote: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum At {
    Start,
    Plain,
    Quoted,
    /// After a quote inside quotes: the end of the cell, or the first half of a doubled quote.
    Quote,
}

impl Quotes {
    fn new(delimiter: u8, bounded: bool) -> Self {
        Self { delimiter, at: At::Start, bounded, length: 0, after_quote: false }
    }

    fn follow(&mut self, byte: u8) -> Cut {
        self.length += 1;
        self.at = match (self.at, byte) {
            (At::Start, b'"') | (At::Quote, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) if self.bounded && self.length >= MAX_ROW => return Cut::After,
            (At::Quoted, _) => At::Quoted,
            (_, b'\n' | b'\r') => return Cut::After,
            (_, byte) if byte == self.delimiter => At::Start,
            (At::Quote, _) => {
                self.after_quote = true;
                At::Plain
            }
            _ => At::Plain,
        };
        Cut::No
    }

    /// Whether the piece ended inside quotes.
    fn open(&self) -> bool {
        self.at == At::Quoted
    }

    fn runaway(&self, piece: &Piece) -> bool {
        self.open() && (piece.at_end || self.length >= MAX_ROW)
    }

    fn fault(&self, piece: &Piece) -> Option<String> {
        if piece.overlong {
            Some(format!("the row is longer than {} MiB", MAX_ROW >> 20))
        } else if self.open() {
            Some("a quote opens in this row and is never closed".to_owned())
        } else if self.after_quote {
            Some("text follows a closing quote; a quote inside quotes is written twice, `\"\"`".to_owned())
        } else {
            None
        }
    }
}
