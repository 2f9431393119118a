//! All that is worked out, worked out anew from what is kept, each life from its beginning.

use super::eras::Eras;
use super::relive::relive;
use super::standing::standing;
use crate::roster::{Act, Roster};
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
    let mut rebuilt = Rebuilt::default();
    let mut last = String::new();
    loop {
        let leads = store.leads_after(&last, BATCH)?;
        let Some(end) = leads.last().cloned() else { return Ok(rebuilt) };
        last = end;
        let mut other: Vec<(String, Lead, Standing)> = Vec::new();
        for lead in leads {
            let Some(kept) = store.lead(&lead)? else { continue };
            let events = store.events(&lead)?;
            let acts: Vec<Act> = serde_json::from_str(&kept.acts).unwrap_or_default();
            let mut roster = Roster::default();
            // one that is still to be brought under the last pact stands where the one before it left it
            let eras = eras.up_to(kept.epoch);
            let Some(lived) = relive(&eras, &events, acts, &mut roster, kept.lived, None) else { continue };
            let standing = standing(&lived);
            let said = serde_json::to_string(&standing).map_err(|error| Fault(error.to_string()))?;
            rebuilt.leads += 1;
            rebuilt.events += events.len() as u64;
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
