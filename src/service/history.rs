//! The events of a lead, and of those that became part of it, as any pact understands it.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::event_names::EventNames;
use super::pact_versions::PactVersion;
use crate::io::{Raw, Row};
use crate::leads::EventReader;
use crate::lifecycle::{
    AbsorbedLead, Conflict, EndAsPart, EntryLog, EventKind, LeadEvent, LeadState, Log, migrate, record_of,
};
use crate::pact::Pact;
use crate::record::Record;
use crate::store::{Result, StoredEvent, damaged, stored_json};
use crate::time::Instant;
use crate::value::Value;

/// The events of a lead.
pub(super) struct History<'a> {
    events: &'a [StoredEvent],
    rows: &'a [Row],
    parts: Vec<MergedPart<'a>>,
    /// Merges that would make the lead part of itself: they are none.
    void: Vec<(Instant, Arc<str>)>,
    /// The lead has the same as others that it is not.
    conflicts: Vec<(Instant, Conflict)>,
    /// When the lead became part of another.
    end: Option<EndAsPart>,
}

/// A history as a pact understands it.
pub(super) struct Understood {
    /// The lead's key; none where the pact understands no event of its own.
    pub(super) key: Option<Value>,
    /// The events as they count, in order.
    pub(super) events: Vec<LeadEvent>,
    /// The names of those of the lead itself, as they were reported.
    pub(super) names: EventNames,
}

/// A lead that became part of another.
pub(super) struct MergedPart<'a> {
    /// When, and by what.
    pub(super) end: EndAsPart,
    /// Its key as it was reported.
    pub(super) name: Arc<str>,
    /// The number of the version then.
    pub(super) version: i64,
    /// Its pact.
    pub(super) pact: Arc<Pact>,
    /// Its state up to then, in the ids of that pact.
    pub(super) state: LeadState,
    /// Its timeline up to then, where somebody asks for what was known.
    pub(super) timeline: EntryLog,
    /// The engine's own answers in it.
    pub(super) answers: Vec<EngineAnswer>,
    /// Its events. Later ones are events of the other.
    pub(super) history: History<'a>,
}

/// When the engine itself answered, and by which disposition: that is in no event.
pub(super) type EngineAnswer = (Instant, Arc<str>);

impl<'a> History<'a> {
    /// Of events and their rows.
    pub(super) fn new(events: &'a [StoredEvent], rows: &'a [Row]) -> Self {
        Self { events, rows, parts: Vec::new(), void: Vec::new(), conflicts: Vec::new(), end: None }
    }

    /// Another lead became part of this one.
    pub(super) fn join(&mut self, part: MergedPart<'a>) {
        self.parts.push(part);
    }

    /// A merge that is none.
    pub(super) fn leave_out(&mut self, at: Instant, into: Arc<str>) {
        self.void.push((at, into));
    }

    /// The lead has the same as others that it is not.
    pub(super) fn contradict(&mut self, at: Instant, conflict: Conflict) {
        self.conflicts.push((at, conflict));
    }

    /// The lead became part of another.
    pub(super) fn end(&mut self, end: EndAsPart) {
        self.end = Some(end);
    }

    /// The first instant of which an event comes, or at which another lead became part of this one.
    pub(super) fn first(&self) -> Option<Instant> {
        self.events.iter().map(|event| event.at).chain(self.parts.iter().map(|part| part.end.at)).min()
    }

    /// Every row, those of the parts after the lead's own.
    pub(super) fn events(&self) -> Box<dyn Iterator<Item = &'a StoredEvent> + '_> {
        Box::new(self.events.iter().chain(self.parts.iter().flat_map(|part| part.history.events())))
    }

