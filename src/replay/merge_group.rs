//! Leads that became part of one another: they are replayed together.

use std::collections::BTreeMap;

use super::{LeadLog, ReplayedLead};
use crate::lifecycle::{self, EventKind, LeadEvent, Log, Merge, Merged, continue_until, replay_events};
use crate::pact::Pact;
use crate::time::Instant;

/// Replays leads of which some became part of others. A lead's own timeline ends when it merges; its later events are
/// events of the lead that it is part of. A merge of a lead with itself, at any remove, is none.
pub(super) fn merged(pact: &Pact, leads: Vec<LeadLog>, until: Instant) -> (Vec<ReplayedLead>, Vec<LeadLog>) {
    let name = |text: &str| pact.folding.fold(text.trim()).into_owned();
    let mut leads: BTreeMap<String, LeadLog> =
        leads.into_iter().map(|lead| (name(&lead.key.to_string()), lead)).collect();
    let mut merges: Vec<Merge> = Vec::new();
    for (from, lead) in &leads {
        let events = lead.log.events().into_iter().filter(|event| event.at <= until);
        merges.extend(events.filter_map(|event| match event.what {
            EventKind::Merged(into) => Some(Merge { at: event.at, from: from.clone(), into }),
            _ => None,
        }));
    }
    let mut ended = Vec::new();
    for came in lifecycle::merged(merges, leads.keys().cloned().collect::<Vec<_>>(), name) {
        let (at, from, root, into) = match came {
            Merged::Joined { at, from, root, into } => (at, from, root, into),
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
        let (mut before, after): (Vec<LeadEvent>, Vec<LeadEvent>) =
            lead.log.events().into_iter().partition(|event| event.at <= at);
        // it may be an event of a lead that is part of this one
        if !before.iter().any(|event| event.at == at && matches!(event.what, EventKind::Merged(_))) {
            before.push(LeadEvent { at, id: None, what: EventKind::Merged(into) });
        }
        let known = lead.known(pact);
        let (state, mut timeline) = replay_events(pact, known, &Log::of(before), at);
        if let Some(other) = leads.get_mut(&root) {
            let what = EventKind::Absorbed(lead.key.to_string().into(), Box::new(state.clone()));
            let mut events = other.log.events();
            events.extend(after);
            events.push(LeadEvent { at, id: None, what });
            other.log = Log::of(events);
        }
        let state = continue_until(pact, state, &mut timeline, Vec::new(), until, None);
        ended.push(lead.counts(until).replayed(state, timeline));
    }
    (ended, leads.into_values().collect())
}

/// Replays leads of which some merged with each other, in order of their keys.
pub(super) fn together(pact: &Pact, leads: Vec<LeadLog>, until: Instant) -> Vec<ReplayedLead> {
    let (mut replayed, left) = merged(pact, leads, until);
    replayed.extend(left.into_iter().map(|lead| lead.replay_events(pact, until)));
    replayed.sort_by(|a, b| a.lead.cmp(&b.lead));
    replayed
}
