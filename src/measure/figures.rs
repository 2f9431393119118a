//! From facts to what is counted of them, in one pass.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike as _, NaiveDate};
use indexmap::IndexMap;

use super::answer::SalesAnswer;
use super::fact::LeadFacts;
use super::figure::{Counted, Figure};
use super::leaf::{Leaf, parts};
use super::promise::{PromiseOutcomes, PromisePlace};
use super::series::Series;
use super::stay::StageStays;
use crate::lifecycle::{EntryLog, LeadState};
use crate::pact::{Measure, MetricId, Pact, Period, StageId};
use crate::replay::{ReplayedLead, first_day};
use crate::time::Instant;
use crate::ty::Ty;
use crate::value::{Money, Value};

/// Where something is counted: in which period, by its first day, and for which values of the dimensions; the whole where
/// there is none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FigurePlace {
    /// The first day of the period.
    pub period: Option<NaiveDate>,
    /// A value for each dimension.
    pub group: Option<Arc<[String]>>,
}

impl FigurePlace {
    /// The values under the names of the dimensions; empty for all of them.
    pub(super) fn group_of<N: ToString>(&self, by: &[N]) -> IndexMap<String, String> {
        by.iter().map(N::to_string).zip(self.group.iter().flat_map(|group| group.iter()).cloned()).collect()
    }
}

/// Places, each once: the whole, then groups, then periods; values that begin with a number by that number.
pub(super) fn in_order(mut places: Vec<FigurePlace>) -> Vec<FigurePlace> {
    let number = |value: &String| {
        let digits = value.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(value.len());
        (value.get(..digits).and_then(|number| number.parse::<i64>().ok()), value.clone())
    };
    let order = |place: &FigurePlace| {
        let group = place.group.as_ref().map(|group| group.iter().map(number).collect::<Vec<_>>());
        (place.period, group)
    };
    places.sort_by_cached_key(order);
    places.dedup();
    places
}

/// What was counted over leads. Those of several parts add up, in whatever order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// By series, by measure in the order of the metrics, by place.
    cells: BTreeMap<(usize, Leaf, FigurePlace), Counted>,
    /// What became of those that entered each stage, in the time of the first series.
    pub(super) stays: BTreeMap<StageId, StageStays>,
    /// What became of the clocks of each promise that were due in that time.
    pub(super) promises: BTreeMap<PromisePlace, PromiseOutcomes>,
    /// What sales answered in that time.
    pub(super) answers: BTreeMap<SalesAnswer, u64>,
}

impl Figures {
    /// Counts a lead. One that became part of another is counted with that one.
    pub fn add(&mut self, pact: &Pact, series: &[Series], lead: &ReplayedLead) {
        if lead.started && !lead.part {
            self.count(pact, series, &lead.lead, (&lead.state, &lead.timeline));
        }
    }

    /// Counts a lead by its state and timeline, where it is no part of another.
    pub fn count(&mut self, pact: &Pact, series: &[Series], lead: &Arc<str>, journey: (&LeadState, &EntryLog)) {
        for (number, asked) in series.iter().enumerate() {
            let facts = LeadFacts::of(pact, asked, lead, journey);
            self.take(pact, (number, asked), &facts, None, journey.0.now);
        }
    }

    /// Counts the facts of a lead for a series, by its number, as of an instant: those of some metrics, or all.
    pub(super) fn take(
        &mut self,
        pact: &Pact,
        (number, series): (usize, &Series),
        facts: &LeadFacts,
        only: Option<&BTreeSet<MetricId>>,
        now: Instant,
    ) {
        if number == 0 {
            for stay in facts.stays.iter().filter(|stay| series.counts(stay.from)) {
                self.stays.entry(stay.stage).or_default().take(stay, &facts.lead, now);
            }
            for fact in facts.answers.iter().filter(|fact| series.counts(fact.at)) {
                *self.answers.entry(fact.answer.clone()).or_default() += 1;
            }
            for promise in facts.promises.iter().filter(|promise| series.counts(promise.due)) {
                for group in [None].into_iter().chain(promise.group.clone().map(Some)) {
                    self.promises.entry((promise.sla, promise.promise, group)).or_default().take(promise.outcome);
                }
            }
        }
        for fact in facts.counted(series, only, now) {
            let period = period_of(pact, series, fact.at);
            for group in [None].into_iter().chain(fact.group.clone().map(Some)) {
                for period in [None].into_iter().chain(period.map(Some)) {
                    let place = FigurePlace { period, group: group.clone() };
                    self.cells.entry((number, fact.leaf, place)).or_default().add(&fact.amount);
                }
            }
        }
    }

    /// Adds what another part counted.
    pub fn merge(&mut self, other: Self) {
        for (place, cell) in other.cells {
            self.cells.entry(place).or_default().merge(cell);
        }
        for (stage, stays) in other.stays {
            self.stays.entry(stage).or_default().merge(stays);
        }
        for (answer, count) in other.answers {
            *self.answers.entry(answer).or_default() += count;
        }
        for (promise, outcomes) in other.promises {
            self.promises.entry(promise).or_default().merge(outcomes);
        }
    }

    /// The places of a series in which something was counted, the whole always among them.
    pub fn places(&self, series: usize) -> Vec<FigurePlace> {
        let counted = self.cells.keys().filter(|(of, ..)| *of == series).map(|(.., place)| place.clone());
        in_order(counted.chain([FigurePlace { period: None, group: None }]).collect())
    }

