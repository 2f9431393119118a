//! A sheet of a workbook (`.xlsx`) as rows of cells.
//!
//! Only cells that are filled take memory, however far apart they stand.

use std::fmt::Write as _;

use thiserror::Error;

/// One sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// What it is called.
    pub name: String,
    /// The names of all sheets of the workbook.
    pub all: Vec<String>,
    /// Its rows that hold something, from the top.
    pub rows: Vec<SheetRow>,
    /// Cells that are shown as one, each with its first and last row and column.
    pub merged: Vec<MergedCells>,
}

/// A row that holds something.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetRow {
    /// Its number, from 1.
    pub number: u32,
    /// Its filled cells, each with its column, from 0.
    pub cells: Vec<(u32, SheetCell)>,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum SheetCell {
    /// Text, an error such as `#N/A`, or a date and time as `2026-03-02T09:00:00`.
    Text(String),
    /// A number in the digits that a person sees: at most fifteen of them count.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
}

/// Cells that are shown as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergedCells {
    /// The first and the last row, from 1.
    pub rows: (u32, u32),
    /// The first and the last column, from 0.
    pub columns: (u32, u32),
}

/// Why a sheet cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WorkbookError {
    /// It is no workbook, or a broken one.
    #[error("it is not a workbook that can be read: {0}")]
    Unreadable(String),
    /// No sheet has the name.
    #[error("it has no sheet `{name}`: there are {}", sheets.join(", "))]
    NoSheet {
        /// The name.
        name: String,
        /// What there is.
        sheets: Vec<String>,
    },
    /// No sheet is named, and several hold something.
    #[error("it has several sheets, so name one with `sheet`: {}", sheets.join(", "))]
    Several {
        /// Those that hold something.
        sheets: Vec<String>,
    },
    /// There are too many cells to hold them in memory.
    #[error("it has more than {MOST_CELLS} cells: save the sheet as CSV")]
    TooLarge,
    /// Its parts are too large once they are unpacked.
    #[error("it unpacks to more than {MOST_UNPACKED} bytes: save the sheet as CSV")]
    Swells,
    /// The program was built without the feature `xlsx`.
    #[error("this program was built without workbooks: save the sheet as CSV")]
    NotBuilt,
}

/// How many cells of a sheet are read.
pub const MOST_CELLS: usize = 10_000_000;

/// How many bytes a workbook may have.
pub const MOST_BYTES: u64 = 64 << 20;

/// How many bytes the parts of a workbook may have once they are unpacked.
pub const MOST_UNPACKED: u64 = 512 << 20;

/// How a date and time is written that a sheet keeps as such: as text in this form, without a zone.
pub const MOMENT: &str = "%Y-%m-%dT%H:%M:%S";

/// Whether a file name is that of a workbook.
pub fn is_workbook(name: &str) -> bool {
    let extension = std::path::Path::new(name).extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx") || extension.eq_ignore_ascii_case("xlsm"))
}

/// The sheet of this name; without one, the only sheet that holds something.
///
/// # Errors
/// When the bytes are no workbook, there is no such sheet, or none is named and several hold something.
#[cfg(feature = "xlsx")]
pub fn sheet(bytes: &[u8], name: Option<&str>) -> Result<Sheet, WorkbookError> {
    use calamine::Reader as _;

    let unreadable = |error: calamine::XlsxError| WorkbookError::Unreadable(error.to_string());
    unpacked(bytes, MOST_UNPACKED)?;
    let mut book: calamine::Xlsx<_> =
        calamine::Xlsx::new(std::io::Cursor::new(bytes)).map_err(|error: calamine::XlsxError| unreadable(error))?;
    let all = book.sheet_names();
    if let Some(name) = name {
        let Some(found) = all.iter().find(|sheet| sheet.trim() == name.trim()) else {
            return Err(WorkbookError::NoSheet { name: name.to_owned(), sheets: all });
        };
        return read(&mut book, &all, found);
    }
    let mut filled = Vec::new();
    for name in &all {
        let sheet = read(&mut book, &all, name)?;
        if !sheet.rows.is_empty() {
            filled.push(sheet);
        }
    }
    if filled.len() > 1 {
        return Err(WorkbookError::Several { sheets: filled.into_iter().map(|sheet| sheet.name).collect() });
    }
    Ok(filled.pop().unwrap_or_default())
}

