//! A lead with those that it merged with: they are rehydrated together. Nearly every lead is a merge group of its own.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use rustc_hash::FxHashMap;

use super::history::{History, MergedPart, rows};
use super::pact_versions::PactVersions;
use super::rehydrate::{Rehydrated, rehydrate};
use crate::io::Row;
use crate::lifecycle::{EndAsPart, EntryLog, EventKind, KnownLead, LeadEvent, MOST_HOLDERS, Merged, Relations, merged};
use crate::pact::Pact;
use crate::roster::{Assignment, Roster};
use crate::store::{Result, Store, StoredEvent, StoredLead, stored_json};
use crate::time::Instant;

/// What is stored of one lead.
pub(super) struct GroupMember {
    /// Its key.
    pub(super) lead: String,
    /// Its events.
    pub(super) events: Vec<StoredEvent>,
    /// The rows of them.
    rows: Vec<Row>,
    /// Its assignments.
    assignments: Vec<Assignment>,
    /// What cannot be worked out; none before it is replayed for the first time.
    pub(super) stored: Option<StoredLead>,
}

impl GroupMember {
    /// What is stored of a lead.
    pub(super) fn of(store: &mut dyn Store, lead: &str) -> Result<Self> {
        let (events, stored) = (store.events(lead)?, store.lead(lead)?);
        Self::new(lead, events, stored)
    }

    /// What is stored of each lead of which there are events, by their keys.
    pub(super) fn of_each<'l>(
        store: &mut dyn Store,
        leads: impl Iterator<Item = &'l str> + Clone,
    ) -> Result<FxHashMap<String, Self>> {
        let (events, mut stored) = (store.events_of(leads.clone())?, store.leads_of(leads)?);
        let member = |(lead, events): (String, Vec<StoredEvent>)| {
            let member = Self::new(&lead, events, stored.remove(&lead))?;
            Ok((lead, member))
        };
        events.into_iter().map(member).collect()
    }

    fn new(lead: &str, events: Vec<StoredEvent>, stored: Option<StoredLead>) -> Result<Self> {
        let rows = rows(&events)?;
        let assignments = match &stored {
            Some(stored) => stored_json("the assignments of a lead", &stored.assignments)?,
            None => Vec::new(),
        };
        Ok(Self { lead: lead.to_owned(), events, rows, assignments, stored })
    }

    pub(super) fn assignments(&self) -> &[Assignment] {
        &self.assignments
    }

    fn history(&self) -> History<'_> {
        History::new(&self.events, &self.rows)
    }
}

/// Leads that are replayed together.
pub(super) struct MergeGroup {
    members: Vec<GroupMember>,
    /// Whether any is said to have merged into another of them, or to hold what another holds.
    related: bool,
}

/// From where states are rehydrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Since {
    /// The last checkpoint, where it holds.
    Checkpoint,
    /// The beginning, with the whole timeline.
    Beginning,
    /// The beginning, with the whole timeline and what was known at each moment: what figures are counted from.
    Moments,
}

impl MergeGroup {
    /// The merge group of a lead. It has no member when there is no event of it.
    pub(super) fn of(store: &mut dyn Store, lead: &str) -> Result<Self> {
        let joined = store.joined(lead)?;
        let related = !joined.is_empty();
        let members: Vec<GroupMember> = match related {
            true => joined.iter().map(|lead| GroupMember::of(store, lead)).collect::<Result<_>>()?,
            false => vec![GroupMember::of(store, lead)?],
        };
        let known = members.iter().any(|member| member.lead == lead && !member.events.is_empty());
        Ok(Self { members: if known { members } else { Vec::new() }, related })
    }

    /// A lead that is joined to no other.
    pub(super) fn alone(member: GroupMember) -> Self {
        Self { members: vec![member], related: false }
    }

