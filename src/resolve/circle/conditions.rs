//! Conditions taken apart: criteria opened, conjunctions split.

use crate::pact::{CriteriaId, Expr, ExprKind, Need, NeedBody, NeedKind, Pact};
use crate::ty::Ty;

/// The conditions that together are all of these, none of them a conjunction or a criteria.
pub(super) fn conjuncts(pact: &Pact, conditions: &[Expr]) -> Vec<Expr> {
    let mut all = Vec::new();
    for condition in conditions {
        split(opened(pact, condition), &mut all);
    }
    all
}

fn split(condition: Expr, all: &mut Vec<Expr>) {
    match condition.kind {
        ExprKind::And(parts) => parts.into_iter().for_each(|part| split(part, all)),
        _ => all.push(condition),
    }
}

/// The condition with its criteria written out. The checker has refused criteria that ask for themselves.
fn opened(pact: &Pact, expr: &Expr) -> Expr {
    let kind = match &expr.kind {
        ExprKind::Criteria(id) => criteria(pact, *id),
        ExprKind::Not(inner) => ExprKind::Not(Box::new(opened(pact, inner))),
        ExprKind::IsVerdict(inner, verdict) => ExprKind::IsVerdict(Box::new(opened(pact, inner)), *verdict),
        ExprKind::And(parts) => ExprKind::And(parts.iter().map(|part| opened(pact, part)).collect()),
        ExprKind::Or(parts) => ExprKind::Or(parts.iter().map(|part| opened(pact, part)).collect()),
        other => other.clone(),
    };
    Expr { kind, ty: expr.ty.clone(), span: expr.span }
}

fn criteria(pact: &Pact, id: CriteriaId) -> ExprKind {
    needs(pact, &pact[id].needs)
}

fn needs(pact: &Pact, needs: &[Need]) -> ExprKind {
    let (any, all): (Vec<&Need>, Vec<&Need>) = needs.iter().partition(|need| need.kind == NeedKind::Any);
    let mut parts: Vec<Expr> = all.into_iter().map(|need| one(pact, need)).collect();
    if let Some(first) = any.first() {
        let span = first.span;
        let kind = ExprKind::Or(any.into_iter().map(|need| one(pact, need)).collect());
        parts.push(Expr { kind, ty: Ty::Bool, span });
    }
    ExprKind::And(parts)
}

fn one(pact: &Pact, need: &Need) -> Expr {
    let asked = match &need.body {
        NeedBody::Condition(condition) => opened(pact, condition),
        NeedBody::Group(inner) => Expr { kind: needs(pact, inner), ty: Ty::Bool, span: need.span },
    };
    match need.kind {
        NeedKind::Not => Expr { span: need.span, ty: Ty::Bool, kind: ExprKind::Not(Box::new(asked)) },
        _ => asked,
    }
}
