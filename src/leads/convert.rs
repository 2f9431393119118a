//! A raw value to a typed one. What is not declared is refused, not guessed.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::number;
use crate::io::Raw;
use crate::pact::{Intake, NumberForm, TimeForm};
use crate::text::Folding;
use crate::time::Duration;
use crate::time::Instant;
use crate::time::Zone;
use crate::ty::Ty;
use crate::value::{Money, Value, decimal};

/// How texts of an input are to be read.
pub(super) struct ValueFormat<'p> {
    pub(super) folding: Folding,
    /// What the input's `source` declares.
    pub(super) intake: Option<&'p Intake>,
    /// The zone of instants that carry none.
    pub(super) zone: &'p Zone,
}

impl ValueFormat<'_> {
    fn numbers(&self) -> Option<NumberForm> {
        self.intake.and_then(|intake| intake.numbers)
    }

    /// Whether a text is, but for case, one of these folded ones.
    fn is_among(&self, text: &str, texts: &[String]) -> bool {
        !texts.is_empty() && texts.iter().any(|known| *known == self.folding.fold(text.trim()))
    }

    /// Whether a raw value stands for a missing one: null, the empty text, or a text declared `blank`.
    pub(super) fn is_missing(&self, raw: &Raw) -> bool {
        match raw {
            Raw::Null => true,
            Raw::Text(text) => text.is_empty() || self.intake.is_some_and(|intake| self.is_among(text, &intake.blank)),
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
            Ty::Integer => self.number(raw).filter(|n| n.fract().is_zero()).map(Value::Number),
            Ty::Number => self.number(raw).map(Value::Number),
            Ty::Money(currency) => match raw {
                Raw::Map(parts) => {
                    let part = |name: &str| parts.iter().find(|(n, _)| &**n == name).map(|(_, v)| v);
                    let named = part("currency").and_then(text_of);
                    if named.is_some_and(|named| named != currency.to_string()) {
                        return Err(format!("an amount in {currency} is needed"));
                    }
                    part("amount")
                        .and_then(|raw| self.number(raw))
                        .map(|amount| Value::Money(Money { amount, currency: *currency }))
                }
                _ => {
                    let amount = self.amount(raw, &currency.to_string());
                    amount.map(|amount| Value::Money(Money { amount, currency: *currency }))
                }
            },
            Ty::Bool => match raw {
                Raw::Bool(yes) => Some(Value::Bool(*yes)),
                _ => text_of(raw).and_then(|text| self.yes(text)).map(Value::Bool),
            },
            Ty::Date => self.date(raw).map(Value::Date),
            Ty::Time => self.time(raw).map(Value::Time),
            Ty::Duration => match raw {
                Raw::Text(text) => duration(text).map(Value::Duration),
                _ => None,
            },
            Ty::List(of) => return self.list(raw, of, ";").map(Some),
        };
        value.map(Some).ok_or_else(|| unfit(raw, ty))
    }

    /// A list as JSON has it, also as text in a cell, or else the parts of a text between `split`.
    pub(super) fn list(&self, raw: &Raw, of: &Ty, split: &str) -> Result<Value, String> {
        let parts: Vec<Raw> = match raw {
            Raw::List(parts) => parts.clone(),
            Raw::Text(text) => match serde_json::from_str::<Raw>(text) {
                Ok(Raw::List(parts)) => parts,
                _ => text.split(split).map(|part| Raw::Text(part.trim().into())).collect(),
            },
            _ => return Err(unfit(raw, of)),
        };
        let values: Result<Vec<_>, _> = parts.iter().map(|part| self.convert(part, of)).collect();
        Ok(Value::List(values?.into_iter().flatten().collect()))
    }

    fn number(&self, raw: &Raw) -> Option<Decimal> {
        match (raw, self.numbers()) {
            (Raw::Text(text), Some(form)) => number::number(form, text),
            (Raw::Number(text) | Raw::Text(text), _) => decimal(text.trim()),
            _ => None,
        }
    }

    /// `1200.50`, `1200.50 USD` or `USD 1200.50`, and what the declared form of numbers allows besides.
    fn amount(&self, raw: &Raw, currency: &str) -> Option<Decimal> {
        if let (Raw::Text(text), Some(form)) = (raw, self.numbers()) {
            return number::amount(form, text, currency);
        }
        self.number(raw).or_else(|| {
            let text = text_of(raw)?.trim();
            let digits = text.strip_suffix(currency).or_else(|| text.strip_prefix(currency))?;
            decimal(digits.trim())
        })
    }

    fn yes(&self, text: &str) -> Option<bool> {
        let declared =
            |texts: fn(&Intake) -> &Vec<String>| self.intake.is_some_and(|intake| self.is_among(text, texts(intake)));
        match text.trim() {
            text if text.eq_ignore_ascii_case("true") => Some(true),
            text if text.eq_ignore_ascii_case("false") => Some(false),
            _ if declared(|intake| &intake.yes) => Some(true),
            _ if declared(|intake| &intake.no) => Some(false),
            _ => None,
        }
    }

    fn date(&self, raw: &Raw) -> Option<NaiveDate> {
        let text = text_of(raw)?.trim();
        let forms = self.intake.map_or(&[][..], |intake| &intake.dates);
        let declared = match forms {
            [] => text.parse().ok(),
            forms => forms.iter().find_map(|form| match form {
                TimeForm::Format(format) => NaiveDate::parse_from_str(text, format).ok(),
                form => self.counted(form, raw).map(|moment| moment.date()),
            }),
        };
        declared.or_else(|| moment(text, forms).map(|moment| moment.date()))
    }

    /// An instant: with an offset as it says, without one in the declared zone; a date is its first instant.
    pub(super) fn time(&self, raw: &Raw) -> Option<Instant> {
        let text = text_of(raw)?.trim();
        let forms = self.intake.map_or(&[][..], |intake| &intake.times);
        if !forms.is_empty() {
            let declared = forms.iter().find_map(|form| match form {
                TimeForm::Format(format) => {
                    let exact = DateTime::parse_from_str(text, format).ok().map(|at| at.to_utc());
                    exact.or_else(|| NaiveDateTime::parse_from_str(text, format).ok().map(|at| self.zone.instant(at)))
                }
                TimeForm::Excel => self.counted(form, raw).map(|moment| self.zone.instant(moment)),
                _ => self.counted(form, raw).map(|moment| moment.and_utc()),
            });
            return declared.or_else(|| moment(text, forms).map(|moment| self.zone.instant(moment)));
        }
        let local = || LOCAL_TIMES.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
        let exact = DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
        exact
            .or_else(|| local().map(|at| self.zone.instant(at)))
            .or_else(|| self.date(raw).map(|date| self.zone.midnight(date)))
    }

    /// The date and time that a number counts up to. Numbers may be written as the source writes numbers.
    fn counted(&self, form: &TimeForm, raw: &Raw) -> Option<NaiveDateTime> {
        let count = self.number(raw)?;
        match form {
            TimeForm::Excel => excel(count),
            TimeForm::Milliseconds => Some(DateTime::from_timestamp_millis(count.to_i64()?)?.naive_utc()),
            TimeForm::Seconds => {
                let milliseconds = count.checked_mul(Decimal::ONE_THOUSAND)?.to_i64()?;
                Some(DateTime::from_timestamp_millis(milliseconds)?.naive_utc())
            }
            TimeForm::Format(_) => None,
        }
    }
}

