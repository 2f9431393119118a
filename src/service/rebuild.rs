//! All that is worked out, worked out anew from the stored events, each state from its beginning.

use super::merge_group::{GroupMember, MergeGroup, Relation, Since};
use super::pact_versions::PactVersions;
use super::projection::projection;
use crate::roster::Roster;
use crate::store::{Fault, Projection, Result, Store, StoredLead, write};

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
        let mut other: Vec<(String, StoredLead, Projection)> = Vec::new();
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
            let projection = projection(&all, member, rehydrated);
            let rebuilt_json = serde_json::to_string(&projection).map_err(|error| Fault(error.to_string()))?;
            rebuilt.leads += 1;
            rebuilt.events += member.events.len() as u64;
            if store.projection(&lead)?.as_ref() != Some(&rebuilt_json) || stored.checkpoint != rehydrated.checkpoint {
                other.push((lead, StoredLead { checkpoint: rehydrated.checkpoint.clone(), ..stored }, projection));
            }
        }
        if mend && !other.is_empty() {
            write(store, |store| {
                other.iter().try_for_each(|(lead, stored, projection)| {
                    store.put_lead(lead, stored)?;
                    store.forget_projection(lead)?;
                    store.put_projection(lead, projection)
                })
            })?;
        }
        rebuilt.other.extend(other.into_iter().map(|(lead, ..)| lead));
    }
    rebuilt.other.sort();
    rebuilt.other.dedup();
    Ok(rebuilt)
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
            write(store, |store| unknown.iter().try_for_each(|(lead, relation)| relation.put(store, lead).map(drop)))?;
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
