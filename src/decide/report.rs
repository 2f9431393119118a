//! Parts of a decision, in the words of the pact.

use super::decision::{
    ClockReport, Effect, EffectKind, HandoffReport, HeldMove, MoveReport, NeedReport, RecycleReport, RouteReport,
};
use super::{payload, reasons};
use crate::eval::{View, facts_of};
use crate::lifecycle::{self, Assignee, Clock, EntryKind, EntryLog, LeadState, RequestedAction};
use crate::pact::{Clause, Pact, PromiseKind, StageId};
use crate::span::Span;

fn clause(pact: &Pact, span: Option<Span>) -> Option<Clause> {
    span.map(|span| pact.clause(span))
}

/// Since when the lead is in its stage, where that is not the instant itself.
pub(super) fn since(pact: &Pact, state: &LeadState) -> Option<String> {
    let since = state.stage_state.as_ref()?.since;
    (since < state.now).then(|| pact.zone.rfc3339(since))
}

pub(super) fn moves(pact: &Pact, timeline: &EntryLog) -> Vec<MoveReport> {
    let moves = timeline.entries.iter().filter_map(|entry| {
        let name = |stage: &StageId| pact[*stage].name.clone();
        let (from, to, backward, recycled) = match &entry.kind {
            EntryKind::Moved { from, to, backward } => (name(from), to, *backward, false),
            EntryKind::Migrated { from, to } => (from.clone(), to, false, false),
            EntryKind::Recycled { from, to, .. } | EntryKind::UsedUp { from, to, .. } => (name(from), to, false, true),
            _ => return None,
        };
        Some(MoveReport {
            from,
            to: name(to),
            at: pact.zone.rfc3339(entry.at),
            backward,
            recycled,
            because: clause(pact, entry.because),
        })
    });
    moves.collect()
}

pub(super) fn held(view: &View<'_>, state: &LeadState) -> Vec<HeldMove> {
    let pact = view.pact;
    let held = lifecycle::held(view, state).into_iter().map(|(step, lacks)| {
        let lacks = lacks.into_iter().map(|need| NeedReport {
            verdict: view.condition(&need.condition),
            label: need.label.clone(),
            because: pact.clause(need.span),
            facts: reasons::facts(view, &facts_of(pact, &need.condition)),
        });
        HeldMove { to: pact[step.to].name.clone(), because: pact.clause(step.span), lacks: lacks.collect() }
    });
    held.collect()
}

pub(super) fn recycled(pact: &Pact, state: &LeadState) -> Vec<RecycleReport> {
    let recycled = state.recycled.iter().map(|recycled| RecycleReport {
        by: pact[recycled.by].name.clone(),
        from: pact[recycled.from].name.clone(),
        at: pact.zone.rfc3339(recycled.at),
        because: pact.clause(pact[recycled.by].when.span),
    });
    recycled.collect()
}

/// Who received the lead by a route of the pact.
pub(super) fn route(pact: &Pact, state: &LeadState) -> Option<RouteReport> {
    let Assignee { route, because, queue, team, person, unsure, .. } = state.assignee.as_ref()?;
    Some(RouteReport {
        by: route.map(|route| pact[route].name.clone()),
        queue: queue.clone(),
        team: team.map(|team| pact[team].name.clone()),
        assignee: person.clone(),
        because: clause(pact, *because),
        unsure: unsure.iter().map(|span| pact.clause(*span)).collect(),
        waits_until: state.awaited(pact).map(|at| pact.zone.rfc3339(at)),
    })
}

pub(super) fn handoff(pact: &Pact, timeline: &EntryLog) -> Option<HandoffReport> {
    let handed = timeline.handed.as_ref()?;
    let handoff = pact.handoffs.get(handed.handoff)?;
    let view = View::new(pact, &handed.record, handed.at);
    let mut moves = pact[handoff.from].moves.iter();
    let condition = moves.find(|step| step.span == handed.by).and_then(|step| step.when.as_ref());
    Some(payload::payload(&view, handoff, condition))
}

