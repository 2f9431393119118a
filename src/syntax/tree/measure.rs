//! `metric`, `target`, `watch`, `digest` and `review`: what both sides look at.

use super::expr::{lower_dotted, lower_expr};
use super::promise::{lower_period, the_duration};
use super::qualify::lower_percent;
use super::value::{lower_clock, lower_duration, lower_integer, lower_number};
use super::{
    Arithmetic, Comparison, Dotted, DurationNode, ExprNode, Literal, Name, Number, Period, Spanned, Text, TimeOfDay,
    ValueNode,
};
use crate::span::Span;
use crate::syntax::cursor::{Children, Findings, Node};
use crate::syntax::grammar::Rule;

/// `metric NAME = …`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricNode {
    /// Its name.
    pub name: Name,
    /// What it says.
    pub description: Option<Text>,
    /// How it is measured.
    pub measure: MeasureNode,
}

/// A measure with its place.
pub type MeasureNode = Spanned<MeasureKind>;

/// How something is measured over the histories of leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeasureKind {
    /// `leads entering STAGE where … once per lead`
    Entering(Name, Option<ExprNode>, bool),
    /// `count of KIND where …`
    Count(Name, Option<ExprNode>),
    /// `sum of KIND.property where …`
    Sum(Dotted, Option<ExprNode>),
    /// `median time from … to …, in CALENDAR hours`
    Time(Statistic, MomentNode, MomentNode, Option<Name>),
    /// `STAGE -> STAGE within …`: of the leads that entered the first, the share that reached the second.
    Conversion(Name, Name, Option<DurationNode>),
    /// Another metric.
    Metric(Name),
    /// A number.
    Number(Number),
    /// `a / b`
    Arithmetic(Arithmetic, Box<MeasureNode>, Box<MeasureNode>),
}

/// How durations are made one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Statistic {
    Median,
    Average,
    Shortest,
    Longest,
}

/// A moment in a lead's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MomentNode {
    /// `entering STAGE`
    Entering(Name),
    /// `leaving STAGE`
    Leaving(Name),
    /// `first touch`
    FirstTouch,
    /// `last touch`
    LastTouch,
    /// `created`
    Created,
    /// The first event of a kind.
    Event(Name),
}

impl MetricNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let span = node.span();
        let mut parts = node.children();
        let (name, description) = (parts.name(), parts.string());
        let measure = parts.take(Rule::metric_expr).map(|n| measure(n, out, 0));
        let nothing = || Spanned { node: MeasureKind::Metric(name.clone()), span };
        Self { measure: measure.flatten().unwrap_or_else(nothing), name, description }
    }
}

fn measure(node: Node<'_>, out: &mut Findings, depth: usize) -> Option<MeasureNode> {
    let mut parts = node.children();
    let mut left = product(&mut parts, out, depth)?;
    while let Some(operator) = arithmetic(&mut parts, &[Arithmetic::Add, Arithmetic::Subtract]) {
        let right = product(&mut parts, out, depth)?;
        left = combine(operator, left, right);
    }
    Some(left)
}

fn product(parts: &mut Children<'_>, out: &mut Findings, depth: usize) -> Option<MeasureNode> {
    let mut left = term(parts.take(Rule::metric_term)?, out, depth)?;
    while let Some(operator) = arithmetic(parts, &[Arithmetic::Multiply, Arithmetic::Divide]) {
        let right = term(parts.take(Rule::metric_term)?, out, depth)?;
        left = combine(operator, left, right);
    }
    Some(left)
}

fn combine(operator: Arithmetic, left: MeasureNode, right: MeasureNode) -> MeasureNode {
    let span = left.span.to(right.span);
    Spanned { node: MeasureKind::Arithmetic(operator, Box::new(left), Box::new(right)), span }
}

/// Takes the next operator when it is one of these.
fn arithmetic(parts: &mut Children<'_>, of: &[Arithmetic]) -> Option<Arithmetic> {
    let sign = parts.first(Rule::metric_op)?.text();
    let operator = match sign {
        "+" => Arithmetic::Add,
        "-" => Arithmetic::Subtract,
        "*" => Arithmetic::Multiply,
        _ => Arithmetic::Divide,
    };
    if !of.contains(&operator) {
        return None;
    }
    parts.take(Rule::metric_op).map(|_| operator)
}

