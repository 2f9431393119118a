//! `calendar`: when a desk is open.

use chrono::NaiveDate;

use super::value::{lower_clock, lower_date};
use super::{Name, Spanned, Text, TimeOfDay};
use crate::span::Span;
use crate::syntax::cursor::{Children, Findings, Node};
use crate::syntax::grammar::Rule;

/// `calendar NAME "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarNode {
    /// Its name.
    pub name: Name,
    /// What it is for.
    pub description: Option<Text>,
    /// Its zone; the pact's when absent.
    pub time_zone: Vec<Text>,
    /// Its weekly hours, in order.
    pub hours: Vec<Hours>,
    /// `closed DATE`, `closed DATE from TIME`, `closed DATE to DATE`
    pub closed: Vec<Closed>,
    /// `closed from "holidays.ics"`
    pub closed_from: Vec<Text>,
    /// `open DATE t to t`
    pub open: Vec<(Spanned<NaiveDate>, Vec<HourRange>)>,
}

/// `mon to fri 09:00 to 17:00`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// First and last days; 0 is Monday.
    pub days: Vec<(u8, u8)>,
    /// Open ranges; none is `closed`.
    pub ranges: Vec<HourRange>,
    /// The whole clause.
    pub span: Span,
}

/// `09:00 to 17:00`; an end at or before the start lies on the next day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourRange {
    pub from: TimeOfDay,
    pub to: TimeOfDay,
    pub span: Span,
}

/// A closed date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub date: NaiveDate,
    pub extent: ClosedExtent,
    pub span: Span,
}

/// How much of the calendar a closed date takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClosedExtent {
    /// The whole day.
    Day,
    /// The day from this time.
    From(TimeOfDay),
    /// All days to this one.
    To(NaiveDate),
}

impl CalendarNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let mut calendar = Self {
            name: parts.name(),
            description: parts.string(),
            time_zone: Vec::new(),
            hours: Vec::new(),
            closed: Vec::new(),
            closed_from: Vec::new(),
            open: Vec::new(),
        };
        while let Some(clause) = parts.next() {
            let (rule, span) = (clause.rule(), clause.span());
            let mut inner = clause.children();
            match rule {
                Rule::time_zone => calendar.time_zone.push(inner.the_string()),
                Rule::hours => calendar.hours.push(lower_hours(inner, span, out)),
                Rule::closed_on => {
                    calendar.closed.extend(inner.all(Rule::closed_date).map(|n| closed(n, out)));
                }
                Rule::closed_from => calendar.closed_from.push(inner.the_string()),
                _ => {
                    let Some(date) = inner.take(Rule::date) else {
                        continue;
                    };
                    let date = Spanned { node: lower_date(&date, out), span: date.span() };
                    let ranges = inner.all(Rule::hour_range).map(|n| hour_range(n, out)).collect();
                    calendar.open.push((date, ranges));
                }
            }
        }
        calendar
    }
}

pub(super) fn lower_hours(mut parts: Children<'_>, span: Span, out: &mut Findings) -> Hours {
    let days = parts.take(Rule::weekdays).map(weekdays).unwrap_or_default();
    Hours { days, ranges: parts.all(Rule::hour_range).map(|n| hour_range(n, out)).collect(), span }
}

fn weekdays(node: Node<'_>) -> Vec<(u8, u8)> {
    let ranges = node.children().only(Rule::weekday_range).map(|n| {
        let days: Vec<u8> = n.children().all(Rule::weekday).map(|d| weekday(d.text())).collect();
        let first = days.first().copied().unwrap_or(0);
        (first, days.get(1).copied().unwrap_or(first))
    });
    ranges.collect()
}

/// 0 for Monday.
pub(super) fn weekday(word: &str) -> u8 {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    days.iter().position(|day| word.starts_with(day)).unwrap_or(0) as u8
}

fn hour_range(node: Node<'_>, out: &mut Findings) -> HourRange {
    let span = node.span();
    let mut clocks = node.children();
    let mut next = || clocks.take(Rule::clock).map_or(TimeOfDay(0), |n| lower_clock(&n, out));
    HourRange { from: next(), to: next(), span }
}

fn closed(node: Node<'_>, out: &mut Findings) -> Closed {
    let span = node.span();
    let mut parts = node.children();
    let date = parts.take(Rule::date).map(|n| lower_date(&n, out)).unwrap_or_default();
    let extent = match parts.next() {
        Some(n) if n.rule() == Rule::clock => ClosedExtent::From(lower_clock(&n, out)),
        Some(n) => ClosedExtent::To(lower_date(&n, out)),
        None => ClosedExtent::Day,
    };
    Closed { date, extent, span }
}
