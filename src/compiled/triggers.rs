//! What time alone can change, read off a pact.
//!
//! A condition that is not met becomes met by the passing of time only in certain ways: points that were taken fade, a
//! window closes on an event that stood in the way, the present passes a date. Directions tell which of these matter,
//! so that a lead is not woken at instants at which nothing can happen.

use rust_decimal::Decimal;

use super::node::NodeId;
use crate::eval::facts_of;
use crate::pact::{
    Amount, Arithmetic, Comparison, CriteriaId, Events, Expr, ExprKind, KindId, NamedKind, Need, NeedBody, NeedKind,
    Pact, PipelineId, Points, PointsFor, Question, RecycleId, ScoreId, Set, Sign, SlaId, Stage, StageId, ValueId,
};
use crate::time::Duration;

/// What is needed of a pact again and again as time passes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TriggerIndex {
    /// By pipeline and stage.
    pub(crate) stages: Vec<Vec<StageTriggers>>,
    /// What can bring a lead into a pipeline.
    pub(crate) entry: Triggers,
    /// What can change any verdict, score or move.
    pub(crate) all: Triggers,
}

/// What time can do in a stage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StageTriggers {
    /// For each move, whether it looks at the answer of sales.
    pub(crate) asks_answer: Vec<bool>,
    /// The recycles that lead out of the stage, in order of name.
    pub(crate) recycles: Vec<RecycleId>,
    /// The service levels on the stage, in order of name.
    pub(crate) slas: Vec<SlaId>,
    /// What can make a move, a recycle or a pause of the stage hold.
    pub(crate) triggers: Triggers,
}

/// Where instants lie at which time alone can change something.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Triggers {
    /// An event of the kind falls out of a window.
    pub(crate) windows: Vec<(KindId, Duration)>,
    /// The points of an event of the kind fade, up to so many times.
    pub(crate) fades: Vec<(KindId, Duration, i32)>,
    /// Comparisons with the present, each of which time changes once.
    pub(crate) moments: Vec<Expr>,
    /// A day of the calendar begins.
    pub(crate) days: bool,
    /// The queues of the windows and fades.
    pub(super) queues: Vec<usize>,
    /// The nodes of the moments.
    pub(super) moment_nodes: Vec<NodeId>,
}

impl TriggerIndex {
    /// The trigger index of a stage.
    pub(crate) fn stage(&self, id: StageId) -> Option<&StageTriggers> {
        self.stages.get(id.pipeline.0 as usize)?.get(id.stage as usize)
    }

    pub(super) fn each_mut(&mut self) -> impl Iterator<Item = &mut Triggers> {
        let stages = self.stages.iter_mut().flatten().map(|stage| &mut stage.triggers);
        stages.chain([&mut self.entry, &mut self.all])
    }
}

/// Which change of a value matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Toward {
    Up,
    Down,
    Both,
}

impl Toward {
    fn flipped(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
            Self::Both => Self::Both,
        }
    }
}

/// The trigger index of a pact.
pub(super) fn trigger_index(pact: &Pact) -> TriggerIndex {
    let pipelines = pact.pipelines.iter().enumerate();
    let stages = pipelines.map(|(at, pipeline)| {
        let id = |stage| StageId { pipeline: PipelineId(at as u32), stage };
        pipeline.stages.iter().zip(0..).map(|(stage, n)| stage_triggers(pact, id(n), stage)).collect()
    });
    let mut entry = Finder::new(pact);
    pact.pipelines.iter().filter_map(|p| p.for_leads.as_ref()).for_each(|c| entry.find(c, Toward::Up));
    TriggerIndex { stages: stages.collect(), entry: entry.triggers, all: everything(pact) }
}

