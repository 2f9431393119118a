//! The clocks of a lead: which start, what stops them, and what happens when they warn or are breached.

use super::clock::{Clock, Ending, Terms, TouchEffect};
use super::judge::Verdicts as _;
use super::run::Run;
use super::state::LeadState;
use super::timeline::{ClockChange, EntryKind};
use super::wakeups::takes_effect;
use crate::compiled::{CompiledPact, Condition};
use crate::eval::View;
use crate::pact::{Pact, PromiseKind, SlaId, StageId, StartsAt};
use crate::record::Event;
use crate::time::Instant;

impl Run<'_, '_> {
    pub(super) fn record_clock(&mut self, sla: SlaId, promise: u32, at: Instant, change: ClockChange) {
        let because = self.pact[sla].promises.get(promise as usize).map(|promise| promise.span);
        self.timeline.push(at, EntryKind::Clock { sla, promise, change }, because);
    }

    /// Starts the clocks of the stage that the lead is in.
    pub(super) fn start_clocks(&mut self, at: Instant) {
        let pact = self.pact;
        let Some(stage_state) = self.state.stage_state.as_ref().filter(|stage_state| stage_state.rest.is_none()) else {
            return;
        };
        let Some(stage_triggers) = CompiledPact::of(pact).triggers().stage(stage_state.stage) else { return };
        // a message that brought the lead here is one of this stage; those before are not
        self.state.heard = self.state.record.history.partition_point(|event| event.at < at);
        // both sides hold to their promises from the day on which the pact takes effect
        if takes_effect(pact).is_some_and(|effect| at < effect) {
            return;
        }
        for &sla in &stage_triggers.slas {
            if !self.state.judge(pact, at).is_met(Condition::Sla(sla)) {
                continue;
            }
            for promise in 0..pact[sla].promises.len() as u32 {
                if let Some(terms) = Terms::new(pact, sla, promise)
                    && terms.messages().is_none()
                    && !(terms.of_touches() && self.state.opted_out.is_some())
                    && !self.reopened(&terms, (sla, promise), at)
                {
                    self.new_clock(&terms, (sla, promise), at);
                }
            }
        }
        self.hear(at);
    }

    /// Starts a clock for a message that awaits a reply. Several before it are one.
    fn hear(&mut self, at: Instant) {
        let pact = self.pact;
        let heard = self.state.record.history.len();
        let first = std::mem::replace(&mut self.state.heard, heard).min(heard);
        let Some(stage_state) = self.state.stage_state.as_ref().filter(|stage_state| stage_state.rest.is_none()) else {
            return;
        };
        let Some(stage_triggers) = CompiledPact::of(pact).triggers().stage(stage_state.stage) else { return };
        if first == heard || self.state.opted_out.is_some() || takes_effect(pact).is_some_and(|effect| at < effect) {
            return;
        }
        for &sla in &stage_triggers.slas {
            for promise in 0..pact[sla].promises.len() as u32 {
                let Some(terms) = Terms::new(pact, sla, promise).filter(|terms| terms.messages().is_some()) else {
                    continue;
                };
                for message in first..heard {
                    self.message(&terms, (sla, promise), message, at);
                }
            }
        }
    }

    /// Starts the clock of a message, unless one runs that an earlier message began.
    fn message(&mut self, terms: &Terms<'_>, (sla, promise): (SlaId, u32), position: usize, at: Instant) {
        let (pact, round) = (self.pact, self.state.round);
        let Some(event) = self.state.record.history.get(position) else { return };
        let (kind, sent) = (event.kind, event.at);
        let same = |clock: &&Clock| (clock.sla, clock.promise, clock.round) == (sla, promise, round);
        // one that was answered after this message counts for it as well
        let counts = |clock: &Clock| clock.is_open() || position < clock.seen;
        if !terms.messages().is_some_and(|kinds| kinds.contains(&kind))
            || self.state.clocks.iter().filter(same).any(counts)
            || !self.held_for(sla, sent, at)
        {
            return;
        }
        let mut clock = Clock::waiting(sla, promise, round, sent, position + 1);
        let held = self.state.assignee.as_ref().filter(|assignee| assignee.person.is_some());
        clock.assigned = held.map(|assignee| assignee.since);
        clock.start(terms, sent);
        let due = clock.due(pact);
        self.record_clock(sla, promise, at, ClockChange::Started { due });
        let after = self.state.record.history.get(position + 1..).unwrap_or_default();
        for event in after {
            clock.seen += 1;
            if let Some(change) = taken(&mut clock, terms, event, self.state.opted_out) {
                let because = pact[sla].promises.get(promise as usize).map(|promise| promise.span);
                self.timeline.push(at, EntryKind::Clock { sla, promise, change }, because);
            }
            if !clock.is_open() {
                break;
            }
        }
        self.state.clocks.push(clock);
    }

