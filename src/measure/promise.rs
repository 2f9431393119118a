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
    /// Counts a clock.
    pub(super) fn take(&mut self, outcome: PromiseOutcome) {
        *match outcome {
            PromiseOutcome::InTime => &mut self.in_time,
            PromiseOutcome::Late => &mut self.late,
            PromiseOutcome::Broken => &mut self.broken,
            PromiseOutcome::Open => &mut self.open,
            PromiseOutcome::Stopped => &mut self.stopped,
        } += 1;
    }

    /// Adds what another part counted.
    pub(super) fn merge(&mut self, other: Self) {
        self.in_time += other.in_time;
        self.late += other.late;
        self.broken += other.broken;
        self.open += other.open;
        self.stopped += other.stopped;
    }
}

/// What became of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PromiseOutcome {
    InTime,
    Late,
    Broken,
    Open,
    Stopped,
}

/// A clock of a lead.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PromiseFact {
    pub(super) sla: SlaId,
    pub(super) promise: u32,
    /// When its time is used up.
    pub(super) due: Instant,
    pub(super) outcome: PromiseOutcome,
    /// The values of what figures are split by, where they are split.
    pub(super) group: Option<Arc<[String]>>,
}

/// A clock as its timeline tells of it.
#[derive(Clone, Copy)]
struct Told {
    /// When its time is used up; none where the calendar is not open for so long.
    due: Option<Instant>,
    /// When it last began to run.
    running: Instant,
    breached: Option<Instant>,
    met: Option<Instant>,
    stopped: Option<Instant>,
}

impl Told {
    fn of(due: Option<Instant>, running: Instant) -> Self {
        Self { due, running, breached: None, met: None, stopped: None }
    }

    fn outcome(self) -> PromiseOutcome {
        match self {
            Self { met: Some(_), breached: None, .. } => PromiseOutcome::InTime,
            Self { met: Some(_), .. } => PromiseOutcome::Late,
            Self { breached: Some(_), .. } => PromiseOutcome::Broken,
            Self { stopped: Some(_), .. } => PromiseOutcome::Stopped,
            _ => PromiseOutcome::Open,
        }
    }

    /// The moment whose lead it is counted with: when it was kept, broken or stopped, whichever was first; of one that is
    /// open, when it last began to run.
    fn moment(self) -> Instant {
        [self.breached, self.met, self.stopped].into_iter().flatten().min().unwrap_or(self.running)
    }
}

/// A promise, and the values of what figures are split by; none for the whole.
pub type PromisePlace = (SlaId, u32, Option<Arc<[String]>>);

/// The clocks of a lead that were due when a series counts, by who had the lead and what was known when they were kept,
/// broken or stopped.
pub(super) fn promise_facts(pact: &Pact, series: &Series, journey: &Journey<'_>) -> Vec<PromiseFact> {
    let mut clocks: BTreeMap<(SlaId, u32), Vec<Told>> = BTreeMap::new();
    for entry in journey.entries() {
        let EntryKind::Clock { sla, promise, change } = &entry.kind else { continue };
        let of = clocks.entry((*sla, *promise)).or_default();
        if let ClockChange::Started { due } = change {
            of.push(Told::of(*due, entry.at));
            continue;
        }
        // one that another lead had runs on where that one ended
        let Some(clock) = of.last_mut() else { continue };
        match change {
            ClockChange::Resumed { due } | ClockChange::Restarted { due } => {
                *clock = Told { due: *due, running: entry.at, stopped: None, ..*clock };
            }
            ClockChange::Met { .. } => clock.met = Some(entry.at),
            ClockChange::Breached => clock.breached = Some(entry.at),
            ClockChange::Stopped => clock.stopped = Some(entry.at),
            ClockChange::Started { .. }
            | ClockChange::Paused
            | ClockChange::Warned { .. }
            | ClockChange::Counted { .. } => {}
        }
    }
    let mut facts = Vec::new();
    for ((sla, promise), clocks) in clocks {
        for clock in clocks {
            let Some(due) = clock.due.filter(|due| series.counts(*due)) else { continue };
            let at = clock.moment();
            if !journey.holds(series.condition.as_ref(), at) {
                continue;
            }
            let moment = Moment { at, round: journey.round_at(at), event: None };
            let values = series.by.iter().map(|dimension| dimension.value(pact, journey, moment));
            let group = (!series.by.is_empty()).then(|| values.collect());
            facts.push(PromiseFact { sla, promise, due, outcome: clock.outcome(), group });
        }
    }
    facts
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
            group: by.iter().cloned().zip(group.iter().flat_map(|group| group.iter()).cloned()).collect(),
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
