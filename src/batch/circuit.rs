//! The conditions and scores of a pact as steps over the classes of inputs.
//!
//! A condition on one input is not taken apart: for each class of the input the reference evaluator says once what it comes
//! to. Only what joins several inputs is a step of its own.

use rustc_hash::FxHashMap;

use super::input::{Input, LooksAt, is_plain};
use super::step::{Bit, Linear, Shape, Step, Sums, mask};
use crate::pact::{
    Amount, Arithmetic, Comparison, CriteriaId, Events, Expr, ExprKind, KindId, Need, NeedBody, NeedKind, Pact,
    PointsFor, ScoreId,
};
use crate::time::Duration;
use crate::value::Value;

/// A pact says something that only the reference evaluator knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unplanned;

/// The most points that a clause or a cap may be, so that sums stay whole numbers of a machine.
const MOST_POINTS: i64 = 1_000_000;

/// Parts of a point in a score whose points fade: weights have nine places.
const PARTS: i64 = 1_000_000_000;

/// A condition of which each class of an input says what it comes to; of no input, it is the same for all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf<'p> {
    pub(super) bit: Bit,
    pub(super) input: Option<usize>,
    pub(super) condition: &'p Expr,
}

/// Points that the class of an input gives.
#[derive(Debug, Clone, Copy)]
pub(super) enum PointsOf {
    /// By the verdict of a condition on it.
    When(Bit),
    /// For each event, up to a cap.
    Each(Option<i64>),
    /// Once there is an event.
    Once,
}

/// A clause whose points hang on one input.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    pub(super) input: usize,
    pub(super) of: PointsOf,
    pub(super) points: i64,
    pub(super) sums: Sums,
}

/// A clause whose points fade.
#[derive(Debug, Clone, Copy)]
pub(super) struct Faded {
    pub(super) kind: KindId,
    pub(super) window: Option<Duration>,
    pub(super) score: ScoreId,
    pub(super) points: i64,
    /// For each event, up to a cap in parts; or else for the latest alone.
    pub(super) each: Option<Option<i64>>,
    pub(super) sums: Sums,
}

/// Conditions and scores, taken apart.
pub(super) struct Circuit<'p> {
    pact: &'p Pact,
    pub(super) inputs: Vec<Input>,
    pub(super) leaves: Vec<Leaf<'p>>,
    pub(super) given: Vec<Given>,
    pub(super) faded: Vec<Faded>,
    /// Points that every lead gets.
    pub(super) always: Vec<(i64, Sums)>,
    pub(super) steps: Vec<Step>,
    /// Kinds of events of which more is asked than how many there are.
    pub(super) kinds: std::collections::BTreeSet<KindId>,
    pub(super) scores: Vec<Sums>,
    pub(super) criteria: Vec<Bit>,
    bits: u32,
    /// How many numbers stand behind the bits.
    sums: usize,
    known: FxHashMap<*const Expr, Bit>,
    open_scores: Vec<Option<Sums>>,
    open_criteria: Vec<Option<Bit>>,
}

impl<'p> Circuit<'p> {
    pub(super) fn new(pact: &'p Pact) -> Result<Self, Unplanned> {
        let mut circuit = Self {
            pact,
            inputs: Vec::new(),
            leaves: Vec::new(),
            given: Vec::new(),
            faded: Vec::new(),
            always: Vec::new(),
            steps: Vec::new(),
            kinds: std::collections::BTreeSet::new(),
            scores: Vec::new(),
            criteria: Vec::new(),
            bits: 0,
            sums: 0,
            known: FxHashMap::default(),
            open_scores: vec![None; pact.scores.len()],
            open_criteria: vec![None; pact.criteria.len()],
        };
        for at in 0..pact.scores.len() as u32 {
            let sums = circuit.score(ScoreId(at))?;
            circuit.scores.push(sums);
        }
        for at in 0..pact.criteria.len() as u32 {
            let bit = circuit.criteria(CriteriaId(at))?;
            circuit.criteria.push(bit);
        }
        Ok(circuit)
    }

    /// The shape of a row, once everything is in it. Sums come to stand behind the bits.
    pub(super) fn close(&mut self) -> Shape {
        let words = (self.bits as usize).div_ceil(64);
        let behind = |sums: &mut Sums| sums.0 += 2 * words;
        for step in &mut self.steps {
            match step {
                Step::Compare(_, _, a, b) => a.terms.iter_mut().chain(&mut b.terms).for_each(|(_, sums)| behind(sums)),
                Step::Points(.., sums) => behind(sums),
                Step::Capped(from, _, to) | Step::Score { from, to, .. } => [from, to].into_iter().for_each(behind),
                Step::All(..) | Step::Any(..) | Step::Not(..) | Step::Is(..) => {}
            }
        }
        self.given.iter_mut().for_each(|given| behind(&mut given.sums));
        self.faded.iter_mut().for_each(|faded| behind(&mut faded.sums));
        self.always.iter_mut().for_each(|(_, sums)| behind(sums));
        self.scores.iter_mut().for_each(behind);
        Shape { words, width: 2 * words + self.sums }
    }

