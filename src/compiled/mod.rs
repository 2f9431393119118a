//! A pact compiled: conditions as a graph without repeats, questions about history as slots that are kept up event by
//! event, and what each of them hangs on. With the [`WorkingMemory`] of a lead it answers what the reference evaluator
//! answers, and asks again only what an event or the time touches.

mod asked;
mod billionths;
mod catch_up;
mod compile;
mod conditions;
mod dependents;
mod inputs;
mod latest;
mod memory;
mod node;
mod points;
mod queue;
mod score;
mod slot;
mod slot_plan;
mod steps;
mod table_index;
mod tally;
mod triggers;
mod weights;
mod worth;

pub use asked::Asked;
pub use conditions::{Condition, Conditions};
pub use memory::WorkingMemory;
pub use queue::{fades, falls_out};
pub use steps::first;
pub use triggers::Triggers;

use node::{Node, NodeId};
use points::ScorePlan;
use slot_plan::SlotPlan;
use triggers::TriggerIndex;

use crate::pact::{Pact, TableId};
use crate::time::{Duration, Instant};
use dependents::Dependents;
use queue::QueuePlan;
use table_index::TableIndex;

/// A pact compiled. Immutable, and shared by all threads.
#[derive(Debug)]
pub struct CompiledPact {
    nodes: Vec<Node>,
    /// The nodes that must be asked again when something changes.
    dependents: Dependents,
    scores: Vec<ScorePlan>,
    /// For each score, named value and criteria of the pact its node.
    score_nodes: Vec<NodeId>,
    value_nodes: Vec<NodeId>,
    /// For each named value what it shows: what it is with the sure points of each score.
    shown_nodes: Vec<NodeId>,
    criteria_nodes: Vec<NodeId>,
    slots: Vec<SlotPlan>,
    /// The windows that slots look through.
    windows: Vec<Duration>,
    queues: Vec<QueuePlan>,
    tables: Vec<Option<TableIndex>>,
    conditions: Conditions,
    triggers: TriggerIndex,
    takes_effect: Option<Instant>,
}

impl CompiledPact {
    /// A pact compiled, when first asked for.
    pub fn of(pact: &Pact) -> &Self {
        pact.compiled.get_or_make(|| compile::compile(pact))
    }

    /// The first instant of the day on which the pact takes effect, where it names one.
    pub fn takes_effect(&self) -> Option<Instant> {
        self.takes_effect
    }

    /// The index of a table; none of one that is looked through.
    fn table(&self, id: TableId) -> Option<&TableIndex> {
        self.tables.get(id.0 as usize)?.as_ref()
    }

    /// What time alone can change.
    pub fn triggers(&self) -> &TriggerIndex {
        &self.triggers
    }
}
