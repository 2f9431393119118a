//! Stays: where leads go on, go back, or stand.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::journey::Journey;
use super::series::Series;
use super::times::Times;
use crate::pact::{Pact, StageId};

/// What became of those that entered a stage. Counts of several parts add up, in whatever order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StageStays {
    /// How often it was entered.
    entered: u64,
    /// How often it was left for one that stands later.
    on: u64,
    /// How often it was left for one that stands earlier, or by a recycle.
    back: u64,
    /// How many are there still.
    still: u64,
    /// The stays of those that left.
    times: Times,
    /// The longest of those that are there still, and whose it is.
    oldest: Option<(i64, Arc<str>)>,
}

impl StageStays {
    /// Adds what another part counted.
    pub(super) fn merge(&mut self, other: Self) {
        self.entered += other.entered;
        self.on += other.on;
        self.back += other.back;
        self.still += other.still;
        self.times.merge(other.times);
        if let Some((seconds, lead)) = other.oldest {
            self.older(seconds, &lead);
        }
    }

    /// Of two that are as old the first by key stands for both.
    fn older(&mut self, seconds: i64, lead: &Arc<str>) {
        let older = |(mine, key): &(i64, Arc<str>)| (seconds, &**key) > (*mine, &**lead);
        if self.oldest.as_ref().is_none_or(older) {
            self.oldest = Some((seconds, lead.clone()));
        }
    }
}

/// Counts the stays of a lead that began when a series counts.
pub(super) fn count(
    pact: &Pact,
    series: &Series,
    journey: &Journey<'_>,
    lead: &Arc<str>,
    all: &mut BTreeMap<StageId, StageStays>,
) {
    let visits = journey.visits();
    for (place, (stage, from)) in visits.iter().enumerate().filter(|(_, (_, from))| series.counts(*from)) {
        if !journey.holds(series.condition.as_ref(), *from) {
            continue;
        }
        let stays = all.entry(*stage).or_default();
        stays.entered += 1;
        let next = visits.get(place + 1);
        let until = next.map_or(journey.now(), |(_, at)| *at);
        let seconds = until.signed_duration_since(*from).num_seconds();
        match next {
            Some((to, _)) => {
                let later = to.pipeline == stage.pipeline && to.stage > stage.stage;
                stays.on += u64::from(later);
                stays.back += u64::from(!later);
                stays.times.add(seconds);
            }
            None if !pact[*stage].is_final => {
                stays.still += 1;
                stays.older(seconds, lead);
            }
            None => {}
        }
    }
}

/// What became of those that entered a stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageReport {
    /// The stage.
    pub stage: Arc<str>,
    /// How often it was entered.
    pub entered: u64,
    /// How often it was left for one that stands later.
    pub on: u64,
    /// How often it was left for one that stands earlier, or by a recycle.
    pub back: u64,
    /// How many are there still; of a final stage nobody is counted so.
    pub still: u64,
    /// The median stay of those that left, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median: Option<i64>,
    /// Nine of ten of those that left stayed at most so long, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ninety: Option<i64>,
    /// How long the one has been there that came first of those that are there still, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest: Option<i64>,
    /// Its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<Arc<str>>,
}

/// Every stage that was entered, in the order of the pact.
pub(super) fn stage_reports(pact: &Pact, all: &BTreeMap<StageId, StageStays>) -> Vec<StageReport> {
    let report = |(stage, stays): (&StageId, &StageStays)| StageReport {
        stage: pact[*stage].name.clone(),
        entered: stays.entered,
        on: stays.on,
        back: stays.back,
        still: stays.still,
        median: stays.times.median(),
        ninety: stays.times.nine_of_ten(),
        oldest: stays.oldest.as_ref().map(|(seconds, _)| *seconds),
        lead: stays.oldest.as_ref().map(|(_, lead)| lead.clone()),
    };
    all.iter().map(report).collect()
}
