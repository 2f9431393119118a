//! Events of leads, and how far each has been replayed.

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest as _, Sha256};

use super::{Result, SqlRow, SqlValue, Store, instant, micros};
use crate::time::Instant;

/// An event of a lead, as it was reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// When it happened, by its own word.
    pub at: Instant,
    /// When it came.
    pub received: Instant,
    /// The `source` that says what its columns mean; empty for none.
    pub source: String,
    /// The row, as JSON.
    pub line: String,
}

/// What is stored of a lead beside its events and its projection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLead {
    /// Until when it has been replayed.
    pub replayed_until: Instant,
    /// Under which pact.
    pub pact_version: i64,
    /// Its assignments, as JSON.
    pub assignments: String,
    /// Its checkpoint, as JSON, where it had begun before that pact came into force.
    pub checkpoint: Option<String>,
    /// When an event of it was last reported.
    pub last_reported: Instant,
}

impl StoredEvent {
    /// Its identity among the events of its lead: source and line, as a hash.
    fn hash(&self) -> String {
        let hash = Sha256::new().chain_update(&self.source).chain_update([0xff]).chain_update(&self.line).finalize();
        hash[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl dyn Store + '_ {
    /// Takes events of leads in; says of each whether it is new.
    pub fn put_events(&mut self, events: &[(&str, &StoredEvent)]) -> Result<Vec<bool>> {
        let hashes: Vec<String> = events.iter().map(|(_, event)| event.hash()).collect();
        let row = |((lead, event), hash): (&(&str, &StoredEvent), &String)| -> [SqlValue; 6] {
            let StoredEvent { at, received, source, line } = event;
            [(*lead).into(), hash.into(), (*at).into(), (*received).into(), source.into(), line.into()]
        };
        let rows: Vec<[SqlValue; 6]> = events.iter().zip(&hashes).map(row).collect();
        let statement = "INSERT INTO events (lead, hash, at, received, source, line) VALUES {rows} \
                         ON CONFLICT DO NOTHING RETURNING lead, hash";
        let new = self.returned_of_rows(statement, &rows)?;
        let new = new.into_iter().map(|mut row| Ok((row.word()?, row.word()?)));
        let mut new = new.collect::<Result<FxHashSet<(String, String)>>>()?;
        // of two that are alike the first is new
        let is_new = |((lead, _), hash): (&(&str, &StoredEvent), String)| new.remove(&((*lead).to_owned(), hash));
        let new: Vec<bool> = events.iter().zip(hashes).map(is_new).collect();
        let mut firsts: FxHashMap<&str, Instant> = FxHashMap::default();
        for ((lead, event), _) in events.iter().zip(&new).filter(|(_, new)| **new) {
            // as it is stored
            let at = instant(micros(event.at));
            firsts.entry(lead).and_modify(|first| *first = at.min(*first)).or_insert(at);
        }
        self.forget_checkpoints_since(&firsts)?;
        self.add_to_tally("events", new.iter().filter(|new| **new).count() as i64)?;
        Ok(new)
    }

    /// All events of a lead, in the order of their instants.
    pub fn events(&mut self, lead: &str) -> Result<Vec<StoredEvent>> {
        Ok(self.events_of([lead])?.remove(lead).unwrap_or_default())
    }

    /// The events of a lead after an instant, in the order of theirs.
    pub fn events_after(&mut self, lead: &str, at: Instant) -> Result<Vec<StoredEvent>> {
        let statement = "SELECT at, received, source, line FROM events WHERE lead = $1 AND at > $2 ORDER BY at, hash";
        let event = |mut row: SqlRow| {
            Ok(StoredEvent { at: row.at()?, received: row.at()?, source: row.word()?, line: row.word()? })
        };
        self.rows(statement, &[lead.into(), at.into()])?.into_iter().map(event).collect()
    }

    /// All events of leads, those of each in the order of their instants.
    pub fn events_of<'l>(
        &mut self,
        leads: impl IntoIterator<Item = &'l str>,
    ) -> Result<FxHashMap<String, Vec<StoredEvent>>> {
        let statement = "SELECT lead, at, received, source, line FROM events WHERE lead IN {keys} \
                         ORDER BY lead, at, hash";
        let mut events: FxHashMap<String, Vec<StoredEvent>> = FxHashMap::default();
        for mut row in self.rows_of_keys(statement, leads)? {
            let lead = row.word()?;
            let event = StoredEvent { at: row.at()?, received: row.at()?, source: row.word()?, line: row.word()? };
            events.entry(lead).or_default().push(event);
        }
        Ok(events)
    }

    pub(super) fn count(&mut self, statement: &str, values: &[SqlValue]) -> Result<i64> {
        self.rows(statement, values)?.into_iter().next().map_or(Ok(0), |mut row| row.whole())
    }

    /// What is stored of a lead, when it has been replayed.
    pub fn lead(&mut self, lead: &str) -> Result<Option<StoredLead>> {
        Ok(self.leads_of([lead])?.remove(lead))
    }

    /// What is stored of leads that have been replayed.
    pub fn leads_of<'l>(&mut self, leads: impl IntoIterator<Item = &'l str>) -> Result<FxHashMap<String, StoredLead>> {
        let statement = "SELECT lead, replayed_until, pact_version, assignments, checkpoint, last_reported FROM leads \
                         WHERE lead IN {keys}";
        let lead = |mut row: SqlRow| {
            let lead = row.word()?;
            let stored = StoredLead {
                replayed_until: row.at()?,
                pact_version: row.whole()?,
                assignments: row.word()?,
                checkpoint: row.text()?,
                last_reported: row.at()?,
            };
            Ok((lead, stored))
        };
        self.rows_of_keys(statement, leads)?.into_iter().map(lead).collect()
    }

