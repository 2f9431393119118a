//! Where leads with many events were at an instant. A checkpoint holds as long as all events of its lead that are stored later
//! happened after it: the first that did not takes it away, whoever stores it.

use rustc_hash::FxHashMap;

use super::{Result, SqlRow, SqlValue, Store};
use crate::time::Instant;

/// A stored state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// All events up to then have happened in it, and none after.
    pub at: Instant,
    /// The state, as JSON.
    pub state: String,
}

impl dyn Store + '_ {
    /// The checkpoints of those of some leads that have one.
    pub fn checkpoints_of<'l>(
        &mut self,
        leads: impl IntoIterator<Item = &'l str>,
    ) -> Result<FxHashMap<String, StoredCheckpoint>> {
        let rows = self.rows_of_keys("SELECT lead, at, state FROM checkpoints WHERE lead IN {keys}", leads)?;
        let checkpoint = |mut row: SqlRow| Ok((row.word()?, StoredCheckpoint { at: row.at()?, state: row.word()? }));
        rows.into_iter().map(checkpoint).collect()
    }

    /// Stores checkpoints of leads, each once, in place of those of before.
    pub fn put_checkpoints(&mut self, checkpoints: &[(&str, StoredCheckpoint)]) -> Result<()> {
        let row = |(lead, StoredCheckpoint { at, state }): &(&str, StoredCheckpoint)| -> [SqlValue; 3] {
            [(*lead).into(), (*at).into(), state.into()]
        };
        self.run_rows(
            "INSERT INTO checkpoints (lead, at, state) VALUES {rows} \
             ON CONFLICT (lead) DO UPDATE SET at = excluded.at, state = excluded.state",
            &checkpoints.iter().map(row).collect::<Vec<_>>(),
        )
    }

    /// Forgets the checkpoints of leads.
    pub fn forget_checkpoints<'l>(&mut self, leads: impl IntoIterator<Item = &'l str>) -> Result<()> {
        self.run_keys("DELETE FROM checkpoints WHERE lead IN {keys}", leads)
    }

    /// Events of leads are new, of each from an instant on: checkpoints that are not before it hold no more.
    pub(super) fn forget_checkpoints_since(&mut self, firsts: &FxHashMap<&str, Instant>) -> Result<()> {
        let statement = "SELECT lead, at FROM checkpoints WHERE lead IN {keys}";
        let mut gone = Vec::new();
        for mut row in self.rows_of_keys(statement, firsts.keys().copied())? {
            let (lead, at) = (row.word()?, row.at()?);
            if firsts.get(&*lead).is_some_and(|first| *first <= at) {
                gone.push(lead);
            }
        }
        self.forget_checkpoints(gone.iter().map(String::as_str))
    }
}
