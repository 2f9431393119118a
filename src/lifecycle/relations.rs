//! What is said of which leads are one: merges that systems report, and values by which leads are recognised.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::event::{EventKind, LeadEvent};
use crate::pact::{FieldId, IdentityValue, Pact};
use crate::time::Instant;
use crate::value::Value;

/// How many leads may hold one value for it to tell who they are. It tells so of those that had it first: a number that a
/// whole company shares is nobody's.
pub const MOST_HOLDERS: usize = 20;

/// A merge, as it was reported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merge {
    /// When.
    pub at: Instant,
    /// The key of the lead that merges.
    pub from: String,
    /// The other lead, as it was reported.
    pub into: Arc<str>,
}

/// That a lead holds a value by which it is recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Since when.
    pub at: Instant,
    /// The key of the lead.
    pub lead: String,
    /// The value.
    pub value: IdentityValue,
    /// The fields that tell leads apart then, that which decides first: the key, then those of `match on`.
    pub order: Arc<[Arc<str>]>,
}

/// A lead of which there are events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLead {
    /// Its key in the form in which keys match.
    pub key: String,
    /// Its key as it was reported.
    pub name: Arc<str>,
    /// The instant of its first event.
    pub begun: Instant,
}

/// What is said of leads that may be one another.
#[derive(Debug, Clone, Default)]
pub struct Relations {
    pub(super) known: Vec<KnownLead>,
    pub(super) merges: Vec<Merge>,
    pub(super) claims: Vec<Claim>,
    /// Who was ever said to hold a value, since when: the first so many.
    pub(super) holders: BTreeMap<IdentityValue, BTreeSet<(Instant, String)>>,
}

impl Relations {
    /// A lead that there is.
    pub fn know(&mut self, lead: KnownLead) {
        self.known.push(lead);
    }

    /// Takes in what was ever reported of a lead, be it corrected since.
    pub fn report(&mut self, pact: &Pact, lead: &str, reported: &[LeadEvent]) {
        for event in reported {
            for value in event.what.identity_values(pact) {
                let holders = self.holders.entry(value).or_default();
                if !holders.iter().any(|(at, other)| other == lead && *at <= event.at) {
                    holders.retain(|(_, other)| other != lead);
                    holders.insert((event.at, lead.to_owned()));
                }
                if holders.len() > MOST_HOLDERS {
                    holders.pop_last();
                }
            }
        }
    }

    /// Takes in what a lead's events say, as they count, up to an instant. What they said before `since` is said then.
    pub fn say(&mut self, pact: &Pact, lead: &str, events: &[LeadEvent], since: Instant, until: Instant) {
        let unmatched: BTreeSet<&IdentityValue> = events
            .iter()
            .filter_map(|event| if let EventKind::Unmatched(values) = &event.what { Some(values) } else { None })
            .flatten()
            .collect();
        let fields = std::iter::once(pact.key).chain(pact.identities.iter().map(|identity| identity.field));
        let order: Arc<[Arc<str>]> = fields.map(|field| pact[field].name.clone()).collect();
        for event in events.iter().filter(|event| event.at <= until) {
            let at = event.at.max(since);
            if let (EventKind::Merged(into), true) = (&event.what, event.at >= since) {
                self.merges.push(Merge { at, from: lead.to_owned(), into: into.clone() });
            }
            let mut values = event.what.identity_values(pact);
            values.retain(|value| !unmatched.contains(value));
            let claim = |value| Claim { at, lead: lead.to_owned(), value, order: order.clone() };
            self.claims.extend(values.into_iter().map(claim));
        }
    }
}

impl EventKind {
    /// The values by which it says that its lead is recognised, be it as a correction.
    pub fn identity_values(&self, pact: &Pact) -> Vec<IdentityValue> {
        match self {
            _ if pact.identities.is_empty() => Vec::new(),
            Self::Changed(_, values) => {
                let value = |field: FieldId| -> Option<&Value> {
                    values.iter().find(|(id, _)| *id == field).and_then(|(_, value)| value.as_ref())
                };
                pact.identity_values(value)
            }
            Self::Corrected(_, Some(instead)) => instead.identity_values(pact),
            _ => Vec::new(),
        }
    }
}
