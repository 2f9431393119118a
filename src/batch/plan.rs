//! What a pact asks of every lead at one instant, made once for many leads.

use rustc_hash::FxHashMap;

use super::circuit::{Circuit, Given, Leaf, PointsOf, Unplanned};
use super::class::{Asked, Class, Classes};
use super::events::Counting;
use super::flow::Flow;
use super::input::{Input, LooksAt};
use super::near_miss::Search;
use super::step::{Bit, Shape, Step, Sums, gives};
use crate::eval::View;
use crate::pact::{FieldId, Need, NeedBody, Pact, Verdict};
use crate::record::{Event, Record};
use crate::span::Span;
use crate::time::Instant;
use crate::value::Value;

/// The most fields of a pact that is planned: sets of missing ones are bits of one number.
const MOST_FIELDS: usize = 128;

/// The most events that are told apart by number.
const MOST_EVENTS: i64 = 1_000;

/// A pact, taken apart for many leads at one instant.
pub struct Plan<'p> {
    pub(super) pact: &'p Pact,
    pub(super) at: Instant,
    pub(super) shape: Shape,
    /// What every row begins with.
    pub(super) base: Vec<i64>,
    /// For each field, how its values fall into classes.
    pub(super) classes: Vec<Classes>,
    /// For each field, the class of its default.
    pub(super) defaults: Vec<Option<Class>>,
    /// For each field, what each of its classes adds to a row.
    pub(super) adds: Vec<Vec<i64>>,
    pub(super) steps: Vec<Step>,
    /// For each score, where it stands in a row.
    pub(super) scores: Vec<Sums>,
    pub(super) leaves: Vec<Leaf<'p>>,
    pub(super) inputs: Vec<Input>,
    given: Vec<Given>,
    pub(super) counting: Counting,
    pub(super) flow: Flow,
    pub(super) search: Search,
    /// For each criteria, its verdict.
    pub(super) criteria: Vec<Bit>,
    /// The clauses of each criteria, with whether they are met.
    pub(super) needs: Vec<Vec<(Bit, Span)>>,
}

impl<'p> Plan<'p> {
    /// A plan; none where the pact asks something of every lead that only the reference evaluator knows.
    pub fn new(pact: &'p Pact, at: Instant) -> Option<Self> {
        Self::planned(pact, at).ok()
    }

    fn planned(pact: &'p Pact, at: Instant) -> Result<Self, Unplanned> {
        if pact.fields.len() > MOST_FIELDS || !pact.values.is_empty() {
            return Err(Unplanned);
        }
        let mut circuit = Circuit::new(pact)?;
        let mut flow = Flow::new(pact, at, &mut circuit)?;
        let search = Search::new(pact, &mut circuit)?;
        let needs = pact.criteria.iter().map(|criteria| clauses(&mut circuit, &criteria.needs));
        let needs = needs.collect::<Result<Vec<_>, _>>()?;
        let mut asked: Vec<Asked> = pact.fields.iter().map(|_| Asked::default()).collect();
        for leaf in &circuit.leaves {
            if let [Input::Field(field)] = LooksAt::of(pact, leaf.condition).inputs[..] {
                asked[field.0 as usize].by(pact, field, leaf.condition);
            }
        }
        for table in flow.tables() {
            for field in &pact[table].inputs {
                asked[field.0 as usize].by_table(pact, table, *field);
            }
        }
        let fields = pact.fields.iter().zip(asked);
        let classes: Vec<Classes> = fields.map(|(field, asked)| asked.classes(pact, &field.ty)).collect();
        let shape = circuit.close();
        let Circuit { inputs, leaves, given, faded, always, steps, kinds, scores, criteria, .. } = circuit;
        flow.index(pact, &classes)?;
        let mut plan = Self {
            pact,
            at,
            shape,
            base: vec![0; shape.width],
            classes,
            defaults: Vec::new(),
            adds: Vec::new(),
            steps,
            scores,
            leaves,
            inputs,
            given,
            counting: Counting::new(pact, at, kinds),
            flow,
            search,
            criteria,
            needs,
        };
        plan.begin(&always);
        for at in 0..pact.fields.len() as u32 {
            let adds = plan.of_field(FieldId(at)).ok_or(Unplanned)?;
            plan.adds.push(adds);
        }
        plan.count(&faded)?;
        for field in 0..pact.fields.len() as u32 {
            plan.default(FieldId(field))?;
        }
        plan.try_samples()?;
        Ok(plan)
    }

    /// What no input changes.
    fn begin(&mut self, always: &[(i64, Sums)]) {
        let record = self.unknown();
        for leaf in self.leaves.iter().filter(|leaf| leaf.input.is_none()) {
            let verdict = View::new(self.pact, &record, self.at).condition(leaf.condition);
            self.shape.set(&mut self.base, leaf.bit, verdict == Verdict::Met, verdict != Verdict::Unknown);
        }
        for (points, sums) in always {
            (0..3).for_each(|at| self.base[sums.0 + at] += points);
        }
    }

    /// A lead of which nothing is known.
    fn unknown(&self) -> Record {
        let mut record = Record::new(self.pact);
        record.values.fill(None);
        record
    }

    /// What each class of a field adds; nothing where it is no input, and none where a class has no value to ask about.
    fn of_field(&self, field: FieldId) -> Option<Vec<i64>> {
        let Some(input) = self.inputs.iter().position(|input| *input == Input::Field(field)) else {
            return Some(Vec::new());
        };
        let classes = &self.classes[field.0 as usize];
        let samples = classes.samples(&self.pact[field].ty)?;
        if samples.len() as Class + 1 != classes.count() {
            return None;
        }
        let missing = self.of_value(input, field, None);
        let values = samples.into_iter().map(|value| self.of_value(input, field, Some(value)));
        Some(std::iter::once(missing).chain(values).flatten().collect())
    }

