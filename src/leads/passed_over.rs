//! What of an input was passed over: columns that nothing takes, and cells that could not be read and are missing.

use std::collections::BTreeMap;
use std::fmt;

use indexmap::IndexSet;
use serde::{Deserialize, Serialize};

/// How many columns that nothing takes are named: a file may bring any number.
const COLUMNS: usize = 64;

/// What of an input was passed over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// In the order in which they came.
    unused: IndexSet<Box<str>>,
    unreadable: BTreeMap<Box<str>, UnreadableCells>,
}

/// Cells of one column that could not be read and were taken as missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableCells {
    /// The column.
    pub column: String,
    /// How many cells.
    pub cells: u64,
    /// The line of the first.
    pub line: u64,
    /// Why that one could not be read.
    pub reason: String,
}

impl fmt::Display for UnreadableCells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { column, cells, line, reason } = self;
        match cells {
            1 => write!(f, "`{column}`: one cell cannot be read and is missing, on line {line}: {reason}"),
            _ => write!(f, "`{column}`: {cells} cells cannot be read and are missing, first on line {line}: {reason}"),
        }
    }
}

impl PassedOver {
    /// The columns that rows had and nothing took.
    pub fn unused(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.unused.iter().map(|name| &**name).collect();
        names.sort_unstable();
        names.into_iter()
    }

    /// The cells that could not be read, by column.
    pub fn unreadable(&self) -> impl Iterator<Item = &UnreadableCells> {
        self.unreadable.values()
    }

    /// The same in sentences.
    pub fn notes(&self) -> Vec<String> {
        let unused: Vec<&str> = self.unused().collect();
        let unused = (!unused.is_empty()).then(|| format!("nothing takes {}", unused.join(", ")));
        unused.into_iter().chain(self.unreadable().map(ToString::to_string)).collect()
    }

    /// Adds what of later rows was passed over.
    pub fn add(&mut self, later: Self) {
        later.unused.iter().for_each(|name| self.column(name));
        for (column, cells) in later.unreadable {
            match self.unreadable.get_mut(&column) {
                Some(known) => known.cells += cells.cells,
                None => {
                    self.unreadable.insert(column, cells);
                }
            }
        }
    }

    pub(super) fn column(&mut self, name: &str) {
        if self.unused.len() < COLUMNS && !self.unused.contains(name) {
            self.unused.insert(name.into());
        }
    }

    pub(super) fn cell(&mut self, column: &str, line: u64, reason: String) {
        if let Some(known) = self.unreadable.get_mut(column) {
            known.cells += 1;
        } else {
            let first = UnreadableCells { column: column.to_owned(), cells: 1, line, reason };
            self.unreadable.insert(column.into(), first);
        }
    }
}
