//! One row to what it says of a lead.

use std::sync::Arc;

use super::convert::{ValueFormat, text_of};
use super::passed_over::PassedOver;
use crate::io::{Raw, Row};
use crate::pact::{EventFrom, FieldId, Intake, IntakeId, KindId, MapTo, Mapping, Pact, RowGuard, StageId};
use crate::record::Event;
use crate::text::exact;
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
    /// The instant from which the row's fields hold.
    pub(super) record_at: Option<Instant>,
}

/// Reads rows of one input.
pub(super) struct Shape<'p> {
    pact: &'p Pact,
    intake: Option<&'p Intake>,
    format: ValueFormat<'p>,
    passed_over: PassedOver,
}

impl<'p> Shape<'p> {
    pub(super) fn new(pact: &'p Pact, intake: Option<IntakeId>) -> Self {
        let intake = intake.map(|id| &pact[id]);
        let format = ValueFormat { folding: pact.folding, intake, zone: intake.map_or(&pact.zone, |i| &i.times_zone) };
        Self { pact, intake, format, passed_over: PassedOver::default() }
    }

    /// What of the rows was passed over.
    pub(super) fn passed_over(&self) -> &PassedOver {
        &self.passed_over
    }

    /// Whether a raw value stands for a missing one.
    pub(super) fn is_missing(&self, raw: &Raw) -> bool {
        self.format.is_missing(raw)
    }

    /// A typed value as this input writes them.
    pub(super) fn convert(&self, raw: &Raw, ty: &Ty) -> Result<Option<Value>, String> {
        self.format.convert(raw, ty)
    }

    /// The value of a field. A cell that cannot be read is missing where the pact says so, and where no clause asks
    /// for the field.
    pub(super) fn cell(
        &mut self,
        (column, raw): (&str, &Raw),
        field: FieldId,
        mapping: Option<&Mapping>,
        line: u64,
    ) -> Result<Option<Value>, String> {
        let of = &self.pact[field];
        let split = mapping.and_then(|mapping| mapping.split.as_deref());
        let value = match (&of.ty, split) {
            (Ty::List(ty), Some(split)) if !self.format.is_missing(raw) => self.format.list(raw, ty, split).map(Some),
            _ => self.format.convert(raw, &of.ty),
        };
        let goes_on = !of.asked_for
            || mapping.is_some_and(|mapping| mapping.cell_missing)
            || self.intake.is_some_and(|intake| intake.cells_missing);
        match value {
            Err(why) if goes_on && field != self.pact.key => {
                self.passed_over.cell(column, line, why);
                Ok(None)
            }
            value => value.map_err(|why| format!("`{column}`: {why}")),
        }
    }

    /// An instant as this input writes them; the error says what stands there instead.
    pub(super) fn instant(&self, raw: &Raw) -> Result<Instant, String> {
        let Some(text) = text_of(raw) else { return Err(format!("{} stands where an instant is needed", raw.kind())) };
        self.format.time(raw).ok_or_else(|| format!("`{text}` is not an instant"))
    }

    /// The field by which rows join.
    pub(super) fn match_on(&self) -> FieldId {
        self.intake.map_or(self.pact.key, |i| i.match_on)
    }

    /// What a row says; the error names the column and why.
    pub(super) fn read(&mut self, row: &Row) -> Result<Partial, String> {
        let values = vec![None; self.pact.fields.len()];
        let mut partial = Partial { values, events: Vec::new(), stage: None, since: None, record_at: None };
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
                    partial.values[field.0 as usize] = self.cell((name, raw), field, None, row.line)?;
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
        self.passed_over.column(name);
    }

    fn stage(&self, raw: &Raw) -> Result<Option<StageId>, String> {
        if self.format.is_missing(raw) {
            return Ok(None);
        }
        let name = text_of(raw).unwrap_or("");
        self.pact.stage(name).map(Some).ok_or_else(|| format!("`stage`: there is no stage `{name}`"))
    }

