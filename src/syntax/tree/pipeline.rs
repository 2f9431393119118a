//! `pipeline`, `stage` and `disposition`: the path of a lead.

use super::agreement::lower_labels;
use super::expr::the_expr;
use super::record::lower_properties;
use super::value::lower_duration;
use super::{DurationNode, ExprNode, LabelNode, Name, PropertyNode, Spanned, Text};
use crate::span::Span;
use crate::syntax::cursor::{Findings, Node};
use crate::syntax::grammar::Rule;

/// `pipeline NAME "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipelineNode {
    /// Its name.
    pub name: Name,
    /// What it is for.
    pub description: Option<Text>,
    /// Which leads go through it; all when absent.
    pub for_leads: Vec<ExprNode>,
    /// Its stages; leads start in the first.
    pub stages: Vec<StageNode>,
}

/// `stage NAME "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageNode {
    pub name: Name,
    pub description: Option<Text>,
    pub owner: Vec<Name>,
    pub labels: Vec<LabelNode>,
    pub statuses: Vec<(Name, Text)>,
    pub expectation: Vec<Text>,
    pub on_enter: Vec<ActionNode>,
    pub moves: Vec<MoveNode>,
    pub is_final: Option<Span>,
    pub span: Span,
}

/// `move to STAGE when … after …`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveNode {
    /// Where to.
    pub to: Name,
    /// What must hold; each `when` must.
    pub when: Vec<ExprNode>,
    /// How long the lead must have been in the stage.
    pub after: Vec<AfterNode>,
    /// The whole clause.
    pub span: Span,
}

/// `after 14 days`, `after 4 hours in office hours`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterNode {
    /// How long.
    pub duration: DurationNode,
    /// In which calendar's time.
    pub calendar: Option<Name>,
}

/// An action that is requested of other systems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionKindNode {
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
pub type ActionNode = Spanned<ActionKindNode>;

impl PipelineNode {
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

fn stage(node: Node<'_>, out: &mut Findings) -> StageNode {
    let span = node.span();
    let mut parts = node.children();
    let mut stage = StageNode {
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

fn lower_move(node: Node<'_>, out: &mut Findings) -> MoveNode {
    let span = node.span();
    let mut parts = node.children();
    let mut clause = MoveNode { to: parts.name(), when: Vec::new(), after: Vec::new(), span };
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
                clause.after.push(AfterNode { duration, calendar });
            }
        }
    }
    clause
}

pub(super) fn lower_actions(node: Node<'_>) -> Vec<ActionNode> {
    node.children().all(Rule::action).filter_map(|n| n.children().next()).map(lower_action).collect()
}

pub(super) fn lower_action(node: Node<'_>) -> ActionNode {
    let (rule, span) = (node.rule(), node.span());
    let mut parts = node.children();
    let node = match rule {
        Rule::enroll => ActionKindNode::Enroll(parts.name()),
        Rule::alert => ActionKindNode::Alert(parts.names()),
        Rule::alert_one => ActionKindNode::Alert(vec![parts.name()]),
        Rule::convert => ActionKindNode::Convert(parts.names()),
        Rule::convert_one => ActionKindNode::Convert(vec![parts.name()]),
        Rule::dispose => ActionKindNode::Dispose(parts.name()),
        Rule::move_action => ActionKindNode::Move(parts.name()),
        _ => ActionKindNode::Reassign,
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
    /// What must be given with it.
    pub properties: Vec<PropertyNode>,
}

impl Disposition {
    pub(super) fn lower(node: Node<'_>, _: &mut Findings) -> Self {
        let mut parts = node.children();
        Self { name: parts.name(), description: parts.string(), properties: lower_properties(&mut parts) }
    }
}
