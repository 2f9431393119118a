//! A state is migrated: taken over by the pact that takes the place of its own.

use std::sync::Arc;

use super::clock::{Clock, Ending, FormerPromise, Terms};
use super::event::{EventKind, LeadEvent};
use super::state::{Assignee, LeadState, Recycled, StageState, SuppressedTransition};
use super::timeline::{ClockChange, EntryKind, TimelineEntry};
use crate::pact::{Breach, Pact, PromiseKind, RouteEntryKind, RouteId, SlaId, StageId};
use crate::record::{Event, Record, ScoreRetention};
use crate::roster::Assigner;
use crate::span::Span;
use crate::time::Instant;
use crate::value::Value;

/// A state under another pact.
pub struct MigratedState {
    /// The state, in the ids of the new pact. It stands nowhere when the pact has no stage for it.
    pub state: LeadState,
    /// What ended with the old pact, in its ids.
    pub ended: Vec<TimelineEntry>,
    /// What the new pact made of where the lead stood, in its ids.
    pub migrated: Option<TimelineEntry>,
}

/// The record that events make under a pact: values, and what happened. `events` come in order.
pub fn record_of(pact: &Pact, key: Value, events: &[LeadEvent]) -> Record {
    let mut record = Record::new(pact);
    record.set(pact.key, Some(key));
    for event in events {
        match &event.what {
            EventKind::Changed(source, values) => {
                let origin = pact.origin(*source, event.at);
                values.iter().for_each(|(field, value)| record.change(*field, value.clone(), origin.clone()));
            }
            EventKind::Happened(kind, values) => {
                record.history.push(Event { kind: *kind, at: event.at, values: values.clone() });
            }
            EventKind::Absorbed(other) => record.take_in(&other.state.record),
            // a lead that merged has no later events
            EventKind::Merged(_) | EventKind::Recognised(..) => break,
            EventKind::Assigned(_)
            | EventKind::Status(_)
            | EventKind::OptedOut
            | EventKind::Conflict(_)
            | EventKind::Unmatched(_)
            | EventKind::Corrected(..) => {}
        }
    }
    record
}

/// Migrates a state to the pact that takes the place of its own at an instant. `record` is what the new pact
/// [makes of the events](record_of). Nothing is settled yet; `turns` get back what a team held that is no more.
///
/// Stages, service levels, promises, recycles, routes, teams and scores are found by name, stages as
/// [`Pact::now_in`] says. A clock has its start, its pauses and its touches as before; which promise holds for it is what the
/// pact's [`Migration`](crate::pact::Migration) says.
pub fn migrate(
    old: &Pact,
    state: LeadState,
    new: &Pact,
    record: Record,
    at: Instant,
    turns: Option<&mut dyn Assigner>,
) -> MigratedState {
    let over = Migrator { old, new, at };
    let mut migrated_state =
        MigratedState { state: LeadState::new(record, state.now), ended: Vec::new(), migrated: None };
    let MigratedState { state: next, ended, migrated } = &mut migrated_state;
    let places = |index: usize| over.place(&state.record.history, index, &next.record.history);
    next.record.past.spent = places(state.record.past.spent);
    next.heard = places(state.heard);
    let seen: Vec<usize> = state.clocks.iter().map(|clock| places(clock.seen)).collect();
    let kept = state.record.past.retained.iter();
    let kept =
        kept.filter_map(|kept| Some(ScoreRetention { score: new.score(&old[kept.score].name)?, ..kept.clone() }));
    next.record.past.retained = kept.collect();
    next.record.stage = state.record.stage.and_then(|stage| over.stage(stage));
    next.record.since = state.record.since;
    next.stage_state = state.stage_state.as_ref().and_then(|stage_state| {
        let (stage, because) = over.now_in(stage_state.stage)?;
        *migrated = because.map(|because| TimelineEntry {
            at,
            kind: EntryKind::Migrated { from: old[stage_state.stage].name.clone(), to: stage },
            because: Some(because),
        });
        Some(over.stage_state(stage_state, stage))
    });
    next.clocks =
        state.clocks.into_iter().zip(seen).filter_map(|(clock, seen)| over.clock(clock, seen, ended)).collect();
    next.assignee = state.assignee.map(|assignee| over.assignee(assignee, turns));
    let recycled = state.recycled.iter().filter_map(|recycled| {
        let by = new.recycle(&old[recycled.by].name)?;
        Some(Recycled { by, at: recycled.at, from: over.stage(recycled.from)? })
    });
    next.recycled = recycled.collect();
    next.round = state.round;
    next.handed = state.handed;
    next.refused = state.refused;
    next.opted_out = state.opted_out;
    next.merged = state.merged;
    migrated_state
}

