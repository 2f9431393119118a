//! The names that systems gave the events of a lead: two events of one name are one, and a correction is of a name.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::lifecycle::{EventKind, LeadEvent};

/// The names of the events that were reported so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct EventNames {
    /// Each with which of the things that the event says.
    named: BTreeSet<(Arc<str>, u32)>,
    corrected: BTreeSet<Arc<str>>,
}

impl EventNames {
    /// Of events as they were reported, corrections among them.
    pub(super) fn of(reported: &[LeadEvent]) -> Self {
        let mut names = Self::default();
        for event in reported {
            match &event.what {
                EventKind::Corrected(of, _) => names.corrected.insert(of.clone()),
                _ => event.id.clone().is_some_and(|id| names.named.insert((id.name, id.part))),
            };
        }
        names
    }

    /// Takes in one more event. False when it changes what an earlier one says, or an earlier one what it says.
    pub(super) fn take(&mut self, event: &LeadEvent) -> bool {
        match (&event.what, &event.id) {
            (EventKind::Corrected(..), _) => false,
            (_, None) => true,
            (_, Some(id)) => !self.corrected.contains(&id.name) && self.named.insert((id.name.clone(), id.part)),
        }
    }
}
