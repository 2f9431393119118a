//! A file of events to every lead's state and timeline, in memory that does not grow with their number; where teams share leads, it
//! grows with the leads under way.
//!
//! Events of a lead may stand anywhere: rows are sorted by lead first, on disk where they are many. Then leads are
//! replayed one by one, on as many threads as there are; or, where teams share leads and so one lead's turn hangs on the
//! others, all of them through time together. What comes out is in order of lead either way, and the same to the byte.

mod gather;
mod merge_group;
mod parallel;
mod shared;
mod summary;

use std::io;
use std::sync::Arc;

pub use gather::Gathered;
pub use summary::{ClockCount, StageCount, Summary, first_day, next_period};

use crate::lifecycle::{EntryLog, LeadEvent, LeadState, Log, replay_into};
use crate::pact::{Pact, RouteEntryKind, RouteTarget};
use crate::record::Record;
use crate::time::Instant;
use crate::value::Value;

/// A lead that was replayed.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayedLead {
    /// Its key.
    pub lead: Arc<str>,
    /// Whether it became part of another lead of the file.
    pub part: bool,
    /// Whether it has an event by the instant up to which it was replayed, or another lead became part of it.
    pub started: bool,
    /// How many events it has by then, each counted once.
    pub events: usize,
    /// How many were duplicates.
    pub duplicates: usize,
    /// Its state.
    pub state: LeadState,
    /// Its timeline.
    pub timeline: EntryLog,
}

/// What one lead gives: bytes that go out.
pub type Render<'r> = dyn Fn(&ReplayedLead, &mut Vec<u8>) -> io::Result<()> + Sync + 'r;

/// How to replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplayOptions {
    /// Up to which instant leads are replayed; to the last event of all when absent.
    pub until: Option<Instant>,
    /// On how many threads.
    pub threads: usize,
    /// Whether timelines keep what was known of the leads through time.
    pub known: bool,
}

impl Default for ReplayOptions {
    fn default() -> Self {
        Self { until: None, threads: 1, known: false }
    }
}

/// Up to when leads are replayed, and what their timelines keep.
#[derive(Debug, Clone, Copy)]
struct UpTo {
    until: Instant,
    known: bool,
}

impl UpTo {
    fn log(self) -> EntryLog {
        if self.known { EntryLog::of_what_is_known() } else { EntryLog::default() }
    }
}

/// Replays all leads, and hands out what each gives, in order of their keys; where no team shares, leads that may be one
/// another come last, those that belong together together.
///
/// # Errors
/// When a temporary file or the output fails.
pub fn replay(
    pact: &Pact,
    gathered: Gathered,
    options: ReplayOptions,
    render: &Render<'_>,
    out: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<Summary> {
    let until = options.until.unwrap_or_else(|| gathered.latest());
    let rows = gathered.rows();
    let up_to = UpTo { until, known: options.known };
    let mut summary = if shares(pact) {
        shared::replay(pact, gathered, up_to, render, out)?
    } else {
        parallel::replay(pact, gathered, up_to, options.threads.max(1), render, out)?
    };
    summary.until = Some(until);
    summary.rows = rows;
    Ok(summary)
}

/// Whether a team shares leads among several, so that one lead's turn hangs on the others'.
pub fn shares(pact: &Pact) -> bool {
    let entries = pact.routes.iter().flat_map(|route| &route.entries);
    let mut teams = entries.filter_map(|entry| match &entry.kind {
        RouteEntryKind::To(RouteTarget::Team(team, _), _) | RouteEntryKind::Otherwise(RouteTarget::Team(team, _)) => {
            Some(*team)
        }
        RouteEntryKind::Table(table, output) => {
            let column = pact[*table].outputs.get(*output as usize)?;
            let names = pact[*table].rows.iter().filter_map(|row| row.gives.get(*output as usize)?.as_ref());
            names.filter(|_| &**column == "team").find_map(|name| pact.team(&name.to_string()))
        }
        _ => None,
    });
    teams.any(|team| !pact[team].members.is_empty())
}

/// A lead, and how many events it has.
pub(crate) struct EventCounts {
    lead: Arc<str>,
    started: bool,
    events: usize,
    duplicates: usize,
}

impl EventCounts {
    pub(crate) fn replayed(self, state: LeadState, timeline: EntryLog) -> ReplayedLead {
        let Self { lead, started, events, duplicates } = self;
        ReplayedLead { lead, part: false, started, events, duplicates, state, timeline }
    }
}

/// One lead's events, read and in order.
pub(crate) struct LeadLog {
    pub(crate) key: Value,
    /// The instants of its events, and of their duplicates.
    instants: Vec<Instant>,
    duplicates: Vec<Instant>,
    /// When another lead first became part of it.
    joined: Option<Instant>,
    pub(crate) log: Log,
}

impl LeadLog {
    pub(crate) fn new(key: Value, events: Vec<LeadEvent>) -> Self {
        let (log, duplicates) = Log::of_all(events);
        Self { key, instants: log.instants().collect(), duplicates, joined: None, log }
    }

    /// What is known before the first event.
    pub(crate) fn known(&self, pact: &Pact) -> Record {
        let mut known = Record::new(pact);
        known.set(pact.key, Some(self.key.clone()));
        known
    }

    fn replay(self, pact: &Pact, up_to: UpTo) -> ReplayedLead {
        let UpTo { until, .. } = up_to;
        let (counts, known) = (self.counts(until), self.known(pact));
        let (state, timeline) = replay_into(pact, known, self.log.into_events(), until, up_to.log());
        counts.replayed(state, timeline)
    }

    /// Who it is, and how many events it has by an instant.
    pub(crate) fn counts(&self, until: Instant) -> EventCounts {
        let by_then = |at: &Instant| *at <= until;
        EventCounts {
            lead: self.key.to_string().into(),
            started: self.instants.iter().chain(&self.joined).any(by_then),
            events: self.instants.iter().copied().filter(by_then).count(),
            duplicates: self.duplicates.iter().copied().filter(by_then).count(),
        }
    }
}
