//! What the replays of many leads came to.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike as _, NaiveDate};

use super::ReplayedLead;
use crate::lifecycle::{ClockState, EntryKind, RequestedAction};
use crate::pact::{Pact, Period, PromiseKind, SlaId, StageId};
use crate::time::Instant;

/// Counts over leads. Those of several parts add up, in whatever order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// Up to which instant leads were replayed.
    pub until: Option<Instant>,
    /// Rows that were read.
    pub rows: u64,
    /// Leads.
    pub leads: u64,
    /// Leads without an event by the instant; they count nowhere else.
    pub not_yet: u64,
    /// Events, each counted once.
    pub events: u64,
    /// Duplicate events.
    pub duplicates: u64,
    /// Leads that no pipeline took.
    pub nowhere: u64,
    /// Leads that became part of another.
    pub merged: u64,
    /// Leads that rest.
    pub resting: u64,
    /// Moves, and those of them that went back to a stage before.
    pub moves: u64,
    /// Moves to a stage that stands before the one they left.
    pub backward: u64,
    /// By stage.
    pub stages: BTreeMap<StageId, StageCount>,
    /// By service level and promise.
    pub clocks: BTreeMap<(SlaId, u32), ClockCount>,
    /// By recycle: how often it was made, and how often it was used up.
    pub recycles: BTreeMap<Arc<str>, (u64, u64)>,
    /// Requested actions, how often.
    pub effects: BTreeMap<String, u64>,
    /// By promise of a volume: leads that entered, by the first day of the period.
    pub volumes: BTreeMap<(SlaId, u32), BTreeMap<NaiveDate, u64>>,
}

/// What happened in a stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StageCount {
    pub entered: u64,
    pub now: u64,
}

/// What became of the clocks of a promise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClockCount {
    /// All that were started.
    pub started: u64,
    /// Met in time.
    pub met: u64,
    /// Breached, and never met.
    pub breached: u64,
    /// Breached, and met late.
    pub late: u64,
    /// Running or paused.
    pub open: u64,
    /// Ended before the promise was met or breached.
    pub stopped: u64,
    /// The seconds, as the promise counts them, until it was met, if late, over all of those.
    pub seconds: i64,
    /// The same from entering the stage.
    pub since_entry: i64,
    /// The longest of all, of those that are open up to the end of the replay.
    pub longest: i64,
}

impl Summary {
    /// Adds a lead.
    pub fn add(&mut self, pact: &Pact, replayed: &ReplayedLead) {
        if !replayed.started {
            self.not_yet += 1;
            return;
        }
        self.leads += 1;
        self.events += replayed.events as u64;
        self.duplicates += replayed.duplicates as u64;
        self.resting += u64::from(replayed.state.resting().is_some());
        match (replayed.state.stage(), &replayed.state.merged) {
            (_, Some(_)) => self.merged += 1,
            (Some(stage), None) => self.stages.entry(stage).or_default().now += 1,
            (None, None) => self.nowhere += 1,
        }
        for entry in &replayed.timeline.entries {
            match &entry.kind {
                EntryKind::Began { stage } => self.entered(pact, *stage, entry.at),
                EntryKind::Moved { to, backward, .. } => {
                    self.moves += 1;
                    self.backward += u64::from(*backward);
                    self.entered(pact, *to, entry.at);
                }
                EntryKind::Recycled { by, to, .. } => {
                    self.recycles.entry(pact[*by].name.clone()).or_default().0 += 1;
                    self.entered(pact, *to, entry.at);
                }
                EntryKind::UsedUp { by, to, .. } => {
                    self.recycles.entry(pact[*by].name.clone()).or_default().1 += 1;
                    self.entered(pact, *to, entry.at);
                }
                EntryKind::Requested(requested) => *self.effects.entry(effect(pact, requested)).or_default() += 1,
                EntryKind::Clock {
                    sla,
                    promise,
                    change: crate::lifecycle::ClockChange::Met { seconds, since_entry, .. },
                } => {
                    let count = self.clocks.entry((*sla, *promise)).or_default();
                    count.seconds += seconds;
                    count.since_entry += since_entry;
                }
                _ => {}
            }
        }
        for clock in replayed.state.clocks.iter().filter(|clock| !clock.inherited) {
            let count = self.clocks.entry((clock.sla, clock.promise)).or_default();
            count.started += 1;
            count.longest = count.longest.max(clock.used(pact, replayed.state.now));
            match clock.state() {
                ClockState::Met => count.met += 1,
                ClockState::Breached => match clock.ended {
                    Some((_, crate::lifecycle::Ending::Met)) => count.late += 1,
                    _ => count.breached += 1,
                },
                ClockState::Stopped => count.stopped += 1,
                _ => count.open += 1,
            }
        }
    }

    fn entered(&mut self, pact: &Pact, stage: StageId, at: Instant) {
        self.stages.entry(stage).or_default().entered += 1;
        for (sla, promise, per) in volumes(pact, stage) {
            let first = first_day(pact.zone.date(at), per, pact.fiscal_start);
            *self.volumes.entry((sla, promise)).or_default().entry(first).or_default() += 1;
        }
    }

