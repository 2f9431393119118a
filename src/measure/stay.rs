//! Stays: where leads go on, go back, or stand.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::journey::Journey;
use super::series::Series;
use super::times::Times;
use crate::pact::{Pact, StageId};
use crate::time::Instant;

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

    /// Counts a stay of a lead as of an instant.
    pub(super) fn take(&mut self, stay: &StayFact, lead: &Arc<str>, now: Instant) {
        self.entered += 1;
        match stay.end {
            StayEnd::Left(seconds, later) => {
                self.on += u64::from(later);
                self.back += u64::from(!later);
                self.times.add(seconds);
            }
            StayEnd::Still => {
                self.still += 1;
                self.older(now.signed_duration_since(stay.from).num_seconds(), lead);
            }
            StayEnd::Final => {}
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

/// A stay of a lead in a stage.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StayFact {
    pub(super) stage: StageId,
    /// When it began.
    pub(super) from: Instant,
    end: StayEnd,
}

/// How a stay ended.
#[derive(Debug, Clone, Copy, PartialEq)]
enum StayEnd {
    /// The lead went to another stage, or in by a recycle: after so many seconds, and whether that one stands later.
    Left(i64, bool),
    /// It is there still.
    Still,
    /// It has come to its end there.
    Final,
}

/// The stays of a lead that began when a series counts.
pub(super) fn stay_facts(pact: &Pact, series: &Series, journey: &Journey<'_>) -> Vec<StayFact> {
    let visits = journey.visits();
    let counts = |(_, (_, from)): &(usize, &(StageId, Instant))| {
        series.counts(*from) && journey.holds(series.condition.as_ref(), *from)
    };
    let fact = |(place, (stage, from)): (usize, &(StageId, Instant))| {
        let left = |(to, at): &(StageId, Instant)| {
            let later = to.pipeline == stage.pipeline && to.stage > stage.stage;
            StayEnd::Left(at.signed_duration_since(*from).num_seconds(), later)
        };
        let end = if pact[*stage].is_final { StayEnd::Final } else { StayEnd::Still };
        StayFact { stage: *stage, from: *from, end: visits.get(place + 1).map_or(end, left) }
    };
    visits.iter().enumerate().filter(counts).map(fact).collect()
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
