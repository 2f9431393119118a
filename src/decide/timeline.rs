//! A timeline as data: one line for each thing that happened. Keys are stable.

use std::sync::Arc;

use serde::Serialize;

use super::EffectKind;
use super::report::effect;
use crate::lifecycle::{ClockChange, Conflict, EntryKind, TimelineEntry};
use crate::pact::{Clause, Pact, RecycleId, StageId};

/// Something that happened to a lead.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EntryReport {
    /// The lead's key.
    pub lead: Arc<str>,
    /// When, in the pact's zone.
    pub at: String,
    /// What.
    #[serde(flatten)]
    pub what: EntryDetail,
    /// The clause that says so; absent where a system reported it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Clause>,
}

/// What can happen to a lead. Names are those of the pact; what there is nothing to say about is absent.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntryDetail {
    /// A pipeline took the lead in, or a system says that it is in this stage.
    Began {
        /// The stage.
        stage: Arc<str>,
    },
    /// The lead moved.
    Moved {
        /// The stage that it left.
        from: Arc<str>,
        /// The stage that it entered.
        to: Arc<str>,
        /// Whether `to` stands before `from` in its pipeline.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        backward: bool,
    },
    /// Another pact came into force, and calls the lead's stage otherwise.
    Migrated {
        /// The stage under the pact before.
        from: Arc<str>,
        /// The stage under the pact now in force.
        to: Arc<str>,
    },
    /// A recycle sent the lead back.
    Recycled {
        /// The recycle.
        by: Arc<str>,
        /// The stage that the lead left.
        from: Arc<str>,
        /// The stage that it entered.
        to: Arc<str>,
        /// The round that begins; the first is 1.
        round: u32,
        /// Until when no move is made, in the pact's zone.
        #[serde(skip_serializing_if = "Option::is_none")]
        rests_until: Option<String>,
    },
    /// A recycle had taken the lead as often as it may, and it went where the recycle says instead.
    UsedUp {
        /// The recycle.
        by: Arc<str>,
        /// The stage that the lead left.
        from: Arc<str>,
        /// The stage that it entered.
        to: Arc<str>,
    },
    /// The rest after a recycle is over.
    Rested {
        /// The recycle.
        by: Arc<str>,
    },
    /// A route chose who receives the lead.
    Routed {
        /// The route.
        by: Arc<str>,
        /// The queue, where one receives.
        #[serde(skip_serializing_if = "Option::is_none")]
        queue: Option<Arc<str>>,
        /// The team, where one receives.
        #[serde(skip_serializing_if = "Option::is_none")]
        team: Option<Arc<str>>,
        /// The person, where one receives.
        #[serde(skip_serializing_if = "Option::is_none")]
        assignee: Option<Arc<str>>,
        /// Entries that matched and whose receiver had no capacity.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        full: Vec<Clause>,
    },
    /// A system assigned the lead.
    Assigned {
        /// The person; absent where nobody has the lead any more.
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<Arc<str>>,
    },
    /// The pact requests an action of other systems.
    Requested {
        /// The action.
        effect: EffectKind,
    },
    /// Something happened to the clock of a promise.
    Clock {
        /// The service level.
        sla: Arc<str>,
        /// The promise, such as `first touch`.
        promise: &'static str,
        /// What happened to it.
        #[serde(flatten)]
        change: ClockChangeReport,
    },
    /// The lead wants no more.
    OptedOut,
    /// The lead became part of another one.
    Merged {
        /// The key of the other one.
        into: Arc<str>,
        /// The field of which both hold the same; absent where a system reported the merge.
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<Arc<str>>,
    },
    /// Another lead became part of this one.
    Absorbed {
        /// The key of the other one.
        other: Arc<str>,
        /// The field of which both hold the same; absent where a system reported the merge.
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<Arc<str>>,
    },
    /// The lead has the same as others, and is not taken for one of them.
    Conflict {
        /// The field of which they hold the same.
        by: Arc<str>,
        /// The keys of the others.
        others: Vec<Arc<str>>,
        /// The field in which they differ, and which decides first; absent where the lead may be any of the others.
        #[serde(skip_serializing_if = "Option::is_none")]
        differ: Option<Arc<str>>,
    },
}

