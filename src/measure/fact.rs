//! What of a lead counts: facts, each at an instant. They hang on the lead's timeline alone, and not on when somebody asks;
//! which of them are counted is a question of time.

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::answer::{AnswerFact, answer_facts};
use super::journey::{Journey, Moment};
use super::leaf::{Leaf, leaves};
use super::promise::{PromiseFact, promise_facts};
use super::series::Series;
use super::stay::{StayFact, stay_facts};
use crate::eval::View;
use crate::lifecycle::{EntryLog, LeadState};
use crate::pact::{Expr, Measure, MetricId, Milestone, Pact, Verdict};
use crate::record::Event;
use crate::time::Instant;
use crate::value::{Currency, Value};

/// All of a lead that counts, for the metrics of a series and split as it says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LeadFacts {
    /// The lead's key.
    pub(super) lead: Arc<str>,
    /// What its metrics count.
    pub(super) facts: Vec<Fact>,
    /// Where it stood.
    pub(super) stays: Vec<StayFact>,
    /// What it was promised.
    pub(super) promises: Vec<PromiseFact>,
    /// What sales answered for it.
    pub(super) answers: Vec<AnswerFact>,
}

/// Something that a measure counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fact {
    /// Which measure.
    pub(super) leaf: Leaf,
    /// The moment that is counted.
    pub(super) at: Instant,
    /// The values then of what figures are split by, where they are split.
    pub(super) group: Option<Arc<[String]>>,
    /// What it adds.
    pub(super) amount: Amount,
}

/// What a fact adds to what was counted.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Amount {
    /// One more.
    One,
    /// One more, and of a lead only the first in the time that is counted.
    Once,
    /// A round that may come to a later stage.
    Cohort {
        /// After how long it did.
        reached: Option<i64>,
        /// Whether it may still.
        open: bool,
        /// When its time is over, where the measure gives it one: it counts from then on.
        over: Option<Instant>,
    },
    /// How long something took, in seconds.
    Took(i64),
    /// The second moment has not come yet.
    Waiting,
    /// An amount.
    Sum(Option<Currency>, Decimal),
}

impl LeadFacts {
    /// What of a lead counts for a series. One that became part of another is not asked: it is counted with that one.
    pub(super) fn of(
        pact: &Pact,
        series: &Series,
        lead: &Arc<str>,
        (state, timeline): (&LeadState, &EntryLog),
    ) -> Self {
        let journey = Journey::new(pact, state, timeline);
        let mut found = Find { pact, journey: &journey, series, facts: Vec::new() };
        for (leaf, measure) in leaves(pact, &series.metrics) {
            found.leaf(leaf, measure);
        }
        let facts = found.facts;
        let (stays, promises) = (stay_facts(pact, series, &journey), promise_facts(pact, series, &journey));
        let answers = answer_facts(pact, series, &journey);
        Self { lead: lead.clone(), facts, stays, promises, answers }
    }

    /// The facts that a series counts as of an instant: those of some metrics, or of all.
    pub(super) fn counted<'a>(
        &'a self,
        series: &'a Series,
        only: Option<&'a BTreeSet<MetricId>>,
        now: Instant,
    ) -> impl Iterator<Item = &'a Fact> {
        let mut once: BTreeSet<Leaf> = BTreeSet::new();
        self.facts.iter().filter(move |fact| {
            let asked = only.is_none_or(|only| only.contains(&fact.leaf.0)) && series.counts(fact.at);
            // whoever has not had the whole time yet is in no cohort
            let young = matches!(fact.amount, Amount::Cohort { over: Some(over), .. } if over > now);
            asked && !young && (fact.amount != Amount::Once || once.insert(fact.leaf))
        })
    }
}

/// The facts of one lead for one series.
struct Find<'f, 'a> {
    pact: &'a Pact,
    journey: &'f Journey<'a>,
    series: &'f Series,
    facts: Vec<Fact>,
}

impl Find<'_, '_> {
    fn leaf(&mut self, leaf: Leaf, measure: &Measure) {
        let (journey, series) = (self.journey, self.series);
        match measure {
            Measure::Entering(stage, condition, once) => {
                for round in &journey.rounds {
                    let entered = journey.reached(round, Milestone::Entering(*stage), None);
                    let counts = |at: &Instant| series.counts(*at) && journey.holds(condition.as_ref(), *at);
                    if let Some(at) = entered.filter(counts) {
                        self.add(leaf, round.moment(at), if *once { Amount::Once } else { Amount::One });
                    }
                }
            }
            Measure::Conversion(from, to, within) => {
                for round in &journey.rounds {
                    let entered = journey.reached(round, Milestone::Entering(*from), None);
                    let Some(at) = entered.filter(|at| series.counts(*at)) else { continue };
                    let over = within.map(|within| within.after(at, &self.pact.zone).unwrap_or(Instant::MAX_UTC));
                    let came = round.came(*from, *to).filter(|came| over.is_none_or(|over| *came <= over));
                    let reached = came.map(|came| came.signed_duration_since(at).num_seconds());
                    let open = reached.is_none() && round.open && over.is_none();
                    self.add(leaf, round.moment(at), Amount::Cohort { reached, open, over });
                }
            }
            Measure::Time(_, from, to, calendar) => {
                for round in &journey.rounds {
                    let Some(from) = journey.reached(round, *from, None) else { continue };
                    match journey.reached(round, *to, Some(from)) {
                        Some(to) if series.counts(to) => {
                            let seconds = match calendar {
                                Some(calendar) => self.pact[*calendar].calendar.elapsed(from, to),
                                None => to.signed_duration_since(from).num_seconds(),
                            };
                            self.add(leaf, round.moment(to), Amount::Took(seconds));
                        }
                        None if round.open && series.counts(from) => {
                            self.add(leaf, round.moment(from), Amount::Waiting);
                        }
                        _ => {}
                    }
                }
            }
            Measure::Count(kind, condition) => {
                for event in journey.events().iter().filter(|event| event.kind == *kind && series.counts(event.at)) {
                    if self.event_holds(condition.as_ref(), event) {
                        self.add(leaf, journey.moment(event), Amount::One);
                    }
                }
            }
            Measure::Sum(kind, property, condition) => {
                for event in journey.events().iter().filter(|event| event.kind == *kind && series.counts(event.at)) {
                    let amount = match event.values.get(*property as usize).and_then(Option::as_ref) {
                        Some(Value::Money(money)) => Amount::Sum(Some(money.currency), money.amount),
                        Some(Value::Number(number)) => Amount::Sum(None, *number),
                        _ => continue,
                    };
                    if self.event_holds(condition.as_ref(), event) {
                        self.add(leaf, journey.moment(event), amount);
                    }
                }
            }
            Measure::Metric(_) | Measure::Number(_) | Measure::Arithmetic(..) => {}
        }
    }

    fn event_holds(&self, condition: Option<&Expr>, event: &Event) -> bool {
        let Some(condition) = condition else { return true };
        let record = self.journey.record_for(condition, event.at);
        View::new(self.pact, &record, event.at).condition_at(condition, Some(event)) == Verdict::Met
    }

    /// Adds a fact, where the condition of the series is met at its moment.
    fn add(&mut self, leaf: Leaf, moment: Moment<'_>, amount: Amount) {
        let (pact, series) = (self.pact, self.series);
        if !self.journey.holds(series.condition.as_ref(), moment.at) {
            return;
        }
        let values = series.by.iter().map(|dimension| dimension.value(pact, self.journey, moment));
        let group = (!series.by.is_empty()).then(|| values.collect());
        self.facts.push(Fact { leaf, at: moment.at, group, amount });
    }
}
