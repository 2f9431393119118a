//! A pact to its compiled.

use rustc_hash::FxHashMap;

use super::CompiledPact;
use super::conditions::Conditions;
use super::dependents::Dependents;
use super::inputs::{Input, Inputs};
use super::node::{Node, NodeId, NodeKind, Timing};
use super::points::{GroupPlan, PointsTerm, ScorePlan};
use super::queue::QueuePlan;
use super::slot_plan::{Keeps, Origin, PointsPlan, SlotPlan};
use super::table_index::TableIndex;
use super::triggers::trigger_index;
use crate::eval::Answer;
use crate::pact::{
    Amount, CriteriaId, Events, Expr, ExprKind, NamedKind, Need, NeedBody, NeedKind, Pact, Points, PointsFor, Question,
    ScoreId, Set, TableId, ValueId,
};
use crate::time::Duration;

pub(super) fn compile(pact: &Pact) -> CompiledPact {
    let mut compiler = Compiler::new(pact);
    let conditions = Conditions::of(pact, &mut |expr| compiler.node(expr, false));
    let score_nodes = (0..pact.scores.len()).map(|at| compiler.score(ScoreId(at as u32), false)).collect();
    let value_nodes = (0..pact.values.len()).map(|at| compiler.named(ValueId(at as u32), false)).collect();
    let shown_nodes = (0..pact.values.len()).map(|at| compiler.named(ValueId(at as u32), true)).collect();
    let criteria_nodes = (0..pact.criteria.len()).map(|at| compiler.criteria(CriteriaId(at as u32), false)).collect();
    let mut triggers = trigger_index(pact);
    let mut queues = Vec::new();
    for of in triggers.each_mut() {
        let leaves = of.windows.iter().map(|(kind, window)| QueuePlan::Leaves(*kind, *window));
        let fades = of.fades.iter().map(|(kind, every, most)| QueuePlan::Fades(*kind, *every, *most));
        of.queues = leaves.chain(fades).map(|plan| place(&mut queues, plan)).collect();
        of.moment_nodes = of.moments.iter().map(|moment| compiler.node(moment, false)).collect();
    }
    let Compiler { nodes, scores, slots, windows, .. } = compiler;
    let mut dependents = Dependents::default();
    for (node, at) in nodes.iter().zip(0..) {
        dependents.add(NodeId(at), &node.inputs);
    }
    let tables = (0..pact.tables.len()).map(|at| TableIndex::of(pact, TableId(at as u32))).collect();
    let takes_effect = pact.effective.map(|date| pact.zone.midnight(date));
    CompiledPact {
        takes_effect,
        tables,
        nodes,
        dependents,
        scores,
        score_nodes,
        value_nodes,
        shown_nodes,
        criteria_nodes,
        slots,
        windows,
        queues,
        conditions,
        triggers,
    }
}

/// The place of an item in a list, to which it is added where it is new.
fn place<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|other| *other == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}

struct Compiler<'p> {
    pact: &'p Pact,
    nodes: Vec<Node>,
    scores: Vec<ScorePlan>,
    slots: Vec<SlotPlan>,
    windows: Vec<Duration>,
    /// Nodes and slots by what they are, so that each is there once.
    known: FxHashMap<String, NodeId>,
    known_slots: FxHashMap<String, u32>,
    known_scores: FxHashMap<(ScoreId, bool), NodeId>,
    known_values: FxHashMap<(ValueId, bool), NodeId>,
    known_criteria: FxHashMap<(CriteriaId, bool), NodeId>,
}

impl<'p> Compiler<'p> {
    fn new(pact: &'p Pact) -> Self {
        Self {
            pact,
            nodes: Vec::new(),
            scores: Vec::new(),
            slots: Vec::new(),
            windows: Vec::new(),
            known: FxHashMap::default(),
            known_slots: FxHashMap::default(),
            known_scores: FxHashMap::default(),
            known_values: FxHashMap::default(),
            known_criteria: FxHashMap::default(),
        }
    }