fn term(node: Node<'_>, out: &mut Findings, depth: usize) -> Option<MeasureNode> {
    let span = node.span();
    let inner = node.children().next()?;
    let rule = inner.rule();
    if rule == Rule::metric_expr {
        return if depth < super::MAX_DEPTH { measure(inner, out, depth + 1) } else { None };
    }
    let kind = match rule {
        Rule::number => MeasureKind::Number(lower_number(&inner, out)),
        Rule::name => MeasureKind::Metric(inner.name()),
        _ => {
            let mut parts = inner.children();
            match rule {
                Rule::entering => {
                    let (stage, condition) = (parts.name(), where_(&mut parts, out));
                    MeasureKind::Entering(stage, condition, parts.take(Rule::once_per_lead).is_some())
                }
                Rule::metric_count => MeasureKind::Count(parts.name(), where_(&mut parts, out)),
                Rule::metric_sum => {
                    let dotted = lower_dotted(parts.take(Rule::dotted)?);
                    MeasureKind::Sum(dotted, where_(&mut parts, out))
                }
                Rule::conversion => {
                    let (from, to) = (parts.name(), parts.name());
                    let within = parts.take(Rule::duration).map(|n| lower_duration(n, out));
                    MeasureKind::Conversion(from, to, within)
                }
                _ => time(&mut parts),
            }
        }
    };
    Some(Spanned { node: kind, span })
}

fn where_(parts: &mut Children<'_>, out: &mut Findings) -> Option<ExprNode> {
    parts.take(Rule::where_)?.children().take(Rule::expr).map(|n| lower_expr(n, out))
}

fn time(parts: &mut Children<'_>) -> MeasureKind {
    let words = parts.take(Rule::statistic).map(Node::children);
    let has = |keyword| words.as_ref().is_some_and(|w| w.has(keyword));
    let statistic = match () {
        () if has(Rule::kw_average) => Statistic::Average,
        () if has(Rule::kw_shortest) => Statistic::Shortest,
        () if has(Rule::kw_longest) => Statistic::Longest,
        () => Statistic::Median,
    };
    let mut moments = parts.all(Rule::moment).map(moment);
    let (from, to) = (moments.next().unwrap_or(MomentNode::Created), moments.next().unwrap_or(MomentNode::Created));
    drop(moments);
    MeasureKind::Time(statistic, from, to, parts.take(Rule::in_hours).map(|n| n.children().name()))
}

fn moment(node: Node<'_>) -> MomentNode {
    let mut parts = node.children();
    match () {
        () if parts.has(Rule::kw_entering) => MomentNode::Entering(parts.name()),
        () if parts.has(Rule::kw_leaving) => MomentNode::Leaving(parts.name()),
        () if parts.has(Rule::kw_first) => MomentNode::FirstTouch,
        () if parts.has(Rule::kw_last) => MomentNode::LastTouch,
        () if parts.has(Rule::kw_created) => MomentNode::Created,
        () => MomentNode::Event(parts.name()),
    }
}

/// `target PARTY METRIC >= LEVEL per PERIOD reward "…"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetNode {
    pub party: Name,
    pub metric: Name,
    pub comparison: Comparison,
    pub level: ValueNode,
    pub per: Option<Period>,
    pub reward: Option<Text>,
}

impl TargetNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let span = node.span();
        let mut parts = node.children();
        let (party, metric) = (parts.name(), parts.name());
        let comparison = match parts.next().map(|n| n.rule()) {
            Some(Rule::op_at_most) => Comparison::AtMost,
            Some(Rule::op_more) => Comparison::More,
            Some(Rule::op_less) => Comparison::Less,
            _ => Comparison::AtLeast,
        };
        let level = parts.take(Rule::target_level).map(|n| super::value::lower_value(n, out));
        let level = level.unwrap_or(Spanned { node: Literal::Bool(false), span });
        let per = parts.take(Rule::per_period).map(|n| lower_period(&mut n.children()));
        let reward = parts.take(Rule::reward).map(|n| n.children().the_string());
        Self { party, metric, comparison, level, per, reward }
    }
}

/// `watch METRIC "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchNode {
    pub metric: Name,
    pub description: Option<Text>,
    /// `compare last A with the B before`
    pub compare: Vec<(DurationNode, DurationNode)>,
    /// `alert when it changes by P% or more`
    pub change: Vec<Number>,
    pub review: Vec<Name>,
}

