//! A lead at an instant, answered by its compiled.

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use super::inputs::Input;
use super::memory::WorkingMemory;
use super::node::{NodeId, NodeKind, Timing};
use super::points::{PointsTerm, ScoreRangeOutcome};
use super::slot::Slot;
use super::slot_plan::{Keeps, Kept, Moment, Origin, SlotPlan};
use super::steps::first;
use super::tally::SUM_PLACES;
use super::triggers::Triggers;
use super::weights::WHOLE;
use super::{CompiledPact, Condition};
use crate::eval::{
    Answer, Entries, RouteOutcome, Takes, View, WEIGHT_PLACES, band_of, calculate, compare, crossed, each_in, either,
    is_in, lead_by_route, lookup, negate, points_by_place, property_of,
};
use crate::function::Setting;
use crate::pact::{
    Comparison, CriteriaId, Expr, KindClass, KindId, NamedKind, Pact, RouteId, ScoreId, TableId, ValueId, Verdict,
};
use crate::record::{Event, Record};
use crate::time::{Duration, Instant};
use crate::ty::Ty;
use crate::value::{Money, Value};

/// A lead at an instant: what a [`View`] of it answers, out of its memory. Instants do not go back.
pub struct Asked<'a> {
    compiled: &'a CompiledPact,
    pact: &'a Pact,
    record: &'a Record,
    memory: &'a mut WorkingMemory,
    at: Instant,
    /// Another instant at which a node is tried.
    tried: Option<Instant>,
}

impl<'a> Asked<'a> {
    /// Looks at a lead at an instant, after all that happened since it was last looked at. The memory is made where there
    /// is none, or where it is of a later instant.
    pub fn new(pact: &'a Pact, record: &'a Record, memory: &'a mut Option<Box<WorkingMemory>>, at: Instant) -> Self {
        let compiled = CompiledPact::of(pact);
        if memory
            .as_ref()
            .is_some_and(|memory| memory.at.is_some_and(|then| then > at) || memory.taken > record.history.len())
        {
            *memory = None;
        }
        let memory = memory.get_or_insert_with(|| Box::new(WorkingMemory::new(compiled, pact.kinds.len())));
        let mut asked = Self { compiled, pact, record, memory, at, tried: None };
        asked.catch_up();
        asked
    }

    /// Takes in what happened, and the time that passed.
    fn catch_up(&mut self) {
        let passed = self.memory.at != Some(self.at);
        if !passed
            && self.memory.taken == self.record.history.len()
            && self.memory.spent == self.record.past.spent
            && self.memory.retained == self.record.past.retained.len()
        {
            return;
        }
        if passed {
            self.pass();
        }
        if self.memory.spent != self.record.past.spent {
            self.memory.spent = self.record.past.spent;
            self.memory.forget(self.compiled, Input::Answer);
        }
        let retained = self.record.past.retained.len();
        if std::mem::replace(&mut self.memory.retained, retained) != retained {
            self.each_slot(|slot, plan, moment| slot.retain(plan, moment));
        }
        let new = self.record.history.get(self.memory.taken..).unwrap_or_default();
        for (event, place) in new.iter().zip(self.memory.taken..) {
            self.take(event, place);
        }
        self.memory.taken = self.record.history.len();
        for at in 0..self.compiled.slots.len() {
            if matches!(self.memory.slots.get(at), Some(Slot::Empty)) {
                continue;
            }
            let (Some(plan), Some(mut slot)) = (self.compiled.slots.get(at), self.slot_out(at)) else { continue };
            let changed = slot.pass(plan, &self.moment(plan.window));
            self.slot_in(at, slot);
            if changed {
                self.memory.forget(self.compiled, Input::Slot(at as u32));
            }
        }
    }

    /// Time has passed.
    fn pass(&mut self) {
        self.memory.at = Some(self.at);
        self.memory.forget(self.compiled, Input::Now);
        let zone = &self.pact.zone;
        self.memory.starts.fill(None);
        if self.memory.tomorrow.is_none_or(|tomorrow| self.at >= tomorrow) {
            let tomorrow = zone.date(self.at).succ_opt().map(|date| zone.midnight(date));
            self.memory.tomorrow = tomorrow;
            self.memory.forget(self.compiled, Input::Today);
        }
    }

