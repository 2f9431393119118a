//! Leads that became part of one another: they are lived together.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Lead, Lived};
use crate::lifecycle::{LeadEvent, Log, What, go_on, live};
use crate::pact::Pact;
use crate::value::Instant;

/// Lives leads of which some became part of others. A lead's own life ends when it merges; what is told of it after
/// that is told of the lead that it is part of. A merge of a lead with itself, at any remove, is none.
pub(super) fn merged(pact: &Pact, leads: Vec<Lead>, until: Instant) -> (Vec<Lived>, Vec<Lead>) {
    let name = |text: &str| pact.folding.fold(text.trim()).into_owned();
    let mut leads: BTreeMap<String, Lead> = leads.into_iter().map(|lead| (name(&lead.key.to_string()), lead)).collect();
    let mut merges: Vec<(Instant, String, Arc<str>)> = Vec::new();
    for (from, lead) in &leads {
        let told = lead.log.events().into_iter().filter(|event| event.at <= until);
        merges.extend(told.filter_map(|event| match event.what {
            What::Merged(into) => Some((event.at, from.clone(), into)),
            _ => None,
        }));
    }
    merges.sort();
    let mut part_of: BTreeMap<String, String> = BTreeMap::new();
    let mut ended = Vec::new();
    for (at, from, into) in merges {
        // what is told of a lead that is no more is told of the one that it is part of, also that it merges
        let (from, root) = (root_of(&part_of, &from), root_of(&part_of, &name(&into)));
        if root == from {
            if let Some(lead) = leads.get_mut(&from) {
                let mut events = lead.log.events();
                for event in events.iter_mut().filter(|event| event.at == at) {
                    if matches!(&event.what, What::Merged(to) if *to == into) {
                        event.what = What::Changed(Vec::new());
                    }
                }
                lead.log = Log::of(events);
            }
            continue;
        }
        if !leads.contains_key(&root) {
            // the lead that it should become part of is not known: its own life ends all the same
            continue;
        }
        let Some(lead) = leads.remove(&from) else { continue };
        part_of.insert(from, root.clone());
        let (mut before, after): (Vec<LeadEvent>, Vec<LeadEvent>) =
            lead.log.events().into_iter().partition(|event| event.at <= at);
        // it may have been told of a lead that is part of this one
        if !before.iter().any(|event| event.at == at && matches!(event.what, What::Merged(_))) {
            before.push(LeadEvent { at, id: None, what: What::Merged(into) });
        }
        let known = lead.known(pact);
        let (life, mut story) = live(pact, known, &Log::of(before), at);
        if let Some(other) = leads.get_mut(&root) {
            let what = What::Absorbed(lead.key.to_string().into(), Box::new(life.clone()));
            let mut events = other.log.events();
            events.extend(after);
            events.push(LeadEvent { at, id: None, what });
            other.log = Log::of(events);
        }
        let life = go_on(pact, life, &mut story, Vec::new(), until, None);
        ended.push(lead.told(until).lived(life, story));
    }
    (ended, leads.into_values().collect())
}

/// The lead that one is part of by now.
fn root_of(part_of: &BTreeMap<String, String>, lead: &str) -> String {
    let mut root = lead;
    while let Some(next) = part_of.get(root) {
        root = next;
    }
    root.to_owned()
}

/// Lives leads of which some merged with each other, in order of their keys.
pub(super) fn together(pact: &Pact, leads: Vec<Lead>, until: Instant) -> Vec<Lived> {
    let (mut lived, left) = merged(pact, leads, until);
    lived.extend(left.into_iter().map(|lead| lead.live(pact, until)));
    lived.sort_by(|a, b| a.lead.cmp(&b.lead));
    lived
}
