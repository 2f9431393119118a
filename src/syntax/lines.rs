//! Lines of a formatted text: cells of consecutive lines aligned, then trailing comments, then letters.

use unicode_width::UnicodeWidthStr as _;

/// The width that a line should keep.
pub(super) const WIDTH: usize = 100;

/// One line.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Whether a blank line stands before it.
    pub(super) blank: bool,
    /// Spaces before it.
    pub(super) indent: usize,
    /// Its letters in cells, each with the spaces before it.
    pub(super) cells: Vec<(usize, String)>,
    /// Consecutive lines with the same group form columns that are at least so far apart.
    pub(super) group: Option<(usize, usize)>,
    /// The comment at its end; alone when there are no cells.
    pub(super) comment: Option<String>,
}

impl Line {
    fn plain(&self) -> String {
        let mut text = String::new();
        for (gap, cell) in &self.cells {
            let gap = if text.is_empty() { 0 } else { *gap };
            text.extend(std::iter::repeat_n(' ', gap));
            text.push_str(cell);
        }
        text
    }

    fn width(&self) -> usize {
        self.indent + self.plain().width()
    }
}

/// The text of lines.
pub(super) fn print(mut lines: Vec<Line>) -> String {
    for run in lines.chunk_by_mut(same_columns) {
        align(run);
    }
    let mut out = String::new();
    for run in lines.chunk_by(|a, b| commented(a) && commented(b) && !b.blank) {
        let widest = run.iter().map(Line::width).max().unwrap_or(0);
        for line in run {
            if line.blank {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n(' ', line.indent));
            out.push_str(&line.plain());
            if let Some(comment) = &line.comment {
                let pad = if line.cells.is_empty() { 0 } else { widest - line.width() + 2 };
                out.extend(std::iter::repeat_n(' ', pad));
                out.push_str(comment);
            }
            out.push('\n');
        }
    }
    out
}

fn commented(line: &Line) -> bool {
    line.comment.is_some() && !line.cells.is_empty()
}

fn same_columns(a: &Line, b: &Line) -> bool {
    a.group.is_some() && a.group == b.group && a.indent == b.indent && !b.blank
}

/// Pads the cells of a run of lines. A line that alignment would make too long stands outside its columns.
fn align(run: &mut [Line]) {
    let before: Vec<_> = run.iter().map(|line| line.cells.clone()).collect();
    let columns = run.iter().map(|line| line.cells.len()).max().unwrap_or(0);
    for column in 1..columns {
        for block in run.chunk_by_mut(|a, b| a.cells.len() > column && b.cells.len() > column) {
            pad(block, column);
        }
    }
    if let Some(long) = run.iter().position(|line| line.width() > WIDTH && run.len() > 1) {
        for (line, cells) in run.iter_mut().zip(before) {
            line.cells = cells;
        }
        let (head, tail) = run.split_at_mut(long);
        align(head);
        align(tail.get_mut(1..).unwrap_or_default());
    }
}

/// Sets the space before one column of lines that all have it.
fn pad(block: &mut [Line], column: usize) {
    let before = |line: &Line| {
        let cells = line.cells.get(..column).unwrap_or_default();
        cells.iter().enumerate().map(|(at, (gap, cell))| if at == 0 { 0 } else { *gap } + cell.width()).sum::<usize>()
    };
    let ends: Vec<usize> = block.iter().map(before).collect();
    let alone = block.len() == 1;
    let least = |line: &Line| line.group.map_or(1, |(_, gap)| gap);
    let natural = |line: &Line| line.cells.get(column).map_or(1, |(gap, _)| *gap);
    let gap = block.iter().map(|line| if alone { natural(line) } else { natural(line).max(least(line)) }).max();
    let start = ends.iter().max().copied().unwrap_or(0) + gap.unwrap_or(1);
    for (line, end) in block.iter_mut().zip(ends) {
        if let Some((gap, _)) = line.cells.get_mut(column) {
            *gap = start - end;
        }
    }
}
