//! What clauses did for the rounds that entered a stage, and whether those came to another one; and those who were kept out.
//!
//! A round is one row, so that it can be asked later which of them an edit would have let in. Rows of several parts add up, in
//! whatever order.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::evidence_scope::{Door, EvidenceScope, WeighedKind};
use super::journey::{Journey, Round};
use crate::eval::{NeedOutcome, View};
use crate::pact::{CriteriaId, Milestone, Pact, Points, PointsFor, ScoreId, StageId, Verdict};
use crate::replay::ReplayedLead;
use crate::span::Span;
use crate::time::Instant;

/// From so many events on, a clause that gives points for each is no longer told apart by their number.
const MOST_EVENTS: usize = 3;

/// Of a lead that was kept out, so many instants are looked at, the last ones.
const MOST_INSTANTS: usize = 32;

/// A round that entered the stage.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRow {
    /// Whose round, and which.
    pub case: (Arc<str>, u32),
    /// When it entered.
    pub at: Instant,
    /// When it came to the other stage.
    pub came: Option<Instant>,
    /// For each clause, whether it was met or gave points; of points for each event, for how many.
    pub levels: Vec<u8>,
    /// For each threshold, what was surely there.
    pub worth: Vec<Option<Decimal>>,
    /// For each score of which no threshold is asked, the points that were sure.
    pub points: Vec<Decimal>,
}

/// A round that came to where the stage is entered from, and never entered it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptOutRow {
    /// Whose round, and which.
    pub case: (Arc<str>, u32),
    /// When it lacked least.
    pub at: Instant,
    /// When it came to the other stage all the same.
    pub came: Option<Instant>,
    /// The clauses that it lacked then.
    pub lacked: Vec<usize>,
    /// For each threshold, what was surely there.
    pub worth: Vec<Option<Decimal>>,
}

/// Rows of all rounds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EvidenceRows {
    /// Those that entered, in order of time once all parts are there.
    pub cases: Vec<CaseRow>,
    /// Those that were kept out.
    pub kept_out: Vec<KeptOutRow>,
    /// Every entry of a round into a stage.
    pub entries: Vec<(StageId, Instant)>,
}

impl EvidenceRows {
    /// Adds the rounds of a lead. One that became part of another is counted with that one.
    pub fn add(&mut self, pact: &Pact, scope: &EvidenceScope, lead: &ReplayedLead) {
        if lead.part || !lead.started {
            return;
        }
        let journey = Journey::new(pact, &lead.state, &lead.timeline);
        for round in &journey.rounds {
            let case = (lead.lead.clone(), round.number);
            self.entries.extend(&round.entered);
            if let Some(at) = journey.reached(round, Milestone::Entering(scope.from), None) {
                let came = round.came(scope.from, scope.to);
                let (levels, worth, points) = if scope.clauses.is_empty() {
                    Default::default()
                } else {
                    let record = journey.record(at);
                    let view = View::new(pact, &record, at);
                    let points = scope.scores.iter().map(|score| view.score(*score).points).collect();
                    (levels(&view, scope), worth(&view, scope), points)
                };
                self.cases.push(CaseRow { case, at, came, levels, worth, points });
            } else if let Some(row) = kept_out(pact, scope, &journey, (round, lead.state.now), case) {
                self.kept_out.push(row);
            }
        }
    }

    /// Adds what another part has.
    pub fn merge(&mut self, other: Self) {
        self.cases.extend(other.cases);
        self.kept_out.extend(other.kept_out);
        self.entries.extend(other.entries);
    }

    /// All of it in order of time, whatever the order of the parts.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.cases.sort_by(|a, b| (a.at, &a.case).cmp(&(b.at, &b.case)));
        self.kept_out.sort_by(|a, b| (a.at, &a.case).cmp(&(b.at, &b.case)));
        self.entries.sort_unstable();
        self
    }
}

/// The round of a lead that never entered by now, as it was when it lacked least; none where it never came to where the stage is entered
/// from.
fn kept_out(
    pact: &Pact,
    scope: &EvidenceScope,
    journey: &Journey<'_>,
    (round, now): (&Round, Instant),
    case: (Arc<str>, u32),
) -> Option<KeptOutRow> {
    let before = scope.stages_before();
    let (stage, since) = round.entered.iter().find(|(stage, _)| before.contains(stage)).copied()?;
    let left = journey.reached(round, Milestone::Leaving(stage), Some(since)).unwrap_or(now);
    let doors: Vec<&Door> = scope.doors.iter().filter(|door| door.stage == stage).collect();
    let mut instants = journey.instants(since, left);
    instants.drain(..instants.len().saturating_sub(MOST_INSTANTS));
    let mut nearest: Option<KeptOutRow> = None;
    for at in instants {
        let record = journey.record(at);
        let view = View::new(pact, &record, at);
        let levels = levels(&view, scope);
        let lacks = |door: &&Door| -> Vec<usize> {
            door.asks.iter().copied().filter(|ask| levels.get(*ask).is_none_or(|level| *level == 0)).collect()
        };
        let Some(lacked) = doors.iter().map(lacks).min_by_key(Vec::len) else { continue };
        if nearest.as_ref().is_none_or(|nearest| lacked.len() < nearest.lacked.len()) {
            let came = round.came(stage, scope.to);
            nearest = Some(KeptOutRow { case: case.clone(), at, came, lacked, worth: worth(&view, scope) });
        }
    }
    nearest
}

/// For each clause, whether it was met or gave points; of points for each event, for how many.
fn levels(view: &View<'_>, scope: &EvidenceScope) -> Vec<u8> {
    let criteria = |id: CriteriaId, spans: &[Span]| any_met(&view.criteria(id).needs, spans);
    let met = |met: bool| u8::from(met);
    scope
        .clauses
        .iter()
        .map(|clause| match &clause.kind {
            WeighedKind::Points(score, _) => given(view, *score, clause.span),
            WeighedKind::Need(id) | WeighedKind::Alternative(id) => met(criteria(*id, &[clause.span])),
            WeighedKind::OneOf(id, spans) => met(criteria(*id, spans)),
            WeighedKind::Condition(condition) => met(view.holds(Some(condition))),
        })
        .collect()
}

/// Whether one of these clauses is met.
fn any_met(needs: &[NeedOutcome], spans: &[Span]) -> bool {
    needs.iter().any(|need| {
        let met = spans.contains(&need.span) && need.is_met() == Verdict::Met;
        met || any_met(&need.inner, spans)
    })
}

/// Whether a clause gave points; where it does so for each event, for how many, as far as that is told apart.
fn given(view: &View<'_>, score: ScoreId, span: Span) -> u8 {
    let outcome = view.score(score).clauses.iter().find(|outcome| outcome.span == span && !outcome.points.is_zero());
    let Some(outcome) = outcome else { return 0 };
    let clauses = view.pact[score].groups.iter().flat_map(|group| &group.points);
    let is_per = |points: &Points| points.span == span && matches!(points.reason, PointsFor::Per { .. });
    if clauses.into_iter().any(is_per) { outcome.events.clamp(1, MOST_EVENTS) as u8 } else { 1 }
}

/// For each threshold, what was surely there.
fn worth(view: &View<'_>, scope: &EvidenceScope) -> Vec<Option<Decimal>> {
    scope.thresholds.iter().map(|threshold| Some(view.worth(&threshold.value).bounds()?.0)).collect()
}
