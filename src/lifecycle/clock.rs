//! Clocks of service levels: when they are due, what stops them, and what is left.

use std::sync::Arc;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::calendar::Calendar;
use crate::pact::{Breach, KindClass, KindId, Pact, PromiseKind, PromiseName, Sla, SlaId, StageId};
use crate::record::Event;
use crate::time::Duration;
use crate::time::Instant;

/// A promise about a lead, while its time runs and after.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Clock {
    /// The service level.
    pub sla: SlaId,
    /// The position of the promise in it.
    pub promise: u32,
    /// The lead's round.
    pub round: u32,
    /// When the lead entered the stage, or when the time began to run, if earlier: speed to lead counts from here.
    pub entered: Instant,
    /// When the time began to run; none while it waits for somebody to have the lead.
    pub started: Option<Instant>,
    /// When the person who has the lead got it: the owner's own time counts from here.
    pub assigned: Option<Instant>,
    /// When the time is used up if nothing pauses it; none when the calendar is not open for so long.
    pub(super) base_due: Option<Instant>,
    /// The whole time, in seconds of its measure.
    pub(super) allowed: i64,
    /// The seconds of its measure that pauses took.
    pub paused: i64,
    /// Since when it is paused.
    pub paused_since: Option<Instant>,
    /// Touches that counted.
    pub touches: u32,
    /// When the last one that counted was.
    pub last_touch: Option<Instant>,
    /// How many warnings have passed.
    pub warned: usize,
    /// When the promise was breached.
    pub breached: Option<Instant>,
    /// Which breach clauses have acted, by position.
    pub(super) acted: Vec<usize>,
    /// How it ended.
    pub ended: Option<(Instant, Ending)>,
    /// How many events of the history it has seen.
    pub(super) seen: usize,
    /// What was promised when it started, where its pact promises something else by now and the old promise holds.
    pub(super) promised: Option<Arc<FormerPromise>>,
    /// Whether it ended while another lead had it, of which this one takes the place: it is counted there.
    #[serde(default)]
    pub inherited: bool,
}

/// What an earlier pact promised, and by which calendar.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct FormerPromise {
    pub(super) kind: PromiseKind,
    pub(super) calendar: Option<Calendar>,
}

/// How a clock ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Ending {
    /// The promise was met, if late when it was breached before.
    Met,
    /// The lead left the stage, or is no lead of its own any more, before the promise was met or breached.
    Stopped,
}

/// Where a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClockState {
    /// It waits for somebody to have the lead.
    Waiting,
    /// Its time runs.
    Running,
    /// Its time runs, and a warning has passed.
    Warned,
    /// It is paused.
    Paused,
    /// The promise was met in time.
    Met,
    /// The promise was breached.
    Breached,
    /// It ended before the promise was met or breached.
    Stopped,
}

/// A clock with what its pact says of it.
#[derive(Clone)]
pub(super) struct Terms<'p> {
    pub(super) pact: &'p Pact,
    pub(super) sla: &'p Sla,
    promise: Whose<'p>,
    within: Duration,
}

/// Whose promise holds.
#[derive(Clone)]
enum Whose<'p> {
    /// The pact's.
    Pact(&'p PromiseKind, Option<&'p Calendar>),
    /// An earlier one.
    Earlier(Arc<FormerPromise>),
}

impl<'p> Terms<'p> {
    /// The terms of a clock that starts now; none for a volume.
    pub(super) fn new(pact: &'p Pact, sla: SlaId, promise: u32) -> Option<Self> {
        let sla = &pact[sla];
        let kind = &sla.promises.get(promise as usize)?.kind;
        let calendar = sla.calendar.map(|id| &pact[id].calendar);
        Some(Self { pact, sla, promise: Whose::Pact(kind, calendar), within: kind.within()? })
    }

    /// The terms of a clock.
    pub(super) fn of(pact: &'p Pact, clock: &Clock) -> Option<Self> {
        let now = Self::new(pact, clock.sla, clock.promise)?;
        let Some(promised) = &clock.promised else { return Some(now) };
        let within = promised.kind.within()?;
        Some(Self { promise: Whose::Earlier(promised.clone()), within, ..now })
    }

    /// What is promised.
    pub(super) fn kind(&self) -> &PromiseKind {
        match &self.promise {
            Whose::Pact(kind, _) => kind,
            Whose::Earlier(promised) => &promised.kind,
        }
    }

    /// The calendar of its business time.
    pub(super) fn calendar(&self) -> Option<&Calendar> {
        match &self.promise {
            Whose::Pact(_, calendar) => *calendar,
            Whose::Earlier(promised) => promised.calendar.as_ref(),
        }
    }

    /// Whether it counts business time.
    pub(super) fn open(&self) -> bool {
        self.within.business
    }

