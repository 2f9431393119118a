//! The facts of many leads, kept up as leads change: figures of any time are counted from them without a replay.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::behind::BehindFigure;
use super::fact::{Fact, LeadFacts};
use super::figures::{FigurePlace, Figures, period_of};
use super::leaf::leaves;
use super::series::Series;
use crate::lifecycle::{EntryLog, LeadState};
use crate::pact::{MetricId, Pact};
use crate::time::Instant;

/// Facts by lead. The figures that are counted from them are those of a replay of all leads.
#[derive(Debug, Clone, Default)]
pub struct FactTable {
    /// What is asked of each lead, of whatever time.
    questions: Vec<Series>,
    /// The facts of each lead, for each question.
    leads: BTreeMap<String, Vec<LeadFacts>>,
}

impl FactTable {
    /// An empty table, from which series can be counted that ask the same as one of these, of any time.
    pub fn new(series: impl IntoIterator<Item = Series>) -> Self {
        let mut questions: Vec<Series> = Vec::new();
        for asked in series {
            match questions.iter_mut().find(|question| question.asks_like(&asked)) {
                Some(question) => {
                    let metrics: BTreeSet<MetricId> = question.metrics.iter().copied().chain(asked.metrics).collect();
                    question.metrics = metrics.into_iter().collect();
                }
                None => questions.push(Series { from: None, to: None, period: None, ..asked }),
            }
        }
        Self { questions, leads: BTreeMap::new() }
    }

    /// The facts of a lead, in place of those that it had.
    pub fn put(&mut self, pact: &Pact, key: &str, lead: &Arc<str>, journey: (&LeadState, &EntryLog)) {
        let facts = self.questions.iter().map(|question| LeadFacts::of(pact, question, lead, journey)).collect();
        self.leads.insert(key.to_owned(), facts);
    }

    /// A lead that counts no more: it is gone, or part of another.
    pub fn remove(&mut self, key: &str) {
        self.leads.remove(key);
    }

    /// Whether a series asks only what the table holds.
    pub fn holds(&self, series: &Series) -> bool {
        self.question(series).is_some()
    }

    /// Counts series as of an instant; none where one of them asks what the table does not hold.
    pub fn figures(&self, pact: &Pact, series: &[Series], now: Instant) -> Option<Figures> {
        let asked: Option<Vec<(usize, BTreeSet<MetricId>)>> =
            series.iter().map(|asked| self.asked(pact, asked)).collect();
        let asked = asked?;
        let mut figures = Figures::default();
        for facts in self.leads.values() {
            for (number, (series, (question, only))) in series.iter().zip(&asked).enumerate() {
                if let Some(facts) = facts.get(*question) {
                    figures.take(pact, (number, series), facts, Some(only), now);
                }
            }
        }
        Some(figures)
    }

    /// The leads behind a metric of a series in a place, as of an instant, the last first; none where the series asks what
    /// the table does not hold.
    pub fn behind(
        &self,
        pact: &Pact,
        series: &Series,
        metric: MetricId,
        place: &FigurePlace,
        now: Instant,
    ) -> Option<Vec<BehindFigure>> {
        let (question, only) = self.asked(pact, &Series { metrics: vec![metric], ..series.clone() })?;
        let here = |fact: &&Fact| {
            place.period.is_none_or(|first| period_of(pact, series, fact.at) == Some(first))
                && place.group.as_ref().is_none_or(|group| fact.group.as_ref() == Some(group))
        };
        let of = |facts: &LeadFacts| -> Vec<(Instant, BehindFigure)> {
            let counted = facts.counted(series, Some(&only), now).filter(here);
            counted.map(|fact| (fact.at, BehindFigure::of(pact, &facts.lead, fact))).collect()
        };
        let mut behind: Vec<(Instant, BehindFigure)> =
            self.leads.values().filter_map(|facts| facts.get(question)).flat_map(of).collect();
        behind.sort_by(|(a, this), (b, other)| b.cmp(a).then_with(|| this.lead.cmp(&other.lead)));
        Some(behind.into_iter().map(|(_, behind)| behind).collect())
    }

    /// The question that a series asks, and the metrics that it is counted of.
    fn asked(&self, pact: &Pact, series: &Series) -> Option<(usize, BTreeSet<MetricId>)> {
        Some((
            self.question(series)?,
            leaves(pact, &series.metrics).into_iter().map(|((metric, _), _)| metric).collect(),
        ))
    }

    fn question(&self, series: &Series) -> Option<usize> {
        let held = |question: &Series| series.metrics.iter().all(|metric| question.metrics.contains(metric));
        self.questions.iter().position(|question| question.asks_like(series) && held(question))
    }
}
