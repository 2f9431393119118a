//! Where records come from: the `source` items.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{FieldId, KindId};
use crate::span::Span;
use crate::time::Zone;
use crate::value::Value;

/// How a system's columns become fields: one `source`.
#[derive(Debug, Clone, PartialEq)]
pub struct Intake {
    pub name: Arc<str>,
    pub description: Arc<str>,
    /// Texts that stand for a missing value, folded. The empty text always does.
    pub blank: Vec<String>,
    /// How dates are written, as chrono formats; ISO when empty.
    pub dates: Vec<Arc<str>>,
    /// How instants are written; RFC 3339 and ISO when empty.
    pub times: Vec<Arc<str>>,
    /// The zone of instants that carry none.
    pub times_zone: Zone,
    /// The column that holds events.
    pub history: Arc<str>,
    /// The field by which rows join; the pact's key when absent.
    pub match_on: FieldId,
    pub events: Vec<EventFrom>,
    pub mappings: Vec<Mapping>,
    pub span: Span,
}

/// An event that a row tells of.
#[derive(Debug, Clone, PartialEq)]
pub struct EventFrom {
    pub kind: KindId,
    pub at: Arc<str>,
    /// A column and the texts (folded) of which it must hold one.
    pub guard: Option<(Arc<str>, Vec<String>)>,
    /// Properties, by position, and their columns.
    pub values: Vec<(u32, Arc<str>)>,
    pub span: Span,
}

/// How a field is filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    pub field: FieldId,
    /// The first column that holds a value counts.
    pub columns: Vec<Arc<str>>,
    pub factor: Option<Decimal>,
    /// Texts (folded) and what they become.
    pub cases: Vec<(Vec<String>, MapTo)>,
    pub otherwise: Option<MapTo>,
    pub span: Span,
}

/// What a text becomes.
#[derive(Debug, Clone, PartialEq)]
pub enum MapTo {
    /// A missing value.
    Missing,
    /// A reason to reject the row.
    Reject,
    /// This value.
    Value(Value),
}
