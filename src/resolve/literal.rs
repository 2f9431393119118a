//! Values as written, made exact.

use rust_decimal::Decimal;

use super::Resolver;
use super::names::unknown;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::syntax::tree::{self, DurationPart, Literal, Name, Text, Unit};
use crate::time::Duration;
use crate::time::Zone;
use crate::ty::Ty;
use crate::value::{Currency, Money, Value};

impl Resolver<'_> {
    /// A literal with its type. `wanted` gives words to names, a currency to compare with, and nothing else: whether
    /// the type fits is for the caller to say.
    pub(super) fn literal(&mut self, literal: &Literal, span: Span, wanted: Option<&Ty>) -> Option<(Value, Ty)> {
        Some(match literal {
            Literal::Text(text) => match wanted {
                Some(Ty::Word(_)) => return self.word_of(text, span, wanted),
                _ => (Value::Text(text.clone()), Ty::Text),
            },
            Literal::Name(text) => return self.word_of(text, span, wanted),
            Literal::Number(n) if n.is_integer() => (Value::Number(n.normalize()), Ty::Integer),
            Literal::Number(n) => (Value::Number(n.normalize()), Ty::Number),
            Literal::Percent(n) => (Value::Number((n / Decimal::ONE_HUNDRED).normalize()), Ty::Number),
            Literal::Money(amount, letters) => {
                let Some(currency) = Currency::new(letters) else {
                    let message = format!("`{letters}` is not a currency");
                    self.out
                        .push(Diagnostic::new(Code::BadValue, span, message).help("write three letters: `10M USD`"));
                    return None;
                };
                (Value::Money(Money { amount: amount.normalize(), currency }), Ty::Money(currency))
            }
            Literal::Bool(yes) => (Value::Bool(*yes), Ty::Bool),
            Literal::Date(date) => (Value::Date(*date), Ty::Date),
            Literal::DateTime(local) => (Value::Time(self.pact.zone.instant(*local)), Ty::Time),
            Literal::Duration(parts) => {
                let duration = self.duration_of(parts, span)?;
                if duration.business {
                    let elapsed = Duration { business: false, ..duration };
                    let finding = Diagnostic::new(Code::WrongValue, span, "a value is elapsed time, not business time")
                        .help(format!("leave out `business`: `{elapsed}`; promises and moves may count business time"));
                    self.out.push(finding);
                    return None;
                }
                (Value::Duration(duration), Ty::Duration)
            }
            Literal::Clock(_) | Literal::Now | Literal::Today => {
                let message = format!("`{}` cannot stand here", self.sources.says(span));
                let help = "write a fixed value; the instant of a decision comes in with it";
                self.out.push(Diagnostic::new(Code::BadValue, span, message).help(help));
                return None;
            }
        })
    }

    /// A value that must be of a type; a finding says what does not fit.
    pub(super) fn value_of(&mut self, value: &tree::ValueNode, wanted: &Ty) -> Option<Value> {
        let (literal, ty) = self.literal(&value.node, value.span, Some(wanted))?;
        let fits = match (wanted, &ty) {
            (Ty::Unknown, _) | (Ty::Number, Ty::Integer) => true,
            (Ty::Time, Ty::Date) => return Some(self.start_of(&literal)),
            (Ty::Money(currency), Ty::Integer | Ty::Number) => {
                let message = format!("a bare number where {} is needed", super::expr::describe(wanted));
                let help = format!("name the currency: `{literal} {currency}`");
                self.out.push(Diagnostic::new(Code::NotThatMoney, value.span, message).help(help));
                return None;
            }
            (wanted, ty) => wanted == ty,
        };
        if !fits {
            let (is, needed) = match (&ty, wanted) {
                (Ty::Number, Ty::Integer) => ("not whole".to_owned(), "a whole number".to_owned()),
                (ty, wanted) => (super::expr::describe(ty), super::expr::describe(wanted)),
            };
            let message = format!("`{literal}` is {is}, and {needed} is needed");
            let help = format!("write {}", example(wanted));
            self.out.push(Diagnostic::new(Code::WrongValue, value.span, message).help(help));
        }
        fits.then_some(literal)
    }

    /// A date where an instant is needed is its first instant.
    fn start_of(&self, value: &Value) -> Value {
        match value {
            Value::Date(date) => Value::Time(self.pact.zone.midnight(*date)),
            other => other.clone(),
        }
    }

    /// A name or text that must be a word of a type. A param may be named too.
    fn word_of(&mut self, text: &std::sync::Arc<str>, span: Span, wanted: Option<&Ty>) -> Option<(Value, Ty)> {
        let name = Name { text: text.clone(), span };
        if let Some(ty @ Ty::Word(words)) = wanted {
            if words.contains(text) {
                return Some((Value::Word(text.clone()), ty.clone()));
            }
            let param = self.pact.params.iter().find(|param| param.name == *text);
            let word =
                param.and_then(|param| param.value.as_text()).and_then(|text| words.iter().find(|w| ***w == *text));
            if let Some(word) = word {
                self.names.find(super::names::Space::Value, text);
                return Some((Value::Word(word.clone()), ty.clone()));
            }
            let folding = self.pact.folding;
            let cased = words.iter().find(|word| folding.fold(word) == folding.fold(text));
            let mut finding = unknown("word", &name, words.iter().map(|word| &**word));
            if let Some(word) = cased {
                finding = finding.help(format!("words are written to the letter: `{word}`")).fix(
                    format!("write `{word}`"),
                    span,
                    &**word,
                );
            }
            finding.code = Code::UnknownWord;
            finding.message = format!("`{text}` is none of the words that this may be");
            self.out.push(finding);
            return None;
        }
        if let Some(param) = self.pact.params.iter().find(|param| param.name == *text) {
            let value = param.value.clone();
            let ty = super::expr::type_of(&value);
            self.names.find(super::names::Space::Value, text);
            if self.broken.contains(text) {
                return None;
            }
            return Some((value, ty));
        }
        let help = match wanted {
            Some(ty) => format!("write {}", example(ty)),
            None => format!("put quotes around a text: `\"{text}\"`"),
        };
        self.out.push(Diagnostic::new(Code::OutOfPlace, span, format!("`{text}` means nothing here")).help(help));
        None
    }

    /// The parts of a duration together. Seconds, minutes and hours may have fractions; days and longer may not, since
    /// they are steps of the calendar.
    pub(super) fn duration_of(&mut self, parts: &[DurationPart], span: Span) -> Option<Duration> {
        let mut all = Duration::default();
        let mixed = parts.iter().any(|part| part.business) && parts.iter().any(|part| !part.business);
        if mixed {
            let finding = Diagnostic::new(Code::MixedTime, span, "business time and elapsed time do not add up")
                .help("say `business` with each part, or with none");
            self.out.push(finding);
            return None;
        }
        for part in parts {
            let Some(one) = duration_of(part) else {
                let message = format!("`{}` is no whole step of the calendar, or too long", self.sources.says(span));
                let help = "write whole days, weeks, months, quarters and years; hours and minutes may have fractions";
                self.out.push(Diagnostic::new(Code::BadValue, span, message).help(help));
                return None;
            };
            let Some(sum) = all.checked_add(one) else {
                let message = format!("`{}` is longer than any calendar", self.sources.says(span));
                let help = "use a shorter duration";
                self.out.push(Diagnostic::new(Code::BadValue, span, message).help(help));
                return None;
            };
            all = sum;
        }
        Some(all)
    }

    /// A zone by its IANA name.
    pub(super) fn zone_named(&mut self, name: &Text) -> Option<Zone> {
        match Zone::named(&name.text) {
            Ok(zone) => Some(zone),
            Err(error) => {
                let finding =
                    Diagnostic::new(Code::UnknownZone, name.span, format!("there is no time zone `{}`", name.text));
                self.out.push(match error.meant {
                    Some(meant) => finding.help(format!("did you mean \"{meant}\"?")).fix(
                        format!("write `{meant}`"),
                        name.span,
                        format!("\"{meant}\""),
                    ),
                    None => finding.help("write an IANA name, such as \"Europe/Istanbul\""),
                });
                None
            }
        }
    }
}