fn stage_triggers(pact: &Pact, id: StageId, stage: &Stage) -> StageTriggers {
    let recycles: Vec<RecycleId> =
        ids(&pact.recycles, RecycleId).filter(|recycle| pact[*recycle].from.contains(&id)).collect();
    let slas: Vec<SlaId> = ids(&pact.slas, SlaId).filter(|sla| pact[*sla].stage == Some(id)).collect();
    let mut finder = Finder::new(pact);
    for step in &stage.moves {
        step.when.iter().for_each(|when| finder.find(when, Toward::Up));
        // a need of the hand-over may be what holds the move back
        let handoffs = pact.handoffs.iter().filter(|handoff| handoff.from == id && handoff.to == step.to);
        handoffs.flat_map(|handoff| &handoff.needs).for_each(|need| finder.find(&need.condition, Toward::Up));
    }
    recycles.iter().for_each(|recycle| finder.find(&pact[*recycle].when, Toward::Up));
    slas.iter().filter_map(|sla| pact[*sla].pause.as_ref()).for_each(|pause| finder.find(pause, Toward::Both));
    let asks = |when: &Expr| facts_of(pact, when).asks_answer;
    let asks_answer = stage.moves.iter().map(|step| step.when.as_ref().is_some_and(asks)).collect();
    StageTriggers { asks_answer, recycles, slas, triggers: finder.triggers }
}

fn everything(pact: &Pact) -> Triggers {
    let mut finder = Finder::new(pact);
    let mut both = |expr: &Expr| finder.find(expr, Toward::Both);
    for stage in pact.pipelines.iter().flat_map(|pipeline| &pipeline.stages) {
        stage.moves.iter().filter_map(|step| step.when.as_ref()).for_each(&mut both);
    }
    pact.recycles.iter().for_each(|recycle| both(&recycle.when));
    pact.slas.iter().filter_map(|sla| sla.pause.as_ref()).for_each(&mut both);
    pact.pipelines.iter().filter_map(|pipeline| pipeline.for_leads.as_ref()).for_each(&mut both);
    pact.handoffs.iter().flat_map(|handoff| &handoff.needs).for_each(|need| both(&need.condition));
    ids(&pact.criteria, CriteriaId).for_each(|id| finder.criteria(id, Toward::Both));
    ids(&pact.scores, ScoreId).for_each(|id| finder.score(id, Toward::Both));
    ids(&pact.values, ValueId).for_each(|id| finder.named(id, Toward::Both));
    finder.triggers
}

fn ids<T, I>(items: &[T], id: fn(u32) -> I) -> impl Iterator<Item = I> {
    (0..items.len()).map(move |at| id(at as u32))
}

struct Finder<'p> {
    pact: &'p Pact,
    triggers: Triggers,
    scores: Vec<(ScoreId, Toward)>,
    criteria: Vec<(CriteriaId, Toward)>,
    values: Vec<(ValueId, Toward)>,
}

impl<'p> Finder<'p> {
    fn new(pact: &'p Pact) -> Self {
        Self { pact, triggers: Triggers::default(), scores: Vec::new(), criteria: Vec::new(), values: Vec::new() }
    }

    fn find(&mut self, expr: &Expr, toward: Toward) {
        use ExprKind as E;
        match &expr.kind {
            E::And(parts) | E::Or(parts) => parts.iter().for_each(|part| self.find(part, toward)),
            E::Not(inner) | E::Negate(inner) => self.find(inner, toward.flipped()),
            E::Compare(op, _, a, b) => {
                let (left, right) = match op {
                    Comparison::AtLeast | Comparison::More => (toward, toward.flipped()),
                    Comparison::AtMost | Comparison::Less => (toward.flipped(), toward),
                    _ => (Toward::Both, Toward::Both),
                };
                self.find(a, left);
                self.find(b, right);
                self.moment(expr);
            }
            E::Between(value, low, high) => {
                [value, low, high].into_iter().for_each(|part| self.find(part, Toward::Both));
                // within two ends is not a matter of one direction: each end is a moment of its own
                for (op, end) in [(Comparison::AtLeast, low), (Comparison::AtMost, high)] {
                    self.moment(&Expr { kind: E::Compare(op, false, value.clone(), end.clone()), ..expr.clone() });
                }
            }
            E::Arithmetic(Arithmetic::Add, a, b) => {
                self.find(a, toward);
                self.find(b, toward);
            }
            E::Arithmetic(Arithmetic::Subtract, a, b) => {
                self.find(a, toward);
                self.find(b, toward.flipped());
            }
            E::Arithmetic(_, a, b) | E::IfMissing(a, b) => {
                self.find(a, Toward::Both);
                self.find(b, Toward::Both);
            }
            E::Choice(condition, yes, no) => {
                self.find(condition, Toward::Both);
                self.find(yes, toward);
                self.find(no, toward);
            }
            E::In { value, .. } | E::Matches(value, _) | E::Present(value, _) => {
                self.find(value, Toward::Both);
                self.moment(expr);
            }
            E::IsVerdict(inner, _) => self.find(inner, Toward::Both),
            E::Call(_, parts) => parts.iter().for_each(|part| self.find(part, Toward::Both)),
            E::Score(id) => self.score(*id, toward),
            E::Named(id) => self.named(*id, toward),
            E::Criteria(id) => self.criteria(*id, toward),
            E::Question(question) => self.question(question, toward),
            E::Value(_)
            | E::Param(_)
            | E::Field(_)
            | E::EachIn { .. }
            | E::Property(_)
            | E::Disposition
            | E::DispositionProperty(_)
            | E::Now
            | E::Today
            | E::Lookup(..) => {}
        }
    }