    fn bit(&mut self) -> Bit {
        self.bits += 1;
        Bit(self.bits - 1)
    }

    fn new_sums(&mut self) -> Sums {
        self.sums += 3;
        Sums(self.sums - 3)
    }

    pub(super) fn input(&mut self, input: Input) -> usize {
        self.inputs.iter().position(|known| *known == input).unwrap_or_else(|| {
            self.inputs.push(input);
            self.inputs.len() - 1
        })
    }

    /// The verdict of a condition.
    pub(super) fn condition(&mut self, expr: &'p Expr) -> Result<Bit, Unplanned> {
        if let Some(bit) = self.known.get(&std::ptr::from_ref(expr)) {
            return Ok(*bit);
        }
        let bit = self.new_condition(expr)?;
        self.known.insert(expr, bit);
        Ok(bit)
    }

    fn new_condition(&mut self, expr: &'p Expr) -> Result<Bit, Unplanned> {
        match &expr.kind {
            ExprKind::Criteria(id) => return self.criteria(*id),
            ExprKind::Not(inner) => {
                let of = self.condition(inner)?;
                return Ok(self.step(|bit| Step::Not(bit, of)));
            }
            ExprKind::And(parts) => {
                let parts = parts.iter().map(|part| self.condition(part)).collect::<Result<Vec<_>, _>>()?;
                return Ok(self.step(|bit| Step::All(bit, mask(&parts))));
            }
            ExprKind::Or(parts) => {
                let parts = parts.iter().map(|part| self.condition(part)).collect::<Result<Vec<_>, _>>()?;
                return Ok(self.step(|bit| Step::Any(bit, mask(&parts))));
            }
            _ => {}
        }
        let looks = LooksAt::of(self.pact, expr);
        if !looks.composed && looks.inputs.len() <= 1 {
            self.kinds.extend(looks.kinds);
            let input = looks.inputs.first().map(|input| self.input(*input));
            let bit = self.bit();
            self.leaves.push(Leaf { bit, input, condition: expr });
            return Ok(bit);
        }
        match &expr.kind {
            ExprKind::IsVerdict(inner, verdict) => {
                let of = self.condition(inner)?;
                Ok(self.step(|bit| Step::Is(bit, of, *verdict)))
            }
            ExprKind::Compare(op, _, a, b) => self.compare(*op, a, b),
            ExprKind::Between(value, low, high) => {
                let ends =
                    [self.compare(Comparison::AtLeast, value, low)?, self.compare(Comparison::AtMost, value, high)?];
                Ok(self.step(|bit| Step::All(bit, mask(&ends))))
            }
            _ => Err(Unplanned),
        }
    }

    fn step(&mut self, step: impl FnOnce(Bit) -> Step) -> Bit {
        let bit = self.bit();
        self.steps.push(step(bit));
        bit
    }

    fn compare(&mut self, op: Comparison, a: &'p Expr, b: &'p Expr) -> Result<Bit, Unplanned> {
        let ordered = matches!(
            op,
            Comparison::AtLeast
                | Comparison::AtMost
                | Comparison::More
                | Comparison::Less
                | Comparison::Equal
                | Comparison::Unequal
        );
        if !ordered {
            return Err(Unplanned);
        }
        let (a, b) = (self.linear(a)?, self.linear(b)?);
        Ok(self.step(|bit| Step::Compare(bit, op, a, b)))
    }

    /// Scores added and taken away. A score that stands in it twice may be less open than its bounds say: as the reference,
    /// which looks at the bounds of each part, does.
    fn linear(&mut self, expr: &'p Expr) -> Result<Linear, Unplanned> {
        let constant = |value: &Value| {
            let whole = value.as_number().filter(rust_decimal::Decimal::is_integer);
            let whole = whole.and_then(|number| i64::try_from(number).ok()).filter(|n| n.abs() <= MOST_POINTS);
            whole.map(|constant| Linear { terms: Vec::new(), constant }).ok_or(Unplanned)
        };
        match &expr.kind {
            ExprKind::Value(value) => constant(value),
            ExprKind::Param(id) => constant(&self.pact[*id].value),
            ExprKind::Score(id) => Ok(Linear { terms: vec![(1, self.score(*id)?)], constant: 0 }),
            ExprKind::Negate(inner) => {
                let Linear { terms, constant } = self.linear(inner)?;
                let terms = terms.into_iter().map(|(sign, score)| (-sign, score));
                Ok(Linear { terms: terms.collect(), constant: -constant })
            }
            ExprKind::Arithmetic(op @ (Arithmetic::Add | Arithmetic::Subtract), a, b) => {
                let (mut a, b) = (self.linear(a)?, self.linear(b)?);
                let sign = if *op == Arithmetic::Add { 1 } else { -1 };
                a.constant += sign * b.constant;
                a.terms.extend(b.terms.into_iter().map(|(of, score)| (sign * of, score)));
                Ok(a)
            }
            _ => Err(Unplanned),
        }
    }