#[cfg(not(feature = "xlsx"))]
pub fn sheet(_: &[u8], _: Option<&str>) -> Result<Sheet, WorkbookError> {
    Err(WorkbookError::NotBuilt)
}

/// How many bytes the parts of a workbook have, read through and kept nowhere: what its directory says of their sizes may be
/// wrong, and its texts are taken into memory whole.
#[cfg(feature = "xlsx")]
fn unpacked(bytes: &[u8], most: u64) -> Result<u64, WorkbookError> {
    use std::io::Read as _;

    let unreadable = |error: &dyn std::error::Error| WorkbookError::Unreadable(error.to_string());
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let mut all = 0;
    for at in 0..parts.len() {
        let part = parts.by_index(at).map_err(|error| unreadable(&error))?;
        let left = most.saturating_sub(all).saturating_add(1);
        all += std::io::copy(&mut part.take(left), &mut std::io::sink()).map_err(|error| unreadable(&error))?;
        if all > most {
            return Err(WorkbookError::Swells);
        }
    }
    Ok(all)
}

#[cfg(feature = "xlsx")]
fn read(book: &mut calamine::Xlsx<std::io::Cursor<&[u8]>>, all: &[String], name: &str) -> Result<Sheet, WorkbookError> {
    let unreadable = |error: calamine::XlsxError| WorkbookError::Unreadable(error.to_string());
    let merged = book.merge_cells_by_sheet_name(name).map_err(unreadable)?;
    let merged = merged.into_iter().map(|of| MergedCells {
        rows: (of.start.0.saturating_add(1), of.end.0.saturating_add(1)),
        columns: (of.start.1, of.end.1),
    });
    let merged = merged.collect();
    let mut rows: Vec<SheetRow> = Vec::new();
    let mut count = 0;
    let mut cells = book.worksheet_cells_reader(name).map_err(unreadable)?;
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let Some(value) = value(cell.get_value()) else { continue };
        count += 1;
        if count > MOST_CELLS {
            return Err(WorkbookError::TooLarge);
        }
        let number = row.saturating_add(1);
        match rows.last_mut().filter(|last| last.number == number) {
            Some(last) => last.cells.push((column, value)),
            None => rows.push(SheetRow { number, cells: vec![(column, value)] }),
        }
    }
    Ok(Sheet { name: name.to_owned(), all: all.to_vec(), rows: in_order(rows), merged })
}

/// The rows from the top and their cells from the left, each row once: what wrote the file may not have kept the order.
#[cfg(feature = "xlsx")]
fn in_order(mut rows: Vec<SheetRow>) -> Vec<SheetRow> {
    rows.sort_by_key(|row| row.number);
    rows.dedup_by(|later, row| {
        let same = later.number == row.number;
        if same {
            row.cells.append(&mut later.cells);
        }
        same
    });
    rows.iter_mut().for_each(|row| row.cells.sort_by_key(|(column, _)| *column));
    rows
}

#[cfg(feature = "xlsx")]
fn value(cell: &calamine::DataRef<'_>) -> Option<SheetCell> {
    use calamine::DataRef;

    Some(match cell {
        DataRef::Empty => return None,
        DataRef::Int(n) => SheetCell::Number(n.to_string()),
        DataRef::Float(n) => SheetCell::Number(digits(*n)),
        DataRef::Bool(yes) => SheetCell::Bool(*yes),
        DataRef::String(text) => return text_cell(text),
        DataRef::SharedString(text) => return text_cell(text),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => return text_cell(text),
        DataRef::DateTime(moment) if moment.is_duration() => {
            let seconds = moment.as_duration().map_or(0, |duration| duration.num_seconds());
            SheetCell::Text(format!("{seconds} seconds"))
        }
        DataRef::DateTime(moment) => match moment.as_datetime() {
            // a fraction of a day is kept as a binary fraction, a little before or after its second
            Some(at) => SheetCell::Text(nearest_second(at).format(MOMENT).to_string()),
            None => SheetCell::Number(digits(moment.as_f64())),
        },
        DataRef::Error(error) => SheetCell::Text(error.to_string()),
    })
}

