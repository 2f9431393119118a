//! Wakeups: the instants at which time alone can change something.

use chrono::TimeDelta;

use super::clock::Terms;
use super::state::LeadState;
use super::triggers::trigger_index;
use crate::eval::View;
use crate::pact::{Move, Pact, Triggers};
use crate::time::Duration;
use crate::time::Instant;
use crate::time::Zone;

impl LeadState {
    /// The next instant after now, and not after `limit`, at which the lead could move, rest no more, or a clock could
    /// warn or be breached, if nothing happens.
    pub(super) fn next_wakeup(&self, pact: &Pact, limit: Instant) -> Option<Instant> {
        if self.merged.is_some() {
            return None;
        }
        let trigger_index = trigger_index(pact);
        let clocks = self.clocks.iter().filter_map(|clock| clock.next(&Terms::of(pact, clock)?, self.now));
        let mut next = Next { now: self.now, best: limit, found: false };
        clocks.for_each(|at| next.may(at));
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
                if let Some(stage) = trigger_index.stage(stage_state.stage) {
                    next.triggers(pact, self, &stage.triggers);
                }
            }
        }
        next.found.then_some(next.best)
    }

    /// The next instant after now, and not after `limit`, at which any verdict, score or move could change.
    pub(super) fn next_possible_change(&self, pact: &Pact, limit: Instant) -> Option<Instant> {
        let mut next = Next { now: self.now, best: limit, found: false };
        next.triggers(pact, self, &trigger_index(pact).all);
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

    fn triggers(&mut self, pact: &Pact, state: &LeadState, triggers: &Triggers) {
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

/// The first instant after `from`, up to `to`, from which on something holds that holds at `to` and not at `from`.
fn first(from: Instant, to: Instant, holds: impl Fn(Instant) -> bool) -> Instant {
    let (mut low, mut high) = (from, to);
    loop {
        let gap = high.signed_duration_since(low);
        let half = gap / 2;
        if half <= TimeDelta::zero() {
            return high;
        }
        let middle = low + half;
        if holds(middle) { high = middle } else { low = middle }
    }
}

/// The first instant at which a window no longer holds an event.
fn falls_out(event: Instant, window: Duration, zone: &Zone) -> Option<Instant> {
    let out = |at: Instant| window.before(at, zone).is_some_and(|start| start >= event);
    let guess = window.after(event, zone)?;
    if out(guess) && !out(guess - TimeDelta::nanoseconds(1)) {
        return Some(guess);
    }
    // calendar steps forth and back part at the ends of months and where clocks are changed, by some days at most
    let (low, high) = (guess - TimeDelta::days(4), guess + TimeDelta::days(4));
    (out(high) && !out(low)).then(|| first(low, high, out))
}

/// The first instant after now at which the points of an event fade one step further.
fn fades(event: Instant, every: Duration, most: i32, now: Instant, zone: &Zone) -> Option<Instant> {
    let step = |n: i32| every.times(n)?.after(event, zone);
    let passed = now.signed_duration_since(event).num_seconds() / every.nominal_seconds().max(1);
    let mut n = i32::try_from(passed).unwrap_or(i32::MAX - 3).saturating_sub(1).max(1);
    while n <= most {
        let at = step(n)?;
        if at > now {
            return Some(at);
        }
        n += 1;
    }
    None
}

/// The first instant of the day on which a pact takes effect.
pub(super) fn takes_effect(pact: &Pact) -> Option<Instant> {
    pact.effective.map(|date| pact.zone.midnight(date))
}
