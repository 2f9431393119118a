//! Tables by their words: which rows may match a lead, without looking at all of them.

use rustc_hash::FxHashMap;

use crate::pact::{Cell, Pact, TableId};
use crate::record::Record;
use crate::text::Folding;
use crate::value::Value;

/// Tables of fewer rows are looked through.
const FEW: usize = 8;

/// The rows of a table by what one of its columns asks for.
#[derive(Debug)]
pub(super) struct TableIndex {
    /// The position of the column.
    column: usize,
    /// The columns in which some row asks for something.
    asked: Vec<usize>,
    /// The rows that ask for a value in that column, in order.
    rows: FxHashMap<String, Vec<u32>>,
    /// The rows that ask for no single value there, in order.
    open: Vec<u32>,
}

impl TableIndex {
    /// The index of a table; none of one that is looked through.
    pub(super) fn of(pact: &Pact, table: TableId) -> Option<Self> {
        let rows = &pact[table].rows;
        if rows.len() < FEW {
            return None;
        }
        let columns = 0..pact[table].inputs.len();
        let asked =
            |column: &usize| rows.iter().any(|row| row.cells.get(*column).is_some_and(|cell| *cell != Cell::Any));
        let asked: Vec<usize> = columns.filter(asked).collect();
        let by = |column: &usize| {
            let (mut by, mut open) = (FxHashMap::<String, Vec<u32>>::default(), Vec::new());
            for (row, place) in rows.iter().zip(0..) {
                let Some(Cell::OneOf(values)) = row.cells.get(*column) else {
                    open.push(place);
                    continue;
                };
                for value in values {
                    let rows = by.entry(key(pact.folding, value)).or_default();
                    if rows.last() != Some(&place) {
                        rows.push(place);
                    }
                }
            }
            Self { column: *column, asked: asked.clone(), rows: by, open }
        };
        // the column that leaves the fewest rows at worst
        asked.iter().map(by).min_by_key(Self::most)
    }

    /// How many rows are left at worst.
    fn most(&self) -> usize {
        self.open.len() + self.rows.values().map(Vec::len).max().unwrap_or_default()
    }

    /// The rows that may match the lead, in order; none where it lacks a value that some row asks for: then any may be
    /// unknown.
    pub(super) fn rows(&self, pact: &Pact, table: TableId, record: &Record) -> Option<Vec<u32>> {
        let inputs = &pact[table].inputs;
        let value = |column: &usize| inputs.get(*column).and_then(|field| record.value(*field));
        if self.asked.iter().any(|column| value(column).is_none()) {
            return None;
        }
        let key = key(pact.folding, value(&self.column)?);
        let mut rows = self.rows.get(&key).cloned().unwrap_or_default();
        rows.extend(&self.open);
        rows.sort_unstable();
        Some(rows)
    }
}

/// Two values have one key where a cell that asks for one takes the other.
fn key(folding: Folding, value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Word(text) => format!("'{}", folding.fold(text)),
        Value::Duration(duration) => format!("+{}", duration.nominal_seconds()),
        Value::List(values) => values.iter().map(|value| format!("[{}", key(folding, value))).collect(),
        other => other.to_string(),
    }
}
