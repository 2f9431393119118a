//! Rows of events: of which lead each is, and what happened to it.
//!
//! Without a `source`, a row names its lead, the instant and the event: `{"lead": "7", "at": "2026-03-02T09:00:00Z",
//! "event": "call", "answered": true}`. The event is an activity, touch or disposition, or one of these words:
//! `record` (the other columns are fields that changed), `assigned` (`to`), `status` (`stage`, or `status` as a system
//! calls it), `opt_out`, `merged` (`into`), `unmatched` (columns by which the lead was never to be recognised),
//! `correction` (`of` an `event_id`, and what it was `instead`).
//!
//! A row that does not say the key, but something else by which leads are recognised, is an event of the lead of which
//! only that is known.

use std::sync::Arc;

use super::convert::text_of;
use super::join::match_key;
use super::passed_over::PassedOver;
use super::shape::Shape;
use crate::diagnostic::closest;
use crate::io::{Raw, Row};
use crate::lifecycle::{EventId, EventKind, LeadEvent};
use crate::pact::{FieldId, IntakeId, Pact, StageId};
use crate::time::Instant;
use crate::value::Value;

/// The events of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRow {
    /// The lead's key in the form in which keys match.
    pub key: String,
    /// The lead's key as the row has it.
    pub lead: Value,
    /// What happened to the lead.
    pub events: Vec<LeadEvent>,
}

/// Reads the rows of one input.
pub struct EventReader<'p> {
    pact: &'p Pact,
    shape: Shape<'p>,
    intake: Option<IntakeId>,
    /// The line of the row that is being read.
    line: u64,
}

/// What an event can be besides an activity, touch or disposition.
const WORDS: [&str; 7] = ["record", "assigned", "status", "opt_out", "merged", "unmatched", "correction"];

/// Columns of rows that no `source` maps.
const COLUMNS: [&str; 4] = ["lead", "at", "event", "event_id"];

impl<'p> EventReader<'p> {
    /// A reader of an input whose columns mean what the `source` says.
    pub fn new(pact: &'p Pact, intake: Option<IntakeId>) -> Self {
        Self { pact, shape: Shape::new(pact, intake), intake, line: 0 }
    }

