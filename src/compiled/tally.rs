//! A slot that keeps count: events in a window, what they sum up to, or what is left of their points.
//!
//! An event is added when it comes, taken out when the window closes on it, and weighed anew at each step of the fade, so
//! that a step costs the events that take it and not all there are.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use chrono::{Datelike as _, TimeDelta};

use super::slot_plan::{Keeps, Kept, Moment, PointsPlan, SlotPlan};
use super::weights::{WHOLE, faded, faded_once, retained, step_at, weight};
use crate::eval::fade_steps;
use crate::record::Event;
use crate::time::Instant;
use crate::value::Value;

/// For how long an event that left its window is kept: where the wall clock is set back, it may be in it again.
const SET_BACK: TimeDelta = TimeDelta::days(3);

/// The places to which amounts are summed up.
pub(super) const SUM_PLACES: u32 = 9;

/// Amounts as large as this, in billionths, are left to the reference evaluator.
const LARGE: i128 = 1_000_000_000_000_000_000_000;

/// The events of a slot.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    entries: VecDeque<Entry>,
    /// How many entries have been let go of, which stood before the first.
    gone: u64,
    /// How many of the entries lie before the window.
    before: usize,
    sure: Total,
    possible: Total,
    /// How many entries in the window may or may not count.
    unsure: usize,
    /// When an entry, by its number, takes its next step.
    steps: BinaryHeap<Reverse<(Instant, u64)>>,
    /// What it came to when it was last asked.
    last: Kept,
}

/// An event that counts, or may.
#[derive(Debug, Clone, Copy)]
struct Entry {
    at: Instant,
    sure: bool,
    /// The local day, where days are capped.
    day: i32,
    /// Of points, what is left of them, in billionths; else what it adds.
    amount: i128,
    /// How many steps of the fade it has taken.
    step: i32,
}

/// A sum, where days are capped over days.
#[derive(Debug, Clone, Default)]
struct Total {
    sum: i128,
    days: VecDeque<(i32, i128)>,
}

impl Total {
    fn add(&mut self, amount: i128, day: i32, cap: Option<i128>) {
        let Some(cap) = cap else {
            self.sum += amount;
            return;
        };
        let capped = |amount: i128| amount.clamp(-cap, cap);
        match self.days.binary_search_by_key(&day, |(day, _)| *day) {
            Ok(place) => {
                let Some((_, of_day)) = self.days.get_mut(place) else { return };
                self.sum += capped(*of_day + amount) - capped(*of_day);
                *of_day += amount;
            }
            Err(place) => {
                self.sum += capped(amount);
                self.days.insert(place, (day, amount));
            }
        }
    }
}

impl Tally {
    /// Takes in an event. False where the sum would not be exact any more.
    pub(super) fn take(&mut self, plan: &SlotPlan, moment: &Moment<'_>, event: &Event, sure: bool) -> bool {
        let mut entry = Entry { at: event.at, sure, day: 0, amount: 1, step: 0 };
        match &plan.keeps {
            Keeps::Sum(property) => {
                // what may or may not count leaves the sum unknown, whatever it adds
                match amount(event, *property) {
                    Some(Amount::Exact(amount)) => entry.amount = amount,
                    Some(Amount::Large) => return false,
                    None if sure => return true,
                    None => entry.amount = 0,
                }
            }
            Keeps::Points(points) if points.per_day.is_some() => {
                entry.day = moment.pact.zone.date(event.at).num_days_from_ce();
                // a date that comes again is another run of days
                if self.entries.back().is_some_and(|last| last.day > entry.day) {
                    return false;
                }
            }
            _ => {}
        }
        self.entries.push_back(entry);
        self.enter(plan, moment, self.entries.len() - 1);
        true
    }

    /// Brings it up to the instant. Whether what it comes to is another.
    pub(super) fn pass(&mut self, plan: &SlotPlan, moment: &Moment<'_>) -> bool {
        while self.entries.get(self.before).is_some_and(|entry| !moment.holds(entry.at)) {
            self.leave(plan, self.before);
            self.before += 1;
        }
        while self.before > 0 && self.entries.get(self.before - 1).is_some_and(|entry| moment.holds(entry.at)) {
            self.before -= 1;
            self.enter(plan, moment, self.before);
        }
        if let Some(Some(start)) = moment.window {
            let old = |entry: &Entry| entry.at + SET_BACK < start;
            while self.before > 0 && self.entries.front().is_some_and(old) {
                self.entries.pop_front();
                self.before -= 1;
                self.gone += 1;
            }
        }
        self.step(plan, moment);
        let now = self.kept();
        std::mem::replace(&mut self.last, now) != now
    }

