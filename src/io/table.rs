use std::borrow::Cow;
use std::io::{self, Write};

use super::inert::inert;
use super::width;
use crate::visible;

/// How many rows are looked at before the columns get their widths.
const SAMPLE: usize = 200;

const GAP: &str = "  ";

/// How records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Aligned columns; with a `width`, cells are cut with `…` so that lines fit it.
    Aligned {
        /// The columns of the terminal, or `None` when nothing may be cut.
        width: Option<usize>,
    },
    /// CSV with commas, quoted where needed.
    Csv {
        /// Cells are as they are, for programs; otherwise no cell is a formula in a spreadsheet.
        raw: bool,
    },
}

/// Writes records under column names, in memory that does not grow with their number.
///
/// ```
/// use leadpact::internals::io::{Layout, TextTable};
/// let mut out = Vec::new();
/// let mut table = TextTable::new(&mut out, Layout::Aligned { width: None }, ["lead", "score"])?;
/// table.push(&["Ana".into(), "7".into()])?;
/// table.finish()?;
/// assert_eq!(String::from_utf8_lossy(&out), "lead  score\nAna       7\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct TextTable<W: Write>(Kind<W>);

enum Kind<W: Write> {
    Aligned(Aligned<W>),
    /// The second part writes a cell.
    Csv(Box<csv::Writer<W>>, fn(&str) -> Cow<'_, str>),
}

impl<W: Write> TextTable<W> {
    /// A table over `out` with these columns.
    ///
    /// # Errors
    /// When the header cannot be written.
    pub fn new<C: Into<String>>(out: W, layout: Layout, columns: impl IntoIterator<Item = C>) -> io::Result<Self> {
        let header: Vec<String> = columns.into_iter().map(Into::into).collect();
        Ok(Self(match layout {
            Layout::Aligned { width } => {
                Kind::Aligned(Aligned { out, width, waiting: vec![header], columns: Vec::new() })
            }
            Layout::Csv { raw } => {
                let mut writer = csv::Writer::from_writer(out);
                let cell: fn(&str) -> Cow<'_, str> = if raw { |cell| cell.into() } else { inert };
                writer.write_record(header.iter().map(|name| cell(name).into_owned())).map_err(io_error)?;
                Kind::Csv(Box::new(writer), cell)
            }
        }))
    }

    /// Writes one record, a cell for each column.
    ///
    /// # Errors
    /// When it cannot be written; as CSV, also when it has more or fewer cells than there are columns.
    pub fn push(&mut self, cells: &[String]) -> io::Result<()> {
        match &mut self.0 {
            Kind::Aligned(aligned) => aligned.push(cells),
            Kind::Csv(writer, cell) => {
                cells.iter().try_for_each(|text| writer.write_field(&*cell(text))).map_err(io_error)?;
                writer.write_record(None::<&[u8]>).map_err(io_error)
            }
        }
    }

    /// Writes out everything that waits.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Kind::Aligned(mut aligned) => {
                aligned.settle()?;
                aligned.out.flush()
            }
            Kind::Csv(mut writer, _) => writer.flush(),
        }
    }
}

/// Writes one cell of CSV as [`TextTable`] does: in quotes where it needs them, and no formula unless `raw`.
pub fn csv_cell(cell: &str, raw: bool, out: &mut Vec<u8>) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b' ' | b':');
    if cell.bytes().all(plain) {
        out.extend_from_slice(cell.as_bytes());
        return;
    }
    let cell = if raw { cell.into() } else { inert(cell) };
    if !cell.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n')) {
        out.extend_from_slice(cell.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in cell.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// The error of the writer below, so that its kind is not lost.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::new(io::ErrorKind::InvalidData, format!("{kind:?}")),
    }
}

struct Aligned<W> {
    out: W,
    width: Option<usize>,
    /// The header and the first rows, until the columns have widths.
    waiting: Vec<Vec<String>>,
    columns: Vec<Column>,
}

struct Column {
    width: usize,
    right: bool,
}

impl<W: Write> Aligned<W> {
    fn push(&mut self, cells: &[String]) -> io::Result<()> {
        if self.waiting.is_empty() {
            return self.line(cells);
        }
        self.waiting.push(cells.to_vec());
        if self.waiting.len() > SAMPLE { self.settle() } else { Ok(()) }
    }

