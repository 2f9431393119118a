//! Tests in the language, resolved.

use std::sync::Arc;

use rust_decimal::Decimal;

use chrono::NaiveDate;

use super::{
    CriteriaId, FieldId, KindId, MetricId, PipelineId, ProgramId, PromiseName, RecycleId, ScoreId, SlaId, StageId,
    TeamId, ValueId, Verdict,
};
use crate::record::Record;
use crate::span::Span;
pub use crate::syntax::tree::{DriftNode, ExpectedClock, StandingNode};
use crate::time::{Duration, Instant};
use crate::value::Value;

/// A test: a lead with its history, and what must come out at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What it shows.
    pub name: Arc<str>,
    /// The environment whose params hold.
    pub environment: Option<Arc<str>>,
    /// The leads: one, or several of which figures are expected.
    pub leads: Vec<TestLead>,
    /// The instant at which their timelines begin: the first one that the test names.
    pub begin: Instant,
    /// The instant of expectations that name none.
    pub at: Instant,
    /// What must come out.
    pub expectations: Vec<Expectation>,
    /// The item.
    pub span: Span,
}

/// A lead of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestLead {
    /// The lead, what is known to have happened, and where it stands at first.
    pub record: Record,
    /// What happens to it, the oldest first.
    pub happens: Vec<(Instant, Happens)>,
}

/// What happens to a test's lead.
#[derive(Debug, Clone, PartialEq)]
pub enum Happens {
    /// An activity, touch or disposition.
    Event(KindId, Vec<Option<Value>>),
    /// A field changes.
    Change(FieldId, Option<Value>),
    /// A person gets the lead.
    Assigned(Arc<str>),
}

/// One thing that must come out.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// When; the test's instant when absent.
    pub at: Option<Instant>,
    /// What.
    pub kind: ExpectationKind,
    /// The clause.
    pub span: Span,
}

/// The forms of expectations.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpectationKind {
    Stage(StageId),
    Pipeline(PipelineId),
    /// The move to this stage is held: its hand-over lacks what it needs.
    Held(StageId),
    Queue(Arc<str>),
    Team(TeamId),
    Rep(Arc<str>),
    Owner,
    /// An effect is among the decision's (`true`) or is not (`false`).
    Effect(ExpectedEffect, bool),
    /// The payload carries this value, or nothing.
    CarryField(FieldId, Option<Value>),
    CarryScore(ScoreId, Option<Decimal>),
    CarryNamed(ValueId, Option<Value>),
    /// A verdict, and the sets of facts of which any would do.
    Verdict(CriteriaId, Verdict, Option<Vec<Vec<FieldId>>>),
    /// The points that are sure, or the range that missing facts leave.
    Score(ScoreId, Decimal, Option<Decimal>),
    /// A named number that is sure, or the range that missing facts leave.
    Named(ValueId, Decimal, Option<Decimal>),
    /// The band, or those that missing facts leave; none where it is missing.
    Band(ValueId, Vec<Arc<str>>),
    /// A figure over all leads of the test.
    Figure(MetricId, ExpectedFigure),
    /// How a target stands over all leads of the test, in the period that holds the instant.
    Target(Arc<str>, MetricId, StandingNode),
    /// How a watched figure changed over all leads of the test, as of the instant.
    Watch(MetricId, DriftNode),
    /// How often sales answered so over all leads of the test, by now; for a reason, and of leads that a clause let in whose
    /// text holds this one.
    Answer(KindId, Option<Arc<str>>, i64, Option<Arc<str>>),
    /// The latest recycle is this one.
    Recycled(RecycleId),
    /// The lead rests until then.
    Resting(Moment),
    /// The latest clock of the promise is due then.
    Due(SlaId, PromiseName, Moment),
    /// Where the latest clock of the promise stands.
    Clock(SlaId, PromiseName, ExpectedClock),
}

impl ExpectationKind {
    /// Whether it is about all leads of the test together.
    pub fn is_of_all(&self) -> bool {
        matches!(self, Self::Figure(..) | Self::Target(..) | Self::Watch(..) | Self::Answer(..))
    }
}

/// A figure as a test names it.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpectedFigure {
    /// A number.
    Number(Decimal),
    /// Hundredths of a share, to as many places as are written.
    Percent(Decimal),
    /// An amount.
    Money(Value),
    /// A length of time.
    Duration(Duration),
}

/// An instant, or any instant of a date in the pact's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    At(Instant),
    On(NaiveDate),
}

/// An effect as a test names it.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpectedEffect {
    Enroll(ProgramId),
    Alert(Arc<str>),
    Convert(Arc<str>),
    Reassign,
    Dispose(Arc<str>),
}