    /// Weighs every entry anew.
    pub(super) fn weigh_anew(&mut self, plan: &SlotPlan, moment: &Moment<'_>) {
        self.steps.clear();
        for place in self.before..self.entries.len() {
            self.leave(plan, place);
        }
        for place in self.before..self.entries.len() {
            self.enter(plan, moment, place);
        }
    }

    pub(super) fn kept(&self) -> Kept {
        Kept { sure: self.sure.sum, possible: self.possible.sum, unsure: self.unsure }
    }

    fn add(&mut self, plan: &SlotPlan, entry: Entry, amount: i128) {
        let cap = match &plan.keeps {
            Keeps::Points(points) => points.per_day.map(|cap| i128::from(cap) * i128::from(WHOLE)),
            _ => None,
        };
        if entry.sure {
            self.sure.add(amount, entry.day, cap);
        }
        self.possible.add(amount, entry.day, cap);
    }

    /// An entry is in the window now.
    fn enter(&mut self, plan: &SlotPlan, moment: &Moment<'_>, place: usize) {
        let Some(entry) = self.entries.get_mut(place) else { return };
        if let Keeps::Points(points) = &plan.keeps {
            entry.amount = i128::from(points.full) * i128::from(weight(points, moment, entry.at));
            if let Some(fade) = &points.fade {
                entry.step = fade_steps(&moment.pact.zone, fade.every, entry.at, moment.at);
            }
        }
        let entry = *entry;
        self.unsure += usize::from(!entry.sure);
        self.add(plan, entry, entry.amount);
        self.await_step(plan, moment, place);
    }

    /// An entry is in the window no more.
    fn leave(&mut self, plan: &SlotPlan, place: usize) {
        let Some(entry) = self.entries.get(place).copied() else { return };
        self.unsure -= usize::from(!entry.sure);
        self.add(plan, entry, -entry.amount);
    }

    /// Notes when an entry takes its next step.
    fn await_step(&mut self, plan: &SlotPlan, moment: &Moment<'_>, place: usize) {
        let (Keeps::Points(PointsPlan { fade: Some(fade), .. }), Some(entry)) = (&plan.keeps, self.entries.get(place))
        else {
            return;
        };
        if entry.amount == 0 {
            return;
        }
        if let Some(next) = step_at(fade, &moment.pact.zone, entry.at, entry.step + 1) {
            self.steps.push(Reverse((next, self.gone + place as u64)));
        }
    }

    /// Lets entries take the steps that have passed.
    fn step(&mut self, plan: &SlotPlan, moment: &Moment<'_>) {
        let Keeps::Points(points) = &plan.keeps else { return };
        let Some(fade) = &points.fade else { return };
        while let Some(Reverse((next, number))) = self.steps.peek().copied()
            && next <= moment.at
        {
            self.steps.pop();
            let Some(place) = number.checked_sub(self.gone).map(|place| place as usize) else { continue };
            let Some(entry) = self.entries.get_mut(place).filter(|_| place >= self.before) else { continue };
            let step = fade_steps(&moment.pact.zone, fade.every, entry.at, moment.at);
            // one that left its window and is in it again was weighed then
            if step <= entry.step {
                continue;
            }
            let full = i128::from(points.full);
            let left = match i64::try_from(entry.amount.checked_div(full).unwrap_or_default()) {
                Ok(weight) if step == entry.step + 1 => faded_once(fade, weight),
                _ => faded(fade, retained(points, moment, entry.at), step),
            };
            let change = full * i128::from(left) - entry.amount;
            entry.amount += change;
            entry.step = step;
            let entry = *entry;
            self.add(plan, entry, change);
            self.await_step(plan, moment, place);
        }
    }
}

enum Amount {
    /// In billionths.
    Exact(i128),
    /// So large, or of so many digits, that a sum may have to be rounded.
    Large,
}

fn amount(event: &Event, property: u32) -> Option<Amount> {
    let amount = match event.values.get(property as usize)?.as_ref()? {
        Value::Number(number) => *number,
        Value::Money(money) => money.amount,
        _ => return None,
    };
    let amount = amount.normalize();
    let places = SUM_PLACES.checked_sub(amount.scale());
    let scaled = places.and_then(|places| amount.mantissa().checked_mul(10_i128.pow(places)));
    Some(scaled.filter(|scaled| scaled.abs() < LARGE).map_or(Amount::Large, Amount::Exact))
}
