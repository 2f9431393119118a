//! The way of a lead at one instant: moves chain until none fires; no stage is entered twice.

use super::decision::{Effect, EffectKind, HandoffSaid, Held, MoveMade, NeedSaid, RouteSaid};
use super::{payload, reasons};
use crate::eval::{Receiver, RouteOutcome, View, facts_of};
use crate::pact::{Action, ActionKind, Handoff, Move, PipelineId, StageId, Verdict};

/// Where a lead ends up, and what happened on the way.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) stage: Option<StageId>,
    pub(super) moves: Vec<MoveMade>,
    pub(super) held: Vec<Held>,
    pub(super) route: Option<RouteSaid>,
    pub(super) handoff: Option<HandoffSaid>,
    pub(super) effects: Vec<Effect>,
}

pub(super) fn walk(view: &View<'_>) -> Walk {
    let mut walk = Walk::default();
    let Some(start) = view.record.stage.or_else(|| entry(view)) else { return walk };
    let mut stage = start;
    walk.stage = Some(stage);
    if view.record.stage.is_none() {
        walk.act(view, &view.pact[stage].on_enter);
    }
    let mut entered = vec![stage];
    while let Some(step) = walk.next_move(view, stage) {
        if entered.contains(&step.to) {
            break;
        }
        walk.go(view, stage, step);
        stage = step.to;
        entered.push(stage);
        walk.stage = Some(stage);
    }
    walk
}

/// The first stage of the first pipeline that takes the lead.
fn entry(view: &View<'_>) -> Option<StageId> {
    let takes = |at: &usize| {
        let pipeline = &view.pact.pipelines[*at];
        let fits = pipeline.for_leads.as_ref().is_none_or(|c| view.condition(c) == Verdict::Met);
        fits && !pipeline.stages.is_empty()
    };
    let at = (0..view.pact.pipelines.len()).find(takes)?;
    Some(StageId { pipeline: PipelineId(at as u32), stage: 0 })
}

impl Walk {
    /// The first move that is met and not held. Timed moves are not yet in force.
    fn next_move<'v>(&mut self, view: &View<'v>, stage: StageId) -> Option<&'v Move> {
        self.held.clear();
        let pact = view.pact;
        for step in pact[stage].moves.iter().filter(|step| step.after.is_none()) {
            if step.when.as_ref().map_or(Verdict::Met, |when| view.condition(when)) != Verdict::Met {
                continue;
            }
            let lacks = handoff(view, stage, step.to).map(|h| lacks(view, h)).unwrap_or_default();
            if lacks.is_empty() {
                return Some(step);
            }
            let to = pact[step.to].name.clone();
            self.held.push(Held { to, because: pact.clause(step.span), lacks });
        }
        None
    }

    fn go(&mut self, view: &View<'_>, from: StageId, step: &Move) {
        let pact = view.pact;
        self.moves.push(MoveMade {
            from: pact[from].name.clone(),
            to: pact[step.to].name.clone(),
            at: pact.zone.rfc3339(view.at),
            because: pact.clause(step.span),
        });
        if let Some(handoff) = handoff(view, from, step.to) {
            // a hand-over without a route leaves the lead with who has it
            if let Some(outcome) = handoff.route.and_then(|route| view.route(route)) {
                self.route = Some(said(view, outcome));
            }
            self.handoff = Some(payload::payload(view, handoff, step.when.as_ref()));
            for (names, span) in &handoff.alerts {
                let because = pact.clause(*span);
                self.effects.extend(
                    names
                        .iter()
                        .map(|to| Effect { kind: EffectKind::Alert { to: to.clone() }, because: because.clone() }),
                );
            }
        }
        self.act(view, &pact[step.to].on_enter);
    }

    fn act(&mut self, view: &View<'_>, actions: &[Action]) {
        let pact = view.pact;
        for action in actions {
            let because = pact.clause(action.span);
            let effects: Vec<EffectKind> = match &action.kind {
                ActionKind::Enroll(program) => vec![EffectKind::Enroll { program: pact[*program].name.clone() }],
                ActionKind::Alert(names) => names.iter().map(|to| EffectKind::Alert { to: to.clone() }).collect(),
                ActionKind::Convert(names) => names.iter().map(|to| EffectKind::Convert { to: to.clone() }).collect(),
                ActionKind::Reassign => vec![EffectKind::Reassign],
                ActionKind::Dispose(kind) => vec![EffectKind::Dispose { disposition: pact[*kind].name.clone() }],
                ActionKind::Move(stage) => vec![EffectKind::Move { to: pact[*stage].name.clone() }],
            };
            self.effects.extend(effects.into_iter().map(|kind| Effect { kind, because: because.clone() }));
        }
    }
}

fn handoff<'v>(view: &View<'v>, from: StageId, to: StageId) -> Option<&'v Handoff> {
    view.pact.handoffs.iter().find(|handoff| handoff.from == from && handoff.to == to)
}

/// The needs of a hand-over that are not met.
fn lacks(view: &View<'_>, handoff: &Handoff) -> Vec<NeedSaid> {
    let lacking = handoff.needs.iter().filter_map(|need| {
        let verdict = view.condition(&need.condition);
        (verdict != Verdict::Met).then(|| NeedSaid {
            verdict,
            label: need.label.clone(),
            because: view.pact.clause(need.span),
            facts: reasons::facts(view, &facts_of(view.pact, &need.condition)),
        })
    });
    lacking.collect()
}

fn said(view: &View<'_>, outcome: RouteOutcome) -> RouteSaid {
    let pact = view.pact;
    let (queue, team, assignee) = match outcome.receiver {
        Receiver::Queue(name) => (Some(name), None, None),
        Receiver::Team(team) => (None, Some(pact[team].name.clone()), None),
        Receiver::Rep(name) => (None, None, Some(name)),
    };
    RouteSaid {
        by: pact[outcome.route].name.clone(),
        queue,
        team,
        assignee,
        because: pact.clause(outcome.because),
        unsure: outcome.unsure.iter().map(|span| pact.clause(*span)).collect(),
    }
}
