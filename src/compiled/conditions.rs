//! What a compiled pact answers: the conditions of a pact by their places.

use super::node::NodeId;
use crate::pact::{Expr, Pact, PipelineId, RecycleId, RouteEntryKind, RouteId, SlaId, StageId};

/// A condition of a pact, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Which leads a pipeline takes.
    Pipeline(PipelineId),
    /// When a move of a stage is made, by position.
    Move(StageId, usize),
    /// What a hand-over needs, by the positions of both.
    Need(usize, usize),
    /// When a recycle takes a lead.
    Recycle(RecycleId),
    /// For which leads a service level holds.
    Sla(SlaId),
    /// While what its clocks pause.
    Pause(SlaId),
    /// When an entry of a route takes a lead, by position.
    Entry(RouteId, usize),
}

impl Condition {
    /// What the pact says there; none where it asks nothing.
    pub fn expr(self, pact: &Pact) -> Option<&Expr> {
        match self {
            Self::Pipeline(id) => pact[id].for_leads.as_ref(),
            Self::Move(stage, position) => pact[stage].moves.get(position)?.when.as_ref(),
            Self::Need(handoff, need) => Some(&pact.handoffs.get(handoff)?.needs.get(need)?.condition),
            Self::Recycle(id) => Some(&pact[id].when),
            Self::Sla(id) => pact[id].for_leads.as_ref(),
            Self::Pause(id) => pact[id].pause.as_ref(),
            Self::Entry(route, position) => match &pact[route].entries.get(position)?.kind {
                RouteEntryKind::To(_, condition) => Some(condition),
                RouteEntryKind::Table(..) | RouteEntryKind::Otherwise(_) => None,
            },
        }
    }
}

/// The nodes of the conditions of a pact.
#[derive(Debug, Default)]
pub struct Conditions {
    pipelines: Vec<Option<NodeId>>,
    moves: Vec<Vec<Vec<Option<NodeId>>>>,
    needs: Vec<Vec<Option<NodeId>>>,
    recycles: Vec<Option<NodeId>>,
    slas: Vec<Option<NodeId>>,
    pauses: Vec<Option<NodeId>>,
    entries: Vec<Vec<Option<NodeId>>>,
}

impl Conditions {
    /// Compiles all conditions of a pact.
    pub(super) fn of(pact: &Pact, node: &mut dyn FnMut(&Expr) -> NodeId) -> Self {
        let mut at = |condition: Condition| condition.expr(pact).map(&mut *node);
        let ids = |count: usize| 0..count as u32;
        let pipelines = ids(pact.pipelines.len()).map(|id| at(Condition::Pipeline(PipelineId(id)))).collect();
        let mut moves = Vec::new();
        for (pipeline, id) in pact.pipelines.iter().zip(0..) {
            let mut stages = Vec::new();
            for (stage, n) in pipeline.stages.iter().zip(0..) {
                let stage_id = StageId { pipeline: PipelineId(id), stage: n };
                stages.push((0..stage.moves.len()).map(|place| at(Condition::Move(stage_id, place))).collect());
            }
            moves.push(stages);
        }
        let mut needs = Vec::new();
        for (place, handoff) in pact.handoffs.iter().enumerate() {
            needs.push((0..handoff.needs.len()).map(|need| at(Condition::Need(place, need))).collect());
        }
        let recycles = ids(pact.recycles.len()).map(|id| at(Condition::Recycle(RecycleId(id)))).collect();
        let slas = ids(pact.slas.len()).map(|id| at(Condition::Sla(SlaId(id)))).collect();
        let pauses = ids(pact.slas.len()).map(|id| at(Condition::Pause(SlaId(id)))).collect();
        let mut entries = Vec::new();
        for (route, id) in pact.routes.iter().zip(0..) {
            entries.push((0..route.entries.len()).map(|place| at(Condition::Entry(RouteId(id), place))).collect());
        }
        Self { pipelines, moves, needs, recycles, slas, pauses, entries }
    }

    /// The node of a condition; none where the pact asks nothing.
    pub(super) fn node(&self, condition: Condition) -> Option<NodeId> {
        match condition {
            Condition::Pipeline(id) => *self.pipelines.get(id.0 as usize)?,
            Condition::Move(stage, position) => {
                *self.moves.get(stage.pipeline.0 as usize)?.get(stage.stage as usize)?.get(position)?
            }
            Condition::Need(handoff, need) => *self.needs.get(handoff)?.get(need)?,
            Condition::Recycle(id) => *self.recycles.get(id.0 as usize)?,
            Condition::Sla(id) => *self.slas.get(id.0 as usize)?,
            Condition::Pause(id) => *self.pauses.get(id.0 as usize)?,
            Condition::Entry(route, position) => *self.entries.get(route.0 as usize)?.get(position)?,
        }
    }
}
