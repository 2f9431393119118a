//! Leads are forgotten: by request, or after their time.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::ServiceChange;
use super::live_leads::LeadNews;
use super::merge_group::{GroupMember, MergeGroup, Since, parts};
use super::writer::{BATCH, Writer};
use crate::lifecycle::MOST_HOLDERS;
use crate::roster::{Assignment, Roster};
use crate::store::Result;
use crate::time::Instant;

/// For how long the answer to a request is stored, for when the request comes again.
const ANSWERS: TimeDelta = TimeDelta::days(7);

/// How many changes of leads are stored, for who keeps up figures.
const CHANGES: usize = 100_000;

impl Writer {
    /// Forgets old answers and changes, and leads without an event for as long as they are stored.
    pub(super) fn forget_old(&mut self, now: Instant) -> Result<()> {
        self.write(|writer, _| {
            writer.store.forget_answers(now - ANSWERS)?;
            writer.store.forget_changes(CHANGES)
        })?;
        let Some(since) = self.retention.and_then(|retention| now.checked_sub_signed(retention)) else { return Ok(()) };
        loop {
            let silent = self.store.leads_silent_since(since, BATCH)?;
            if silent.is_empty() {
                return Ok(());
            }
            self.write(|writer, roster| silent.iter().try_for_each(|lead| writer.forget(lead, roster).map(drop)))?;
            tracing::info!(leads = silent.len(), "forgotten, as they had no event for as long as leads are stored");
            (self.changed)(ServiceChange::Leads(silent));
        }
    }

    /// Forgets a lead and those that became part of it: the events of them, and all that was worked out. Their
    /// assignments are released. One that it became part of is replayed without it. Gives all leads that changed: none when
    /// nothing is known of the lead.
    pub(super) fn forget(&mut self, lead: &str, roster: &mut Roster) -> Result<BTreeSet<String>> {
        let versions = self.versions();
        let merge_group = MergeGroup::of(&mut *self.store, lead)?;
        let until = merge_group.replayed_until().unwrap_or_else(|| (self.clock)());
        let rehydrated = merge_group.rehydrate(&versions, &mut roster.clone(), until, Since::Checkpoint)?;
        let parts: BTreeSet<&str> = parts(&rehydrated, lead).into_iter().map(|(part, _)| &*part.lead).collect();
        let goes = |member: &&GroupMember| member.lead == lead || parts.contains(&*member.lead);
        let (gone, left): (Vec<&GroupMember>, Vec<&GroupMember>) = merge_group.members().iter().partition(goes);
        let (mut changed, mut values) = (BTreeSet::new(), BTreeSet::new());
        for member in gone {
            values.extend(self.store.values_that_tell(&member.lead)?);
            release(member.assignments(), roster);
            self.live.forget(&member.lead);
            if self.store.erase(&member.lead)? {
                changed.insert(member.lead.clone());
            }
        }
        let mut left: BTreeSet<String> = left.into_iter().map(|member| member.lead.clone()).collect();
        for value in values {
            // it may tell now of others who they are
            left.extend(self.store.settle_holders(&value, MOST_HOLDERS)?);
        }
        // whom they merged with may be known otherwise now
        let left = left.into_iter().map(|lead| (lead, LeadNews { related: true, ..LeadNews::default() }));
        changed.extend(self.advance_all(left, until, roster)?);
        Ok(changed)
    }
}

/// Gives capacity back to those who have a lead by its assignments.
fn release(assignments: &[Assignment], roster: &mut Roster) {
    let mut held: Vec<(&str, &str)> = Vec::new();
    for assignment in assignments {
        match assignment {
            Assignment::Give { team, to: Some(to), .. } | Assignment::Take { team, to } => held.push((team, to)),
            Assignment::Give { to: None, .. } => {}
            Assignment::Release { team, from } | Assignment::Credit { team, from } => {
                if let Some(place) = held.iter().position(|holds| *holds == (&**team, &**from)) {
                    held.remove(place);
                }
            }
        }
    }
    held.into_iter().for_each(|(team, person)| roster.release(team, person));
}