    /// Keeps a comparison that looks at the present. One that time may change twice is kept as two.
    fn moment(&mut self, expr: &Expr) {
        let expr = &self.spelled_out(expr);
        let mut calls = false;
        expr.visit(&mut |e| calls |= matches!(e.kind, ExprKind::Call(..)));
        if !looks_at_present(expr) {
            return;
        }
        // weekdays and months come round again: what a function makes of a date is asked each day
        self.triggers.days |= calls;
        let mut ends = |a: &Expr, b: &Expr| {
            for op in [Comparison::AtLeast, Comparison::More] {
                let kind = ExprKind::Compare(op, false, Box::new(a.clone()), Box::new(b.clone()));
                push(&mut self.triggers.moments, Expr { kind, ..expr.clone() });
            }
        };
        match &expr.kind {
            ExprKind::Compare(Comparison::Equal | Comparison::Unequal, _, a, b) => ends(a, b),
            ExprKind::In { value, set: Set::Values(values), .. } => {
                for one in values {
                    ends(value, &Expr { kind: ExprKind::Value(one.clone()), ..(**value).clone() });
                }
            }
            ExprKind::In { .. } => self.triggers.days = true,
            _ => push(&mut self.triggers.moments, expr.clone()),
        }
    }

    /// The expression with what named values come to in their place.
    fn spelled_out(&self, expr: &Expr) -> Expr {
        use ExprKind as E;
        let part = |part: &Expr| Box::new(self.spelled_out(part));
        let kind = match &expr.kind {
            E::Named(id) => match &self.pact[*id].kind {
                NamedKind::Value(value) => return self.spelled_out(value),
                NamedKind::Band(_) | NamedKind::Grid(_) => return expr.clone(),
            },
            E::Compare(op, exactly, a, b) => E::Compare(*op, *exactly, part(a), part(b)),
            E::Between(a, b, c) => E::Between(part(a), part(b), part(c)),
            E::Arithmetic(op, a, b) => E::Arithmetic(*op, part(a), part(b)),
            E::IfMissing(a, b) => E::IfMissing(part(a), part(b)),
            E::Choice(a, b, c) => E::Choice(part(a), part(b), part(c)),
            E::Negate(inner) => E::Negate(part(inner)),
            E::Present(inner, present) => E::Present(part(inner), *present),
            E::In { value, set, exactly, negated } => {
                E::In { value: part(value), set: set.clone(), exactly: *exactly, negated: *negated }
            }
            E::Call(function, parts) => E::Call(*function, parts.iter().map(|part| self.spelled_out(part)).collect()),
            _ => return expr.clone(),
        };
        Expr { kind, ..expr.clone() }
    }

    fn question(&mut self, question: &Question, toward: Toward) {
        match question {
            // time takes events out of a window and brings none in
            Question::Count(events) | Question::Any(events) => self.events(events, toward != Toward::Up),
            // amounts may be negative
            Question::Sum(_, events) => self.events(events, true),
            Question::Latest(..) | Question::Earliest(..) | Question::TimeSince(_) => {}
        }
    }