    /// Whether a service level held for the lead at an instant up to the present.
    fn held_for(&mut self, sla: SlaId, then: Instant, at: Instant) -> bool {
        match then == at {
            true => self.state.judge(self.pact, at).is_met(Condition::Sla(sla)),
            false => View::new(self.pact, &self.state.record, then).holds(self.pact[sla].for_leads.as_ref()),
        }
    }

    fn new_clock(&mut self, terms: &Terms<'_>, (sla, promise): (SlaId, u32), at: Instant) {
        let (pact, state) = (self.pact, &self.state);
        let held = state.assignee.as_ref().filter(|assignee| assignee.person.is_some());
        let started = match terms.sla.starts {
            StartsAt::Entry => Some(at),
            StartsAt::Assignment => held.map(|assignee| assignee.since.max(at)),
            StartsAt::Qualification => Some(state.handed.unwrap_or(at)),
        };
        let started = started.map(|started| takes_effect(pact).map_or(started, |effect| started.max(effect)));
        let first = started.unwrap_or(at);
        let history = &state.record.history;
        // an answer that moved the lead here belongs to the stage that it left, with all that came before it
        let before = history.partition_point(|event| event.at < first).max(state.record.past.spent);
        // nor does the engine's own answer on entering meet a promise of sales
        let seen = if self.timeline.answered(at) { history.len() } else { before };
        let mut clock = Clock::waiting(sla, promise, state.round, at.min(first), seen);
        clock.assigned = held.map(|assignee| assignee.since);
        if let Some(started) = started {
            clock.start(terms, started);
            let due = clock.due(self.pact);
            self.state.clocks.push(clock);
            self.record_clock(sla, promise, at, ClockChange::Started { due });
            self.see(at);
        } else {
            self.state.clocks.push(clock);
        }
    }

    /// Whether a clock of this round runs on from where the lead left it; what it promised once is not promised again.
    fn reopened(&mut self, terms: &Terms<'_>, (sla, promise): (SlaId, u32), at: Instant) -> bool {
        if terms.sla.restarts_on_reopening {
            return false;
        }
        let round = self.state.round;
        let seen = self.state.record.history.len();
        let same = |clock: &&mut Clock| (clock.sla, clock.promise, clock.round) == (sla, promise, round);
        // one that waited and never ran has nothing to run on from
        let ran = self.state.clocks.iter_mut().rev().find(same).filter(|clock| clock.started.is_some());
        let Some(clock) = ran else { return false };
        let Some((left, Ending::Stopped)) = clock.ended else { return true };
        clock.ended = None;
        clock.paused += terms.measure(left, at).max(0);
        clock.seen = seen;
        let due = clock.due(self.pact);
        if clock.breached.is_none() {
            self.record_clock(sla, promise, at, ClockChange::Resumed { due });
        }
        true
    }

    /// Shows the open clocks what happened since they last looked.
    pub(super) fn see(&mut self, at: Instant) {
        let mut told = Vec::new();
        let state = &mut self.state;
        for clock in state.clocks.iter_mut().filter(|clock| clock.is_open() && clock.started.is_some()) {
            let Some(terms) = Terms::of(self.pact, clock) else { continue };
            let new = state.record.history.get(clock.seen..).unwrap_or_default();
            for event in new {
                clock.seen += 1;
                if let Some(change) = taken(clock, &terms, event, state.opted_out) {
                    told.push((clock.sla, clock.promise, change));
                }
                if !clock.is_open() {
                    break;
                }
            }
        }
        for (sla, promise, change) in told {
            self.record_clock(sla, promise, at, change);
        }
        self.hear(at);
    }

