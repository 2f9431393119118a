//! `score` and `criteria`: who is worth a call.

use rust_decimal::Decimal;

use super::expr::{lower_events, lower_expr, the_expr};
use super::value::{lower_duration, lower_integer, lower_number};
use super::{DurationNode, EventsNode, ExprNode, Name, Number, Spanned, Text};
use crate::span::Span;
use crate::syntax::cursor::{Children, Findings, Node};
use crate::syntax::grammar::Rule;

/// `score NAME 0 to 100 "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreNode {
    /// Its name.
    pub name: Name,
    /// What it measures.
    pub description: Option<Text>,
    /// The least and the most it can be.
    pub range: Option<(Spanned<i64>, Spanned<i64>)>,
    /// What gives and takes points, in order.
    pub clauses: Vec<ScoreClause>,
    /// How the points of behaviour fade.
    pub fade: Vec<FadeNode>,
    /// Who agreed to it.
    pub agreed_by: Vec<Name>,
}

/// Points, or a group of them under one cap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScoreClause {
    /// `give …`, `take …`
    Points(PointsNode),
    /// `together at most N { … }`
    Together(Spanned<i64>, Vec<PointsNode>),
}

/// `give 25 per pricing_page_visit in last 30 days, at most 50`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsNode {
    /// How many.
    pub amount: AmountNode,
    /// What for.
    pub reason: PointsForNode,
    /// The whole clause.
    pub span: Span,
}

/// How many points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmountNode {
    /// So many; negative for `take`.
    Fixed(Spanned<i64>),
    /// What an expression comes to; less than nothing for `take`.
    Computed {
        /// Whether they are taken.
        take: bool,
        /// The expression.
        amount: Box<ExprNode>,
    },
}

/// What points are given for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PointsForNode {
    /// `when CONDITION`
    When(ExprNode),
    /// `per KIND …, at most N, at most N per day`
    Per {
        /// Which events.
        events: EventsNode,
        /// The most points of this clause, as an amount.
        at_most: Option<Spanned<i64>>,
        /// The most points of this clause for events of one day.
        per_day: Option<Spanned<i64>>,
    },
    /// `if any KIND …`
    IfAny(EventsNode),
    /// Nothing is asked.
    Always,
}

/// `fade 50% every 30 days`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FadeNode {
    /// What is lost at each step, in percent.
    pub percent: Number,
    /// How long a step is.
    pub every: DurationNode,
    /// The whole clause.
    pub span: Span,
}

impl ScoreNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let name = parts.name();
        let range = parts.take(Rule::score_range).map(|n| {
            let mut ends = n.children();
            (lower_signed(ends.next(), out), lower_signed(ends.next(), out))
        });
        let description = parts.string();
        let mut score = Self { name, description, range, clauses: Vec::new(), fade: Vec::new(), agreed_by: Vec::new() };
        while let Some(clause) = parts.next() {
            let span = clause.span();
            match clause.rule() {
                Rule::points => score.clauses.push(ScoreClause::Points(points(clause, out))),
                Rule::together => {
                    let mut inner = clause.children();
                    let most = lower_integer(inner.take(Rule::integer), out);
                    let points = inner.all(Rule::points).map(|n| points(n, out)).collect();
                    score.clauses.push(ScoreClause::Together(most, points));
                }
                Rule::fade => {
                    let mut inner = clause.children();
                    let percent = inner.take(Rule::percent).map(|n| lower_number(&n, out));
                    let every = inner.take(Rule::duration).map(|n| lower_duration(n, out));
                    score.fade.extend(percent.zip(every).map(|(percent, every)| FadeNode { percent, every, span }));
                }
                _ => score.agreed_by.extend(clause.children().names()),
            }
        }
        score
    }
}

fn points(node: Node<'_>, out: &mut Findings) -> PointsNode {
    let span = node.span();
    let mut parts = node.children();
    let take = parts.has(Rule::kw_take);
    let amount = match parts.take(Rule::computed).and_then(|n| n.children().next()) {
        Some(amount) => AmountNode::Computed { take, amount: Box::new(lower_expr(amount, out)) },
        None => {
            let mut points = lower_integer(parts.take(Rule::integer), out);
            points.node *= if take { -1 } else { 1 };
            AmountNode::Fixed(points)
        }
    };
    let reason = match parts.next() {
        Some(n) if n.rule() == Rule::points_per => points_per(n.children(), out),
        Some(n) if n.rule() == Rule::points_if_any => {
            let mut inner = n.children();
            let kind = inner.name();
            PointsForNode::IfAny(lower_events(kind, &mut inner, out))
        }
        Some(n) => PointsForNode::When(the_expr(&mut n.children(), span, out)),
        None => PointsForNode::Always,
    };
    PointsNode { amount, reason, span }
}

