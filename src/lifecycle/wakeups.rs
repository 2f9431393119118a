//! Wakeups: the instants at which time alone can change something.

use super::clock::Terms;
use super::state::LeadState;
use crate::compiled::{CompiledPact, Triggers, fades, falls_out, first};
use crate::eval::View;
use crate::pact::{Move, Pact};
use crate::time::Instant;

impl LeadState {
    /// The next instant after now, and not after `limit`, at which the lead could move, rest no more, or a clock could
    /// warn or be breached, if nothing happens.
    pub(super) fn next_wakeup(&mut self, pact: &Pact, limit: Instant) -> Option<Instant> {
        if self.merged.is_some() {
            return None;
        }
        let trigger_index = CompiledPact::of(pact).triggers();
        let mut next = Next { now: self.now, best: limit, found: false };
        let clocks = self.clocks.iter().filter(|clock| clock.is_open());
        clocks.filter_map(|clock| clock.next(&Terms::of(pact, clock)?, self.now)).for_each(|at| next.may(at));
        self.awaited(pact).into_iter().for_each(|at| next.may(at));
        match &self.stage_state {
            None => next.triggers(pact, self, &trigger_index.entry),
            Some(stage_state) => {
                match stage_state.rest.as_ref().filter(|(until, _)| *until > self.now) {
                    Some((until, _)) => next.may(*until),
                    None => {
                        let moves = pact[stage_state.stage].moves.iter();
                        moves
                            .filter_map(|step| timed(pact, stage_state.counts_from(), step))
                            .for_each(|at| next.may(at));
                    }
                }
                takes_effect(pact).into_iter().for_each(|at| next.may(at));
                let stage = stage_state.stage;
                if let Some(stage) = trigger_index.stage(stage) {
                    next.triggers(pact, self, &stage.triggers);
                }
            }
        }
        next.found.then_some(next.best)
    }

    /// The next instant after now, and not after `limit`, at which any verdict, score or move could change.
    pub(super) fn next_possible_change(&mut self, pact: &Pact, limit: Instant) -> Option<Instant> {
        let mut next = Next { now: self.now, best: limit, found: false };
        next.triggers(pact, self, &CompiledPact::of(pact).triggers().all);
        let best = next.best;
        let tick = self.next_wakeup(pact, best);
        tick.or(next.found.then_some(best))
    }
}

/// When a timed move becomes possible; none for one that is not timed.
pub(super) fn timed(pact: &Pact, from: Instant, step: &Move) -> Option<Instant> {
    let after = step.after?;
    match after.calendar.filter(|_| after.time.business) {
        Some(id) => pact[id].calendar.due_after(from, after.time).map(|due| due.at),
        None => after.time.after(from, &pact.zone),
    }
}

struct Next {
    now: Instant,
    best: Instant,
    found: bool,
}

impl Next {
    fn may(&mut self, at: Instant) {
        if at > self.now && at <= self.best {
            (self.best, self.found) = (at, true);
        }
    }

    fn triggers(&mut self, pact: &Pact, state: &mut LeadState, triggers: &Triggers) {
        if state.answers.are_by_reference() {
            return self.plainly(pact, state, triggers);
        }
        let LeadState { record, answers, .. } = state;
        let next = answers.next_trigger((pact, record, self.now), triggers, self.best);
        next.into_iter().for_each(|at| self.may(at));
    }

    /// The triggers, looked for by looking at all that happened.
    fn plainly(&mut self, pact: &Pact, state: &LeadState, triggers: &Triggers) {
        for event in &state.record.history {
            for (_, window) in triggers.windows.iter().filter(|(kind, _)| *kind == event.kind) {
                if let Some(at) = falls_out(event.at, *window, &pact.zone) {
                    self.may(at);
                }
            }
            for (_, every, most) in triggers.fades.iter().filter(|(kind, ..)| *kind == event.kind) {
                if let Some(at) = fades(event.at, *every, *most, self.now, &pact.zone) {
                    self.may(at);
                }
            }
        }
        if triggers.days
            && let Some(tomorrow) = pact.zone.date(self.now).succ_opt()
        {
            self.may(pact.zone.midnight(tomorrow));
        }
        self.moments(pact, state, triggers);
    }

    /// Comparisons with the present change once, as the present only grows: the instant is found by halving.
    fn moments(&mut self, pact: &Pact, state: &LeadState, triggers: &Triggers) {
        for moment in &triggers.moments {
            let holds = |at: Instant| View::new(pact, &state.record, at).condition(moment);
            let before = holds(self.now);
            if holds(self.best) != before {
                let at = first(self.now, self.best, |at| holds(at) != before);
                self.may(at);
            }
        }
    }
}

/// The first instant of the day on which a pact takes effect.
pub(super) fn takes_effect(pact: &Pact) -> Option<Instant> {
    CompiledPact::of(pact).takes_effect()
}