    /// What a value of a field adds.
    pub(super) fn of_value(&self, input: usize, field: FieldId, value: Option<Value>) -> Vec<i64> {
        let mut record = self.unknown();
        record.set(field, value);
        self.of_record(input, &record, 0)
    }

    /// What an input adds that is as the record says; of events, with so many.
    fn of_record(&self, input: usize, record: &Record, events: i64) -> Vec<i64> {
        let mut row = vec![0; self.shape.width];
        let view = View::new(self.pact, record, self.at);
        for leaf in self.leaves.iter().filter(|leaf| leaf.input == Some(input)) {
            let verdict = view.condition(leaf.condition);
            self.shape.set(&mut row, leaf.bit, verdict == Verdict::Met, verdict != Verdict::Unknown);
        }
        for given in self.given.iter().filter(|given| given.input == input) {
            let points = match given.of {
                PointsOf::When(bit) => gives(self.shape.verdict(&row, bit), given.points),
                PointsOf::Once => [given.points * events.min(1); 3],
                PointsOf::Each(None) => [0; 3],
                PointsOf::Each(Some(cap)) => [given.points.saturating_mul(events).clamp(-cap, cap); 3],
            };
            points.iter().enumerate().for_each(|(at, points)| row[given.sums.0 + at] += points);
        }
        row
    }

    /// How events are counted, and what so many add.
    fn count(&mut self, faded: &[super::circuit::Faded]) -> Result<(), Unplanned> {
        for (at, input) in self.inputs.clone().into_iter().enumerate() {
            let Input::Events(kind, window) = input else { continue };
            let of = self.given.iter().filter(|given| given.input == at);
            let enough = of.clone().map(|given| match given.of {
                PointsOf::Each(Some(cap)) if given.points != 0 => cap / given.points.abs() + 1,
                _ => 1,
            });
            let ends = self.leaves.iter().filter(|leaf| leaf.input == Some(at)).map(|leaf| most_named(self.pact, leaf));
            let limit = enough.chain(ends).max().unwrap_or(1);
            if limit > MOST_EVENTS {
                return Err(Unplanned);
            }
            let each =
                of.filter_map(|given| matches!(given.of, PointsOf::Each(None)).then_some((given.points, given.sums)));
            let each: Vec<(i64, Sums)> = each.collect();
            let mut adds = Vec::new();
            let mut record = self.unknown();
            for events in 0..=limit {
                adds.extend(self.of_record(at, &record, events));
                record.history.push(Event { kind, at: self.at, values: vec![None; self.pact[kind].properties.len()] });
            }
            self.counting.add(self.pact, kind, window, limit, adds, each).ok_or(Unplanned)?;
        }
        faded.iter().try_for_each(|faded| self.counting.fade(self.pact, faded)).ok_or(Unplanned)
    }

    fn default(&mut self, field: FieldId) -> Result<(), Unplanned> {
        let default = self.pact[field].default.clone();
        let class = default.map(|value| self.fixed(field, &value).ok_or(Unplanned)).transpose()?;
        self.defaults.push(class);
        Ok(())
    }

    /// The class of a value that the plan itself holds.
    fn fixed(&mut self, field: FieldId, value: &Value) -> Option<Class> {
        let at = field.0 as usize;
        self.classes[at].of(self.pact, value).or_else(|| {
            let input = self.inputs.iter().position(|input| *input == Input::Field(field))?;
            let adds = self.of_value(input, field, Some(value.clone()));
            self.adds[at].extend(adds);
            Some((self.adds[at].len() / self.shape.width) as Class - 1)
        })
    }

    /// The values that are tried for what is missing, as classes.
    fn try_samples(&mut self) -> Result<(), Unplanned> {
        let pact = self.pact;
        for (field, samples) in (0..).map(FieldId).zip(crate::eval::samples(pact)) {
            let mut classes: Vec<(Class, usize)> = Vec::new();
            let mut seen: FxHashMap<Class, ()> = FxHashMap::default();
            for (at, value) in samples.iter().enumerate() {
                let class = self.fixed(field, value).ok_or(Unplanned)?;
                if seen.insert(class, ()).is_none() {
                    classes.push((class, at));
                }
            }
            self.search.try_for(classes, samples.len());
        }
        Ok(())
    }
}

/// The clauses of a criteria with whether they are met; those of a group stand behind it.
fn clauses<'p>(circuit: &mut Circuit<'p>, needs: &'p [Need]) -> Result<Vec<(Bit, Span)>, Unplanned> {
    let mut all = Vec::new();
    for need in needs {
        all.push((circuit.need(need)?, need.span));
        if let NeedBody::Group(inner) = &need.body {
            all.extend(clauses(circuit, inner)?);
        }
    }
    Ok(all)
}

/// One more than the most that an expression compares a number of events with.
fn most_named(pact: &Pact, leaf: &Leaf<'_>) -> i64 {
    let mut most = 1_i64;
    super::input::through(pact, leaf.condition, &mut |e| {
        let value = match &e.kind {
            crate::pact::ExprKind::Value(value) => value,
            crate::pact::ExprKind::Param(id) => &pact[*id].value,
            crate::pact::ExprKind::Arithmetic(..) | crate::pact::ExprKind::Negate(_) => {
                most = i64::MAX;
                return;
            }
            _ => return,
        };
        if let Some(number) = value.as_number() {
            let above = number.ceil().try_into().unwrap_or(i64::MAX - 1);
            most = most.max(above.saturating_add(1));
        }
    });
    most
}