    /// The lead leaves a stage: what is promised about it ends.
    pub(super) fn leave_clocks(&mut self, stage: StageId, at: Instant) {
        let pact = self.pact;
        self.end_clocks(at, |clock| clock.is_of(pact, stage));
    }

    /// The lead wants no more: nobody promises to call it.
    pub(super) fn opt_out(&mut self, at: Instant) {
        self.see(at);
        self.state.opted_out = Some(at);
        self.timeline.push(at, EntryKind::OptedOut, None);
        let pact = self.pact;
        self.end_clocks(at, |clock| {
            let terms = Terms::of(pact, clock);
            clock.breached.is_none() && terms.is_some_and(|terms| terms.of_touches())
        });
    }

    /// The lead is no lead of its own any more.
    pub(super) fn stop_clocks(&mut self, at: Instant) {
        self.end_clocks(at, |_| true);
    }

    fn end_clocks(&mut self, at: Instant, which: impl Fn(&Clock) -> bool) {
        // what happened in the same instant came first
        self.see(at);
        let mut told = Vec::new();
        for clock in self.state.clocks.iter_mut().filter(|clock| clock.is_open() && which(clock)) {
            let Some(terms) = Terms::of(self.pact, clock) else { continue };
            // a pause that is open is counted before the clock stops
            clock.resume(&terms, at);
            let keeps = matches!(terms.kind(), PromiseKind::Work(_)) && clock.breached.is_none();
            let change = if keeps { keep(clock, &terms, at) } else { ClockChange::Stopped };
            clock.ended = Some((at, if keeps { Ending::Met } else { Ending::Stopped }));
            told.push((clock.sla, clock.promise, change));
        }
        for (sla, promise, change) in told {
            self.record_clock(sla, promise, at, change);
        }
    }

    /// Another person has the lead: clocks that wait for one start, and those that say so start anew.
    pub(super) fn owner_changed(&mut self, at: Instant) {
        self.see(at);
        let mut told = Vec::new();
        let mut broken = Vec::new();
        let seen = self.state.record.history.len();
        for clock in self.state.clocks.iter_mut().filter(|clock| clock.is_open()) {
            let Some(terms) = Terms::of(self.pact, clock) else { continue };
            let waited = clock.started.is_none();
            if !waited && terms.sla.restarts_on_reassignment {
                // what was breached stays breached, whoever has the lead now
                broken.extend(clock.breached.map(|_| Clock { ended: Some((at, Ending::Stopped)), ..clock.clone() }));
                clock.seen = seen;
            }
            clock.assigned = Some(at);
            if waited || terms.sla.restarts_on_reassignment {
                // who begins anew promises what the pact says now
                let Some(terms) = Terms::new(self.pact, clock.sla, clock.promise) else { continue };
                clock.start(&terms, at);
                let due = clock.due(self.pact);
                let change = if waited { ClockChange::Started { due } } else { ClockChange::Restarted { due } };
                told.push((clock.sla, clock.promise, change));
            }
        }
        // the one that runs stays the last of its promise
        self.state.clocks.splice(0..0, broken);
        for (sla, promise, change) in told {
            self.record_clock(sla, promise, at, change);
        }
    }

    /// Pauses the clocks whose pause holds, and resumes those whose pause is over.
    pub(super) fn pause(&mut self, at: Instant) {
        let pact = self.pact;
        let mut told = Vec::new();
        let LeadState { clocks, record, answers, .. } = &mut self.state;
        let mut open = clocks.iter_mut().filter(|clock| clock.is_open() && clock.started.is_some()).peekable();
        if open.peek().is_none() {
            return;
        }
        let mut judge = answers.at(pact, record, at);
        for clock in open {
            let Some(terms) = Terms::of(pact, clock).filter(|terms| terms.sla.pause.is_some()) else { continue };
            let paused = judge.is_met(Condition::Pause(clock.sla));
            match (paused, clock.paused_since) {
                (true, None) if clock.breached.is_none() => {
                    clock.pause(at);
                    told.push((clock.sla, clock.promise, ClockChange::Paused));
                }
                (false, Some(_)) => {
                    clock.resume(&terms, at);
                    told.push((clock.sla, clock.promise, ClockChange::Resumed { due: clock.due(pact) }));
                }
                _ => {}
            }
        }
        for (sla, promise, change) in told {
            self.record_clock(sla, promise, at, change);
        }
    }