    /// The node of an expression; with `sure` as it is where scores count with their sure points alone.
    fn node(&mut self, expr: &Expr, sure: bool) -> NodeId {
        use ExprKind as E;
        let kind = match &expr.kind {
            E::Value(value) => NodeKind::Constant(Answer::Known(value.clone())),
            E::Param(id) => NodeKind::Constant(Answer::Known(self.pact[*id].value.clone())),
            E::Field(id) => NodeKind::Field(*id),
            E::Property(at) => NodeKind::Property(*at),
            E::Score(id) => return self.score(*id, sure),
            E::Named(id) => return self.named(*id, sure),
            E::Criteria(id) => return self.criteria(*id, sure),
            E::Disposition => NodeKind::Disposition,
            E::DispositionProperty(of) => NodeKind::DispositionProperty(of.clone()),
            E::Now => NodeKind::Now,
            E::Today => NodeKind::Today,
            E::Not(a) => NodeKind::Not(self.node(a, sure)),
            E::Negate(a) => NodeKind::Negate(self.node(a, sure)),
            E::And(parts) => NodeKind::All(self.all(parts, sure)),
            E::Or(parts) => NodeKind::Either(self.all(parts, sure)),
            E::Compare(op, exactly, a, b) => NodeKind::Compare(*op, *exactly, self.node(a, sure), self.node(b, sure)),
            E::Matches(a, pattern) => NodeKind::Matches(self.node(a, sure), pattern.clone()),
            E::Arithmetic(op, a, b) => NodeKind::Arithmetic(*op, self.node(a, sure), self.node(b, sure)),
            E::IfMissing(a, b) => NodeKind::IfMissing(self.node(a, sure), self.node(b, sure)),
            E::Present(a, present) => NodeKind::Present(self.node(a, sure), *present),
            E::IsVerdict(a, verdict) => NodeKind::IsVerdict(self.node(a, sure), *verdict),
            E::Between(a, b, c) => NodeKind::Between(self.node(a, sure), self.node(b, sure), self.node(c, sure)),
            E::In { value, set, exactly, negated } => {
                NodeKind::In { value: self.node(value, sure), set: set.clone(), exactly: *exactly, negated: *negated }
            }
            E::EachIn { field, set, exactly, negated } => {
                NodeKind::EachIn { field: *field, set: set.clone(), exactly: *exactly, negated: *negated }
            }
            E::Choice(a, b, c) => NodeKind::Choice(self.node(a, sure), self.node(b, sure), self.node(c, sure)),
            E::Call(function, arguments) => NodeKind::Call(*function, self.all(arguments, sure)),
            E::Lookup(table, output) => NodeKind::Lookup(*table, *output),
            E::Question(question) => return self.question(expr, question, sure),
        };
        self.add(kind)
    }

    fn all(&mut self, parts: &[Expr], sure: bool) -> Vec<NodeId> {
        parts.iter().map(|part| self.node(part, sure)).collect()
    }

    /// Adds a node that hangs on what it names.
    fn add(&mut self, kind: NodeKind) -> NodeId {
        self.add_with(kind, Inputs::new())
    }

