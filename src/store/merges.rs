//! Which leads may be one another: those that were reported to have merged, and those that hold one value.

use std::collections::BTreeSet;

use super::{Result, Store};

impl dyn Store + '_ {
    /// Records that a lead was reported to have merged into another; false when that was known.
    pub fn put_merge(&mut self, lead: &str, into: &str) -> Result<bool> {
        let statement = "INSERT INTO merges (lead, other) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        Ok(self.run(statement, &[lead.into(), into.into()])? > 0)
    }

    /// Whether it is stored that a lead was reported to have merged into another.
    pub fn has_merge(&mut self, lead: &str, into: &str) -> Result<bool> {
        let statement = "SELECT other FROM merges WHERE lead = $1 AND other = $2";
        Ok(!self.rows(statement, &[lead.into(), into.into()])?.is_empty())
    }

    /// The leads that are joined to one by merges, or by values that they hold, at any remove, itself among them; empty when
    /// it is joined to none. A lead without an event joins nobody, however many were merged into it.
    pub fn joined(&mut self, lead: &str) -> Result<BTreeSet<String>> {
        let mut joined = BTreeSet::new();
        let mut open = vec![lead.to_owned()];
        while let Some(next) = open.pop() {
            let statement = "SELECT other FROM merges m WHERE lead = $1 \
                             AND EXISTS (SELECT 1 FROM events e WHERE e.lead = m.other) \
                             UNION SELECT lead FROM merges WHERE other = $1 \
                             UNION SELECT o.lead FROM holders h JOIN holders o ON o.value = h.value AND o.tells = 1 \
                             WHERE h.lead = $1 AND h.tells = 1 AND o.lead <> $1";
            for mut row in self.rows(statement, &[(&next).into()])? {
                let other = row.word()?;
                if joined.insert(other.clone()) {
                    open.push(other);
                }
            }
        }
        Ok(joined)
    }
}