    fn criteria(&mut self, id: CriteriaId) -> Result<Bit, Unplanned> {
        if let Some(bit) = self.open_criteria[id.0 as usize] {
            return Ok(bit);
        }
        let bit = self.needs(&self.pact[id].needs)?;
        self.open_criteria[id.0 as usize] = Some(bit);
        Ok(bit)
    }

    /// A list of needs: all that are none of several, and one of those that are.
    fn needs(&mut self, needs: &'p [Need]) -> Result<Bit, Unplanned> {
        let (mut all, mut any) = (Vec::new(), Vec::new());
        for need in needs {
            let bit = self.need(need)?;
            if need.kind == NeedKind::Any { any.push(bit) } else { all.push(bit) }
        }
        if !any.is_empty() {
            all.push(self.step(|bit| Step::Any(bit, mask(&any))));
        }
        Ok(self.step(|bit| Step::All(bit, mask(&all))))
    }

    /// Whether a need is met.
    pub(super) fn need(&mut self, need: &'p Need) -> Result<Bit, Unplanned> {
        let holds = match &need.body {
            NeedBody::Condition(condition) => self.condition(condition)?,
            NeedBody::Group(needs) => self.needs(needs)?,
        };
        Ok(if need.kind == NeedKind::Not { self.step(|bit| Step::Not(bit, holds)) } else { holds })
    }

    fn score(&mut self, id: ScoreId) -> Result<Sums, Unplanned> {
        if let Some(sums) = self.open_scores[id.0 as usize] {
            return Ok(sums);
        }
        let score = &self.pact[id];
        let scale = if score.fade.is_some() { PARTS } else { 1 };
        let whole = self.new_sums();
        for group in &score.groups {
            let sums = if group.cap.is_some() { self.new_sums() } else { whole };
            for clause in &group.points {
                let Amount::Fixed(points) = &clause.amount else { return Err(Unplanned) };
                let points = bounded(*points)? * scale;
                self.points(id, points, scale, &clause.reason, sums)?;
            }
            if let Some(cap) = group.cap {
                self.steps.push(Step::Capped(sums, bounded(cap)? * scale, whole));
            }
        }
        let range = score.range;
        let to = self.new_sums();
        self.steps.push(Step::Score { from: whole, to, scale, range });
        self.open_scores[id.0 as usize] = Some(to);
        Ok(to)
    }

    fn points(
        &mut self,
        score: ScoreId,
        points: i64,
        scale: i64,
        reason: &'p PointsFor,
        sums: Sums,
    ) -> Result<(), Unplanned> {
        match reason {
            PointsFor::Always => self.always.push((points, sums)),
            PointsFor::When(condition) => {
                let bit = self.condition(condition)?;
                let leaf = self.leaves.iter().find(|leaf| leaf.bit == bit).and_then(|leaf| leaf.input);
                match leaf {
                    Some(input) => self.given.push(Given { input, of: PointsOf::When(bit), points, sums }),
                    None => self.steps.push(Step::Points(bit, points, sums)),
                }
            }
            PointsFor::Per { per_day: Some(_), events, .. } => {
                self.kinds.insert(events.kind);
            }
            PointsFor::Per { events, at_most, .. } => {
                let cap = at_most.map(bounded).transpose()?.map(|cap| cap * scale);
                self.behaviour(score, points, events, Some(cap), sums);
            }
            PointsFor::IfAny(events) => self.behaviour(score, points, events, None, sums),
        }
        Ok(())
    }

    /// Points for events; leads with events of which more is asked than how many there are go to the reference.
    fn behaviour(&mut self, score: ScoreId, points: i64, events: &Events, each: Option<Option<i64>>, sums: Sums) {
        let Events { kind, window, .. } = *events;
        if !is_plain(events) {
            self.kinds.insert(kind);
        } else if self.pact[score].fade.is_some() {
            self.faded.push(Faded { kind, window, score, points, each, sums });
        } else {
            let input = self.input(Input::Events(kind, window));
            let of = each.map_or(PointsOf::Once, PointsOf::Each);
            self.given.push(Given { input, of, points, sums });
        }
    }
}

fn bounded(points: i64) -> Result<i64, Unplanned> {
    if points.abs() <= MOST_POINTS { Ok(points) } else { Err(Unplanned) }
}