    /// Has the first clock that is due to warn or to be breached at an instant do so. None when none is; the stage that
    /// the lead was put into, if one of its actions did that.
    pub(super) fn ring(&mut self, at: Instant) -> Option<Option<StageId>> {
        let pact = self.pact;
        for position in 0..self.state.clocks.len() {
            let clock = self.state.clocks.get_mut(position)?;
            let Some(terms) = Terms::of(pact, clock) else { continue };
            let (sla, promise) = (clock.sla, clock.promise);
            match rings(clock, &terms, pact, at) {
                Ring::Nothing => {}
                Ring::Warning(warning) => {
                    let percent = terms.sla.warnings.get(warning).map(|warning| warning.percent)?;
                    self.record_clock(sla, promise, at, ClockChange::Warned { percent });
                    return Some(self.perform(&terms.sla.warnings.get(warning)?.actions, at));
                }
                Ring::Breach => {
                    self.record_clock(sla, promise, at, ClockChange::Breached);
                    return Some(None);
                }
                Ring::Clause(clause) => {
                    return Some(self.perform(&terms.sla.breaches.get(clause)?.actions, at));
                }
            }
        }
        None
    }
}

enum Ring {
    Nothing,
    Warning(usize),
    Breach,
    Clause(usize),
}

/// What a clock is due to report at an instant, marked as reported. Of several warnings that have passed, the last
/// stands for all.
fn rings(clock: &mut Clock, terms: &Terms<'_>, pact: &Pact, at: Instant) -> Ring {
    if !clock.is_open() || clock.started.is_none() {
        return Ring::Nothing;
    }
    if let Some(breached) = clock.breached {
        let due = |after: Option<_>| after.is_none_or(|after| terms.after(breached, after).is_some_and(|d| d <= at));
        let mut open = terms.breaches().filter(|(clause, _)| !clock.acted.contains(clause));
        let Some((clause, _)) = open.find(|(_, breach)| due(breach.after)) else { return Ring::Nothing };
        clock.acted.push(clause);
        return Ring::Clause(clause);
    }
    if clock.paused_since.is_some() {
        return Ring::Nothing;
    }
    if clock.due(pact).is_some_and(|due| due <= at) {
        clock.warned = terms.sla.warnings.len();
        clock.breached = Some(at);
        return Ring::Breach;
    }
    let passed = terms
        .sla
        .warnings
        .iter()
        .take_while(|warning| clock.warns_at(terms, warning.percent).is_some_and(|warns| warns <= at));
    let passed = passed.count();
    if passed <= clock.warned {
        return Ring::Nothing;
    }
    clock.warned = passed;
    Ring::Warning(passed - 1)
}

/// What an event does to a clock.
pub(super) fn taken(
    clock: &mut Clock,
    terms: &Terms<'_>,
    event: &Event,
    opted_out: Option<Instant>,
) -> Option<ClockChange> {
    match clock.takes(terms, event, opted_out) {
        TouchEffect::Nothing => None,
        TouchEffect::Counts { of } => {
            clock.touches += 1;
            clock.last_touch = Some(event.at);
            Some(ClockChange::Counted { count: clock.touches, of })
        }
        TouchEffect::Meets => {
            clock.touches += 1;
            clock.last_touch = Some(event.at);
            clock.resume(terms, event.at);
            let change = keep(clock, terms, event.at);
            clock.ended = Some((event.at, Ending::Met));
            Some(change)
        }
    }
}

fn keep(clock: &Clock, terms: &Terms<'_>, at: Instant) -> ClockChange {
    ClockChange::Met {
        seconds: clock.used(terms.pact, at),
        since_entry: terms.measure(clock.entered, at),
        open: terms.open(),
        late: clock.breached.is_some(),
    }
}
