//! All that is worked out, worked out anew from what is kept, each life from its beginning.

use super::eras::Eras;
use super::family::{Family, Since, merged_into};
use super::standing::standing;
use crate::roster::Roster;
use crate::store::{Fault, Lead, Result, Standing, Store, write};

/// How many leads are worked out before what was wrong is written.
const BATCH: usize = 200;

/// Works out anew where every lead stands, and what its life had come to when the last pact took effect; gives the leads
/// of which something else stood in the store, and puts that right when `mend` says so.
///
/// # Errors
/// When the store does not answer.
pub fn rebuild(store: &mut dyn Store, mend: bool) -> Result<Rebuilt> {
    let mut eras = Eras::default();
    eras.refresh(store)?;
    let mut rebuilt = Rebuilt { other: merges(store, &eras, mend)?, ..Rebuilt::default() };
    let mut last = String::new();
    loop {
        let leads = store.leads_after(&last, BATCH)?;
        let Some(end) = leads.last().cloned() else { break };
        last = end;
        let mut other: Vec<(String, Lead, Standing)> = Vec::new();
        for lead in leads {
            let family = Family::of(store, &lead)?;
            let (Some(until), Some(kept)) = (family.lived(), store.lead(&lead)?) else { continue };
            // one that is still to be brought under the last pact stands where the one before it left it
            let eras = eras.up_to(kept.epoch);
            let all = family.live(&eras, &mut Roster::default(), until, Since::Beginning);
            let Some((member, lived)) = all.into_iter().find(|(member, _)| member.lead == lead) else { continue };
            let standing = standing(&lived);
            let said = serde_json::to_string(&standing).map_err(|error| Fault(error.to_string()))?;
            rebuilt.leads += 1;
            rebuilt.events += member.events.len() as u64;
            if store.said(&lead)?.as_ref() != Some(&said) || kept.kept != lived.milestone {
                other.push((lead, Lead { kept: lived.milestone, ..kept }, standing));
            }
        }
        if mend && !other.is_empty() {
            write(store, |store| {
                other.iter().try_for_each(|(lead, kept, standing)| {
                    store.put_lead(lead, kept)?;
                    store.put_standing(lead, standing)
                })
            })?;
        }
        rebuilt.other.extend(other.into_iter().map(|(lead, ..)| lead));
    }
    rebuilt.other.sort();
    rebuilt.other.dedup();
    Ok(rebuilt)
}

/// Which leads were told to have become part of others: gives those of which the store does not know it, and puts that
/// right when `mend` says so.
fn merges(store: &mut dyn Store, eras: &Eras, mend: bool) -> Result<Vec<String>> {
    let (mut other, mut last) = (Vec::new(), String::new());
    let Some(era) = eras.last() else { return Ok(other) };
    loop {
        let leads = store.leads_after(&last, BATCH)?;
        let Some(end) = leads.last().cloned() else { return Ok(other) };
        last = end;
        let mut unknown = Vec::new();
        for lead in &leads {
            for into in merged_into(&store.events(lead)?, era) {
                if !store.has_merge(lead, &into)? {
                    unknown.push((lead, into));
                }
            }
        }
        if mend && !unknown.is_empty() {
            write(store, |store| unknown.iter().try_for_each(|(lead, into)| store.put_merge(lead, into).map(drop)))?;
        }
        other.extend(unknown.into_iter().map(|(lead, _)| lead.clone()));
    }
}

/// What a rebuild came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Rebuilt {
    pub leads: u64,
    pub events: u64,
    /// Leads of which something else stood in the store.
    pub other: Vec<String>,
}
