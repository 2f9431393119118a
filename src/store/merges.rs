//! Which leads were told to have become part of others.

use std::collections::BTreeSet;

use super::{Result, Store};

impl dyn Store + '_ {
    /// Keeps that a lead was told to have become part of another; false when that was known.
    pub fn put_merge(&mut self, lead: &str, into: &str) -> Result<bool> {
        let statement = "INSERT INTO merges (lead, into_) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        Ok(self.run(statement, &[lead.into(), into.into()])? > 0)
    }

    /// The leads that are joined to one by merges, at any remove, itself among them; empty when there is no merge.
    pub fn joined(&mut self, lead: &str) -> Result<BTreeSet<String>> {
        let mut joined = BTreeSet::new();
        let mut open = vec![lead.to_owned()];
        while let Some(next) = open.pop() {
            let statement = "SELECT into_ FROM merges WHERE lead = $1 UNION SELECT lead FROM merges WHERE into_ = $1";
            for mut row in self.rows(statement, &[(&next).into()])? {
                let other = row.word();
                if joined.insert(other.clone()) {
                    open.push(other);
                }
            }
        }
        Ok(joined)
    }
}