    /// Takes in an event.
    fn take(&mut self, event: &Event, place: usize) {
        if let Some(of_kind) = self.memory.kinds.get_mut(event.kind.0 as usize) {
            *of_kind = Some((of_kind.map_or(place, |(first, _)| first), place));
        }
        self.memory.forget(self.compiled, Input::Kind(event.kind));
        if self.pact[event.kind].class == KindClass::Disposition {
            self.memory.answer = Some(place);
            self.memory.forget(self.compiled, Input::Answer);
        }
        let compiled = self.compiled;
        for (at, plan) in compiled.slots.iter().enumerate().filter(|(_, plan)| plan.kind == event.kind) {
            let holds = plan.condition.map_or(Verdict::Met, |node| self.value(node, Some(event)).verdict());
            let Some(mut slot) = self.slot_out(at) else { continue };
            slot.take(plan, &self.moment(plan.window), event, holds);
            self.slot_in(at, slot);
        }
    }

    fn each_slot(&mut self, mut act: impl FnMut(&mut Slot, &SlotPlan, &Moment<'_>)) {
        let compiled = self.compiled;
        for (at, plan) in compiled.slots.iter().enumerate() {
            let Some(mut slot) = self.slot_out(at) else { continue };
            act(&mut slot, plan, &self.moment(plan.window));
            self.slot_in(at, slot);
        }
    }

    fn slot_out(&mut self, at: usize) -> Option<Slot> {
        let slot = self.memory.slots.get_mut(at)?;
        Some(std::mem::replace(slot, Slot::Inexact))
    }

    fn slot_in(&mut self, at: usize, slot: Slot) {
        if let Some(place) = self.memory.slots.get_mut(at) {
            *place = slot;
        }
    }

    fn moment(&mut self, window: Option<usize>) -> Moment<'a> {
        let window = window.map(|window| {
            let of = || self.compiled.windows.get(window)?.before(self.at, &self.pact.zone);
            match self.memory.starts.get_mut(window) {
                Some(start) => *start.get_or_insert_with(of),
                None => of(),
            }
        });
        Moment { pact: self.pact, record: self.record, at: self.at, window }
    }

    /// Whether a condition is met; where the pact asks nothing, nothing stands in the way.
    pub fn holds(&mut self, condition: Condition) -> bool {
        self.verdict(condition).is_none_or(|verdict| verdict == Verdict::Met)
    }

    /// The verdict of a condition; none where the pact asks nothing.
    pub fn verdict(&mut self, condition: Condition) -> Option<Verdict> {
        let node = self.compiled.conditions.node(condition)?;
        Some(self.ensure(node).verdict())
    }

    /// Where a route leads the lead.
    pub fn route(&mut self, id: RouteId, takes: &mut Takes<'_>) -> Option<RouteOutcome> {
        let (pact, record) = (self.pact, self.record);
        let compiled = self.compiled;
        let rows = |table: TableId| compiled.table(table)?.rows(pact, table, record);
        let mut holds =
            |position: usize, _: &Expr| self.verdict(Condition::Entry(id, position)).unwrap_or(Verdict::Unknown);
        lead_by_route(pact, record, id, &mut Entries { holds: &mut holds, rows: &rows }, takes)
    }

    /// A score of the lead.
    pub fn score(&mut self, id: ScoreId) -> ScoreRangeOutcome {
        let Some(node) = self.compiled.score_nodes.get(id.0 as usize).copied() else {
            return ScoreRangeOutcome::default();
        };
        self.ensure(node);
        let plan = match self.compiled.nodes.get(node.0 as usize).map(|node| &node.kind) {
            Some(NodeKind::Score { plan, .. }) => *plan as usize,
            _ => return ScoreRangeOutcome::default(),
        };
        self.memory.scores.get(plan).copied().unwrap_or_default()
    }

    /// A named value or band of the lead.
    pub fn named(&mut self, id: ValueId) -> Answer {
        let node = self.compiled.value_nodes.get(id.0 as usize).copied();
        node.map_or(Answer::Unknown, |node| self.ensure(node).clone())
    }