    /// Gives the columns their widths and writes what waited for them.
    fn settle(&mut self) -> io::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        let count = waiting.iter().map(Vec::len).max().unwrap_or(0);
        if !waiting.is_empty() {
            self.columns = (0..count).map(|at| Column::fitting(&waiting, at)).collect();
            self.shrink();
        }
        waiting.iter().try_for_each(|cells| self.line(cells))
    }

    /// Takes from the widest column until the line fits.
    fn shrink(&mut self) {
        let Some(limit) = self.width else { return };
        let gaps = GAP.len() * self.columns.len().saturating_sub(1);
        let mut over = (self.columns.iter().map(|column| column.width).sum::<usize>() + gaps).saturating_sub(limit);
        while over > 0 {
            match self.columns.iter_mut().max_by_key(|column| column.width) {
                Some(widest) if widest.width > 1 => widest.width -= 1,
                _ => return,
            }
            over -= 1;
        }
    }

    fn line(&mut self, cells: &[String]) -> io::Result<()> {
        let mut line = String::new();
        for (at, cell) in cells.iter().enumerate() {
            let column = self.columns.get(at).unwrap_or(&Column { width: 0, right: false });
            let shown = visible::line(cell);
            let cell = if self.width.is_some() { width::cut(&shown, column.width) } else { shown };
            let pad = " ".repeat(column.width.saturating_sub(width::of(&cell)));
            let (left, right) = if column.right { (&*pad, "") } else { ("", &*pad) };
            let gap = if at == 0 { "" } else { GAP };
            line.extend([gap, left, &*cell, right]);
        }
        writeln!(self.out, "{}", line.trim_end_matches(' '))
    }
}

impl Column {
    fn fitting(rows: &[Vec<String>], at: usize) -> Self {
        let width = rows.iter().filter_map(|row| row.get(at)).map(|cell| width::of(&visible::line(cell))).max();
        let mut cells = rows[1..].iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty()).peekable();
        let right = cells.peek().is_some() && cells.all(|cell| numeric(cell));
        Self { width: width.unwrap_or(0), right }
    }
}

fn numeric(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    digits.starts_with(|c: char| c.is_ascii_digit()) && digits.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(layout: Layout, rows: &[[&str; 2]]) -> String {
        let mut out = Vec::new();
        let mut table = TextTable::new(&mut out, layout, ["company", "score"]).unwrap();
        for row in rows {
            table.push(&row.map(str::to_owned)).unwrap();
        }
        table.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_align_by_what_the_eye_sees() {
        let rows = [["株式会社", "7.5"], ["กรุงเทพ", "-10"], ["a\n\x1b[31m", ""]];
        let text = written(Layout::Aligned { width: None }, &rows);
        assert_eq!(text, "company   score\n株式会社    7.5\nกรุงเทพ      -10\na␊␛[31m\n");
    }

    #[test]
    fn long_cells_give_way_to_the_terminal() {
        let text = written(Layout::Aligned { width: Some(14) }, &[["Acme International", "5"]]);
        assert_eq!(text, "company  score\nAcme I…      5\n");
    }

    #[test]
    fn rows_beyond_the_sample_stream_through_uncut_without_a_terminal() {
        let mut rows = vec![["a", "1"]; 500];
        rows.push(["a name longer than all before", "2"]);
        let text = written(Layout::Aligned { width: None }, &rows);
        assert_eq!(text.lines().count(), 502);
        assert!(text.ends_with("a name longer than all before      2\n"));
    }

    #[test]
    fn csv_is_quoted_where_needed() {
        let text = written(Layout::Csv { raw: false }, &[["A \"B\", C", "1\n2"]]);
        assert_eq!(text, "company,score\n\"A \"\"B\"\", C\",\"1\n2\"\n");
    }

    #[test]
    fn csv_is_inert_unless_a_program_asks_for_it_raw() {
        let row = [["=1+1\u{1b}", "-5"]];
        assert_eq!(written(Layout::Csv { raw: false }, &row), "company,score\n'=1+1␛,-5\n");
        assert_eq!(written(Layout::Csv { raw: true }, &row), "company,score\n=1+1\u{1b},-5\n");
    }
}