    /// The lead's key and its events, in order, as a pact understands them. What it has no word for says nothing.
    pub(super) fn under(&self, version: &PactVersion) -> Understood {
        let (key, log) = self.log(&version.pact);
        let (mut events, names) = (log.events(), EventNames::of(log.reported()));
        let alone = self.parts.is_empty() && self.void.is_empty() && self.conflicts.is_empty() && self.end.is_none();
        if !alone {
            events.extend(self.parts.iter().flat_map(|part| part.under(version)));
            let void = |at: Instant, into: &Arc<str>| self.void.iter().any(|(when, to)| *when == at && to == into);
            for event in &mut events {
                if matches!(&event.what, EventKind::Merged(into) if void(event.at, into)) {
                    event.what = EventKind::Changed(None, Vec::new());
                }
            }
            events.extend(self.conflicts.iter().map(|(at, conflict)| LeadEvent {
                at: *at,
                id: None,
                what: EventKind::Conflict(Box::new(conflict.clone())),
            }));
            if let Some(end) = &self.end {
                let (before, after) = end.split(events);
                events = before.into_iter().chain(after).collect();
            }
            events = Log::of(events).events();
        }
        Understood { key, events, names }
    }

    /// The lead's key and its own events, as they were reported.
    pub(super) fn log(&self, pact: &Pact) -> (Option<Value>, Log) {
        let mut readers: FxHashMap<&str, EventReader<'_>> = FxHashMap::default();
        let mut all = Vec::new();
        let mut key: Option<Value> = None;
        for (source, row) in self.events.iter().map(|event| &*event.source).zip(self.rows) {
            let intake = pact.intake(source);
            if intake.is_none() && !source.is_empty() {
                continue;
            }
            let reader = readers.entry(source).or_insert_with(|| EventReader::new(pact, intake));
            let Ok(events) = reader.read(row) else { continue };
            // keys match whatever their case: of several spellings the first in order is taken
            let first = key.as_ref().is_none_or(|key| events.lead.to_string() < key.to_string());
            key = if first { Some(events.lead) } else { key };
            all.extend(events.events);
        }
        (key, Log::of(all))
    }
}

impl MergedPart<'_> {
    /// Events of the other lead by this one: that it took it in, and all that was reported of it later.
    fn under(&self, version: &PactVersion) -> Vec<LeadEvent> {
        if version.number < self.version {
            return Vec::new();
        }
        let Understood { key, events, .. } = self.history.under(version);
        let Some(key) = key else { return Vec::new() };
        let (before, mut events) = self.end.split(events);
        let at = self.end.at;
        let state = self.state.clone();
        let state = if version.number == self.version {
            state
        } else {
            let record = record_with(&version.pact, &key, before.iter(), &self.answers);
            migrate(&self.pact, state, &version.pact, record, at, None).state
        };
        let (lead, by) = (self.name.clone(), self.end.by.clone());
        let absorbed = AbsorbedLead { lead, by, state, timeline: self.timeline.clone() };
        events.push(LeadEvent { at, id: None, what: EventKind::Absorbed(Box::new(absorbed)) });
        events
    }
}

/// The record of a lead by a pact, from its events and from what the engine itself answered.
pub(super) fn record_with<'t>(
    pact: &Pact,
    key: &Value,
    events: impl Iterator<Item = &'t LeadEvent>,
    answers: &[EngineAnswer],
) -> Record {
    let answers = answers.iter().filter_map(|(at, name)| {
        let kind = pact.kind(name)?;
        let values = vec![None; pact[kind].properties.len()];
        Some(LeadEvent { at: *at, id: None, what: EventKind::Happened(kind, values) })
    });
    let mut all: Vec<LeadEvent> = events.cloned().chain(answers).collect();
    all.sort_by_key(|event| event.at);
    record_of(pact, key.clone(), &all)
}

/// What of the store is damaged where a row cannot be read.
const EVENT: &str = "an event of a lead";

/// The rows of a lead's events, as they were stored.
pub(super) fn rows(events: &[StoredEvent]) -> Result<Vec<Row>> {
    let row = |event: &StoredEvent| match stored_json(EVENT, &event.line)? {
        Raw::Map(fields) => Ok(Row { line: 0, fields }),
        _ => Err(damaged(EVENT, "it is no object")),
    };
    events.iter().map(row).collect()
}
