//! `source`: where records come from.

use super::value::{lower_integer, lower_number, lower_value};
use super::{Name, Number, Spanned, Text, ValueNode};
use crate::span::Span;
use crate::syntax::cursor::{Children, Findings, Node};
use crate::syntax::grammar::Rule;

/// `source NAME { … }`: how a system's columns become fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceNode {
    pub name: Name,
    pub description: Option<Text>,
    /// Texts that stand for a missing value.
    pub blank: Vec<Text>,
    /// How numbers are written, by the example of one.
    pub numbers: Vec<Text>,
    /// Texts that mean yes, and texts that mean no.
    pub yes: Vec<Text>,
    pub no: Vec<Text>,
    pub dates: Vec<TimeFormNode>,
    pub times: Vec<TimeFormNode>,
    pub times_zone: Option<Text>,
    /// `cells otherwise missing`: a cell that cannot be read holds nothing.
    pub cells_missing: bool,
    /// The sheet of a workbook.
    pub sheet: Option<Text>,
    /// The row that names the columns.
    pub header_row: Option<Spanned<i64>>,
    pub history: Option<Text>,
    pub match_on: Option<Name>,
    /// The column of the instant from which a row's fields hold.
    pub record_at: Option<Text>,
    /// The column in which the system says what it calls the lead's stage.
    pub status: Option<Text>,
    pub events: Vec<EventFromNode>,
    pub mappings: Vec<MappingNode>,
}

/// How dates or instants are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeFormNode {
    /// As a format says.
    Format(Text),
    /// Days as Excel counts them.
    Excel,
    /// Milliseconds since 1970.
    Milliseconds,
    /// Seconds since 1970.
    Seconds,
}

/// `event KIND at "column" when "column" in "x" { property = "column" }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFromNode {
    /// The kind of event.
    pub kind: Name,
    /// The column of its instant; a row without one has no such event.
    pub at: Text,
    /// The rows that hold such an event.
    pub guard: Option<RowGuardNode>,
    /// Properties and their columns.
    pub values: Vec<(Name, Text)>,
    /// The whole clause.
    pub span: Span,
}

/// `when "column" in "x", "y"`: the rows for which a clause holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowGuardNode {
    /// The column.
    pub column: Text,
    /// What it must hold one of.
    pub texts: Vec<Text>,
}

/// `field = "column" or "column" when "column" in "x" split ";" times 1M { "a" -> x otherwise y } otherwise missing`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingNode {
    /// The field.
    pub field: Name,
    /// Its columns: the first that holds a value counts.
    pub columns: Vec<Text>,
    /// The rows that say it.
    pub guard: Option<RowGuardNode>,
    /// What stands between the values of a list.
    pub split: Option<Text>,
    /// What numbers are multiplied with.
    pub factor: Option<Number>,
    /// What texts become.
    pub cases: Vec<(Vec<Text>, MapToNode)>,
    /// What all other texts become.
    pub otherwise: Option<MapToNode>,
    /// A cell that cannot be read holds nothing.
    pub cell_missing: bool,
    /// The whole clause.
    pub span: Span,
}

/// What a text of a column becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapToNode {
    /// A missing value.
    Missing,
    /// A reason to reject the row.
    Reject,
    /// This value.
    Value(ValueNode),
}

impl SourceNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let mut source = Self {
            name: parts.name(),
            description: parts.string(),
            blank: Vec::new(),
            numbers: Vec::new(),
            yes: Vec::new(),
            no: Vec::new(),
            dates: Vec::new(),
            times: Vec::new(),
            times_zone: None,
            cells_missing: false,
            sheet: None,
            header_row: None,
            history: None,
            match_on: None,
            record_at: None,
            status: None,
            events: Vec::new(),
            mappings: Vec::new(),
        };
        while let Some(clause) = parts.next() {
            let (rule, span) = (clause.rule(), clause.span());
            let mut inner = clause.children();
            match rule {
                Rule::blank => source.blank.extend(inner.strings()),
                Rule::numbers => source.numbers.extend(inner.strings()),
                Rule::yes_no => {
                    source.yes.extend(texts(&mut inner));
                    source.no.extend(texts(&mut inner));
                }
                Rule::dates => source.dates.extend(inner.all(Rule::date_form).map(lower_form)),
                Rule::times => {
                    source.times.extend(inner.all(Rule::time_form).map(lower_form));
                    source.times_zone = inner.string().or(source.times_zone);
                }
                Rule::cells_missing => source.cells_missing = true,
                Rule::sheet => source.sheet = Some(inner.the_string()),
                Rule::header_row => source.header_row = Some(lower_integer(inner.take(Rule::integer), out)),
                Rule::history_column => source.history = Some(inner.the_string()),
                Rule::match_on => source.match_on = Some(inner.name()),
                Rule::record_at => source.record_at = Some(inner.the_string()),
                Rule::status_column => source.status = Some(inner.the_string()),
                Rule::event_from => source.events.push(lower_event(inner, span)),
                _ => source.mappings.push(lower_mapping(inner, span, out)),
            }
        }
        source
    }
}

fn texts(parts: &mut Children<'_>) -> Vec<Text> {
    parts.take(Rule::strings).map(|n| n.children().strings()).unwrap_or_default()
}

fn lower_form(node: Node<'_>) -> TimeFormNode {
    let mut parts = node.children();
    match parts.string() {
        Some(format) => TimeFormNode::Format(format),
        None if parts.has(Rule::kw_milliseconds) => TimeFormNode::Milliseconds,
        None if parts.has(Rule::kw_seconds) => TimeFormNode::Seconds,
        None => TimeFormNode::Excel,
    }
}

fn lower_guard(parts: &mut Children<'_>) -> Option<RowGuardNode> {
    parts.take(Rule::row_guard).map(|n| {
        let mut inner = n.children();
        RowGuardNode { column: inner.the_string(), texts: inner.strings() }
    })
}

fn lower_event(mut parts: Children<'_>, span: Span) -> EventFromNode {
    let (kind, at, guard) = (parts.name(), parts.the_string(), lower_guard(&mut parts));
    let mut values = Vec::new();
    if let Some(node) = parts.take(Rule::event_values) {
        let mut inner = node.children();
        while let Some(name) = inner.take(Rule::name) {
            values.push((name.name(), inner.the_string()));
        }
    }
    EventFromNode { kind, at, guard, values, span }
}

fn lower_mapping(mut parts: Children<'_>, span: Span, out: &mut Findings) -> MappingNode {
    let (field, columns, guard) = (parts.name(), parts.strings(), lower_guard(&mut parts));
    let split = parts.take(Rule::split).map(|n| n.children().the_string());
    let factor = parts.take(Rule::factor).and_then(|n| n.children().next()).map(|n| lower_number(&n, out));
    let (mut cases, mut otherwise) = (Vec::new(), None);
    if let Some(map) = parts.take(Rule::value_map) {
        let mut inner = map.children();
        while let Some(case) = inner.next() {
            let rule = case.rule();
            let mut of = case.children();
            let texts = of.strings();
            let to = match of.take(Rule::constant) {
                Some(value) => MapToNode::Value(lower_value(value, out)),
                None if of.has(Rule::kw_reject) => MapToNode::Reject,
                None => MapToNode::Missing,
            };
            match rule {
                Rule::value_otherwise => otherwise = Some(to),
                _ => cases.push((texts, to)),
            }
        }
    }
    let cell_missing = parts.take(Rule::cell_missing).is_some();
    MappingNode { field, columns, guard, split, factor, cases, otherwise, cell_missing, span }
}
