//! What is personal: what a record's field marked `pii` holds is not shown without leave, only that it holds something.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Decision, FactsReport, FieldReport, NeedReport};
use crate::eval::facts_of;
use crate::pact::{Expr, Pact};
use crate::value::Value;

/// What stands where personal data stood.
const MASK: &str = "•••";

impl Decision {
    /// The decision with the values of fields masked that the pact marks `pii`.
    #[must_use]
    pub fn without_personal(mut self, pact: &Pact) -> Self {
        let personal = |name: &str| pact.fields.iter().any(|field| field.pii && *field.name == *name);
        let needs = self.criteria.values_mut().flat_map(|criteria| &mut criteria.needs);
        let lacks = self.held.iter_mut().flat_map(|held| &mut held.lacks);
        let points = self.points.values_mut().flatten().map(|points| &mut points.facts);
        let facts = needs.chain(lacks).map(|need: &mut NeedReport| &mut need.facts).chain(points);
        facts.for_each(|facts: &mut FactsReport| mask(&mut facts.facts, &Value::text(MASK), personal));
        if let Some(handoff) = &mut self.handoff {
            mask(&mut handoff.carry, &MASK.into(), personal);
        }
        self
    }
}

/// Whether what a condition comes to tells of a field that the pact marks `pii`, directly or through what it names.
pub fn tells_of_personal(pact: &Pact, condition: &Expr) -> bool {
    facts_of(pact, condition).fields.iter().any(|field| pact[*field].pii)
}

impl FieldReport {
    /// The report with its value masked where the pact marks the field `pii`.
    #[must_use]
    pub fn masked(self, pact: &Pact) -> Self {
        let personal = pact.fields.iter().any(|field| field.pii && field.name == self.field);
        if personal { Self { value: Value::text(MASK), ..self } } else { self }
    }
}

fn mask<V: Clone>(report: &mut IndexMap<Arc<str>, V>, with: &V, personal: impl Fn(&str) -> bool) {
    report.iter_mut().filter(|(name, _)| personal(name)).for_each(|(_, value)| *value = with.clone());
}
