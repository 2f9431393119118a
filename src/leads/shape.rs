//! One row to what it says of a lead.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::convert::{ValueFormat, text_of};
use crate::io::{Raw, Row};
use crate::pact::{EventFrom, FieldId, Intake, IntakeId, KindId, MapTo, Mapping, Pact, StageId};
use crate::record::Event;
use crate::time::Instant;
use crate::ty::Ty;
use crate::value::Value;

/// What one row says of a lead: values by field, none where it says nothing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Partial {
    pub(super) values: Vec<Option<Value>>,
    pub(super) events: Vec<Event>,
    pub(super) stage: Option<StageId>,
    pub(super) since: Option<Instant>,
}

/// How many names of unused columns are kept for the note.
const UNUSED: usize = 64;

/// Reads rows of one input.
pub(super) struct Shape<'p> {
    pact: &'p Pact,
    intake: Option<&'p Intake>,
    format: ValueFormat<'p>,
    unused: BTreeSet<Box<str>>,
}

impl<'p> Shape<'p> {
    pub(super) fn new(pact: &'p Pact, intake: Option<IntakeId>) -> Self {
        let intake = intake.map(|id| &pact[id]);
        let format = ValueFormat {
            folding: pact.folding,
            blank: intake.map_or(&[], |i| &i.blank),
            dates: intake.map_or(&[], |i| &i.dates),
            times: intake.map_or(&[], |i| &i.times),
            zone: intake.map_or(&pact.zone, |i| &i.times_zone),
        };
        Self { pact, intake, format, unused: BTreeSet::new() }
    }

    /// The columns that rows had and nothing used.
    pub(super) fn unused(&self) -> impl Iterator<Item = &str> {
        self.unused.iter().map(|name| &**name)
    }

    /// Whether a raw value stands for a missing one.
    pub(super) fn is_missing(&self, raw: &Raw) -> bool {
        self.format.is_missing(raw)
    }

    /// A typed value as this input writes them.
    pub(super) fn convert(&self, raw: &Raw, ty: &Ty) -> Result<Option<Value>, String> {
        self.format.convert(raw, ty)
    }

    /// An instant as this input writes them.
    pub(super) fn instant(&self, text: &str) -> Option<Instant> {
        self.format.time(text.trim())
    }

    /// The field by which rows join.
    pub(super) fn match_on(&self) -> FieldId {
        self.intake.map_or(self.pact.key, |i| i.match_on)
    }

    /// What a row says; the error names the column and why.
    pub(super) fn read(&mut self, row: &Row) -> Result<Partial, String> {
        let mut partial =
            Partial { values: vec![None; self.pact.fields.len()], events: Vec::new(), stage: None, since: None };
        match self.intake {
            Some(intake) => self.mapped(intake, row, &mut partial)?,
            None => self.plain(row, &mut partial)?,
        }
        Ok(partial)
    }

    /// Columns are named as fields are; `history` lists events, `stage` names the lead's stage, and `since` since when.
    fn plain(&mut self, row: &Row, partial: &mut Partial) -> Result<(), String> {
        for (name, raw) in &row.fields {
            match self.pact.field(name) {
                Some(field) => {
                    let value = self.format.convert(raw, &self.pact[field].ty);
                    partial.values[field.0 as usize] = value.map_err(|why| format!("`{name}`: {why}"))?;
                }
                None if &**name == "history" => partial.events.extend(self.history(name, raw)?),
                None if &**name == "stage" => partial.stage = self.stage(raw)?,
                None if &**name == "since" => partial.since = self.since(raw)?,
                None => self.note(name),
            }
        }
        Ok(())
    }

    pub(super) fn note(&mut self, name: &str) {
        if self.unused.len() < UNUSED && !self.unused.contains(name) {
            self.unused.insert(name.into());
        }
    }

    fn stage(&self, raw: &Raw) -> Result<Option<StageId>, String> {
        if self.format.is_missing(raw) {
            return Ok(None);
        }
        let name = text_of(raw).unwrap_or("");
        self.pact.stage(name).map(Some).ok_or_else(|| format!("`stage`: there is no stage `{name}`"))
    }

    /// Since when the lead is in its stage.
    fn since(&self, raw: &Raw) -> Result<Option<Instant>, String> {
        let since = self.format.convert(raw, &Ty::Time).map_err(|why| format!("`since`: {why}"))?;
        Ok(since.and_then(|value| if let Value::Time(at) = value { Some(at) } else { None }))
    }

    fn mapped(&mut self, intake: &Intake, row: &Row, partial: &mut Partial) -> Result<(), String> {
        for mapping in &intake.mappings {
            let value = self.field(mapping, row)?;
            partial.values[mapping.field.0 as usize] = value;
        }
        for event in &intake.events {
            partial.events.extend(self.event(event, row)?);
        }
        for (name, raw) in &row.fields {
            if **name == *intake.history {
                partial.events.extend(self.history(name, raw)?);
            } else if &**name == "stage" && !intake.uses("stage") {
                partial.stage = self.stage(raw)?;
            } else if &**name == "since" && !intake.uses("since") {
                partial.since = self.since(raw)?;
            } else if !intake.uses(name) {
                self.note(name);
            }
        }
        Ok(())
    }

