//! Leads decided by a plan, one after another, in whatever form is asked for.

use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::circuit::Unplanned;
use super::class::{Class, Classes, MISSING, open_text};
use super::events::{Counts, nanoseconds};
use super::flow::Way;
use super::form::{Form, Outcome, Receiver, Template};
use super::input::Input;
use super::lead::ClassedLead;
use super::near_miss::{FieldSet, Missing, Trial};
use super::plan::Plan;
use super::route::RowOf;
use super::step::Bit;
use super::words::Words;
use crate::decide::{Decision, decide};
use crate::pact::{FieldId, Verdict};
use crate::record::Record;
use crate::value::Value;

/// The most values of one field that are remembered, so that memory stays bounded.
const MOST_KNOWN: usize = 1 << 16;

/// The most ways of which is remembered what their leads share.
const MOST_WAYS: usize = 1 << 12;

/// Decides leads by a plan. It learns as it goes: what one lead has shown of a way through the pipeline holds for the next.
pub struct Decider<'p> {
    pub(super) plan: &'p Plan<'p>,
    form: Form,
    words: Words,
    /// What classes add; those of values that are classes by themselves come as the values come.
    adds: Vec<Vec<i64>>,
    /// Values of such fields that are known.
    open: Vec<FxHashMap<Box<str>, Class>>,
    inputs: Vec<(usize, usize)>,
    row: Vec<i64>,
    /// The row before its steps, on which values are tried, and the row of a trial.
    before: Vec<i64>,
    trial: Vec<i64>,
    counts: Counts,
    way: Way,
    /// What leads of a way share, with the place of their stage; none for a way that is the reference's.
    templates: FxHashMap<Way, Option<(Template, usize)>>,
    /// What is written of a row of a table that receives.
    receivers: FxHashMap<RowOf, Receiver>,
    stages: IndexMap<Option<Arc<str>>, u64>,
    left: u64,
}

impl<'p> Decider<'p> {
    /// A decider that writes decisions in a form.
    pub fn new(plan: &'p Plan<'p>, form: Form) -> Self {
        let inputs = plan.inputs.iter().enumerate().filter_map(|(at, input)| match input {
            Input::Field(field) => Some((at, field.0 as usize)),
            Input::Events(..) => None,
        });
        Self {
            plan,
            form,
            words: Words::new(plan.pact),
            adds: plan.adds.clone(),
            open: vec![FxHashMap::default(); plan.classes.len()],
            inputs: inputs.collect(),
            row: plan.base.clone(),
            before: plan.base.clone(),
            trial: plan.base.clone(),
            counts: plan.counting.counts(),
            way: Way::new(),
            templates: FxHashMap::default(),
            receivers: FxHashMap::default(),
            stages: IndexMap::new(),
            left: 0,
        }
    }

    /// The class of a value; none where only the reference can compare it.
    pub(super) fn class(&mut self, field: FieldId, value: &Value) -> Option<Class> {
        let at = field.0 as usize;
        if !matches!(self.plan.classes[at], Classes::Open) {
            return self.plan.classes[at].of(self.plan.pact, value);
        }
        let text = open_text(value);
        if let Some(known) = text.and_then(|text| self.open[at].get(&**text)) {
            return Some(*known);
        }
        if self.open[at].len() >= MOST_KNOWN {
            return None;
        }
        let (input, _) = self.inputs.iter().find(|(_, field)| *field == at)?;
        let adds = self.plan.of_value(*input, field, Some(value.clone()));
        let class = (self.adds[at].len() / adds.len()) as Class;
        self.adds[at].extend(adds);
        let name: Box<str> = text.map_or_else(|| format!("\0{class}").into(), |text| (**text).into());
        self.open[at].insert(name, class);
        Some(class)
    }

    /// Forgets values and ways that were met, when there are many. Leads that are classed must be decided before.
    pub fn forget(&mut self) {
        if self.templates.len() > MOST_WAYS {
            self.templates.clear();
        }
        if self.receivers.len() > MOST_KNOWN {
            self.receivers.clear();
        }
        for (at, open) in self.open.iter_mut().enumerate().filter(|(_, open)| open.len() >= MOST_KNOWN / 2) {
            open.clear();
            self.adds[at].clone_from(&self.plan.adds[at]);
        }
    }

    /// A record in classes; none where it says something that a plan knows nothing of.
    pub fn classed(&mut self, record: &Record, into: &mut ClassedLead) -> Option<()> {
        if record.stage.is_some() || record.since.is_some() || record.past != crate::record::Past::default() {
            return None;
        }
        into.key.clear();
        if let Some(key) = record.value(self.plan.pact.key) {
            use std::fmt::Write as _;
            let _ = write!(into.key, "{key}");
        }
        into.classes.clear();
        for (at, value) in record.values.iter().enumerate() {
            let class = value.as_ref().map_or(Some(MISSING), |value| self.class(FieldId(at as u32), value))?;
            into.classes.push(class);
        }
        into.events.clear();
        for event in &record.history {
            into.events.push((event.kind.0, nanoseconds(event.at)?));
        }
        Some(())
    }

    /// Decides a lead, and writes it. None where the plan does not know how. `reference` decides it as the reference does: it
    /// is asked once for each way through the pipeline.
    pub(super) fn decide(
        &mut self,
        lead: &ClassedLead,
        out: &mut Vec<u8>,
        reference: &mut dyn FnMut() -> Option<Decision>,
    ) -> Option<()> {
        let received = self.come(lead).ok()?;
        let missing = self.missing(lead);
        if !self.templates.contains_key(&self.way) {
            let template = self.template(lead, &missing, received, reference()?);
            self.templates.insert(self.way.clone(), template);
        }
        let Self { plan, words, row, form, way, templates, receivers, stages, .. } = self;
        let (template, stage) = templates.get(&*way)?.as_ref()?;
        let receiver =
            received.map(|row| &*receivers.entry(row).or_insert_with(|| Receiver::of(plan.pact, *form, row)));
        template.write(&Outcome { plan, words, row, lead, missing: &missing, receiver }, out);
        if let Some((_, count)) = stages.get_index_mut(*stage) {
            *count += 1;
        }
        Some(())
    }