    /// What a named value of the lead shows: what it is with the sure points of each open score; none where it is open for
    /// another reason, or missing.
    pub fn shown(&mut self, id: ValueId) -> Option<Value> {
        let node = self.compiled.shown_nodes.get(id.0 as usize).copied()?;
        match self.ensure(node) {
            Answer::Known(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The verdict of a criteria of the lead.
    pub fn criteria(&mut self, id: CriteriaId) -> Verdict {
        let node = self.compiled.criteria_nodes.get(id.0 as usize).copied();
        node.map_or(Verdict::Unknown, |node| self.ensure(node).verdict())
    }

    /// The next instant after this one, and not after `limit`, at which some of the triggers may fire, if nothing happens.
    pub fn next_trigger(&mut self, triggers: &Triggers, limit: Instant) -> Option<Instant> {
        let (now, zone) = (self.at, &self.pact.zone);
        let mut best = None;
        let may = |at: Instant, best: &mut Option<Instant>| {
            if at > now && at <= best.unwrap_or(limit) {
                *best = Some(at);
            }
        };
        for queue in &triggers.queues {
            let (Some(plan), Some(of)) = (self.compiled.queues.get(*queue), self.memory.queues.get_mut(*queue)) else {
                continue;
            };
            if let Some(at) = of.next(*plan, &self.record.history, now, zone) {
                may(at, &mut best);
            }
        }
        if triggers.days
            && let Some(tomorrow) = zone.date(now).succ_opt()
        {
            may(zone.midnight(tomorrow), &mut best);
        }
        for (moment, node) in triggers.moments.iter().zip(&triggers.moment_nodes) {
            let timing = self.compiled.nodes.get(node.0 as usize).map_or(Timing::History, |node| node.timing);
            let end = best.unwrap_or(limit);
            let (pact, record) = (self.pact, self.record);
            let mut holds = |at: Instant| match timing {
                Timing::History => View::new(pact, record, at).condition(moment),
                _ => self.at_instant(*node, at),
            };
            let before = holds(now);
            if holds(end) != before {
                let at = first(now, end, |at| holds(at) != before);
                may(at, &mut best);
            }
        }
        best
    }

    /// The verdict of a node at another instant, if nothing happens.
    fn at_instant(&mut self, node: NodeId, at: Instant) -> Verdict {
        self.tried = Some(at);
        let verdict = self.value(node, None).verdict();
        self.tried = None;
        verdict
    }

    /// What a node is worth, worked out where it is not known.
    fn ensure(&mut self, id: NodeId) -> &Answer {
        let at = id.0 as usize;
        if self.memory.answers.get(at).is_some_and(Option::is_none) {
            let answer = self.work_out(id, None);
            if let Some(place) = self.memory.answers.get_mut(at) {
                *place = Some(answer);
            }
        }
        self.memory.answers.get(at).and_then(Option::as_ref).unwrap_or(&Answer::Unknown)
    }

    /// What a node is worth; `event` is the one that a `where` looks at.
    fn value(&mut self, id: NodeId, event: Option<&Event>) -> Answer {
        match self.compiled.nodes.get(id.0 as usize) {
            Some(node) if node.of_event || (self.tried.is_some() && node.timing != Timing::Never) => {
                self.work_out(id, event)
            }
            _ => self.ensure(id).clone(),
        }
    }

    fn check(&mut self, id: NodeId, event: Option<&Event>) -> Verdict {
        match self.compiled.nodes.get(id.0 as usize) {
            Some(node) if node.of_event || (self.tried.is_some() && node.timing != Timing::Never) => {
                self.work_out(id, event).verdict()
            }
            _ => self.ensure(id).verdict(),
        }
    }

    fn work_out(&mut self, id: NodeId, event: Option<&Event>) -> Answer {
        let compiled = self.compiled;
        let Some(node) = compiled.nodes.get(id.0 as usize) else { return Answer::Unknown };
        let (pact, record, folding) = (self.pact, self.record, self.pact.folding);
        let now = self.tried.unwrap_or(self.at);
        match &node.kind {
            NodeKind::Constant(answer) => answer.clone(),
            NodeKind::Field(field) => Answer::of(record.value(*field).cloned()),
            NodeKind::Property(at) => Answer::of(event.and_then(|event| property_of(event, *at))),
            NodeKind::Score { plan, sure } => {
                let score = self.sum_up(*plan);
                match *sure || score.low == score.high {
                    true => Answer::Known(Value::Number(score.points)),
                    false => Answer::Within(score.low, score.high),
                }
            }
            NodeKind::Band { value, of, ends } => {
                let of = self.value(*of, None);
                let ends: Vec<Answer> = ends.iter().map(|end| self.value(*end, None)).collect();
                match &pact[*value].kind {
                    NamedKind::Band(band) => band_of(folding, band, &of, &ends),
                    _ => Answer::Unknown,
                }
            }
            NodeKind::Grid { value, rows, columns } => {
                let (rows, columns) = (self.value(*rows, None), self.value(*columns, None));
                match &pact[*value].kind {
                    NamedKind::Grid(grid) => {
                        let words = |id: ValueId| pact[id].words();
                        crossed(grid, (words(grid.rows), &rows), (words(grid.columns), &columns), words(*value))
                    }
                    _ => Answer::Unknown,
                }
            }
            NodeKind::Disposition => {
                Answer::of(self.disposition().map(|event| Value::Word(pact[event.kind].name.clone())))
            }
            NodeKind::DispositionProperty(of) => Answer::of(self.disposition().and_then(|event| {
                let (_, property) = of.iter().find(|(kind, _)| *kind == event.kind)?;
                property_of(event, *property)
            })),
            NodeKind::Now => Answer::Known(Value::Time(now)),
            NodeKind::Today => Answer::Known(Value::Date(pact.zone.date(now))),
            NodeKind::Not(a) => (!self.check(*a, event)).into(),
            NodeKind::Negate(a) => match self.value(*a, event) {
                Answer::Known(value) => Answer::of(negate(value)),
                Answer::Within(low, high) => Answer::Within(-high, -low),
                Answer::Among(_) | Answer::Unknown => Answer::Unknown,
            },
            NodeKind::All(parts) => {
                let mut all = Verdict::Met;
                for part in parts {
                    all = all.and(self.check(*part, event));
                    if all == Verdict::NotMet {
                        break;
                    }
                }
                all.into()
            }
            NodeKind::Either(parts) => {
                let mut any = Verdict::NotMet;
                for part in parts {
                    any = any.or(self.check(*part, event));
                    if any == Verdict::Met {
                        break;
                    }
                }
                any.into()
            }
            NodeKind::Compare(op, exactly, a, b) => {
                let (a, b) = (self.value(*a, event), self.value(*b, event));
                compare(folding, *op, *exactly, &a, &b).into()
            }
            NodeKind::Matches(a, pattern) => match self.value(*a, event) {
                Answer::Known(value) => match value.as_text() {
                    Some(text) => Verdict::known(pattern.0.is_match(&crate::text::exact(text))).into(),
                    None => Answer::Unknown,
                },
                _ => Answer::Unknown,
            },
            NodeKind::Arithmetic(op, a, b) => {
                let (a, b) = (self.value(*a, event), self.value(*b, event));
                calculate(*op, &a, &b, &pact.zone)
            }
            NodeKind::IfMissing(a, b) => match self.value(*a, event) {
                Answer::Unknown => self.value(*b, event),
                answer => answer,
            },
            NodeKind::Present(a, present) => {
                let missing = self.value(*a, event) == Answer::Unknown;
                Verdict::known(missing != *present).into()
            }
            NodeKind::IsVerdict(a, verdict) => Verdict::known(self.check(*a, event) == *verdict).into(),
            NodeKind::Between(value, low, high) => {
                let (value, low, high) = (self.value(*value, event), self.value(*low, event), self.value(*high, event));
                let above = compare(folding, Comparison::AtLeast, false, &value, &low);
                above.and(compare(folding, Comparison::AtMost, false, &value, &high)).into()
            }
            NodeKind::In { value, set, exactly, negated } => {
                let found = is_in(pact, record, &self.value(*value, event), set, *exactly);
                (if *negated { !found } else { found }).into()
            }
            NodeKind::EachIn { field, set, exactly, negated } => each_in(pact, record, *field, set, *exactly, *negated),
            NodeKind::Choice(condition, yes, no) => match self.check(*condition, event) {
                Verdict::Met => self.value(*yes, event),
                Verdict::NotMet => self.value(*no, event),
                Verdict::Unknown => either(folding, &self.value(*yes, event), &self.value(*no, event)),
            },
            NodeKind::Call(function, arguments) => {
                let mut values = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    let Answer::Known(value) = self.value(*argument, event) else { return Answer::Unknown };
                    values.push(value);
                }
                let setting = Setting { folding, zone: &pact.zone, fiscal_start: pact.fiscal_start };
                Answer::of(function.apply(&values, setting))
            }
            NodeKind::Lookup(table, output) => {
                let among = compiled.table(*table).and_then(|index| index.rows(pact, *table, record));
                lookup(pact, record, *table, *output, among.as_deref())
            }
            NodeKind::Any(slot) => match self.kept(*slot) {
                Some(kept) => match (kept.sure, kept.possible) {
                    (0, 0) => Verdict::NotMet.into(),
                    (0, _) => Verdict::Unknown.into(),
                    _ => Verdict::Met.into(),
                },
                None => self.by_reference(*slot),
            },
            NodeKind::Count(slot) => match self.kept(*slot) {
                Some(kept) => Answer::within(count(kept.sure), count(kept.possible)),
                None => self.by_reference(*slot),
            },
            NodeKind::Sum(slot) => match self.kept(*slot) {
                Some(kept) => self.sum(*slot, kept),
                None => self.by_reference(*slot),
            },
            NodeKind::Latest(kind, property) => {
                Answer::of(self.event_of(*kind, |(_, last)| last).and_then(|event| property_of(event, *property)))
            }
            NodeKind::Earliest(kind, property) => {
                Answer::of(self.event_of(*kind, |(first, _)| first).and_then(|event| property_of(event, *property)))
            }
            NodeKind::TimeSince(kind) => {
                let latest = self.event_of(*kind, |(_, last)| last);
                Answer::of(
                    latest.map(|event| {
                        Value::Duration(Duration::seconds(now.signed_duration_since(event.at).num_seconds()))
                    }),
                )
            }
            NodeKind::Reference { expr, sure } => {
                let view = View::new(pact, record, self.at);
                if *sure { view.surely().worth(expr) } else { view.worth(expr) }
            }
        }
    }

    /// The latest answer of sales that has not moved the lead yet.
    fn disposition(&self) -> Option<&'a Event> {
        let place = self.memory.answer.filter(|place| *place >= self.record.past.spent)?;
        self.record.history.get(place)
    }

    fn event_of(&self, kind: KindId, which: fn((usize, usize)) -> usize) -> Option<&'a Event> {
        let places = self.memory.kinds.get(kind.0 as usize).copied().flatten()?;
        self.record.history.get(which(places))
    }

