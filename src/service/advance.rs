//! Leads are advanced: each is brought up to an instant, by what is held of it or by its stored history, and all of them are
//! stored together with their projections and their requested actions.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::effects::effects;
use super::live_leads::{LeadNews, LeadUpdate, LiveLead};
use super::merge_group::{GroupMember, MergeGroup, Relation, Since, parts};
use super::pact_versions::PactVersions;
use super::projection::projection;
use super::writer::Writer;
use crate::roster::Roster;
use crate::store::{EffectsUpdate, ProjectionUpdate, Result, StoredLead, to_stored_json};
use crate::time::Instant;

/// How many leads are read together.
const READ: usize = 128;

/// A lead that is to be advanced.
#[derive(Debug, Default)]
pub(super) struct Advance {
    pub(super) lead: String,
    /// What is new of it.
    pub(super) news: LeadNews,
    /// To which instant.
    pub(super) until: Instant,
}

/// Leads that were advanced together.
#[derive(Debug, Default)]
pub(super) struct Advanced {
    /// All of them, those that they merged with among them, each with the instant to which it was.
    pub(super) leads: BTreeMap<String, Instant>,
    /// To which instants the leads were that were to be.
    pub(super) fired: Vec<Instant>,
    /// When the first of them is due next.
    pub(super) due: Option<Instant>,
}

/// How a lead is advanced.
enum Way {
    /// By what is held of it.
    Live(Box<LiveLead>),
    /// By its history, which is read already.
    Alone(Box<GroupMember>),
    /// With those that it may have merged with.
    Group,
}

impl Writer {
    /// Advances leads to an instant, each once, with those that they merged with; gives all of them.
    pub(super) fn advance_all(
        &mut self,
        leads: impl IntoIterator<Item = (String, LeadNews)>,
        until: Instant,
        roster: &mut Roster,
    ) -> Result<Vec<String>> {
        let all = leads.into_iter().map(|(lead, news)| Advance { lead, news, until }).collect();
        Ok(self.advance_while(all, roster, |_, _| true)?.leads.into_keys().collect())
    }

    /// Advances leads one after the other, as long as that is said before each of them: it is told what was done so far.
    pub(super) fn advance_while(
        &mut self,
        all: Vec<Advance>,
        roster: &mut Roster,
        goes_on: impl Fn(&Advanced, &Advance) -> bool,
    ) -> Result<Advanced> {
        let versions = self.versions();
        let mut advanced = Advanced::default();
        let mut updates = Vec::new();
        let mut all = all.into_iter();
        loop {
            let some: Vec<Advance> = all.by_ref().take(READ).collect();
            if some.is_empty() {
                break;
            }
            let mut ways = self.ways(some, &versions)?.into_iter();
            while let Some((advance, way)) = ways.next() {
                if !goes_on(&advanced, &advance) {
                    let left = std::iter::once((advance, way)).chain(ways);
                    left.for_each(|(advance, way)| self.hold_again(advance, way));
                    all = Vec::new().into_iter();
                    break;
                }
                let Advance { lead, until, .. } = advance;
                advanced.fired.push(until);
                if advanced.leads.get(&lead).is_some_and(|to| *to >= until) {
                    continue;
                }
                // one that was advanced with others is not as it was read
                let way = if advanced.leads.contains_key(&lead) { Way::Group } else { way };
                let new = match way {
                    Way::Live(live) => vec![live.advance(lead, until, roster, &*self.notifier)?],
                    way => {
                        let group = self.merge_group(&lead, way, &versions, &mut updates)?;
                        self.by_history(&group, until, &versions, roster)?
                    }
                };
                advanced.leads.extend(new.iter().map(|update| (update.lead.clone(), until)));
                advanced.due = new.iter().filter_map(|update| update.projection.due).chain(advanced.due).min();
                updates.extend(new);
            }
            self.store_updates(&mut updates)?;
        }
        Ok(advanced)
    }

    /// How each of some leads is advanced. Of those that are not held, the histories are read together.
    fn ways(&mut self, some: Vec<Advance>, versions: &PactVersions) -> Result<Vec<(Advance, Way)>> {
        let mut ways = Vec::with_capacity(some.len());
        for mut advance in some {
            let news = std::mem::take(&mut advance.news);
            let live = self.live.take(&advance.lead).zip(versions.last());
            let live = live.and_then(|(live, version)| live.with(news, version));
            ways.push((advance, live.map(|live| Way::Live(Box::new(live)))));
        }
        let to_read = || ways.iter().filter(|(_, way)| way.is_none()).map(|(advance, _)| &*advance.lead);
        let related = self.store.related_among(to_read())?;
        let single = || to_read().filter(|lead| !related.contains(*lead));
        let mut resumed = FxHashMap::default();
        if let Some(version) = versions.last() {
            for (lead, checkpoint) in self.store.checkpoints_of(single())? {
                if let Some(live) = LiveLead::stored(&mut *self.store, &lead, &checkpoint, version)? {
                    resumed.insert(lead, Way::Live(Box::new(live)));
                }
            }
        }
        let whole = single().filter(|lead| !resumed.contains_key(*lead));
        let mut alone = GroupMember::of_each(&mut *self.store, whole)?;
        let way = |(advance, live): (Advance, Option<Way>)| {
            let whole = || alone.remove(&advance.lead).map(|member| Way::Alone(Box::new(member)));
            let way = live.or_else(|| resumed.remove(&advance.lead)).or_else(whole).unwrap_or(Way::Group);
            (advance, way)
        };
        Ok(ways.into_iter().map(way).collect())
    }

