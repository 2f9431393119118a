//! A raw value to a typed one. What is not declared is refused, not guessed.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use crate::io::Raw;
use crate::text::Folding;
use crate::time::Duration;
use crate::time::Instant;
use crate::time::Zone;
use crate::ty::Ty;
use crate::value::{Money, Value, decimal};

/// How texts of an input are to be read.
pub(super) struct ValueFormat<'p> {
    pub(super) folding: Folding,
    /// Texts that stand for a missing value, folded.
    pub(super) blank: &'p [String],
    pub(super) dates: &'p [Arc<str>],
    pub(super) times: &'p [Arc<str>],
    pub(super) zone: &'p Zone,
}

impl ValueFormat<'_> {
    /// Whether a raw value stands for a missing one: null, the empty text, or a text declared `blank`.
    pub(super) fn is_missing(&self, raw: &Raw) -> bool {
        match raw {
            Raw::Null => true,
            Raw::Text(text) => {
                text.is_empty()
                    || (!self.blank.is_empty() && self.blank.iter().any(|b| *b == self.folding.fold(text.trim())))
            }
            _ => false,
        }
    }

    /// The typed value; none where it is missing. The error says why it is not one.
    pub(super) fn convert(&self, raw: &Raw, ty: &Ty) -> Result<Option<Value>, String> {
        if self.is_missing(raw) {
            return Ok(None);
        }
        let value = match ty {
            Ty::Text | Ty::Unknown => text_of(raw).map(|text| Value::Text(text.into())),
            Ty::Word(words) => {
                let Some(text) = text_of(raw) else { return Err(unfit(raw, ty)) };
                let folded = self.folding.fold(text.trim());
                let word = words.iter().find(|word| self.folding.fold(word) == folded);
                return match word {
                    Some(word) => Ok(Some(Value::Word(word.clone()))),
                    None => Err(format!("`{text}` is none of {}; a `source` can map it", words.join(", "))),
                };
            }
            Ty::Integer => number(raw).filter(|n| n.fract().is_zero()).map(Value::Number),
            Ty::Number => number(raw).map(Value::Number),
            Ty::Money(currency) => match raw {
                Raw::Map(parts) => {
                    let part = |name: &str| parts.iter().find(|(n, _)| &**n == name).map(|(_, v)| v);
                    let named = part("currency").and_then(text_of);
                    if named.is_some_and(|named| named != currency.to_string()) {
                        return Err(format!("an amount in {currency} is needed"));
                    }
                    part("amount").and_then(number).map(|amount| Value::Money(Money { amount, currency: *currency }))
                }
                _ => {
                    money(raw, &currency.to_string()).map(|amount| Value::Money(Money { amount, currency: *currency }))
                }
            },
            Ty::Bool => match raw {
                Raw::Bool(yes) => Some(Value::Bool(*yes)),
                Raw::Text(text) if text.trim().eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
                Raw::Text(text) if text.trim().eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
                _ => None,
            },
            Ty::Date => text_of(raw).and_then(|text| self.date(text.trim())).map(Value::Date),
            Ty::Time => text_of(raw).and_then(|text| self.time(text.trim())).map(Value::Time),
            Ty::Duration => match raw {
                Raw::Text(text) => duration(text).map(Value::Duration),
                _ => None,
            },
            Ty::List(of) => return self.list(raw, of).map(Some),
        };
        value.map(Some).ok_or_else(|| unfit(raw, ty))
    }

    /// A list as JSON has it, or the parts of a text between `;`, as CRM exports write picklists.
    fn list(&self, raw: &Raw, of: &Ty) -> Result<Value, String> {
        let parts: Vec<Raw> = match raw {
            Raw::List(parts) => parts.clone(),
            Raw::Text(text) => text.split(';').map(|part| Raw::Text(part.trim().into())).collect(),
            _ => return Err(unfit(raw, of)),
        };
        let values: Result<Vec<_>, _> = parts.iter().map(|part| self.convert(part, of)).collect();
        Ok(Value::List(values?.into_iter().flatten().collect()))
    }

    fn date(&self, text: &str) -> Option<NaiveDate> {
        if self.dates.is_empty() {
            return text.parse().ok();
        }
        self.dates.iter().find_map(|format| NaiveDate::parse_from_str(text, format).ok())
    }

    /// An instant: with an offset as it says, without one in the declared zone; a date is its first instant.
    pub(super) fn time(&self, text: &str) -> Option<Instant> {
        if !self.times.is_empty() {
            return self.times.iter().find_map(|format| {
                let exact = DateTime::parse_from_str(text, format).ok().map(|at| at.to_utc());
                exact.or_else(|| NaiveDateTime::parse_from_str(text, format).ok().map(|at| self.zone.instant(at)))
            });
        }
        let local = || {
            ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]
                .iter()
                .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        };
        let exact = DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
        exact
            .or_else(|| local().map(|at| self.zone.instant(at)))
            .or_else(|| self.date(text).map(|date| self.zone.midnight(date)))
    }
}

