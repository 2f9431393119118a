//! What happened since a lead was last asked about, and the time that passed.

use super::asked::Asked;
use super::inputs::Input;
use super::slot::Slot;
use super::slot_plan::{Moment, SlotPlan};
use crate::pact::{KindClass, Verdict};
use crate::record::Event;

impl<'a> Asked<'a> {
    /// Takes in what happened, and the time that passed.
    pub(super) fn catch_up(&mut self) {
        let passed = self.memory.at != Some(self.at);
        if !passed
            && self.memory.taken == self.record.history.len()
            && self.memory.spent == self.record.past.spent
            && self.memory.retained == self.record.past.retained.len()
        {
            return;
        }
        if passed {
            self.pass();
        }
        if self.memory.spent != self.record.past.spent {
            self.memory.spent = self.record.past.spent;
            self.memory.forget(self.compiled, Input::Answer);
        }
        let retained = self.record.past.retained.len();
        if std::mem::replace(&mut self.memory.retained, retained) != retained {
            self.each_slot(|slot, plan, moment| slot.retain(plan, moment));
        }
        let new = self.record.history.get(self.memory.taken..).unwrap_or_default();
        for (event, place) in new.iter().zip(self.memory.taken..) {
            self.take(event, place);
        }
        self.memory.taken = self.record.history.len();
        for at in 0..self.compiled.slots.len() {
            if matches!(self.memory.slots.get(at), Some(Slot::Empty)) {
                continue;
            }
            let (Some(plan), Some(mut slot)) = (self.compiled.slots.get(at), self.slot_out(at)) else { continue };
            let changed = slot.pass(plan, &self.moment(plan.window));
            self.slot_in(at, slot);
            if changed {
                self.memory.forget(self.compiled, Input::Slot(at as u32));
            }
        }
    }

    /// Time has passed.
    fn pass(&mut self) {
        self.memory.at = Some(self.at);
        self.memory.forget(self.compiled, Input::Now);
        let zone = &self.pact.zone;
        self.memory.starts.fill(None);
        if self.memory.tomorrow.is_none_or(|tomorrow| self.at >= tomorrow) {
            let tomorrow = zone.date(self.at).succ_opt().map(|date| zone.midnight(date));
            self.memory.tomorrow = tomorrow;
            self.memory.forget(self.compiled, Input::Today);
        }
    }

    /// Takes in an event.
    fn take(&mut self, event: &Event, place: usize) {
        if let Some(of_kind) = self.memory.kinds.get_mut(event.kind.0 as usize) {
            *of_kind = Some((of_kind.map_or(place, |(first, _)| first), place));
        }
        self.memory.forget(self.compiled, Input::Kind(event.kind));
        if self.pact[event.kind].class == KindClass::Disposition {
            self.memory.answer = Some(place);
            self.memory.forget(self.compiled, Input::Answer);
        }
        let compiled = self.compiled;
        for (at, plan) in compiled.slots.iter().enumerate().filter(|(_, plan)| plan.kind == event.kind) {
            let holds = plan.condition.map_or(Verdict::Met, |node| self.value(node, Some(event)).verdict());
            let Some(mut slot) = self.slot_out(at) else { continue };
            slot.take(plan, &self.moment(plan.window), event, holds);
            self.slot_in(at, slot);
        }
    }

    fn each_slot(&mut self, mut act: impl FnMut(&mut Slot, &SlotPlan, &Moment<'_>)) {
        let compiled = self.compiled;
        for (at, plan) in compiled.slots.iter().enumerate() {
            let Some(mut slot) = self.slot_out(at) else { continue };
            act(&mut slot, plan, &self.moment(plan.window));
            self.slot_in(at, slot);
        }
    }

    fn slot_out(&mut self, at: usize) -> Option<Slot> {
        let slot = self.memory.slots.get_mut(at)?;
        Some(std::mem::replace(slot, Slot::Inexact))
    }

    fn slot_in(&mut self, at: usize, slot: Slot) {
        if let Some(place) = self.memory.slots.get_mut(at) {
            *place = slot;
        }
    }

    pub(super) fn moment(&mut self, window: Option<usize>) -> Moment<'a> {
        let window = window.map(|window| {
            let of = || self.compiled.windows.get(window)?.before(self.at, &self.pact.zone);
            match self.memory.starts.get_mut(window) {
                Some(start) => *start.get_or_insert_with(of),
                None => of(),
            }
        });
        Moment { pact: self.pact, record: self.record, at: self.at, window }
    }
}
