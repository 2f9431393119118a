//! A decision as data. Keys are stable; what there is nothing to say about is absent.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use crate::lifecycle::ClockState;
use crate::pact::{Clause, Verdict};
use crate::value::{Value, json_number};
use rust_decimal::Decimal;

/// What is decided about a lead, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Decision {
    /// The lead's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Arc<str>>,
    /// The instant, in the pact's zone.
    pub at: String,
    /// The pact that decided.
    pub pact: PactReport,
    /// The lead that it became part of: it stands nowhere itself any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<PartOf>,
    /// The pipeline that the lead is in; absent where none takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<Arc<str>>,
    /// The stage that it is in after all moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Arc<str>>,
    /// Since when it is there, where that is before the instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The party that owns the lead there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Arc<str>>,
    /// What each system calls the stage.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub status: IndexMap<Arc<str>, Arc<str>>,
    /// The round, from the second on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<u32>,
    /// Until when the lead rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resting_until: Option<String>,
    /// How often and why it was sent back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recycled: Vec<RecycleReport>,
    /// The moves made since its state began, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<MoveReport>,
    /// Moves that their hand-over holds back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<HeldMove>,
    /// The points of each score that are sure.
    #[serde(serialize_with = "numbers")]
    pub scores: IndexMap<Arc<str>, Decimal>,
    /// The range of each score that missing facts leave open.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub score_ranges: IndexMap<Arc<str>, ScoreRange>,
    /// Each value and band, an open score counted with its sure points; null where a fact is missing.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub values: IndexMap<Arc<str>, Option<Value>>,
    /// The range of each value, and the words of each band, that missing facts leave open.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub value_ranges: IndexMap<Arc<str>, ValueRange>,
    /// Each criteria.
    pub criteria: IndexMap<Arc<str>, CriteriaReport>,
    /// Who receives the lead, where it was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<RouteReport>,
    /// What goes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handoff: Option<HandoffReport>,
    /// The clocks of promises about the lead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockReport>,
    /// The actions that were requested since the lead is known, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
    /// What should happen next, as the stage says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_action: Option<Arc<str>>,
    /// The points of each score by clause; part of the reasons.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub points: IndexMap<Arc<str>, Vec<PointsReport>>,
}

impl Decision {
    /// The decision without its reasons by clause: what is decided, and the clause of each move, route and effect.
    #[must_use]
    pub fn without_reasons(mut self) -> Self {
        self.points.clear();
        for criteria in self.criteria.values_mut() {
            criteria.needs.clear();
        }
        self
    }
}

/// The pact that decided.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PactReport {
    /// Its name.
    pub name: Arc<str>,
    /// Its version, where it states one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Arc<str>>,
    /// `sha256:…` of its meaning: layout, comments, file names and tests do not change it.
    pub digest: Arc<str>,
    /// The environment whose params hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Arc<str>>,
}

/// The lead that another became part of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PartOf {
    /// The key of the other lead.
    pub lead: Arc<str>,
    /// Since when, in the pact's zone.
    pub since: String,
}

/// A move that was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MoveReport {
    /// The stage that the lead left.
    pub from: Arc<str>,
    /// The stage that it entered.
    pub to: Arc<str>,
    /// When, in the pact's zone.
    pub at: String,
    /// Whether it led to a stage that stands before the one it left.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub backward: bool,
    /// Whether a recycle made it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub recycled: bool,
    /// The clause; none where a system reported the move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Clause>,
}

/// A recycle.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RecycleReport {
    /// The recycle.
    pub by: Arc<str>,
    /// The stage that the lead left.
    pub from: Arc<str>,
    /// When, in the pact's zone.
    pub at: String,
    /// The clause.
    pub because: Clause,
}

/// The clock of a promise. Seconds are open ones where the promise counts business time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ClockReport {
    /// The service level.
    pub sla: Arc<str>,
    /// The promise.
    pub promise: &'static str,
    /// Where it stands.
    pub state: ClockState,
    /// When its time began to run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
    /// When it is used up; not known while the clock is paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// The next opening, where it is due at a closing time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at_next_open: Option<String>,
    /// The seconds used up, without pauses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<i64>,
    /// The seconds left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<i64>,
    /// The seconds from entering the stage to the end: what the lead waited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed_to_lead: Option<i64>,
    /// The seconds from the assignment to the end: what the person who has the lead took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_time: Option<i64>,
    /// The touches that counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touches: Option<u32>,
    /// When the promise was breached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breached: Option<String>,
    /// When it was met late, or ended otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// The seconds from the breach to the instant, or until the promise was met after all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<i64>,
    /// Whether those are open ones: the promise counts business time. Absent where nothing is late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_open: Option<bool>,
    /// The promise as the pact says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Clause>,
}

