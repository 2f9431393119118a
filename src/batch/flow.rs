//! The way of a lead through its pipeline at one instant: into the first stage, from move to move, to who receives it.

use super::circuit::{Circuit, Unplanned};
use super::class::{Class, Classes};
use super::route::{Chooser, Chosen, RowOf};
use super::step::{Bit, Shape};
use crate::pact::{ActionKind, Pact, PipelineId, Stage, StageId, TableId, Verdict};
use crate::time::Instant;

/// The most stages of a pipeline that is planned: those that a lead has entered are bits of one number.
const MOST_STAGES: usize = 64;

/// The pipelines of a pact.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    pipelines: Vec<(Option<Bit>, Vec<StageFlow>)>,
    /// For each route, who receives by it; none for a route that no hand-over takes.
    routes: Vec<Option<Chooser>>,
    /// Whether something is promised: events of the instant itself may then matter one by one.
    pub(super) promises: bool,
}

#[derive(Debug, Clone)]
struct StageFlow {
    moves: Vec<MoveFlow>,
    recycles: Vec<Bit>,
    /// Conditions that a clock starts or pauses by.
    clocks: Vec<Bit>,
}

#[derive(Debug, Clone)]
struct MoveFlow {
    /// What must hold; none for a move that takes time, which is not made at the instant of entry.
    when: Option<Vec<Bit>>,
    to: u32,
    needs: Vec<Bit>,
    route: Option<usize>,
    /// Whether the hand-over carries something of the lead.
    carries: bool,
}

/// Where a lead comes to: its way as numbers. Two leads of one way differ in what their scores and criteria come to, and in
/// nothing else that a decision says.
pub(super) type Way = Vec<u32>;

/// Stands in a way where nothing is.
const NONE: u32 = u32::MAX;

impl Flow {
    pub(super) fn new<'p>(pact: &'p Pact, at: Instant, circuit: &mut Circuit<'p>) -> Result<Self, Unplanned> {
        let mut pipelines = Vec::new();
        let mut routes: Vec<Option<Chooser>> = pact.routes.iter().map(|_| None).collect();
        for (pipeline, id) in pact.pipelines.iter().zip((0..).map(PipelineId)) {
            let for_leads = pipeline.for_leads.as_ref().map(|condition| circuit.condition(condition)).transpose()?;
            if pipeline.stages.len() > MOST_STAGES {
                return Err(Unplanned);
            }
            let mut stages = Vec::new();
            for (stage, number) in pipeline.stages.iter().zip(0..) {
                stages.push(stage_flow(pact, StageId { pipeline: id, stage: number }, stage, circuit)?);
            }
            pipelines.push((for_leads, stages));
        }
        for route in pact.handoffs.iter().filter_map(|handoff| handoff.route) {
            let place = &mut routes[route.0 as usize];
            if place.is_none() {
                *place = Some(Chooser::new(pact, at, route, circuit)?);
            }
        }
        Ok(Self { pipelines, routes, promises: !pact.slas.is_empty() })
    }

    /// The tables that routes look at.
    pub(super) fn tables(&self) -> Vec<TableId> {
        self.routes.iter().flatten().flat_map(Chooser::tables).collect()
    }

    pub(super) fn index(&mut self, pact: &Pact, classes: &[Classes]) -> Result<(), Unplanned> {
        self.routes.iter_mut().flatten().try_for_each(|route| route.index(pact, classes))
    }

    /// The way of a lead, and the row of a table on which nothing hangs but who receives it. `Err` where something is on the way
    /// that the reference must do.
    pub(super) fn go(
        &self,
        shape: Shape,
        row: &[i64],
        classes: &[Class],
        way: &mut Way,
    ) -> Result<Option<RowOf>, Unplanned> {
        let mut received = None;
        way.clear();
        let met = |bit: &Bit| shape.verdict(row, *bit) == Verdict::Met;
        let takes = |(for_leads, stages): &(Option<Bit>, Vec<StageFlow>)| {
            !stages.is_empty() && for_leads.as_ref().is_none_or(met)
        };
        let Some(pipeline) = self.pipelines.iter().position(takes) else {
            way.push(NONE);
            return Ok(None);
        };
        let stages = &self.pipelines[pipeline].1;
        let mut entered = 1_u64;
        way.push(pipeline as u32);
        let mut stage = &stages[0];
        loop {
            stage.clocks.iter().for_each(|bit| way.push(u32::from(met(bit))));
            let can = |step: &MoveFlow| step.when.as_ref().is_some_and(|when| when.iter().all(met));
            let Some((at, step)) = stage.moves.iter().enumerate().find(|(_, step)| can(step)) else { break };
            let stays = entered & (1 << step.to) != 0;
            if stays || step.carries || !step.needs.iter().all(met) {
                return Err(Unplanned);
            }
            way.push(at as u32);
            if let Some((route, chooser)) = step.route.and_then(|at| Some((at as u32, self.routes[at].as_ref()?))) {
                match chooser.choose(shape, row, classes)? {
                    None => way.push(NONE),
                    Some(Chosen { entry, row, by_row: true, .. }) => {
                        received = Some(RowOf { route, entry, row });
                        way.extend([entry, NONE]);
                    }
                    Some(Chosen { entry, row, unsure, .. }) => {
                        received = None;
                        way.extend([entry, row, unsure.len() as u32]);
                        way.extend(unsure.iter().flat_map(|(entry, row)| [*entry, *row]));
                    }
                }
            }
            entered |= 1 << step.to;
            stage = &stages[step.to as usize];
        }
        if stage.recycles.iter().any(met) {
            return Err(Unplanned);
        }
        way.push(NONE);
        Ok(received)
    }
}

fn stage_flow<'p>(
    pact: &'p Pact,
    id: StageId,
    stage: &'p Stage,
    circuit: &mut Circuit<'p>,
) -> Result<StageFlow, Unplanned> {
    // what puts a lead elsewhere on entering is no way of moves
    if stage.on_enter.iter().any(|action| matches!(action.kind, ActionKind::Move(_) | ActionKind::Dispose(_))) {
        return Err(Unplanned);
    }
    let mut moves = Vec::new();
    for step in &stage.moves {
        if step.to.pipeline != id.pipeline || step.after.is_some_and(|after| after.time.nominal_seconds() <= 0) {
            return Err(Unplanned);
        }
        let when = step.when.iter().map(|when| circuit.condition(when)).collect::<Result<Vec<_>, _>>()?;
        let handoff = pact.handoffs.iter().find(|handoff| handoff.from == id && handoff.to == step.to);
        let needs = handoff.into_iter().flat_map(|handoff| &handoff.needs);
        moves.push(MoveFlow {
            when: step.after.is_none().then_some(when),
            to: step.to.stage,
            needs: needs.map(|need| circuit.condition(&need.condition)).collect::<Result<_, _>>()?,
            route: handoff.and_then(|handoff| handoff.route).map(|route| route.0 as usize),
            carries: handoff.is_some_and(|handoff| !handoff.carry.is_empty()),
        });
    }
    let recycles = pact.recycles.iter().filter(|recycle| recycle.from.contains(&id));
    let recycles = recycles.map(|recycle| circuit.condition(&recycle.when)).collect::<Result<_, _>>()?;
    let slas = pact.slas.iter().filter(|sla| sla.stage == Some(id));
    let clocks = slas.flat_map(|sla| sla.for_leads.iter().chain(&sla.pause));
    let clocks = clocks.map(|condition| circuit.condition(condition)).collect::<Result<_, _>>()?;
    Ok(StageFlow { moves, recycles, clocks })
}