    /// Whether any is said to have merged into another of them, or to hold what another holds.
    pub(super) fn is_related(&self) -> bool {
        self.related
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

    /// Rehydrates all of them up to an instant, in order of their keys. A lead's own timeline ends when it merges; its
    /// later events are events of the lead that it is part of. A merge of a lead with itself, at any remove, is none.
    pub(super) fn rehydrate(
        &self,
        versions: &PactVersions,
        roster: &mut Roster,
        until: Instant,
        since: Since,
    ) -> Result<Vec<(&GroupMember, Rehydrated)>> {
        let mut open: BTreeMap<&str, (&GroupMember, History<'_>)> =
            self.members.iter().map(|member| (&*member.lead, (member, member.history()))).collect();
        let checkpoint = |member: &GroupMember| match since {
            Since::Checkpoint => member.stored.as_ref().and_then(|stored| stored.checkpoint.clone()),
            Since::Beginning | Since::Moments => None,
        };
        let known = since == Since::Moments;
        let whole = |member: &GroupMember, history: &History<'_>, roster: &mut Roster| {
            let checkpoint = checkpoint(member);
            rehydrate(versions, history, member.assignments().to_vec(), roster, until, checkpoint.as_deref(), known)
        };
        let mut rehydrated = Vec::with_capacity(self.members.len());
        let fold = |lead: &str| versions.last().map(|version| key(&version.pact, lead)).unwrap_or_default();
        for came in self.relations(versions, until)?.map(|relations| merged(relations, fold)).unwrap_or_default() {
            let (from, root, end) = match came {
                Merged::Joined { at, from, root, into, by } => (from, root, EndAsPart { at, into, by }),
                Merged::Conflict { at, lead, conflict } => {
                    if let Some((_, history)) = open.get_mut(&*lead) {
                        history.contradict(at, conflict);
                    }
                    continue;
                }
                Merged::Void { at, lead, into } => {
                    if let Some((_, history)) = open.get_mut(&*lead) {
                        history.leave_out(at, into);
                    }
                    continue;
                }
            };
            let Some((member, mut history)) = open.remove(&*from) else { continue };
            history.end(end.clone());
            let whole = whole(member, &history, roster)?;
            let Some(whole) = whole else { continue };
            // what it was when it ended; its assignments were made above
            let assignments = whole.assignments.clone();
            let ended = rehydrate(versions, &history, assignments, &mut roster.clone(), end.at, None, known)?;
            if let (Some((_, other)), Some(ended)) = (open.get_mut(&*root), ended)
                && let Some(state) = ended.state.clone()
            {
                let Rehydrated { name, version, pact, answers, timeline, .. } = ended;
                let timeline = if known { timeline } else { EntryLog::default() };
                other.join(MergedPart { end, name, version, pact, state, timeline, answers, history });
            }
            rehydrated.push((member, Rehydrated { part: true, ..whole }));
        }
        for (member, history) in open.into_values() {
            let whole = whole(member, &history, roster)?;
            rehydrated.extend(whole.map(|whole| (member, whole)));
        }
        rehydrated.sort_by(|(a, _), (b, _)| a.lead.cmp(&b.lead));
        Ok(rehydrated)
    }

    /// What is said of which members are one, each event by the pact in force then; none where nothing is.
    fn relations(&self, versions: &PactVersions, until: Instant) -> Result<Option<Relations>> {
        if !self.related {
            return Ok(None);
        }
        let mut relations = Relations::default();
        for member in &self.members {
            let (lead, history) = (&member.lead, member.history());
            let (mut known, mut begun) = (None, false);
            for (version, end) in
                versions.all().filter(|(_, end)| history.first().is_some_and(|first| end.is_none_or(|end| first < end)))
            {
                let version = versions.load(version)?;
                let (Some(key), log) = history.log(&version.pact) else { continue };
                let events = log.events();
                let first = events.first().map_or(Instant::MAX_UTC, |event| event.at);
                known = Some(KnownLead { key: lead.clone(), name: key.to_string().into(), begun: first });
                relations.report(&version.pact, lead, log.reported());
                // the first that understands the lead holds for all that was before
                let since = if std::mem::replace(&mut begun, true) { version.since } else { Instant::MIN_UTC };
                // instants are stored to the microsecond, and the next pact holds from its own on
                let last = end.map_or(until, |end| until.min(end - TimeDelta::nanoseconds(1)));
                relations.say(&version.pact, lead, &events, since, last);
            }
            let nobody = || KnownLead { key: lead.clone(), name: lead.as_str().into(), begun: Instant::MAX_UTC };
            relations.know(known.unwrap_or_else(nobody));
        }
        Ok(Some(relations))
    }
}

/// Something that says of a lead which others it may be.
pub(super) enum Relation {
    /// It was reported to have merged into this one.
    Into(String),
    /// It holds the value of this hash, since then.
    Holds(String, Instant),
}

impl Relation {
    /// What an event says, as a pact understands it.
    pub(super) fn of(pact: &Pact, event: &LeadEvent) -> Vec<Self> {
        if let EventKind::Merged(into) = &event.what {
            return vec![Self::Into(key(pact, into))];
        }
        let values = event.what.identity_values(pact);
        values.into_iter().map(|value| Self::Holds(value.hash(), event.at)).collect()
    }

    /// The bytes of a key that it names.
    pub(super) fn key_length(&self) -> usize {
        match self {
            Self::Into(other) => other.len(),
            Self::Holds(..) => 0,
        }
    }

    /// What all events say that were ever reported of a lead, as a pact understands them.
    pub(super) fn of_all(pact: &Pact, member: &GroupMember) -> Vec<Self> {
        let (_, log) = member.history().log(pact);
        log.reported().iter().flat_map(|event| Self::of(pact, event)).collect()
    }

    /// Stores it; gives the leads that may be part of other ones than before.
    pub(super) fn put(&self, store: &mut dyn Store, lead: &str) -> Result<BTreeSet<String>> {
        match self {
            Self::Into(other) => {
                let new = store.put_merge(lead, other)?;
                Ok(new.then(|| lead.to_owned()).into_iter().collect())
            }
            Self::Holds(value, since) => store.put_holder(value, lead, *since, MOST_HOLDERS),
        }
    }

    /// Whether it is stored.
    pub(super) fn is_stored(&self, store: &mut dyn Store, lead: &str) -> Result<bool> {
        match self {
            Self::Into(other) => store.has_merge(lead, other),
            Self::Holds(value, since) => store.has_holder(value, lead, *since),
        }
    }
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