    /// Holds a lead that was not advanced as it was held before.
    fn hold_again(&mut self, advance: Advance, way: Way) {
        if let Way::Live(live) = way {
            self.live.put(advance.lead, *live);
        }
    }

    /// A lead's merge group. Under another pact than its last one, more may say who it is.
    fn merge_group(
        &mut self,
        lead: &str,
        way: Way,
        versions: &PactVersions,
        updates: &mut Vec<LeadUpdate>,
    ) -> Result<MergeGroup> {
        let mut merge_group = match way {
            Way::Alone(member) => MergeGroup::alone(*member),
            Way::Live(_) | Way::Group => {
                // what was advanced already is read from the store
                self.store_updates(updates)?;
                MergeGroup::of(&mut *self.store, lead)?
            }
        };
        loop {
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
            self.store_updates(updates)?;
            merge_group = MergeGroup::of(&mut *self.store, lead)?;
        }
    }

    /// Advances a merge group to an instant, or to where it is already when that is later: from the last checkpoint, over
    /// the stored history.
    fn by_history(
        &mut self,
        merge_group: &MergeGroup,
        until: Instant,
        versions: &PactVersions,
        roster: &mut Roster,
    ) -> Result<Vec<LeadUpdate>> {
        let replayed_until = merge_group.replayed_until().map_or(until, |before| before.max(until));
        let last_reported = merge_group.last_reported().unwrap_or(replayed_until);
        // what was due before a pact came into force is done by the one before it, though it be later
        let pact_version = versions.number_at(replayed_until).unwrap_or_default();
        let mut all = merge_group.rehydrate(versions, roster, replayed_until, Since::Checkpoint)?;
        let mut updates = Vec::with_capacity(all.len());
        for (member, rehydrated) in &all {
            let lead = &member.lead;
            self.live.forget(lead);
            if member.stored.as_ref().is_some_and(|stored| stored.pact_version == 0) {
                // it is to be worked out anew, whatever there is of it
                self.store.forget_projection(lead)?;
            }
            let checkpoint = rehydrated.checkpoint.clone();
            let assignments = to_stored_json(&rehydrated.assignments)?;
            updates.push(LeadUpdate {
                lead: lead.clone(),
                stored: StoredLead { replayed_until, pact_version, assignments, checkpoint, last_reported },
                projection: projection(
                    &rehydrated.present(),
                    parts(&all, lead).into_iter().map(|(_, part)| part.present()),
                ),
                before: None,
                effects: effects(lead, &rehydrated.entries, &*self.notifier),
                from: rehydrated.from,
                earlier: member.stored.is_some(),
                live: None,
                assignments: Vec::new(),
                checkpoint: None,
            });
        }
        if let ([update], [(_, rehydrated)]) = (&mut *updates, &mut *all)
            && !merge_group.is_related()
        {
            update.live = rehydrated.settled.take();
            update.assignments = std::mem::take(&mut rehydrated.assignments);
        }
        Ok(updates)
    }

    /// Stores leads that were advanced, and holds those that can be.
    fn store_updates(&mut self, updates: &mut Vec<LeadUpdate>) -> Result<()> {
        let leads: Vec<_> = updates.iter().map(|update| (&*update.lead, &update.stored)).collect();
        self.store.put_leads(&leads)?;
        let projections = updates.iter().map(|LeadUpdate { lead, projection, before, .. }| ProjectionUpdate {
            lead,
            projection,
            before: before.as_ref(),
        });
        self.store.put_projections(&projections.collect::<Vec<_>>())?;
        let effects = updates.iter().map(|LeadUpdate { lead, effects, from, earlier, .. }| EffectsUpdate {
            lead,
            effects,
            from: *from,
            earlier: *earlier,
        });
        self.requested |= self.store.put_effects(&effects.collect::<Vec<_>>())?;
        let of_history = updates.iter().filter(|update| update.checkpoint.is_none() && update.earlier);
        self.store.forget_checkpoints(of_history.map(|update| &*update.lead))?;
        let mut checkpoints = Vec::new();
        for update in &mut *updates {
            let checkpoint = update.next_checkpoint()?;
            checkpoints.extend(checkpoint.map(|checkpoint| (&*update.lead, checkpoint)));
        }
        self.store.put_checkpoints(&checkpoints)?;
        for (lead, live) in updates.drain(..).filter_map(LeadUpdate::into_live) {
            self.live.put(lead, live);
        }
        Ok(())
    }
}
