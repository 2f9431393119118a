//! What evidence is about: a conversion, and the clauses that are weighed by it.

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::pact::{
    Comparison, CriteriaId, Expr, ExprKind, Measure, MetricId, NamedKind, Need, NeedBody, NeedKind, Pact, ScoreId,
    Sign, StageId, ValueId,
};
use crate::span::Span;
use crate::time::Duration;
use crate::value::Value;

/// What evidence is about: of the rounds that entered a stage, those that came to another one; by clause.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceScope {
    /// The conversion.
    pub metric: MetricId,
    /// The stage that they entered.
    pub from: StageId,
    /// The stage that they came to, or did not.
    pub to: StageId,
    /// Within what time, where the metric says one.
    pub within: Option<Duration>,
    /// The clauses that are weighed: all points, and what the moves into the stage ask for.
    pub clauses: Vec<WeighedClause>,
    /// The numbers that have to be reached on the way in.
    pub thresholds: Vec<Threshold>,
    /// The scores of which none of these is asked.
    pub scores: Vec<ScoreId>,
    pub(super) doors: Vec<Door>,
}

/// A clause that is weighed.
#[derive(Debug, Clone, PartialEq)]
pub struct WeighedClause {
    /// The score, criteria or stage that it stands in.
    pub of: Arc<str>,
    /// The clause.
    pub span: Span,
    /// What it does.
    pub kind: WeighedKind,
    /// Whether it is about points without giving them, as a number that they have to reach.
    pub looks_at_points: bool,
}

/// What a weighed clause does.
#[derive(Debug, Clone, PartialEq)]
pub enum WeighedKind {
    /// It gives points, or takes them.
    Points(ScoreId, Option<Sign>),
    /// It must be met on the way in.
    Need(CriteriaId),
    /// One of several, of which one must be met.
    Alternative(CriteriaId),
    /// One of these must be met.
    OneOf(CriteriaId, Vec<Span>),
    /// A condition of the move itself.
    Condition(Expr),
}

/// A number that has to be reached on the way in.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// The clause that asks for it, by position among those that are weighed.
    pub clause: usize,
    /// What has to reach it.
    pub value: Expr,
    /// The number.
    pub least: Decimal,
    /// Whether the number itself is enough.
    pub inclusive: bool,
    /// Where the number stands.
    pub span: Span,
}

/// A move into the stage that asks for something.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Door {
    pub(super) stage: StageId,
    /// All that it asks for, by position among the clauses that are weighed.
    pub(super) asks: Vec<usize>,
}

/// What a move asks for, as it is put together.
#[derive(Debug, Default)]
struct Asks {
    clauses: Vec<usize>,
    seen: BTreeSet<CriteriaId>,
}

impl EvidenceScope {
    /// What a conversion of the pact is about; none for a metric that is no conversion.
    pub fn of(pact: &Pact, metric: MetricId) -> Option<Self> {
        let Measure::Conversion(from, to, within) = pact[metric].measure else { return None };
        let mut scope = Self {
            metric,
            from,
            to,
            within,
            clauses: Vec::new(),
            thresholds: Vec::new(),
            scores: Vec::new(),
            doors: Vec::new(),
        };
        for (at, score) in pact.scores.iter().enumerate() {
            for points in score.groups.iter().flat_map(|group| &group.points) {
                let kind = WeighedKind::Points(ScoreId(at as u32), points.sign());
                let of = score.name.clone();
                scope.clauses.push(WeighedClause { of, span: points.span, kind, looks_at_points: false });
            }
        }
        let stages = &pact[from.pipeline].stages;
        for (at, stage) in stages.iter().enumerate() {
            for when in stage.moves.iter().filter(|to| to.to == from).filter_map(|to| to.when.as_ref()) {
                let mut asks = Asks::default();
                scope.condition(pact, &stage.name, when, when.span, &mut asks);
                scope
                    .doors
                    .push(Door { stage: StageId { pipeline: from.pipeline, stage: at as u32 }, asks: asks.clauses });
            }
        }
        let asked = |score: ScoreId| {
            let is_it = |expr: &Expr| expr.kind == ExprKind::Score(score);
            scope.thresholds.iter().any(|threshold| {
                let mut asked = false;
                threshold.value.visit(&mut |part| asked |= is_it(part));
                asked
            })
        };
        scope.scores = (0..pact.scores.len() as u32).map(ScoreId).filter(|score| !asked(*score)).collect();
        Some(scope)
    }

    /// The same without clauses: who entered and who came, and nothing else.
    #[must_use]
    pub fn bare(&self) -> Self {
        Self { clauses: Vec::new(), thresholds: Vec::new(), scores: Vec::new(), doors: Vec::new(), ..self.clone() }
    }

    /// Whether anything is asked of those that enter.
    pub fn is_gated(&self) -> bool {
        !self.doors.is_empty()
    }

    /// The stages from which a move that asks for something leads in.
    pub fn stages_before(&self) -> Vec<StageId> {
        let mut stages: Vec<StageId> = self.doors.iter().map(|door| door.stage).collect();
        stages.sort();
        stages.dedup();
        stages
    }

