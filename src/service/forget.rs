//! What is kept no longer: by request, or after its time.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::Change;
use super::family::{Family, Member, Since, parts};
use super::keeper::{BATCH, Keeper};
use crate::roster::{Act, Roster};
use crate::store::Result;
use crate::value::Instant;

/// For how long the answer to a request is kept, for when the request comes again.
const ANSWERS: TimeDelta = TimeDelta::days(7);

impl Keeper {
    /// Forgets old answers, and leads of which nothing has been told for as long as they are kept.
    pub(super) fn forget_old(&mut self, now: Instant) -> Result<()> {
        self.write(|keeper, _| keeper.store.forget_answers(now - ANSWERS))?;
        let Some(since) = self.keeps.and_then(|keeps| now.checked_sub_signed(keeps)) else { return Ok(()) };
        loop {
            let silent = self.store.leads_silent_since(since, BATCH)?;
            if silent.is_empty() {
                return Ok(());
            }
            self.write(|keeper, roster| silent.iter().try_for_each(|lead| keeper.forget(lead, roster).map(drop)))?;
            tracing::info!(leads = silent.len(), "forgotten, as nothing was told of them");
            (self.changed)(Change::Leads(silent));
        }
    }

    /// Forgets a lead and those that became part of it: what was told of them, and all that was worked out. They are in
    /// nobody's hands any more. One that it became part of goes on without it. Gives all leads that changed: none when
    /// nothing is known of the lead.
    pub(super) fn forget(&mut self, lead: &str, roster: &mut Roster) -> Result<BTreeSet<String>> {
        let eras = self.eras();
        let family = Family::of(&mut *self.store, lead)?;
        let until = family.lived().unwrap_or_else(|| (self.clock)());
        let lived = family.live(&eras, &mut roster.clone(), until, Since::Milestone);
        let parts: BTreeSet<&str> = parts(&lived, lead).into_iter().map(|part| &*part.lead).collect();
        let goes = |member: &&Member| member.lead == lead || parts.contains(&*member.lead);
        let (gone, left): (Vec<&Member>, Vec<&Member>) = family.members().iter().partition(goes);
        let mut changed = BTreeSet::new();
        for member in gone {
            release(&member.acts(), roster);
            if self.store.erase(&member.lead)? {
                changed.insert(member.lead.clone());
            }
        }
        changed.extend(self.live_all(left.into_iter().map(|member| member.lead.clone()), until, roster)?);
        Ok(changed)
    }
}

/// Gives room back to those in whose hands a lead is by its turns.
fn release(acts: &[Act], roster: &mut Roster) {
    let mut held: Vec<(&str, &str)> = Vec::new();
    for act in acts {
        match act {
            Act::Give { team, to: Some(to), .. } | Act::Take { team, to } => held.push((team, to)),
            Act::Give { to: None, .. } => {}
            Act::Release { team, from } | Act::Credit { team, from } => {
                if let Some(place) = held.iter().position(|holds| *holds == (&**team, &**from)) {
                    held.remove(place);
                }
            }
        }
    }
    held.into_iter().for_each(|(team, person)| roster.release(team, person));
}