    /// Says how far leads have been replayed, each once.
    pub fn put_leads(&mut self, leads: &[(&str, &StoredLead)]) -> Result<()> {
        let row = |(lead, stored): &(&str, &StoredLead)| -> [SqlValue; 6] {
            let StoredLead { replayed_until, pact_version, assignments, checkpoint, last_reported } = stored;
            [
                (*lead).into(),
                (*replayed_until).into(),
                (*pact_version).into(),
                assignments.into(),
                checkpoint.as_deref().into(),
                (*last_reported).into(),
            ]
        };
        let rows: Vec<[SqlValue; 6]> = leads.iter().map(row).collect();
        let keys = || leads.iter().map(|(lead, _)| *lead);
        let known = self.rows_of_keys("SELECT lead FROM leads WHERE lead IN {keys}", keys())?;
        let known: FxHashSet<String> = known.into_iter().map(|mut row| row.word()).collect::<Result<_>>()?;
        self.add_to_tally("leads", (leads.len() - known.len()) as i64)?;
        self.run_rows(
            "INSERT INTO leads (lead, replayed_until, pact_version, assignments, checkpoint, last_reported) \
             VALUES {rows} ON CONFLICT (lead) DO UPDATE SET \
             replayed_until = excluded.replayed_until, pact_version = excluded.pact_version, \
             assignments = excluded.assignments, checkpoint = excluded.checkpoint, \
             last_reported = excluded.last_reported",
            &rows,
        )?;
        self.put_changes(keys())
    }

    /// The next leads after a key, in order.
    pub fn leads_after(&mut self, lead: &str, limit: usize) -> Result<Vec<String>> {
        let rows =
            self.rows("SELECT lead FROM leads WHERE lead > $1 ORDER BY lead LIMIT $2", &[lead.into(), limit.into()])?;
        rows.into_iter().map(|mut row| row.word()).collect()
    }

    /// Leads without an event since an instant.
    pub fn leads_silent_since(&mut self, at: Instant, limit: usize) -> Result<Vec<String>> {
        let rows = self.rows(
            "SELECT lead FROM leads WHERE last_reported < $1 ORDER BY last_reported, lead LIMIT $2",
            &[at.into(), limit.into()],
        )?;
        rows.into_iter().map(|mut row| row.word()).collect()
    }

    /// Leads that were last replayed under an older pact.
    pub fn leads_before_version(&mut self, pact_version: i64, limit: usize) -> Result<Vec<String>> {
        let rows = self.rows(
            "SELECT lead FROM leads WHERE pact_version < $1 ORDER BY pact_version, lead LIMIT $2",
            &[pact_version.into(), limit.into()],
        )?;
        rows.into_iter().map(|mut row| row.word()).collect()
    }

    /// Forgets a lead; false when nothing was known of it.
    pub fn erase(&mut self, lead: &str) -> Result<bool> {
        let mut gone = 0;
        let tables = [
            "events",
            "merges",
            "leads",
            "checkpoints",
            "projections",
            "points",
            "clocks",
            "terms",
            "holders",
            "outbox",
        ];
        self.leave_stages([lead])?;
        for table in tables {
            let rows = self.run(&format!("DELETE FROM {table} WHERE lead = $1"), &[lead.into()])?;
            if ["events", "leads"].contains(&table) {
                self.add_to_tally(table, -(rows as i64))?;
            }
            gone += rows;
        }
        if gone > 0 {
            self.put_changes([lead])?;
        }
        Ok(gone > 0)
    }

    /// A single value by its name.
    pub fn single(&mut self, name: &str) -> Result<Option<String>> {
        let rows = self.rows("SELECT value FROM singles WHERE name = $1", &[name.into()])?;
        rows.into_iter().next().map(|mut row| row.word()).transpose()
    }

    /// Stores a single value.
    pub fn put_single(&mut self, name: &str, value: &str) -> Result<()> {
        self.run(
            "INSERT INTO singles (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            &[name.into(), value.into()],
        )?;
        Ok(())
    }
}
