//! Conditions and values as written.

use super::value::lower_value;
use super::{DurationNode, Literal, Name, ValueNode, lower_duration};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::syntax::cursor::{Children, Findings, Node};
use crate::syntax::grammar::Rule;

/// How deep expressions may nest. Deeper ones are refused, so that no later stage can run out of stack.
pub const MAX_DEPTH: usize = 64;

/// An expression with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExprNode {
    /// What it is.
    pub kind: ExprKindNode,
    /// Its place.
    pub span: Span,
}

/// The forms of expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKindNode {
    /// A value as written, other than a name.
    Literal(Literal),
    /// A field, property, score, criteria, param, list or word.
    Name(Name),
    /// `latest KIND.property` without its keyword, or a disposition's property: `won.amount`.
    Dotted(Dotted),
    /// `not a`
    Not(Box<ExprNode>),
    /// `-a`
    Negate(Box<ExprNode>),
    /// `a and b and c`
    And(Vec<ExprNode>),
    /// `a or b or c`
    Or(Vec<ExprNode>),
    /// `a = b`, `a >= b`, `a contains b`, …
    Compare(Comparison, bool, Box<ExprNode>, Box<ExprNode>),
    /// `a + b`, …
    Arithmetic(Arithmetic, Box<ExprNode>, Box<ExprNode>),
    /// `a if missing b`
    IfMissing(Box<ExprNode>, Box<ExprNode>),
    /// `a is present` (true) or `a is missing` (false)
    Present(Box<ExprNode>, bool),
    /// `a is met`, `a is not met`, `a is unknown`
    IsVerdict(Box<ExprNode>, Verdict),
    /// `a between low and high`, both ends included
    Between(Box<ExprNode>, Box<ExprNode>, Box<ExprNode>),
    /// `a in x, y`
    In {
        /// The value looked for.
        value: Box<ExprNode>,
        /// Where it is looked for: values, or the name of a list.
        members: Vec<ValueNode>,
        /// Whether letters must be the same to the letter.
        exactly: bool,
        /// `not in`
        negated: bool,
    },
    /// `if a then b else c`
    Choice(Box<ExprNode>, Box<ExprNode>, Box<ExprNode>),
    /// `f(a, b)`
    Call(Name, Vec<ExprNode>),
    /// `lookup COLUMN in TABLE`
    Lookup(Name, Name),
    /// A question about history.
    Question(QuestionNode),
    /// `any of FIELD`: some value of a list, of which `in` asks.
    EachOf(Name),
    /// Stands where an expression was refused; the reason is among the findings.
    Refused,
}

/// `name.name`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dotted {
    /// The kind.
    pub kind: Name,
    /// Its property.
    pub property: Name,
}

/// Comparisons; the ones over text fold case unless they are `exactly`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    Equal,
    Unequal,
    AtLeast,
    AtMost,
    More,
    Less,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
}

/// Arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// A verdict that a condition can test or a test can expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It holds.
    Met,
    /// It does not hold.
    NotMet,
    /// Missing facts leave it open.
    Unknown,
}

/// A question about a lead's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionNode {
    /// `count of KIND where … in last …`
    Count(EventsNode),
    /// `any KIND where … in last …`
    Any(EventsNode),
    /// `latest KIND.property`
    Latest(Dotted),
    /// `earliest KIND.property`
    Earliest(Dotted),
    /// `sum of KIND.property where … in last …`
    Sum(Name, EventsNode),
    /// `time since KIND`
    TimeSince(Name),
}

/// Events of one kind, narrowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventsNode {
    /// The kind of activity, touch or disposition.
    pub kind: Name,
    /// `where …`, over the event's properties and the lead's fields.
    pub condition: Option<Box<ExprNode>>,
    /// `in last …`
    pub window: Option<DurationNode>,
}

pub(super) fn lower_dotted(node: Node<'_>) -> Dotted {
    let mut parts = node.children();
    Dotted { kind: parts.name(), property: parts.name() }
}

/// Takes `where` and `in last` when they come next.
pub(super) fn lower_events(kind: Name, parts: &mut Children<'_>, out: &mut Findings) -> EventsNode {
    lower_events_at(kind, parts, out, 0)
}