    /// The stage that a system calls so.
    fn called(&self, intake: &Intake, raw: &Raw) -> Result<StageId, String> {
        let text = text_of(raw).unwrap_or("");
        let folding = self.format.folding;
        let same = |status: &(Arc<str>, Arc<str>)| {
            status.0 == intake.name && folding.fold(status.1.trim()) == folding.fold(text.trim())
        };
        let stages = self.pact.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
        let called = stages.into_iter().find(|stage| stage.statuses.iter().any(same));
        called
            .and_then(|stage| self.pact.stage(&stage.name))
            .ok_or_else(|| format!("no stage has `status {} \"{text}\"`", intake.name))
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
        if let Some((column, raw)) = intake.record_at.as_ref().and_then(|column| self.present(row, column)) {
            partial.record_at = Some(self.instant(raw).map_err(|why| format!("`{column}`: {why}"))?);
        }
        if let Some((column, raw)) = intake.status.as_ref().and_then(|column| self.present(row, column)) {
            partial.stage = Some(self.called(intake, raw).map_err(|why| format!("`{column}`: {why}"))?);
        }
        for (name, raw) in &row.fields {
            let lists_events = match &intake.history {
                Some(column) => **name == **column,
                None => &**name == "history" && !intake.uses("history"),
            };
            if lists_events {
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

    /// A column that holds a value.
    fn present<'r, 'c>(&self, row: &'r Row, column: &'c str) -> Option<(&'c str, &'r Raw)> {
        row.find(column).filter(|raw| !self.format.is_missing(raw)).map(|raw| (column, raw))
    }

    /// Whether a clause holds for a row.
    fn concerns(&self, guard: Option<&RowGuard>, row: &Row) -> bool {
        guard.is_none_or(|guard| {
            let text = row.find(&guard.column).and_then(text_of).unwrap_or("");
            let folded = self.format.folding.fold(text.trim());
            guard.texts.iter().any(|text| *text == folded)
        })
    }

    fn field(&mut self, mapping: &Mapping, row: &Row) -> Result<Option<Value>, String> {
        if !self.concerns(mapping.guard.as_ref(), row) {
            return Ok(None);
        }
        let present = mapping.columns.iter().find_map(|column| self.present(row, column));
        let Some((column, raw)) = present else { return Ok(None) };
        self.mapped_cell(mapping, (column, raw), row.line)
    }

    /// What a cell that holds a value says of a mapping's field.
    fn mapped_cell(
        &mut self,
        mapping: &Mapping,
        (column, raw): (&str, &Raw),
        line: u64,
    ) -> Result<Option<Value>, String> {
        if let Some(to) = self.case(mapping, raw) {
            return match to {
                MapTo::Missing => Ok(None),
                MapTo::Value(value) => Ok(Some(value.clone())),
                MapTo::Reject => {
                    Err(format!("`{column}`: `{}` is not among the declared values", text_of(raw).unwrap_or("")))
                }
            };
        }
        let value = self.cell((column, raw), mapping.field, Some(mapping), line)?;
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

    /// What a cell says of a field; none where it cannot be read, also where its row would go on without it.
    pub(super) fn alone(&mut self, field: FieldId, mapping: Option<&Mapping>, raw: &Raw) -> Option<Option<Value>> {
        let before = self.passed_over.clone();
        let value = match mapping {
            Some(_) if self.format.is_missing(raw) => Ok(None),
            Some(mapping) => self.mapped_cell(mapping, ("", raw), 0),
            None => self.cell(("", raw), field, None, 0),
        };
        let unread = self.passed_over != before;
        self.passed_over = before;
        value.ok().filter(|_| !unread)
    }

    /// What was passed over since this was last asked.
    pub(super) fn take_passed_over(&mut self) -> PassedOver {
        std::mem::take(&mut self.passed_over)
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
    fn event(&mut self, from: &EventFrom, row: &Row) -> Result<Option<Event>, String> {
        if !self.concerns(from.guard.as_ref(), row) {
            return Ok(None);
        }
        let Some((column, raw)) = self.present(row, &from.at) else { return Ok(None) };
        let at = self.instant(raw).map_err(|why| format!("`{column}`: {why}"))?;
        let kind = &self.pact[from.kind];
        let mut values = vec![None; kind.properties.len()];
        for (property, column) in &from.values {
            let (Some(raw), Some(of)) = (row.find(column), kind.properties.get(*property as usize)) else { continue };
            values[*property as usize] = match self.format.convert(raw, &of.ty) {
                Err(why) if self.intake.is_some_and(|intake| intake.cells_missing) => {
                    self.passed_over.cell(column, row.line, why);
                    None
                }
                value => value.map_err(|why| format!("`{column}`: {why}"))?,
            };
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
        let at = parts.iter().find(|(n, _)| &**n == "at").map(|(_, raw)| raw).ok_or("`at` is missing")?;
        let at = self.instant(at)?;
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
    /// Whether a clause reads a column, or something in it.
    pub(crate) fn uses(&self, column: &str) -> bool {
        let column = &*exact(column);
        self.columns()
            .any(|name| exact(name).strip_prefix(column).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }
}
