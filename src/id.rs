//! Ids: positions in the lists of a pact. They mean nothing in another pact.

macro_rules! ids {
    ($($id:ident in $list:ident;)+) => {
        $(
            #[doc = concat!("A position in `Pact::", stringify!($list), "`.")]
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
            pub struct $id(pub u32);
        )+
    };
}

ids! {
    FieldId in fields;
    KindId in kinds;
    IntakeId in intakes;
    ListId in lists;
    TableId in tables;
    ParamId in params;
    ScoreId in scores;
    ValueId in values;
    CriteriaId in criteria;
    PipelineId in pipelines;
    RouteId in routes;
    TeamId in teams;
    ProgramId in programs;
    CalendarId in calendars;
    SlaId in slas;
    RecycleId in recycles;
    MetricId in metrics;
}

/// A stage of a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct StageId {
    /// The pipeline.
    pub pipeline: PipelineId,
    /// The stage's position in it.
    pub stage: u32,
}