    /// The way of a lead through its pipeline, as numbers of the plan, and what its scores come to: sure, least and most. None
    /// where the plan does not know.
    pub fn way(&mut self, lead: &ClassedLead) -> Option<(&[u32], impl Iterator<Item = &[i64]>)> {
        self.come(lead).ok()?;
        let scores = self.plan.scores.iter().filter_map(|score| self.row.get(score.0..score.0 + 3));
        Some((&self.way, scores))
    }

    /// What leads of this way share; none where the lead at hand would not come out as by the reference.
    fn template(
        &mut self,
        lead: &ClassedLead,
        missing: &Missing,
        received: Option<RowOf>,
        decision: Decision,
    ) -> Option<(Template, usize)> {
        let receiver = received.map(|row| Receiver::of(self.plan.pact, self.form, row));
        let template = Template::new(self.plan, self.form, &decision, receiver.as_ref())?;
        let place = self.stages.entry(decision.stage.clone());
        let stage = place.index();
        place.or_default();
        let (mut bytes, mut expected) = (Vec::new(), Vec::new());
        let Self { plan, words, row, .. } = self;
        template.write(&Outcome { plan, words, row, lead, missing, receiver: receiver.as_ref() }, &mut bytes);
        self.form.write(self.plan.pact, decision, &mut expected);
        (bytes == expected).then_some((template, stage))
    }

    /// Decides a record, and writes it.
    pub fn decide_record(&mut self, record: &Record, lead: &mut ClassedLead, out: &mut Vec<u8>) {
        let (pact, at) = (self.plan.pact, self.plan.at);
        let planned = self.classed(record, lead);
        if planned.and_then(|()| self.decide(lead, out, &mut || Some(decide(pact, record, at)))).is_none() {
            let decision = decide(pact, record, at);
            *self.stages.entry(decision.stage.clone()).or_default() += 1;
            self.left += 1;
            self.form.write(pact, decision, out);
        }
    }

    /// How many leads ended in which stage since this was last asked.
    pub(super) fn take_stages(&mut self) -> IndexMap<Option<Arc<str>>, u64> {
        let stages = self.stages.clone();
        self.stages.values_mut().for_each(|count| *count = 0);
        stages.into_iter().filter(|(_, count)| *count > 0).collect()
    }

    /// How many leads were left to the reference since this was last asked.
    pub(super) fn take_left(&mut self) -> u64 {
        std::mem::take(&mut self.left)
    }

    /// Verdicts and scores of a lead, and its way.
    fn come(&mut self, lead: &ClassedLead) -> Result<Option<RowOf>, Unplanned> {
        let width = self.plan.shape.width;
        self.plan.counting.take(&lead.events, self.plan.flow.promises, &mut self.counts).ok_or(Unplanned)?;
        self.row.copy_from_slice(&self.plan.base);
        for (_, field) in &self.inputs {
            let adds = &self.adds[*field][lead.classes[*field] as usize * width..][..width];
            self.row.iter_mut().zip(adds).for_each(|(place, add)| *place += add);
        }
        self.plan.counting.add_to(&self.counts, &mut self.row);
        let steps = &self.plan.steps;
        self.before.copy_from_slice(&self.row);
        steps.iter().for_each(|step| self.plan.shape.take(&mut self.row, step));
        self.plan.flow.go(self.plan.shape, &self.row, &lead.classes, &mut self.way)
    }

    /// For each criteria, the sets of missing facts that would do.
    fn missing(&mut self, lead: &ClassedLead) -> Missing {
        let missing = lead.classes.iter().enumerate().filter(|(_, class)| **class == MISSING);
        let missing = missing.fold(0, |set: FieldSet, (at, _)| set | 1 << at);
        if missing == 0 {
            return Vec::new();
        }
        let Self { plan, row, before, adds, trial, .. } = self;
        let mut supposed = Supposed { plan, row, before, adds, trial };
        (0..plan.pact.criteria.len()).map(|at| plan.search.missing(plan.shape, at, missing, &mut supposed)).collect()
    }
}

/// A lead of which missing values are supposed.
struct Supposed<'d, 'p> {
    plan: &'d Plan<'p>,
    row: &'d [i64],
    before: &'d [i64],
    adds: &'d [Vec<i64>],
    trial: &'d mut Vec<i64>,
}

impl Trial for Supposed<'_, '_> {
    fn row(&self) -> &[i64] {
        self.row
    }

    fn supposing(&mut self, classes: &[(FieldId, Class)], of: Bit) -> Verdict {
        let width = self.before.len();
        self.trial.clear();
        self.trial.extend_from_slice(self.before);
        for (field, class) in classes {
            let adds = &self.adds[field.0 as usize];
            let (Some(missing), Some(supposed)) = (adds.get(..width), adds.get(*class as usize * width..)) else {
                continue;
            };
            let places = self.trial.iter_mut().zip(missing).zip(supposed);
            places
                .for_each(|((place, missing), supposed)| *place = place.wrapping_add(supposed.wrapping_sub(*missing)));
        }
        for step in &self.plan.steps {
            self.plan.shape.take(self.trial, step);
        }
        self.plan.shape.verdict(self.trial, of)
    }
}
