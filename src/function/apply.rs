//! What the functions do with values.

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use super::Function;
use crate::text::{Folding, exact};
use crate::time::Zone;
use crate::value::{Money, Value};

/// The host of an e-mail address or URL.
pub(super) fn domain(text: &str) -> Option<String> {
    let text = text.trim();
    let (is_url, rest) = match text.split_once("://") {
        Some((_, rest)) => (true, rest),
        None => (false, text),
    };
    // a `/` may stand before the `@` of an address, but ends the host of a URL
    let rest = if is_url { rest.split(['/', '?', '#']).next()? } else { rest };
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let host = host.split(['/', '?', '#', ':', '>']).next()?.trim_end_matches('.').to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let stands = host.contains('.') && !host.starts_with('.') && !host.contains(char::is_whitespace);
    stands.then(|| exact(host).into_owned())
}

/// The language decides what `I` becomes.
pub(super) fn lower(text: &str, folding: Folding) -> String {
    match folding {
        Folding::Default => text.to_lowercase(),
        Folding::Turkic => text.replace("I\u{307}", "i").replace('İ', "i").replace('I', "ı").to_lowercase(),
    }
}

/// The language decides what `i` becomes.
pub(super) fn upper(text: &str, folding: Folding) -> String {
    match folding {
        Folding::Default => text.to_uppercase(),
        Folding::Turkic => text.replace('i', "İ").replace('ı', "I").to_uppercase(),
    }
}

/// Characters of the composed text, so that two ways to write one letter count the same.
pub(super) fn length(text: &str) -> Value {
    Value::Number(exact(text).chars().count().into())
}

/// The `n`-th part from 1.
pub(super) fn part<'t>(text: &'t str, separator: &str, n: Decimal) -> Option<&'t str> {
    let n = usize::try_from(n).ok()?.checked_sub(1)?;
    if separator.is_empty() {
        return None;
    }
    text.split(separator).nth(n).map(str::trim)
}

/// A date, or the date of an instant in a zone.
pub(super) fn day(value: &Value, zone: &Zone) -> Option<NaiveDate> {
    match value {
        Value::Date(date) => Some(*date),
        Value::Time(at) => Some(zone.date(*at)),
        _ => None,
    }
}

/// The year, month, day or weekday of a date.
pub(super) fn part_of_day(function: Function, date: NaiveDate) -> i64 {
    match function {
        Function::Year => date.year().into(),
        Function::Month => date.month().into(),
        Function::Weekday => date.weekday().number_from_monday().into(),
        _ => date.day().into(),
    }
}

/// Whether the first is at most the second; none where they have no order.
pub(super) fn smaller(a: &Value, b: &Value) -> Option<bool> {
    Some(match (a, b) {
        (Value::Number(a), Value::Number(b)) => a <= b,
        (Value::Money(a), Value::Money(b)) if a.currency == b.currency => a.amount <= b.amount,
        (Value::Date(a), Value::Date(b)) => a <= b,
        (Value::Time(a), Value::Time(b)) => a <= b,
        (Value::Duration(a), Value::Duration(b)) => a.nominal_seconds() <= b.nominal_seconds(),
        _ => return None,
    })
}

/// Without a sign.
pub(super) fn abs(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Number(n) => Value::Number(n.abs()),
        Value::Money(m) => Value::Money(Money { amount: m.amount.abs(), ..*m }),
        Value::Duration(d) if d.nominal_seconds() < 0 => Value::Duration(d.negated()?),
        Value::Duration(d) => Value::Duration(*d),
        _ => return None,
    })
}

/// Half away from zero. Durations have no digits to round.
pub(super) fn round(value: &Value, digits: u32) -> Option<Value> {
    let round = |n: Decimal| n.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero).normalize();
    Some(match value {
        Value::Number(n) => Value::Number(round(*n)),
        Value::Money(m) => Value::Money(Money { amount: round(m.amount), ..*m }),
        Value::Duration(d) => Value::Duration(*d),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::decimal;

    #[test]
    fn domains_of_addresses_and_urls() {
        for (text, host) in [
            ("Ana@Mail.Example.COM", Some("mail.example.com")),
            ("https://user:pw@www.example.com:8443/a@b?c#d", Some("example.com")),
            ("Ana <a/b@example.co.th>", Some("example.co.th")),
            ("www.example.com/path", Some("example.com")),
            ("not a domain.", None),
            ("", None),
            ("@", None),
        ] {
            assert_eq!(domain(text).as_deref(), host, "{text}");
        }
    }

    #[test]
    fn halves_round_away_from_zero() {
        let round = |text: &str| round(&Value::Number(decimal(text).unwrap()), 0).unwrap().to_string();
        assert_eq!((round("2.5"), round("-2.5"), round("2.4")), ("3".into(), "-3".into(), "2".into()));
    }

    #[test]
    fn letters_follow_the_language() {
        assert_eq!(lower("ISPARTA", Folding::Turkic), "ısparta");
        assert_eq!(upper("izmir", Folding::Turkic), "İZMİR");
        assert_eq!(upper("straße", Folding::Default), "STRASSE");
    }

    #[test]
    fn parts_count_from_one() {
        assert_eq!(part("a; b;c", ";", 2.into()), Some("b"));
        assert_eq!(part("a; b;c", ";", 4.into()), None);
        assert_eq!(part("a", "", 1.into()), None);
        assert_eq!(part("a", ";", 0.into()), None);
    }
}