    fn kept(&self, slot: u32) -> Option<Kept> {
        self.memory.slots.get(slot as usize)?.kept()
    }

    fn by_reference(&self, slot: u32) -> Answer {
        match self.compiled.slots.get(slot as usize).map(|plan| &plan.origin) {
            Some(Origin::Question(question)) => View::new(self.pact, self.record, self.at).question(question),
            _ => Answer::Unknown,
        }
    }

    /// A sum is unknown when it hangs on an event of which it is not known whether it counts.
    fn sum(&self, slot: u32, kept: Kept) -> Answer {
        if kept.unsure > 0 {
            return Answer::Unknown;
        }
        let Some(plan) = self.compiled.slots.get(slot as usize) else { return Answer::Unknown };
        let total = Decimal::try_from_i128_with_scale(kept.sure, SUM_PLACES).unwrap_or_default().normalize();
        let ty = match plan.keeps {
            Keeps::Sum(property) => self.pact[plan.kind].properties.get(property as usize).map(|p| &p.ty),
            _ => None,
        };
        Answer::Known(match ty {
            Some(Ty::Money(currency)) => Value::Money(Money { amount: total, currency: *currency }),
            _ => Value::Number(total),
        })
    }

    /// Sums up a score, in billionths where all of its points are of whole numbers.
    fn sum_up(&mut self, plan: u32) -> ScoreRangeOutcome {
        let compiled = self.compiled;
        let Some(score) = compiled.scores.get(plan as usize) else { return ScoreRangeOutcome::default() };
        let mut total = [Points::default(); 3];
        for group in &score.groups {
            let mut of_group = [Points::default(); 3];
            for term in &group.terms {
                for (sum, points) in of_group.iter_mut().zip(self.term(score.id, term)) {
                    *sum = sum.plus(points);
                }
            }
            for (sum, of_group) in total.iter_mut().zip(of_group) {
                *sum = sum.plus(of_group.capped(group.cap));
            }
        }
        let range = self.pact[score.id].range;
        let [points, low, high] = total.map(|total| total.whole(range));
        let outcome = ScoreRangeOutcome { points, low, high };
        // what it would be at another instant it is not
        if let Some(place) = self.memory.scores.get_mut(plan as usize).filter(|_| self.tried.is_none()) {
            *place = outcome;
        }
        outcome
    }

