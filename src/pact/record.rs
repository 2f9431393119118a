//! What a lead record holds, and what happens to a lead.

use std::sync::Arc;

use super::{FieldId, Pact};
use crate::record::{Past, Record};
use crate::span::Span;
use crate::text::exact;
use crate::ty::Ty;
use crate::value::Value;

/// A field of a lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: Arc<str>,
    pub description: Arc<str>,
    pub ty: Ty,
    /// Whether a record may lack it.
    pub optional: bool,
    /// Personal data: shown to those who work with the lead, masked elsewhere.
    pub pii: bool,
    /// Its value when a record does not say.
    pub default: Option<Value>,
    /// Whether a clause asks for it, or every record must have it. Nonsense in a field that nothing asks for does no
    /// harm.
    pub asked_for: bool,
    pub span: Span,
}

/// A kind of event.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    pub name: Arc<str>,
    pub description: Arc<str>,
    pub class: KindClass,
    pub properties: Vec<Property>,
    pub span: Span,
}

/// Who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KindClass {
    /// The lead does it.
    Activity,
    /// Sales does it to the lead.
    Touch,
    /// Sales answers.
    Disposition,
}

/// A property of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    pub name: Arc<str>,
    pub ty: Ty,
    pub optional: bool,
    pub span: Span,
}

impl Kind {
    /// The position of a property by its name.
    pub fn property(&self, name: &str) -> Option<u32> {
        let name = &*exact(name);
        self.properties.iter().position(|p| &*p.name == name).map(|at| at as u32)
    }
}

/// A named list of values.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// Its name.
    pub name: Arc<str>,
    /// What it holds, in words.
    pub description: Arc<str>,
    /// What its values are.
    pub ty: Ty,
    /// Its values, in order.
    pub values: Vec<Value>,
    /// Its texts, folded and sorted, for a quick look.
    pub folded: Vec<String>,
    /// Its place.
    pub span: Span,
}

/// A field that a fact is missing for.
pub type Fact = FieldId;

#[doc(hidden)]
impl Record {
    /// A lead of which only the defaults are known.
    pub fn new(pact: &Pact) -> Self {
        let values: Vec<_> = pact.fields.iter().map(|field| field.default.clone()).collect();
        let origins = vec![None; values.len()];
        Self { values, origins, history: Vec::new(), stage: None, since: None, past: Past::default() }
    }
}
