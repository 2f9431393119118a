//! What the tests of a pact reached.
//!
//! A clause has outcomes, and each counts: a need was seen met, and was seen otherwise; points were given; a move was
//! made; a band came up, and a row of a grid; a route's entry or a table's row was chosen; a promise was met, and was
//! breached; a recycle was made, and was used up. Coverage is the share of these outcomes that some test reached.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::eval::{NeedOutcome, View};
use crate::lifecycle::{ClockChange, EntryKind, EntryLog, LeadState};
use crate::pact::{
    CriteriaId, NamedKind, NamedValue, Need, NeedBody, Pact, RouteEntryKind, RouteId, ScoreId, ValueId, Verdict,
};
use crate::source::Place;
use crate::span::Span;
use crate::value::Value;

/// Which outcome of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Outcome {
    Holds,
    NeverHolds,
    Given,
    CameUp,
    Made,
    Chosen,
    Met,
    Breached,
    UsedUp,
}

impl Outcome {
    fn words(self) -> &'static str {
        match self {
            Self::Holds => "never met",
            Self::NeverHolds => "always met",
            Self::Given => "never gave points",
            Self::CameUp => "never came up",
            Self::Made => "never made",
            Self::Chosen => "never chosen",
            Self::Met => "never met in time",
            Self::Breached => "never breached",
            Self::UsedUp => "never used up",
        }
    }
}

/// What there is to reach, and what was.
#[derive(Debug, Clone)]
pub struct Coverage {
    all: FxHashSet<(Span, Outcome)>,
    seen: FxHashSet<(Span, Outcome)>,
    /// The clauses of criteria of which some outcome is not reached yet.
    open: Vec<OpenNeed>,
    /// How many different conditions these ask.
    conditions: usize,
}

/// A clause of a criteria of which some outcome is not reached yet.
#[derive(Debug, Clone, Copy)]
struct OpenNeed {
    criteria: CriteriaId,
    /// Its place in the criteria.
    at: usize,
    /// Which of the different conditions it asks: clauses that are written alike ask the same.
    condition: usize,
    /// The outcome that is reached, where one is.
    reached: Option<Outcome>,
}

/// An outcome that no test reached.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Uncovered {
    /// Where the clause stands.
    #[serde(flatten)]
    pub place: Place,
    /// The clause.
    pub says: String,
    /// What never happened to it.
    pub lacks: &'static str,
}

impl Coverage {
    /// Nothing of a pact is reached yet.
    pub fn new(pact: &Pact) -> Self {
        let mut all = FxHashSet::default();
        for criteria in &pact.criteria {
            needs(&criteria.needs, &mut all);
        }
        let points = pact.scores.iter().flat_map(|score| &score.groups).flat_map(|group| &group.points);
        all.extend(points.map(|points| (points.span, Outcome::Given)));
        all.extend(pact.values.iter().flat_map(bands).map(|(span, _)| (span, Outcome::CameUp)));
        let stages = pact.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
        let moves = stages.flat_map(|stage| &stage.moves);
        all.extend(moves.map(|step| (step.span, Outcome::Made)));
        let promises = pact.slas.iter().flat_map(|sla| &sla.promises).filter(|promise| promise.kind.within().is_some());
        for promise in promises {
            all.extend([(promise.span, Outcome::Met), (promise.span, Outcome::Breached)]);
        }
        for recycle in &pact.recycles {
            all.insert((recycle.when.span, Outcome::Made));
            all.extend(recycle.rounds.map(|_| (recycle.when.span, Outcome::UsedUp)));
        }
        for (at, route) in pact.routes.iter().enumerate() {
            if pact.handoffs.iter().any(|handoff| handoff.route == Some(RouteId(at as u32))) {
                for entry in &route.entries {
                    match &entry.kind {
                        RouteEntryKind::Table(table, _) => {
                            all.extend(pact[*table].rows.iter().map(|row| (row.span, Outcome::Chosen)));
                        }
                        _ => {
                            all.insert((entry.span, Outcome::Chosen));
                        }
                    }
                }
            }
        }
        let mut different: FxHashMap<&str, usize> = FxHashMap::default();
        let mut open = Vec::new();
        for (id, criteria) in pact.criteria.iter().enumerate() {
            for (at, need) in criteria.needs.iter().enumerate() {
                let asks = match &need.body {
                    NeedBody::Condition(condition) => condition.span,
                    NeedBody::Group(_) => need.span,
                };
                let next = different.len();
                let condition = *different.entry(pact.sources.text(asks)).or_insert(next);
                open.push(OpenNeed { criteria: CriteriaId(id as u32), at, condition, reached: None });
            }
        }
        Self { all, seen: FxHashSet::default(), open, conditions: different.len() }
    }

