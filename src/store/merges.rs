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
        while !open.is_empty() {
            let others = self.joined_at_once(open.iter().map(String::as_str))?;
            open = others.into_iter().map(|(_, other)| other).filter(|other| joined.insert(other.clone())).collect();
        }
        Ok(joined)
    }

    /// Those of some leads that are joined to any other.
    pub fn related_among<'l>(&mut self, leads: impl IntoIterator<Item = &'l str>) -> Result<BTreeSet<String>> {
        Ok(self.joined_at_once(leads)?.into_iter().map(|(lead, _)| lead).collect())
    }

    /// Each of some leads with another that it is joined to without a third.
    fn joined_at_once<'l>(&mut self, leads: impl IntoIterator<Item = &'l str>) -> Result<Vec<(String, String)>> {
        let statement = "SELECT lead, other FROM merges m WHERE lead IN {keys} \
                         AND EXISTS (SELECT 1 FROM events e WHERE e.lead = m.other) \
                         UNION SELECT other, lead FROM merges WHERE other IN {keys} \
                         UNION SELECT h.lead, o.lead FROM holders h JOIN holders o ON o.value = h.value AND o.tells = 1 \
                         WHERE h.lead IN {keys} AND h.tells = 1 AND o.lead <> h.lead";
        self.rows_of_keys(statement, leads)?.into_iter().map(|mut row| Ok((row.word()?, row.word()?))).collect()
    }
}
