//! Comparing and calculating with values.

use std::cmp::Ordering;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::Answer;
use crate::pact::{Arithmetic, Comparison, Verdict};
use crate::text::Folding;
use crate::time::Duration;
use crate::time::Zone;
use crate::value::{Money, Value};

/// Whether two values are the same; text as the pact folds it, or to the letter.
pub(crate) fn same(folding: Folding, exactly: bool, a: &Value, b: &Value) -> bool {
    match (a.as_text(), b.as_text()) {
        (Some(a), Some(b)) => {
            let (a, b) = folding.pair(exactly, a, b);
            a == b
        }
        _ => match (a, b) {
            (Value::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(folding, exactly, a, b))
            }
            (Value::Duration(a), Value::Duration(b)) => a.nominal_seconds() == b.nominal_seconds(),
            _ => a == b,
        },
    }
}

/// The order of two values of one ordered type; none for values that have no order.
pub(crate) fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Money(a), Value::Money(b)) if a.currency == b.currency => Some(a.amount.cmp(&b.amount)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Some(a.nominal_seconds().cmp(&b.nominal_seconds())),
        _ => None,
    }
}

/// A comparison of two answers: unknown as soon as one side is, or as soon as it hangs on where in its range a number
/// lies.
pub(crate) fn compare(folding: Folding, op: Comparison, exactly: bool, a: &Answer, b: &Answer) -> Verdict {
    if let Answer::Among(words) = a {
        let one = |word: &Arc<str>| compare(folding, op, exactly, &Answer::Known(Value::Word(word.clone())), b);
        return Verdict::agreed(words.iter().map(one));
    }
    if let Answer::Among(words) = b {
        let one = |word: &Arc<str>| compare(folding, op, exactly, a, &Answer::Known(Value::Word(word.clone())));
        return Verdict::agreed(words.iter().map(one));
    }
    let (Answer::Known(left), Answer::Known(right)) = (a, b) else {
        let (Some(a), Some(b)) = (a.bounds(), b.bounds()) else { return Verdict::Unknown };
        return compare_bounds(op, a, b);
    };
    let by_order =
        |holds: fn(Ordering) -> bool| order(left, right).map_or(Verdict::Unknown, |o| Verdict::known(holds(o)));
    let by_text = |holds: fn(&str, &str) -> bool| match (left.as_text(), right.as_text()) {
        (Some(a), Some(b)) => {
            let (a, b) = folding.pair(exactly, a, b);
            Verdict::known(holds(&a, &b))
        }
        _ => Verdict::Unknown,
    };
    match op {
        Comparison::Equal => Verdict::known(same(folding, exactly, left, right)),
        Comparison::Unequal => Verdict::known(!same(folding, exactly, left, right)),
        Comparison::AtLeast => by_order(Ordering::is_ge),
        Comparison::AtMost => by_order(Ordering::is_le),
        Comparison::More => by_order(Ordering::is_gt),
        Comparison::Less => by_order(Ordering::is_lt),
        Comparison::Contains => match left {
            Value::List(values) => Verdict::known(values.iter().any(|v| same(folding, exactly, v, right))),
            _ => by_text(|a, b| a.contains(b)),
        },
        Comparison::StartsWith => by_text(|a, b| a.starts_with(b)),
        Comparison::EndsWith => by_text(|a, b| a.ends_with(b)),
        // compiled patterns are a form of their own
        Comparison::Matches => Verdict::Unknown,
    }
}

fn compare_bounds(op: Comparison, a: (Decimal, Decimal), b: (Decimal, Decimal)) -> Verdict {
    let decide = |always: bool, never: bool| match (always, never) {
        (true, _) => Verdict::Met,
        (_, true) => Verdict::NotMet,
        _ => Verdict::Unknown,
    };
    let apart = a.1 < b.0 || b.1 < a.0;
    match op {
        Comparison::AtLeast => decide(a.0 >= b.1, a.1 < b.0),
        Comparison::AtMost => decide(a.1 <= b.0, a.0 > b.1),
        Comparison::More => decide(a.0 > b.1, a.1 <= b.0),
        Comparison::Less => decide(a.1 < b.0, a.0 >= b.1),
        Comparison::Equal => decide(a.0 == a.1 && a == b, apart),
        Comparison::Unequal => decide(apart, a.0 == a.1 && a == b),
        _ => Verdict::Unknown,
    }
}

