//! From the ways of leads to what is counted, in one pass.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate};

use super::figure::{Counted, Figure};
use super::journey::{Journey, Moment};
use super::promise::{self, PromiseOutcomes, PromisePlace};
use super::series::Series;
use super::stay::{self, StageStays};
use crate::eval::View;
use crate::pact::{Expr, Measure, MetricId, Milestone, Pact, Period, StageId, Verdict};
use crate::record::Event;
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
    pub group: Option<Vec<String>>,
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
}

impl Figures {
    /// Counts a lead. One that became part of another is counted with that one.
    pub fn add(&mut self, pact: &Pact, series: &[Series], lead: &ReplayedLead) {
        if lead.part || !lead.started {
            return;
        }
        let journey = Journey::new(pact, lead);
        if let Some(first) = series.first() {
            stay::count(pact, first, &journey, &lead.lead, &mut self.stays);
            promise::count(pact, first, &journey, &mut self.promises);
        }
        for (at, asked) in series.iter().enumerate() {
            let mut count = Count { figures: self, pact, journey: &journey, series: asked, at };
            for (leaf, measure) in leaves(pact, &asked.metrics) {
                count.leaf(leaf, measure);
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
        for (promise, outcomes) in other.promises {
            self.promises.entry(promise).or_default().merge(outcomes);
        }
    }

    /// The places of a series in which something was counted, the whole always among them.
    pub fn places(&self, series: usize) -> Vec<FigurePlace> {
        let counted = self.cells.keys().filter(|(of, ..)| *of == series).map(|(.., place)| place.clone());
        let mut places: Vec<FigurePlace> = counted.chain([FigurePlace { period: None, group: None }]).collect();
        places.sort();
        places.dedup();
        places
    }

    /// A metric of a series in a place; none where there is nothing to say, as where nothing is divided by.
    pub fn figure(&self, pact: &Pact, series: usize, metric: MetricId, place: &FigurePlace) -> Option<Figure> {
        let asked = Asked { figures: self, pact, series, place };
        asked.metric(metric)
    }
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

/// A measure that is counted: the metric in which it stands, and its number there.
type Leaf = (MetricId, usize);

/// The measures that are counted for metrics and for those that they name, each once.
fn leaves<'p>(pact: &'p Pact, metrics: &[MetricId]) -> Vec<(Leaf, &'p Measure)> {
    let (mut open, mut seen, mut all) = (metrics.to_vec(), BTreeSet::new(), Vec::new());
    while let Some(metric) = open.pop() {
        if seen.insert(metric) {
            let (counted, named) = parts(&pact[metric].measure);
            open.extend(named);
            all.extend(counted.into_iter().enumerate().map(|(number, measure)| ((metric, number), measure)));
        }
    }
    all
}

/// The measures that a measure counts itself, in order, and the metrics that it names.
fn parts(measure: &Measure) -> (Vec<&Measure>, Vec<MetricId>) {
    let (mut counted, mut named, mut open) = (Vec::new(), Vec::new(), vec![measure]);
    while let Some(next) = open.pop() {
        match next {
            Measure::Metric(metric) => named.push(*metric),
            Measure::Arithmetic(_, a, b) => open.extend([&**b, &**a]),
            Measure::Number(_) => {}
            leaf => counted.push(leaf),
        }
    }
    (counted, named)
}

/// One lead in one series.
struct Count<'c, 'a> {
    figures: &'c mut Figures,
    pact: &'a Pact,
    journey: &'c Journey<'a>,
    series: &'c Series,
    at: usize,
}

impl Count<'_, '_> {
    fn leaf(&mut self, leaf: Leaf, measure: &Measure) {
        let (journey, series) = (self.journey, self.series);
        match measure {
            Measure::Entering(stage, condition, once) => {
                for round in &journey.rounds {
                    let entered = journey.reached(round, Milestone::Entering(*stage), None);
                    if let Some(at) = entered.filter(|at| series.counts(*at) && journey.holds(condition.as_ref(), *at))
                    {
                        self.add(leaf, round.moment(at), |cell| cell.count += 1);
                        if *once {
                            break;
                        }
                    }
                }
            }
            Measure::Conversion(from, to, within) => {
                for round in &journey.rounds {
                    let entered = journey.reached(round, Milestone::Entering(*from), None);
                    let Some(at) = entered.filter(|at| series.counts(*at)) else { continue };
                    let last = within.map(|within| within.after(at, &self.pact.zone).unwrap_or(Instant::MAX_UTC));
                    // whoever has not had the whole time yet is in no cohort
                    if last.is_some_and(|last| last > journey.now()) {
                        continue;
                    }
                    let came = round.came(*from, *to);
                    let reached = came.is_some_and(|came| last.is_none_or(|last| came <= last));
                    self.add(leaf, round.moment(at), |cell| {
                        cell.of += 1;
                        cell.count += u64::from(reached);
                        cell.open += u64::from(!reached && round.open && last.is_none());
                    });
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
                            self.add(leaf, round.moment(to), |cell| cell.times.add(seconds));
                        }
                        None if round.open && series.counts(from) => {
                            self.add(leaf, round.moment(from), |cell| cell.open += 1)
                        }
                        _ => {}
                    }
                }
            }
            Measure::Count(kind, condition) => {
                for event in journey.events().iter().filter(|event| event.kind == *kind && series.counts(event.at)) {
                    if self.event_holds(condition.as_ref(), event) {
                        self.add(leaf, journey.moment(event), |cell| cell.count += 1);
                    }
                }
            }
            Measure::Sum(kind, property, condition) => {
                for event in journey.events().iter().filter(|event| event.kind == *kind && series.counts(event.at)) {
                    let (currency, amount) = match event.values.get(*property as usize).and_then(Option::as_ref) {
                        Some(Value::Money(money)) => (Some(money.currency), money.amount),
                        Some(Value::Number(number)) => (None, *number),
                        _ => continue,
                    };
                    if self.event_holds(condition.as_ref(), event) {
                        self.add(leaf, journey.moment(event), |cell| {
                            let sum = cell.sums.entry(currency).or_default();
                            *sum = sum.saturating_add(amount);
                        });
                    }
                }
            }
            Measure::Metric(_) | Measure::Number(_) | Measure::Arithmetic(..) => {}
        }
    }

    fn event_holds(&self, condition: Option<&Expr>, event: &Event) -> bool {
        let Some(condition) = condition else { return true };
        let record = self.journey.record(event.at);
        View::new(self.pact, &record, event.at).condition_at(condition, Some(event)) == Verdict::Met
    }

    /// Counts something that was at an instant: in its place, and in each whole that holds it.
    fn add(&mut self, leaf: Leaf, moment: Moment<'_>, count: impl Fn(&mut Counted)) {
        let (pact, series) = (self.pact, self.series);
        if !self.journey.holds(series.condition.as_ref(), moment.at) {
            return;
        }
        let period = series.period.map(|period| first_day(pact.zone.date(moment.at), period, pact.fiscal_start));
        let group = (!series.by.is_empty()).then(|| {
            series.by.iter().map(|dimension| dimension.value(pact, self.journey, moment)).collect::<Vec<String>>()
        });
        let mut places = vec![FigurePlace { period: None, group: None }];
        places.extend(period.map(|period| FigurePlace { period: Some(period), group: None }));
        if let Some(group) = group {
            places.push(FigurePlace { period: None, group: Some(group.clone()) });
            places.extend(period.map(|period| FigurePlace { period: Some(period), group: Some(group) }));
        }
        for place in places {
            count(self.figures.cells.entry((self.at, leaf, place)).or_default());
        }
    }
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
