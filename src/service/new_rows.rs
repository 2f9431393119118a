//! The rows of a request as they are stored: of which lead each is, what it says, and in which place among the others it
//! happened where it does not say when.

use chrono::TimeDelta;

use super::merge_group::Relation;
use super::new_events::says_no_instant;
use crate::io::{Raw, Row};
use crate::leads::{EventReader, EventRow};
use crate::lifecycle::LeadEvent;
use crate::pact::Pact;
use crate::store::{Result, StoredEvent, instant, micros, to_stored_json};
use crate::time::Instant;
use crate::value::Value;

/// The most bytes of a lead's key: stores index it.
const LONGEST_KEY: usize = 255;

/// The instants of what says none: the one at which it came, and each a little after the one before it, so that they keep
/// their order and two that are alike are two.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    /// When what is written now came.
    pub(super) now: Instant,
    /// The next of them.
    pub(super) next: Instant,
    /// They were given before, to the same request.
    pub(super) again: bool,
}

impl Places {
    /// From now on, and after those that were given before.
    pub(super) fn new(now: Instant, given: Instant) -> Self {
        Self { now, next: now.max(given), again: false }
    }

    fn next(&mut self) -> Instant {
        let place = self.next;
        self.next += TimeDelta::nanoseconds(1);
        place
    }

    /// Until when leads are advanced, so that all of it has happened: instants are stored to the microsecond.
    pub(super) fn until(&self) -> Instant {
        instant(micros((self.next - TimeDelta::nanoseconds(1)).max(self.now)))
    }
}

/// A row that was read.
pub(super) struct NewRow<'s> {
    /// As it was submitted.
    pub(super) submitted: &'s Row,
    /// The key of its lead in the form in which keys match.
    pub(super) lead: String,
    /// The key as the row has it.
    pub(super) key: Value,
    /// What it says, where the pact knows its source.
    pub(super) events: Vec<LeadEvent>,
    /// What it says of which other leads the lead may be.
    pub(super) relations: Vec<Relation>,
    /// As it is stored.
    pub(super) stored: StoredEvent,
    /// Whether it happened in the place that it was given.
    pub(super) placed: bool,
}

impl<'s> NewRow<'s> {
    /// Reads a row, or says why it cannot be stored. One that does not say when it happened happened when it came, in its place
    /// among the others.
    pub(super) fn read(
        reader: &mut EventReader<'_>,
        source: &str,
        submitted: &'s Row,
        places: &mut Places,
    ) -> Result<std::result::Result<Self, String>> {
        let placed = says_no_instant(source, submitted).then(|| {
            let mut row = submitted.clone();
            row.fields.push(("at".into(), Raw::Text(places.next().to_rfc3339().into())));
            row
        });
        let row = placed.as_ref().unwrap_or(submitted);
        let EventRow { key: lead, lead: key, events } = match reader.read(row) {
            Ok(read) => read,
            Err(reason) => return Ok(Err(reason)),
        };
        let pact: &Pact = reader.pact();
        let relations: Vec<Relation> = events.iter().flat_map(|event| Relation::of(pact, event)).collect();
        if lead.len() > LONGEST_KEY || relations.iter().any(|relation| relation.key_length() > LONGEST_KEY) {
            return Ok(Err(format!("a lead's key has {LONGEST_KEY} bytes at most")));
        }
        if events.iter().any(|event| event.at < Instant::UNIX_EPOCH) {
            return Ok(Err("`at` lies before 1970: is its year right?".to_owned()));
        }
        let stored = StoredEvent {
            at: events.iter().map(|event| event.at).min().unwrap_or(places.now),
            received: places.now,
            source: source.to_owned(),
            line: to_stored_json(row)?,
        };
        let known = source.is_empty() || pact.intake(source).is_some();
        let events = if known { events } else { Vec::new() };
        Ok(Ok(Self { submitted, lead, key, events, relations, stored, placed: placed.is_some() }))
    }
}
