//! `sla`, `program` and `recycle`: promises in both directions, and second chances.

use chrono::NaiveDate;

use super::agreement::lower_labels;
use super::expr::the_expr;
use super::pipeline::lower_actions;
use super::qualify::lower_percent;
use super::value::{lower_date, lower_duration, lower_integer};
use super::{ActionNode, DurationNode, ExprNode, LabelNode, Name, Number, Spanned, Text};
use crate::span::Span;
use crate::syntax::cursor::{Children, Findings, Node};
use crate::syntax::grammar::Rule;

/// `sla NAME on STAGE "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlaNode {
    pub name: Name,
    pub stage: Option<Name>,
    pub description: Option<Text>,
    pub owner: Vec<Name>,
    pub agreed_by: Vec<Name>,
    pub for_leads: Vec<ExprNode>,
    pub clock: Vec<Name>,
    pub starts_at: Vec<Spanned<StartsAt>>,
    pub promises: Vec<PromiseNode>,
    pub pause: Vec<ExprNode>,
    pub warnings: Vec<WarningNode>,
    pub breaches: Vec<BreachNode>,
    pub restarts: Vec<Spanned<Restart>>,
    pub reward: Vec<Text>,
}

/// When a clock starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StartsAt {
    Entry,
    Assignment,
    Qualification,
}

/// What is promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseNode {
    /// What.
    pub kind: PromiseKindNode,
    /// The whole clause.
    pub span: Span,
}

/// The forms of promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromiseKindNode {
    /// `first touch within …`
    FirstTouch(DurationNode),
    /// `at least N touches by KINDS within …, … apart`
    Touches { count: Spanned<i64>, kinds: Vec<Name>, within: DurationNode, apart: Option<DurationNode> },
    /// `outcome recorded within …`
    Outcome(DurationNode),
    /// `reply within … to KIND, KIND`
    Reply { within: DurationNode, kinds: Vec<Name> },
    /// `work at most …`
    Work(DurationNode),
    /// `at least N leads entering STAGE per quarter`
    Volume { count: Spanned<i64>, stage: Name, per: Period },
}

/// Which promise a clause speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PromiseName {
    FirstTouch,
    Touches,
    Reply,
    Outcome,
    Work,
    Volume,
}

impl PromiseName {
    /// As the pact says it.
    pub fn words(self) -> &'static str {
        match self {
            Self::FirstTouch => "first touch",
            Self::Touches => "touches",
            Self::Reply => "reply",
            Self::Outcome => "outcome",
            Self::Work => "work",
            Self::Volume => "volume",
        }
    }
}

impl PromiseKindNode {
    /// The name by which other clauses speak of it.
    pub fn name(&self) -> PromiseName {
        match self {
            Self::FirstTouch(_) => PromiseName::FirstTouch,
            Self::Touches { .. } => PromiseName::Touches,
            Self::Reply { .. } => PromiseName::Reply,
            Self::Outcome(_) => PromiseName::Outcome,
            Self::Work(_) => PromiseName::Work,
            Self::Volume { .. } => PromiseName::Volume,
        }
    }
}

/// A period of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Period {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Period {
    /// All of them, the shortest first.
    const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// A period by its word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.name() == word)
    }
}

/// `warn at 75%, 90% { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarningNode {
    pub at: Vec<Number>,
    pub actions: Vec<ActionNode>,
    pub span: Span,
}

/// `on breach of first touch after 2 hours { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreachNode {
    pub of: Option<Spanned<PromiseName>>,
    pub after: Option<DurationNode>,
    pub actions: Vec<ActionNode>,
    pub span: Span,
}

/// `on reassignment restart`, `on reopening keep`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Restart {
    /// Whether reopening is meant, not reassignment.
    pub reopening: bool,
    /// Whether the clock starts anew, or runs on.
    pub restart: bool,
}