/// A move that would be made if its hand-over had what it needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HeldMove {
    /// The stage it leads to.
    pub to: Arc<str>,
    /// The move.
    pub because: Clause,
    /// The needs that are not met.
    pub lacks: Vec<NeedReport>,
}

/// What missing facts leave of a value or band.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ValueRange {
    /// A number from the least to the most.
    Numbers(ScoreRange),
    /// One of these words, in the order of the bands.
    Words(Vec<Arc<str>>),
}

/// What a score can still be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScoreRange {
    /// The fewest points that are possible.
    #[serde(serialize_with = "number")]
    pub low: Decimal,
    /// The most points that are possible.
    #[serde(serialize_with = "number")]
    pub high: Decimal,
}

/// A criteria.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CriteriaReport {
    /// Its verdict.
    pub verdict: Verdict,
    /// The smallest sets of missing facts that would settle or flip it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Vec<Arc<str>>>,
    /// Its clauses; part of the reasons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<NeedReport>,
}

/// A clause of a criteria, or a need of a hand-over.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NeedReport {
    /// Whether it is met; a `not` is met when what it names does not hold.
    pub verdict: Verdict,
    /// Its name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Arc<str>>,
    /// The clause.
    pub because: Clause,
    /// The facts that it hangs on.
    #[serde(flatten)]
    pub facts: FactsReport,
}

/// The facts that a clause hangs on.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FactsReport {
    /// Fields with their values.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub facts: IndexMap<Arc<str>, Value>,
    /// Fields that are missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Arc<str>>,
    /// Kinds of events, with how many there were up to the instant.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub events: IndexMap<Arc<str>, usize>,
}

/// Who receives a lead.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RouteReport {
    /// The route; none where a system gave the lead to somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Arc<str>>,
    /// The queue, where one receives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<Arc<str>>,
    /// The team, where one receives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<Arc<str>>,
    /// The person, where one receives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Arc<str>>,
    /// The entry or row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Clause>,
    /// Entries before it that missing facts left unknown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unsure: Vec<Clause>,
    /// When somebody of the team comes to work, for whom the lead waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits_until: Option<String>,
}

/// What goes with a lead that is handed over.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HandoffReport {
    /// The stage that hands over.
    pub from: Arc<str>,
    /// The stage that receives.
    pub to: Arc<str>,
    /// Fields and scores by name, activities, and reasons.
    pub carry: IndexMap<Arc<str>, serde_json::Value>,
}

/// An action that is requested of other systems.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Effect {
    /// What.
    #[serde(flatten)]
    pub kind: EffectKind,
    /// When.
    pub at: String,
    /// The clause.
    pub because: Clause,
}

/// The forms of effects.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EffectKind {
    /// The lead is to be enrolled in a program.
    Enroll {
        /// The program.
        program: Arc<str>,
    },
    /// A clause asks for an enrollment that this lead does not get now.
    NotEnrolled {
        /// The program.
        program: Arc<str>,
        /// Why not.
        why: &'static str,
    },
    /// Somebody is to be alerted.
    Alert {
        /// Who.
        to: Arc<str>,
    },
    /// The lead is to be converted.
    Convert {
        /// Into what.
        to: Arc<str>,
    },
    /// The lead is to be assigned to somebody else.
    Reassign,
    /// The lead got a disposition from the engine.
    Dispose {
        /// The disposition.
        disposition: Arc<str>,
    },
    /// The lead is to be moved.
    Move {
        /// The stage.
        to: Arc<str>,
    },
}

/// What a clause of a score gave.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PointsReport {
    /// The points that are sure, before caps over clauses, range and rounding.
    #[serde(serialize_with = "number")]
    pub points: Decimal,
    /// The points that it would give if what is unknown held.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "maybe_number")]
    pub possible: Option<Decimal>,
    /// How many events gave them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<usize>,
    /// The clause.
    pub because: Clause,
    /// The facts that it hangs on.
    #[serde(flatten)]
    pub facts: FactsReport,
}

fn number<S: Serializer>(n: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    json_number(*n).serialize(serializer)
}

#[expect(clippy::ref_option, reason = "serde asks for this signature")]
fn maybe_number<S: Serializer>(n: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    n.map(json_number).serialize(serializer)
}

fn numbers<S: Serializer>(scores: &IndexMap<Arc<str>, Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(scores.iter().map(|(name, n)| (name, json_number(*n))))
}