    /// Adds a node that hangs on more than it names.
    fn add_with(&mut self, kind: NodeKind, more: Inputs) -> NodeId {
        let name = format!("{kind:?}");
        if let Some(known) = self.known.get(&name) {
            return *known;
        }
        let mut inputs = self.named_by(&kind);
        inputs.extend(more);
        let asked = self.asked_by(&kind);
        let asked = asked.iter().filter_map(|id| self.nodes.get(id.0 as usize));
        let of_event = matches!(kind, NodeKind::Property(_)) || asked.clone().any(|node| node.of_event);
        let mut timing = match &kind {
            NodeKind::Now | NodeKind::Today | NodeKind::TimeSince(_) => Timing::Clock,
            _ if inputs.iter().any(|input| matches!(input, Input::Slot(_) | Input::Now)) => Timing::History,
            _ => Timing::Never,
        };
        for node in asked {
            inputs.extend(&node.inputs);
            timing = timing.max(node.timing);
        }
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node { kind, inputs, of_event, timing });
        self.known.insert(name, id);
        id
    }

    /// The inputs that a node names itself.
    fn named_by(&self, kind: &NodeKind) -> Inputs {
        let field_set = |set: &Set| if let Set::Field(field) = set { Some(Input::Field(*field)) } else { None };
        match kind {
            NodeKind::Field(field) => Inputs::from([Input::Field(*field)]),
            NodeKind::Disposition | NodeKind::DispositionProperty(_) => Inputs::from([Input::Answer]),
            NodeKind::Now => Inputs::from([Input::Now]),
            NodeKind::Today => Inputs::from([Input::Today]),
            NodeKind::In { set, .. } => field_set(set).into_iter().collect(),
            NodeKind::EachIn { field, set, .. } => field_set(set).into_iter().chain([Input::Field(*field)]).collect(),
            NodeKind::Lookup(table, _) => self.pact[*table].inputs.iter().map(|field| Input::Field(*field)).collect(),
            NodeKind::Any(slot) | NodeKind::Count(slot) | NodeKind::Sum(slot) => Inputs::from([Input::Slot(*slot)]),
            NodeKind::Latest(kind, _) | NodeKind::Earliest(kind, _) => Inputs::from([Input::Kind(*kind)]),
            NodeKind::TimeSince(kind) => Inputs::from([Input::Kind(*kind), Input::Now]),
            _ => Inputs::new(),
        }
    }

    /// The nodes that a node asks.
    fn asked_by(&self, kind: &NodeKind) -> Vec<NodeId> {
        use NodeKind as N;
        match kind {
            N::Not(a)
            | N::Negate(a)
            | N::Matches(a, _)
            | N::Present(a, _)
            | N::IsVerdict(a, _)
            | N::In { value: a, .. } => vec![*a],
            N::Compare(_, _, a, b) | N::Arithmetic(_, a, b) | N::IfMissing(a, b) => vec![*a, *b],
            N::Between(a, b, c) | N::Choice(a, b, c) => vec![*a, *b, *c],
            N::All(parts) | N::Either(parts) | N::Call(_, parts) => parts.clone(),
            N::Band { of, ends, .. } => ends.iter().copied().chain([*of]).collect(),
            N::Grid { rows, columns, .. } => vec![*rows, *columns],
            N::Score { plan, .. } => self.asked_by_score(*plan),
            _ => Vec::new(),
        }
    }

    fn asked_by_score(&self, plan: u32) -> Vec<NodeId> {
        let groups = self.scores.get(plan as usize).map_or(&[][..], |plan| &plan.groups);
        let asked = groups.iter().flat_map(|group| &group.terms).flat_map(|term| match term {
            PointsTerm::When(_, node) => vec![*node],
            PointsTerm::Computed { holds, amount, surely } => holds.iter().copied().chain([*amount, *surely]).collect(),
            PointsTerm::Always(_) | PointsTerm::Events { .. } | PointsTerm::Reference { .. } => Vec::new(),
        });
        asked.collect()
    }

    fn named(&mut self, id: ValueId, sure: bool) -> NodeId {
        if let Some(known) = self.known_values.get(&(id, sure)) {
            return *known;
        }
        let node = match &self.pact[id].kind {
            NamedKind::Value(value) => self.node(value, sure),
            NamedKind::Band(band) => {
                let of = self.node(&band.of, sure);
                let missing = NodeKind::Constant(Answer::Unknown);
                let ends = band.cases.iter().map(|case| match case.end() {
                    Some(end) => self.node(end, sure),
                    None => self.add(missing.clone()),
                });
                let ends = ends.collect();
                self.add(NodeKind::Band { value: id, of, ends })
            }
            NamedKind::Grid(grid) => {
                let (rows, columns) = (self.named(grid.rows, sure), self.named(grid.columns, sure));
                self.add(NodeKind::Grid { value: id, rows, columns })
            }
        };
        self.known_values.insert((id, sure), node);
        node
    }

    fn criteria(&mut self, id: CriteriaId, sure: bool) -> NodeId {
        if let Some(known) = self.known_criteria.get(&(id, sure)) {
            return *known;
        }
        let node = self.needs(&self.pact[id].needs, sure);
        self.known_criteria.insert((id, sure), node);
        node
    }

    /// Every need, one `any` where there are some, no `not`.
    fn needs(&mut self, needs: &[Need], sure: bool) -> NodeId {
        let (mut all, mut any) = (Vec::new(), Vec::new());
        for need in needs {
            let node = match &need.body {
                NeedBody::Group(inner) => self.needs(inner, sure),
                NeedBody::Condition(condition) => self.node(condition, sure),
            };
            match need.kind {
                NeedKind::Any => any.push(node),
                NeedKind::Not => all.push(self.add(NodeKind::Not(node))),
                _ => all.push(node),
            }
        }
        if !any.is_empty() {
            all.push(self.add(NodeKind::Either(any)));
        }
        self.add(NodeKind::All(all))
    }

    fn score(&mut self, id: ScoreId, sure: bool) -> NodeId {
        if let Some(known) = self.known_scores.get(&(id, sure)) {
            return *known;
        }
        let score = &self.pact[id];
        let (mut more, mut groups) = (Inputs::new(), Vec::new());
        for (group, of) in score.groups.iter().enumerate() {
            let mut terms = Vec::new();
            for (position, clause) in of.points.iter().enumerate() {
                terms.push(self.term(id, (group, position), clause, sure, &mut more));
            }
            groups.push(GroupPlan { cap: of.cap, terms });
        }
        let plan = self.scores.len() as u32;
        self.scores.push(ScorePlan { id, groups });
        let node = self.add_with(NodeKind::Score { plan, sure }, more);
        self.known_scores.insert((id, sure), node);
        node
    }

    fn term(
        &mut self,
        score: ScoreId,
        (group, position): (usize, usize),
        clause: &Points,
        sure: bool,
        more: &mut Inputs,
    ) -> PointsTerm {
        let full = match &clause.amount {
            Amount::Fixed(points) => *points,
            Amount::Computed(amount) => {
                let holds = match &clause.reason {
                    PointsFor::When(condition) => Some(self.node(condition, sure)),
                    _ => None,
                };
                return PointsTerm::Computed {
                    holds,
                    amount: self.node(amount, sure),
                    surely: self.node(amount, true),
                };
            }
        };
        let (events, keeps, at_most) = match &clause.reason {
            PointsFor::Always => return PointsTerm::Always(full),
            PointsFor::When(condition) => return PointsTerm::When(full, self.node(condition, sure)),
            PointsFor::IfAny(events) => {
                let plan = PointsPlan { full, per_day: None, fade: self.pact[score].fade.clone(), score };
                (events, Keeps::LatestPoints(plan), None)
            }
            PointsFor::Per { events, at_most, per_day } => {
                let plan = PointsPlan { full, per_day: *per_day, fade: self.pact[score].fade.clone(), score };
                (events, Keeps::Points(plan), *at_most)
            }
        };
        match self.slot(events, keeps, Origin::Points(group, position), sure) {
            Ok(slot) => {
                more.insert(Input::Slot(slot));
                PointsTerm::Events { slot, at_most }
            }
            Err(inputs) => {
                more.extend(inputs);
                PointsTerm::Reference { group, position, sure }
            }
        }
    }

    fn question(&mut self, expr: &Expr, question: &Question, sure: bool) -> NodeId {
        let (events, keeps) = match question {
            Question::Latest(kind, property) => return self.add(NodeKind::Latest(*kind, *property)),
            Question::Earliest(kind, property) => return self.add(NodeKind::Earliest(*kind, *property)),
            Question::TimeSince(kind) => return self.add(NodeKind::TimeSince(*kind)),
            Question::Any(events) => (events, Keeps::Latest),
            Question::Count(events) => (events, Keeps::Count),
            Question::Sum(property, events) => (events, Keeps::Sum(*property)),
        };
        match self.slot(events, keeps, Origin::Question(question.clone()), sure) {
            Ok(slot) => self.add(match question {
                Question::Any(_) => NodeKind::Any(slot),
                Question::Count(_) => NodeKind::Count(slot),
                _ => NodeKind::Sum(slot),
            }),
            Err(inputs) => self.add_with(NodeKind::Reference { expr: Box::new(expr.clone()), sure }, inputs),
        }
    }

    /// The slot of a question about events; what it hangs on where its `where` looks beyond the event.
    fn slot(&mut self, events: &Events, keeps: Keeps, origin: Origin, sure: bool) -> Result<u32, Inputs> {
        let condition = events.condition.as_ref().map(|condition| self.node(condition, sure));
        let beyond = condition.and_then(|node| self.nodes.get(node.0 as usize)).map(|node| &node.inputs);
        if let Some(beyond) = beyond.filter(|inputs| !inputs.is_empty()) {
            return Err(beyond.iter().copied().chain([Input::Kind(events.kind), Input::Now]).collect());
        }
        let window = events.window.map(|window| place(&mut self.windows, window));
        let kind = events.kind;
        // a clause of points is asked by itself where it is asked of the reference evaluator
        let clause = if let Origin::Points(..) = origin { Some(&origin) } else { None };
        let name = format!("{kind:?} {condition:?} {window:?} {keeps:?} {clause:?}");
        let slots = &mut self.slots;
        Ok(*self.known_slots.entry(name).or_insert_with(|| {
            slots.push(SlotPlan { kind, condition, window, keeps, origin });
            slots.len() as u32 - 1
        }))
    }
}