impl SlaNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let name = parts.name();
        let stage = parts.take(Rule::sla_stage).map(|n| n.children().name());
        let mut sla = Self {
            name,
            stage,
            description: parts.string(),
            owner: Vec::new(),
            agreed_by: Vec::new(),
            for_leads: Vec::new(),
            clock: Vec::new(),
            starts_at: Vec::new(),
            promises: Vec::new(),
            pause: Vec::new(),
            warnings: Vec::new(),
            breaches: Vec::new(),
            restarts: Vec::new(),
            reward: Vec::new(),
        };
        while let Some(clause) = parts.next() {
            sla.lower_clause(clause, out);
        }
        sla
    }

    fn lower_clause(&mut self, clause: Node<'_>, out: &mut Findings) {
        let (rule, span) = (clause.rule(), clause.span());
        let mut inner = clause.children();
        match rule {
            Rule::owner => self.owner.push(inner.name()),
            Rule::agreed => self.agreed_by.extend(inner.names()),
            Rule::sla_for => self.for_leads.push(the_expr(&mut inner, span, out)),
            Rule::sla_clock => self.clock.push(inner.name()),
            Rule::starts_at => {
                let node = match () {
                    () if inner.has(Rule::kw_assignment) => StartsAt::Assignment,
                    () if inner.has(Rule::kw_qualification) => StartsAt::Qualification,
                    () => StartsAt::Entry,
                };
                self.starts_at.push(Spanned { node, span });
            }
            Rule::pause => self.pause.push(the_expr(&mut inner, span, out)),
            Rule::warn => {
                let mut at = Vec::new();
                while inner.peek(Rule::percent) {
                    at.push(lower_percent(&mut inner, span, out));
                }
                self.warnings.push(WarningNode { at, actions: take_actions(&mut inner), span });
            }
            Rule::on_breach => {
                let of = inner.take(Rule::promise).map(lower_promise_name);
                let after = inner.take(Rule::breach_delay).map(|n| the_duration(&mut n.children(), span, out));
                self.breaches.push(BreachNode { of, after, actions: take_actions(&mut inner), span });
            }
            Rule::restart => {
                let restart = inner.has(Rule::kw_restart);
                let node = Restart { reopening: inner.has(Rule::kw_reopening), restart };
                self.restarts.push(Spanned { node, span });
            }
            Rule::reward => self.reward.push(inner.the_string()),
            _ => self.promises.push(PromiseNode { kind: promise(rule, &mut inner, span, out), span }),
        }
    }
}

fn promise(rule: Rule, inner: &mut Children<'_>, span: Span, out: &mut Findings) -> PromiseKindNode {
    match rule {
        Rule::touches_within => {
            let count = lower_integer(inner.take(Rule::integer), out);
            let kinds = inner.take(Rule::touch_kinds).map(|n| n.children().names()).unwrap_or_default();
            let within = the_duration(inner, span, out);
            let apart = inner.take(Rule::apart).map(|n| the_duration(&mut n.children(), span, out));
            PromiseKindNode::Touches { count, kinds, within, apart }
        }
        Rule::volume => {
            let count = lower_integer(inner.take(Rule::integer), out);
            PromiseKindNode::Volume { count, stage: inner.name(), per: lower_period(inner) }
        }
        Rule::reply_within => {
            let within = the_duration(inner, span, out);
            PromiseKindNode::Reply { within, kinds: inner.names() }
        }
        Rule::outcome_within => PromiseKindNode::Outcome(the_duration(inner, span, out)),
        Rule::work_at_most => PromiseKindNode::Work(the_duration(inner, span, out)),
        _ => PromiseKindNode::FirstTouch(the_duration(inner, span, out)),
    }
}

fn take_actions(parts: &mut Children<'_>) -> Vec<ActionNode> {
    parts.take(Rule::actions).map(lower_actions).unwrap_or_default()
}

/// The next duration, which the grammar places.
pub(super) fn the_duration(parts: &mut Children<'_>, end: Span, out: &mut Findings) -> DurationNode {
    let node = parts.take(Rule::duration);
    node.map_or(Spanned { node: Vec::new(), span: end }, |n| lower_duration(n, out))
}

