//! Where records come from: the `source` items.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{FieldId, IntakeId, KindId, Pact};
use crate::record::Origin;
use crate::span::Span;
use crate::time::{Instant, Zone};
use crate::value::Value;

/// How a system's columns become fields: one `source`.
#[derive(Debug, Clone, PartialEq)]
pub struct Intake {
    pub name: Arc<str>,
    pub description: Arc<str>,
    /// Texts that stand for a missing value, folded. The empty text always does.
    pub blank: Vec<String>,
    /// How numbers are written; as in JSON when absent.
    pub numbers: Option<NumberForm>,
    /// Texts that mean yes, folded; `true` always does.
    pub yes: Vec<String>,
    /// Texts that mean no, folded; `false` always does.
    pub no: Vec<String>,
    /// How dates are written; ISO when empty.
    pub dates: Vec<TimeForm>,
    /// How instants are written; RFC 3339 and ISO when empty.
    pub times: Vec<TimeForm>,
    /// The zone of instants that carry none.
    pub times_zone: Zone,
    /// Whether a cell that cannot be read is missing, and its row goes on.
    pub cells_missing: bool,
    /// The sheet of a workbook.
    pub sheet: Option<Arc<str>>,
    /// The row or line that names the columns; the first that holds something when absent.
    pub header_row: Option<u32>,
    /// The column that holds events; `history` when absent, unless a clause reads that one.
    pub history: Option<Arc<str>>,
    /// The field by which rows join; the pact's key when absent.
    pub match_on: FieldId,
    /// The column of the instant from which a row's fields hold.
    pub record_at: Option<Arc<str>>,
    /// The column in which the system says what it calls the lead's stage.
    pub status: Option<Arc<str>>,
    pub events: Vec<EventFrom>,
    pub mappings: Vec<Mapping>,
    pub span: Span,
}

/// An event that a row tells of.
#[derive(Debug, Clone, PartialEq)]
pub struct EventFrom {
    pub kind: KindId,
    pub at: Arc<str>,
    /// The rows that hold it.
    pub guard: Option<RowGuard>,
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
    /// The rows that say it.
    pub guard: Option<RowGuard>,
    /// What stands between the values of a list.
    pub split: Option<Arc<str>>,
    pub factor: Option<Decimal>,
    /// Texts (folded) and what they become.
    pub cases: Vec<(Vec<String>, MapTo)>,
    pub otherwise: Option<MapTo>,
    /// Whether a cell that cannot be read is missing, and its row goes on.
    pub cell_missing: bool,
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

/// The rows for which a clause holds: those with one of these texts (folded) in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowGuard {
    pub column: Arc<str>,
    pub texts: Vec<String>,
}

/// How dates or instants are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeForm {
    /// In a format of chrono.
    Format(Arc<str>),
    /// As days since the end of 1899, as Excel counts them.
    Excel,
    /// As milliseconds since 1970.
    Milliseconds,
    /// As seconds since 1970.
    Seconds,
}

/// Which marks stand in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberForm {
    /// The mark between groups of three digits; none where digits are not grouped.
    pub group: Option<char>,
    /// The mark before the fraction.
    pub decimal: char,
}

impl NumberForm {
    /// The form of which a text is an example: `1.234,56`, or `1234,56` where digits are not grouped.
    pub fn like(example: &str) -> Option<Self> {
        let rest = example.strip_prefix('1')?.strip_suffix("56")?;
        let mark = |text: &str| {
            let mut chars = text.chars();
            chars.next().filter(|c| chars.next().is_none() && !c.is_alphanumeric() && *c != '-' && *c != '%')
        };
        let (group, decimal) = rest.split_once("234")?;
        let form = Self { group: if group.is_empty() { None } else { Some(mark(group)?) }, decimal: mark(decimal)? };
        (form.group != Some(form.decimal)).then_some(form)
    }
}

impl Pact {
    /// Where a value is from that a source says from an instant on.
    #[doc(hidden)]
    pub fn origin(&self, source: Option<IntakeId>, at: Instant) -> Origin {
        let place = source.and_then(|source| self.precedence.iter().position(|id| *id == source));
        Origin { source, rank: place.unwrap_or(usize::MAX), at }
    }
}

impl Intake {
    /// Every column that a clause reads.
    pub fn columns(&self) -> impl Iterator<Item = &Arc<str>> {
        let mapped = self.mappings.iter().flat_map(|m| m.columns.iter().chain(m.guard.iter().map(|g| &g.column)));
        let events = self.events.iter().flat_map(|event| {
            let of = std::iter::once(&event.at).chain(event.guard.iter().map(|g| &g.column));
            of.chain(event.values.iter().map(|(_, column)| column))
        });
        mapped.chain(events).chain(&self.record_at).chain(&self.status)
    }
}
