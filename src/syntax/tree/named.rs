//! `value` and `band`: what has a name and is worked out.

use super::expr::the_expr;
use super::value::lower_value;
use super::{Comparison, ExprNode, Name, Text, ValueNode};
use crate::span::Span;
use crate::syntax::cursor::{Children, Findings, Node};
use crate::syntax::grammar::Rule;

/// `value NAME "…" = EXPRESSION`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedValueNode {
    /// Its name.
    pub name: Name,
    /// What it says.
    pub description: Option<Text>,
    /// What it is.
    pub value: ExprNode,
}

impl NamedValueNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let span = node.span();
        let mut parts = node.children();
        let (name, description) = (parts.name(), parts.string());
        Self { name, description, value: the_expr(&mut parts, span, out) }
    }
}

/// `band NAME of NAME "…" { hot >= 80  otherwise cold }`, or a grid of two bands: `band NAME of NAME by NAME { a -> x, y }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandNode {
    /// Its name.
    pub name: Name,
    /// What is parted into bands; of a grid, the band whose words open the rows.
    pub of: Name,
    /// The band whose words are the columns, in their order.
    pub by: Option<Name>,
    /// What it says.
    pub description: Option<Text>,
    /// The bands, the first that holds counts.
    pub cases: Vec<BandCaseNode>,
    /// The rows of a grid.
    pub rows: Vec<BandRowNode>,
    /// The band of all else.
    pub otherwise: Vec<BandRestNode>,
}

/// `hot >= 80`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandCaseNode {
    /// The band.
    pub word: Name,
    /// How the value compares.
    pub comparison: Comparison,
    /// With what.
    pub end: ValueNode,
    /// The whole clause.
    pub span: Span,
}

/// `otherwise cold`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandRestNode {
    pub word: Name,
    /// The whole clause.
    pub span: Span,
}

/// `a -> p1, p1, p2`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandRowNode {
    /// A word of the band that opens the rows.
    pub word: Name,
    /// A word for each column.
    pub words: Vec<Name>,
    /// The whole clause.
    pub span: Span,
}

impl BandNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let (name, of) = (parts.name(), parts.name());
        let by = parts.take(Rule::name).map(|n| n.name());
        let description = parts.string();
        let (mut cases, mut rows, mut otherwise) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(clause) = parts.next() {
            let (rule, span) = (clause.rule(), clause.span());
            let mut inner = clause.children();
            match rule {
                Rule::band_row => rows.push(BandRowNode { word: inner.name(), words: inner.names(), span }),
                Rule::band_case => cases.extend(lower_case(inner, span, out)),
                _ => otherwise.push(BandRestNode { word: inner.name(), span }),
            }
        }
        Self { name, of, by, description, cases, rows, otherwise }
    }
}

fn lower_case(mut parts: Children<'_>, span: Span, out: &mut Findings) -> Option<BandCaseNode> {
    let word = parts.name();
    let comparison = match parts.next()?.rule() {
        Rule::op_at_least => Comparison::AtLeast,
        Rule::op_at_most => Comparison::AtMost,
        Rule::op_more => Comparison::More,
        _ => Comparison::Less,
    };
    let end = lower_value(parts.take(Rule::constant)?, out);
    Some(BandCaseNode { word, comparison, end, span })
}
