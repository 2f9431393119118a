//! A decision: where a lead is at an instant, who has it, and why. A pure function of pact, record and instant.

mod cells;
mod decision;
mod fields;
mod payload;
mod personal;
mod reasons;
mod report;
mod timeline;

pub use decision::{
    ClockReport, CriteriaReport, Decision, Effect, EffectKind, FactsReport, HandoffReport, HeldMove, MoveReport,
    NeedReport, PactReport, PartOf, PointsReport, RecycleReport, RouteReport, ScoreRange, ValueRange,
};

pub use cells::{Because, NO_PIPELINE, asked_by, because, cells, columns, lacks, open_need};
pub use fields::{FieldReport, field_reports};
pub use personal::tells_of_personal;
pub use timeline::{ClockChangeReport, EntryDetail, EntryReport, timeline_entry};

use indexmap::IndexMap;

use crate::eval::View;
use crate::lifecycle::{EntryLog, LeadState, replay_record};
use crate::pact::Pact;
use crate::record::Record;
use crate::time::Instant;

/// Decides a lead at an instant. The same three give the same decision, to the byte.
///
/// The lead's timeline begins at the instant, or since when its record says that it is in its stage; what its history has
/// after that beginning is replayed, with every move and clock on the way.
///
/// ```
/// use leadpact::internals::{decide::decide, load::load, record::Record, world::Memory};
/// let world = Memory::new([("a.pact", r#"
///     pact small { parties marketing, sales }
///     lead { id text key  employees integer? }
///     criteria large { agreed by marketing, sales  need employees >= 50 }
///     pipeline all {
///       stage inquiry { owner marketing  move to mql when large }
///       stage mql { owner sales  final }
///     }"#)]);
/// let pact = load(&world, None).pact.expect("it checks clean");
/// let lead = Record::new(&pact);
/// let decision = decide(&pact, &lead, "2026-03-02T09:00:00Z".parse().unwrap());
/// assert_eq!(decision.stage.as_deref(), Some("inquiry"));
/// assert_eq!(decision.criteria["large"].missing, [["employees".into()]]);
/// ```
pub fn decide(pact: &Pact, record: &Record, at: Instant) -> Decision {
    let begin = record.since.filter(|since| *since < at).unwrap_or(at);
    let (state, timeline) = replay_record(pact, record, begin, Vec::new(), at);
    decision(pact, &state, &timeline)
}

#[doc(hidden)]
impl Decision {
    /// Adds what happened by an earlier pact: moves and effects before the others, and the hand-over where no later pact
    /// made one.
    #[must_use]
    pub fn after(mut self, pact: &Pact, timeline: &EntryLog) -> Self {
        self.moves.splice(0..0, report::moves(pact, timeline));
        self.effects.splice(0..0, report::effects(pact, timeline));
        self.handoff = self.handoff.or_else(|| report::handoff(pact, timeline));
        self
    }
}

/// What there is to say of a state as it is now.
pub fn decision(pact: &Pact, state: &LeadState, timeline: &EntryLog) -> Decision {
    let view = View::new(pact, &state.record, state.now);
    let criteria = reasons::criteria(&view);
    let points = reasons::points_by_clause(&view);
    Decision { criteria, points, ..outline(&view, state, timeline) }
}

/// A decision without its criteria and its points by clause. Those are worked out for every clause of the pact, and cost
/// far more than all the rest: who does not look at them asks for this.
pub fn outline(view: &View<'_>, state: &LeadState, timeline: &EntryLog) -> Decision {
    let pact = view.pact;
    let id = state.record.value(pact.key).map(|id| id.to_string().into());
    let report = PactReport {
        name: pact.name.clone(),
        version: pact.version.clone(),
        digest: pact.digest.clone(),
        environment: pact.environment.clone(),
    };
    let part_of = state.merged.as_ref();
    let part_of = part_of.map(|(at, into)| PartOf { lead: into.clone(), since: pact.zone.rfc3339(*at) });
    let stands = state.stage().filter(|_| part_of.is_none());
    let stage = stands.map(|id| &pact[id]);
    Decision {
        id,
        at: pact.zone.rfc3339(state.now),
        pact: report,
        part_of,
        pipeline: stands.map(|id| pact[id.pipeline].name.clone()),
        stage: stage.map(|s| s.name.clone()),
        since: stands.and_then(|_| report::since(pact, state)),
        owner: stands.and_then(|_| state.owner(pact)),
        status: stage.map(|s| s.statuses.iter().cloned().collect()).unwrap_or_default(),
        round: (state.round > 1).then_some(state.round),
        resting_until: stands.and_then(|_| state.resting()).map(|until| pact.zone.rfc3339(until)),
        recycled: report::recycled(pact, state),
        moves: report::moves(pact, timeline),
        held: stands.map(|_| report::held(view, state)).unwrap_or_default(),
        scores: pact.scores.iter().enumerate().map(|(at, s)| reasons::points(view, at, s)).collect(),
        score_ranges: reasons::ranges(view),
        values: reasons::values(view),
        value_ranges: reasons::value_ranges(view),
        criteria: IndexMap::new(),
        route: stands.and_then(|_| report::route(pact, state)),
        handoff: report::handoff(pact, timeline),
        clocks: report::clocks(pact, state),
        effects: report::effects(pact, timeline),
        next_action: stage.and_then(|s| s.expectation.clone()),
        points: IndexMap::new(),
    }
}