/// The text of a scalar, as it was written.
pub(super) fn text_of(raw: &Raw) -> Option<&str> {
    match raw {
        Raw::Text(text) | Raw::Number(text) => Some(text),
        Raw::Bool(true) => Some("true"),
        Raw::Bool(false) => Some("false"),
        Raw::Null | Raw::List(_) | Raw::Map(_) => None,
    }
}

fn number(raw: &Raw) -> Option<Decimal> {
    match raw {
        Raw::Number(text) | Raw::Text(text) => decimal(text.trim()),
        _ => None,
    }
}

/// `1200.50`, `1200.50 USD` or `USD 1200.50`.
fn money(raw: &Raw, currency: &str) -> Option<Decimal> {
    number(raw).or_else(|| {
        let text = text_of(raw)?.trim();
        let digits = text.strip_suffix(currency).or_else(|| text.strip_prefix(currency))?;
        decimal(digits.trim())
    })
}

/// `4 hours`, `1 hour 30 minutes`, `10 days`, as the language writes durations.
fn duration(text: &str) -> Option<Duration> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() || !words.len().is_multiple_of(2) {
        return None;
    }
    words.chunks_exact(2).try_fold(Duration::default(), |sum, pair| {
        let amount: i64 = pair[0].parse().ok()?;
        let few = i32::try_from(amount).ok()?;
        let part = match pair[1].trim_end_matches('s') {
            "second" => Duration::seconds(amount),
            "minute" => Duration::seconds(amount.checked_mul(60)?),
            "hour" => Duration::seconds(amount.checked_mul(3600)?),
            "day" => Duration::days(few),
            "week" => Duration::days(few.checked_mul(7)?),
            "month" => Duration { months: few, ..Duration::default() },
            "quarter" => Duration { months: few.checked_mul(3)?, ..Duration::default() },
            "year" => Duration { months: few.checked_mul(12)?, ..Duration::default() },
            _ => return None,
        };
        sum.checked_add(part)
    })
}

fn unfit(raw: &Raw, ty: &Ty) -> String {
    match text_of(raw) {
        Some(text) => {
            let shown: String = text.chars().take(60).collect();
            format!("`{shown}` is not {}", article(ty))
        }
        None => format!("{} stands where {} is needed", raw.kind(), article(ty)),
    }
}

fn article(ty: &Ty) -> String {
    match ty {
        Ty::Integer => "a whole number".into(),
        Ty::Number => "a number".into(),
        Ty::Money(currency) => format!("an amount in {currency}"),
        Ty::Bool => "true or false".into(),
        Ty::Date => "a date".into(),
        Ty::Time => "an instant".into(),
        Ty::Duration => "a duration".into(),
        Ty::List(_) => "a list".into(),
        Ty::Text | Ty::Word(_) | Ty::Unknown => "a text".into(),
    }
}
