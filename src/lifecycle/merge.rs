//! Two records of one person become one lead.

use std::sync::Arc;

use super::clock::Terms;
use super::life::Life;
use super::live::Living;
use super::story::{ClockChange, EntryKind};
use crate::value::Instant;

impl Living<'_, '_> {
    /// Takes another lead in: its history, values that this one lacks, the owner who had either of them first, and of
    /// two clocks of one promise the earlier start.
    pub(super) fn absorb(&mut self, other: Arc<str>, life: Life, at: Instant) {
        self.story.tell(at, EntryKind::Absorbed { other }, None);
        let mine = &mut self.life;
        for (value, theirs) in mine.record.values.iter_mut().zip(life.record.values) {
            *value = value.take().or(theirs);
        }
        let answered = mine.record.history.get(..mine.record.past.spent).and_then(<[_]>::last).map(|event| event.at);
        let theirs = life.record.history.get(..life.record.past.spent).and_then(<[_]>::last).map(|event| event.at);
        let moved = answered.max(theirs);
        let latest = life.record.history.iter().map(|event| event.at).max();
        mine.record.history.extend(life.record.history);
        mine.record.history.sort_by_key(|event| event.at);
        mine.record.past.spent =
            answered.map_or(0, |answered| mine.record.history.partition_point(|event| event.at <= answered));
        mine.record.past.kept.extend(life.record.past.kept);
        mine.refused.extend(life.refused);
        mine.opted_out = [mine.opted_out, life.opted_out].into_iter().flatten().min();
        let older = |theirs: &super::Holder| mine.holder.as_ref().is_none_or(|mine| theirs.since < mine.since);
        if let Some(theirs) = life.holder.filter(older) {
            mine.holder = Some(theirs);
        }
        for clock in mine.clocks.iter_mut().filter(|clock| clock.is_open()) {
            clock.seen = mine.record.history.len();
            // what happened to the other record since the clock began counts too: it counts anew
            if let Some(started) = clock.started.filter(|started| latest.is_some_and(|latest| latest >= *started)) {
                let first = mine.record.history.partition_point(|event| event.at < started);
                clock.seen = first.max(mine.record.past.spent);
                clock.touches = 0;
                clock.last_touch = None;
            }
        }
        let held = mine.holder.as_ref().filter(|holder| holder.person.is_some()).map(|holder| holder.since);
        let mut began = Vec::new();
        for clock in mine.clocks.iter_mut().filter(|clock| clock.is_open() && clock.breached.is_none()) {
            let ran = |theirs: &&super::Clock| theirs.ended.is_none_or(|(ended, _)| ended == at);
            let same = life.clocks.iter().filter(ran);
            let same = same.filter(|theirs| (theirs.sla, theirs.promise) == (clock.sla, clock.promise));
            let earliest =
                same.filter_map(|theirs| Some((theirs.started?, theirs))).min_by_key(|(started, _)| *started);
            let earlier = earliest.filter(|(started, _)| clock.started.is_none_or(|mine| *started < mine));
            let Some(terms) = Terms::new(self.pact, clock.sla, clock.promise) else { continue };
            let Some((started, theirs)) = earlier else {
                // one that waits for somebody to have the lead starts with who has it now
                if let (None, Some(since)) = (clock.started, held) {
                    let since = since.max(clock.entered);
                    clock.assigned = held;
                    clock.seen =
                        mine.record.history.partition_point(|event| event.at < since).max(mine.record.past.spent);
                    clock.start(&terms, since);
                    began.push((clock.sla, clock.promise, ClockChange::Started { due: clock.due(self.pact) }));
                }
                continue;
            };
            clock.entered = clock.entered.min(started);
            clock.seen = mine.record.history.partition_point(|event| event.at < started);
            clock.start(&terms, started);
            let still = theirs.paused_since.map_or(0, |since| terms.measure(since, at).max(0));
            clock.paused = theirs.paused + still;
            began.push((clock.sla, clock.promise, ClockChange::Restarted { due: clock.due(self.pact) }));
        }
        for (sla, promise, change) in began {
            self.tell_clock(sla, promise, at, change);
        }
        self.see_since(moved, at);
    }
}