/// Arithmetic; unknown where a side is, where a result has too many digits, and where something is divided by zero.
pub(crate) fn calculate(op: Arithmetic, a: &Answer, b: &Answer, zone: &Zone) -> Answer {
    if let (Answer::Known(a), Answer::Known(b)) = (a, b) {
        return Answer::of(exact(op, a, b, zone));
    }
    let (Some((a_low, a_high)), Some((b_low, b_high))) = (a.bounds(), b.bounds()) else { return Answer::Unknown };
    if op == Arithmetic::Divide && b_low <= Decimal::ZERO && b_high >= Decimal::ZERO {
        return Answer::Unknown;
    }
    let ends = [(a_low, b_low), (a_low, b_high), (a_high, b_low), (a_high, b_high)];
    let ends: Option<Vec<Decimal>> = ends.into_iter().map(|(a, b)| decimal(op, a, b)).collect();
    let ends = ends.as_deref().unwrap_or_default();
    match (ends.iter().min(), ends.iter().max()) {
        (Some(low), Some(high)) => Answer::within(*low, *high),
        _ => Answer::Unknown,
    }
}

fn decimal(op: Arithmetic, a: Decimal, b: Decimal) -> Option<Decimal> {
    match op {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide => a.checked_div(b),
    }
}

fn exact(op: Arithmetic, a: &Value, b: &Value, zone: &Zone) -> Option<Value> {
    let money = |amount, of: &Money| Value::Money(Money { amount, currency: of.currency });
    Some(match (op, a, b) {
        (_, Value::Number(a), Value::Number(b)) => Value::Number(decimal(op, *a, *b)?.normalize()),
        (Arithmetic::Add | Arithmetic::Subtract, Value::Money(a), Value::Money(b)) if a.currency == b.currency => {
            money(decimal(op, a.amount, b.amount)?, a)
        }
        (Arithmetic::Divide, Value::Money(a), Value::Money(b)) if a.currency == b.currency => {
            Value::Number(decimal(op, a.amount, b.amount)?.normalize())
        }
        (Arithmetic::Multiply | Arithmetic::Divide, Value::Money(a), Value::Number(b)) => {
            money(decimal(op, a.amount, *b)?.normalize(), a)
        }
        (Arithmetic::Multiply, Value::Number(a), Value::Money(b)) => money(decimal(op, *a, b.amount)?.normalize(), b),
        (Arithmetic::Add, Value::Time(at), Value::Duration(d)) => Value::Time(d.after(*at, zone)?),
        (Arithmetic::Subtract, Value::Time(at), Value::Duration(d)) => Value::Time(d.before(*at, zone)?),
        (Arithmetic::Add, Value::Date(date), Value::Duration(d)) => Value::Date(shift(*date, *d, zone)?),
        (Arithmetic::Subtract, Value::Date(date), Value::Duration(d)) => Value::Date(shift(*date, d.negated()?, zone)?),
        (Arithmetic::Subtract, Value::Time(a), Value::Time(b)) => {
            Value::Duration(Duration::seconds(a.signed_duration_since(*b).num_seconds()))
        }
        (Arithmetic::Subtract, Value::Date(a), Value::Date(b)) => {
            Value::Duration(Duration::days(i32::try_from(a.signed_duration_since(*b).num_days()).ok()?))
        }
        (Arithmetic::Add | Arithmetic::Subtract, Value::Duration(a), Value::Duration(b)) => {
            let b = if op == Arithmetic::Add { *b } else { b.negated()? };
            Value::Duration(a.checked_add(b)?)
        }
        (Arithmetic::Multiply, Value::Duration(d), Value::Number(n))
        | (Arithmetic::Multiply, Value::Number(n), Value::Duration(d)) => Value::Duration(scaled(*d, *n)?),
        _ => return None,
    })
}

/// A duration a number of times. Months and days are steps of the calendar: a part of one is unknown.
fn scaled(duration: Duration, times: Decimal) -> Option<Duration> {
    let whole = |n: Decimal| n.checked_mul(times).filter(Decimal::is_integer);
    Some(Duration {
        months: i32::try_from(whole(duration.months.into())?).ok()?,
        days: i32::try_from(whole(duration.days.into())?).ok()?,
        seconds: i64::try_from(whole(duration.seconds.into())?).ok()?,
        business: duration.business,
    })
}

/// A date moved by a duration: by its whole days and longer.
fn shift(date: chrono::NaiveDate, duration: Duration, zone: &Zone) -> Option<chrono::NaiveDate> {
    let noon = date.and_hms_opt(12, 0, 0)?;
    Some(zone.date(Duration { seconds: 0, ..duration }.after(zone.instant(noon), zone)?))
}