    /// The seconds from one instant to another, as the promise counts them: open ones for business time.
    pub(super) fn measure(&self, from: Instant, to: Instant) -> i64 {
        match self.calendar().filter(|_| self.within.business) {
            Some(calendar) => calendar.elapsed(from, to),
            None => to.signed_duration_since(from).num_seconds(),
        }
    }

    /// The instant by which so many seconds of the promise's measure have passed.
    fn later(&self, from: Instant, seconds: i64) -> Option<Instant> {
        match self.calendar().filter(|_| self.within.business) {
            Some(calendar) => calendar.due(from, seconds).map(|due| due.at),
            None => from.checked_add_signed(chrono::TimeDelta::try_seconds(seconds)?),
        }
    }

    /// The instant that a duration leads to.
    pub(super) fn after(&self, from: Instant, duration: Duration) -> Option<Instant> {
        match self.calendar().filter(|_| duration.business) {
            Some(calendar) => calendar.due_after(from, duration).map(|due| due.at),
            None => duration.after(from, &self.pact.zone),
        }
    }

    /// Whether touches meet the promise.
    pub(super) fn of_touches(&self) -> bool {
        matches!(self.kind(), PromiseKind::FirstTouch(_) | PromiseKind::Touches { .. } | PromiseKind::Reply { .. })
    }

    /// The kinds of messages that await a reply; none for a promise of something else.
    pub(super) fn messages(&self) -> Option<&[KindId]> {
        if let PromiseKind::Reply { kinds, .. } = self.kind() { Some(kinds) } else { None }
    }

    pub(super) fn name(&self) -> PromiseName {
        self.kind().name()
    }

    /// The breach clauses that speak of the promise, with their positions.
    pub(super) fn breaches(&self) -> impl Iterator<Item = (usize, &'p Breach)> + use<'p> {
        let name = self.name();
        self.sla.breaches.iter().enumerate().filter(move |(_, breach)| breach.of.is_none_or(|of| of == name))
    }
}

impl Clock {
    /// A clock that waits. `seen` events lie before it.
    pub(super) fn waiting(sla: SlaId, promise: u32, round: u32, entered: Instant, seen: usize) -> Self {
        Self {
            sla,
            promise,
            round,
            entered,
            started: None,
            assigned: None,
            base_due: None,
            allowed: 0,
            paused: 0,
            paused_since: None,
            touches: 0,
            last_touch: None,
            warned: 0,
            breached: None,
            acted: Vec::new(),
            ended: None,
            seen,
            promised: None,
            inherited: false,
        }
    }

    /// Lets the time run from an instant on, from its beginning.
    pub(super) fn start(&mut self, terms: &Terms<'_>, at: Instant) {
        let (seen, assigned) = (self.seen, self.assigned);
        *self = Self {
            started: Some(at),
            assigned,
            ..Self::waiting(self.sla, self.promise, self.round, self.entered, seen)
        };
        self.run_from(terms, at);
    }

    /// Sets when the time is used up that began to run at an instant.
    pub(super) fn run_from(&mut self, terms: &Terms<'_>, started: Instant) {
        self.base_due = terms.after(started, terms.within);
        self.allowed = self.base_due.map_or(i64::MAX, |due| terms.measure(started, due));
    }

    /// Where it stands.
    pub fn state(&self) -> ClockState {
        match (self.breached, self.ended, self.started) {
            (Some(_), ..) => ClockState::Breached,
            (_, Some((_, Ending::Met)), _) => ClockState::Met,
            (_, Some((_, Ending::Stopped)), _) => ClockState::Stopped,
            (_, None, None) => ClockState::Waiting,
            _ if self.paused_since.is_some() => ClockState::Paused,
            _ if self.warned > 0 => ClockState::Warned,
            _ => ClockState::Running,
        }
    }

    /// Whether its time runs, or ran out and nobody has met the promise yet.
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// When the time is used up. While the clock is paused, that is not known.
    pub fn due(&self, pact: &Pact) -> Option<Instant> {
        if self.paused_since.is_some() && self.breached.is_none() {
            return None;
        }
        let terms = Terms::of(pact, self)?;
        terms.later(self.base_due?, self.paused).or(self.base_due)
    }

    /// The next opening at or after the due instant, for business time.
    pub fn due_at_next_open(&self, pact: &Pact) -> Option<Instant> {
        let terms = Terms::of(pact, self)?;
        terms.calendar().filter(|_| terms.within.business)?.next_open(self.due(pact)?)
    }

    /// The seconds of its measure that are used up at an instant, without pauses.
    pub fn used(&self, pact: &Pact, at: Instant) -> i64 {
        let (Some(terms), Some(started)) = (Terms::of(pact, self), self.started) else { return 0 };
        let at = self.ended.map_or(at, |(end, _)| end.min(at));
        let still = self.paused_since.map_or(0, |since| terms.measure(since, at).max(0));
        (terms.measure(started, at) - self.paused - still).max(0)
    }

    /// The whole time, in seconds of its measure; none when the calendar is not open for so long.
    pub fn allowed(&self) -> Option<i64> {
        self.base_due.map(|_| self.allowed)
    }

