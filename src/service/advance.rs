//! A lead is advanced: rehydrated up to an instant, and stored with its projection and its requested actions.

use std::collections::BTreeSet;

use super::effects::effects;
use super::merge_group::{MergeGroup, Relation, Since};
use super::pact_versions::PactVersions;
use super::projection::projection;
use super::writer::Writer;
use crate::roster::Roster;
use crate::store::{Fault, Result, StoredLead};
use crate::time::Instant;

/// Leads that were advanced together.
#[derive(Debug, Default)]
pub(super) struct Advanced {
    pub(super) leads: Vec<String>,
    /// When the first of them is due next.
    pub(super) due: Option<Instant>,
}

impl Writer {
    /// Advances a lead, and those that it merged with, to an instant, or to where they are already when that is later:
    /// from the last checkpoint, over the stored history. Stores the state, its projection, and its requested actions.
    pub(super) fn advance(&mut self, lead: &str, until: Instant, roster: &mut Roster) -> Result<Advanced> {
        let versions = self.versions();
        let merge_group = self.merge_group(lead, &versions)?;
        let replayed_until = merge_group.replayed_until().map_or(until, |before| before.max(until));
        let last_reported = merge_group.last_reported().unwrap_or(replayed_until);
        // what was due before a pact came into force is done by the one before it, though it be later
        let pact_version = versions.number_at(replayed_until).unwrap_or_default();
        let mut advanced = Advanced::default();
        let all = merge_group.rehydrate(&versions, roster, replayed_until, Since::Checkpoint)?;
        for (member, rehydrated) in &all {
            let lead = &member.lead;
            let assignments =
                serde_json::to_string(&rehydrated.assignments).map_err(|error| Fault(error.to_string()))?;
            let checkpoint = rehydrated.checkpoint.clone();
            let stored = StoredLead { replayed_until, pact_version, assignments, checkpoint, last_reported };
            self.store.put_lead(lead, &stored)?;
            if member.stored.as_ref().is_some_and(|stored| stored.pact_version == 0) {
                // it is to be worked out anew, whatever there is of it
                self.store.forget_projection(lead)?;
            }
            self.store.put_projection(lead, &projection(&all, member, rehydrated))?;
            let effects = effects(lead, rehydrated, &*self.notifier);
            self.requested |= self.store.put_effects(lead, &effects, rehydrated.from)?;
            advanced.due = advanced.due.into_iter().chain(rehydrated.due).min();
            advanced.leads.push(lead.clone());
        }
        Ok(advanced)
    }

    /// Advances leads, each once, with those that they merged with; gives all of them.
    pub(super) fn advance_all(
        &mut self,
        leads: impl IntoIterator<Item = String>,
        until: Instant,
        roster: &mut Roster,
    ) -> Result<BTreeSet<String>> {
        let mut advanced = BTreeSet::new();
        for lead in leads {
            if !advanced.contains(&lead) {
                advanced.extend(self.advance(&lead, until, roster)?.leads);
            }
        }
        Ok(advanced)
    }

    /// A lead's merge group. Under another pact than its last one, more may say who it is.
    fn merge_group(&mut self, lead: &str, versions: &PactVersions) -> Result<MergeGroup> {
        loop {
            let merge_group = MergeGroup::of(&mut *self.store, lead)?;
            let Some(version) = versions.last() else { return Ok(merge_group) };
            let behind = |stored: &StoredLead| stored.pact_version < version.number;
            let mut new = false;
            if merge_group.members().iter().any(|member| member.stored.as_ref().is_some_and(behind)) {
                for member in merge_group.members() {
                    for relation in Relation::of_all(&version.pact, member) {
                        new |= !relation.put(&mut *self.store, &member.lead)?.is_empty();
                    }
                }
            }
            if !new {
                return Ok(merge_group);
            }
        }
    }
}