/// How instants without an offset are written where nothing is declared. Source: ISO 8601, with a space as well as `T`.
pub(super) const LOCAL_TIMES: [&str; 4] =
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];

/// A date and time as those of spreadsheets are handed on, whatever the texts of the source look like. A declared form
/// that has the same letter could mean something else by it.
fn moment(text: &str, forms: &[TimeForm]) -> Option<NaiveDateTime> {
    let alike = |form: &TimeForm| matches!(form, TimeForm::Format(format) if format.contains('T'));
    if forms.iter().any(alike) {
        return None;
    }
    NaiveDateTime::parse_from_str(text, crate::io::MOMENT).ok()
}

/// The date and time of a serial number of Excel: 1 is the first of January 1900, and 60 the 29th of February of that
/// year, which never was. The fraction is a part of the day, to the second.
/// Source: ECMA-376, part 1, 18.17.4.1.
fn excel(serial: Decimal) -> Option<NaiveDateTime> {
    let day = serial.trunc().to_i64().filter(|day| (1..=2_958_465).contains(day) && *day != 60)?;
    let seconds = (serial.fract() * Decimal::from(86_400)).round().to_i64()?;
    let before = NaiveDate::from_ymd_opt(1899, 12, if day < 60 { 31 } else { 30 })?;
    let day = before.checked_add_signed(chrono::TimeDelta::try_days(day)?)?;
    day.and_hms_opt(0, 0, 0)?.checked_add_signed(chrono::TimeDelta::try_seconds(seconds)?)
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
