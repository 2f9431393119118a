//! The evidence for the clauses of a pact by one conversion, and the edits that it speaks for.

use std::io;

use rust_decimal::Decimal;
use serde::Serialize;

use super::bands::ScoreBands;
use super::candidates::{Backing, Candidate, CandidateReason, Search, backing};
use super::near_misses::NearMisses;
use super::trial::{Objection, Trial};
use crate::load::load;
use crate::measure::{
    Cohort, Estimate, EvidenceReport, EvidenceRows, EvidenceScope, Horizon, ShareEstimate, Weighing, estimate, four,
    number, share_estimate,
};
use crate::pact::{Clause, Pact, Sign};
use crate::testing;
use crate::time::Instant;
use crate::world::World;

/// In the earlier part at least so many came, and as many did not.
const FEWEST_EARLIER: u64 = 20;

/// In the later part likewise.
const FEWEST_LATER: u64 = 10;

/// What happened, held against the clauses of a pact.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TuningReport {
    /// What the clauses tell.
    #[serde(flatten)]
    pub evidence: EvidenceReport,
    /// Up to when things have happened.
    pub at: String,
    /// Whether anything is asked of those that enter.
    pub gated: bool,
    /// Who came, by bands of what has to reach a number.
    pub bands: Vec<ScoreBands>,
    /// Those who were kept out.
    pub near_misses: Option<NearMisses>,
    /// Where the history is parted.
    pub parted: Option<PartedReport>,
    /// Why nothing is suggested, where there is too little to go by.
    pub too_few: Option<TooFewReport>,
    /// Edits that the earlier part speaks for, and the later one not against.
    pub suggestions: Vec<Suggestion>,
    /// Those that are not suggested, though the earlier part speaks for them.
    pub passed_over: Vec<Suggestion>,
}

/// How the history is parted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PartedReport {
    /// When the later part begins.
    pub at: String,
    /// Those that entered before.
    pub earlier: ShareEstimate,
    /// Those that entered from then on.
    pub later: ShareEstimate,
    /// How many comparisons were made in the earlier part; all of them together hold in 19 of 20 cases.
    pub comparisons: usize,
    /// A difference of less than so much is none.
    #[serde(serialize_with = "number")]
    pub margin: Decimal,
}

/// Too little to go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TooFewReport {
    /// In the earlier part so many came and so many did not, in the later part likewise.
    pub there: [u64; 4],
    /// At least so many are wanted.
    pub wanted: [u64; 4],
}

/// An edit, what speaks for it, and what it would have done.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Suggestion {
    /// What is suggested.
    pub kind: SuggestionKind,
    /// The clause.
    pub because: Clause,
    /// The number that would stand there, of a threshold.
    pub number: Option<String>,
    /// What speaks for it in the earlier part.
    pub earlier: BackingReport,
    /// The same in the later part.
    pub later: BackingReport,
    /// What the later part says to it.
    pub verified: Verified,
    /// The edit, as `git apply` takes it in the folder of the rules.
    pub diff: String,
    /// Why it is not suggested, of those that are not.
    pub objection: Option<Objection>,
    /// What it would have done in the later part.
    pub trial: Option<Trial>,
    /// The tests of the pact that pass, and would no longer.
    pub failing: Vec<std::sync::Arc<str>>,
}

/// What is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SuggestionKind {
    /// Points go that tell nothing.
    DropPoints,
    /// Points go that tell the opposite.
    DropOppositePoints,
    /// A threshold is raised that lets too much through.
    RaiseThreshold,
    /// A threshold is lowered that keeps out who would come.
    LowerThreshold,
    /// A need goes that keeps out who would come.
    DropNeed,
}

/// What a later part says to what was found in an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verified {
    /// The same.
    Holds,
    /// Nothing against it, and too little for it.
    Unsure,
    /// The opposite.
    Contradicted,
}

