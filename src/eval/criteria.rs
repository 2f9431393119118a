//! Criteria: every `need`, one `any` where there are some, no `not`.

use super::View;
use crate::pact::{Criteria, Need, NeedBody, NeedKind, Verdict};
use crate::span::Span;

/// What a criteria comes to, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct CriteriaOutcome {
    /// The verdict.
    pub verdict: Verdict,
    /// Its clauses, in order.
    pub needs: Vec<NeedOutcome>,
}

/// What a clause of a criteria comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct NeedOutcome {
    /// How it counts.
    pub kind: NeedKind,
    /// Whether what it asks holds; for `not`, whether what must not hold does.
    pub holds: Verdict,
    /// The clause.
    pub span: Span,
    /// The clauses of a group.
    pub inner: Vec<NeedOutcome>,
}

impl NeedOutcome {
    /// Whether the clause stands in the way: what it asks does not hold, or for `not`, holds.
    pub fn is_met(&self) -> Verdict {
        if self.kind == NeedKind::Not { !self.holds } else { self.holds }
    }
}

pub(super) fn criteria(view: &View<'_>, criteria: &Criteria) -> CriteriaOutcome {
    let (verdict, needs) = needs_of(view, &criteria.needs);
    CriteriaOutcome { verdict, needs }
}

fn needs_of(view: &View<'_>, needs: &[Need]) -> (Verdict, Vec<NeedOutcome>) {
    let outcomes: Vec<NeedOutcome> = needs.iter().map(|need| outcome(view, need)).collect();
    (together(&outcomes), outcomes)
}

/// The verdict of a list of needs.
pub(super) fn together(needs: &[NeedOutcome]) -> Verdict {
    let all =
        needs.iter().filter(|n| n.kind != NeedKind::Any).map(NeedOutcome::is_met).fold(Verdict::Met, Verdict::and);
    let mut any = needs.iter().filter(|n| n.kind == NeedKind::Any).map(NeedOutcome::is_met).peekable();
    match any.peek() {
        None => all,
        Some(_) => all.and(any.fold(Verdict::NotMet, Verdict::or)),
    }
}

fn outcome(view: &View<'_>, need: &Need) -> NeedOutcome {
    let (holds, inner) = match &need.body {
        NeedBody::Condition(condition) => (view.condition(condition), Vec::new()),
        NeedBody::Group(needs) => needs_of(view, needs),
    };
    NeedOutcome { kind: need.kind, holds, span: need.span, inner }
}
