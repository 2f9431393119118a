//! Transitions: moves chain at one instant until none fires, then recycles, then clocks.

use super::judge::Verdicts;
use super::run::Run;
use super::state::{LeadState, Recycled, StageState, SuppressedTransition};
use super::timeline::{EntryKind, Handed};
use super::wakeups::{takes_effect, timed};
use crate::compiled::{CompiledPact, Condition};
use crate::eval::View;
use crate::pact::{HandoffNeed, KindClass, Move, Pact, PipelineId, RecycleId, StageId};
use crate::record::ScoreRetention;
use crate::time::Instant;
use rust_decimal::Decimal;

/// What the pact asks for next.
enum Step<'p> {
    Move(&'p Move, bool),
    /// The move at this position leads to where the lead has been.
    Stay(usize),
    Recycle(RecycleId),
}

impl<'p> Run<'p, '_> {
    /// Does everything at an instant that the pact asks for, in this order, again and again until nothing is left:
    /// rests end, clocks see what happened, moves, recycles, pauses, warnings and breaches.
    pub(super) fn settle(&mut self, at: Instant) {
        self.state.now = at;
        if self.state.merged.is_some() {
            return;
        }
        self.timeline.know(at, &self.state.record.values);
        self.end_rest(at);
        if takes_effect(self.pact) == Some(at) {
            self.start_clocks(at);
        }
        self.see(at);
        self.give_waiting(at);
        self.still_waits(at);
        let mut entered: Vec<StageId> = self.state.stage().into_iter().collect();
        let mut recycled = Vec::new();
        loop {
            if self.state.stage_state.is_none() && !self.enter_first(at, &mut entered) {
                break;
            }
            match self.step(at, &entered, &recycled) {
                Some(Step::Move(step, asks)) => {
                    self.go(step, asks, at);
                    entered.push(step.to);
                }
                Some(Step::Recycle(id)) => {
                    recycled.push(id);
                    entered.extend(self.recycle(id, at));
                }
                none => {
                    self.pause(at);
                    let Some(moved) = self.ring(at) else {
                        let stays = if let Some(Step::Stay(position)) = none { Some(position) } else { None };
                        self.wait_with(stays, &recycled, at);
                        break;
                    };
                    entered.extend(moved);
                }
            }
        }
    }

    /// Forgets suppressed transitions that are not met any more.
    fn still_waits(&mut self, at: Instant) {
        let pact = self.pact;
        let LeadState { stage_state, record, answers, .. } = &mut self.state;
        let Some(stage_state) = stage_state.as_mut().filter(|stage_state| !stage_state.suppressed.is_empty()) else {
            return;
        };
        let mut judge = answers.at(pact, record, at);
        let mut suppressed = std::mem::take(&mut stage_state.suppressed);
        suppressed.retain(|suppressed| match *suppressed {
            SuppressedTransition::Move(position) => is_made(pact, &mut judge, stage_state, position, at),
            SuppressedTransition::Recycle(id) => judge.is_met(Condition::Recycle(id)),
        });
        stage_state.suppressed = suppressed;
    }

    /// A transition that would close a circle at this instant does not close it at the next one either: it is suppressed. A
    /// lead that rests has none: it begins anew when the rest is over.
    fn wait_with(&mut self, stays: Option<usize>, recycled: &[RecycleId], at: Instant) {
        let LeadState { stage_state, record, answers, .. } = &mut self.state;
        let Some(stage_state) = stage_state.as_mut().filter(|stage_state| stage_state.rest.is_none()) else {
            return;
        };
        let mut judge = answers.at(self.pact, record, at);
        let again = recycled
            .iter()
            .filter(|id| self.pact[**id].from.contains(&stage_state.stage) && judge.is_met(Condition::Recycle(**id)));
        let new =
            stays.map(SuppressedTransition::Move).into_iter().chain(again.copied().map(SuppressedTransition::Recycle));
        for suppressed in new {
            if !stage_state.suppressed.contains(&suppressed) {
                stage_state.suppressed.push(suppressed);
            }
        }
    }

    fn end_rest(&mut self, at: Instant) {
        let Some(stage_state) = &mut self.state.stage_state else { return };
        let since = stage_state.counts_from();
        let Some((_, by)) = stage_state.rest.take_if(|(until, _)| *until <= at) else { return };
        stage_state.since = since;
        let because = self.pact.recycle(&by).map(|by| self.pact[by].when.span);
        self.timeline.push(at, EntryKind::Rested { by }, because);
        self.start_clocks(at);
    }

    /// The first stage of the first pipeline that takes the lead, or the stage that the record says.
    fn enter_first(&mut self, at: Instant, entered: &mut Vec<StageId>) -> bool {
        let said = self.state.record.stage;
        let pact = self.pact;
        let Some(stage) = said.or_else(|| entry(pact, &mut self.state.judge(pact, at))) else { return false };
        self.timeline.push(at, EntryKind::Began { stage }, None);
        self.state.stage_state = Some(StageState::new(stage, at));
        entered.push(stage);
        // a lead that is somewhere already has entered before
        if said.is_none() {
            self.perform(&self.pact[stage].on_enter, at);
        }
        self.start_clocks(at);
        true
    }

    /// The first move that is met and not held, or else the first recycle that is met. None while the lead rests.
    fn step(&mut self, at: Instant, entered: &[StageId], recycled: &[RecycleId]) -> Option<Step<'p>> {
        let pact = self.pact;
        let LeadState { stage_state, record, answers, .. } = &mut self.state;
        let stage_state = stage_state.as_ref().filter(|stage_state| stage_state.rest.is_none())?;
        let stage = stage_state.stage;
        let stage_triggers = CompiledPact::of(pact).triggers().stage(stage)?;
        let mut judge = answers.at(pact, record, at);
        for (position, (step, asks)) in pact[stage].moves.iter().zip(&stage_triggers.asks_answer).enumerate() {
            if is_made(pact, &mut judge, stage_state, position, at) {
                // where the lead has been at this instant it does not go again, and later moves are not looked at
                let stays = entered.contains(&step.to)
                    || stage_state.suppressed.contains(&SuppressedTransition::Move(position));
                return Some(if stays { Step::Stay(position) } else { Step::Move(step, *asks) });
            }
        }
        let closed = |id: &RecycleId| {
            recycled.contains(id) || stage_state.suppressed.contains(&SuppressedTransition::Recycle(*id))
        };
        let mut open = stage_triggers.recycles.iter().filter(|id| !closed(id));
        open.find(|id| judge.is_met(Condition::Recycle(**id))).copied().map(Step::Recycle)
    }

    fn go(&mut self, step: &Move, asks: bool, at: Instant) {
        let pact = self.pact;
        let Some(from) = self.state.stage() else { return };
        self.moved(
            from,
            step.to,
            at,
            EntryKind::Moved {
                from,
                to: step.to,
                backward: from.pipeline == step.to.pipeline && step.to.stage < from.stage,
            },
            Some(step.span),
        );
        if asks {
            self.spend();
        }
        let handoff = pact.handoffs.iter().position(|handoff| handoff.from == from && handoff.to == step.to);
        if let Some(position) = handoff {
            let handoff = &pact.handoffs[position];
            self.state.handed = Some(at);
            self.timeline.handed =
                Some(Handed { at, handoff: position, by: step.span, record: Box::new(self.state.record.clone()) });
            // a hand-over without a route leaves the lead with who has it
            if let Some(route) = handoff.route {
                self.route(route, at);
            }
            for (names, span) in &handoff.alerts {
                names.iter().for_each(|name| self.alert(name, at, *span));
            }
        }
        self.enter(at);
    }

    /// The lead is in its stage now: what the stage asks for, and its clocks.
    fn enter(&mut self, at: Instant) {
        let Some(stage) = self.state.stage() else { return };
        self.perform(&self.pact[stage].on_enter, at);
        self.start_clocks(at);
    }

    /// Leaves a stage for another.
    fn moved(&mut self, from: StageId, to: StageId, at: Instant, kind: EntryKind, because: Option<crate::span::Span>) {
        self.leave_clocks(from, at);
        self.timeline.push(at, kind, because);
        self.state.stage_state = Some(StageState::new(to, at));
        if self.pact[to].is_final {
            self.free(false);
        }
    }

    /// A breach or a system puts the lead into a stage, whatever its moves say.
    pub(super) fn put(&mut self, to: StageId, at: Instant, because: Option<crate::span::Span>) {
        let Some(from) = self.state.stage().filter(|from| *from != to) else { return };
        let backward = from.pipeline == to.pipeline && to.stage < from.stage;
        self.moved(from, to, at, EntryKind::Moved { from, to, backward }, because);
        self.enter(at);
    }

    /// A system says where the lead is.
    pub(super) fn stand(&mut self, stage: StageId, at: Instant) {
        match self.state.stage_state {
            None => self.state.record.stage = Some(stage),
            Some(_) => self.put(stage, at, None),
        }
    }

    /// An answer moves a lead once.
    fn spend(&mut self) {
        let history = &self.state.record.history;
        let answer = history.iter().rposition(|event| self.pact[event.kind].class == KindClass::Disposition);
        if let Some(answer) = answer {
            self.state.record.past.spent = answer + 1;
        }
    }

    /// Sends the lead back, or on where it goes when that was done too often. The stage that it came to.
    fn recycle(&mut self, id: RecycleId, at: Instant) -> Option<StageId> {
        let pact = self.pact;
        let recycle = &pact[id];
        let from = self.state.stage()?;
        let because = Some(recycle.when.span);
        if let Some(rounds) = recycle.rounds.filter(|rounds| self.state.times(id) >= rounds.most) {
            let kind = EntryKind::UsedUp { by: id, from, to: rounds.then };
            self.moved(from, rounds.then, at, kind, because);
            self.spend();
            self.enter(at);
            return Some(rounds.then);
        }
        let rest = recycle.rest.and_then(|rest| rest.after(at, &pact.zone)).filter(|until| *until > at);
        self.state.round += 1;
        let round = self.state.round;
        let kind = EntryKind::Recycled { by: id, from, to: recycle.to, rest, round };
        self.moved(from, recycle.to, at, kind, because);
        self.spend();
        self.state.recycled.push(Recycled { by: id, at, from });
        self.state.handed = None;
        if let Some(stage_state) = &mut self.state.stage_state {
            stage_state.owner = recycle.owner.clone();
            stage_state.rest = rest.map(|until| (until, recycle.name.clone()));
        }
        for keep in &recycle.keep {
            let share = keep.percent / Decimal::ONE_HUNDRED;
            self.state.record.past.retained.push(ScoreRetention { score: keep.score, share, until: at });
        }
        self.give_back(recycle.never_back);
        self.perform(&pact[recycle.to].on_enter, at);
        recycle.enroll.iter().for_each(|program| self.enroll(*program, at, recycle.when.span));
        if rest.is_none() {
            self.start_clocks(at);
        }
        Some(recycle.to)
    }
}

