//! Living: from event to event, and through every instant between them at which time alone changes something.

use std::sync::Arc;

use super::event::{LeadEvent, Log, What};
use super::life::{Holder, Life};
use super::story::{EntryKind, Story};
use crate::pact::{Pact, TeamId};
use crate::record::{Event, Record};
use crate::roster::Turns;
use crate::value::Instant;

/// How many instants of one stretch without events are looked at before the life is taken to be at rest: a bound for
/// pacts whose clauses set each other going for ever.
const MOST_TICKS: usize = 100_000;

/// A life under way, and its story so far.
pub(super) struct Living<'p, 'r> {
    pub(super) pact: &'p Pact,
    pub(super) life: Life,
    pub(super) story: Story,
    /// How teams share their leads; without it a team has a lead as a whole.
    pub(super) roster: Option<&'r mut dyn Turns>,
}

/// Lives what a log tells, up to an instant: events after it have not happened yet. `known` is what is known of the
/// lead before the first event, on which its life begins; without an event up to the instant it has not begun.
pub fn live(pact: &Pact, known: Record, log: &Log, until: Instant) -> (Life, Story) {
    let events = log.events();
    let begin = events.first().map_or(until, |event| event.at.min(until));
    let mut living = Living::new(pact, known, begin);
    if events.first().is_some_and(|event| event.at <= until) {
        living.through(events, until);
    }
    (living.life, living.story)
}

/// Lives a record from an instant on: what its history tells up to then is known when its life begins, and what it
/// tells after that is lived. A record that says its stage stands there from the beginning.
pub fn live_record(
    pact: &Pact,
    record: &Record,
    begin: Instant,
    events: Vec<LeadEvent>,
    until: Instant,
) -> (Life, Story) {
    let mut known = record.clone();
    let lived = known.history.split_off(known.history.partition_point(|event| event.at <= begin));
    let lived = lived.into_iter().map(|event| LeadEvent {
        at: event.at,
        id: None,
        what: What::Happened(event.kind, event.values),
    });
    let mut all: Vec<LeadEvent> = lived.chain(events).collect();
    all.sort_by(super::event::order);
    let mut living = Living::new(pact, known, begin);
    // what is told at the beginning itself is known before the first move
    if all.first().is_none_or(|event| event.at > begin) {
        living.settle(begin);
    }
    living.through(all, until);
    (living.life, living.story)
}

/// Goes on with a life: what is told after its present, in order and each once, and everything that time does until an
/// instant. Entries are added to the story.
pub fn go_on(
    pact: &Pact,
    life: Life,
    story: &mut Story,
    events: Vec<LeadEvent>,
    until: Instant,
    turns: Option<&mut dyn Turns>,
) -> Life {
    let mut living = Living { pact, life, story: std::mem::take(story), roster: turns };
    living.through(events, until);
    *story = living.story;
    living.life
}

/// A life that begins at an instant, before anything has been settled.
pub fn begin(known: Record, at: Instant) -> Life {
    Life::new(known, at)
}

/// One instant of a life: what is told of it, in order, and everything that the pact makes of it then. Between the
/// last instant and this one nothing may lie at which time alone does something: see [`next_tick`]. Entries are added
/// to the story.
pub fn step(
    pact: &Pact,
    life: Life,
    story: &mut Story,
    events: impl IntoIterator<Item = LeadEvent>,
    at: Instant,
    roster: Option<&mut dyn Turns>,
) -> Life {
    let mut living = Living { pact, life, story: std::mem::take(story), roster };
    events.into_iter().for_each(|event| living.take(event));
    living.settle(at);
    *story = living.story;
    living.life
}

/// The next instant after a life's present, and not after `limit`, at which time alone may do something.
pub fn next_tick(pact: &Pact, life: &Life, limit: Instant) -> Option<Instant> {
    life.next_tick(pact, limit)
}

impl<'p> Living<'p, '_> {
    pub(super) fn new(pact: &'p Pact, record: Record, at: Instant) -> Self {
        Self { pact, life: Life::new(record, at), story: Story::default(), roster: None }
    }

    /// Lives events, which come in order, and the time until an instant. Events of one instant are taken together.
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
        for _ in 0..MOST_TICKS {
            let next = self.life.next_tick(self.pact, until);
            match next.filter(|at| whole || *at < until) {
                Some(at) => self.settle(at),
                None => break,
            }
        }
        self.life.now = self.life.now.max(until);
    }

    /// Takes in what an event tells. What follows from it is settled after all events of the instant.
    fn take(&mut self, event: LeadEvent) {
        // what is told of a lead that is no more is told of the one that it became part of
        if self.life.merged.is_some() {
            return;
        }
        let at = event.at;
        if let Some(standing) = &mut self.life.standing {
            standing.waits.clear();
        }
        // a touch counts before the lead is given to another, put elsewhere, or lost
        if matches!(event.what, What::Assigned(_) | What::Status(_) | What::OptedOut | What::Merged(_)) {
            self.see(at);
        }
        match event.what {
            What::Changed(values) => {
                values.into_iter().for_each(|(field, value)| self.life.record.set(field, value));
            }
            What::Happened(kind, values) => {
                self.life.record.history.push(Event { kind, at, values });
            }
            What::Assigned(to) => self.assigned(to, at),
            What::Status(stage) => self.stand(stage, at),
            What::OptedOut => {
                if self.life.opted_out.is_none() {
                    self.opt_out(at);
                }
            }
            What::Merged(into) => {
                self.story.tell(at, EntryKind::Merged { into: into.clone() }, None);
                self.free(false);
                self.life.merged = Some((at, into));
                self.stop_clocks(at);
            }
            What::Absorbed(other, life) => self.absorb(other, *life, at),
            What::Corrected(..) => {}
        }
    }

    /// A system gave the lead to somebody. A member of a team takes it as a turn.
    fn assigned(&mut self, to: Option<Arc<str>>, at: Instant) {
        self.story.tell(at, EntryKind::Assigned { to: to.clone() }, None);
        if self.life.person() == to.as_ref() {
            return;
        }
        self.free(false);
        let before = self.life.holder.take();
        let is_member = |team: &TeamId| {
            let members = &self.pact[*team].members;
            to.as_ref().is_some_and(|to| members.iter().any(|member| member.name == *to))
        };
        let team = before.as_ref().and_then(|holder| holder.team).filter(is_member);
        let team = team.or_else(|| (0..self.pact.teams.len()).map(|at| TeamId(at as u32)).find(is_member));
        if let (Some(team), Some(person), Some(roster)) = (team, &to, self.roster.as_deref_mut()) {
            roster.take(self.pact, team, person, at);
        }
        let new = to.is_some();
        self.life.holder = Some(Holder {
            route: None,
            because: None,
            queue: None,
            team,
            in_hand: team.is_some() && new,
            person: to,
            since: at,
            before: before.map(|holder| holder.before).unwrap_or_default(),
            unsure: Vec::new(),
        });
        if new {
            self.owner_changed(at);
        }
    }
}
