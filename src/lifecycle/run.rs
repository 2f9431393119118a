//! A run: a lead from event to event, and through every instant between them at which time alone changes something.

use std::sync::Arc;

use super::event::{EventKind, LeadEvent, Log};
use super::state::{Assignee, LeadState};
use super::timeline::{EntryKind, EntryLog};
use crate::pact::{Pact, TeamId};
use crate::record::{Event, Record};
use crate::roster::Assigner;
use crate::time::Instant;

/// How many instants of one stretch without events are looked at before the lead is taken to be at rest: a bound for
/// pacts whose clauses set each other going for ever.
const MAX_WAKEUPS: usize = 100_000;

/// A lead on its way through time: its state, and the entries of its timeline so far.
pub(super) struct Run<'p, 'r> {
    pub(super) pact: &'p Pact,
    pub(super) state: LeadState,
    pub(super) timeline: EntryLog,
    /// How teams share their leads; without it a team has a lead as a whole.
    pub(super) roster: Option<&'r mut dyn Assigner>,
}

/// Replays the events of a log up to an instant: later ones have not happened yet. `known` is what is known of the lead
/// before the first event, with which the run begins; without an event up to the instant it has not begun.
pub fn replay_events(pact: &Pact, known: Record, log: &Log, until: Instant) -> (LeadState, EntryLog) {
    replay_into(pact, known, log.events(), until, EntryLog::default())
}

/// The same of the events of a log, into a timeline that keeps more.
pub fn replay_into(
    pact: &Pact,
    known: Record,
    events: Vec<LeadEvent>,
    until: Instant,
    timeline: EntryLog,
) -> (LeadState, EntryLog) {
    let begin = events.first().map_or(until, |event| event.at.min(until));
    let mut run = Run { timeline, ..Run::new(pact, known, begin) };
    if events.first().is_some_and(|event| event.at <= until) {
        run.through(events, until);
    }
    (run.state, run.timeline)
}

/// Replays a record from an instant on: what its history has up to then is known at the beginning, and what it has after
/// that is replayed. A record that says its stage is in it from the beginning.
pub fn replay_record(
    pact: &Pact,
    record: &Record,
    begin: Instant,
    events: Vec<LeadEvent>,
    until: Instant,
) -> (LeadState, EntryLog) {
    replay_record_into(pact, record, begin, events, until, EntryLog::default())
}

/// The same, into a timeline that keeps more.
pub fn replay_record_into(
    pact: &Pact,
    record: &Record,
    begin: Instant,
    events: Vec<LeadEvent>,
    until: Instant,
    timeline: EntryLog,
) -> (LeadState, EntryLog) {
    let mut known = record.clone();
    let lived = known.history.split_off(known.history.partition_point(|event| event.at <= begin));
    let lived = lived.into_iter().map(|event| LeadEvent {
        at: event.at,
        id: None,
        what: EventKind::Happened(event.kind, event.values),
    });
    let mut all: Vec<LeadEvent> = lived.chain(events).collect();
    all.sort_by(super::event::order);
    let mut run = Run { timeline, ..Run::new(pact, known, begin) };
    // events of the beginning itself are known before the first move
    if all.first().is_none_or(|event| event.at > begin) {
        run.settle(begin);
    }
    run.through(all, until);
    (run.state, run.timeline)
}

/// Runs on from a state: events after its present, in order and each once, and everything that time does until an
/// instant. Entries are added to the log.
pub fn continue_until(
    pact: &Pact,
    state: LeadState,
    timeline: &mut EntryLog,
    events: Vec<LeadEvent>,
    until: Instant,
    turns: Option<&mut dyn Assigner>,
) -> LeadState {
    let mut run = Run { pact, state, timeline: std::mem::take(timeline), roster: turns };
    run.through(events, until);
    *timeline = run.timeline;
    run.state.answers.let_go(&run.state.record);
    run.state
}

/// The state of a lead that is known from an instant on, before anything has been settled.
pub fn begin(known: Record, at: Instant) -> LeadState {
    LeadState::new(known, at)
}

/// One instant of a run: its events, in order, and everything that the pact makes of them then. Between the last instant
/// and this one there may be no wakeup: see [`next_wakeup`]. Entries are added to the log.
pub fn step(
    pact: &Pact,
    state: LeadState,
    timeline: &mut EntryLog,
    events: impl IntoIterator<Item = LeadEvent>,
    at: Instant,
    roster: Option<&mut dyn Assigner>,
) -> LeadState {
    let mut run = Run { pact, state, timeline: std::mem::take(timeline), roster };
    events.into_iter().for_each(|event| run.take(event));
    run.settle(at);
    *timeline = run.timeline;
    run.state
}

/// Works out ahead what is asked of each copy of a state whose next change is looked for.
pub fn await_changes(pact: &Pact, state: &mut LeadState) {
    let now = state.now;
    state.next_possible_change(pact, now);
    state.answers.let_go(&state.record);
}