#[cfg(feature = "xlsx")]
fn nearest_second(at: chrono::NaiveDateTime) -> chrono::NaiveDateTime {
    use chrono::{DurationRound as _, TimeDelta};
    at.duration_round(TimeDelta::seconds(1)).unwrap_or(at)
}

#[cfg(feature = "xlsx")]
fn text_cell(text: &str) -> Option<SheetCell> {
    (!text.is_empty()).then(|| SheetCell::Text(text.to_owned()))
}

/// A number with the fifteen digits that a spreadsheet counts on; what its binary form has beyond them is noise.
#[cfg(feature = "xlsx")]
fn digits(number: f64) -> String {
    let fifteen = format!("{number:.14e}");
    crate::value::decimal(&fifteen).map_or(fifteen, |number| number.to_string())
}

impl Sheet {
    /// The sheet as CSV, a line for each row up to the last, so that line numbers are row numbers.
    ///
    /// # Errors
    /// When a table of all its rows and columns has more than [`MOST_CELLS`] cells, filled or not.
    pub fn to_csv(&self) -> Result<String, WorkbookError> {
        let width =
            self.rows.iter().filter_map(|row| row.cells.last()).map(|(column, _)| column + 1).max().unwrap_or(0);
        if self.rows.len().saturating_mul(width as usize) > MOST_CELLS {
            return Err(WorkbookError::TooLarge);
        }
        let mut out = String::new();
        let mut line = 1;
        for row in &self.rows {
            for _ in line..row.number {
                out.push('\n');
            }
            let mut cells = row.cells.iter().peekable();
            for column in 0..width {
                if column > 0 {
                    out.push(',');
                }
                if let Some((_, cell)) = cells.next_if(|(at, _)| *at == column) {
                    quoted(&cell.text(), &mut out);
                }
            }
            out.push('\n');
            line = row.number + 1;
        }
        Ok(out)
    }
}

impl SheetCell {
    /// What it holds, as text.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Number(text) => text.clone(),
            Self::Bool(yes) => yes.to_string(),
        }
    }
}

fn quoted(text: &str, out: &mut String) {
    // a line end in a cell would move all later lines
    let text = text.replace("\r\n", " ").replace(['\n', '\r'], " ");
    if text.contains([',', '"', '#']) {
        let _ = write!(out, "\"{}\"", text.replace('"', "\"\""));
    } else {
        out.push_str(&text);
    }
}

#[cfg(all(test, feature = "xlsx"))]
mod tests {
    use super::*;

    #[test]
    fn cells_that_stand_in_no_order_are_all_kept() {
        let cell = |column: u32| (column, SheetCell::Bool(true));
        let row = |number, columns: &[u32]| SheetRow { number, cells: columns.iter().copied().map(cell).collect() };
        let read = in_order(vec![row(3, &[1]), row(2, &[4, 0]), row(3, &[0])]);
        assert_eq!(read, [row(2, &[0, 4]), row(3, &[0, 1])]);
    }

    #[test]
    fn a_workbook_that_swells_is_not_read() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let long = "a".repeat(30_000);
        let sheet = book.add_worksheet();
        (0..100).for_each(|row| {
            sheet.write(row, 0, format!("{row}{long}")).unwrap();
        });
        let bytes = book.save_to_buffer().unwrap();
        assert!(bytes.len() < 100_000, "{}", bytes.len());
        assert!(unpacked(&bytes, 10_000_000).is_ok_and(|size| size > 3_000_000));
        assert_eq!(unpacked(&bytes, 1_000_000), Err(WorkbookError::Swells));
        assert_eq!(super::sheet(&bytes, None).unwrap().rows.len(), 100);
    }

    #[test]
    fn a_cell_far_away_from_many_rows_is_not_written_out() {
        let rows = (1..=1000).map(|number| SheetRow { number, cells: vec![(16_383, SheetCell::Bool(true))] });
        let sheet = Sheet { rows: rows.collect(), ..Sheet::default() };
        assert_eq!(sheet.to_csv(), Err(WorkbookError::TooLarge));
    }
}