fn duration_of(part: &DurationPart) -> Option<Duration> {
    let exact = |seconds: i64| {
        let amount = part.amount.checked_mul(Decimal::from(seconds))?;
        i64::try_from(amount).ok().filter(|_| amount.is_integer())
    };
    let whole = |times: i32| {
        let amount = i32::try_from(part.amount).ok().filter(|_| part.amount.is_integer())?;
        amount.checked_mul(times)
    };
    let mut one = Duration { business: part.business, ..Duration::default() };
    match part.unit {
        Unit::Second => one.seconds = exact(1)?,
        Unit::Minute => one.seconds = exact(60)?,
        Unit::Hour => one.seconds = exact(3600)?,
        Unit::Day => one.days = whole(1)?,
        Unit::Week => one.days = whole(7)?,
        Unit::Month => one.months = whole(1)?,
        Unit::Quarter => one.months = whole(3)?,
        Unit::Year => one.months = whole(12)?,
    }
    Some(one)
}

/// How a value of a type is written.
fn example(ty: &Ty) -> String {
    match ty {
        Ty::Text => "a text in quotes: `\"TH\"`".into(),
        Ty::Word(words) => format!("one of {}", words.join(", ")),
        Ty::Integer => "a whole number: `240`".into(),
        Ty::Number => "a number: `2.5`".into(),
        Ty::Money(currency) => format!("an amount: `10M {currency}`"),
        Ty::Bool => "`true` or `false`".into(),
        Ty::Date => "a date: `2026-03-02`".into(),
        Ty::Time => "an instant: `2026-03-02 09:00`".into(),
        Ty::Duration => "a duration: `4 hours`".into(),
        Ty::List(of) => format!("values with commas between them, each {}", super::expr::describe(of)),
        Ty::Unknown => "a value".into(),
    }
}