    /// The seconds of its measure from entering the stage to an instant: speed to lead.
    pub fn since_entry(&self, pact: &Pact, at: Instant) -> i64 {
        Terms::of(pact, self).map_or(0, |terms| terms.measure(self.entered, at))
    }

    /// The seconds of its measure from the person's assignment to an instant: the owner's own time.
    pub fn since_assignment(&self, pact: &Pact, at: Instant) -> Option<i64> {
        let terms = Terms::of(pact, self)?;
        self.assigned.map(|assigned| terms.measure(assigned, at))
    }

    /// The seconds of its measure from the breach to an instant, or to the instant at which the promise was met after
    /// all; none before a breach.
    pub fn late(&self, pact: &Pact, at: Instant) -> Option<i64> {
        let at = self.ended.map_or(at, |(end, _)| end.min(at));
        Some(Terms::of(pact, self)?.measure(self.breached?, at))
    }

    /// Whether its measure is business time: seconds in which a calendar is open.
    pub fn is_open_time(&self, pact: &Pact) -> bool {
        Terms::of(pact, self).is_some_and(|terms| terms.open())
    }

    pub(super) fn pause(&mut self, at: Instant) {
        self.paused_since = Some(at);
    }

    /// Only what of the pause the clock would have run through is added.
    pub(super) fn resume(&mut self, terms: &Terms<'_>, at: Instant) {
        if let Some(since) = self.paused_since.take() {
            self.paused += terms.measure(since, at).max(0);
        }
    }

    /// When a warning is due.
    pub(super) fn warns_at(&self, terms: &Terms<'_>, percent: Decimal) -> Option<Instant> {
        self.base_due?;
        let share = Decimal::from(self.allowed).checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?;
        terms.later(self.started?, share.ceil().to_i64()?.checked_add(self.paused)?)
    }

    /// The next instant after `now` at which it warns, is breached, or a breach clause acts.
    pub(super) fn next(&self, terms: &Terms<'_>, now: Instant) -> Option<Instant> {
        if self.ended.is_some() || self.started.is_none() {
            return None;
        }
        if let Some(breached) = self.breached {
            let open = terms.breaches().filter(|(at, _)| !self.acted.contains(at));
            return open.filter_map(|(_, breach)| terms.after(breached, breach.after?)).filter(|at| *at > now).min();
        }
        if self.paused_since.is_some() {
            return None;
        }
        let warnings = terms.sla.warnings.iter().skip(self.warned);
        let warning = warnings.filter_map(|warning| self.warns_at(terms, warning.percent)).find(|at| *at > now);
        let due = self.due(terms.pact).filter(|due| *due > now);
        warning.into_iter().chain(due).min()
    }

    /// What an event does to the promise.
    pub(super) fn takes(&self, terms: &Terms<'_>, event: &Event, opted_out: Option<Instant>) -> TouchEffect {
        let class = terms.pact[event.kind].class;
        let touch = class == KindClass::Touch && opted_out.is_none_or(|out| event.at <= out);
        if self.started.is_none_or(|started| event.at < started) {
            return TouchEffect::Nothing;
        }
        match terms.kind() {
            PromiseKind::FirstTouch(_) | PromiseKind::Reply { .. } if touch => TouchEffect::Meets,
            PromiseKind::Outcome(_) if class == KindClass::Disposition => TouchEffect::Meets,
            PromiseKind::Touches { count, kinds, apart, .. } if touch => {
                let of_kind = kinds.is_empty() || kinds.contains(&event.kind);
                let apart = apart
                    .zip(self.last_touch)
                    .is_none_or(|(apart, last)| terms.after(last, apart).is_some_and(|earliest| event.at >= earliest));
                match () {
                    () if !of_kind || !apart => TouchEffect::Nothing,
                    () if self.touches + 1 >= *count => TouchEffect::Meets,
                    () => TouchEffect::Counts { of: *count },
                }
            }
            _ => TouchEffect::Nothing,
        }
    }

    /// Whether the clock runs in this stage.
    pub(super) fn is_of(&self, pact: &Pact, stage: StageId) -> bool {
        pact[self.sla].stage == Some(stage)
    }
}

/// The seconds between two instants as a promise measures them, and whether they are open ones. For a promise that the
/// pact does not make, as they pass.
pub fn measured(pact: &Pact, sla: &str, promise: &str, from: Instant, to: Instant) -> (i64, bool) {
    let terms = pact.sla(sla).and_then(|id| {
        let position = pact[id].promises.iter().position(|made| made.kind.name().words() == promise)?;
        Terms::new(pact, id, position as u32)
    });
    match terms {
        Some(terms) => (terms.measure(from, to), terms.open()),
        None => (to.signed_duration_since(from).num_seconds(), false),
    }
}

/// What an event does to a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TouchEffect {
    Nothing,
    Counts { of: u32 },
    Meets,
}
