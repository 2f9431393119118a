//! Run-time values: exact, comparable, and the same on every back end.

use std::fmt;
use std::str::FromStr as _;
use std::sync::Arc;

use chrono::{NaiveDate, SecondsFormat};
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use crate::time::{Duration, Instant};

/// A value of a lead, an event or an expression. No binary floating point: numbers are decimals of up to 28 digits.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// Text as it was written.
    Text(Arc<str>),
    /// A word of a `one of` type.
    Word(Arc<str>),
    /// An integer or number.
    Number(Decimal),
    /// An amount of money.
    Money(Money),
    /// `true` or `false`.
    Bool(bool),
    /// A calendar date.
    Date(NaiveDate),
    /// An instant.
    Time(Instant),
    /// A duration.
    Duration(Duration),
    /// Several values.
    List(Arc<[Value]>),
}

/// An amount in a currency. Amounts in two currencies do not compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    /// How much.
    pub amount: Decimal,
    /// Of what.
    pub currency: Currency,
}

/// The three letters of a currency, as ISO 4217 has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// A currency from its letters; none when they are not three capital ASCII letters.
    ///
    /// ```
    /// # use leadpact::internals::value::Currency;
    /// assert!(Currency::new("TRY").is_some());
    /// assert!(Currency::new("try").is_none());
    /// ```
    pub fn new(letters: &str) -> Option<Self> {
        let bytes: [u8; 3] = letters.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.0).unwrap_or("???"))
    }
}

/// A decimal from its digits, exactly: `12.50`, `-3`, `1e3`. None when it is no number or has too many digits.
///
/// ```
/// # use leadpact::internals::value::decimal;
/// assert_eq!(decimal("0.10").map(|n| n.to_string()), Some("0.1".into()));
/// assert_eq!(decimal("1e3"), decimal("1000"));
/// assert_eq!(decimal("ten"), None);
/// assert_eq!(decimal("0.00000000000000000000000000001"), None);
/// assert_eq!(decimal("1e29"), None);
/// ```
pub fn decimal(text: &str) -> Option<Decimal> {
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    // `from_str_exact` refuses what it would have to round; `from_scientific` rounds
    let number = Decimal::from_str_exact(digits).ok()?.normalize();
    let scale = i32::try_from(number.scale()).ok()?.checked_sub(exponent.parse().ok()?)?;
    let whole = 10_i128.checked_pow(scale.min(0).unsigned_abs())?;
    let number =
        Decimal::try_from_i128_with_scale(number.mantissa().checked_mul(whole)?, scale.max(0).unsigned_abs()).ok()?;
    Some(number.normalize())
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// The letters of a text or word.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Word(text) => Some(text),
            _ => None,
        }
    }

    /// The number, when it is one.
    pub fn as_number(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Word(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{}", number.normalize()),
            Self::Money(money) => write!(f, "{} {}", money.amount.normalize(), money.currency),
            Self::Bool(yes) => write!(f, "{yes}"),
            Self::Date(date) => write!(f, "{date}"),
            Self::Time(instant) => f.write_str(&instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            Self::Duration(duration) => write!(f, "{duration}"),
            Self::List(values) => {
                for (at, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if at == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

/// The exact JSON number of a decimal.
pub fn json_number(number: Decimal) -> serde_json::Number {
    let digits = number.normalize().to_string();
    serde_json::Number::from_str(&digits).unwrap_or_else(|_| serde_json::Number::from(0))
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => json_number(*number).serialize(serializer),
            Self::Money(money) => {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("amount", &json_number(money.amount))?;
                map.serialize_entry("currency", &money.currency.to_string())?;
                map.end()
            }
            Self::Bool(yes) => serializer.serialize_bool(*yes),
            Self::List(values) => serializer.collect_seq(values.iter()),
            other => serializer.collect_str(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_or_none() {
        for (text, digits) in [
            ("1e3", Some("1000")),
            ("-12.50", Some("-12.5")),
            ("1.5E-2", Some("0.015")),
            ("120e-1", Some("12")),
            ("0e99", None),
            ("79228162514264337593543950335", Some("79228162514264337593543950335")),
            ("79228162514264337593543950336", None),
            ("1.23456789012345678901234567890123e1", None),
            ("1e-29", None),
            ("1e", None),
            ("", None),
        ] {
            assert_eq!(decimal(text).map(|number| number.to_string()).as_deref(), digits, "{text}");
        }
    }

    #[test]
    fn values_go_out_with_their_exact_digits() {
        let money = Money { amount: Decimal::new(1_000_010, 2), currency: Currency::new("TRY").unwrap() };
        let values = [
            Value::Number(Decimal::from_str_exact("0.1000000000000000000000000001").unwrap()),
            Value::Money(money),
            Value::Time("2026-11-20T14:30:00Z".parse().unwrap()),
            Value::Duration(Duration::days(1)),
        ];
        let wire = serde_json::to_string(&Value::List(values.into())).unwrap();
        let expected =
            r#"[0.1000000000000000000000000001,{"amount":10000.1,"currency":"TRY"},"2026-11-20T14:30:00Z","1 day"]"#;
        assert_eq!(wire, expected);
        assert_eq!(Value::Money(money).to_string(), "10000.1 TRY");
    }
}