/// Whether the move of the stage at a position is made: its condition and time hold, and its hand-over lacks nothing.
fn is_made(pact: &Pact, judge: &mut impl Verdicts, stage_state: &StageState, position: usize, at: Instant) -> bool {
    let Some(step) = pact[stage_state.stage].moves.get(position) else { return false };
    can(pact, judge, stage_state, position, at) && lacks(pact, judge, stage_state.stage, step.to).next().is_none()
}

/// Whether a move's condition and time hold.
fn can(pact: &Pact, judge: &mut impl Verdicts, stage_state: &StageState, position: usize, at: Instant) -> bool {
    let stage = stage_state.stage;
    let in_time = pact[stage].moves.get(position).is_some_and(|step| {
        step.after.is_none() || timed(pact, stage_state.counts_from(), step).is_some_and(|possible| possible <= at)
    });
    in_time && judge.is_met(Condition::Move(stage, position))
}

/// When a timed move of the lead's stage becomes possible; none for one that is not timed.
pub fn possible(pact: &Pact, state: &LeadState, step: &Move) -> Option<Instant> {
    timed(pact, state.stage_state.as_ref()?.counts_from(), step)
}

/// The first stage of the first pipeline that takes the lead.
pub(super) fn entry(pact: &Pact, judge: &mut impl Verdicts) -> Option<StageId> {
    let takes = |at: &usize| {
        judge.is_met(Condition::Pipeline(PipelineId(*at as u32))) && !pact.pipelines[*at].stages.is_empty()
    };
    let at = (0..pact.pipelines.len()).find(takes)?;
    Some(StageId { pipeline: PipelineId(at as u32), stage: 0 })
}

