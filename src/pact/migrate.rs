//! Where live leads go when the pact changes under them.

use std::sync::Arc;

use super::{PipelineId, StageId};
use crate::span::Span;

/// What the pact says of leads that were replayed by an earlier one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Migration {
    /// Stages that earlier pacts had, and where leads that stand in them go.
    pub stages: Vec<Former<StageId>>,
    /// Pipelines that earlier pacts had. A stage of one that is not named in [`Migration::stages`] is the stage of the
    /// same name.
    pub pipelines: Vec<Former<PipelineId>>,
    /// Whether clocks that run take the new promises. When not said, the old ones hold: what was promised stays
    /// promised.
    pub new_promises: bool,
}

/// A name of an earlier pact, and what stands for it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Former<T> {
    pub name: Arc<str>,
    pub to: T,
    pub span: Span,
}

impl Migration {
    /// What the clause says of a stage that an earlier pact had.
    pub fn stage(&self, name: &str) -> Option<&Former<StageId>> {
        self.stages.iter().find(|former| *former.name == *name)
    }

    /// What the clause says of a pipeline that an earlier pact had.
    pub fn pipeline(&self, name: &str) -> Option<&Former<PipelineId>> {
        self.pipelines.iter().find(|former| *former.name == *name)
    }
}

impl super::Pact {
    /// Where a lead stands that stood in a stage of an earlier pact, and the clause that says so where one does. None
    /// when nothing says it: the lead is stranded.
    ///
    /// A stage keeps its leads when the pact has one of the same name in the pipeline of the same name. Otherwise
    /// `migrate` says where they go, of the stage or of its pipeline.
    pub fn now_in(&self, pipeline: &str, stage: &str) -> Option<(StageId, Option<Span>)> {
        let of_name = self.stage(stage);
        let in_pipeline = of_name.filter(|id| *self[id.pipeline].name == *pipeline).map(|id| (id, None));
        let by_stage = || self.migration.stage(stage).map(|former| (former.to, Some(former.span)));
        let by_pipeline = || {
            let former = self.migration.pipeline(pipeline)?;
            of_name.filter(|id| id.pipeline == former.to).map(|id| (id, Some(former.span)))
        };
        in_pipeline.or_else(by_stage).or_else(by_pipeline)
    }
}