    /// What a clause gives: for sure, at least and at most.
    fn term(&mut self, score: ScoreId, term: &PointsTerm) -> [Points; 3] {
        match term {
            PointsTerm::Always(full) => [Points::of(*full); 3],
            PointsTerm::When(full, condition) => match self.check(*condition, None) {
                Verdict::Met => [Points::of(*full); 3],
                Verdict::NotMet => [Points::default(); 3],
                Verdict::Unknown => range(Points::default(), Points::of(*full)),
            },
            PointsTerm::Events { slot, at_most } => match self.kept(*slot) {
                Some(kept) => {
                    let capped = |points: i128| Points::Billionths(points).capped(*at_most);
                    range(capped(kept.sure), capped(kept.possible))
                }
                None => match self.compiled.slots.get(*slot as usize).map(|plan| &plan.origin) {
                    Some(Origin::Points(group, position)) => self.clause(score, *group, *position, false),
                    _ => [Points::default(); 3],
                },
            },
            PointsTerm::Reference { group, position, sure } => self.clause(score, *group, *position, *sure),
            PointsTerm::Computed { holds, amount, surely } => {
                let verdict = holds.map_or(Verdict::Met, |node| self.check(node, None));
                let (low, high) = self.value(*amount, None).bounds().unwrap_or_default();
                let (points, low, high) = match verdict {
                    Verdict::NotMet => Default::default(),
                    Verdict::Met => {
                        let (least, most) = self.value(*surely, None).bounds().unwrap_or_default();
                        (Decimal::ZERO.clamp(least.min(most), most.max(least)), low, high)
                    }
                    Verdict::Unknown => (Decimal::ZERO, low.min(Decimal::ZERO), high.max(Decimal::ZERO)),
                };
                [points, low, high].map(Points::Exact)
            }
        }
    }

