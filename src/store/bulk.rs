//! Statements about many rows at once: what a write stores of all its leads goes to the store in few statements, since each
//! is a way there and back.

use super::{Result, SqlRow, SqlValue, Store};

/// The most rows, or keys, of one statement.
const MOST: usize = 128;

impl dyn Store + '_ {
    /// Runs a statement that writes rows, which stand in it as `{rows}`.
    pub(super) fn run_rows<const N: usize>(&mut self, statement: &str, rows: &[[SqlValue; N]]) -> Result<()> {
        for (statement, values) in statements(statement, rows) {
            self.run(&statement, &values)?;
        }
        Ok(())
    }

    /// Runs a statement that writes rows, which stand in it as `{rows}`, and gives what it returns of them.
    pub(super) fn returned_of_rows<const N: usize>(
        &mut self,
        statement: &str,
        rows: &[[SqlValue; N]],
    ) -> Result<Vec<SqlRow>> {
        let mut returned = Vec::new();
        for (statement, values) in statements(statement, rows) {
            returned.extend(self.rows(&statement, &values)?);
        }
        Ok(returned)
    }

    /// Runs a statement about keys, which stand in it as `{keys}`, in parentheses, once or several times.
    pub(super) fn run_keys<'k>(&mut self, statement: &str, keys: impl IntoIterator<Item = &'k str>) -> Result<()> {
        for (statement, values) in of_keys(statement, keys) {
            self.run(&statement, &values)?;
        }
        Ok(())
    }

    /// Asks about keys, which stand in a statement as `{keys}`, in parentheses, once or several times. Of more than one
    /// statement, the rows come one after the other.
    pub(super) fn rows_of_keys<'k>(
        &mut self,
        statement: &str,
        keys: impl IntoIterator<Item = &'k str>,
    ) -> Result<Vec<SqlRow>> {
        let mut found = Vec::new();
        for (statement, values) in of_keys(statement, keys) {
            found.extend(self.rows(&statement, &values)?);
        }
        Ok(found)
    }
}

/// A statement for each portion of the rows. A portion has a power of two of them, so that there are few texts of statements,
/// and each is prepared once.
fn statements<const N: usize>(
    statement: &str,
    rows: &[[SqlValue; N]],
) -> impl Iterator<Item = (String, Vec<SqlValue>)> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let size = 1 << rest.len().min(MOST).checked_ilog2()?;
        let (portion, later) = rest.split_at(size);
        rest = later;
        let row = |at: usize| {
            let places: Vec<String> = (at * N + 1..=(at + 1) * N).map(|n| format!("${n}")).collect();
            format!("({})", places.join(", "))
        };
        let places: Vec<String> = (0..size).map(row).collect();
        Some((statement.replace("{rows}", &places.join(", ")), portion.iter().flatten().cloned().collect()))
    })
}

/// A statement for each portion of the keys; one that is not full has its last key several times.
fn of_keys<'k>(
    statement: &str,
    keys: impl IntoIterator<Item = &'k str>,
) -> impl Iterator<Item = (String, Vec<SqlValue>)> {
    let mut keys = keys.into_iter();
    std::iter::from_fn(move || {
        let mut values: Vec<SqlValue> = keys.by_ref().take(MOST).map(SqlValue::from).collect();
        let last = values.last()?.clone();
        values.resize(values.len().next_power_of_two(), last);
        let places: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
        Some((statement.replace("{keys}", &format!("({})", places.join(", "))), values))
    })
}
