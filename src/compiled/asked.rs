//! A lead at an instant, as its compiled pact answers what is asked of it.

use super::memory::WorkingMemory;
use super::node::{NodeId, NodeKind, Timing};
use super::points::ScoreRangeOutcome;
use super::steps::first;
use super::triggers::Triggers;
use super::{CompiledPact, Condition};
use crate::eval::{Answer, Entries, RouteOutcome, Takes, View, lead_by_route};
use crate::pact::{CriteriaId, Expr, Pact, RouteId, ScoreId, TableId, ValueId, Verdict};
use crate::record::Record;
use crate::time::Instant;
use crate::value::Value;

/// A lead at an instant: what a [`View`] of it answers, out of its memory. Instants do not go back.
pub struct Asked<'a> {
    pub(super) compiled: &'a CompiledPact,
    pub(super) pact: &'a Pact,
    pub(super) record: &'a Record,
    pub(super) memory: &'a mut WorkingMemory,
    pub(super) at: Instant,
    /// Another instant at which a node is tried.
    pub(super) tried: Option<Instant>,
}

impl<'a> Asked<'a> {
    /// Looks at a lead at an instant, after all that happened since it was last looked at. The memory is made where there
    /// is none, or where it is of a later instant.
    pub fn new(pact: &'a Pact, record: &'a Record, memory: &'a mut Option<Box<WorkingMemory>>, at: Instant) -> Self {
        let compiled = CompiledPact::of(pact);
        if memory
            .as_ref()
            .is_some_and(|memory| memory.at.is_some_and(|then| then > at) || memory.taken > record.history.len())
        {
            *memory = None;
        }
        let memory = memory.get_or_insert_with(|| Box::new(WorkingMemory::new(compiled, pact.kinds.len())));
        let mut asked = Self { compiled, pact, record, memory, at, tried: None };
        asked.catch_up();
        asked
    }

    /// Whether a condition is met; where the pact asks nothing, nothing stands in the way.
    pub fn holds(&mut self, condition: Condition) -> bool {
        self.verdict(condition).is_none_or(|verdict| verdict == Verdict::Met)
    }

    /// The verdict of a condition; none where the pact asks nothing.
    pub fn verdict(&mut self, condition: Condition) -> Option<Verdict> {
        let node = self.compiled.conditions.node(condition)?;
        Some(self.ensure(node).verdict())
    }

    /// Where a route leads the lead.
    pub fn route(&mut self, id: RouteId, takes: &mut Takes<'_>) -> Option<RouteOutcome> {
        let (pact, record) = (self.pact, self.record);
        let compiled = self.compiled;
        let rows = |table: TableId| compiled.table(table)?.rows(pact, table, record);
        let mut holds =
            |position: usize, _: &Expr| self.verdict(Condition::Entry(id, position)).unwrap_or(Verdict::Unknown);
        lead_by_route(pact, record, id, &mut Entries { holds: &mut holds, rows: &rows }, takes)
    }

    /// A score of the lead.
    pub fn score(&mut self, id: ScoreId) -> ScoreRangeOutcome {
        let Some(node) = self.compiled.score_nodes.get(id.0 as usize).copied() else {
            return ScoreRangeOutcome::default();
        };
        self.ensure(node);
        let plan = match self.compiled.nodes.get(node.0 as usize).map(|node| &node.kind) {
            Some(NodeKind::Score { plan, .. }) => *plan as usize,
            _ => return ScoreRangeOutcome::default(),
        };
        self.memory.scores.get(plan).copied().unwrap_or_default()
    }

    /// A named value or band of the lead.
    pub fn named(&mut self, id: ValueId) -> Answer {
        let node = self.compiled.value_nodes.get(id.0 as usize).copied();
        node.map_or(Answer::Unknown, |node| self.ensure(node).clone())
    }

    /// What a named value of the lead shows: what it is with the sure points of each open score; none where it is open for
    /// another reason, or missing.
    pub fn shown(&mut self, id: ValueId) -> Option<Value> {
        let node = self.compiled.shown_nodes.get(id.0 as usize).copied()?;
        match self.ensure(node) {
            Answer::Known(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The verdict of a criteria of the lead.
    pub fn criteria(&mut self, id: CriteriaId) -> Verdict {
        let node = self.compiled.criteria_nodes.get(id.0 as usize).copied();
        node.map_or(Verdict::Unknown, |node| self.ensure(node).verdict())
    }

    /// The next instant after this one, and not after `limit`, at which some of the triggers may fire, if nothing happens.
    pub fn next_trigger(&mut self, triggers: &Triggers, limit: Instant) -> Option<Instant> {
        let (now, zone) = (self.at, &self.pact.zone);
        let mut best = None;
        let may = |at: Instant, best: &mut Option<Instant>| {
            if at > now && at <= best.unwrap_or(limit) {
                *best = Some(at);
            }
        };
        for queue in &triggers.queues {
            let (Some(plan), Some(of)) = (self.compiled.queues.get(*queue), self.memory.queues.get_mut(*queue)) else {
                continue;
            };
            if let Some(at) = of.next(*plan, &self.record.history, now, zone) {
                may(at, &mut best);
            }
        }
        if triggers.days
            && let Some(tomorrow) = zone.date(now).succ_opt()
        {
            may(zone.midnight(tomorrow), &mut best);
        }
        for (moment, node) in triggers.moments.iter().zip(&triggers.moment_nodes) {
            let timing = self.compiled.nodes.get(node.0 as usize).map_or(Timing::History, |node| node.timing);
            let end = best.unwrap_or(limit);
            let (pact, record) = (self.pact, self.record);
            let mut holds = |at: Instant| match timing {
                Timing::History => View::new(pact, record, at).condition(moment),
                _ => self.at_instant(*node, at),
            };
            let before = holds(now);
            if holds(end) != before {
                let at = first(now, end, |at| holds(at) != before);
                may(at, &mut best);
            }
        }
        best
    }

    /// The verdict of a node at another instant, if nothing happens.
    fn at_instant(&mut self, node: NodeId, at: Instant) -> Verdict {
        self.tried = Some(at);
        let verdict = self.value(node, None).verdict();
        self.tried = None;
        verdict
    }
}
