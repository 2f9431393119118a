//! Cells of a line to classes.

use super::class::{Class, Classes, MISSING, is_whole, plain_billionths};
use super::columns::{Cell, CellKind, Columns, MOST_KNOWN};
use super::decider::Decider;
use super::lead::ClassedLead;
use crate::io::Raw;
use crate::leads::LeadReader;
use crate::value::Value;

/// A line under work.
pub(super) struct Line<'l, 'p> {
    pub(super) of: &'l mut Columns<'p>,
    pub(super) decider: &'l mut Decider<'p>,
    pub(super) reader: &'l mut LeadReader<'p>,
    pub(super) lead: &'l mut ClassedLead,
}

impl Line<'_, '_> {
    fn set(&mut self, at: usize, class: Class) {
        let Cell { field, rank, .. } = self.of.cells[at];
        let field = field.0 as usize;
        if class != MISSING && rank < self.of.ranks[field] {
            self.of.ranks[field] = rank;
            self.lead.classes[field] = class;
        }
    }

    /// A cell that is a text.
    pub(super) fn text(&mut self, at: usize, text: &str) -> Option<()> {
        let cell = &self.of.cells[at];
        let is_key = cell.field == self.of.pact.key;
        if let CellKind::AnyText(class) = cell.kind {
            if is_key {
                self.lead.key.push_str(text);
            }
            self.set(at, if text.is_empty() { MISSING } else { class });
            return Some(());
        }
        if let Some(class) = cell.known.get(text).filter(|_| !is_key) {
            let class = *class;
            self.set(at, class);
            return Some(());
        }
        // classes that come with their values go again
        let lasting = !matches!(self.decider.plan.classes[cell.field.0 as usize], Classes::Open);
        let class = self.raw(at, &Raw::Text(text.into()))?;
        let known = &mut self.of.cells[at].known;
        if lasting && known.len() < MOST_KNOWN {
            known.insert(text.into(), class);
        }
        Some(())
    }

    /// One that should be a number, as it is written.
    pub(super) fn number(&mut self, at: usize, text: &str) -> Option<()> {
        if text == "null" {
            return Some(());
        }
        let cell = &self.of.cells[at];
        let classes = &self.decider.plan.classes[cell.field.0 as usize];
        let number = plain_billionths(text.as_bytes()).filter(|_| cell.field != self.of.pact.key);
        let fits = |number: &i128| cell.kind == CellKind::Number { whole: false } || is_whole(*number);
        let class = number.filter(fits).and_then(|number| match classes {
            Classes::Presence => Some(1),
            classes => classes.of_billionths(number),
        });
        match class {
            Some(class) => self.set(at, class),
            None => drop(self.raw(at, &serde_json::from_str(text).ok()?)?),
        }
        Some(())
    }

    /// One that is `true` or `false`.
    pub(super) fn bool(&mut self, at: usize, yes: bool) -> Option<()> {
        let cell = &self.of.cells[at];
        match (cell.kind, &self.decider.plan.classes[cell.field.0 as usize]) {
            (CellKind::Bool, Classes::Presence) => self.set(at, 1),
            (CellKind::Bool, _) => self.set(at, 1 + Class::from(yes)),
            _ => drop(self.raw(at, &Raw::Bool(yes))?),
        }
        Some(())
    }

    /// What the reader of all rows makes of a cell.
    pub(super) fn raw(&mut self, at: usize, raw: &Raw) -> Option<Class> {
        let Cell { field, mapping, .. } = self.of.cells[at];
        let value: Option<Value> = self.reader.cell(field, mapping, raw)?;
        if field == self.of.pact.key
            && let Some(value) = &value
        {
            self.lead.key = value.to_string();
        }
        let class = value.map_or(Some(MISSING), |value| self.decider.class(field, &value))?;
        self.set(at, class);
        Some(class)
    }
}
