//! Leads that became part of one another: they are replayed together.

use std::collections::BTreeMap;

use super::{LeadLog, ReplayedLead, UpTo};
use crate::lifecycle::{
    self, AbsorbedLead, EndAsPart, EntryLog, EventKind, KnownLead, LeadEvent, Log, Merged, Relations, continue_until,
    replay_into,
};
use crate::pact::Pact;
use crate::time::Instant;

/// Replays leads of which some became part of others. A lead's own timeline ends when it merges; its later events are
/// events of the lead that it is part of. A merge of a lead with itself, at any remove, is none.
pub(super) fn merged(pact: &Pact, leads: Vec<LeadLog>, up_to: UpTo) -> (Vec<ReplayedLead>, Vec<LeadLog>) {
    let UpTo { until, .. } = up_to;
    let name = |text: &str| pact.folding.fold(text.trim()).into_owned();
    let mut leads: BTreeMap<String, LeadLog> =
        leads.into_iter().map(|lead| (name(&lead.key.to_string()), lead)).collect();
    let mut ended = Vec::new();
    for came in lifecycle::merged(relations(pact, &leads, until), name) {
        let (at, from, root, into, by) = match came {
            Merged::Joined { at, from, root, into, by } => (at, from, root, into, by),
            Merged::Conflict { at, lead, conflict } => {
                let what = EventKind::Conflict(Box::new(conflict));
                if let Some(lead) = leads.get_mut(&lead) {
                    lead.log.take(LeadEvent { at, id: None, what });
                }
                continue;
            }
            Merged::Void { at, lead, into } => {
                if let Some(lead) = leads.get_mut(&lead) {
                    let mut events = lead.log.events();
                    for event in events.iter_mut().filter(|event| event.at == at) {
                        if matches!(&event.what, EventKind::Merged(to) if *to == into) {
                            event.what = EventKind::Changed(None, Vec::new());
                        }
                    }
                    lead.log = Log::of(events);
                }
                continue;
            }
        };
        let Some(lead) = leads.remove(&from) else { continue };
        let (before, after) = EndAsPart { at, into, by: by.clone() }.split(lead.log.events());
        let known = lead.known(pact);
        let (state, mut timeline) = replay_into(pact, known, Log::of(before).into_events(), at, up_to.log());
        if let Some(other) = leads.get_mut(&root) {
            let part = if up_to.known { timeline.clone() } else { EntryLog::default() };
            let part = AbsorbedLead { lead: lead.key.to_string().into(), by, state: state.clone(), timeline: part };
            let what = EventKind::Absorbed(Box::new(part));
            let mut events = other.log.events();
            events.extend(after);
            events.push(LeadEvent { at, id: None, what });
            other.joined = other.joined.into_iter().chain([at]).min();
            other.log = Log::of(events);
        }
        let state = continue_until(pact, state, &mut timeline, Vec::new(), until, None);
        ended.push(ReplayedLead { part: true, ..lead.counts(until).replayed(state, timeline) });
    }
    (ended, leads.into_values().collect())
}

/// What events up to an instant say of which leads are one.
fn relations(pact: &Pact, leads: &BTreeMap<String, LeadLog>, until: Instant) -> Relations {
    let mut relations = Relations::default();
    for (key, lead) in leads {
        relations.report(pact, key, lead.log.reported());
        let events = lead.log.events();
        let begun = events.first().map_or(Instant::MAX_UTC, |event| event.at);
        relations.know(KnownLead { key: key.clone(), name: lead.key.to_string().into(), begun });
        relations.say(pact, key, &events, Instant::MIN_UTC, until);
    }
    relations
}

/// Replays leads of which some may be one another, in order of their keys.
pub(super) fn together(pact: &Pact, leads: Vec<LeadLog>, up_to: UpTo) -> Vec<ReplayedLead> {
    let (mut replayed, left) = merged(pact, leads, up_to);
    replayed.extend(left.into_iter().map(|lead| lead.replay(pact, up_to)));
    replayed.sort_by(|a, b| a.lead.cmp(&b.lead));
    replayed
}
