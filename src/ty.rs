//! The types of the language.

use std::fmt;
use std::sync::Arc;

use crate::value::Currency;

/// What values an expression, field or property has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ty {
    /// Text, compared caseless unless `exactly` is said.
    Text,
    /// One of these words.
    Word(Arc<[Arc<str>]>),
    /// A whole number.
    Integer,
    /// An exact decimal.
    Number,
    /// An amount in one currency.
    Money(Currency),
    /// `true` or `false`.
    Bool,
    /// A calendar date.
    Date,
    /// An instant.
    Time,
    /// A duration.
    Duration,
    /// Several values of one type.
    List(Box<Ty>),
    /// Stands where a type is not known because of an error already reported; it fits everywhere.
    Unknown,
}

impl Ty {
    /// Whether it counts: an integer or a number.
    pub fn is_numeric(&self) -> bool {
        matches!(self, Self::Integer | Self::Number)
    }

    /// Whether it is written with letters: a text or a word.
    pub fn is_textual(&self) -> bool {
        matches!(self, Self::Text | Self::Word(_))
    }

    /// Whether values of both can be compared for being equal.
    pub fn comparable(&self, other: &Ty) -> bool {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => true,
            (a, b) if a.is_numeric() && b.is_numeric() => true,
            (a, b) if a.is_textual() && b.is_textual() => true,
            (Self::List(a), Self::List(b)) => a.comparable(b),
            (a, b) => a == b,
        }
    }

    /// Whether its values have an order.
    pub fn is_ordered(&self) -> bool {
        matches!(
            self,
            Self::Integer | Self::Number | Self::Money(_) | Self::Date | Self::Time | Self::Duration | Self::Unknown
        )
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::Word(words) => write!(f, "one of {}", words.join(", ")),
            Self::Integer => f.write_str("integer"),
            Self::Number => f.write_str("number"),
            Self::Money(currency) => write!(f, "money {currency}"),
            Self::Bool => f.write_str("bool"),
            Self::Date => f.write_str("date"),
            Self::Time => f.write_str("time"),
            Self::Duration => f.write_str("duration"),
            Self::List(of) => write!(f, "list of {of}"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}
