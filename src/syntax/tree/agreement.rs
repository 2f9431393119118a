//! `pact` and `term`: the agreement, and the words that both sides share.

use chrono::NaiveDate;

use super::value::lower_date;
use super::{Name, Spanned, Text};
use crate::syntax::cursor::{Findings, Node};
use crate::syntax::grammar::Rule;

/// `pact NAME "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    pub name: Name,
    pub description: Option<Text>,
    pub version: Vec<Text>,
    pub parties: Vec<Name>,
    pub effective: Vec<Spanned<NaiveDate>>,
    pub time_zone: Vec<Text>,
    /// The month in which the fiscal year starts.
    pub fiscal_year: Vec<Name>,
    pub labels: Vec<Name>,
    pub language: Vec<Name>,
    pub precedence: Vec<Name>,
}

impl Agreement {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let mut pact = Self {
            name: parts.name(),
            description: parts.string(),
            version: Vec::new(),
            parties: Vec::new(),
            effective: Vec::new(),
            time_zone: Vec::new(),
            fiscal_year: Vec::new(),
            labels: Vec::new(),
            language: Vec::new(),
            precedence: Vec::new(),
        };
        while let Some(clause) = parts.next() {
            let rule = clause.rule();
            let mut inner = clause.children();
            match rule {
                Rule::version => pact.version.push(inner.the_string()),
                Rule::parties => pact.parties.extend(inner.names()),
                Rule::effective => pact
                    .effective
                    .extend(inner.take(Rule::date).map(|n| Spanned { node: lower_date(&n, out), span: n.span() })),
                Rule::time_zone => pact.time_zone.push(inner.the_string()),
                Rule::fiscal_year => pact.fiscal_year.push(inner.name()),
                Rule::labels => pact.labels.extend(inner.names()),
                Rule::language => pact.language.push(inner.name()),
                _ => pact.precedence.extend(inner.names()),
            }
        }
        pact
    }
}

/// A text in another language: `tr "müşteri adayı"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelNode {
    /// The language, as the pact's `labels` name it.
    pub language: Name,
    /// The text.
    pub text: Text,
}

pub(super) fn lower_labels(clause: Node<'_>) -> Vec<LabelNode> {
    let mut parts = clause.children();
    let texts = parts.all(Rule::label_text).map(|n| {
        let mut inner = n.children();
        LabelNode { language: inner.name(), text: inner.the_string() }
    });
    texts.collect()
}

/// `term NAME "…" { label … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermNode {
    /// The word.
    pub name: Name,
    /// What both sides mean by it.
    pub description: Option<Text>,
    /// The word in other languages.
    pub labels: Vec<LabelNode>,
}

impl TermNode {
    pub(super) fn lower(node: Node<'_>, _: &mut Findings) -> Self {
        let mut parts = node.children();
        let (name, description) = (parts.name(), parts.string());
        Self { name, description, labels: parts.all(Rule::label).flat_map(lower_labels).collect() }
    }
}