    /// What a condition asks for: the needs of its criteria one by one, and all else as a whole.
    fn condition(&mut self, pact: &Pact, of: &Arc<str>, condition: &Expr, span: Span, asks: &mut Asks) {
        match &condition.kind {
            ExprKind::Criteria(id) => self.criteria(pact, *id, asks),
            ExprKind::And(parts) => parts.iter().for_each(|part| self.condition(pact, of, part, part.span, asks)),
            _ => {
                let kind = WeighedKind::Condition(condition.clone());
                let looks_at_points = looks_at_points(pact, condition);
                let at = self.weigh(WeighedClause { of: of.clone(), span, kind, looks_at_points }, asks);
                self.threshold(pact, at, condition);
            }
        }
    }

    /// The needs of a criteria, once for each move.
    fn criteria(&mut self, pact: &Pact, id: CriteriaId, asks: &mut Asks) {
        if asks.seen.insert(id) {
            self.needs(pact, id, &pact[id].needs, asks);
        }
    }

    /// The needs of a criteria or of a group in it.
    fn needs(&mut self, pact: &Pact, of: CriteriaId, needs: &[Need], asks: &mut Asks) {
        let name = &pact[of].name;
        let weighed = |need: &Need, kind: WeighedKind| {
            let mut looks = false;
            need.visit(&mut |part| looks |= looks_at_points(pact, part));
            WeighedClause { of: name.clone(), span: need.span, kind, looks_at_points: looks }
        };
        for need in needs.iter().filter(|need| need.kind != NeedKind::Any) {
            match &need.body {
                NeedBody::Group(inner) if need.kind == NeedKind::Need => self.needs(pact, of, inner, asks),
                NeedBody::Condition(Expr { kind: ExprKind::Criteria(id), .. }) if need.kind == NeedKind::Need => {
                    self.criteria(pact, *id, asks);
                }
                body => {
                    let at = self.weigh(weighed(need, WeighedKind::Need(of)), asks);
                    if let (NeedBody::Condition(condition), NeedKind::Need) = (body, need.kind) {
                        self.threshold(pact, at, condition);
                    }
                }
            }
        }
        let any: Vec<&Need> = needs.iter().filter(|need| need.kind == NeedKind::Any).collect();
        if let [first, .., last] = any.as_slice() {
            for need in &any {
                self.weigh(weighed(need, WeighedKind::Alternative(of)), &mut Asks::default());
            }
            let kind = WeighedKind::OneOf(of, any.iter().map(|need| need.span).collect());
            let looks_at_points = any.iter().any(|need| weighed(need, WeighedKind::Alternative(of)).looks_at_points);
            let span = first.span.to(last.span);
            self.weigh(WeighedClause { of: name.clone(), span, kind, looks_at_points }, asks);
        } else if let [only] = any.as_slice() {
            self.weigh(weighed(only, WeighedKind::Need(of)), asks);
        }
    }

    /// Adds a clause once, and that it is asked for.
    fn weigh(&mut self, clause: WeighedClause, asks: &mut Asks) -> usize {
        let known = self.clauses.iter().position(|known| known.span == clause.span && known.kind == clause.kind);
        let at = known.unwrap_or(self.clauses.len());
        if known.is_none() {
            self.clauses.push(clause);
        }
        if !asks.clauses.contains(&at) {
            asks.clauses.push(at);
        }
        at
    }

    /// The numbers that a condition asks to be reached, where it asks for all of them.
    fn threshold(&mut self, pact: &Pact, clause: usize, condition: &Expr) {
        match &condition.kind {
            ExprKind::And(parts) => parts.iter().for_each(|part| self.threshold(pact, clause, part)),
            ExprKind::Compare(comparison @ (Comparison::AtLeast | Comparison::More), _, value, least) => {
                let number = match &least.kind {
                    ExprKind::Value(Value::Number(number)) => *number,
                    ExprKind::Param(param) => match &pact[*param].value {
                        Value::Number(number) => *number,
                        _ => return,
                    },
                    _ => return,
                };
                let threshold = Threshold {
                    clause,
                    value: (**value).clone(),
                    least: number,
                    inclusive: *comparison == Comparison::AtLeast,
                    span: least.span,
                };
                if !self.thresholds.contains(&threshold) {
                    self.thresholds.push(threshold);
                }
            }
            _ => {}
        }
    }
}

/// Whether an expression looks at a score, itself or by what it names.
fn looks_at_points(pact: &Pact, expr: &Expr) -> bool {
    let (mut looks, mut open, mut seen) = (false, Vec::new(), BTreeSet::new());
    let mut see = |part: &Expr, open: &mut Vec<Named>| match &part.kind {
        ExprKind::Score(_) => looks = true,
        ExprKind::Criteria(id) => open.push(Named::Criteria(*id)),
        ExprKind::Named(id) => open.push(Named::Value(*id)),
        _ => {}
    };
    expr.visit(&mut |part| see(part, &mut open));
    // each once, however many name it
    while let Some(next) = open.pop() {
        if !seen.insert(next) {
            continue;
        }
        match next {
            Named::Criteria(id) => pact[id].visit(&mut |part| see(part, &mut open)),
            Named::Value(id) => {
                open.extend(pact[id].crosses().map(Named::Value));
                pact[id].visit(&mut |part| see(part, &mut open));
                if let NamedKind::Band(band) = &pact[id].kind {
                    band.of.visit(&mut |part| see(part, &mut open));
                }
            }
        }
    }
    looks
}

/// What an expression names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Criteria(CriteriaId),
    Value(ValueId),
}

impl Threshold {
    /// Whether a number reaches another one as this threshold has it.
    pub fn reaches(&self, worth: Decimal, least: Decimal) -> bool {
        if self.inclusive { worth >= least } else { worth > least }
    }
}