    /// A clause by the reference evaluator.
    fn clause(&self, score: ScoreId, group: usize, position: usize, sure: bool) -> [Points; 3] {
        let view = View::new(self.pact, self.record, self.at);
        let view = if sure { view.surely() } else { &view };
        let outcome = points_by_place(view, score, group, position);
        outcome.map_or([Points::default(); 3], |outcome| [outcome.points, outcome.low, outcome.high].map(Points::Exact))
    }
}

/// Points: in billionths as long as they are whole numbers that faded, else as they are.
#[derive(Clone, Copy)]
enum Points {
    Billionths(i128),
    Exact(Decimal),
}

impl Default for Points {
    fn default() -> Self {
        Self::Billionths(0)
    }
}

impl Points {
    fn of(whole: i64) -> Self {
        Self::Billionths(i128::from(whole) * i128::from(WHOLE))
    }

    fn exact(self) -> Decimal {
        match self {
            Self::Billionths(points) => {
                Decimal::try_from_i128_with_scale(points, WEIGHT_PLACES).unwrap_or_default().normalize()
            }
            Self::Exact(points) => points,
        }
    }

    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Billionths(a), Self::Billionths(b)) => Self::Billionths(a + b),
            (a, b) => Self::Exact(a.exact() + b.exact()),
        }
    }

    /// Within `-cap..=cap`.
    fn capped(self, cap: Option<i64>) -> Self {
        let Some(cap) = cap else { return self };
        match self {
            Self::Billionths(points) => {
                let cap = i128::from(cap) * i128::from(WHOLE);
                Self::Billionths(points.clamp(-cap, cap))
            }
            Self::Exact(points) => Self::Exact(points.clamp(-Decimal::from(cap), Decimal::from(cap))),
        }
    }

    /// Rounded half away from zero, within the score's range.
    fn whole(self, range: Option<(i64, i64)>) -> Decimal {
        let within = |n: Decimal| {
            range.map_or(n, |(least, most)| n.clamp(Decimal::from(least), Decimal::from(most))).normalize()
        };
        match self {
            Self::Billionths(points) => {
                let (whole, rest) = (points / i128::from(WHOLE), points % i128::from(WHOLE));
                let up = i128::from(rest.abs() * 2 >= i128::from(WHOLE)) * rest.signum();
                within(Decimal::from_i128_with_scale((whole + up).clamp(i128::from(i64::MIN), i128::from(i64::MAX)), 0))
            }
            Self::Exact(points) => within(points.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)),
        }
    }
}

fn count(kept: i128) -> Decimal {
    Decimal::from(kept.to_i64().unwrap_or_default())
}

/// What is sure, with the least and the most of it and of what is possible.
fn range(sure: Points, possible: Points) -> [Points; 3] {
    let more = match (sure, possible) {
        (Points::Billionths(sure), Points::Billionths(possible)) => possible >= sure,
        (sure, possible) => possible.exact() >= sure.exact(),
    };
    if more { [sure, sure, possible] } else { [sure, possible, sure] }
}
