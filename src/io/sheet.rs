use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::vec::IntoIter;

use super::csv::header;
use super::input::Input;
use super::open_error::OpenError;
use super::raw::Raw;
use super::reject::Reject;
use super::row::Row;
use crate::workbook::{self, MOST_BYTES, Sheet, SheetCell, SheetRow, WorkbookError};

/// The rows of a sheet under its header.
pub(super) struct SheetRows {
    /// Names and the columns that they stand over.
    header: Vec<(Box<str>, u32)>,
    rows: IntoIter<SheetRow>,
}

impl SheetRows {
    /// Reads the sheet whole, as its format demands.
    pub(super) fn open(
        input: Input,
        sheet: Option<&str>,
        header_row: Option<u32>,
    ) -> Result<(Self, Vec<String>), OpenError> {
        let mut bytes = Vec::new();
        input.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MOST_BYTES {
            let message = format!("it is larger than {} MiB: save the sheet as CSV", MOST_BYTES >> 20);
            return Err(WorkbookError::Unreadable(message).into());
        }
        let mut sheet = workbook::sheet(&bytes, sheet)?;
        let mut notes = Vec::new();
        if sheet.all.len() > 1 {
            notes.push(format!("read the sheet `{}`", sheet.name));
        }
        let first = match header_row {
            Some(number) => sheet.rows.partition_point(|row| row.number < number),
            None => 0,
        };
        let mut rows = std::mem::take(&mut sheet.rows).into_iter();
        let Some(names) = rows.by_ref().nth(first) else { return Err(OpenError::Empty) };
        let unusable = |reason: String| OpenError::Header { line: names.number.into(), reason };
        if header_row.is_some_and(|number| number != names.number) {
            return Err(unusable("the row that is said to name the columns is empty".to_owned()));
        }
        if header_row.is_none() && names.number > 1 {
            let above = names.number - 1;
            let rows = if above == 1 { "row 1 is".to_owned() } else { format!("rows 1 to {above} are") };
            notes.push(format!("{rows} empty: the columns are named in row {}", names.number));
        }
        if let Some((from, to)) = title(&sheet, names.number) {
            let cells = format!("cells {}{row} to {}{row}", letters(from), letters(to), row = names.number);
            let reason = format!("{cells} are merged, as in a title: say which row names the columns: `header row 3`");
            return Err(unusable(reason));
        }
        let rows: Vec<SheetRow> = rows.collect();
        // a column without a name matters only where it holds something
        let named = names.cells.iter().map(|(column, cell)| (*column, cell.text()));
        let written: BTreeMap<u32, String> = named.filter(|(_, name)| !name.trim().is_empty()).collect();
        let held: BTreeSet<u32> = rows.iter().flat_map(|row| &row.cells).map(|(column, _)| *column).collect();
        if let Some(at) = held.iter().find(|at| !written.contains_key(at)) {
            return Err(unusable(format!("column {} holds something and has no name", letters(*at))));
        }
        let names = header(written.values().map(|name| name.as_str().into()).collect(), names.number.into())?;
        let header = names.into_iter().zip(written.into_keys()).collect();
        Ok((Self { header, rows: rows.into_iter() }, notes))
    }

    pub(super) fn next(&mut self) -> Option<Result<Row, Reject>> {
        let row = self.rows.next()?;
        let fields = self.header.iter().map(|(name, at)| {
            let raw = match row.get(*at) {
                Some(SheetCell::Text(text)) => Raw::Text(text.as_str().into()),
                Some(SheetCell::Number(digits)) => Raw::Number(digits.as_str().into()),
                Some(SheetCell::Bool(yes)) => Raw::Bool(*yes),
                None => Raw::Text("".into()),
            };
            (name.clone(), raw)
        });
        Some(Ok(Row { line: row.number.into(), fields: fields.collect() }))
    }
}

impl SheetRow {
    fn get(&self, column: u32) -> Option<&SheetCell> {
        let at = self.cells.binary_search_by_key(&column, |(column, _)| *column).ok()?;
        self.cells.get(at).map(|(_, cell)| cell)
    }
}

/// The columns of merged cells in a row: a row that names columns has none.
fn title(sheet: &Sheet, row: u32) -> Option<(u32, u32)> {
    let over = sheet.merged.iter().find(|of| of.rows.0 <= row && row <= of.rows.1 && of.columns.0 < of.columns.1);
    over.map(|of| of.columns)
}

/// A column as a spreadsheet names it: A to Z, AA and on.
fn letters(column: u32) -> String {
    let mut name = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        name.push(char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    name.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_named_as_spreadsheets_do() {
        let names: Vec<String> = [0, 25, 26, 51, 52, 701, 702].into_iter().map(super::letters).collect();
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
