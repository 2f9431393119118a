//! Values as written.

use std::str::FromStr as _;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;

use super::{Name, Spanned};
use crate::span::Span;
use crate::syntax::cursor::{Findings, Node};
use crate::syntax::grammar::Rule;

/// A value with its place.
pub type ValueNode = Spanned<Literal>;

/// A value as written. Whether a name stands for a word of a field, a list or a param is decided later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// `"text"`
    Text(Arc<str>),
    /// `10M`, `-2.5`
    Number(Decimal),
    /// `50%`, as 50
    Percent(Decimal),
    /// `10M USD`
    Money(Decimal, Arc<str>),
    /// `1 hour 30 minutes`
    Duration(Vec<DurationPart>),
    /// `2026-03-02`
    Date(NaiveDate),
    /// `2026-03-02 09:00`
    DateTime(NaiveDateTime),
    /// `09:00`; a whole day ends at `24:00`
    Clock(TimeOfDay),
    /// `true`, `false`
    Bool(bool),
    /// `now`: the instant of the decision
    Now,
    /// `today`: its date in the pact's zone
    Today,
    /// `web`
    Name(Arc<str>),
}

/// A time of day in minutes since midnight, up to 24:00 (1440).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(pub u16);

/// One amount of a duration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurationPart {
    /// How many.
    pub amount: Decimal,
    /// Whether business time is meant.
    pub business: bool,
    /// Of what.
    pub unit: Unit,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// A duration with its place.
pub type DurationNode = Spanned<Vec<DurationPart>>;

/// A number with its place.
pub type Number = Spanned<Decimal>;

pub(super) fn lower_value(node: Node<'_>, out: &mut Findings) -> ValueNode {
    let span = node.span();
    let Some(inner) = node.clone().children().next() else {
        return Spanned { node: keyword_literal(node.text()), span };
    };
    let literal = match inner.rule() {
        Rule::signed_literal => {
            let value = inner.children().next().map(|n| lower_literal(n, out));
            value.map_or(Literal::Number(Decimal::ZERO), negate)
        }
        Rule::literal => return lower_value(inner, out),
        _ => lower_literal(inner, out),
    };
    Spanned { node: literal, span }
}

/// `true`, `false`, `now` and `today` are keywords, so they leave no part behind.
fn keyword_literal(text: &str) -> Literal {
    match text {
        "true" => Literal::Bool(true),
        "false" => Literal::Bool(false),
        "now" => Literal::Now,
        "today" => Literal::Today,
        other => Literal::Name(other.into()),
    }
}

fn negate(literal: Literal) -> Literal {
    match literal {
        Literal::Number(n) => Literal::Number(-n),
        Literal::Percent(n) => Literal::Percent(-n),
        Literal::Money(n, currency) => Literal::Money(-n, currency),
        Literal::Duration(parts) => {
            Literal::Duration(parts.into_iter().map(|p| DurationPart { amount: -p.amount, ..p }).collect())
        }
        other => other,
    }
}

pub(super) fn lower_literal(node: Node<'_>, out: &mut Findings) -> Literal {
    match node.rule() {
        Rule::string => Literal::Text(node.string().text),
        Rule::number | Rule::integer => Literal::Number(lower_number(&node, out).node),
        Rule::percent => Literal::Percent(lower_number(&node, out).node),
        Rule::money => {
            let mut parts = node.children();
            let amount = parts.take(Rule::number).map_or(Decimal::ZERO, |n| lower_number(&n, out).node);
            let currency = parts.take(Rule::currency).map_or("", |n| n.text());
            Literal::Money(amount, currency.into())
        }
        Rule::duration => Literal::Duration(lower_duration(node, out).node),
        Rule::date => Literal::Date(lower_date(&node, out)),
        Rule::datetime => Literal::DateTime(lower_datetime(node, out)),
        Rule::clock => Literal::Clock(lower_clock(&node, out)),
        _ => Literal::Name(node.name().text),
    }
}

/// Digits with `_` between them, a fraction, and `k`, `M` or `B` for thousands, millions and billions.
pub(super) fn lower_number(node: &Node<'_>, out: &mut Findings) -> Number {
    let span = node.span();
    let text = node.text().trim_end_matches('%');
    let (digits, scale) = match text.char_indices().next_back() {
        Some((at, 'k')) => (&text[..at], 1_000),
        Some((at, 'M')) => (&text[..at], 1_000_000),
        Some((at, 'B')) => (&text[..at], 1_000_000_000),
        _ => (text, 1),
    };
    let number = Decimal::from_str(&digits.replace('_', "")).ok().and_then(|n| n.checked_mul(Decimal::from(scale)));
    let number = number.unwrap_or_else(|| {
        out.bad_value(span, format!("`{text}` has more digits than can be kept exactly"), "use at most 28 digits");
        Decimal::ZERO
    });
    Spanned { node: number.normalize(), span }
}