fn lower_events_at(kind: Name, parts: &mut Children<'_>, out: &mut Findings, depth: usize) -> EventsNode {
    let condition = parts.take(Rule::where_).and_then(|n| n.children().next());
    let condition = condition.map(|n| Box::new(lower_expr_at(n, out, depth + 1)));
    EventsNode { kind, condition, window: lower_window(parts, out) }
}

pub(super) fn lower_window(parts: &mut Children<'_>, out: &mut Findings) -> Option<DurationNode> {
    let window = parts.take(Rule::window)?;
    window.children().take(Rule::duration).map(|n| lower_duration(n, out))
}

pub(super) fn lower_expr(node: Node<'_>, out: &mut Findings) -> ExprNode {
    lower_expr_at(node, out, 0)
}

/// Lowers the next expression, which the grammar places.
pub(super) fn the_expr(parts: &mut Children<'_>, end: Span, out: &mut Findings) -> ExprNode {
    let node = parts.take(Rule::expr);
    node.map_or(ExprNode { kind: ExprKindNode::Refused, span: end }, |n| lower_expr(n, out))
}

fn lower_expr_at(node: Node<'_>, out: &mut Findings, depth: usize) -> ExprNode {
    let span = node.span();
    if depth > MAX_DEPTH {
        out.found.push(
            Diagnostic::new(Code::NestedTooDeep, span, format!("this is nested more than {MAX_DEPTH} deep"))
                .help("give a part of it a name: a criteria of its own"),
        );
        return ExprNode { kind: ExprKindNode::Refused, span };
    }
    let mut parts: Vec<Node<'_>> = Vec::new();
    let mut children = node.children();
    while let Some(part) = children.next() {
        parts.push(part);
    }
    let mut climber = Climber { parts: parts.into_iter().peekable(), out, depth, span };
    climber.expression(0, depth)
}

/// Precedence climbing over the flat list of parts that the grammar gives.
struct Climber<'i, 'o> {
    parts: std::iter::Peekable<std::vec::IntoIter<Node<'i>>>,
    out: &'o mut Findings,
    depth: usize,
    span: Span,
}

/// How tightly operators bind, loosest first. Prefix `not` lies between `and` and the comparisons.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const IF_MISSING: u8 = 5;
const SUM: u8 = 6;
const PRODUCT: u8 = 7;
const NEGATE: u8 = 8;

/// The binding power of an operator that stands between or behind operands.
fn power(rule: Rule) -> Option<u8> {
    Some(match rule {
        Rule::op_or => OR,
        Rule::op_and => AND,
        Rule::op_equal
        | Rule::op_unequal
        | Rule::op_at_least
        | Rule::op_at_most
        | Rule::op_more
        | Rule::op_less
        | Rule::op_contains
        | Rule::op_starts
        | Rule::op_ends
        | Rule::op_matches
        | Rule::op_present
        | Rule::op_absent
        | Rule::op_is_verdict
        | Rule::op_between
        | Rule::op_not_in
        | Rule::op_in => COMPARE,
        Rule::op_if_missing => IF_MISSING,
        Rule::op_add | Rule::op_subtract => SUM,
        Rule::op_multiply | Rule::op_divide => PRODUCT,
        _ => return None,
    })
}

impl Climber<'_, '_> {
    fn refused(&self) -> ExprNode {
        ExprNode { kind: ExprKindNode::Refused, span: self.span }
    }

    fn too_deep(&mut self, span: Span) -> ExprNode {
        let message = format!("this chain is more than {MAX_DEPTH} steps long");
        self.out.found.push(Diagnostic::new(Code::NestedTooDeep, span, message).help("give a part of it a name"));
        ExprNode { kind: ExprKindNode::Refused, span }
    }

