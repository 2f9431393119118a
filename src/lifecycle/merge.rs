//! Two records of one person become one lead.

use super::clock::{Ending, Terms};
use super::clocks::taken;
use super::event::AbsorbedLead;
use super::run::Run;
use super::state::{Assignee, LeadState};
use super::timeline::{ClockChange, EntryKind};
use super::transitions::entry;
use crate::pact::{KindClass, PromiseKind, SlaId};
use crate::record::{Event, Record};
use crate::time::Instant;

impl Run<'_, '_> {
    /// Takes another lead in: its history, values that this one lacks, the owner who had either of them first, and of
    /// two clocks of one promise the earlier start. One that stands nowhere yet goes on where the other stood.
    pub(super) fn absorb(&mut self, other: AbsorbedLead, at: Instant) {
        let AbsorbedLead { lead, by, mut state, timeline } = other;
        self.timeline.push(at, EntryKind::Absorbed { other: lead, by }, None);
        if timeline.known.is_some() {
            self.timeline.parts.push(timeline);
        }
        let mine = &mut self.state;
        let answered = [&mine.record, &state.record].map(spent_at);
        let before = mine.record.clone();
        mine.record.take_in(&state.record);
        mine.answers.forget();
        let goes_on = self.goes_on_where(&state, at);
        let mine = &mut self.state;
        let spent = if goes_on { answered.into_iter().flatten().max() } else { answered[0] };
        mine.record.past.spent =
            spent.map_or(0, |answered| mine.record.history.partition_point(|event| event.at <= answered));
        mine.record.past.retained.append(&mut state.record.past.retained);
        mine.answers.forget();
        mine.refused.append(&mut state.refused);
        // second chances that either had are had
        mine.recycled.append(&mut state.recycled);
        mine.recycled.sort_by_key(|recycled| recycled.at);
        mine.round = mine.round.max(state.round);
        mine.opted_out = [mine.opted_out, state.opted_out].into_iter().flatten().min();
        if goes_on {
            self.go_on(&mut state, at);
            // what is new to its clocks is what happened to this one
            state.record = before;
        }
        let mine = &self.state;
        let older = |theirs: &Assignee| mine.assignee.as_ref().is_none_or(|mine| theirs.since < mine.since);
        if let Some(theirs) = state.assignee.take().filter(older) {
            self.hand_over(theirs, at);
        }
        let mine = &mut self.state;
        // an answer that moved a lead belongs to the stage that it left
        let pact = self.pact;
        let is_spent = |event: &&Event| {
            pact[event.kind].class == KindClass::Disposition && answered.iter().flatten().any(|at| event.at <= *at)
        };
        let (mut began, mut counted) = (Vec::new(), Vec::new());
        for clock in mine.clocks.iter_mut().filter(|clock| clock.is_open()) {
            let Some(terms) = Terms::new(self.pact, clock.sla, clock.promise) else { continue };
            let ran = |theirs: &&super::Clock| theirs.ended.is_none_or(|(ended, _)| ended == at);
            let same = state.clocks.iter().filter(ran);
            let same = same.filter(|theirs| (theirs.sla, theirs.promise) == (clock.sla, clock.promise));
            let earliest =
                same.filter_map(|theirs| Some((theirs.started?, theirs))).min_by_key(|(started, _)| *started);
            let earlier = earliest.filter(|(started, _)| clock.started.is_none_or(|mine| *started < mine));
            // one that waits for somebody to have the lead starts with who has it now
            let held =
                mine.assignee.as_ref().filter(|assignee| assignee.person.is_some()).map(|assignee| assignee.since);
            if clock.started.is_none() && earlier.is_none() {
                if let Some(since) = held {
                    let since = since.max(clock.entered);
                    clock.assigned = held;
                    let earlier = mine.record.history.partition_point(|event| event.at < since);
                    clock.seen = earlier.max(mine.record.past.spent);
                    clock.start(&terms, since);
                    began.push((clock.sla, clock.promise, ClockChange::Started { due: clock.due(self.pact) }));
                }
                continue;
            }
            // what is its own it has seen; of the rest it sees what is new to it
            let mut new = &state.record.history;
            if let Some((started, theirs)) = earlier.filter(|_| clock.breached.is_none()) {
                clock.entered = clock.entered.min(started);
                clock.start(&terms, started);
                let still = theirs.paused_since.map_or(0, |since| terms.measure(since, at).max(0));
                clock.paused = theirs.paused + still;
                began.push((clock.sla, clock.promise, ClockChange::Restarted { due: clock.due(pact) }));
                new = &mine.record.history;
            }
            clock.seen = mine.record.history.len();
            for event in new.iter().filter(|event| !is_spent(event)) {
                let change = clock.is_open().then(|| taken(clock, &terms, event, mine.opted_out)).flatten();
                counted.extend(change.map(|change| (clock.sla, clock.promise, change)));
            }
        }
        began.extend(self.owed(&state.clocks, at));
        for (sla, promise, change) in began.into_iter().chain(counted) {
            self.record_clock(sla, promise, at, change);
        }
        // what either lead was told since meets what is owed
        self.state.heard = self.state.record.history.len();
        self.see(at);
    }

