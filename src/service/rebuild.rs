//! All that is worked out, worked out anew from the stored events, each state from its beginning.

use super::dispatcher::Receivers;
use super::live_leads::LiveLead;
use super::merge_group::{GroupMember, MergeGroup, Relation, Since, parts};
use super::pact_versions::{PactVersion, PactVersions};
use super::projection::projection;
use crate::roster::Roster;
use crate::store::{Fault, Projection, ProjectionUpdate, Result, Store, StoredLead, write};
use crate::time::Instant;

/// How many leads are worked out before what was wrong is written.
const BATCH: usize = 200;

/// Works out anew the projection and the checkpoint of every lead; gives the leads of which the store has something else,
/// and puts that right when `mend` says so.
///
/// # Errors
/// When the store does not answer.
pub fn rebuild(store: &mut dyn Store, mend: bool) -> Result<Rebuilt> {
    let mut versions = PactVersions::new(store.another()?);
    versions.refresh(store)?;
    let mut rebuilt = Rebuilt { other: relations(store, &versions, mend)?, ..Rebuilt::default() };
    let mut last = String::new();
    loop {
        let leads = store.leads_after(&last, BATCH)?;
        let Some(end) = leads.last().cloned() else { break };
        last = end;
        let mut wrong: Vec<(String, StoredLead, Projection)> = Vec::new();
        for lead in leads {
            let merge_group = MergeGroup::of(store, &lead)?;
            let (Some(until), Some(stored)) = (merge_group.replayed_until(), store.lead(&lead)?) else { continue };
            // one that is behind the last pact is where the one before it left it; by 0 it is to be worked out anew
            let versions = match stored.pact_version {
                0 => versions.clone(),
                version => versions.up_to(version)?,
            };
            let all = merge_group.rehydrate(&versions, &mut Roster::default(), until, Since::Beginning)?;
            let Some((member, rehydrated)) = all.iter().find(|(member, _)| member.lead == lead) else { continue };
            let parts = parts(&all, &lead).into_iter().map(|(_, part)| part.present());
            let projection = projection(&rehydrated.present(), parts);
            let rebuilt_json = serde_json::to_string(&projection).map_err(|error| Fault(error.to_string()))?;
            rebuilt.leads += 1;
            rebuilt.events += member.events.len() as u64;
            let other = store.projection(&lead)?.as_ref() != Some(&rebuilt_json)
                || stored.checkpoint != rehydrated.checkpoint
                || !checkpoint_holds(store, &lead, versions.last(), (until, &projection))?;
            if other {
                wrong.push((lead, StoredLead { checkpoint: rehydrated.checkpoint.clone(), ..stored }, projection));
            }
        }
        if mend && !wrong.is_empty() {
            write(store, |store| {
                wrong.iter().try_for_each(|(lead, stored, projection)| {
                    store.put_leads(&[(lead, stored)])?;
                    store.forget_projection(lead)?;
                    store.forget_checkpoints([lead.as_str()])?;
                    store.put_projections(&[ProjectionUpdate { lead, projection, before: None }])
                })
            })?;
        }
        rebuilt.other.extend(wrong.into_iter().map(|(lead, ..)| lead));
    }
    rebuilt.other.sort();
    rebuilt.other.dedup();
    Ok(rebuilt)
}

/// Whether a lead comes to its projection from its stored checkpoint too; also where it has none that would be read.
fn checkpoint_holds(
    store: &mut dyn Store,
    lead: &str,
    version: Option<&PactVersion>,
    (until, projection): (Instant, &Projection),
) -> Result<bool> {
    let (Some(version), Some(checkpoint)) = (version, store.checkpoints_of([lead])?.remove(lead)) else {
        return Ok(true);
    };
    let Some(live) = LiveLead::stored(store, lead, &checkpoint, version)? else { return Ok(true) };
    let update = live.advance(lead.to_owned(), until, &mut Roster::default(), &Receivers::default())?;
    Ok(update.projection == *projection)
}

/// Which leads may be one another: gives those of which the store does not know it, and puts that right when `mend` says so.
fn relations(store: &mut dyn Store, versions: &PactVersions, mend: bool) -> Result<Vec<String>> {
    let (mut other, mut last) = (Vec::new(), String::new());
    let Some(version) = versions.last() else { return Ok(other) };
    loop {
        let leads = store.leads_after(&last, BATCH)?;
        let Some(end) = leads.last().cloned() else { return Ok(other) };
        last = end;
        let mut unknown = Vec::new();
        for lead in &leads {
            for relation in Relation::of_all(&version.pact, &GroupMember::of(store, lead)?) {
                if !relation.is_stored(store, lead)? {
                    unknown.push((lead, relation));
                }
            }
        }
        if mend && !unknown.is_empty() {
            write(store, |store| {
                unknown.iter().try_for_each(|(lead, relation)| relation.put(store, lead).map(drop))?;
                store.put_changes(unknown.iter().map(|(lead, _)| lead.as_str()))
            })?;
        }
        other.extend(unknown.into_iter().map(|(lead, _)| lead.clone()));
    }
}

/// What a rebuild came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebuilt {
    pub leads: u64,
    pub events: u64,
    /// Leads of which the store had something else.
    pub other: Vec<String>,
}
