//! Rows of one input to leads, one by one.

use super::join::record;
use super::passed_over::PassedOver;
use super::shape::Shape;
use crate::io::{Raw, Row};
use crate::pact::{FieldId, Intake, IntakeId, Mapping, Pact};
use crate::record::Record;
use crate::time::Instant;
use crate::value::Value;

/// Reads rows of one input, each as a lead of its own.
pub struct LeadReader<'p> {
    pact: &'p Pact,
    intake: Option<IntakeId>,
    shape: Shape<'p>,
}

impl<'p> LeadReader<'p> {
    /// A reader of rows as a `source` says; without one, columns are named as fields are.
    pub fn new(pact: &'p Pact, intake: Option<IntakeId>) -> Self {
        Self { pact, intake, shape: Shape::new(pact, intake) }
    }

    /// What the input's `source` declares.
    pub(crate) fn intake(&self) -> Option<&'p Intake> {
        self.intake.map(|id| &self.pact[id])
    }

    /// The same by its id.
    pub(crate) fn intake_id(&self) -> Option<IntakeId> {
        self.intake
    }

    /// The lead of a row.
    ///
    /// # Errors
    /// When the row says something that the pact does not know, or lacks what it must have; with the reason.
    pub fn read(&mut self, row: &Row) -> Result<Box<Record>, String> {
        let partial = self.shape.read(row)?;
        record(self.pact, std::iter::once(partial))
    }

    /// What a cell says of a field, without regard to the rest of its row; none where something is wrong with it.
    pub(crate) fn cell(&mut self, field: FieldId, mapping: Option<&Mapping>, raw: &Raw) -> Option<Option<Value>> {
        self.shape.alone(field, mapping, raw)
    }

    /// An instant as this input writes them.
    pub(crate) fn instant(&self, raw: &Raw) -> Option<Instant> {
        self.shape.instant(raw).ok()
    }

    /// Says that a row has a column that nothing takes.
    pub(crate) fn note(&mut self, column: &str) {
        self.shape.note(column);
    }

    /// What was passed over since this was last asked.
    pub fn take_passed_over(&mut self) -> PassedOver {
        self.shape.take_passed_over()
    }
}
