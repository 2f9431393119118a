//! Events of leads, and how far each has been replayed.

use sha2::{Digest as _, Sha256};

use super::{Result, SqlRow, SqlValue, Store, micros};
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
    /// Takes an event in; false when it was there already.
    pub fn put_event(&mut self, lead: &str, event: &StoredEvent) -> Result<bool> {
        let StoredEvent { at, received, source, line } = event;
        let hash = event.hash();
        let values: [SqlValue; 6] =
            [lead.into(), (&hash).into(), (*at).into(), (*received).into(), source.into(), line.into()];
        let new = self.run(
            "INSERT INTO events (lead, hash, at, received, source, line) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT DO NOTHING",
            &values,
        )?;
        Ok(new > 0)
    }

    /// All events of a lead, in the order of their instants.
    pub fn events(&mut self, lead: &str) -> Result<Vec<StoredEvent>> {
        let rows = self
            .rows("SELECT at, received, source, line FROM events WHERE lead = $1 ORDER BY at, hash", &[lead.into()])?;
        let event = |mut row: SqlRow| {
            Ok(StoredEvent { at: row.at()?, received: row.at()?, source: row.word()?, line: row.word()? })
        };
        rows.into_iter().map(event).collect()
    }

    /// How many events there are.
    pub fn count_events(&mut self) -> Result<i64> {
        self.count("SELECT count(*) FROM events", &[])
    }

    /// How many leads there are.
    pub fn count_leads(&mut self) -> Result<i64> {
        self.count("SELECT count(*) FROM leads", &[])
    }

    pub(super) fn count(&mut self, statement: &str, values: &[SqlValue]) -> Result<i64> {
        self.rows(statement, values)?.into_iter().next().map_or(Ok(0), |mut row| row.whole())
    }

    /// What is stored of a lead, when it has an event.
    pub fn lead(&mut self, lead: &str) -> Result<Option<StoredLead>> {
        let rows = self.rows(
            "SELECT replayed_until, pact_version, assignments, checkpoint, last_reported FROM leads WHERE lead = $1",
            &[lead.into()],
        )?;
        let lead = |mut row: SqlRow| {
            Ok(StoredLead {
                replayed_until: row.at()?,
                pact_version: row.whole()?,
                assignments: row.word()?,
                checkpoint: row.text()?,
                last_reported: row.at()?,
            })
        };
        rows.into_iter().next().map(lead).transpose()
    }

    /// Says how far a lead has been replayed.
    pub fn put_lead(&mut self, lead: &str, state: &StoredLead) -> Result<()> {
        let StoredLead { replayed_until, pact_version, assignments, checkpoint, last_reported } = state;
        let values = [
            lead.into(),
            micros(*replayed_until).into(),
            (*pact_version).into(),
            assignments.into(),
            checkpoint.as_deref().into(),
            micros(*last_reported).into(),
        ];
        self.run(
            "INSERT INTO leads (lead, replayed_until, pact_version, assignments, checkpoint, last_reported) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (lead) DO UPDATE SET \
             replayed_until = excluded.replayed_until, pact_version = excluded.pact_version, \
             assignments = excluded.assignments, checkpoint = excluded.checkpoint, \
             last_reported = excluded.last_reported",
            &values,
        )?;
        self.put_change(lead)
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
        for table in ["events", "merges", "leads", "projections", "points", "clocks", "terms", "holders", "outbox"] {
            gone += self.run(&format!("DELETE FROM {table} WHERE lead = $1"), &[lead.into()])?;
        }
        if gone > 0 {
            self.put_change(lead)?;
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
