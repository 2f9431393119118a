use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::blocks::LineBlocks;
use super::csv::Cells;
use super::delimiter;
use super::encoding::{self, HEAD};
use super::format::{self, Format};
use super::input::Input;
use super::json::Elements;
use super::meter::{Meter, Metered};
use super::ndjson::{self, Lines};
use super::open_error::OpenError;
use super::reject::Reject;
use super::row::Row;
use super::sheet::SheetRows;
use super::yaml::Documents;

/// The rows of an input, in order; what is not a row comes as a [`Reject`] in its place.
///
/// When reading itself fails, the last item is a reject that says so, and [`Rows::cut_short`] is true.
pub struct Rows {
    source: Source,
    notes: Vec<String>,
    meter: Meter,
    ended: bool,
}

/// What is known of an input before it is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct InputForm<'a> {
    /// Its format, where the name does not tell.
    pub format: Option<Format>,
    /// The sheet of a workbook; the only one when absent.
    pub sheet: Option<&'a str>,
    /// The row or line, from 1, that names the columns of a sheet or CSV; the first that holds something when absent.
    pub header: Option<u32>,
}

impl From<Option<Format>> for InputForm<'_> {
    fn from(format: Option<Format>) -> Self {
        Self { format, ..Self::default() }
    }
}

enum Source {
    Lines(Lines),
    Elements(Elements),
    Cells(Box<Cells>),
    Sheet(SheetRows),
    Documents(Documents),
}

/// Reads `input` as rows, in `format`, or else in the one that the extension of `name` or the first characters show.
///
/// # Errors
/// When nothing can be read at all: empty input, a header with blank or equal names, YAML or a workbook beyond its size
/// limit, a workbook of several sheets of which none is named.
///
/// ```
/// use leadpact::internals::io::{Raw, rows};
/// let input = "email;city\nana@example.org;Lisboa\n";
/// let mut leads = rows(Box::new(input.as_bytes()), "leads.csv", None)?;
/// assert_eq!(leads.notes(), ["read as UTF-8, `;` between fields"]);
/// let lead = leads.next().unwrap().unwrap();
/// assert_eq!((lead.line, lead.get("city")), (2, Some(&Raw::Text("Lisboa".into()))));
/// # Ok::<(), leadpact::internals::io::OpenError>(())
/// ```
pub fn rows<'a>(input: Box<dyn Read + Send>, name: &str, form: impl Into<InputForm<'a>>) -> Result<Rows, OpenError> {
    let form = form.into();
    let meter = Meter::default();
    let format = form.format.or_else(|| Format::from_name(name));
    let mut bytes = Input::new(Box::new(Metered::new(input, meter.clone())));
    let head = bytes.head(HEAD)?;
    if head.starts_with(WORKBOOK) && matches!(format, None | Some(Format::Xlsx)) {
        let (rows, notes) = SheetRows::open(bytes, form.sheet, form.header)?;
        return Ok(Rows { source: Source::Sheet(rows), notes, meter, ended: false });
    }
    if let Some(what) = foreign(head) {
        return Err(OpenError::NotText(what.to_owned()));
    }
    let csv = format.or_else(|| Format::sniff(head)) == Some(Format::Csv);
    let choice = encoding::choose(head, csv);
    bytes.read_exact(&mut vec![0; choice.mark])?;
    let mut input = Input::new(encoding::decoded(bytes, choice.encoding));
    let head = input.head(HEAD)?;
    let mut notes = Vec::new();
    let encoding = choice.encoding.name();
    let source = match format.or_else(|| Format::sniff(head)).ok_or(OpenError::Empty)? {
        Format::Ndjson => Source::Lines(Lines::new(input)),
        Format::Json if head.trim_ascii().is_empty() && head.len() < HEAD => return Err(OpenError::Empty),
        Format::Json if head.trim_ascii_start().starts_with(b"{") && ndjson::looks_like_lines(head) => {
            Source::Lines(Lines::new(input))
        }
        Format::Json => Source::Elements(Elements::new(input)),
        Format::Csv => {
            let cells = Cells::open(input, format::is_tsv(name), form.header)?;
            notes.push(format!("read as {encoding}, {} between fields", delimiter::name(cells.delimiter())));
            Source::Cells(Box::new(cells))
        }
        Format::Xlsx => return Err(OpenError::NotWorkbook),
        Format::Yaml => Source::Documents(Documents::open(input)?),
    };
    if notes.is_empty() && encoding != "UTF-8" {
        notes.push(format!("read as {encoding}"));
    }
    Ok(Rows { source, notes, meter, ended: false })
}

/// Reads `input` as NDJSON in UTF-8, each row as soon as its line is there: nothing is looked at ahead.
pub fn lines(input: Box<dyn Read + Send>) -> Rows {
    let meter = Meter::default();
    let input = Input::new(Box::new(Metered::new(input, meter.clone())));
    Rows { source: Source::Lines(Lines::new(input)), notes: Vec::new(), meter, ended: false }
}

/// How a zip file begins, and so a workbook.
const WORKBOOK: &[u8] = b"PK\x03\x04";

/// What well-known binary format `head` is the beginning of.
fn foreign(head: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 4] = [
        (WORKBOOK, "it is a workbook or zip file; say `--input xlsx` if it is a workbook"),
        (b"\xD0\xCF\x11\xE0", "it is an old Excel file, or one with a password; save it as .xlsx or CSV"),
        (b"\x1F\x8B", "it is compressed; unpack it first"),
        (b"PAR1", "it is a Parquet file"),
    ];
    KNOWN.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, what)| *what)
}

impl Rows {
    /// What had to be decided about the input, in sentences for its owner: `read as windows-1254, `;` between fields`.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The bytes read so far, counted while reading, for a progress bar over the size of the input.
    pub fn bytes_read(&self) -> Arc<AtomicU64> {
        self.meter.bytes()
    }

    /// The lines of NDJSON, of which none was read yet, to be looked into by whoever takes them.
    ///
    /// # Errors
    /// When the input is no NDJSON; it comes back.
    pub fn into_lines(self) -> Result<LineBlocks, Box<Self>> {
        match self.source {
            Source::Lines(lines) => Ok(LineBlocks::new(lines.into_input(), self.meter)),
            source => Err(Box::new(Self { source, ..self })),
        }
    }

    /// Whether reading failed, so that there may be rows nobody has seen. The last reject says why.
    pub fn cut_short(&self) -> bool {
        self.meter.failed()
    }
}

impl Iterator for Rows {
    type Item = Result<Row, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let (next, line) = match &mut self.source {
            Source::Lines(lines) => (lines.next(), lines.line()),
            Source::Elements(elements) => (elements.next(), elements.line()),
            Source::Cells(cells) => (cells.next(), cells.line()),
            Source::Sheet(rows) => (Ok(rows.next()), 0),
            Source::Documents(documents) => (Ok(documents.next()), 0),
        };
        let next = next.unwrap_or_else(|error| {
            self.ended = true;
            Some(Err(Reject::unread(line, &error)))
        });
        self.ended |= next.is_none();
        next
    }
}
