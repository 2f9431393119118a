//! What the passing of time can change: worked out once for a pact, read at each step of a lead's state.

use super::{Expr, KindId, RecycleId, SlaId, StageId};
use crate::time::Duration;

/// What `lifecycle` needs of a pact again and again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TriggerIndex {
    /// By pipeline and stage.
    pub(crate) stages: Vec<Vec<StageTriggers>>,
    /// What can bring a lead into a pipeline.
    pub(crate) entry: Triggers,
    /// What can change any verdict, score or move.
    pub(crate) all: Triggers,
}

/// What time can do in a stage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StageTriggers {
    /// For each move, whether it looks at the answer of sales.
    pub(crate) asks_answer: Vec<bool>,
    /// The recycles that lead out of the stage, in order of name.
    pub(crate) recycles: Vec<RecycleId>,
    /// The service levels on the stage, in order of name.
    pub(crate) slas: Vec<SlaId>,
    /// What can make a move, a recycle or a pause of the stage hold.
    pub(crate) triggers: Triggers,
}

/// Where instants lie at which time alone can change something.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Triggers {
    /// An event of the kind falls out of a window.
    pub(crate) windows: Vec<(KindId, Duration)>,
    /// The points of an event of the kind fade, up to so many times.
    pub(crate) fades: Vec<(KindId, Duration, i32)>,
    /// Comparisons with the present, each of which time changes once.
    pub(crate) moments: Vec<Expr>,
    /// A day of the calendar begins.
    pub(crate) days: bool,
}

impl TriggerIndex {
    /// The trigger index of a stage.
    pub(crate) fn stage(&self, id: StageId) -> Option<&StageTriggers> {
        self.stages.get(id.pipeline.0 as usize)?.get(id.stage as usize)
    }
}
