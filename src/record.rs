//! A lead as the engine sees it: typed values, and what happened.

use rust_decimal::Decimal;

use crate::id::{FieldId, IntakeId, KindId, ScoreId, StageId};
use crate::time::Instant;
use crate::value::Value;

/// A lead record with its history.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Record {
    /// One for each field of the pact; none where the value is missing.
    #[doc(hidden)]
    pub values: Vec<Option<Value>>,
    /// Where each value came from, as far as events said so.
    #[doc(hidden)]
    pub origins: Vec<Option<Origin>>,
    /// What happened, oldest first; events of one instant in the order of arrival.
    #[doc(hidden)]
    pub history: Vec<Event>,
    /// The stage that a system says the lead is in; the pipeline's first when absent.
    #[doc(hidden)]
    pub stage: Option<StageId>,
    /// Since when it is there; the instant of the decision when absent.
    #[doc(hidden)]
    pub since: Option<Instant>,
    /// What earlier moves and rounds left.
    #[doc(hidden)]
    pub past: Past,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// By which `source`; none for rows without one.
    pub source: Option<IntakeId>,
    /// The place of that source in the pact's `precedence`, the first 0; after all others where it has none.
    pub rank: usize,
    /// Since when the value holds.
    pub at: Instant,
}

/// What a lead's earlier moves and rounds mean for the questions that its record answers.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Past {
    /// How many events of the history lie before the last answer that moved the lead, that answer among them. Such an
    /// answer counts no more.
    pub spent: usize,
    /// The shares that scores kept when the lead was recycled.
    pub retained: Vec<ScoreRetention>,
}

/// The share that a score kept of the points of earlier events.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ScoreRetention {
    /// The score.
    pub score: ScoreId,
    /// The share, from zero to one.
    pub share: Decimal,
    /// Events up to this instant are earlier ones.
    pub until: Instant,
}

/// Something that happened to a lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What.
    pub kind: KindId,
    /// When.
    pub at: Instant,
    /// One for each property of the kind.
    pub values: Vec<Option<Value>>,
}

#[doc(hidden)]
impl Record {
    /// A field's value; none where it is missing.
    pub fn value(&self, field: FieldId) -> Option<&Value> {
        self.values.get(field.0 as usize).and_then(Option::as_ref)
    }

    /// Sets a field.
    pub fn set(&mut self, field: FieldId, value: Option<Value>) {
        if let Some(place) = self.values.get_mut(field.0 as usize) {
            *place = value;
        }
    }

    /// A source says what a field is, or that it has no value any more. What a source has said that comes first in the
    /// `precedence` stays; one of the same place, or a later one, is replaced.
    pub fn change(&mut self, field: FieldId, value: Option<Value>, origin: Origin) {
        let held = self.value(field).is_some() && self.rank(field) < origin.rank;
        if let Some(place) = self.origins.get_mut(field.0 as usize).filter(|_| !held) {
            *place = value.is_some().then_some(origin);
            self.set(field, value);
        }
    }

    /// The place in the `precedence` of the source that a value came from.
    fn rank(&self, field: FieldId) -> usize {
        self.origins.get(field.0 as usize).and_then(Option::as_ref).map_or(usize::MAX, |origin| origin.rank)
    }

    /// Takes in what another record of the same lead knows: values that this one lacks, has by default or has from a source
    /// that comes later in the `precedence`, and all that happened.
    pub fn take_in(&mut self, other: &Self) {
        for (at, theirs) in other.values.iter().enumerate() {
            let field = FieldId(at as u32);
            let unsaid = self.origins[at].is_none() && other.origins[at].is_some();
            if theirs.is_some() && (self.value(field).is_none() || unsaid || other.rank(field) < self.rank(field)) {
                self.set(field, theirs.clone());
                self.origins[at].clone_from(&other.origins[at]);
            }
        }
        self.history.extend(other.history.iter().cloned());
        self.sort();
    }

    /// Puts the history in order of time; events of one instant keep their order.
    pub fn sort(&mut self) {
        self.history.sort_by_key(|event| event.at);
    }
}