    fn expression(&mut self, floor: u8, depth: usize) -> ExprNode {
        let Some(first) = self.parts.next() else {
            return self.refused();
        };
        let mut left = match first.rule() {
            Rule::op_not | Rule::op_negate if depth > MAX_DEPTH => {
                self.parts.by_ref().for_each(drop);
                return self.too_deep(first.span());
            }
            Rule::op_not => {
                let inner = self.expression(NOT, depth + 1);
                ExprNode { span: first.span().to(inner.span), kind: ExprKindNode::Not(Box::new(inner)) }
            }
            Rule::op_negate => {
                let inner = self.expression(NEGATE, depth + 1);
                ExprNode { span: first.span().to(inner.span), kind: ExprKindNode::Negate(Box::new(inner)) }
            }
            _ => self.atom(first),
        };
        let mut steps = depth;
        while let Some(power) = self.parts.peek().and_then(|n| power(n.rule())).filter(|p| *p > floor) {
            let Some(operator) = self.parts.next() else {
                break;
            };
            if !matches!(operator.rule(), Rule::op_or | Rule::op_and) {
                steps += 1;
            }
            if steps > MAX_DEPTH {
                self.parts.by_ref().for_each(drop);
                return self.too_deep(operator.span());
            }
            left = self.operate(left, operator, power, steps);
        }
        left
    }

    fn operate(&mut self, left: ExprNode, operator: Node<'_>, power: u8, depth: usize) -> ExprNode {
        let rule = operator.rule();
        let tail = operator.span();
        let mut parts = operator.children();
        let exactly = parts.has(Rule::kw_exactly);
        let start = left.span;
        let left = Box::new(left);
        let kind = match rule {
            Rule::op_present => ExprKindNode::Present(left, true),
            Rule::op_absent => ExprKindNode::Present(left, false),
            Rule::op_is_verdict => {
                let verdict = match (parts.has(Rule::kw_unknown), parts.has(Rule::kw_not)) {
                    (true, _) => Verdict::Unknown,
                    (_, true) => Verdict::NotMet,
                    _ => Verdict::Met,
                };
                ExprKindNode::IsVerdict(left, verdict)
            }
            Rule::op_between => {
                let mut ends = [self.refused(), self.refused()];
                for end in &mut ends {
                    if let Some(node) = parts.take(Rule::operand) {
                        *end = lower_expr_at(node, self.out, self.depth + 1);
                    }
                }
                let [low, high] = ends;
                ExprKindNode::Between(left, Box::new(low), Box::new(high))
            }
            Rule::op_in | Rule::op_not_in => {
                let members = parts.take(Rule::members).map(Node::children);
                let members = members.map(|mut m| m.all(Rule::constant).map(|n| lower_value(n, self.out)).collect());
                let members = members.unwrap_or_default();
                ExprKindNode::In { value: left, members, exactly, negated: rule == Rule::op_not_in }
            }
            _ => {
                let right = self.expression(power, depth + 1);
                let span = start.to(right.span);
                return ExprNode { kind: binary(rule, exactly, left, right), span };
            }
        };
        ExprNode { kind, span: start.to(tail) }
    }

    fn atom(&mut self, node: Node<'_>) -> ExprNode {
        let span = node.span();
        let deeper = self.depth + 1;
        let kind = match node.rule() {
            Rule::name => ExprKindNode::Name(node.name()),
            Rule::literal => match lower_value(node, self.out).node {
                Literal::Name(text) => ExprKindNode::Name(Name { text, span }),
                literal => ExprKindNode::Literal(literal),
            },
            Rule::group => {
                let inner = node.children().next().map(|n| lower_expr_at(n, self.out, deeper));
                return inner.unwrap_or_else(|| self.refused());
            }
            Rule::choice => {
                let mut parts = node.children();
                let mut next = || parts.next().map(|n| lower_expr_at(n, self.out, deeper));
                match (next(), next(), next()) {
                    (Some(a), Some(b), Some(c)) => ExprKindNode::Choice(Box::new(a), Box::new(b), Box::new(c)),
                    _ => ExprKindNode::Refused,
                }
            }
            Rule::call => {
                let mut parts = node.children();
                let name = parts.name();
                let arguments = parts.all(Rule::expr).map(|n| lower_expr_at(n, self.out, deeper)).collect();
                ExprKindNode::Call(name, arguments)
            }
            Rule::dotted => ExprKindNode::Dotted(lower_dotted(node)),
            Rule::lookup => {
                let mut parts = node.children();
                ExprKindNode::Lookup(parts.name(), parts.name())
            }
            Rule::question => node.children().next().map_or(ExprKindNode::Refused, |n| self.question(n, deeper)),
            _ => ExprKindNode::Refused,
        };
        ExprNode { kind, span }
    }