    /// The pact whose words the rows are read in.
    pub fn pact(&self) -> &'p Pact {
        self.pact
    }

    /// What of the rows was passed over.
    pub fn passed_over(&self) -> &PassedOver {
        self.shape.passed_over()
    }

    /// The events of a row.
    ///
    /// # Errors
    /// When it does not name its lead or its instant, or says something that the pact does not know; with the reason.
    pub fn read(&mut self, row: &Row) -> Result<EventRow, String> {
        self.line = row.line;
        if self.intake.is_some() { self.mapped(row) } else { self.plain(row) }
    }

    fn event_row(&self, lead: Value, events: Vec<LeadEvent>) -> EventRow {
        EventRow { key: match_key(self.pact, &lead), lead, events }
    }

    /// What a row of a `source` says of a lead holds from the first instant that the row names.
    fn mapped(&mut self, row: &Row) -> Result<EventRow, String> {
        let mut partial = self.shape.read(row)?;
        let key = self.pact.key;
        let lead = partial.values.get_mut(key.0 as usize).and_then(Option::take);
        let lead = match lead {
            Some(lead) => lead,
            None => {
                let value = |field: FieldId| partial.values.get(field.0 as usize).and_then(Option::as_ref);
                self.recognised(value).ok_or_else(|| self.nameless(&self.pact[key].name))?
            }
        };
        let at = partial.events.iter().map(|event| event.at).chain(partial.since).chain(partial.record_at).min();
        let at = at
            .ok_or("the row names no instant: its `source` maps no `event … at` or `record at` column that it fills")?;
        let values: Vec<_> = self.pact.fields.iter().zip(0..).zip(partial.values).collect();
        let changed = values.into_iter().filter_map(|((_, id), value)| Some((FieldId(id), Some(value?))));
        let changed: Vec<_> = changed.collect();
        let mut events = Vec::with_capacity(partial.events.len() + 1);
        let event = |at, what| LeadEvent { at, id: None, what };
        // a row that fills nothing else says that there is such a lead
        let bare = partial.events.is_empty() && partial.stage.is_none();
        if !changed.is_empty() || bare {
            events.push(event(at, EventKind::Changed(self.intake, changed)));
        }
        events.extend(partial.stage.map(|stage| event(at, EventKind::Status(stage))));
        events.extend(partial.events.into_iter().map(|e| event(e.at, EventKind::Happened(e.kind, e.values))));
        Ok(self.event_row(lead, events))
    }

    /// The key of the lead of which only this is known.
    fn recognised<'v>(&self, value: impl Fn(FieldId) -> Option<&'v Value>) -> Option<Value> {
        let first = self.pact.identity_values(value).into_iter().next();
        first.map(|value| Value::Text(value.key().into()))
    }

    /// Why a row is of no lead.
    fn nameless(&self, column: &str) -> String {
        let identities = self.pact.identities.iter().map(|identity| format!("`{}`", self.pact[identity.field].name));
        match identities.collect::<Vec<_>>().as_slice() {
            [] => format!("`{column}` is missing: of which lead is this?"),
            others => {
                let others = others.join(", ");
                format!("`{column}` is missing, and nothing else tells of which lead this is: {others}")
            }
        }
    }

    fn plain(&mut self, row: &Row) -> Result<EventRow, String> {
        let missing = |name: &str| format!("`{name}` is missing");
        let ty = &self.pact[self.pact.key].ty;
        let lead = match self.present(row, "lead") {
            Some(raw) => self.shape.convert(raw, ty).map_err(|why| format!("`lead`: {why}"))?,
            None => None,
        };
        let at = self.present(row, "at").ok_or_else(|| missing("at"))?;
        let at = self.shape.instant(at).map_err(|why| format!("`at`: {why}"))?;
        let id = self.present(row, "event_id").and_then(text_of).map(EventId::from);
        let named = self.present(row, "event").and_then(text_of).ok_or_else(|| missing("event"))?;
        let rest: Vec<(&str, &Raw)> = row.fields.iter().map(|(name, raw)| (&**name, raw)).collect();
        let what = self.what(named, &rest, at)?;
        let says = match &what {
            EventKind::Changed(_, changed) => changed.clone(),
            _ => self.identities(&rest, named)?,
        };
        let value = |field: FieldId| says.iter().find(|(id, _)| *id == field).and_then(|(_, value)| value.as_ref());
        if let EventKind::Unmatched(_) = what {
            let mut values = self.pact.identity_values(value);
            let lead = match lead {
                Some(lead) => lead,
                None if values.is_empty() => return Err(self.nameless("lead")),
                None => Value::Text(values.remove(0).key().into()),
            };
            if values.is_empty() {
                return Err("`unmatched` needs a column by which the lead is not to be recognised".into());
            }
            return Ok(self.event_row(lead, vec![LeadEvent { at, id, what: EventKind::Unmatched(values) }]));
        }
        let lead = match lead {
            Some(lead) => lead,
            None => self.recognised(value).ok_or_else(|| self.nameless("lead"))?,
        };
        let mut events = vec![LeadEvent { at, id: id.clone(), what }];
        if !says.is_empty() && !matches!(events[0].what, EventKind::Changed(..) | EventKind::Corrected(..)) {
            let id = id.map(|id| EventId { part: 1, ..id });
            events.push(LeadEvent { at, id, what: EventKind::Changed(None, says) });
        }
        Ok(self.event_row(lead, events))
    }

    /// Who the lead is, as a row says it beside what happened.
    fn identities(&mut self, columns: &[(&str, &Raw)], named: &str) -> Result<Vec<(FieldId, Option<Value>)>, String> {
        let mut says = Vec::new();
        for (name, raw) in columns {
            if let Some(field) = self.identity(name, named) {
                let value = self.shape.cell((name, raw), field, None, self.line)?;
                says.extend(value.map(|value| (field, Some(value))));
            }
        }
        says.sort_by_key(|(field, _)| *field);
        Ok(says)
    }

    /// The field by which leads are recognised that a column of an event holds.
    fn identity(&self, column: &str, named: &str) -> Option<FieldId> {
        let is_property = self.pact.kind(named).is_some_and(|kind| self.pact[kind].property(column).is_some());
        self.pact.field(column).filter(|field| self.pact.identifies(*field) && !is_property)
    }

    fn present<'r>(&self, row: &'r Row, name: &str) -> Option<&'r Raw> {
        row.get(name).filter(|raw| !self.shape.is_missing(raw))
    }

    fn what(&mut self, named: &str, columns: &[(&str, &Raw)], at: Instant) -> Result<EventKind, String> {
        let text = |name: &str| {
            let column = columns.iter().find(|(column, _)| *column == name).map(|(_, raw)| *raw);
            column.filter(|raw| !self.shape.is_missing(raw)).and_then(text_of)
        };
        let needed = |name: &str| text(name).ok_or_else(|| format!("`{named}` needs `{name}`"));
        if self.pact.kind(named).is_some() {
            return self.happened(named, columns);
        }
        Ok(match named {
            "record" => EventKind::Changed(None, self.changed(columns)?),
            "assigned" => EventKind::Assigned(text("to").map(Arc::from)),
            "status" => EventKind::Status(self.stage(text("stage"), text("status"))?),
            "opt_out" => EventKind::OptedOut,
            "merged" => EventKind::Merged(needed("into")?.into()),
            "unmatched" => EventKind::Unmatched(Vec::new()),
            "correction" => {
                let of = needed("of")?.into();
                let instead = columns.iter().find(|(column, _)| *column == "instead").map(|(_, raw)| *raw);
                EventKind::Corrected(of, self.instead(instead, at)?)
            }
            _ => {
                let message = format!("there is no activity, touch or disposition `{named}`");
                let known = self.pact.kinds.iter().map(|kind| &*kind.name).chain(WORDS);
                return Err(match closest(named, known) {
                    Some(meant) => format!("{message}: did you mean `{meant}`?"),
                    None => format!("{message}, and it is none of {}", WORDS.join(", ")),
                });
            }
        })
    }

    /// What an event was instead: an object as a row has it, without lead and instant.
    fn instead(&mut self, raw: Option<&Raw>, at: Instant) -> Result<Option<Box<EventKind>>, String> {
        let parts = match raw {
            None => return Ok(None),
            Some(raw) if self.shape.is_missing(raw) => return Ok(None),
            Some(Raw::Map(parts)) => parts,
            Some(_) => return Err("`instead` is an object with `event`".into()),
        };
        let columns: Vec<(&str, &Raw)> = parts.iter().map(|(name, raw)| (&**name, raw)).collect();
        let named = columns.iter().find(|(name, _)| *name == "event").and_then(|(_, raw)| text_of(raw));
        match named {
            Some("correction" | "merged" | "unmatched") | None => {
                Err("`instead` names an `event` that can stand for another".into())
            }
            Some(named) => self.what(named, &columns, at).map(|what| Some(Box::new(what))),
        }
    }

    fn happened(&mut self, named: &str, columns: &[(&str, &Raw)]) -> Result<EventKind, String> {
        let Some(id) = self.pact.kind(named) else { return Err(format!("there is no `{named}`")) };
        let kind = &self.pact[id];
        let mut values = vec![None; kind.properties.len()];
        for (name, raw) in columns {
            match kind.property(name) {
                Some(at) => {
                    let place = at as usize;
                    let value = self.shape.convert(raw, &kind.properties[place].ty);
                    values[place] = value.map_err(|why| format!("`{name}`: {why}"))?;
                }
                // CSV has every column in every row
                None if COLUMNS.contains(name) || self.shape.is_missing(raw) => {}
                None if self.identity(name, named).is_some() => {}
                None => self.shape.note(name),
            }
        }
        self.shape.complete(id, &values)?;
        Ok(EventKind::Happened(id, values))
    }

    fn changed(&mut self, columns: &[(&str, &Raw)]) -> Result<Vec<(FieldId, Option<Value>)>, String> {
        let mut changed = Vec::new();
        // a blank cell says nothing of its field, and `null` that there is no value any more
        let blank = |raw: &Raw| matches!(raw, Raw::Text(text) if text.is_empty());
        for (name, raw) in columns.iter().filter(|(name, raw)| !COLUMNS.contains(name) && !blank(raw)) {
            match self.pact.field(name).filter(|id| *id != self.pact.key) {
                Some(id) => {
                    changed.push((id, self.shape.cell((name, raw), id, None, self.line)?));
                }
                None if self.shape.is_missing(raw) => {}
                None => self.shape.note(name),
            }
        }
        changed.sort_by_key(|(id, _)| *id);
        Ok(changed)
    }

    /// A stage by its name, or by what some system calls it.
    fn stage(&self, stage: Option<&str>, status: Option<&str>) -> Result<StageId, String> {
        if let Some(name) = stage {
            return self.pact.stage(name).ok_or_else(|| format!("`stage`: there is no stage `{name}`"));
        }
        let status = status.ok_or("`status` needs `stage`, or `status` as a system calls it")?;
        let stages = self.pact.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
        let mut called = stages.filter(|stage| stage.statuses.iter().any(|(_, says)| &**says == status));
        match (called.next(), called.next()) {
            (Some(one), None) => self.pact.stage(&one.name).ok_or_else(|| "no such stage".into()),
            (None, _) => Err(format!("no stage is called `{status}` by any system")),
            (Some(a), Some(b)) => Err(format!("`{status}` may be `{}` or `{}`: name the `stage`", a.name, b.name)),
        }
    }
}
