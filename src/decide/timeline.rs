//! A state's timeline as data: one line for each thing that happened. Keys are stable.

use std::sync::Arc;

use serde::Serialize;

use super::EffectKind;
use super::report::effect;
use crate::lifecycle::{ClockChange, EntryKind, TimelineEntry};
use crate::pact::{Clause, Pact, RecycleId, StageId};

/// Something that happened to a lead.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntryReport {
    /// The lead's key.
    pub lead: Arc<str>,
    /// When, in the pact's zone.
    pub at: String,
    /// What.
    #[serde(flatten)]
    pub what: EntryDetail,
    /// The clause that says so; absent where the world did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Clause>,
}

/// What can happen to a lead.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum EntryDetail {
    Began {
        stage: Arc<str>,
    },
    Moved {
        from: Arc<str>,
        to: Arc<str>,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        backward: bool,
    },
    Migrated {
        from: Arc<str>,
        to: Arc<str>,
    },
    Recycled {
        by: Arc<str>,
        from: Arc<str>,
        to: Arc<str>,
        round: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        rests_until: Option<String>,
    },
    UsedUp {
        by: Arc<str>,
        from: Arc<str>,
        to: Arc<str>,
    },
    Rested {
        by: Arc<str>,
    },
    Routed {
        by: Arc<str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        queue: Option<Arc<str>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        team: Option<Arc<str>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        assignee: Option<Arc<str>>,
        /// Entries that matched and whose receiver could not take the lead.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        full: Vec<Clause>,
    },
    Assigned {
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<Arc<str>>,
    },
    Requested {
        effect: EffectKind,
    },
    Clock {
        sla: Arc<str>,
        promise: &'static str,
        #[serde(flatten)]
        change: ClockChangeReport,
    },
    OptedOut,
    Merged {
        into: Arc<str>,
    },
    Absorbed {
        other: Arc<str>,
    },
}

/// What can happen to a clock. Seconds are as the promise counts them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum ClockChangeReport {
    Started {
        due: Option<String>,
    },
    Paused,
    Resumed {
        due: Option<String>,
    },
    Restarted {
        due: Option<String>,
    },
    Warned {
        percent: String,
    },
    Counted {
        count: u32,
        of: u32,
    },
    Met {
        seconds: i64,
        speed_to_lead: i64,
        /// Whether the seconds are those in which a calendar is open.
        open: bool,
        late: bool,
    },
    Breached,
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
        EntryKind::Requested(asked) => EntryDetail::Requested { effect: effect(pact, asked) },
        EntryKind::Clock { sla, promise, change } => EntryDetail::Clock {
            sla: pact[*sla].name.clone(),
            promise: pact[*sla].promises.get(*promise as usize).map_or("", |p| p.kind.name().words()),
            change: clock_change(pact, change),
        },
        EntryKind::OptedOut => EntryDetail::OptedOut,
        EntryKind::Merged { into } => EntryDetail::Merged { into: into.clone() },
        EntryKind::Absorbed { other } => EntryDetail::Absorbed { other: other.clone() },
    };
    let because = entry.because.map(|span| pact.clause(span));
    EntryReport { lead: lead.clone(), at: pact.zone.rfc3339(entry.at), what, because }
}

fn clock_change(pact: &Pact, change: &ClockChange) -> ClockChangeReport {
    let say = |due: &Option<_>| due.map(|due| pact.zone.rfc3339(due));
    match change {
        ClockChange::Started { due } => ClockChangeReport::Started { due: say(due) },
        ClockChange::Paused => ClockChangeReport::Paused,
        ClockChange::Resumed { due } => ClockChangeReport::Resumed { due: say(due) },
        ClockChange::Restarted { due } => ClockChangeReport::Restarted { due: say(due) },
        ClockChange::Warned { percent } => ClockChangeReport::Warned { percent: format!("{}%", percent.normalize()) },
        ClockChange::Counted { count, of } => ClockChangeReport::Counted { count: *count, of: *of },
        ClockChange::Met { seconds, since_entry, open, late } => {
            ClockChangeReport::Met { seconds: *seconds, speed_to_lead: *since_entry, open: *open, late: *late }
        }
        ClockChange::Breached => ClockChangeReport::Breached,
        ClockChange::Stopped => ClockChangeReport::Stopped,
    }
}
