//! A lead with those that it merged with: they are rehydrated together. Nearly every lead is a merge group of its own.

use std::collections::BTreeMap;

use super::history::{History, MergedPart};
use super::pact_versions::{PactVersion, PactVersions};
use super::rehydrate::{Rehydrated, rehydrate};
use crate::lifecycle::{EventKind, Merge, Merged, merged};
use crate::pact::Pact;
use crate::roster::{Assignment, Roster};
use crate::store::{Result, Store, StoredEvent, StoredLead};
use crate::time::Instant;

/// What is stored of one lead.
pub(super) struct GroupMember {
    /// Its key.
    pub(super) lead: String,
    /// Its events.
    pub(super) events: Vec<StoredEvent>,
    /// What cannot be worked out; none before it is replayed for the first time.
    pub(super) stored: Option<StoredLead>,
}

impl GroupMember {
    fn of(store: &mut dyn Store, lead: &str) -> Result<Self> {
        Ok(Self { lead: lead.to_owned(), events: store.events(lead)?, stored: store.lead(lead)? })
    }

    pub(super) fn assignments(&self) -> Vec<Assignment> {
        self.stored.as_ref().and_then(|stored| serde_json::from_str(&stored.assignments).ok()).unwrap_or_default()
    }
}

/// Leads that are replayed together.
pub(super) struct MergeGroup {
    members: Vec<GroupMember>,
    /// Whether any is said to have merged into another of them.
    merged: bool,
}

/// From where states are rehydrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Since {
    /// The last checkpoint, where it holds.
    Checkpoint,
    /// The beginning, with the whole timeline.
    Beginning,
}

impl MergeGroup {
    /// The merge group of a lead. It has no member when there is no event of it.
    pub(super) fn of(store: &mut dyn Store, lead: &str) -> Result<Self> {
        let joined = store.joined(lead)?;
        let merged = !joined.is_empty();
        let members: Vec<GroupMember> = match merged {
            true => joined.iter().map(|lead| GroupMember::of(store, lead)).collect::<Result<_>>()?,
            false => vec![GroupMember::of(store, lead)?],
        };
        let known = members.iter().any(|member| member.lead == lead && !member.events.is_empty());
        Ok(Self { members: if known { members } else { Vec::new() }, merged })
    }

    /// The members, in order of their keys.
    pub(super) fn members(&self) -> &[GroupMember] {
        &self.members
    }

    /// Up to when they have been replayed.
    pub(super) fn replayed_until(&self) -> Option<Instant> {
        self.members.iter().filter_map(|member| Some(member.stored.as_ref()?.replayed_until)).max()
    }

    /// When an event of any of them was last reported.
    pub(super) fn last_reported(&self) -> Option<Instant> {
        self.members.iter().flat_map(|member| &member.events).map(|event| event.received).max()
    }

    /// Which member is said to have merged into which lead, as a pact version understands it, by keys.
    pub(super) fn merges(&self, version: &PactVersion) -> Vec<(String, String)> {
        let merges = |member: &GroupMember| {
            let into = merged_into(&member.events, version);
            into.into_iter().map(|into| (member.lead.clone(), into)).collect::<Vec<_>>()
        };
        self.members.iter().flat_map(merges).collect()
    }