    /// Adds what another part came to.
    pub fn merge(&mut self, other: Self) {
        let Self { until, leads, events, duplicates, nowhere, merged, resting, moves, backward, .. } = other;
        self.until = self.until.max(until);
        self.leads += leads;
        self.not_yet += other.not_yet;
        self.events += events;
        self.duplicates += duplicates;
        self.nowhere += nowhere;
        self.merged += merged;
        self.resting += resting;
        self.moves += moves;
        self.backward += backward;
        for (stage, theirs) in other.stages {
            let count = self.stages.entry(stage).or_default();
            count.entered += theirs.entered;
            count.now += theirs.now;
        }
        for (promise, theirs) in other.clocks {
            let count = self.clocks.entry(promise).or_default();
            count.started += theirs.started;
            count.met += theirs.met;
            count.breached += theirs.breached;
            count.late += theirs.late;
            count.open += theirs.open;
            count.stopped += theirs.stopped;
            count.seconds += theirs.seconds;
            count.since_entry += theirs.since_entry;
            count.longest = count.longest.max(theirs.longest);
        }
        for (recycle, (made, used_up)) in other.recycles {
            let count = self.recycles.entry(recycle).or_default();
            count.0 += made;
            count.1 += used_up;
        }
        for (effect, times) in other.effects {
            *self.effects.entry(effect).or_default() += times;
        }
        for (promise, periods) in other.volumes {
            let mine = self.volumes.entry(promise).or_default();
            for (first, count) in periods {
                *mine.entry(first).or_default() += count;
            }
        }
    }
}

/// The volumes that a lead entering a stage counts for.
fn volumes(pact: &Pact, entered: StageId) -> impl Iterator<Item = (SlaId, u32, Period)> {
    let slas = pact.slas.iter().zip(0..);
    slas.flat_map(move |(sla, id)| {
        sla.promises.iter().zip(0..).filter_map(move |(promise, at)| match promise.kind {
            PromiseKind::Volume { stage, per, .. } if stage == entered => Some((SlaId(id), at, per)),
            _ => None,
        })
    })
}

/// The first day of the period that holds a date. Weeks begin on Monday; quarters and years are those of the fiscal year,
/// which starts in a month from 1 to 12.
pub fn first_day(date: NaiveDate, per: Period, fiscal_start: u32) -> NaiveDate {
    let since = |months: u32| {
        let first = date.with_day(1).unwrap_or(date);
        // months since the last one in which such a period starts
        let passed = (date.month() + 12 - fiscal_start) % months;
        first.checked_sub_months(chrono::Months::new(passed)).unwrap_or(first)
    };
    match per {
        Period::Day => date,
        Period::Week => date.week(chrono::Weekday::Mon).checked_first_day().unwrap_or(date),
        Period::Month => since(1),
        Period::Quarter => since(3),
        Period::Year => since(12),
    }
}

/// The first day after the period that begins on a date.
pub fn next_period(first: NaiveDate, per: Period) -> NaiveDate {
    let months = |n| first.checked_add_months(chrono::Months::new(n)).unwrap_or(first);
    match per {
        Period::Day => first.succ_opt().unwrap_or(first),
        Period::Week => first.checked_add_days(chrono::Days::new(7)).unwrap_or(first),
        Period::Month => months(1),
        Period::Quarter => months(3),
        Period::Year => months(12),
    }
}

fn effect(pact: &Pact, requested: &RequestedAction) -> String {
    match requested {
        RequestedAction::Enroll(program) => format!("enroll {}", pact[*program].name),
        RequestedAction::NotEnrolled(program, why) => format!("not enroll {}: {why}", pact[*program].name),
        RequestedAction::Alert(to) => format!("alert {to}"),
        RequestedAction::Convert(to) => format!("convert to {to}"),
        RequestedAction::Reassign => "reassign".into(),
        RequestedAction::Dispose(kind) => format!("dispose as {}", pact[*kind].name),
        RequestedAction::Move(stage) => format!("move to {}", pact[*stage].name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_and_years_are_those_of_the_fiscal_year() {
        let first = |date: &str, per, start| first_day(date.parse().unwrap(), per, start).to_string();
        assert_eq!(first("2026-03-31", Period::Quarter, 1), "2026-01-01");
        assert_eq!(first("2026-03-31", Period::Quarter, 4), "2026-01-01");
        assert_eq!(first("2026-03-31", Period::Year, 4), "2025-04-01");
        assert_eq!(first("2026-04-01", Period::Year, 4), "2026-04-01");
        assert_eq!(first("2026-03-31", Period::Quarter, 2), "2026-02-01");
        assert_eq!(first("2026-01-31", Period::Quarter, 2), "2025-11-01");
        assert_eq!(first("2026-01-31", Period::Month, 2), "2026-01-01");
        assert_eq!(first("2026-03-04", Period::Week, 2), "2026-03-02");
    }
}