/// Clocks that run, and those that ended in the lead's present stage or were breached.
pub(super) fn clocks(pact: &Pact, state: &LeadState) -> Vec<ClockReport> {
    let stage = state.stage();
    let present = |clock: &&Clock| {
        let here = pact[clock.sla].stage == stage && clock.round == state.round;
        here || clock.is_open() || clock.breached.is_some()
    };
    let listed = state.clocks.iter().enumerate().filter(|(_, clock)| present(clock));
    // of a conversation the last reply stands for all that came in time
    let last = |(at, clock): &(usize, &Clock)| {
        let open = clock.is_open() || clock.breached.is_some();
        let replies = |clock: &Clock| {
            let promise = pact[clock.sla].promises.get(clock.promise as usize);
            promise.is_some_and(|promise| matches!(promise.kind, PromiseKind::Reply { .. }))
        };
        let same = |later: &Clock| (later.sla, later.promise, later.round) == (clock.sla, clock.promise, clock.round);
        open || !replies(clock) || !state.clocks.iter().skip(at + 1).any(same)
    };
    listed.filter(last).map(|(_, clock)| clock_report(pact, state, clock)).collect()
}

fn clock_report(pact: &Pact, state: &LeadState, clock: &Clock) -> ClockReport {
    let sla = &pact[clock.sla];
    let promise = sla.promises.get(clock.promise as usize);
    let say = |at| pact.zone.rfc3339(at);
    let ended = clock.ended.map(|(at, _)| at);
    let until = ended.unwrap_or(state.now);
    let due = clock.due(pact);
    ClockReport {
        sla: sla.name.clone(),
        promise: promise.map_or("", |promise| promise.kind.name().words()),
        state: clock.state(),
        started: clock.started.map(say),
        due: due.map(say),
        due_at_next_open: clock.due_at_next_open(pact).filter(|open| Some(*open) != due).map(say),
        used: clock.started.map(|_| clock.used(pact, until)),
        left: clock.allowed().filter(|_| ended.is_none()).map(|all| (all - clock.used(pact, until)).max(0)),
        speed_to_lead: ended.map(|at| clock.since_entry(pact, at)),
        owner_time: ended.and_then(|at| clock.since_assignment(pact, at)),
        touches: (clock.touches > 0).then_some(clock.touches),
        breached: clock.breached.map(say),
        ended: ended.map(say),
        late: clock.late(pact, state.now),
        late_open: clock.breached.map(|_| clock.is_open_time(pact)),
        because: promise.map(|promise| pact.clause(promise.span)),
    }
}

pub(super) fn effects(pact: &Pact, timeline: &EntryLog) -> Vec<Effect> {
    let effects = timeline.entries.iter().filter_map(|entry| {
        let EntryKind::Requested(requested) = &entry.kind else { return None };
        Some(Effect {
            kind: effect(pact, requested),
            at: pact.zone.rfc3339(entry.at),
            because: clause(pact, entry.because)?,
        })
    });
    effects.collect()
}

/// What other systems are requested to do, by name.
pub(crate) fn effect(pact: &Pact, requested: &RequestedAction) -> EffectKind {
    match requested {
        RequestedAction::Enroll(program) => EffectKind::Enroll { program: pact[*program].name.clone() },
        RequestedAction::NotEnrolled(program, why) => {
            EffectKind::NotEnrolled { program: pact[*program].name.clone(), why }
        }
        RequestedAction::Alert(to) => EffectKind::Alert { to: to.clone() },
        RequestedAction::Convert(to) => EffectKind::Convert { to: to.clone() },
        RequestedAction::Reassign => EffectKind::Reassign,
        RequestedAction::Dispose(kind) => EffectKind::Dispose { disposition: pact[*kind].name.clone() },
        RequestedAction::Move(stage) => EffectKind::Move { to: pact[*stage].name.clone() },
    }
}