/// Two sides, and their difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BackingReport {
    /// Those with the clause, above the number, or kept out.
    pub first: Option<ShareEstimate>,
    /// Those without it, below the number, or all that entered.
    pub second: Option<ShareEstimate>,
    /// The difference; of points among leads that are alike.
    pub difference: Option<Estimate>,
    /// In how many other clauses they are alike.
    pub alike_in: usize,
}

/// Holds what happened against the clauses of a pact. `recount` replays the history by an edited pact.
///
/// # Errors
/// When the history cannot be read again.
pub fn tune(
    tuned: Tuned<'_>,
    rows: &EvidenceRows,
    recount: &mut dyn FnMut(&Pact, &EvidenceScope) -> io::Result<EvidenceRows>,
) -> io::Result<TuningReport> {
    let Tuned { pact, scope, now, later, .. } = tuned;
    let mut report = TuningReport {
        evidence: EvidenceReport::of(pact, scope, rows, now),
        at: pact.zone.rfc3339(now),
        gated: scope.is_gated(),
        bands: Vec::new(),
        near_misses: None,
        parted: None,
        too_few: None,
        suggestions: Vec::new(),
        passed_over: Vec::new(),
    };
    let Some(horizon) = Horizon::of(scope.within, rows) else { return Ok(report) };
    let cohort = Cohort::new(rows, horizon, now, &pact.zone);
    report.bands = ScoreBands::of(pact, scope, &cohort);
    report.near_misses = NearMisses::of(pact, scope, &cohort);

    let (earlier, after, Some(cut)) = cohort.parted(later) else { return Ok(report) };
    let parts = [&earlier, &after].map(|part| part.all());
    let there = [parts[0].reached, parts[0].of - parts[0].reached, parts[1].reached, parts[1].of - parts[1].reached];
    let wanted = [FEWEST_EARLIER, FEWEST_EARLIER, FEWEST_LATER, FEWEST_LATER];
    if there.iter().zip(wanted).any(|(there, wanted)| *there < wanted) {
        report.too_few = Some(TooFewReport { there, wanted });
        return Ok(report);
    }
    let (weighing, weighing_after) = (Weighing::new(scope, &earlier), Weighing::new(scope, &after));
    let search = Search { pact, scope, cohort: &earlier, weighing: &weighing };
    let check = Search { cohort: &after, weighing: &weighing_after, ..search };
    let (candidates, comparisons) = search.candidates();
    report.parted = Some(PartedReport {
        at: pact.zone.rfc3339(cut),
        earlier: share_estimate(parts[0]),
        later: share_estimate(parts[1]),
        comparisons,
        margin: four(weighing.margin()),
    });
    let passing = passing(pact, tuned.world);
    for candidate in candidates {
        let Some(reworded) = candidate.edit.make(&pact.sources, tuned.world) else { continue };
        let Some(clause) = scope.clauses.get(candidate.clause) else { continue };
        let edited = load(&reworded, tuned.environment).pact;
        let (before, after_backing) = (backing(&search, &candidate), backing(&check, &candidate));
        let mut suggestion = Suggestion {
            kind: kind(&candidate),
            because: pact.clause(clause.span),
            number: number_of(&candidate).map(|number| number.to_string()),
            earlier: before.report(&candidate),
            later: after_backing.report(&candidate),
            verified: verified(&candidate, after_backing, weighing.margin()),
            diff: reworded.diff(),
            objection: None,
            trial: None,
            failing: Vec::new(),
        };
        suggestion.objection = match edited {
            None => Some(Objection::DoesNotCheck),
            Some(_) if suggestion.verified == Verified::Contradicted => Some(Objection::Contradicted),
            Some(edited) => {
                let rows_edited = recount(&edited, &scope.bare())?;
                let judged = Cohort::new(&rows_edited, horizon, now, &pact.zone);
                let trial = Trial::new(pact, scope, &after, rows, (&rows_edited, &judged));
                let objection = trial.objection(scope.is_gated());
                suggestion.failing = failing(&edited, &reworded, &passing);
                suggestion.trial = Some(trial);
                objection
            }
        };
        let to = if suggestion.objection.is_none() { &mut report.suggestions } else { &mut report.passed_over };
        to.push(suggestion);
    }
    Ok(report)
}

