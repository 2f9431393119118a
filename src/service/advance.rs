//! Leads are advanced: when their events come, when a wakeup is due, when another pact version is in force.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use chrono::TimeDelta;

use super::ServiceChange;
use super::effects::effects;
use super::merge_group::{MergeGroup, Since};
use super::pact_versions::PactVersions;
use super::projection::projection;
use super::writer::{BATCH, Writer};
use crate::roster::Roster;
use crate::store::{Fault, Result, StoredLead, micros};
use crate::time::Instant;

/// How often older answers are forgotten.
const FORGETTING: TimeDelta = TimeDelta::hours(1);

/// Leads that were advanced together.
#[derive(Debug, Default)]
struct Advanced {
    leads: Vec<String>,
    /// When the first of them is due next.
    due: Option<Instant>,
}

impl Writer {
    /// Does what is due by now: wakeups, digests, forgetting; and advances some leads that are behind the pact in force.
    /// True when others may be left, which wait while events are submitted.
    pub(super) fn run_due(&mut self) -> Result<bool> {
        let now = (self.clock)();
        self.catch_up(now)?;
        self.put_out_digests(now)?;
        if now.signed_duration_since(self.forgot) >= FORGETTING {
            self.forget_old(now)?;
            self.forgot = now;
        }
        let version = self.versions().last().map_or(0, |version| version.number);
        let behind = self.store.leads_before_version(version, BATCH)?;
        if behind.is_empty() {
            return Ok(false);
        }
        let advanced = self.write(|writer, roster| writer.advance_all(behind, now, roster))?;
        (self.changed)(ServiceChange::Leads(advanced.into_iter().collect()));
        Ok(true)
    }

    /// Advances the leads whose wakeups are due by an instant, in the order in which they are due.
    pub(super) fn catch_up(&mut self, now: Instant) -> Result<()> {
        loop {
            if self.store.next_due()?.is_none_or(|due| due > now) {
                return Ok(());
            }
            let (fired, changed) = self.write(|writer, roster| {
                let (mut fired, mut changed) = (Vec::new(), Vec::new());
                while fired.len() < BATCH {
                    let before = fired.len();
                    let mut soonest: Option<Instant> = None;
                    for (lead, at) in writer.store.due(now, BATCH - before)? {
                        // what is due to one of them again comes before what is due later to the rest
                        if soonest.is_some_and(|soonest| soonest < at) {
                            break;
                        }
                        let advanced = writer.advance(&lead, at, roster)?;
                        soonest = soonest.into_iter().chain(advanced.due).min();
                        changed.extend(advanced.leads);
                        fired.push(at);
                    }
                    if fired.len() == before {
                        break;
                    }
                }
                Ok((fired, changed))
            })?;
            // another instance may have done it in the meantime
            let Some(due) = fired.last() else { continue };
            self.progress.fired.fetch_add(fired.len() as u64, Ordering::Relaxed);
            self.progress.late.store(micros(now) - micros(*due), Ordering::Relaxed);
            (self.changed)(ServiceChange::Leads(changed));
        }
    }

    /// Advances a lead, and those that it merged with, to an instant, or to where they are already when that is later:
    /// from the last checkpoint, over the stored history. Stores the state, its projection, and its requested actions.
    fn advance(&mut self, lead: &str, until: Instant, roster: &mut Roster) -> Result<Advanced> {
        let versions = self.versions();
        let merge_group = self.merge_group(lead, &versions)?;
        let replayed_until = merge_group.replayed_until().map_or(until, |before| before.max(until));
        let last_reported = merge_group.last_reported().unwrap_or(replayed_until);
        let pact_version = versions.last().map_or(0, |version| version.number);
        let mut advanced = Advanced::default();
        for (member, rehydrated) in merge_group.rehydrate(&versions, roster, replayed_until, Since::Checkpoint) {
            let lead = &member.lead;
            let assignments =
                serde_json::to_string(&rehydrated.assignments).map_err(|error| Fault(error.to_string()))?;
            let checkpoint = rehydrated.checkpoint.clone();
            let stored = StoredLead { replayed_until, pact_version, assignments, checkpoint, last_reported };
            self.store.put_lead(lead, &stored)?;
            self.store.put_projection(lead, &projection(&rehydrated))?;
            let effects = effects(lead, &rehydrated, &*self.notifier);
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

    /// A lead's merge group. Under another pact than its last one, more may be understood to be a merge.
    fn merge_group(&mut self, lead: &str, versions: &PactVersions) -> Result<MergeGroup> {
        loop {
            let merge_group = MergeGroup::of(&mut *self.store, lead)?;
            let Some(version) = versions.last() else { return Ok(merge_group) };
            let behind = |stored: &StoredLead| stored.pact_version < version.number;
            let mut new = false;
            if merge_group.members().iter().any(|member| member.stored.as_ref().is_some_and(behind)) {
                for (lead, into) in merge_group.merges(version) {
                    new |= self.store.put_merge(&lead, &into)?;
                }
            }
            if !new {
                return Ok(merge_group);
            }
        }
    }
}
