//! From rows to lead records: columns to fields by a pact's `source`, and several sources to one record by key.

mod convert;
mod draft;
mod event_reader;
mod join;
mod lead_reader;
mod number;
mod passed_over;
mod reference;
mod shape;

use std::sync::Arc;

pub use draft::SourceDraft;
pub use event_reader::{EventReader, EventRow};
pub use join::{Leads, read_lead};
pub use lead_reader::LeadReader;
pub use passed_over::{PassedOver, UnreadableCells};
pub use reference::{Reference, ReferenceRead};

use crate::io::{Reject, Rows};
use crate::pact::IntakeId;
use crate::record::Record;

/// One opened input.
pub struct LeadInput {
    /// What people call it: the file's name.
    pub name: Arc<str>,
    /// Its rows.
    pub rows: Rows,
    /// The `source` that says what its columns mean; without one, columns are named as fields are.
    pub intake: Option<IntakeId>,
}

/// A lead, or a row that is none.
pub type Read = Result<Box<Record>, Rejected>;

/// A row that could not become a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The input's name.
    pub file: Arc<str>,
    /// Where and why.
    pub reject: Reject,
}