/// What can happen to a clock. Seconds are those of the promise's measure: open ones where it counts business time.
/// Instants are in the pact's zone.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClockChangeReport {
    /// Its time began to run.
    Started {
        /// When the time is used up; absent when the calendar is not open for so long.
        due: Option<String>,
    },
    /// It does not run for now.
    Paused,
    /// It runs again.
    Resumed {
        /// When the time is used up now.
        due: Option<String>,
    },
    /// It runs from its beginning again.
    Restarted {
        /// When the time is used up now.
        due: Option<String>,
    },
    /// A share of its time is used up, and a clause warns of it.
    Warned {
        /// The share, such as `80%`.
        percent: String,
    },
    /// A touch counted, and more are promised.
    Counted {
        /// How many have counted.
        count: u32,
        /// How many are promised.
        of: u32,
    },
    /// The promise was met.
    Met {
        /// The seconds since its time began to run, without pauses.
        seconds: i64,
        /// The seconds since the lead entered the stage.
        speed_to_lead: i64,
        /// Whether the seconds are open ones.
        open: bool,
        /// Whether it was breached before.
        late: bool,
    },
    /// Its time was used up before the promise was met.
    Breached,
    /// It ended before the promise was met or breached.
    Stopped,
}

/// What happened, in the words of the pact.
pub fn timeline_entry(pact: &Pact, lead: &Arc<str>, entry: &TimelineEntry) -> EntryReport {
    let stage = |id: StageId| pact[id].name.clone();
    let recycle = |id: RecycleId| pact[id].name.clone();
    let what = match &entry.kind {
        EntryKind::Began { stage: id } => EntryDetail::Began { stage: stage(*id) },
        EntryKind::Moved { from, to, backward } => {
            EntryDetail::Moved { from: stage(*from), to: stage(*to), backward: *backward }
        }
        EntryKind::Migrated { from, to } => EntryDetail::Migrated { from: from.clone(), to: stage(*to) },
        EntryKind::Recycled { by, from, to, rest, round } => EntryDetail::Recycled {
            by: recycle(*by),
            from: stage(*from),
            to: stage(*to),
            round: *round,
            rests_until: rest.map(|until| pact.zone.rfc3339(until)),
        },
        EntryKind::UsedUp { by, from, to } => {
            EntryDetail::UsedUp { by: recycle(*by), from: stage(*from), to: stage(*to) }
        }
        EntryKind::Rested { by } => EntryDetail::Rested { by: by.clone() },
        EntryKind::Routed { route, queue, team, person, full, .. } => EntryDetail::Routed {
            by: pact[*route].name.clone(),
            queue: queue.clone(),
            team: team.map(|team| pact[team].name.clone()),
            assignee: person.clone(),
            full: full.iter().map(|span| pact.clause(*span)).collect(),
        },
        EntryKind::Assigned { to } => EntryDetail::Assigned { to: to.clone() },
        EntryKind::Requested(requested) => EntryDetail::Requested { effect: effect(pact, requested) },
        EntryKind::Clock { sla, promise, change } => EntryDetail::Clock {
            sla: pact[*sla].name.clone(),
            promise: pact[*sla].promises.get(*promise as usize).map_or("", |p| p.kind.name().words()),
            change: clock_change(pact, change),
        },
        EntryKind::OptedOut => EntryDetail::OptedOut,
        EntryKind::Merged { into, by } => EntryDetail::Merged { into: into.clone(), by: by.clone() },
        EntryKind::Absorbed { other, by } => EntryDetail::Absorbed { other: other.clone(), by: by.clone() },
        EntryKind::Conflict(conflict) => {
            let Conflict { by, others, differ } = (**conflict).clone();
            EntryDetail::Conflict { by, others, differ }
        }
    };
    let because = entry.because.map(|span| pact.clause(span));
    EntryReport { lead: lead.clone(), at: pact.zone.rfc3339(entry.at), what, because }
}

fn clock_change(pact: &Pact, change: &ClockChange) -> ClockChangeReport {
    let local = |due: &Option<_>| due.map(|due| pact.zone.rfc3339(due));
    match change {
        ClockChange::Started { due } => ClockChangeReport::Started { due: local(due) },
        ClockChange::Paused => ClockChangeReport::Paused,
        ClockChange::Resumed { due } => ClockChangeReport::Resumed { due: local(due) },
        ClockChange::Restarted { due } => ClockChangeReport::Restarted { due: local(due) },
        ClockChange::Warned { percent } => ClockChangeReport::Warned { percent: format!("{}%", percent.normalize()) },
        ClockChange::Counted { count, of } => ClockChangeReport::Counted { count: *count, of: *of },
        ClockChange::Met { seconds, since_entry, open, late } => {
            ClockChangeReport::Met { seconds: *seconds, speed_to_lead: *since_entry, open: *open, late: *late }
        }
        ClockChange::Breached => ClockChangeReport::Breached,
        ClockChange::Stopped => ClockChangeReport::Stopped,
    }
}