/// A whole number that may lie below zero.
fn lower_signed(node: Option<Node<'_>>, out: &mut Findings) -> Spanned<i64> {
    let Some(node) = node else { return lower_integer(None, out) };
    let (negative, span) = (node.text().starts_with('-'), node.span());
    let number = lower_integer(node.children().take(Rule::integer), out);
    Spanned { node: if negative { -number.node } else { number.node }, span }
}

fn points_per(mut parts: Children<'_>, out: &mut Findings) -> PointsForNode {
    let kind = parts.name();
    let events = lower_events(kind, &mut parts, out);
    let (mut at_most, mut per_day) = (None, None);
    for limit in parts.all(Rule::at_most) {
        let mut inner = limit.children();
        let most = Some(lower_integer(inner.take(Rule::integer), out));
        if inner.has(Rule::kw_day) {
            per_day = most;
        } else {
            at_most = most;
        }
    }
    PointsForNode::Per { events, at_most, per_day }
}

/// `criteria NAME "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriteriaNode {
    /// Its name.
    pub name: Name,
    /// What it stands for.
    pub description: Option<Text>,
    /// Who agreed to it.
    pub agreed_by: Vec<Name>,
    /// What it asks.
    pub needs: Vec<NeedNode>,
}

/// How a need counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NeedKind {
    /// Each `need` must hold.
    Need,
    /// At least one `any` must hold, where there are some.
    Any,
    /// No `not` may hold.
    Not,
}

/// `need CONDITION as "…"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedNode {
    /// How it counts.
    pub kind: NeedKind,
    /// What it asks.
    pub body: NeedBodyNode,
    /// Its name for people.
    pub label: Option<Text>,
    /// The whole clause.
    pub span: Span,
}

/// What a need asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NeedBodyNode {
    /// `{ need … any … not … }`
    Group(Vec<NeedNode>),
    /// `KIND in last …`
    Happened(EventsNode),
    /// A condition.
    Condition(ExprNode),
}

impl CriteriaNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let (name, description) = (parts.name(), parts.string());
        let (mut agreed_by, mut needs) = (Vec::new(), Vec::new());
        while let Some(clause) = parts.next() {
            match clause.rule() {
                Rule::agreed => agreed_by.extend(clause.children().names()),
                _ => needs.push(need(clause, out, 0)),
            }
        }
        Self { name, description, agreed_by, needs }
    }
}

fn need(node: Node<'_>, out: &mut Findings, depth: usize) -> NeedNode {
    let span = node.span();
    let mut parts = node.children();
    let kind = match (parts.has(Rule::kw_any), parts.has(Rule::kw_not)) {
        (true, _) => NeedKind::Any,
        (_, true) => NeedKind::Not,
        _ => NeedKind::Need,
    };
    let body = match parts.next() {
        Some(n) if n.rule() == Rule::need_group && depth < super::MAX_DEPTH => {
            NeedBodyNode::Group(n.children().all(Rule::need).map(|n| need(n, out, depth + 1)).collect())
        }
        Some(n) if n.rule() == Rule::happened => {
            let mut inner = n.children();
            let kind = inner.name();
            NeedBodyNode::Happened(lower_events(kind, &mut inner, out))
        }
        Some(n) => NeedBodyNode::Condition(lower_expr(n, out)),
        None => NeedBodyNode::Group(Vec::new()),
    };
    NeedNode { kind, body, label: lower_need_label(&mut parts), span }
}

pub(super) fn lower_need_label(parts: &mut Children<'_>) -> Option<Text> {
    parts.take(Rule::need_label).map(|n| n.children().the_string())
}

pub(super) fn lower_percent(parts: &mut Children<'_>, end: Span, out: &mut Findings) -> Number {
    let node = parts.take(Rule::percent);
    node.map_or(Spanned { node: Decimal::ZERO, span: end }, |n| lower_number(&n, out))
}
