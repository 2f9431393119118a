//! What is remembered of a lead between two questions.

use super::Program;
use super::inputs::Input;
use super::node::NodeId;
use super::points::ScoreRangeOutcome;
use super::queue::Queue;
use super::slot::Slot;
use crate::eval::Answer;
use crate::pact::FieldId;
use crate::time::Instant;

/// What a program knows of a lead: what its nodes came to, and its slots. It can be let go of at any time, and is made
/// anew of the record; it belongs to one pact.
#[derive(Debug, Clone)]
pub struct Memory {
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
    /// Where each window begins at the instant.
    pub(super) starts: Vec<Option<Instant>>,
    pub(super) queues: Vec<Queue>,
}

impl Memory {
    /// Knows nothing yet.
    pub(super) fn new(program: &Program, kinds: usize) -> Self {
        Self {
            answers: vec![None; program.nodes.len()],
            scores: vec![ScoreRangeOutcome::default(); program.scores.len()],
            slots: program.slots.iter().map(Slot::new).collect(),
            kinds: vec![None; kinds],
            answer: None,
            taken: 0,
            spent: 0,
            retained: 0,
            at: None,
            tomorrow: None,
            starts: vec![None; program.windows.len()],
            queues: vec![Queue::default(); program.queues.len()],
        }
    }

    /// A field has another value now.
    pub fn change(&mut self, program: &Program, field: FieldId) {
        self.forget(program, Input::Field(field));
    }

    /// What hangs on an input is asked again.
    pub(super) fn forget(&mut self, program: &Program, input: Input) {
        for NodeId(node) in program.dependents.of(input) {
            if let Some(answer) = self.answers.get_mut(*node as usize) {
                *answer = None;
            }
        }
    }
}
