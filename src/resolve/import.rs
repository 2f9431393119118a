//! Files that a pact names: lists, tables and calendar feeds, inside its folder only.

use super::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::{FileId, Span};
use crate::syntax::tree::Text;

/// How many bytes of files the items of a pact may read together, counted as often as an item reads them.
const MOST_IMPORTED: usize = 64 << 20;

/// How many rows of CSV files the items of a pact may read together.
const MOST_ROWS: usize = 1_000_000;

/// How many rows of a file are named one by one that have too many or too few cells.
const MOST_FOUND: usize = 1000;

/// What opening a file counts for, in bytes.
const OPENING: usize = 4096;

/// A row of a CSV file: its cells, and where each lies in the file.
pub(super) struct CsvRow {
    pub(super) cells: Vec<String>,
    pub(super) span: Span,
    /// Where each cell lies in the file; none when its text does not tell.
    places: Vec<Span>,
}

impl CsvRow {
    /// Where a cell lies; the row where its text does not tell, and for a blank cell.
    pub(super) fn cell(&self, at: usize) -> Span {
        let place = self.places.get(at).filter(|_| self.places.len() == self.cells.len());
        place.copied().filter(|place| place.start < place.end).unwrap_or(self.span)
    }
}

/// The cells of a row as written, without the blanks around them.
fn places(row: &str, span: Span) -> Vec<Span> {
    let mut places = Vec::new();
    let (mut start, mut quoted) = (0, false);
    let mut cut = |from: usize, to: usize| {
        let cell = row.get(from..to).unwrap_or("");
        let blank = cell.len() - cell.trim_start().len();
        let from = span.start as usize + from + blank;
        places.push(Span::new(span.file, from..from + cell.trim().len()));
    };
    for (at, byte) in row.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                cut(start, at);
                start = at + 1;
            }
            _ => {}
        }
    }
    cut(start, row.len());
    places
}

impl Resolver<'_> {
    /// Reads a file that the pact names; one that was read already is not read again.
    pub(super) fn import(&mut self, name: &Text) -> Option<FileId> {
        let known = self.sources.iter().find(|(_, source)| source.name == name.text).map(|(id, _)| id);
        let read = match known.and_then(|id| self.sources.get(id)) {
            Some(source) => Ok((source.text.len(), None)),
            None => self.world.import(&name.text).map(|source| (source.text.len(), Some(source))),
        };
        let bounded = read.and_then(|(bytes, source)| {
            self.imported = self.imported.saturating_add(bytes + OPENING);
            if self.imported > MOST_IMPORTED {
                let why = format!("the files that the pact names have more than {MOST_IMPORTED} bytes together");
                return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, why));
            }
            Ok(source)
        });
        match bounded {
            Ok(None) => known,
            Ok(Some(mut source)) => {
                // the pact's own name for the file, so that it is found again
                source.name = name.text.clone();
                Some(self.sources.add(source))
            }
            Err(error) => {
                let why = match error.kind() {
                    std::io::ErrorKind::NotFound => "there is no such file in the pact's folder".to_owned(),
                    std::io::ErrorKind::PermissionDenied => "it lies outside the pact's folder".to_owned(),
                    _ => error.to_string(),
                };
                let message = format!("`{}` cannot be read", name.text);
                self.out.push(
                    Diagnostic::new(Code::UnreadableFile, name.span, message)
                        .here(why)
                        .help("name a file by its path from the pact's folder, such as `territories.csv`"),
                );
                None
            }
        }
    }

    /// The rows of a CSV file, its header first. Rows that cannot be read are findings in the file.
    pub(super) fn csv(&mut self, file: FileId, at: Span) -> Vec<CsvRow> {
        let Some(source) = self.sources.get(file) else { return Vec::new() };
        let text = source.text.clone();
        let body = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let skipped = text.len() - body.len();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .trim(csv::Trim::All)
            .from_reader(body.as_bytes());
        let mut rows: Vec<CsvRow> = Vec::new();
        let mut record = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) if self.world.given_up() => break,
                Ok(true) if self.rows >= MOST_ROWS => {
                    let message = format!("the tables and lists of a pact may have {MOST_ROWS} rows together");
                    let help = "keep what the agreement needs; the rest is data of the leads";
                    self.out.push(Diagnostic::new(Code::BadTable, at, message).help(help));
                    break;
                }
                Ok(true) => {
                    self.rows += 1;
                    let start = record.position().map_or(0, |p| p.byte() as usize) + skipped;
                    let row = text.get(start..).unwrap_or("");
                    let lead = skipped_lines(row);
                    let end = reader.position().byte() as usize + skipped;
                    let row = text.get(start + lead..end).unwrap_or("").trim_end();
                    let span = Span::new(file, start + lead..start + lead + row.len());
                    let cells = record.iter().map(str::to_owned).collect();
                    rows.push(CsvRow { cells, span, places: places(row, span) });
                }
                Err(error) => {
                    let finding = Diagnostic::new(Code::BadTable, at, format!("the file is not a table: {error}"))
                        .help("save it as CSV with commas, in UTF-8");
                    self.out.push(finding);
                    break;
                }
            }
        }
        let width = rows.first().map_or(0, |row| row.cells.len());
        let mut narrow = 0;
        rows.retain(|row| {
            let fits = row.cells.len() == width;
            narrow += usize::from(!fits);
            if !fits && narrow <= MOST_FOUND {
                let message = format!("this row has {} cells, the header has {width}", row.cells.len());
                let finding = Diagnostic::new(Code::BadTable, row.span, message)
                    .help("give every row one cell for each column; write `*` for any value");
                self.out.push(finding);
            }
            fits
        });
        if narrow > MOST_FOUND {
            let message = format!("{narrow} rows have another number of cells than the header");
            self.out.push(Diagnostic::new(Code::BadTable, at, message).help("save it as CSV with commas, in UTF-8"));
        }
        rows
    }
}

/// How many bytes of blank and comment lines stand before a row: the reader counts them to the row that follows.
fn skipped_lines(text: &str) -> usize {
    let lines = text.split_inclusive('\n');
    lines.take_while(|line| line.trim().is_empty() || line.starts_with('#')).map(str::len).sum()
}
