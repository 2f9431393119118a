//! Scores and criteria: who is worth a call.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::Resolver;
use super::expr::{Context, describe, unknown};
use super::handover::words;
use super::missing::no_number;
use super::names::Space;
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{
    Amount, Criteria, Expr, ExprKind, Fade, Need, NeedBody, Points, PointsFor, PointsGroup, Question, Score,
};
use crate::span::Span;
use crate::syntax::tree::{self, Spanned};
use crate::ty::Ty;

/// Whether points are given for what happened, as written: also where the event is a finding.
fn behaves(points: &tree::PointsNode) -> bool {
    !matches!(points.reason, tree::PointsForNode::When(_) | tree::PointsForNode::Always)
}

impl Resolver<'_> {
    pub(super) fn scores(&mut self, items: &[Spanned<tree::ScoreNode>]) {
        for item in items {
            let score = self.score(&item.node, item.span);
            self.pact.scores.push(score);
        }
    }

    fn score(&mut self, score: &tree::ScoreNode, span: Span) -> Score {
        let range = score.range.as_ref().map(|(low, high)| {
            if low.node >= high.node {
                let message = format!("no points lie from {} to {}", low.node, high.node);
                let finding = Diagnostic::new(Code::BadRange, low.span.to(high.span), message).help(format!(
                    "write the lower end first: `{} to {}`",
                    high.node,
                    low.node.max(high.node + 1)
                ));
                self.out.push(finding);
            }
            (low.node, high.node)
        });
        let mut groups = Vec::new();
        for clause in &score.clauses {
            match clause {
                tree::ScoreClause::Points(points) => {
                    let points = self.points(points);
                    groups.push(PointsGroup { cap: None, points: vec![points] });
                }
                tree::ScoreClause::Together(cap, points) => {
                    let cap = self.cap(cap);
                    let points = points.iter().map(|points| self.points(points)).collect();
                    groups.push(PointsGroup { cap, points });
                }
            }
        }
        let behaves = score.clauses.iter().any(|clause| match clause {
            tree::ScoreClause::Points(points) => behaves(points),
            tree::ScoreClause::Together(_, points) => points.iter().any(behaves),
        });
        let fade = self.fade(&score.fade, behaves);
        Score {
            name: score.name.text.clone(),
            description: words(score.description.as_ref()),
            range,
            groups,
            fade,
            agreed_by: self.parties_of(&score.agreed_by),
            span,
        }
    }

    fn points(&mut self, points: &tree::PointsNode) -> Points {
        if let tree::AmountNode::Fixed(amount) = &points.amount
            && amount.node == 0
        {
            let finding = Diagnostic::new(Code::ZeroPoints, amount.span, "0 points change nothing")
                .help("say how many, or remove the clause");
            self.out.push(finding);
        }
        let reason = match &points.reason {
            tree::PointsForNode::Always => PointsFor::Always,
            tree::PointsForNode::When(condition) => PointsFor::When(self.condition(condition, Context::LEAD)),
            tree::PointsForNode::Per { events, at_most, per_day } => {
                let at_most = at_most.as_ref().and_then(|cap| self.cap(cap));
                let per_day = per_day.as_ref().and_then(|cap| self.cap(cap));
                match self.events_of(events) {
                    Some(events) => PointsFor::Per { events, at_most, per_day },
                    None => PointsFor::When(unknown(points.span)),
                }
            }
            tree::PointsForNode::IfAny(events) => match self.events_of(events) {
                Some(events) => PointsFor::IfAny(events),
                None => PointsFor::When(unknown(points.span)),
            },
        };
        let amount = match &points.amount {
            tree::AmountNode::Fixed(amount) => Amount::Fixed(amount.node),
            tree::AmountNode::Computed { take, amount } => self.computed(*take, amount, &reason),
        };
        Points { amount, reason, span: points.span }
    }

    /// Points that an expression gives: a number that is never missing.
    fn computed(&mut self, take: bool, amount: &tree::ExprNode, reason: &PointsFor) -> Amount {
        let amount = self.expr(amount, Context::LEAD);
        if amount.ty == Ty::Unknown {
            return Amount::Fixed(0);
        }
        if !amount.ty.is_numeric() {
            let message = format!("`{}` is {}, and points are a number", self.says(amount.span), describe(&amount.ty));
            let help = "give a number: `give 5 * rating when rating is present`";
            self.out.push(Diagnostic::new(Code::WrongValue, amount.span, message).help(help));
            return Amount::Fixed(0);
        }
        let condition = if let PointsFor::When(condition) = reason { Some(condition) } else { None };
        let missing = no_number(&self.pact, &amount, condition).map(|part| part.span);
        if let Some(span) = missing {
            let says = self.says(span);
            let message = format!("`{says}` may be missing, and then there are no points to count");
            let help = format!(
                "ask for it first, `when {says} is present`, or say what counts instead: `({says} if missing 0)`"
            );
            self.out.push(Diagnostic::new(Code::MayBeMissing, span, message).help(help));
        }
        if take {
            let (ty, span) = (amount.ty.clone(), amount.span);
            return Amount::Computed(Expr { kind: ExprKind::Negate(Box::new(amount)), ty, span });
        }
        Amount::Computed(amount)
    }

    fn cap(&mut self, cap: &Spanned<i64>) -> Option<i64> {
        if cap.node > 0 {
            return Some(cap.node);
        }
        let finding = Diagnostic::new(Code::BadCap, cap.span, format!("a cap of {} leaves no points", cap.node))
            .help("say the most that may count: `at most 50`");
        self.out.push(finding);
        None
    }

    fn fade(&mut self, fades: &[tree::FadeNode], behaves: bool) -> Option<Fade> {
        let spans: Vec<Span> = fades.iter().map(|fade| fade.span).collect();
        self.once("fade", &spans);
        let fade = fades.first()?;
        let percent = fade.percent.node;
        if percent <= Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
            let message = format!("`{percent}%` is no part of the points");
            let finding = Diagnostic::new(Code::BadFade, fade.percent.span, message)
                .help("say how much goes at each step, above 0% and up to 100%: `fade 50% every 30 days`");
            self.out.push(finding);
        }
        let every = self.some_time(&fade.every, "a step")?;
        if every.business {
            let finding =
                Diagnostic::new(Code::BadFade, fade.every.span, "points fade in elapsed time, not in business time")
                    .help("leave out `business`");
            self.out.push(finding);
        }
        if !behaves {
            let finding = Diagnostic::new(Code::IdleFade, fade.span, "nothing here fades")
                .here("only points for what happened fade: `per …` and `if any …`")
                .help("remove the fade, or give points for behaviour");
            self.out.push(finding);
        }
        Some(Fade { percent, every, span: fade.span })
    }

    pub(super) fn criteria(&mut self, items: &[Spanned<tree::CriteriaNode>]) {
        for item in items {
            let criteria = &item.node;
            if criteria.needs.is_empty() {
                let message = format!("`{}` asks nothing, so every lead would meet it", criteria.name.text);
                let finding = Diagnostic::new(Code::EmptyCriteria, criteria.name.span, message)
                    .help("say what it takes: `need country in \"TR\", \"ES\"`");
                self.out.push(finding);
            }
            if criteria.agreed_by.is_empty() {
                let message = format!("nobody agreed to `{}`", criteria.name.text);
                let parties = self.pact.parties.join(", ");
                let finding = Diagnostic::new(Code::NotAgreed, criteria.name.span, message)
                    .help(format!("say who did: `agreed by {parties}`"));
                self.out.push(finding);
            }
            let agreed_by = self.parties_of(&criteria.agreed_by);
            let needs = self.needs(&criteria.needs);
            self.pact.criteria.push(Criteria {
                name: criteria.name.text.clone(),
                description: words(criteria.description.as_ref()),
                agreed_by,
                needs,
                span: item.span,
            });
        }
        self.cycles();
    }

    fn needs(&mut self, needs: &[tree::NeedNode]) -> Vec<Need> {
        needs.iter().map(|need| self.need(need)).collect()
    }

    fn need(&mut self, need: &tree::NeedNode) -> Need {
        let body = match &need.body {
            tree::NeedBodyNode::Group(needs) => {
                if needs.is_empty() {
                    let finding = Diagnostic::new(Code::EmptyCriteria, need.span, "this group asks nothing")
                        .help("say what it takes: `need country in \"TR\", \"ES\"`");
                    self.out.push(finding);
                }
                NeedBody::Group(self.needs(needs))
            }
            tree::NeedBodyNode::Happened(events) => {
                let events = self.events_of(events);
                let condition = events.map_or_else(
                    || unknown(need.span),
                    |events| Expr { kind: ExprKind::Question(Question::Any(events)), ty: Ty::Bool, span: need.span },
                );
                NeedBody::Condition(condition)
            }
            tree::NeedBodyNode::Condition(condition) => NeedBody::Condition(self.condition(condition, Context::LEAD)),
        };
        Need { kind: need.kind, body, label: need.label.as_ref().map(|label| label.text.clone()), span: need.span }
    }

    /// The parties of an `agreed by`.
    fn parties_of(&mut self, names: &[tree::Name]) -> Vec<Arc<str>> {
        let known = names.iter().filter(|name| {
            let found = self.names.get(Space::Party, "party", name, &mut self.out);
            found.is_some()
        });
        known.map(|name| name.text.clone()).collect()
    }

    /// A clause that may stand once: a finding at the second, which shows the first.
    pub(super) fn once(&mut self, what: &str, spans: &[Span]) {
        if let [first, second, ..] = spans {
            let finding = Diagnostic::new(Code::ClauseTwice, *second, format!("`{what}` stands here a second time"))
                .and(*first, "it stands here first")
                .help("keep one of them");
            self.out.push(finding);
        }
    }
}
