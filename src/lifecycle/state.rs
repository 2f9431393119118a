//! Where a lead has come to.

use std::sync::Arc;

use super::clock::Clock;
use super::judge::{Answers, Judge};
use crate::pact::{Pact, RecycleId, RouteId, ScoreId, StageId, TeamId, ValueId};
use crate::record::Record;
use crate::span::Span;
use crate::time::Instant;
use crate::value::Value;
use rust_decimal::Decimal;

/// The state of a lead at an instant: what is known of it, and what its pact has made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadState {
    /// What is known: values as they are now, and what happened so far.
    pub record: Record,
    /// Everything up to this instant has been replayed, the instant itself included.
    pub now: Instant,
    /// Where the lead stands; nowhere until a pipeline takes it.
    pub stage_state: Option<StageState>,
    /// The round, from 1. A recycle begins the next one.
    pub round: u32,
    /// The recycles so far, the oldest first.
    pub recycled: Vec<Recycled>,
    /// Who has the lead, where someone received it.
    pub assignee: Option<Assignee>,
    /// When it was last handed over in this round.
    pub handed: Option<Instant>,
    /// People who do not get the lead again.
    pub refused: Vec<Arc<str>>,
    /// The clocks that were started so far, in the order of their start.
    pub clocks: Vec<Clock>,
    /// How many events of the history were heard as messages.
    pub(super) heard: usize,
    /// When the lead said that it wants no more.
    pub opted_out: Option<Instant>,
    /// When it became part of another lead, and of which.
    pub merged: Option<(Instant, Arc<str>)>,
    /// By what its run is answered.
    pub(super) answers: Answers,
}

/// The stage that a lead is in.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct StageState {
    /// Which.
    pub stage: StageId,
    /// Since when.
    pub since: Instant,
    /// The party that owns the lead, where a recycle named another than that of the stage.
    pub owner: Option<Arc<str>>,
    /// Until when it rests, and by the recycle of which name: no move is made before.
    pub rest: Option<(Instant, Arc<str>)>,
    /// What would have closed a circle at one instant, and is not made until an event of the lead comes or it has
    /// ceased to be met.
    pub(super) suppressed: Vec<SuppressedTransition>,
}

/// A transition that is not made, because it led to where the lead had been at the same instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) enum SuppressedTransition {
    /// The move of the stage at this position.
    Move(usize),
    Recycle(RecycleId),
}

/// A recycle that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Recycled {
    pub by: RecycleId,
    pub at: Instant,
    pub from: StageId,
}

/// Who has a lead.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Assignee {
    /// The route that chose; none when the lead was given from outside.
    pub route: Option<RouteId>,
    /// The entry or row that chose.
    pub because: Option<Span>,
    /// The queue, where one received it.
    pub queue: Option<Arc<str>>,
    /// The team, where one received it.
    pub team: Option<TeamId>,
    /// The person, where it is known who.
    pub person: Option<Arc<str>>,
    /// Since when.
    pub since: Instant,
    /// Whether it takes some of the person's capacity: until the lead ends, or leaves them.
    pub(super) holds_capacity: bool,
    /// Who had it before in this round, by the choice of the engine.
    pub before: Vec<Arc<str>>,
    /// Entries of the route that missing facts left unknown.
    pub unsure: Vec<Span>,
    /// Whether the lead waits until somebody of the team is at work.
    #[serde(default)]
    pub awaits_hours: bool,
}

impl LeadState {
    /// The state of a lead that is known from `at` on, in no stage yet.
    pub(super) fn new(record: Record, at: Instant) -> Self {
        Self {
            record,
            now: at,
            stage_state: None,
            round: 1,
            recycled: Vec::new(),
            assignee: None,
            handed: None,
            refused: Vec::new(),
            clocks: Vec::new(),
            heard: 0,
            opted_out: None,
            merged: None,
            answers: Answers::default(),
        }
    }

    /// The same state, from here on run by the reference evaluator.
    #[must_use]
    pub fn by_reference(self) -> Self {
        Self { answers: Answers::by_reference(), ..self }
    }

    /// The lead at an instant, to be asked.
    pub(super) fn judge<'a>(&'a mut self, pact: &'a Pact, at: Instant) -> Judge<'a> {
        self.answers.at(pact, &self.record, at)
    }

    /// The points of a score now: those that are sure.
    pub fn points(&mut self, pact: &Pact, score: ScoreId) -> Decimal {
        let (points, ..) = self.judge(pact, self.now).score(score);
        points
    }

    /// What a named value shows now; none where it is open, or missing.
    pub fn shown(&mut self, pact: &Pact, value: ValueId) -> Option<Value> {
        self.judge(pact, self.now).shown(value)
    }

    /// The stage that the lead is in.
    pub fn stage(&self) -> Option<StageId> {
        self.stage_state.as_ref().map(|stage_state| stage_state.stage)
    }

    /// Until when the lead rests, at the instant.
    pub fn resting(&self) -> Option<Instant> {
        self.stage_state.as_ref()?.rest.as_ref().map(|(until, _)| *until).filter(|until| *until > self.now)
    }

    /// The party that owns the lead.
    pub fn owner(&self, pact: &Pact) -> Option<Arc<str>> {
        let stage_state = self.stage_state.as_ref()?;
        stage_state.owner.clone().or_else(|| pact[stage_state.stage].owner.clone())
    }

    /// The person who has the lead.
    pub fn person(&self) -> Option<&Arc<str>> {
        self.assignee.as_ref()?.person.as_ref()
    }

    /// When somebody of the team that the lead waits for comes to work.
    pub fn awaited(&self, pact: &Pact) -> Option<Instant> {
        let assignee = self.assignee.as_ref().filter(|assignee| assignee.awaits_hours)?;
        pact[assignee.team?].comes(&pact.zone, self.now)
    }

    /// How often a recycle has taken the lead.
    pub(super) fn times(&self, by: RecycleId) -> u32 {
        self.recycled.iter().filter(|recycled| recycled.by == by).count() as u32
    }

    /// The lead's key, as text.
    pub fn key(&self, pact: &Pact) -> String {
        self.record.value(pact.key).map(ToString::to_string).unwrap_or_default()
    }
}

impl StageState {
    /// Stands in a stage from an instant on.
    pub(super) fn new(stage: StageId, since: Instant) -> Self {
        Self { stage, since, owner: None, rest: None, suppressed: Vec::new() }
    }

    /// Since when time in the stage counts: its entry, or the end of the rest.
    pub(super) fn counts_from(&self) -> Instant {
        self.rest.as_ref().map_or(self.since, |(until, _)| self.since.max(*until))
    }
}
