//! The timeline of a lead in the ids of its pact.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::pact::{KindId, ProgramId, RecycleId, RouteId, SlaId, StageId, TeamId};
use crate::record::Record;
use crate::span::Span;
use crate::time::Instant;
use crate::value::Value;

/// Something that happened to a lead by its pact.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEntry {
    /// When, exactly.
    pub at: Instant,
    /// What.
    pub kind: EntryKind,
    /// The clause that says so; none where a system said so.
    pub because: Option<Span>,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum EntryKind {
    /// A pipeline took the lead into its first stage, or a system says that it is there.
    Began { stage: StageId },
    /// A move; `backward` when it leads to a stage that stands before the one it leaves.
    Moved { from: StageId, to: StageId, backward: bool },
    /// Another pact took the place of the one that put the lead into `from`, and says that it is in `to`.
    Migrated { from: Arc<str>, to: StageId },
    /// A recycle, with the round that begins.
    Recycled { by: RecycleId, from: StageId, to: StageId, rest: Option<Instant>, round: u32 },
    /// A recycle was used up, and the lead went where it says instead.
    UsedUp { by: RecycleId, from: StageId, to: StageId },
    /// A rest is over.
    Rested { by: Arc<str> },
    /// A route chose who receives.
    Routed {
        route: RouteId,
        queue: Option<Arc<str>>,
        team: Option<TeamId>,
        person: Option<Arc<str>>,
        unsure: Vec<Span>,
        full: Vec<Span>,
    },
    /// Somebody has the lead by the word of a system.
    Assigned { to: Option<Arc<str>> },
    /// An action that is requested of other systems.
    Requested(RequestedAction),
    /// Something happened to a clock.
    Clock { sla: SlaId, promise: u32, change: ClockChange },
    /// The lead wants no more.
    OptedOut,
    /// The lead became part of another; by the field that holds the same, where it was recognised.
    Merged { into: Arc<str>, by: Option<Arc<str>> },
    /// Another lead became part of this one; likewise.
    Absorbed { other: Arc<str>, by: Option<Arc<str>> },
    /// The lead has the same as others that it is not.
    Conflict(Box<Conflict>),
}

/// Leads of which a field holds the same, and which are not one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// The field.
    pub by: Arc<str>,
    /// The other leads.
    pub others: Vec<Arc<str>>,
    /// The field in which they differ, and which decides first; none where the lead may be any of them.
    pub differ: Option<Arc<str>>,
}

/// What other systems are requested to do.
#[derive(Debug, Clone, PartialEq)]
pub enum RequestedAction {
    Enroll(ProgramId),
    /// Why the lead is not enrolled in a program that a clause names.
    NotEnrolled(ProgramId, &'static str),
    Alert(Arc<str>),
    Convert(Arc<str>),
    Reassign,
    Dispose(KindId),
    Move(StageId),
}

/// What happens to a clock.
#[derive(Debug, Clone, PartialEq)]
pub enum ClockChange {
    Started {
        due: Option<Instant>,
    },
    Paused,
    Resumed {
        due: Option<Instant>,
    },
    Restarted {
        due: Option<Instant>,
    },
    Warned {
        percent: Decimal,
    },
    /// A touch that counts, of so many.
    Counted {
        count: u32,
        of: u32,
    },
    /// Met after `seconds` of its time, `since_entry` from entering the stage; late when after the breach. The seconds
    /// are `open` ones when it counts business time.
    Met {
        seconds: i64,
        since_entry: i64,
        open: bool,
        late: bool,
    },
    Breached,
    Stopped,
}

/// What a run adds to a timeline: entries, and with what the last hand-over was made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EntryLog {
    /// What happened, in order.
    pub entries: Vec<TimelineEntry>,
    /// The last hand-over.
    pub handed: Option<Handed>,
    /// What was known of the lead, since each instant at which that changed; where somebody asks for it.
    pub known: Option<Vec<(Instant, Vec<Option<Value>>)>>,
    /// The timelines of the leads that became part of this one, where somebody asks for what was known.
    pub parts: Vec<EntryLog>,
}

/// A hand-over as it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Handed {
    /// When.
    pub at: Instant,
    /// Which, by position in the pact's list.
    pub handoff: usize,
    /// The move that made it.
    pub by: Span,
    /// The lead as it was.
    pub record: Box<Record>,
}

impl EntryLog {
    /// One that keeps what was known of the lead through time.
    pub fn of_what_is_known() -> Self {
        Self { known: Some(Vec::new()), ..Self::default() }
    }

    /// What is known of the lead now.
    pub(super) fn know(&mut self, at: Instant, values: &[Option<Value>]) {
        let Some(known) = &mut self.known else { return };
        if known.last().is_none_or(|(_, last)| *last != values) {
            known.push((at, values.to_vec()));
        }
    }

    pub(super) fn push(&mut self, at: Instant, kind: EntryKind, because: Option<Span>) {
        self.entries.push(TimelineEntry { at, kind, because });
    }

    /// Whether the engine itself answered at the instant, which is the present.
    pub(super) fn answered(&self, at: Instant) -> bool {
        let mut present = self.entries.iter().rev().take_while(|entry| entry.at == at);
        present.any(|entry| matches!(entry.kind, EntryKind::Requested(RequestedAction::Dispose(_))))
    }
}