    fn question(&mut self, node: Node<'_>, depth: usize) -> ExprKindNode {
        let rule = node.rule();
        let mut parts = node.children();
        if rule == Rule::each_of {
            return ExprKindNode::EachOf(parts.name());
        }
        let latest = parts.has(Rule::kw_latest);
        let dotted = parts.take(Rule::dotted).map(lower_dotted);
        ExprKindNode::Question(match (rule, dotted) {
            (Rule::latest_of, Some(dotted)) if latest => QuestionNode::Latest(dotted),
            (Rule::latest_of, Some(dotted)) => QuestionNode::Earliest(dotted),
            (Rule::sum_of, Some(Dotted { kind, property })) => {
                QuestionNode::Sum(property, lower_events_at(kind, &mut parts, self.out, depth))
            }
            (Rule::time_since, _) => QuestionNode::TimeSince(parts.name()),
            (rule, _) => {
                let kind = parts.name();
                let events = lower_events_at(kind, &mut parts, self.out, depth);
                if rule == Rule::count_of { QuestionNode::Count(events) } else { QuestionNode::Any(events) }
            }
        })
    }
}

fn binary(rule: Rule, exactly: bool, left: Box<ExprNode>, right: ExprNode) -> ExprKindNode {
    let compare = |comparison| (comparison, exactly);
    let (comparison, exactly) = match rule {
        Rule::op_or => return chain(*left, right, |e| matches!(e, ExprKindNode::Or(_)), ExprKindNode::Or),
        Rule::op_and => {
            return chain(*left, right, |e| matches!(e, ExprKindNode::And(_)), ExprKindNode::And);
        }
        Rule::op_if_missing => return ExprKindNode::IfMissing(left, Box::new(right)),
        Rule::op_add => return ExprKindNode::Arithmetic(Arithmetic::Add, left, Box::new(right)),
        Rule::op_subtract => {
            return ExprKindNode::Arithmetic(Arithmetic::Subtract, left, Box::new(right));
        }
        Rule::op_multiply => {
            return ExprKindNode::Arithmetic(Arithmetic::Multiply, left, Box::new(right));
        }
        Rule::op_divide => return ExprKindNode::Arithmetic(Arithmetic::Divide, left, Box::new(right)),
        Rule::op_unequal => compare(Comparison::Unequal),
        Rule::op_at_least => compare(Comparison::AtLeast),
        Rule::op_at_most => compare(Comparison::AtMost),
        Rule::op_more => compare(Comparison::More),
        Rule::op_less => compare(Comparison::Less),
        Rule::op_contains => compare(Comparison::Contains),
        Rule::op_starts => compare(Comparison::StartsWith),
        Rule::op_ends => compare(Comparison::EndsWith),
        Rule::op_matches => compare(Comparison::Matches),
        _ => compare(Comparison::Equal),
    };
    ExprKindNode::Compare(comparison, exactly, left, Box::new(right))
}

/// `a and b and c` is one list, however long; only its left end can already be one.
fn chain(
    left: ExprNode,
    right: ExprNode,
    same: fn(&ExprKindNode) -> bool,
    build: fn(Vec<ExprNode>) -> ExprKindNode,
) -> ExprKindNode {
    let flat = same(&left.kind);
    let mut parts = match left.kind {
        ExprKindNode::And(parts) | ExprKindNode::Or(parts) if flat => parts,
        kind => vec![ExprNode { kind, span: left.span }],
    };
    parts.push(right);
    build(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_of_the_grammar_binds() {
        for rule in Rule::all_rules() {
            let prefix = matches!(rule, Rule::op_not | Rule::op_negate);
            if format!("{rule:?}").starts_with("op_") && !prefix {
                assert!(power(*rule).is_some(), "{rule:?}");
            }
        }
    }
}
