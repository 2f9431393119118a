//! Inputs that add to every lead that names them: accounts, agents. What they say holds whenever a lead names them.

use std::collections::VecDeque;

use indexmap::IndexMap;

use super::join::{Held, hold, matched};
use super::passed_over::PassedOver;
use super::shape::Shape;
use super::{LeadInput, Rejected};
use crate::lifecycle::{EventKind, LeadEvent};
use crate::pact::{FieldId, IntakeId, Pact};
use crate::value::Value;

/// The rows of an input, by the value that leads name.
#[derive(Debug, Clone)]
pub struct Reference {
    intake: Option<IntakeId>,
    match_on: FieldId,
    rows: IndexMap<String, Vec<(FieldId, Option<Value>)>>,
}

/// What came of reading the rows of a reference.
pub struct ReferenceRead {
    /// The rows.
    pub reference: Reference,
    /// Those that were refused.
    pub rejected: VecDeque<Rejected>,
    /// What of them was passed over.
    pub passed_over: PassedOver,
    /// Whether reading ended in an error.
    pub cut_short: bool,
}

impl Reference {
    /// Whether the rows of a `source` are matched on something that is no lead, so that each adds to many.
    pub fn is_one(pact: &Pact, intake: Option<IntakeId>) -> bool {
        intake.is_some_and(|intake| {
            let field = pact[intake].match_on;
            field != pact.key && !pact.identifies(field)
        })
    }

    /// Reads the rows into memory.
    pub fn read(pact: &Pact, input: LeadInput) -> ReferenceRead {
        let (mut shape, mut rejected) = (Shape::new(pact, input.intake), VecDeque::new());
        let (Held { intake, match_on, rows, .. }, cut_short) = hold(pact, input, &mut shape, &mut rejected);
        let says = |values: Vec<Option<Value>>| -> Vec<(FieldId, Option<Value>)> {
            let fields = (0..).map(FieldId).zip(values);
            fields.filter(|(field, value)| *field != match_on && value.is_some()).collect()
        };
        let rows = rows.into_iter().map(|(text, (_, partial))| (text, says(partial.values))).collect();
        let reference = Self { intake, match_on, rows };
        ReferenceRead { reference, rejected, passed_over: shape.passed_over().clone(), cut_short }
    }

    /// What it adds to a lead of which these events are known: at each instant at which the lead names a row, what that says.
    pub fn adds(&self, pact: &Pact, events: &[LeadEvent]) -> Vec<LeadEvent> {
        let adds = |event: &LeadEvent| {
            let EventKind::Changed(_, changed) = &event.what else { return None };
            let named = |field: FieldId| changed.iter().find(|(of, _)| *of == field)?.1.as_ref();
            let says = self.rows.get(&matched(pact, self.match_on, named)?)?;
            let what = EventKind::Changed(self.intake, says.clone());
            (!says.is_empty()).then_some(LeadEvent { at: event.at, id: None, what })
        };
        events.iter().filter_map(adds).collect()
    }
}
