//! `pipeline`, `stage` and `disposition`: the way of a lead.

use super::agreement::lower_labels;
use super::expr::the_expr;
use super::record::lower_properties;
use super::value::lower_duration;
use super::{Duration, Expr, Label, Name, Property, Spanned, Text};
use crate::span::Span;
use crate::syntax::cursor::{Findings, Node};
use crate::syntax::grammar::Rule;

/// `pipeline NAME "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// Its name.
    pub name: Name,
    /// What it is for.
    pub description: Option<Text>,
    /// Which leads go through it; all when absent.
    pub for_leads: Vec<Expr>,
    /// Its stages; leads start in the first.
    pub stages: Vec<Stage>,
}

/// `stage NAME "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    pub name: Name,
    pub description: Option<Text>,
    pub owner: Vec<Name>,
    pub labels: Vec<Label>,
    pub statuses: Vec<(Name, Text)>,
    pub expectation: Vec<Text>,
    pub on_enter: Vec<Action>,
    pub moves: Vec<Move>,
    pub is_final: Option<Span>,
    pub span: Span,
}

/// `move to STAGE when … after …`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Where to.
    pub to: Name,
    /// What must hold; each `when` must.
    pub when: Vec<Expr>,
    /// How long the lead must have been in the stage.
    pub after: Vec<After>,
    /// The whole clause.
    pub span: Span,
}

/// `after 14 days`, `after 4 hours in office hours`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// How long.
    pub duration: Duration,
    /// In which calendar's time.
    pub calendar: Option<Name>,
}

/// What the engine asks the world to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionKind {
    /// `enroll PROGRAM`
    Enroll(Name),
    /// `alert NAMES`
    Alert(Vec<Name>),
    /// `convert to NAMES`
    Convert(Vec<Name>),
    /// `reassign`
    Reassign,
    /// `dispose as DISPOSITION`
    Dispose(Name),
    /// `move to STAGE`
    Move(Name),
}

/// An action with its place.
pub type Action = Spanned<ActionKind>;

impl Pipeline {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let (name, description) = (parts.name(), parts.string());
        let (mut for_leads, mut stages) = (Vec::new(), Vec::new());
        while let Some(clause) = parts.next() {
            let (rule, span) = (clause.rule(), clause.span());
            match rule {
                Rule::stage => stages.push(stage(clause, out)),
                _ => for_leads.push(the_expr(&mut clause.children(), span, out)),
            }
        }
        Self { name, description, for_leads, stages }
    }
}

fn stage(node: Node<'_>, out: &mut Findings) -> Stage {
    let span = node.span();
    let mut parts = node.children();
    let mut stage = Stage {
        name: parts.name(),
        description: parts.string(),
        owner: Vec::new(),
        labels: Vec::new(),
        statuses: Vec::new(),
        expectation: Vec::new(),
        on_enter: Vec::new(),
        moves: Vec::new(),
        is_final: None,
        span,
    };
    while let Some(clause) = parts.next() {
        let (rule, span) = (clause.rule(), clause.span());
        match rule {
            Rule::label => stage.labels.extend(lower_labels(clause)),
            Rule::final_stage => stage.is_final = Some(span),
            Rule::move_to => stage.moves.push(lower_move(clause, out)),
            _ => {
                let mut inner = clause.children();
                match rule {
                    Rule::owner => stage.owner.push(inner.name()),
                    Rule::status => stage.statuses.push((inner.name(), inner.the_string())),
                    Rule::expectation => stage.expectation.push(inner.the_string()),
                    _ => stage.on_enter.extend(inner.take(Rule::actions).map(lower_actions).unwrap_or_default()),
                }
            }
        }
    }
    stage
}

fn lower_move(node: Node<'_>, out: &mut Findings) -> Move {
    let span = node.span();
    let mut parts = node.children();
    let mut clause = Move { to: parts.name(), when: Vec::new(), after: Vec::new(), span };
    while let Some(part) = parts.next() {
        let (rule, span) = (part.rule(), part.span());
        let mut inner = part.children();
        match rule {
            Rule::move_when => clause.when.push(the_expr(&mut inner, span, out)),
            _ => {
                let Some(duration) = inner.take(Rule::duration) else {
                    continue;
                };
                let duration = lower_duration(duration, out);
                let calendar = inner.take(Rule::name).map(|n| n.name());
                clause.after.push(After { duration, calendar });
            }
        }
    }
    clause
}

pub(super) fn lower_actions(node: Node<'_>) -> Vec<Action> {
    node.children().all(Rule::action).filter_map(|n| n.children().next()).map(lower_action).collect()
}

pub(super) fn lower_action(node: Node<'_>) -> Action {
    let (rule, span) = (node.rule(), node.span());
    let mut parts = node.children();
    let node = match rule {
        Rule::enroll => ActionKind::Enroll(parts.name()),
        Rule::alert => ActionKind::Alert(parts.names()),
        Rule::alert_one => ActionKind::Alert(vec![parts.name()]),
        Rule::convert => ActionKind::Convert(parts.names()),
        Rule::convert_one => ActionKind::Convert(vec![parts.name()]),
        Rule::dispose => ActionKind::Dispose(parts.name()),
        Rule::move_action => ActionKind::Move(parts.name()),
        _ => ActionKind::Reassign,
    };
    Spanned { node, span }
}

/// `disposition NAME "…" { … }`: what sales answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposition {
    /// Its name.
    pub name: Name,
    /// What it says.
    pub description: Option<Text>,
    /// What must be said with it.
    pub properties: Vec<Property>,
}

impl Disposition {
    pub(super) fn lower(node: Node<'_>, _: &mut Findings) -> Self {
        let mut parts = node.children();
        Self { name: parts.name(), description: parts.string(), properties: lower_properties(&mut parts) }
    }
}
