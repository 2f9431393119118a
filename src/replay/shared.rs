//! Leads replayed together through time, since they share the turns of teams. Leads wait on disk until they begin, and are
//! let go of when nothing more can happen to them, so that memory holds those under way.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::iter::Peekable;
use std::sync::Arc;
use std::vec::IntoIter;

use super::gather::{Gathered, Group, in_order};
use super::merge_group;
use super::summary::Summary;
use super::{EventCounts, LeadLog, Render, ReplayedLead, UpTo};
use crate::io::Sorter;
use crate::lifecycle::{EntryLog, LeadEvent, LeadState, begin, next_wakeup, step};
use crate::pact::Pact;
use crate::roster::Roster;
use crate::time::Instant;

/// A lead under way.
struct Open {
    counts: EventCounts,
    state: LeadState,
    timeline: EntryLog,
    events: Peekable<IntoIter<LeadEvent>>,
}

pub(super) fn replay(
    pact: &Pact,
    gathered: Gathered,
    up_to: UpTo,
    render: &Render<'_>,
    out: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<Summary> {
    // waiting leads and finished ones share what events have no more need of
    let budget = gathered.budget / 2;
    let (reader, mut families) = gathered.families()?.split();
    let mut readers = reader.readers(pact);
    let mut waiting = Sorter::new(budget);
    let mut relatives = Vec::new();
    let mut world = World::new(pact, up_to, render, budget);
    while let Some(family) = families()? {
        let ([group], false) = (family.leads.as_slice(), family.related) else {
            let leads = family.leads.iter().filter_map(|group| reader.lead(pact, &mut readers, group)).collect();
            let (ended, left) = merge_group::merged(pact, leads, up_to);
            for replayed in ended {
                world.finish(replayed)?;
            }
            relatives.extend(left);
            continue;
        };
        let Some(lead) = reader.lead(pact, &mut readers, group) else { continue };
        let Some(first) = lead.log.first().map(|event| event.at) else { continue };
        if first > up_to.until {
            world.finish(lead.replay(pact, up_to))?;
        } else {
            waiting.push(&[&in_order(first)[..], &group.key].concat(), &group.pack())?;
        }
    }
    let mut relatives: Vec<(Instant, LeadLog)> =
        relatives.into_iter().filter_map(|lead| Some((lead.log.first()?.at, lead))).collect();
    // the last one is taken first
    relatives.sort_by_key(|(at, lead)| Reverse((*at, lead.key.to_string())));

    let mut waiting = waiting.finish()?;
    let mut next = waiting.next_record()?.and_then(|(key, bytes)| unpack(key, bytes));
    loop {
        let begins = next.as_ref().map(|(at, _)| *at).into_iter().chain(relatives.last().map(|(at, _)| *at)).min();
        match (begins, world.soonest()) {
            (Some(at), soonest) if soonest.is_none_or(|soonest| at <= soonest) => {
                if next.as_ref().is_some_and(|(first, _)| *first == at) {
                    let group = next.take();
                    let lead = group.and_then(|(_, group)| reader.lead(pact, &mut readers, &group));
                    lead.into_iter().for_each(|lead| world.admit(at, lead));
                    next = waiting.next_record()?.and_then(|(key, bytes)| unpack(key, bytes));
                } else if let Some((_, lead)) = relatives.pop() {
                    world.admit(at, lead);
                }
            }
            (_, Some(at)) => world.turn(at)?,
            (_, None) => break,
        }
    }
    let mut done = world.done.finish()?;
    while let Some((_, bytes)) = done.next_record()? {
        out(bytes)?;
    }
    Ok(world.summary)
}

/// All leads under way.
struct World<'w> {
    pact: &'w Pact,
    up_to: UpTo,
    render: &'w Render<'w>,
    roster: Roster,
    /// Those under way, each in a place of its own, and the places that are free.
    open: Vec<Option<Open>>,
    free: Vec<usize>,
    /// When each has an event or a wakeup next, with its place. At one instant they take turns in order of their keys.
    turns: BinaryHeap<Reverse<(Instant, Arc<str>, usize)>>,
    done: Sorter,
    summary: Summary,
}

impl<'w> World<'w> {
    fn new(pact: &'w Pact, up_to: UpTo, render: &'w Render<'w>, budget: usize) -> Self {
        Self {
            pact,
            up_to,
            render,
            roster: Roster::default(),
            open: Vec::new(),
            free: Vec::new(),
            turns: BinaryHeap::new(),
            done: Sorter::new(budget),
            summary: Summary::default(),
        }
    }

    fn soonest(&self) -> Option<Instant> {
        self.turns.peek().map(|Reverse((at, ..))| *at)
    }

    fn admit(&mut self, at: Instant, lead: LeadLog) {
        let key: Arc<str> = lead.key.to_string().into();
        let (counts, state) = (lead.counts(self.up_to.until), begin(lead.known(self.pact), at));
        let events = lead.log.into_events().into_iter().peekable();
        let place = self.free.pop().unwrap_or_else(|| {
            self.open.push(None);
            self.open.len() - 1
        });
        if let Some(open) = self.open.get_mut(place) {
            *open = Some(Open { counts, state, timeline: self.up_to.log(), events });
            self.turns.push(Reverse((at, key, place)));
        }
    }

    /// Replays the soonest instant of one lead.
    fn turn(&mut self, at: Instant) -> io::Result<()> {
        let Some(Reverse((_, key, place))) = self.turns.pop() else { return Ok(()) };
        let Some(open) = self.open.get_mut(place) else { return Ok(()) };
        let Some(Open { counts: who, state, mut timeline, mut events }) = open.take() else { return Ok(()) };
        let mut now = Vec::new();
        while let Some(event) = events.next_if(|event| event.at == at) {
            now.push(event);
        }
        let mut state = step(self.pact, state, &mut timeline, now, at, Some(&mut self.roster));
        let counts = events.peek().map(|event| event.at).filter(|at| *at <= self.up_to.until);
        let next = next_wakeup(self.pact, &mut state, counts.unwrap_or(self.up_to.until)).or(counts);
        match next {
            Some(next) => {
                *open = Some(Open { counts: who, state, timeline, events });
                self.turns.push(Reverse((next, key, place)));
                Ok(())
            }
            None => {
                self.free.push(place);
                state.now = self.up_to.until;
                self.finish(who.replayed(state, timeline))
            }
        }
    }

    fn finish(&mut self, replayed: ReplayedLead) -> io::Result<()> {
        self.summary.add(self.pact, &replayed);
        let mut bytes = Vec::new();
        (self.render)(&replayed, &mut bytes)?;
        self.done.push(replayed.lead.as_bytes(), &bytes)
    }
}

/// A lead's rows by the order of beginning, then of leads.
fn unpack(key: &[u8], bytes: &[u8]) -> Option<(Instant, Group)> {
    let (seconds, rest) = key.split_first_chunk::<8>()?;
    let (nanos, key) = rest.split_first_chunk::<4>()?;
    let at = Instant::from_timestamp(i64::from_be_bytes(*seconds) ^ i64::MIN, u32::from_be_bytes(*nanos))?;
    Some((at, Group::unpack(key, bytes)?))
}
