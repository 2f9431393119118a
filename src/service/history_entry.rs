//! What happened to a lead, with the pact that made it happen: entries of its timelines as data and in words.

use std::sync::Arc;

use crate::decide::{EntryReport, timeline_entry};
use crate::explain;
use crate::lifecycle::TimelineEntry;
use crate::pact::Pact;

/// Something that happened.
pub struct HistoryEntry {
    /// As it happened, in the ids of its pact.
    pub entry: TimelineEntry,
    /// The pact that made it happen.
    pub pact: Arc<Pact>,
    /// As data.
    pub report: EntryReport,
}

/// Entries of a timeline, each as data.
pub(super) fn history_entries(
    pact: &Arc<Pact>,
    lead: &Arc<str>,
    entries: &[TimelineEntry],
) -> impl Iterator<Item = HistoryEntry> {
    entries.iter().map(|entry| HistoryEntry {
        entry: entry.clone(),
        pact: pact.clone(),
        report: timeline_entry(pact, lead, entry),
    })
}

impl HistoryEntry {
    /// What happened, as targets receive it.
    pub(super) fn json(&self) -> serde_json::Value {
        let mut data = serde_json::to_value(&self.report).unwrap_or_default();
        if let Some(data) = data.as_object_mut() {
            data.insert("words".to_owned(), self.words().into());
            data.insert("digest".to_owned(), self.pact.digest.to_string().into());
        }
        data
    }

    /// What happened, in words.
    pub fn words(&self) -> String {
        explain::happened(&self.pact, &self.report)
    }
}