    /// What was counted for a metric of a series in a place, where it is counted by itself and not made of others.
    pub(super) fn counted(&self, series: usize, metric: MetricId, place: &FigurePlace) -> Option<&Counted> {
        self.cells.get(&(series, (metric, 0), place.clone()))
    }

    /// A metric of a series in a place; none where there is nothing to say, as where nothing is divided by.
    pub fn figure(&self, pact: &Pact, series: usize, metric: MetricId, place: &FigurePlace) -> Option<Figure> {
        let asked = Asked { figures: self, pact, series, place };
        asked.metric(metric)
    }
}

/// The first day of the period in which an instant lies, where a series has periods.
pub(super) fn period_of(pact: &Pact, series: &Series, at: Instant) -> Option<NaiveDate> {
    series.period.map(|period| first_day(pact.zone.date(at), period, pact.fiscal_start))
}

/// Figures of one series in one place.
struct Asked<'a> {
    figures: &'a Figures,
    pact: &'a Pact,
    series: usize,
    place: &'a FigurePlace,
}

impl Asked<'_> {
    /// A metric. Those that it names are worked out first and each once, however many name it and however long the chain.
    fn metric(&self, id: MetricId) -> Option<Figure> {
        let mut known: BTreeMap<MetricId, Option<Figure>> = BTreeMap::new();
        let (mut open, mut waiting) = (vec![id], BTreeSet::new());
        while let Some(next) = open.last().copied() {
            let named = parts(&self.pact[next].measure).1;
            let lacking = named.into_iter().filter(|name| !known.contains_key(name) && !waiting.contains(name));
            let lacking: Vec<MetricId> = lacking.filter(|name| *name != next).collect();
            if known.contains_key(&next) || lacking.is_empty() {
                if !known.contains_key(&next) {
                    let figure = self.measure(&self.pact[next].measure, next, &mut 0, &known);
                    known.insert(next, figure);
                }
                open.pop();
            } else {
                waiting.insert(next);
                open.extend(lacking);
            }
        }
        let figure = known.remove(&id).flatten();
        // a sum is exact as it is
        if matches!(self.pact[id].measure, Measure::Sum(..)) { figure } else { figure.map(Figure::rounded) }
    }

    /// A measure of a metric; `next` is the number of the next one that is counted.
    fn measure(
        &self,
        measure: &Measure,
        of: MetricId,
        next: &mut usize,
        known: &BTreeMap<MetricId, Option<Figure>>,
    ) -> Option<Figure> {
        match measure {
            Measure::Number(value) => return Some(Figure::Number { value: value.normalize() }),
            Measure::Metric(metric) => return known.get(metric).cloned().flatten(),
            Measure::Arithmetic(operator, a, b) => {
                // both are walked through, so that each finds its own cells
                let (a, b) = (self.measure(a, of, next, known), self.measure(b, of, next, known));
                return Figure::combine(*operator, &a?, &b?);
            }
            _ => {}
        }
        let nothing = Counted::default();
        let cell = self.figures.cells.get(&(self.series, (of, *next), self.place.clone())).unwrap_or(&nothing);
        *next += 1;
        match measure {
            Measure::Conversion(..) => Figure::share(cell),
            Measure::Time(statistic, .., calendar) => Figure::time(cell, *statistic, calendar.is_some()),
            Measure::Sum(kind, property, _) => {
                let ty = self.pact[*kind].properties.get(*property as usize).map(|property| &property.ty);
                if let Some(Ty::Money(currency)) = ty {
                    let amount = cell.sums.get(&Some(*currency)).copied().unwrap_or_default().normalize();
                    return Some(Figure::Amounts { values: vec![Value::Money(Money { amount, currency: *currency })] });
                }
                Some(Figure::Number { value: cell.sums.get(&None).copied().unwrap_or_default().normalize() })
            }
            _ => Some(Figure::Count { value: cell.count }),
        }
    }
}

/// The first day of a period by its name.
pub fn period_named(name: &str, period: Period, fiscal_start: u32) -> Option<NaiveDate> {
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    let month = |text: &str| day(&format!("{text}-01"));
    let quarter = |text: &str| {
        let (year, quarter) = text.split_once("-Q")?;
        NaiveDate::from_ymd_opt(year.parse().ok()?, quarter.parse::<u32>().ok()?.checked_mul(3)?.checked_sub(2)?, 1)
    };
    let named = name.strip_prefix("from ").and_then(day).or_else(|| day(name)).or_else(|| month(name));
    let first = named.or_else(|| quarter(name)).or_else(|| month(&format!("{name}-01")))?;
    let is_first = first_day(first, period, fiscal_start) == first;
    (is_first && period_name(first, period, fiscal_start) == name).then_some(first)
}

/// The name of a period that begins on a day, such as `2026-03` or `2026-Q1`. Quarters and years of a fiscal year are called
/// by the day on which they begin.
pub fn period_name(first: NaiveDate, period: Period, fiscal_start: u32) -> String {
    match period {
        Period::Day | Period::Week => first.to_string(),
        Period::Month => first.format("%Y-%m").to_string(),
        Period::Quarter if fiscal_start == 1 => format!("{}-Q{}", first.year(), first.month0() / 3 + 1),
        Period::Year if fiscal_start == 1 => first.year().to_string(),
        Period::Quarter | Period::Year => format!("from {first}"),
    }
}
