//! A life under another pact: what it has come to goes on, in the words of the pact that takes the place of its own.

use std::sync::Arc;

use super::clock::{Clock, Ending, Promised, Terms};
use super::event::{LeadEvent, What};
use super::life::{Holder, Life, Recycled, Standing, Waits};
use super::story::{ClockChange, Entry, EntryKind};
use crate::pact::{Breach, Pact, PromiseKind, RouteEntryKind, RouteId, SlaId, StageId};
use crate::record::{Event, Kept, Record};
use crate::roster::Turns;
use crate::span::Span;
use crate::value::{Instant, Value};

/// A life that was carried over.
pub struct Carried {
    /// The life, in the ids of the new pact. It stands nowhere when the pact has no stage for it.
    pub life: Life,
    /// What ended with the old pact, in its ids.
    pub ended: Vec<Entry>,
    /// What the new pact made of where the lead stood, in its ids.
    pub migrated: Option<Entry>,
}

/// What a pact knows of a lead when it is told all over again: values, and what happened. `events` come in order.
pub fn known(pact: &Pact, key: Value, events: &[LeadEvent]) -> Record {
    let mut record = Record::new(pact);
    record.set(pact.key, Some(key));
    for event in events {
        match &event.what {
            What::Changed(values) => {
                values.iter().for_each(|(field, value)| record.set(*field, value.clone()));
            }
            What::Happened(kind, values) => {
                record.history.push(Event { kind: *kind, at: event.at, values: values.clone() });
            }
            What::Absorbed(_, life) => record.take_in(&life.record),
            // nothing is told of a lead that is no more
            What::Merged(_) => break,
            What::Assigned(_) | What::Status(_) | What::OptedOut | What::Corrected(..) => {}
        }
    }
    record
}

/// Carries a life over to the pact that takes the place of its own at an instant. `record` is what the new pact
/// [knows](known) of the lead. Nothing is settled yet; `turns` get back what a team held that is no more.
///
/// Stages, service levels, promises, recycles, routes, teams and scores are found by name, stages as
/// [`Pact::now_in`] says. A clock keeps its start, its pauses and its touches; which promise holds for it is what the
/// pact's [`Migration`](crate::pact::Migration) says.
pub fn carry(
    old: &Pact,
    life: Life,
    new: &Pact,
    record: Record,
    at: Instant,
    turns: Option<&mut dyn Turns>,
) -> Carried {
    let over = Over { old, new, at };
    let mut carried = Carried { life: Life::new(record, life.now), ended: Vec::new(), migrated: None };
    let Carried { life: next, ended, migrated } = &mut carried;
    let places = |index: usize| over.place(&life.record.history, index, &next.record.history);
    next.record.past.spent = places(life.record.past.spent);
    let seen: Vec<usize> = life.clocks.iter().map(|clock| places(clock.seen)).collect();
    let kept = life.record.past.kept.iter();
    let kept = kept.filter_map(|kept| Some(Kept { score: new.score(&old[kept.score].name)?, ..kept.clone() }));
    next.record.past.kept = kept.collect();
    next.record.stage = life.record.stage.and_then(|stage| over.stage(stage));
    next.record.since = life.record.since;
    next.standing = life.standing.as_ref().and_then(|standing| {
        let (stage, because) = over.now_in(standing.stage)?;
        *migrated = because.map(|because| Entry {
            at,
            kind: EntryKind::Migrated { from: old[standing.stage].name.clone(), to: stage },
            because: Some(because),
        });
        Some(over.standing(standing, stage))
    });
    next.clocks =
        life.clocks.into_iter().zip(seen).filter_map(|(clock, seen)| over.clock(clock, seen, ended)).collect();
    next.holder = life.holder.map(|holder| over.holder(holder, turns));
    let recycled = life.recycled.iter().filter_map(|recycled| {
        let by = new.recycle(&old[recycled.by].name)?;
        Some(Recycled { by, at: recycled.at, from: over.stage(recycled.from)? })
    });
    next.recycled = recycled.collect();
    next.round = life.round;
    next.handed = life.handed;
    next.refused = life.refused;
    next.opted_out = life.opted_out;
    next.merged = life.merged;
    carried
}

/// From one pact to the next.
struct Over<'p> {
    old: &'p Pact,
    new: &'p Pact,
    at: Instant,
}

impl Over<'_> {
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
    fn standing(&self, standing: &Standing, stage: StageId) -> Standing {
        let waits = standing.waits.iter().filter_map(|waits| match waits {
            Waits::Move(position) => {
                let to = self.stage(self.old[standing.stage].moves.get(*position)?.to)?;
                self.new[stage].moves.iter().position(|step| step.to == to).map(Waits::Move)
            }
            Waits::Recycle(id) => self.new.recycle(&self.old[*id].name).map(Waits::Recycle),
        });
        Standing { stage, waits: waits.collect(), ..standing.clone() }
    }

    /// A clock, where the pact still has what it is of; otherwise it ends here.
    fn clock(&self, clock: Clock, seen: usize, ended: &mut Vec<Entry>) -> Option<Clock> {
        let carried = self.promise(&clock).map(|(sla, promise)| Clock { sla, promise, seen, ..clock.clone() });
        let carried = carried.and_then(|carried| self.promised(&clock, carried));
        if !clock.is_open() {
            return carried;
        }
        let here = self.old[clock.sla].stage.and_then(|stage| self.stage(stage));
        let stays = carried.as_ref().is_some_and(|next| here.is_some() && self.new[next.sla].stage == here);
        if stays {
            return carried;
        }
        let because = self.old[clock.sla].promises.get(clock.promise as usize).map(|promise| promise.span);
        let kind = EntryKind::Clock { sla: clock.sla, promise: clock.promise, change: ClockChange::Stopped };
        ended.push(Entry { at: self.at, kind, because });
        carried.map(|clock| Clock { ended: Some((self.at, Ending::Stopped)), paused_since: None, ..clock })
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

    /// Which promise holds from now on. None when nobody could keep the old one, and it holds.
    fn promised(&self, old: &Clock, mut clock: Clock) -> Option<Clock> {
        let now = Terms::new(self.new, clock.sla, clock.promise)?;
        let runs = clock.is_open() && clock.breached.is_none();
        clock.promised = None;
        match clock.started {
            Some(started) if runs && self.new.migration.new_promises => clock.run_from(&now, started),
            Some(_) => {
                let terms = Terms::of(self.old, old)?;
                let promised = Promised { kind: self.kinds(terms.kind())?, calendar: terms.calendar().cloned() };
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
            other => other.clone(),
        })
    }

    fn holder(&self, holder: Holder, turns: Option<&mut dyn Turns>) -> Holder {
        let team = holder.team.and_then(|team| self.new.team(&self.old[team].name));
        if let (None, Some(gone), Some(person), Some(turns)) = (team, holder.team, &holder.person, turns)
            && holder.in_hand
        {
            turns.release(&self.old[gone].name, person);
        }
        let route = holder.route.and_then(|old| {
            let name = &self.old[old].name;
            self.new.routes.iter().position(|route| route.name == *name).map(|at| RouteId(at as u32))
        });
        let clause = |old: Span| route.and_then(|route| self.clause(route, old));
        Holder {
            route,
            because: holder.because.and_then(clause),
            team,
            in_hand: holder.in_hand && team.is_some(),
            unsure: holder.unsure.iter().copied().filter_map(clause).collect(),
            ..holder
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
