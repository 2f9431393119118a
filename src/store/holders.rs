//! Which leads hold the values by which leads are recognised.

use std::collections::BTreeSet;

use super::{Result, Store};
use crate::time::Instant;

impl dyn Store + '_ {
    /// Records that a lead was said to hold a value, by its hash, since an instant. The value tells of the `most` that had
    /// it first who they are. Gives all of whom that may be another one now; none when nothing is new.
    pub fn put_holder(&mut self, value: &str, lead: &str, since: Instant, most: usize) -> Result<BTreeSet<String>> {
        let statement = "INSERT INTO holders (value, lead, since, tells) VALUES ($1, $2, $3, 0) \
                         ON CONFLICT (value, lead) DO UPDATE SET since = excluded.since \
                         WHERE excluded.since < holders.since";
        if self.run(statement, &[value.into(), lead.into(), since.into()])? == 0 {
            return Ok(BTreeSet::new());
        }
        self.settle_holders(value, most)
    }

    /// Whether it is stored that a lead was said to hold a value, since then or before.
    pub fn has_holder(&mut self, value: &str, lead: &str, since: Instant) -> Result<bool> {
        let statement = "SELECT since FROM holders WHERE value = $1 AND lead = $2 AND since <= $3";
        Ok(!self.rows(statement, &[value.into(), lead.into(), since.into()])?.is_empty())
    }

    /// The values that tell who a lead is, by their hashes.
    pub fn values_that_tell(&mut self, lead: &str) -> Result<Vec<String>> {
        let rows = self.rows("SELECT value FROM holders WHERE lead = $1 AND tells = 1", &[lead.into()])?;
        rows.into_iter().map(|mut row| row.word()).collect()
    }

    /// Marks the leads of which a value tells who they are: the first that hold it. Gives them, and the one that it tells
    /// nothing of any more; none when it is as it was.
    pub fn settle_holders(&mut self, value: &str, most: usize) -> Result<BTreeSet<String>> {
        let statement = "SELECT lead, tells FROM holders WHERE value = $1 ORDER BY since, lead LIMIT $2";
        let mut leads = BTreeSet::new();
        let mut new = false;
        for (place, mut row) in self.rows(statement, &[value.into(), (most + 1).into()])?.into_iter().enumerate() {
            let (lead, told) = (row.word()?, row.whole()? == 1);
            let tells = place < most;
            if tells != told {
                let statement = "UPDATE holders SET tells = $1 WHERE value = $2 AND lead = $3";
                self.run(statement, &[i64::from(tells).into(), value.into(), (&lead).into()])?;
                new = true;
            }
            if tells || told {
                leads.insert(lead);
            }
        }
        Ok(if new { leads } else { BTreeSet::new() })
    }
}