    /// Whether it stands nowhere yet, and would be in the pipeline in which the other stood.
    fn goes_on_where(&mut self, other: &LeadState, at: Instant) -> bool {
        let mine = &mut self.state;
        let Some(stage) = other.stage().filter(|_| mine.stage_state.is_none() && mine.record.stage.is_none()) else {
            return false;
        };
        entry(self.pact, &mut mine.judge(self.pact, at)).is_some_and(|first| first.pipeline == stage.pipeline)
    }

    /// Stands where the other stood, with its clocks: they run on as if it had not ended.
    fn go_on(&mut self, other: &mut LeadState, at: Instant) {
        let pact = self.pact;
        let mine = &mut self.state;
        mine.stage_state = other.stage_state.take();
        mine.handed = mine.handed.or(other.handed);
        let mut resumed = Vec::new();
        for mut clock in std::mem::take(&mut other.clocks) {
            let keeps = || Terms::of(pact, &clock).is_some_and(|terms| matches!(terms.kind(), PromiseKind::Work(_)));
            let ran = clock.ended.is_some_and(|(ended, how)| ended == at && (how == Ending::Stopped || keeps()));
            if ran && mine.stage().is_some_and(|stage| clock.is_of(pact, stage)) {
                clock.ended = None;
                if clock.started.is_some() && clock.breached.is_none() {
                    resumed.push((clock.sla, clock.promise, ClockChange::Resumed { due: clock.due(pact) }));
                }
            }
            clock.inherited = clock.ended.is_some();
            mine.clocks.push(clock);
        }
        for (sla, promise, change) in resumed {
            self.record_clock(sla, promise, at, change);
        }
    }

    /// A reply that the other lead awaited is owed to this one, where none is already.
    fn owed(&mut self, theirs: &[super::Clock], at: Instant) -> Vec<(SlaId, u32, ClockChange)> {
        let (pact, mine) = (self.pact, &mut self.state);
        let mut began = Vec::new();
        for clock in
            theirs.iter().filter(|clock| clock.ended.is_none_or(|(ended, how)| ended == at && how == Ending::Stopped))
        {
            let awaits = Terms::of(pact, clock).is_some_and(|terms| terms.messages().is_some());
            let here = mine.stage().is_some_and(|stage| clock.is_of(pact, stage));
            let same = |mine: &super::Clock| mine.is_open() && (mine.sla, mine.promise) == (clock.sla, clock.promise);
            let Some(started) = clock.started.filter(|_| awaits && here && !mine.clocks.iter().any(same)) else {
                continue;
            };
            let seen = mine.record.history.partition_point(|event| event.at <= started);
            let owed = super::Clock { ended: None, round: mine.round, seen, ..clock.clone() };
            began.push((owed.sla, owed.promise, ClockChange::Started { due: owed.due(pact) }));
            mine.clocks.push(owed);
        }
        began
    }

    /// Whoever had the other lead has this one. The other ends, so it counts as one lead more for them.
    fn hand_over(&mut self, mut assignee: Assignee, at: Instant) {
        self.free(false);
        let ended = self.state.stage().is_some_and(|stage| self.pact[stage].is_final);
        if let (Some(team), Some(person), false) = (assignee.team, &assignee.person, ended) {
            if let Some(roster) = self.roster.as_deref_mut() {
                roster.take(self.pact, team, person, at);
            }
            assignee.holds_capacity = true;
        }
        self.state.assignee = Some(assignee);
    }
}

/// When the last answer was that moved the lead.
fn spent_at(record: &Record) -> Option<Instant> {
    record.history.get(..record.past.spent).and_then(<[_]>::last).map(|event| event.at)
}