impl WatchNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let (metric, description) = (parts.name(), parts.string());
        let mut watch = Self { metric, description, compare: Vec::new(), change: Vec::new(), review: Vec::new() };
        while let Some(clause) = parts.next() {
            let (rule, span) = (clause.rule(), clause.span());
            let mut inner = clause.children();
            match rule {
                Rule::compare_periods => {
                    let last = the_duration(&mut inner, span, out);
                    watch.compare.push((last, the_duration(&mut inner, span, out)));
                }
                Rule::alert_change => watch.change.push(lower_percent(&mut inner, span, out)),
                _ => watch.review.extend(inner.names()),
            }
        }
        watch
    }
}

/// `digest NAME for PARTY "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestNode {
    pub name: Name,
    pub party: Name,
    pub description: Option<Text>,
    pub every: Vec<(Cadence, TimeOfDay)>,
    pub sections: Vec<DigestSection>,
}

/// On which days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cadence {
    /// Each day.
    Day,
    /// Monday to Friday.
    Weekday,
    /// One day of the week; 0 is Monday.
    On(u8),
}

/// A part of a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DigestSection {
    /// `top N leads in STAGE by SCORE`
    Top { count: Spanned<i64>, stage: Name, by: Name, condition: Option<ExprNode> },
    /// `leads in STAGE near breach of SLA`
    NearBreach { stage: Name, sla: Name },
    /// `leads in STAGE that miss one fact for CRITERIA`
    NearMiss { stage: Name, criteria: Name },
}

impl DigestNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let (name, party, description) = (parts.name(), parts.name(), parts.string());
        let mut digest = Self { name, party, description, every: Vec::new(), sections: Vec::new() };
        while let Some(clause) = parts.next() {
            let rule = clause.rule();
            let mut inner = clause.children();
            match rule {
                Rule::every => {
                    let day = inner.take(Rule::weekday).map(|n| Cadence::On(super::calendar::weekday(n.text())));
                    let any = if inner.has(Rule::kw_day) { Cadence::Day } else { Cadence::Weekday };
                    let clock = inner.take(Rule::clock).map_or(TimeOfDay(0), |n| lower_clock(&n, out));
                    digest.every.push((day.unwrap_or(any), clock));
                }
                Rule::digest_top => {
                    let count = lower_integer(inner.take(Rule::integer), out);
                    let (stage, by) = (inner.name(), inner.name());
                    let condition =
                        inner.take(Rule::where_).and_then(|n| n.children().next()).map(|n| lower_expr(n, out));
                    digest.sections.push(DigestSection::Top { count, stage, by, condition });
                }
                Rule::digest_near_breach => {
                    digest.sections.push(DigestSection::NearBreach { stage: inner.name(), sla: inner.name() });
                }
                _ => {
                    digest.sections.push(DigestSection::NearMiss { stage: inner.name(), criteria: inner.name() });
                }
            }
        }
        digest
    }
}

/// `review NAME every 2 weeks { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewNode {
    pub name: Name,
    pub every: DurationNode,
    pub description: Option<Text>,
    pub agenda: Vec<Agenda>,
}

/// `METRICS by DIMENSIONS`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    /// What is looked at.
    pub metrics: Vec<Name>,
    /// Split by fields, or by properties such as `program.kind`.
    pub by: Vec<DimensionNode>,
    /// The whole clause.
    pub span: Span,
}

/// What figures are split by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DimensionNode {
    /// A field.
    Field(Name),
    /// A property.
    Dotted(Dotted),
}

impl ReviewNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let span = node.span();
        let mut parts = node.children();
        let name = parts.name();
        let every = parts.take(Rule::duration).map(|n| lower_duration(n, out));
        let every = every.unwrap_or(Spanned { node: Vec::new(), span });
        let description = parts.string();
        let agenda = parts.all(Rule::agenda).map(|n| {
            let span = n.span();
            let mut inner = n.children();
            let metrics = inner.names();
            let mut by = Vec::new();
            let mut dimensions = inner.take(Rule::by_dimensions).map(Node::children);
            while let Some(node) = dimensions.as_mut().and_then(Children::next) {
                by.push(match node.rule() {
                    Rule::dotted => DimensionNode::Dotted(lower_dotted(node)),
                    _ => DimensionNode::Field(node.name()),
                });
            }
            Agenda { metrics, by, span }
        });
        Self { name, every, description, agenda: agenda.collect() }
    }
}