pub(super) fn lower_promise_name(node: Node<'_>) -> Spanned<PromiseName> {
    let span = node.span();
    let words = node.children();
    let node = match () {
        () if words.has(Rule::kw_touches) => PromiseName::Touches,
        () if words.has(Rule::kw_reply) => PromiseName::Reply,
        () if words.has(Rule::kw_outcome) => PromiseName::Outcome,
        () if words.has(Rule::kw_work) => PromiseName::Work,
        () if words.has(Rule::kw_volume) => PromiseName::Volume,
        () => PromiseName::FirstTouch,
    };
    Spanned { node, span }
}

/// The next period, which the grammar places.
pub(super) fn lower_period(parts: &mut Children<'_>) -> Period {
    let words = parts.take(Rule::period).map(Node::children);
    let has = |keyword| words.as_ref().is_some_and(|w| w.has(keyword));
    match () {
        () if has(Rule::kw_day) => Period::Day,
        () if has(Rule::kw_week) => Period::Week,
        () if has(Rule::kw_month) => Period::Month,
        () if has(Rule::kw_year) => Period::Year,
        () => Period::Quarter,
    }
}

/// `program NAME "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramNode {
    pub name: Name,
    pub description: Option<Text>,
    pub kind: Vec<Name>,
    pub starts: Vec<Spanned<NaiveDate>>,
    pub ends: Vec<Spanned<NaiveDate>>,
    pub owner: Vec<Name>,
    pub labels: Vec<LabelNode>,
}

impl ProgramNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let (name, description) = (parts.name(), parts.string());
        let (kind, starts, ends, owner, labels) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut program = Self { name, description, kind, starts, ends, owner, labels };
        while let Some(clause) = parts.next() {
            let rule = clause.rule();
            if rule == Rule::label {
                program.labels.extend(lower_labels(clause));
                continue;
            }
            let mut inner = clause.children();
            match rule {
                Rule::program_kind => program.kind.push(inner.name()),
                Rule::owner => program.owner.push(inner.name()),
                _ => {
                    let date = inner.take(Rule::date).map(|n| Spanned { node: lower_date(&n, out), span: n.span() });
                    let dates = if rule == Rule::program_starts { &mut program.starts } else { &mut program.ends };
                    dates.extend(date);
                }
            }
        }
        program
    }
}

/// `recycle NAME "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecycleNode {
    pub name: Name,
    pub description: Option<Text>,
    pub from: Vec<Name>,
    pub when: Vec<ExprNode>,
    pub to: Vec<(Name, Option<Name>)>,
    pub rest: Vec<DurationNode>,
    pub enroll: Vec<Name>,
    pub keep: Vec<(Number, Name)>,
    pub rounds: Vec<(Spanned<i64>, Name)>,
    pub never_back: Option<Span>,
}

impl RecycleNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let mut recycle = Self {
            name: parts.name(),
            description: parts.string(),
            from: Vec::new(),
            when: Vec::new(),
            to: Vec::new(),
            rest: Vec::new(),
            enroll: Vec::new(),
            keep: Vec::new(),
            rounds: Vec::new(),
            never_back: None,
        };
        while let Some(clause) = parts.next() {
            let (rule, span) = (clause.rule(), clause.span());
            let mut inner = clause.children();
            match rule {
                Rule::recycle_from => recycle.from.extend(inner.names()),
                Rule::recycle_when => recycle.when.push(the_expr(&mut inner, span, out)),
                Rule::recycle_to => {
                    let to = inner.name();
                    recycle.to.push((to, inner.take(Rule::owner).map(|n| n.children().name())));
                }
                Rule::rest => recycle.rest.push(the_duration(&mut inner, span, out)),
                Rule::enroll => recycle.enroll.push(inner.name()),
                Rule::keep => recycle.keep.push((lower_percent(&mut inner, span, out), inner.name())),
                Rule::rounds => {
                    let most = lower_integer(inner.take(Rule::integer), out);
                    recycle.rounds.push((most, inner.name()));
                }
                _ => recycle.never_back = Some(span),
            }
        }
        recycle
    }
}