/// What is tuned, and how.
#[derive(Clone, Copy)]
pub struct Tuned<'t> {
    /// The pact.
    pub pact: &'t Pact,
    /// Its files.
    pub world: &'t dyn World,
    /// The environment whose params hold.
    pub environment: Option<&'t str>,
    /// The conversion, with the clauses that are weighed.
    pub scope: &'t EvidenceScope,
    /// Up to when things have happened.
    pub now: Instant,
    /// How large a share of the history is the later part, in which edits are judged.
    pub later: f64,
}

/// The places of the tests that pass; an edit moves none to another number.
fn passing(pact: &Pact, world: &dyn World) -> Vec<bool> {
    testing::run(pact, world, None).results.iter().map(|result| result.failures.is_empty()).collect()
}

/// The tests that passed, and no longer do.
fn failing(edited: &Pact, world: &dyn World, passing: &[bool]) -> Vec<std::sync::Arc<str>> {
    let results = testing::run(edited, world, None).results;
    let passed = results.iter().zip(passing).filter(|(result, passed)| **passed && !result.failures.is_empty());
    passed.map(|(result, _)| result.name.clone()).collect()
}

impl Backing {
    fn report(self, candidate: &Candidate) -> BackingReport {
        let sides = self.sides.map(|(first, second)| (share_estimate(first), share_estimate(second)));
        let (first, second) = sides.unzip();
        let alike_in = match &candidate.reason {
            CandidateReason::TellsNothing(alike_in, _) | CandidateReason::TellsOpposite(alike_in, _) => alike_in.len(),
            _ => 0,
        };
        BackingReport { first, second, difference: self.difference.map(estimate), alike_in }
    }
}

fn kind(candidate: &Candidate) -> SuggestionKind {
    match candidate.reason {
        CandidateReason::TellsNothing(..) => SuggestionKind::DropPoints,
        CandidateReason::TellsOpposite(..) => SuggestionKind::DropOppositePoints,
        CandidateReason::TooLow(..) => SuggestionKind::RaiseThreshold,
        CandidateReason::TooHigh(..) => SuggestionKind::LowerThreshold,
        CandidateReason::KeepsOut => SuggestionKind::DropNeed,
    }
}

fn number_of(candidate: &Candidate) -> Option<Decimal> {
    match candidate.reason {
        CandidateReason::TooLow(_, number) | CandidateReason::TooHigh(_, number) => Some(number),
        _ => None,
    }
}

/// What the later part says.
fn verified(candidate: &Candidate, later: Backing, margin: f64) -> Verified {
    let Some(difference) = later.difference else { return Verified::Unsure };
    let (sure, above) = (!difference.may_be_none(), difference.value > 0.0);
    let matters = difference.value.abs() >= margin;
    // that there is a difference in a direction must be found again; that there is none that matters must not be refuted
    let found_again = |above_is_wanted: bool| match (above == above_is_wanted, sure) {
        (true, true) => Verified::Holds,
        (true, false) => Verified::Unsure,
        (false, _) => Verified::Contradicted,
    };
    let not_refuted = |refuted: bool, close: bool| match (refuted, close) {
        (true, _) => Verified::Contradicted,
        (false, true) => Verified::Holds,
        (false, false) => Verified::Unsure,
    };
    match &candidate.reason {
        CandidateReason::TooLow(..) => found_again(true),
        CandidateReason::TellsOpposite(_, sign) => found_again(*sign == Sign::Taken),
        CandidateReason::TellsNothing(_, sign) => {
            let tells_as_it_says = sign.is_none_or(|sign| (sign == Sign::Given) == above);
            not_refuted(sure && matters && tells_as_it_says, difference.is_within(margin))
        }
        CandidateReason::TooHigh(..) | CandidateReason::KeepsOut => {
            not_refuted(sure && matters && !above, difference.low >= -margin)
        }
    }
}