    /// Rehydrates all of them up to an instant, in order of their keys. A lead's own timeline ends when it merges; its
    /// later events are events of the lead that it is part of. A merge of a lead with itself, at any remove, is none.
    pub(super) fn rehydrate(
        &self,
        versions: &PactVersions,
        roster: &mut Roster,
        until: Instant,
        since: Since,
    ) -> Vec<(&GroupMember, Rehydrated)> {
        let mut open: BTreeMap<&str, (&GroupMember, History<'_>)> =
            self.members.iter().map(|member| (&*member.lead, (member, History::new(&member.events)))).collect();
        let checkpoint = |member: &GroupMember| match since {
            Since::Checkpoint => member.stored.as_ref().and_then(|stored| stored.checkpoint.clone()),
            Since::Beginning => None,
        };
        let mut rehydrated = Vec::with_capacity(self.members.len());
        let fold = |lead: &str| versions.last().map(|version| key(&version.pact, lead)).unwrap_or_default();
        let known = self.members.iter().map(|member| member.lead.clone());
        for came in merged(self.reported_merges(versions, until), known, fold) {
            let (at, from, root, into) = match came {
                Merged::Joined { at, from, root, into } => (at, from, root, into),
                Merged::Void { at, lead, into } => {
                    if let Some((_, history)) = open.get_mut(&*lead) {
                        history.leave_out(at, into);
                    }
                    continue;
                }
            };
            let Some((member, mut history)) = open.remove(&*from) else { continue };
            history.end(at, into);
            let whole =
                rehydrate(versions, &history, member.assignments(), roster, until, checkpoint(member).as_deref());
            let Some(whole) = whole else { continue };
            // what it was when it ended; its assignments were made above
            let assignments = whole.assignments.clone();
            let end = rehydrate(versions, &history, assignments, &mut roster.clone(), at, None);
            if let (Some((_, other)), Some(end)) = (open.get_mut(&*root), end)
                && let Some(state) = end.state.clone()
            {
                let Rehydrated { name, version, pact, answers, .. } = end;
                other.join(MergedPart { at, name, version, pact, state, answers, history });
            }
            rehydrated.push((member, whole));
        }
        for (member, history) in open.into_values() {
            let whole =
                rehydrate(versions, &history, member.assignments(), roster, until, checkpoint(member).as_deref());
            rehydrated.extend(whole.map(|whole| (member, whole)));
        }
        rehydrated.sort_by(|(a, _), (b, _)| a.lead.cmp(&b.lead));
        rehydrated
    }

    /// The merges that were reported, each by the pact in force then.
    fn reported_merges(&self, versions: &PactVersions, until: Instant) -> Vec<Merge> {
        let mut merges = Vec::new();
        for member in self.members.iter().filter(|_| self.merged) {
            let history = History::new(&member.events);
            let mut begun = false;
            for (version, end) in
                versions.all().filter(|(_, end)| history.first().is_some_and(|first| end.is_none_or(|end| first < end)))
            {
                let (Some(_), events) = history.under(version) else { continue };
                // the first that understands the lead holds for all that was before
                let since = std::mem::replace(&mut begun, true).then_some(version.since);
                let then = |at: Instant| {
                    at <= until && since.is_none_or(|since| since <= at) && end.is_none_or(|end| at < end)
                };
                merges.extend(events.into_iter().filter(|event| then(event.at)).filter_map(|event| match event.what {
                    EventKind::Merged(into) => Some(Merge { at: event.at, from: member.lead.clone(), into }),
                    _ => None,
                }));
            }
        }
        merges
    }
}

/// The leads that one is said to have merged into, as a pact version understands it, by keys.
pub(super) fn merged_into(events: &[StoredEvent], version: &PactVersion) -> Vec<String> {
    let (_, events) = History::new(events).under(version);
    let into = events.into_iter().filter_map(|event| match event.what {
        EventKind::Merged(into) => Some(key(&version.pact, &into)),
        _ => None,
    });
    into.collect()
}

/// The members that are part of one of them by now.
pub(super) fn parts<'f>(
    rehydrated: &'f [(&'f GroupMember, Rehydrated)],
    lead: &str,
) -> Vec<(&'f GroupMember, &'f Rehydrated)> {
    let into = |from: &str| {
        let (_, rehydrated) = rehydrated.iter().find(|(member, _)| member.lead == from)?;
        let (_, into) = rehydrated.state.as_ref()?.merged.as_ref()?;
        Some(key(&rehydrated.pact, into))
    };
    let is_part = |from: &str| {
        let mut next = into(from);
        // merges go round in no circle, but the keys of leads that are not known might
        for _ in 0..rehydrated.len() {
            match next {
                Some(root) if root == lead => return true,
                Some(root) => next = into(&root),
                None => return false,
            }
        }
        false
    };
    let members = rehydrated.iter().map(|(member, rehydrated)| (*member, rehydrated));
    members.filter(|(member, _)| member.lead != lead && is_part(&member.lead)).collect()
}

/// A lead as a key: keys match whatever their case.
fn key(pact: &Pact, lead: &str) -> String {
    pact.folding.fold(lead.trim()).into_owned()
}
