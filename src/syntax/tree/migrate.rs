//! `migrate`: where leads go when the pact changes under them.

use super::Name;
use crate::span::Span;
use crate::syntax::cursor::{Findings, Node};
use crate::syntax::grammar::Rule;

/// `migrate { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrate {
    /// `stage A, B to C`: stages that were, and the one that they are now.
    pub stages: Vec<FormerNode>,
    /// `pipeline A to B`.
    pub pipelines: Vec<FormerNode>,
    /// `old promises hold`, and whether it says `new`.
    pub promises: Vec<(bool, Span)>,
}

/// `A, B to C`: what was, and what it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerNode {
    pub from: Vec<Name>,
    pub to: Name,
    pub span: Span,
}

impl Migrate {
    pub(super) fn lower(node: Node<'_>, _: &mut Findings) -> Self {
        let mut parts = node.children();
        let mut migrate = Self { stages: Vec::new(), pipelines: Vec::new(), promises: Vec::new() };
        while let Some(clause) = parts.next() {
            let (rule, span) = (clause.rule(), clause.span());
            let mut inner = clause.children();
            let new = inner.has(Rule::kw_new);
            match rule {
                Rule::promises_hold => migrate.promises.push((new, span)),
                _ => {
                    let former = FormerNode { from: inner.names(), to: inner.name(), span };
                    let list = if rule == Rule::migrate_stage { &mut migrate.stages } else { &mut migrate.pipelines };
                    list.push(former);
                }
            }
        }
        migrate
    }
}