    fn field(&self, mapping: &Mapping, row: &Row) -> Result<Option<Value>, String> {
        let present = mapping.columns.iter().find_map(|column| {
            let raw = row.get(column)?;
            (!self.format.is_missing(raw)).then_some((column, raw))
        });
        let Some((column, raw)) = present else { return Ok(None) };
        let ty = &self.pact[mapping.field].ty;
        if let Some(to) = self.case(mapping, raw) {
            return match to {
                MapTo::Missing => Ok(None),
                MapTo::Value(value) => Ok(Some(value.clone())),
                MapTo::Reject => {
                    Err(format!("`{column}`: `{}` is not among the declared values", text_of(raw).unwrap_or("")))
                }
            };
        }
        let value = self.format.convert(raw, ty).map_err(|why| format!("`{column}`: {why}"))?;
        let Some(factor) = mapping.factor else { return Ok(value) };
        let scaled = |n: rust_decimal::Decimal| {
            n.checked_mul(factor).ok_or_else(|| format!("`{column}`: the number has too many digits"))
        };
        Ok(match value {
            Some(Value::Number(n)) => Some(Value::Number(scaled(n)?.normalize())),
            Some(Value::Money(mut money)) => {
                money.amount = scaled(money.amount)?.normalize();
                Some(Value::Money(money))
            }
            other => other,
        })
    }

    /// What the value map says of a text.
    fn case<'m>(&self, mapping: &'m Mapping, raw: &Raw) -> Option<&'m MapTo> {
        if mapping.cases.is_empty() && mapping.otherwise.is_none() {
            return None;
        }
        let folded = self.format.folding.fold(text_of(raw)?.trim());
        let case = mapping.cases.iter().find(|(texts, _)| texts.iter().any(|text| *text == folded));
        case.map(|(_, to)| to).or(mapping.otherwise.as_ref())
    }

    /// An event that a row holds; none when its instant is missing, or its guard does not hold.
    fn event(&self, from: &EventFrom, row: &Row) -> Result<Option<Event>, String> {
        if let Some((column, texts)) = &from.guard {
            let text = row.get(column).and_then(text_of).unwrap_or("");
            let folded = self.format.folding.fold(text.trim());
            if !texts.iter().any(|text| *text == folded) {
                return Ok(None);
            }
        }
        let Some(raw) = row.get(&from.at).filter(|raw| !self.format.is_missing(raw)) else { return Ok(None) };
        let text = text_of(raw).unwrap_or("");
        let at = self.format.time(text.trim()).ok_or_else(|| format!("`{}`: `{text}` is not an instant", from.at))?;
        let kind = &self.pact[from.kind];
        let mut values = vec![None; kind.properties.len()];
        for (property, column) in &from.values {
            let (Some(raw), Some(of)) = (row.get(column), kind.properties.get(*property as usize)) else { continue };
            values[*property as usize] =
                self.format.convert(raw, &of.ty).map_err(|why| format!("`{column}`: {why}"))?;
        }
        self.complete(from.kind, &values).map_err(|why| format!("`{}`: {why}", from.at))?;
        Ok(Some(Event { kind: from.kind, at, values }))
    }

    /// A list of events: `[{"kind": "email_click", "at": "2026-03-01T09:00:00Z", …}]`, in JSON text when in a CSV.
    fn history(&self, name: &str, raw: &Raw) -> Result<Vec<Event>, String> {
        if self.format.is_missing(raw) {
            return Ok(Vec::new());
        }
        let parsed;
        let events = match raw {
            Raw::List(events) => events,
            Raw::Text(text) => {
                parsed = serde_json::from_str::<Raw>(text).map_err(|e| format!("`{name}`: {e}"))?;
                let Raw::List(events) = &parsed else { return Err(format!("`{name}` is not a list of events")) };
                events
            }
            _ => return Err(format!("`{name}` is not a list of events")),
        };
        let numbered = events.iter().enumerate();
        numbered.map(|(at, raw)| self.happened(raw).map_err(|why| format!("`{name}` {}: {why}", at + 1))).collect()
    }

    fn happened(&self, raw: &Raw) -> Result<Event, String> {
        let Raw::Map(parts) = raw else { return Err("an event is an object with `kind` and `at`".into()) };
        let part = |name: &str| parts.iter().find(|(n, _)| &**n == name).and_then(|(_, raw)| text_of(raw));
        let name = part("kind").ok_or("`kind` is missing")?;
        let id = self.pact.kind(name).ok_or_else(|| format!("there is no activity, touch or disposition `{name}`"))?;
        let text = part("at").ok_or("`at` is missing")?;
        let at = self.format.time(text).ok_or_else(|| format!("`{text}` is not an instant"))?;
        let kind = &self.pact[id];
        let mut values = vec![None; kind.properties.len()];
        for (name, raw) in parts.iter().filter(|(name, _)| !matches!(&**name, "kind" | "at")) {
            let property = kind.property(name).ok_or_else(|| format!("`{}` has no property `{name}`", kind.name))?;
            let ty = &kind.properties[property as usize].ty;
            values[property as usize] = self.format.convert(raw, ty).map_err(|why| format!("`{name}`: {why}"))?;
        }
        self.complete(id, &values)?;
        Ok(Event { kind: id, at, values })
    }

    /// Properties that an event must have.
    pub(super) fn complete(&self, kind: KindId, values: &[Option<Value>]) -> Result<(), String> {
        let kind = &self.pact[kind];
        let lacking = kind.properties.iter().zip(values).find(|(p, value)| !p.optional && value.is_none());
        match lacking {
            Some((property, _)) => Err(format!("`{}` needs `{}`", kind.name, property.name)),
            None => Ok(()),
        }
    }
}

impl Intake {
    /// Whether a clause reads a column.
    fn uses(&self, column: &str) -> bool {
        let same = |name: &Arc<str>| **name == *column;
        self.mappings.iter().any(|mapping| mapping.columns.iter().any(same))
            || self.events.iter().any(|event| {
                same(&event.at)
                    || event.guard.as_ref().is_some_and(|(name, _)| same(name))
                    || event.values.iter().any(|(_, name)| same(name))
            })
    }
}