/// From one pact to the next.
struct Migrator<'p> {
    old: &'p Pact,
    new: &'p Pact,
    at: Instant,
}

impl Migrator<'_> {
    fn now_in(&self, stage: StageId) -> Option<(StageId, Option<Span>)> {
        self.new.now_in(&self.old[stage.pipeline].name, &self.old[stage].name)
    }

    fn stage(&self, stage: StageId) -> Option<StageId> {
        self.now_in(stage).map(|(stage, _)| stage)
    }

    /// How much of the new history lies where so much of the old one lay: up to the same event, or up to its instant
    /// where the new pact does not know it.
    fn place(&self, old: &[Event], index: usize, new: &[Event]) -> usize {
        let Some(last) = old.get(..index).and_then(<[Event]>::last) else { return 0 };
        let name = &self.old[last.kind].name;
        let same = |pact: &Pact, event: &Event| event.at == last.at && pact[event.kind].name == *name;
        let before = old.iter().take(index).filter(|event| same(self.old, event)).count();
        let found = new.iter().enumerate().filter(|(_, event)| same(self.new, event)).nth(before - 1);
        found.map_or_else(|| new.partition_point(|event| event.at <= last.at), |(place, _)| place + 1)
    }

    /// The place in another stage, or the same.
    fn stage_state(&self, stage_state: &StageState, stage: StageId) -> StageState {
        let suppressed = stage_state.suppressed.iter().filter_map(|suppressed| match suppressed {
            SuppressedTransition::Move(position) => {
                let to = self.stage(self.old[stage_state.stage].moves.get(*position)?.to)?;
                self.new[stage].moves.iter().position(|step| step.to == to).map(SuppressedTransition::Move)
            }
            SuppressedTransition::Recycle(id) => {
                self.new.recycle(&self.old[*id].name).map(SuppressedTransition::Recycle)
            }
        });
        StageState { stage, suppressed: suppressed.collect(), ..stage_state.clone() }
    }

    /// A clock, where the pact still has what it is of; otherwise it ends here.
    fn clock(&self, clock: Clock, seen: usize, ended: &mut Vec<TimelineEntry>) -> Option<Clock> {
        let migrated_state = self.promise(&clock).map(|(sla, promise)| Clock { sla, promise, seen, ..clock.clone() });
        let migrated_state = migrated_state.and_then(|migrated_state| self.promised(&clock, migrated_state));
        if !clock.is_open() {
            return migrated_state;
        }
        let here = self.old[clock.sla].stage.and_then(|stage| self.stage(stage));
        let stays = migrated_state.as_ref().is_some_and(|next| here.is_some() && self.new[next.sla].stage == here);
        if stays {
            return migrated_state;
        }
        let because = self.old[clock.sla].promises.get(clock.promise as usize).map(|promise| promise.span);
        let kind = EntryKind::Clock { sla: clock.sla, promise: clock.promise, change: ClockChange::Stopped };
        ended.push(TimelineEntry { at: self.at, kind, because });
        migrated_state.map(|clock| Clock { ended: Some((self.at, Ending::Stopped)), paused_since: None, ..clock })
    }

    /// The service level and the promise of the same names.
    fn promise(&self, clock: &Clock) -> Option<(SlaId, u32)> {
        let old = &self.old[clock.sla];
        let name = old.promises.get(clock.promise as usize)?.kind.name();
        let before = old.promises.iter().take(clock.promise as usize).filter(|p| p.kind.name() == name).count();
        let sla = self.new.sla(&old.name)?;
        let mut same = self.new[sla].promises.iter().enumerate().filter(|(_, p)| p.kind.name() == name);
        same.nth(before).map(|(at, _)| (sla, at as u32))
    }

    /// Which promise holds from now on. None when nobody could meet the old one, and it holds.
    fn promised(&self, old: &Clock, mut clock: Clock) -> Option<Clock> {
        let now = Terms::new(self.new, clock.sla, clock.promise)?;
        let runs = clock.is_open() && clock.breached.is_none();
        clock.promised = None;
        match clock.started {
            Some(started) if runs && self.new.migration.new_promises => clock.run_from(&now, started),
            Some(_) => {
                let terms = Terms::of(self.old, old)?;
                let promised = FormerPromise { kind: self.kinds(terms.kind())?, calendar: terms.calendar().cloned() };
                let same = promised.kind == *now.kind() && promised.calendar.as_ref() == now.calendar();
                clock.promised = (!same).then(|| Arc::new(promised));
            }
            None => {}
        }
        let terms = Terms::of(self.new, &clock)?;
        let warned = self.old[old.sla].warnings.iter().take(old.warned).next_back().map(|warning| warning.percent);
        let warnings = &self.new[clock.sla].warnings;
        clock.warned = warned.map_or(0, |percent| warnings.iter().filter(|w| w.percent <= percent).count());
        if let Some(breached) = clock.breached {
            clock.warned = warnings.len();
            let done =
                terms.breaches().filter(|(position, breach)| match self.same_breach(old.sla, clock.sla, *position) {
                    Some(before) => old.acted.contains(&before),
                    // what a new clause would have done before is not done now
                    None => {
                        breach.after.is_none_or(|after| terms.after(breached, after).is_some_and(|due| due < self.at))
                    }
                });
            clock.acted = done.map(|(position, _)| position).collect();
        }
        Some(clock)
    }

    /// The position of the breach clause of the old pact that acts on the same breach at the same time.
    fn same_breach(&self, old: SlaId, new: SlaId, position: usize) -> Option<usize> {
        let (old, new) = (&self.old[old].breaches, &self.new[new].breaches);
        let when = |breach: &Breach| (breach.of, breach.after);
        let this = when(new.get(position)?);
        let before = new.iter().take(position).filter(|breach| when(breach) == this).count();
        old.iter().enumerate().filter(|(_, breach)| when(breach) == this).nth(before).map(|(at, _)| at)
    }

    /// A promise in the kinds of touches of the new pact; none when it has none of them.
    fn kinds(&self, kind: &PromiseKind) -> Option<PromiseKind> {
        Some(match kind {
            PromiseKind::Touches { count, kinds: old, within, apart } => {
                let kinds: Vec<_> = old.iter().filter_map(|kind| self.new.kind(&self.old[*kind].name)).collect();
                if kinds.is_empty() && !old.is_empty() {
                    return None;
                }
                PromiseKind::Touches { count: *count, kinds, within: *within, apart: *apart }
            }
            PromiseKind::Reply { kinds: old, within } => {
                let kinds: Vec<_> = old.iter().filter_map(|kind| self.new.kind(&self.old[*kind].name)).collect();
                (!kinds.is_empty()).then_some(PromiseKind::Reply { kinds, within: *within })?
            }
            other => other.clone(),
        })
    }

    fn assignee(&self, assignee: Assignee, turns: Option<&mut dyn Assigner>) -> Assignee {
        let team = assignee.team.and_then(|team| self.new.team(&self.old[team].name));
        if let (None, Some(gone), Some(person), Some(turns)) = (team, assignee.team, &assignee.person, turns)
            && assignee.holds_capacity
        {
            turns.release(&self.old[gone].name, person);
        }
        let route = assignee.route.and_then(|old| {
            let name = &self.old[old].name;
            self.new.routes.iter().position(|route| route.name == *name).map(|at| RouteId(at as u32))
        });
        let clause = |old: Span| route.and_then(|route| self.clause(route, old));
        Assignee {
            route,
            because: assignee.because.and_then(clause),
            team,
            holds_capacity: assignee.holds_capacity && team.is_some(),
            unsure: assignee.unsure.iter().copied().filter_map(clause).collect(),
            ..assignee
        }
    }

    /// The clause of a route, or the row of its table, that says the same.
    fn clause(&self, route: RouteId, old: Span) -> Option<Span> {
        let says = self.old.clause(old).says;
        let mut spans = self.new[route].entries.iter().flat_map(|entry| {
            let rows = match &entry.kind {
                RouteEntryKind::Table(table, _) => &*self.new[*table].rows,
                _ => &[],
            };
            [entry.span].into_iter().chain(rows.iter().map(|row| row.span))
        });
        spans.find(|span| self.new.clause(*span).says == says)
    }
}
