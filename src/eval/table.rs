//! Which row of a table matches a lead.

use std::cmp::Ordering;

use super::Answer;
use super::compare::{order, same};
use crate::pact::{Cell, Pact, TableId, TableRow, Verdict};
use crate::record::Record;
use crate::text::Folding;
use crate::value::Value;

/// The output of the first row that matches the lead; `among` are the rows that may, all when absent.
pub(crate) fn lookup(pact: &Pact, record: &Record, table: TableId, output: u32, among: Option<&[u32]>) -> Answer {
    let found = rows(pact, table, among).find(|line| row(pact, record, table, &line.cells) == Verdict::Met);
    Answer::of(found.and_then(|row| row.gives.get(output as usize).cloned().flatten()))
}

/// The rows of a table, or those of these places.
pub(super) fn rows<'p>(pact: &'p Pact, table: TableId, among: Option<&[u32]>) -> impl Iterator<Item = &'p TableRow> {
    let all = &pact[table].rows;
    let count = among.map_or(all.len(), <[u32]>::len);
    (0..count).filter_map(move |at| match among {
        None => all.get(at),
        Some(among) => all.get(*among.get(at)? as usize),
    })
}

/// Whether a row of a table matches the lead.
pub(crate) fn row(pact: &Pact, record: &Record, table: TableId, cells: &[Cell]) -> Verdict {
    let matched =
        pact[table].inputs.iter().zip(cells).map(|(field, cell)| matches(pact.folding, record.value(*field), cell));
    matched.fold(Verdict::Met, Verdict::and)
}

/// Whether a cell matches a value; unknown where it asks for one that is missing.
fn matches(folding: Folding, value: Option<&Value>, cell: &Cell) -> Verdict {
    match (cell, value) {
        (Cell::Any, _) => Verdict::Met,
        (_, None) => Verdict::Unknown,
        (Cell::OneOf(values), Some(value)) => Verdict::known(values.iter().any(|v| same(folding, false, v, value))),
        (Cell::Range(low, high), Some(value)) => {
            let beyond =
                |end: &Option<Value>, out: Ordering| end.as_ref().is_some_and(|end| order(value, end) == Some(out));
            Verdict::known(!(beyond(low, Ordering::Less) || beyond(high, Ordering::Greater)))
        }
        (Cell::Above(end), Some(value)) => Verdict::known(order(value, end) == Some(Ordering::Greater)),
        (Cell::Below(end), Some(value)) => Verdict::known(order(value, end) == Some(Ordering::Less)),
    }
}
