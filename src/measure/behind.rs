//! The leads behind a figure.

use std::sync::Arc;

use serde::Serialize;

use super::fact::{Amount, Fact};
use crate::pact::Pact;
use crate::value::{Money, Value};

/// A lead behind a figure, at a moment that is counted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BehindFigure {
    /// Its key.
    pub lead: Arc<str>,
    /// The moment, in the pact's zone.
    pub at: String,
    /// What it is to the figure.
    pub counted: CountedAs,
    /// How long it took, in seconds; open ones where a calendar measures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<i64>,
    /// What it adds to a sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Value>,
}

/// What a lead is to a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedAs {
    /// It is one of those that are counted, or that are added up.
    Counted,
    /// It came to the second stage.
    Reached,
    /// It did not, and its round has ended.
    NotReached,
    /// It did not yet.
    MayStill,
    /// The second moment has not come yet.
    Waiting,
}

impl BehindFigure {
    /// What a fact of a lead is to a figure.
    pub(super) fn of(pact: &Pact, lead: &Arc<str>, fact: &Fact) -> Self {
        let (counted, seconds, amount) = match fact.amount {
            Amount::One | Amount::Once => (CountedAs::Counted, None, None),
            Amount::Cohort { reached: Some(seconds), .. } => (CountedAs::Reached, Some(seconds), None),
            Amount::Cohort { open: true, .. } => (CountedAs::MayStill, None, None),
            Amount::Cohort { .. } => (CountedAs::NotReached, None, None),
            Amount::Took(seconds) => (CountedAs::Counted, Some(seconds), None),
            Amount::Waiting => (CountedAs::Waiting, None, None),
            Amount::Sum(currency, amount) => {
                let money = |currency| Value::Money(Money { amount, currency });
                (CountedAs::Counted, None, Some(currency.map_or(Value::Number(amount), money)))
            }
        };
        Self { lead: lead.clone(), at: pact.zone.rfc3339(fact.at), counted, seconds, amount }
    }
}