    /// Adds what one state reached.
    pub(super) fn observe(&mut self, view: &View<'_>, state: &LeadState, timeline: &EntryLog) {
        let told = timeline.entries.iter().filter_map(|entry| {
            let outcome = match &entry.kind {
                EntryKind::Moved { .. } | EntryKind::Recycled { .. } => Outcome::Made,
                EntryKind::UsedUp { .. } => Outcome::UsedUp,
                EntryKind::Clock { change: ClockChange::Met { late: false, .. }, .. } => Outcome::Met,
                EntryKind::Clock { change: ClockChange::Breached, .. } => Outcome::Breached,
                _ => return None,
            };
            Some((entry.because?, outcome))
        });
        self.seen.extend(told);
        let pact = view.pact;
        self.see_needs(view);
        for at in 0..pact.scores.len() {
            let given = view.score(ScoreId(at as u32)).clauses.iter().filter(|clause| !clause.points.is_zero());
            self.seen.extend(given.map(|clause| (clause.span, Outcome::Given)));
        }
        for (value, at) in pact.values.iter().zip(0..) {
            let of = if let NamedKind::Grid(grid) = &value.kind { grid.rows } else { ValueId(at) };
            let shown = view.shown(of);
            let word = shown.as_ref().and_then(Value::as_text);
            let reached = bands(value).into_iter().filter(|(_, of)| word == Some(of));
            self.seen.extend(reached.map(|(span, _)| (span, Outcome::CameUp)));
        }
        let chosen = state.assignee.as_ref().and_then(|assignee| assignee.because);
        self.seen.extend(chosen.map(|clause| (clause, Outcome::Chosen)));
    }

    /// Asks the clauses of which some outcome is not reached yet.
    fn see_needs(&mut self, view: &View<'_>) {
        let mut holds: Vec<Option<Verdict>> = vec![None; self.conditions];
        let Self { open, seen, .. } = self;
        open.retain_mut(|of| match view.pact[of.criteria].needs.get(of.at) {
            Some(Need { span, body: NeedBody::Condition(condition), .. }) => {
                let Some(holds) = holds.get_mut(of.condition) else { return true };
                let outcome = outcome_of(*holds.get_or_insert_with(|| view.condition(condition)));
                if of.reached != Some(outcome) {
                    seen.insert((*span, outcome));
                }
                of.reached.replace(outcome).is_none_or(|reached| reached == outcome)
            }
            _ => !view.criteria(of.criteria).needs.get(of.at).is_some_and(|group| both_reached(group, seen)),
        });
    }

    /// How many outcomes there are.
    pub fn total(&self) -> usize {
        self.all.len()
    }

    /// How many of them some test reached.
    pub fn reached(&self) -> usize {
        self.all.intersection(&self.seen).count()
    }

    /// The outcomes that no test reached, in order of place.
    pub fn uncovered(&self, pact: &Pact) -> Vec<Uncovered> {
        let mut left: Vec<_> = self.all.difference(&self.seen).collect();
        left.sort_unstable();
        let uncovered = left.into_iter().map(|(span, outcome)| Uncovered {
            place: pact.sources.place(*span),
            says: pact.sources.says(*span),
            lacks: outcome.words(),
        });
        uncovered.collect()
    }
}

/// The clauses of a band with their words, and the rows of a grid with the words that open them.
fn bands(value: &NamedValue) -> Vec<(Span, &str)> {
    match &value.kind {
        NamedKind::Value(_) => Vec::new(),
        NamedKind::Band(band) => band.words().map(|(word, span)| (span, &**word)).collect(),
        NamedKind::Grid(grid) => grid.cells.iter().map(|row| (row.span, &*row.of)).collect(),
    }
}

fn needs(of: &[Need], all: &mut FxHashSet<(Span, Outcome)>) {
    for need in of {
        all.insert((need.span, Outcome::Holds));
        all.insert((need.span, Outcome::NeverHolds));
        if let NeedBody::Group(inner) = &need.body {
            needs(inner, all);
        }
    }
}

/// The outcome of a clause by what it asks.
fn outcome_of(holds: Verdict) -> Outcome {
    if holds == Verdict::Met { Outcome::Holds } else { Outcome::NeverHolds }
}

/// Adds the outcome of a clause and of those inside it, and whether both of each are reached by now.
fn both_reached(need: &NeedOutcome, seen: &mut FxHashSet<(Span, Outcome)>) -> bool {
    seen.insert((need.span, outcome_of(need.holds)));
    let both = [Outcome::Holds, Outcome::NeverHolds].iter().all(|outcome| seen.contains(&(need.span, *outcome)));
    need.inner.iter().fold(both, |all, inner| both_reached(inner, seen) && all)
}
