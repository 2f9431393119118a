//! What an expression is worth: a value, a number within bounds, or nothing that is known.

use std::fmt;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::pact::Verdict;
use crate::value::Value;

/// The worth of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// This value.
    Known(Value),
    /// A number of which missing facts leave a range, both ends possible.
    Within(Decimal, Decimal),
    /// One of these words of a band, of which missing facts leave several possible.
    Among(Arc<[Arc<str>]>),
    /// A fact is missing.
    Unknown,
}

impl Answer {
    /// A value that may be missing.
    pub fn of(value: Option<Value>) -> Self {
        value.map_or(Self::Unknown, Self::Known)
    }

    /// A number within bounds; known when they meet.
    pub fn within(low: Decimal, high: Decimal) -> Self {
        if low == high { Self::Known(Value::Number(low)) } else { Self::Within(low, high) }
    }

    /// Words of a band, in its order; known where there is one.
    pub fn among(words: Vec<Arc<str>>) -> Self {
        match words.as_slice() {
            [] => Self::Unknown,
            [one] => Self::Known(Value::Word(one.clone())),
            _ => Self::Among(words.into()),
        }
    }

    /// The verdict of a condition.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Known(Value::Bool(holds)) => Verdict::known(*holds),
            _ => Verdict::Unknown,
        }
    }

    /// The words that a band may be.
    pub fn words(&self) -> Vec<Arc<str>> {
        match self {
            Self::Known(Value::Word(word)) => vec![word.clone()],
            Self::Among(words) => words.to_vec(),
            _ => Vec::new(),
        }
    }

    /// The bounds of a number; equal when it is known.
    pub fn bounds(&self) -> Option<(Decimal, Decimal)> {
        match self {
            Self::Known(Value::Number(n)) => Some((*n, *n)),
            Self::Within(low, high) => Some((*low, *high)),
            _ => None,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(f),
            Self::Within(low, high) => write!(f, "{} to {}", low.normalize(), high.normalize()),
            Self::Among(words) => f.write_str(&words.join(" or ")),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

impl From<Verdict> for Answer {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Met => Self::Known(Value::Bool(true)),
            Verdict::NotMet => Self::Known(Value::Bool(false)),
            Verdict::Unknown => Self::Unknown,
        }
    }
}