/// The needs of the hand-over between two stages that are not met.
fn lacks<'p>(
    pact: &'p Pact,
    judge: &mut impl Verdicts,
    from: StageId,
    to: StageId,
) -> impl Iterator<Item = &'p HandoffNeed> {
    let place = pact.handoffs.iter().position(|handoff| handoff.from == from && handoff.to == to);
    let handoff = place.and_then(|place| Some((place, pact.handoffs.get(place)?)));
    let needs = handoff.into_iter().flat_map(|(place, handoff)| {
        handoff.needs.iter().enumerate().map(move |(need, of)| (Condition::Need(place, need), of))
    });
    needs.filter(move |(condition, _)| !judge.is_met(*condition)).map(|(_, need)| need)
}

/// The needs of the hand-over between two stages that are not met.
pub fn lacking<'p>(view: &View<'p>, from: StageId, to: StageId) -> Vec<&'p HandoffNeed> {
    lacks(view.pact, &mut &*view, from, to).collect()
}

/// The moves of the lead's stage that only their hand-over holds back.
pub fn held<'p>(view: &View<'p>, state: &LeadState) -> Vec<(&'p Move, Vec<&'p HandoffNeed>)> {
    let Some(stage_state) = state.stage_state.as_ref().filter(|stage_state| stage_state.rest.is_none()) else {
        return Vec::new();
    };
    let pact = view.pact;
    let moves = pact[stage_state.stage].moves.iter().enumerate();
    let moves = moves.filter(|(position, _)| can(pact, &mut &*view, stage_state, *position, view.at));
    let held = moves.map(|(_, step)| (step, lacking(view, stage_state.stage, step.to)));
    held.take_while(|(_, lacks)| !lacks.is_empty()).collect()
}