/// The next instant after a state's present, and not after `limit`, at which time alone may do something.
pub fn next_wakeup(pact: &Pact, state: &mut LeadState, limit: Instant) -> Option<Instant> {
    let next = state.next_wakeup(pact, limit);
    state.answers.let_go(&state.record);
    next
}

impl<'p> Run<'p, '_> {
    pub(super) fn new(pact: &'p Pact, record: Record, at: Instant) -> Self {
        Self { pact, state: LeadState::new(record, at), timeline: EntryLog::default(), roster: None }
    }

    /// Applies events, which come in order, and the time until an instant. Events of one instant are taken together.
    pub(super) fn through(&mut self, events: Vec<LeadEvent>, until: Instant) {
        let mut events = events.into_iter().take_while(|event| event.at <= until).peekable();
        while let Some(event) = events.next() {
            let at = event.at;
            self.wait(at, false);
            self.take(event);
            while let Some(event) = events.next_if(|event| event.at == at) {
                self.take(event);
            }
            self.settle(at);
        }
        self.wait(until, true);
    }

    /// Lets time pass until an instant, without what is due at that instant itself unless `whole`.
    pub(super) fn wait(&mut self, until: Instant, whole: bool) {
        for _ in 0..MAX_WAKEUPS {
            let next = self.state.next_wakeup(self.pact, until);
            match next.filter(|at| whole || *at < until) {
                Some(at) => self.settle(at),
                None => break,
            }
        }
        self.state.now = self.state.now.max(until);
    }

    /// Applies an event. What follows from it is settled after all events of the instant.
    fn take(&mut self, event: LeadEvent) {
        // later events of a lead that merged are events of the one that it became part of
        if self.state.merged.is_some() {
            return;
        }
        let at = event.at;
        if let Some(stage_state) = &mut self.state.stage_state {
            stage_state.suppressed.clear();
        }
        // a touch counts before the lead is given to another, put elsewhere, or lost
        if matches!(
            event.what,
            EventKind::Assigned(_) | EventKind::Status(_) | EventKind::OptedOut | EventKind::Merged(_)
        ) {
            self.see(at);
        }
        match event.what {
            EventKind::Changed(source, values) => {
                let origin = self.pact.origin(source, at);
                for (field, value) in values {
                    self.state.record.change(field, value, origin.clone());
                    self.state.answers.change(self.pact, field);
                }
            }
            EventKind::Happened(kind, values) => {
                self.state.record.history.push(Event { kind, at, values });
            }
            EventKind::Assigned(to) => self.assigned(to, at),
            EventKind::Status(stage) => self.stand(stage, at),
            EventKind::OptedOut => {
                if self.state.opted_out.is_none() {
                    self.opt_out(at);
                }
            }
            EventKind::Merged(into) => self.end(into, None, at),
            EventKind::Recognised(into, by) => self.end(into, Some(by), at),
            EventKind::Absorbed(other) => self.absorb(*other, at),
            EventKind::Conflict(conflict) => self.timeline.push(at, EntryKind::Conflict(conflict), None),
            EventKind::Unmatched(_) | EventKind::Corrected(..) => {}
        }
    }

    /// The lead is part of another one from now on.
    fn end(&mut self, into: Arc<str>, by: Option<Arc<str>>, at: Instant) {
        self.timeline.push(at, EntryKind::Merged { into: into.clone(), by }, None);
        self.free(false);
        self.state.merged = Some((at, into));
        self.stop_clocks(at);
    }

    /// A system gave the lead to somebody. A member of a team takes it as a turn.
    fn assigned(&mut self, to: Option<Arc<str>>, at: Instant) {
        self.timeline.push(at, EntryKind::Assigned { to: to.clone() }, None);
        if self.state.person() == to.as_ref() {
            return;
        }
        self.free(false);
        let before = self.state.assignee.take();
        let is_member = |team: &TeamId| {
            let members = &self.pact[*team].members;
            to.as_ref().is_some_and(|to| members.iter().any(|member| member.name == *to))
        };
        let team = before.as_ref().and_then(|assignee| assignee.team).filter(is_member);
        let team = team.or_else(|| (0..self.pact.teams.len()).map(|at| TeamId(at as u32)).find(is_member));
        if let (Some(team), Some(person), Some(roster)) = (team, &to, self.roster.as_deref_mut()) {
            roster.take(self.pact, team, person, at);
        }
        let new = to.is_some();
        self.state.assignee = Some(Assignee {
            route: None,
            because: None,
            queue: None,
            team,
            holds_capacity: team.is_some() && new,
            person: to,
            since: at,
            before: before.map(|assignee| assignee.before).unwrap_or_default(),
            unsure: Vec::new(),
            awaits_hours: false,
        });
        if new {
            self.owner_changed(at);
        }
    }
}