    fn events(&mut self, events: &Events, closes: bool) {
        if let Some(condition) = &events.condition {
            self.find(condition, Toward::Both);
        }
        if let (true, Some(window)) = (closes, events.window) {
            push(&mut self.triggers.windows, (events.kind, window));
        }
    }

    fn score(&mut self, id: ScoreId, toward: Toward) {
        if self.scores.contains(&(id, toward)) {
            return;
        }
        self.scores.push((id, toward));
        let score = &self.pact[id];
        for clause in score.groups.iter().flat_map(|group| &group.points) {
            self.points(clause, toward);
        }
        let Some(fade) = &score.fade else { return };
        for clause in score.groups.iter().flat_map(|group| &group.points).filter(|c| wanes(c, toward)) {
            if let Some(kind) = clause.kind() {
                push(&mut self.triggers.fades, (kind, fade.every, steps_until_nothing(fade.percent)));
            }
        }
    }

    /// What a value may become by time alone. Bands may come up in either direction.
    fn named(&mut self, id: ValueId, toward: Toward) {
        if self.values.contains(&(id, toward)) {
            return;
        }
        self.values.push((id, toward));
        let value = &self.pact[id];
        match &value.kind {
            NamedKind::Value(of) => self.find(of, toward),
            NamedKind::Band(band) => band.cases.iter().for_each(|case| self.find(&case.when, Toward::Both)),
            NamedKind::Grid(_) => value.crosses().for_each(|crossed| self.named(crossed, Toward::Both)),
        }
    }

    fn points(&mut self, clause: &Points, toward: Toward) {
        if let Amount::Computed(amount) = &clause.amount {
            self.find(amount, Toward::Both);
            // a number hangs on the present by its date alone
            self.triggers.days |= looks_at_present(&self.spelled_out(amount));
        }
        match &clause.reason {
            PointsFor::Always => {}
            PointsFor::When(condition) => {
                let toward = match clause.sign() {
                    Some(Sign::Given) => toward,
                    Some(Sign::Taken) => toward.flipped(),
                    None => Toward::Both,
                };
                self.find(condition, toward);
            }
            PointsFor::Per { events, .. } | PointsFor::IfAny(events) => self.events(events, wanes(clause, toward)),
        }
    }

    fn criteria(&mut self, id: CriteriaId, toward: Toward) {
        if self.criteria.contains(&(id, toward)) {
            return;
        }
        self.criteria.push((id, toward));
        self.needs(&self.pact[id].needs, toward);
    }

    fn needs(&mut self, needs: &[Need], toward: Toward) {
        for need in needs {
            let toward = if need.kind == NeedKind::Not { toward.flipped() } else { toward };
            match &need.body {
                NeedBody::Group(inner) => self.needs(inner, toward),
                NeedBody::Condition(condition) => self.find(condition, toward),
            }
        }
    }
}

/// Whether time alone may change what an expression comes to.
fn looks_at_present(expr: &Expr) -> bool {
    let mut present = false;
    expr.visit(&mut |e| {
        present |= matches!(e.kind, ExprKind::Now | ExprKind::Today | ExprKind::Question(Question::TimeSince(_)));
    });
    present
}

/// Points of events only wane: those that are given fall, and those that are taken come back.
fn wanes(clause: &Points, toward: Toward) -> bool {
    match toward {
        Toward::Up => clause.sign() != Some(Sign::Given),
        Toward::Down => clause.sign() != Some(Sign::Taken),
        Toward::Both => true,
    }
}

/// After how many steps nothing is left of the points at nine places, which is what a score has.
fn steps_until_nothing(percent: Decimal) -> i32 {
    let left = Decimal::ONE - percent / Decimal::ONE_HUNDRED;
    let mut weight = Decimal::ONE;
    let mut steps = 0;
    while !weight.is_zero() && steps < 10_000 {
        weight = (weight * left).round_dp(9);
        steps += 1;
    }
    // rounding half up may take a few steps more than rounding half to even
    steps + 2
}

fn push<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
