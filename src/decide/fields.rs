//! What is known of a lead, value by value, and where each came from.

use std::sync::Arc;

use serde::Serialize;

use crate::pact::Pact;
use crate::record::Record;
use crate::value::Value;

/// A value of a lead's record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldReport {
    /// The field.
    pub field: Arc<str>,
    /// What it is.
    pub value: Value,
    /// The `source` that said so; absent where it was said without one, and for a default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Arc<str>>,
    /// Since when it holds, in the pact's zone; absent for a default, and for the lead's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// Every value that is known of a lead, in the order of the pact's fields.
pub fn field_reports(pact: &Pact, record: &Record) -> Vec<FieldReport> {
    let places = pact.fields.iter().zip(&record.values).zip(&record.origins);
    let report = places.filter_map(|((field, value), origin)| {
        Some(FieldReport {
            field: field.name.clone(),
            value: value.clone()?,
            source: origin.as_ref().and_then(|origin| origin.source).map(|source| pact[source].name.clone()),
            since: origin.as_ref().map(|origin| pact.zone.rfc3339(origin.at)),
        })
    });
    report.collect()
}