/// A whole number that fits a count.
pub(super) fn lower_integer(node: Option<Node<'_>>, out: &mut Findings) -> Spanned<i64> {
    let Some(node) = node else {
        return Spanned { node: 0, span: Span { file: crate::span::FileId(0), start: 0, end: 0 } };
    };
    let number = lower_number(&node, out);
    let whole = i64::try_from(number.node).ok().filter(|n| n.abs() <= 1_000_000_000_000);
    if whole.is_none() {
        out.bad_value(number.span, format!("`{}` is too large", node.text()), "use at most a million millions");
    }
    Spanned { node: whole.unwrap_or(0), span: number.span }
}

pub(super) fn lower_duration(node: Node<'_>, out: &mut Findings) -> DurationNode {
    let span = node.span();
    let parts = node
        .children()
        .all(Rule::duration_part)
        .map(|part| {
            let mut inner = part.children();
            let business = inner.has(Rule::kw_business);
            let amount = inner.take(Rule::number).map_or(Decimal::ZERO, |n| lower_number(&n, out).node);
            let unit = inner.take(Rule::unit).map_or(Unit::Day, |n| unit(n.text()));
            DurationPart { amount, business, unit }
        })
        .collect();
    Spanned { node: parts, span }
}

fn unit(word: &str) -> Unit {
    match word.trim_end_matches('s') {
        "second" => Unit::Second,
        "minute" => Unit::Minute,
        "hour" => Unit::Hour,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "quarter" => Unit::Quarter,
        "year" => Unit::Year,
        _ => Unit::Day,
    }
}

pub(super) fn lower_date(node: &Node<'_>, out: &mut Findings) -> NaiveDate {
    NaiveDate::from_str(node.text()).unwrap_or_else(|_| {
        let message = format!("`{}` is not a day of the calendar", node.text());
        out.bad_value(node.span(), message, "write year-month-day, such as `2026-03-02`");
        NaiveDate::default()
    })
}

pub(super) fn lower_datetime(node: Node<'_>, out: &mut Findings) -> NaiveDateTime {
    let mut parts = node.children();
    let date = parts.take(Rule::date).map(|n| lower_date(&n, out)).unwrap_or_default();
    let time = parts.take(Rule::clock_seconds).map(|n| {
        let written = n.text();
        let format = if written.len() > 5 { "%H:%M:%S" } else { "%H:%M" };
        NaiveTime::parse_from_str(written, format).unwrap_or_else(|_| {
            out.bad_value(
                n.span(),
                format!("`{written}` is not a time of day"),
                "write hours 00 to 23, minutes 00 to 59",
            );
            NaiveTime::default()
        })
    });
    date.and_time(time.unwrap_or_default())
}

pub(super) fn lower_clock(node: &Node<'_>, out: &mut Findings) -> TimeOfDay {
    let written = node.text();
    let minutes = written
        .split_once(':')
        .and_then(|(h, m)| Some((h.parse::<u16>().ok()?, m.parse::<u16>().ok()?)))
        .filter(|(h, m)| (*h < 24 && *m < 60) || (*h == 24 && *m == 0))
        .map(|(h, m)| h * 60 + m);
    if minutes.is_none() {
        out.bad_value(node.span(), format!("`{written}` is not a time of day"), "write 00:00 to 24:00");
    }
    TimeOfDay(minutes.unwrap_or(0))
}

/// A date, or a date with a time of day, as tests write instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The whole day.
    Date(NaiveDate),
    /// A time of the day, in the pact's zone.
    Time(NaiveDateTime),
}

pub(super) fn lower_when(node: Node<'_>, out: &mut Findings) -> Spanned<When> {
    let span = node.span();
    let when = match node.children().next() {
        Some(n) if n.rule() == Rule::datetime => When::Time(lower_datetime(n, out)),
        Some(n) => When::Date(lower_date(&n, out)),
        None => When::Date(NaiveDate::default()),
    };
    Spanned { node: when, span }
}

impl ValueNode {
    /// The name, when the value is one.
    pub fn as_name(&self) -> Option<Name> {
        match &self.node {
            Literal::Name(text) => Some(Name { text: text.clone(), span: self.span }),
            _ => None,
        }
    }
}
