//! Service levels.

use super::expr::Context;
use super::names::Space;
use super::{Items, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{Breach, Expr, ExprKind, KindId, Promise, PromiseKind, Sla, StartsAt, Warning};
use crate::span::Span;
use crate::syntax::tree::{self, Name, PromiseName, Spanned};
use crate::time::Duration;
use crate::ty::Ty;

impl Resolver<'_> {
    pub(super) fn slas(&mut self, items: &Items) {
        for item in &items.slas {
            let sla = self.sla(item);
            self.pact.slas.push(sla);
        }
    }

    fn sla(&mut self, item: &Spanned<tree::SlaNode>) -> Sla {
        let sla = &item.node;
        let spans = |names: &[Name]| names.iter().map(|name| name.span).collect::<Vec<_>>();
        self.once("owner", &spans(&sla.owner));
        self.once("clock", &spans(&sla.clock));
        self.once("starts at", &sla.starts_at.iter().map(|starts| starts.span).collect::<Vec<_>>());
        sla.owner.iter().chain(&sla.agreed_by).for_each(|name| self.known(Space::Party, "party", name));
        for clock in sla.clock.iter().filter(|clock| &*clock.text != "elapsed") {
            self.known(Space::Calendar, "calendar", clock);
        }
        let promised: Vec<PromiseName> = sla.promises.iter().map(|promise| promise.kind.name()).collect();
        let resolved = Sla {
            name: sla.name.text.clone(),
            description: super::handover::words(sla.description.as_ref()),
            stage: sla.stage.as_ref().and_then(|name| self.stage_named(name)),
            owner: sla.owner.first().map(|name| name.text.clone()),
            agreed_by: sla.agreed_by.iter().map(|name| name.text.clone()).collect(),
            for_leads: self.all_of(&sla.for_leads),
            calendar: sla.clock.first().and_then(|name| self.pact.calendar(&name.text)),
            starts: sla.starts_at.first().map_or(StartsAt::Entry, |starts| starts.node),
            promises: sla.promises.iter().filter_map(|promise| self.promise(promise, sla)).collect(),
            pause: self.any_of(&sla.pause),
            warnings: self.warnings(&sla.warnings),
            breaches: sla.breaches.iter().map(|breach| self.breach(breach, sla, &promised)).collect(),
            restarts_on_reassignment: self.restarts(sla, false).unwrap_or(false),
            restarts_on_reopening: self.restarts(sla, true).unwrap_or(true),
            reward: sla.reward.first().map(|reward| reward.text.clone()),
            span: item.span,
        };
        if sla.promises.is_empty() {
            let finding = Diagnostic::new(Code::NotPromised, sla.name.span, "this agreement promises nothing")
                .help("add a promise: `first touch within 4 hours`");
            self.out.push(finding);
        }
        resolved
    }

    /// The one condition that several clauses make together.
    fn all_of(&mut self, conditions: &[tree::ExprNode]) -> Option<Expr> {
        self.joined(conditions, ExprKind::And)
    }

    fn any_of(&mut self, conditions: &[tree::ExprNode]) -> Option<Expr> {
        self.joined(conditions, ExprKind::Or)
    }

    fn joined(&mut self, conditions: &[tree::ExprNode], join: fn(Vec<Expr>) -> ExprKind) -> Option<Expr> {
        let mut parts: Vec<Expr> = conditions.iter().map(|c| self.condition(c, Context::LEAD)).collect();
        if parts.len() < 2 {
            return parts.pop();
        }
        let span = parts.iter().skip(1).fold(parts.first()?.span, |all, part| all.to(part.span));
        Some(Expr { kind: join(parts), ty: Ty::Bool, span })
    }

    /// What the clause says that speaks of reopening, or of reassignment.
    fn restarts(&mut self, sla: &tree::SlaNode, reopening: bool) -> Option<bool> {
        let clauses: Vec<_> = sla.restarts.iter().filter(|clause| clause.node.reopening == reopening).collect();
        let what = if reopening { "on reopening" } else { "on reassignment" };
        self.once(what, &clauses.iter().map(|clause| clause.span).collect::<Vec<_>>());
        clauses.first().map(|clause| clause.node.restart)
    }

    fn warnings(&mut self, written: &[tree::WarningNode]) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for warning in written {
            warning.at.iter().for_each(|percent| self.percent(percent, 100));
            let actions = self.actions(&warning.actions);
            let shares = warning.at.iter().map(|percent| Warning {
                percent: percent.node,
                actions: actions.clone(),
                span: warning.span,
            });
            warnings.extend(shares);
        }
        warnings.sort_by_key(|warning| warning.percent);
        warnings
    }

    fn breach(&mut self, breach: &tree::BreachNode, sla: &tree::SlaNode, promised: &[PromiseName]) -> Breach {
        if let Some(of) = breach.of.as_ref().filter(|of| !promised.contains(&of.node)) {
            let message = format!("`{}` promises no {}", sla.name.text, of.node.words());
            let all: Vec<&str> = promised.iter().map(|name| name.words()).collect();
            let finding = Diagnostic::new(Code::NotPromised, of.span, message)
                .help(format!("it promises {}; promise it too, or speak of one of these", all.join(", ")));
            self.out.push(finding);
        }
        let after = breach.after.as_ref().and_then(|after| self.timed(after, "a delay", clock(sla)));
        let actions = self.actions(&breach.actions);
        Breach { of: breach.of.as_ref().map(|of| of.node), after, actions, span: breach.span }
    }

    fn promise(&mut self, promise: &tree::PromiseNode, sla: &tree::SlaNode) -> Option<Promise> {
        let span = promise.span;
        let kind = match &promise.kind {
            tree::PromiseKindNode::FirstTouch(within) => self.within(within, sla, span).map(PromiseKind::FirstTouch),
            tree::PromiseKindNode::Reply { within, kinds } => {
                let kinds = kinds.iter().filter_map(|kind| self.message(kind)).collect();
                self.within(within, sla, span).map(|within| PromiseKind::Reply { kinds, within })
            }
            tree::PromiseKindNode::Outcome(within) => self.within(within, sla, span).map(PromiseKind::Outcome),
            tree::PromiseKindNode::Work(within) => self.within(within, sla, span).map(PromiseKind::Work),
            tree::PromiseKindNode::Touches { count, kinds, within, apart } => {
                self.at_least_one(count, "touches");
                let apart = apart.as_ref().and_then(|apart| self.timed(apart, "a gap", clock(sla)));
                let kinds = kinds.iter().filter_map(|kind| self.touch(kind)).collect();
                let count = u32::try_from(count.node).unwrap_or(u32::MAX);
                self.within(within, sla, span).map(|within| PromiseKind::Touches { count, kinds, within, apart })
            }
            tree::PromiseKindNode::Volume { count, stage, per } => {
                self.at_least_one(count, "leads");
                let stage = self.stage_named(stage);
                stage.map(|stage| PromiseKind::Volume { count: count.node, stage, per: *per })
            }
        };
        kind.map(|kind| Promise { kind, span })
    }

    /// What the lead writes.
    fn message(&mut self, name: &Name) -> Option<KindId> {
        self.known_as(Space::Kind, "activity", name);
        self.pact.kind(&name.text)
    }

    fn touch(&mut self, name: &Name) -> Option<KindId> {
        self.known_as(Space::Kind, "touch", name);
        self.pact.kind(&name.text)
    }

    /// By when a promise must be kept; it needs a stage on which its clock starts.
    fn within(&mut self, written: &tree::DurationNode, sla: &tree::SlaNode, span: Span) -> Option<Duration> {
        if sla.stage.is_none() {
            let finding = Diagnostic::new(Code::NoClock, span, "this promise needs a stage on which its clock starts")
                .help(format!("write `sla {} on STAGE`", sla.name.text));
            self.out.push(finding);
        }
        self.timed(written, "a promise", clock(sla))
    }
}

/// Whether business time has a calendar in an sla; otherwise how to give it one.
fn clock(sla: &tree::SlaNode) -> Result<(), &'static str> {
    match sla.clock.is_empty() {
        true => Err("add `clock NAME` with the calendar whose hours count"),
        false => Ok(()),
    }
}
