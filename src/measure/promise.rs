//! Promises: kept in time, kept late, broken.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use rust_decimal::Decimal;
use serde::Serialize;

use super::figure::some_number;
use super::journey::{Journey, Moment};
use super::series::Series;
use crate::lifecycle::{ClockChange, EntryKind};
use crate::pact::{Clause, Pact, SlaId};
use crate::time::Instant;

/// What became of the clocks of a promise that were due in the time that is counted. Counts of several parts add up, in
/// whatever order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PromiseOutcomes {
    in_time: u64,
    late: u64,
    broken: u64,
    open: u64,
    stopped: u64,
}

impl PromiseOutcomes {
    /// Adds what another part counted.
    pub(super) fn merge(&mut self, other: Self) {
        self.in_time += other.in_time;
        self.late += other.late;
        self.broken += other.broken;
        self.open += other.open;
        self.stopped += other.stopped;
    }
}

/// A clock as its timeline tells of it.
#[derive(Clone, Copy, Default)]
struct Told {
    /// When its time is used up; none where the calendar is not open for so long.
    due: Option<Instant>,
    breached: bool,
    met: bool,
    stopped: bool,
}

/// A promise, and the values of what figures are split by; none for the whole.
pub type PromisePlace = (SlaId, u32, Option<Vec<String>>);

/// Counts the clocks of a lead that were due when a series counts, by who had the lead then, and what was known.
pub(super) fn count(
    pact: &Pact,
    series: &Series,
    journey: &Journey<'_>,
    all: &mut BTreeMap<PromisePlace, PromiseOutcomes>,
) {
    let mut clocks: BTreeMap<(SlaId, u32), Vec<Told>> = BTreeMap::new();
    for entry in journey.entries() {
        let EntryKind::Clock { sla, promise, change } = &entry.kind else { continue };
        let of = clocks.entry((*sla, *promise)).or_default();
        if let ClockChange::Started { due } = change {
            of.push(Told { due: *due, ..Told::default() });
            continue;
        }
        // one that another lead had runs on where that one ended
        let Some(clock) = of.last_mut() else { continue };
        match change {
            ClockChange::Resumed { due } | ClockChange::Restarted { due } => {
                *clock = Told { due: *due, stopped: false, ..*clock };
            }
            ClockChange::Met { .. } => clock.met = true,
            ClockChange::Breached => clock.breached = true,
            ClockChange::Stopped => clock.stopped = true,
            ClockChange::Started { .. }
            | ClockChange::Paused
            | ClockChange::Warned { .. }
            | ClockChange::Counted { .. } => {}
        }
    }
    for ((sla, promise), clocks) in clocks {
        for clock in clocks {
            let Some(due) = clock.due.filter(|due| series.counts(*due)) else { continue };
            let at = due.min(journey.now());
            if !journey.holds(series.condition.as_ref(), at) {
                continue;
            }
            let moment = Moment { at, round: journey.round_at(at), event: None };
            let group = series.by.iter().map(|dimension| dimension.value(pact, journey, moment));
            let group = (!series.by.is_empty()).then(|| group.collect::<Vec<String>>());
            for group in [None].into_iter().chain(group.map(Some)) {
                let outcomes = all.entry((sla, promise, group)).or_default();
                match clock {
                    Told { met: true, breached: false, .. } => outcomes.in_time += 1,
                    Told { met: true, breached: true, .. } => outcomes.late += 1,
                    Told { breached: true, .. } => outcomes.broken += 1,
                    Told { stopped: true, .. } => outcomes.stopped += 1,
                    _ => outcomes.open += 1,
                }
            }
        }
    }
}

/// How a promise was kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PromiseReport {
    /// The service level.
    pub sla: Arc<str>,
    /// The promise, such as `first touch`.
    pub promise: &'static str,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Arc<str>>,
    /// The value of each dimension; empty for all of them.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub group: IndexMap<String, String>,
    /// Of those that were kept or broken, the part that was kept in time; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "some_number")]
    pub kept: Option<Decimal>,
    /// Kept in time.
    pub in_time: u64,
    /// Broken, and kept later.
    pub late: u64,
    /// Broken, and not kept.
    pub broken: u64,
    /// Not due yet, or paused.
    pub open: u64,
    /// Ended before they were kept or broken.
    pub stopped: u64,
    /// The clause.
    pub because: Clause,
}

/// Every promise of which a clock was due, in the order of the pact: the whole, then each group under the names of what
/// figures are split by.
pub(super) fn promise_reports(
    pact: &Pact,
    all: &BTreeMap<PromisePlace, PromiseOutcomes>,
    by: &[String],
) -> Vec<PromiseReport> {
    let report = |((sla, promise, group), outcomes): (&PromisePlace, &PromiseOutcomes)| {
        let of = &pact[*sla];
        let promise = of.promises.get(*promise as usize)?;
        let PromiseOutcomes { in_time, late, broken, open, stopped } = *outcomes;
        let kept = Decimal::from(in_time).checked_div(Decimal::from(in_time + late + broken));
        Some(PromiseReport {
            sla: of.name.clone(),
            promise: promise.kind.name().words(),
            owner: of.owner.clone(),
            group: by.iter().cloned().zip(group.iter().flatten().cloned()).collect(),
            kept: kept.map(|kept| kept.round_dp(4).normalize()),
            in_time,
            late,
            broken,
            open,
            stopped,
            because: pact.clause(promise.span),
        })
    };
    all.iter().filter_map(report).collect()
}
