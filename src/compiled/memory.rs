//! What is remembered of a lead between two questions.

use super::CompiledPact;
use super::inputs::Input;
use super::node::NodeId;
use super::points::ScoreRangeOutcome;
use super::queue::Queue;
use super::slot::Slot;
use crate::eval::Answer;
use crate::pact::FieldId;
use crate::time::Instant;

/// What a compiled pact knows of a lead: what its nodes came to, and its slots. It can be let go of at any time, and is made
/// anew of the record; it belongs to one pact.
#[derive(Debug, Clone)]
pub struct WorkingMemory {
    /// What nodes came to, as far as nothing has changed since.
    pub(super) answers: Vec<Option<Answer>>,
    pub(super) scores: Vec<ScoreRangeOutcome>,
    pub(super) slots: Vec<Slot>,
    /// By kind, where in the history its first and its last event stand.
    pub(super) kinds: Vec<Option<(usize, usize)>>,
    /// Where in the history the last answer of sales stands.
    pub(super) answer: Option<usize>,
    /// How much of the history has been taken in.
    pub(super) taken: usize,
    /// How much of the history was spent, and how many shares scores kept.
    pub(super) spent: usize,
    pub(super) retained: usize,
    /// The instant of the answers.
    pub(super) at: Option<Instant>,
    /// When its date is over.
    pub(super) tomorrow: Option<Instant>,
    /// Where each window begins at the instant, as far as it was asked.
    pub(super) starts: Vec<Option<Option<Instant>>>,
    pub(super) queues: Vec<Queue>,
}

impl WorkingMemory {
    /// Knows nothing yet.
    pub(super) fn new(compiled: &CompiledPact, kinds: usize) -> Self {
        Self {
            answers: vec![None; compiled.nodes.len()],
            scores: vec![ScoreRangeOutcome::default(); compiled.scores.len()],
            slots: compiled.slots.iter().map(|_| Slot::Empty).collect(),
            kinds: vec![None; kinds],
            answer: None,
            taken: 0,
            spent: 0,
            retained: 0,
            at: None,
            tomorrow: None,
            starts: vec![None; compiled.windows.len()],
            queues: vec![Queue::default(); compiled.queues.len()],
        }
    }

    /// A field has another value now.
    pub fn change(&mut self, compiled: &CompiledPact, field: FieldId) {
        self.forget(compiled, Input::Field(field));
    }

    /// What hangs on an input is asked again.
    pub(super) fn forget(&mut self, compiled: &CompiledPact, input: Input) {
        for NodeId(node) in compiled.dependents.of(input) {
            if let Some(answer) = self.answers.get_mut(*node as usize) {
                *answer = None;
            }
        }
    }
}
