//! Edits that the earlier part of the history speaks for.

use rust_decimal::Decimal;

use super::near_misses::lacks_alone;
use super::reworded::RuleEdit;
use crate::measure::{
    CaseRow, Cohort, Difference, EvidenceScope, KeptOutRow, Proportion, Threshold, WeighedKind, Weighing, Z, z_of_many,
};
use crate::pact::{Pact, Sign};

/// On each side of a number there are at least so many rounds.
const FEWEST: u64 = 20;

/// Of those that a need keeps out, at least so many came all the same.
const FEWEST_WHO_CAME: u64 = 5;

/// For each threshold, at most so many other numbers are tried.
const MOST_NUMBERS: usize = 20;

/// An edit of the rules, and what speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The edit.
    pub edit: RuleEdit,
    /// The clause, by position among those that are weighed.
    pub clause: usize,
    /// What speaks for it.
    pub reason: CandidateReason,
}

/// What speaks for an edit.
#[derive(Debug, Clone, PartialEq)]
pub enum CandidateReason {
    /// Points for what makes no difference among leads alike in these clauses.
    TellsNothing(Vec<usize>, Option<Sign>),
    /// Points for what makes the opposite difference among leads alike in these clauses.
    TellsOpposite(Vec<usize>, Sign),
    /// A threshold, by position, lets those below a number through, who come much less often.
    TooLow(usize, Decimal),
    /// A threshold, by position, keeps those from a number on out, who come as often.
    TooHigh(usize, Decimal),
    /// A need keeps those out who lack it alone, and they come as often.
    KeepsOut,
}

/// A comparison that an edit rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Backing {
    /// The two sides.
    pub(super) sides: Option<(Proportion, Proportion)>,
    /// The first less the second.
    pub(super) difference: Option<Difference>,
}

/// How the edits of a pact are looked for in a cohort.
pub(super) struct Search<'s, 'e> {
    pub(super) pact: &'s Pact,
    pub(super) scope: &'s EvidenceScope,
    pub(super) cohort: &'s Cohort<'e>,
    pub(super) weighing: &'s Weighing,
}

impl Search<'_, '_> {
    /// All edits that are spoken for though so much is compared, and how many comparisons that were.
    pub(super) fn candidates(&self) -> (Vec<Candidate>, usize) {
        let points: Vec<(usize, Option<Sign>)> = self.points().collect();
        let raised: Vec<(usize, Decimal)> = self.numbers(true);
        let lowered: Vec<(usize, Decimal)> = self.numbers(false);
        let needs: Vec<usize> = self.needs().collect();
        let comparisons = points.len() + raised.len() + lowered.len() + needs.len();
        let z = z_of_many(comparisons);
        let mut found: Vec<Candidate> = Vec::new();
        for (at, threshold) in self.scope.thresholds.iter().enumerate() {
            let of = |numbers: &[(usize, Decimal)]| -> Vec<Decimal> {
                numbers.iter().filter(|(of, _)| *of == at).map(|(_, number)| *number).collect()
            };
            let number = self.too_low(at, threshold, &of(&raised), z).map(|number| CandidateReason::TooLow(at, number));
            let number = number.or_else(|| {
                self.too_high(at, threshold, &of(&lowered), z).map(|number| CandidateReason::TooHigh(at, number))
            });
            let to = match &number {
                Some(CandidateReason::TooLow(_, number) | CandidateReason::TooHigh(_, number)) => number.to_string(),
                _ => continue,
            };
            let edit = RuleEdit::with(threshold.span, to);
            found.extend(number.map(|reason| Candidate { edit, clause: threshold.clause, reason }));
        }
        for (clause, sign) in points {
            let compared = self.weighing.compare(clause);
            if compared.inseparable.is_some() {
                continue;
            }
            let alike_in = compared.alike_in;
            let Some(difference) = self.weighing.difference(clause, &alike_in, z) else { continue };
            let reason = match sign {
                Some(sign @ Sign::Given) if difference.high < 0.0 => CandidateReason::TellsOpposite(alike_in, sign),
                Some(sign @ Sign::Taken) if difference.low > 0.0 => CandidateReason::TellsOpposite(alike_in, sign),
                _ if self.tells_nothing(clause, &alike_in, difference) => CandidateReason::TellsNothing(alike_in, sign),
                _ => continue,
            };
            let span = self.scope.clauses.get(clause).map(|clause| RuleEdit::without(clause.span));
            found.extend(span.map(|edit| Candidate { edit, clause, reason }));
        }
        for clause in needs {
            let kept = self.cohort.kept(|row| lacks_alone(row, clause));
            if self.came_as_often(kept, z) && !found.iter().any(|other| other.clause == clause) {
                let edit = self.scope.clauses.get(clause).map(|clause| RuleEdit::without(clause.span));
                found.extend(edit.map(|edit| Candidate { edit, clause, reason: CandidateReason::KeepsOut }));
            }
        }
        (found, comparisons)
    }

    /// Whether a difference that is told so surely is small, and may be none when it is told as surely as by itself.
    fn tells_nothing(&self, clause: usize, alike_in: &[usize], difference: Difference) -> bool {
        let alone = self.weighing.difference(clause, alike_in, Z);
        difference.is_within(self.weighing.margin()) && alone.is_some_and(Difference::may_be_none)
    }

    /// The points clauses that can be compared.
    fn points(&self) -> impl Iterator<Item = (usize, Option<Sign>)> {
        let clauses = self.scope.clauses.iter().enumerate();
        clauses.filter_map(|(at, clause)| match clause.kind {
            WeighedKind::Points(_, sign) => {
                let has = |row: &CaseRow| row.levels.get(at).is_some_and(|level| *level > 0);
                let with = self.cohort.part(has).of;
                (with > 0 && with < self.cohort.all().of).then_some((at, sign))
            }
            _ => None,
        })
    }

    /// The needs that keep somebody out by themselves.
    fn needs(&self) -> impl Iterator<Item = usize> {
        let clauses = self.scope.clauses.iter().enumerate();
        let needs = clauses.filter(|(_, clause)| matches!(clause.kind, WeighedKind::Need(_))).map(|(at, _)| at);
        needs.filter(|at| self.cohort.kept(|row| lacks_alone(row, *at)).of > 0)
    }

    /// For each threshold, other numbers that leads have: above it of those that entered, below it of those that it alone kept
    /// out.
    fn numbers(&self, above: bool) -> Vec<(usize, Decimal)> {
        let mut all = Vec::new();
        for (at, threshold) in self.scope.thresholds.iter().enumerate() {
            // what a person wrote in another way than the number is, such as `10K`, is left alone
            if self.pact.sources.text(threshold.span) != threshold.least.to_string() {
                continue;
            }
            let worth = |worth: &[Option<Decimal>]| worth.get(at).copied().flatten();
            let mut numbers: Vec<Decimal> = if above {
                let cases = self.cohort.cases.iter().filter_map(|(row, _)| worth(&row.worth));
                cases.filter(|number| *number > threshold.least).collect()
            } else {
                let alone = self.cohort.kept_out.iter().filter(|(row, _)| lacks_alone(row, threshold.clause));
                let kept = alone.filter_map(|(row, _)| worth(&row.worth));
                kept.filter(|number| threshold.inclusive && *number < threshold.least).collect()
            };
            numbers.iter_mut().for_each(|number| *number = number.normalize());
            numbers.sort_unstable();
            numbers.dedup();
            let (of, most) = (numbers.len(), MOST_NUMBERS.min(numbers.len()));
            all.extend((0..most).filter_map(|nth| Some((at, *numbers.get(nth * of / most)?))));
        }
        all
    }

    /// The number below which those that entered came much less often: of all such that with which both sides differ most.
    fn too_low(&self, at: usize, threshold: &Threshold, numbers: &[Decimal], z: f64) -> Option<Decimal> {
        let differs = |number: &Decimal| {
            let (above, below) = sides(self.cohort, at, threshold, *number);
            let enough = above.of.min(below.of) >= FEWEST;
            let much = below.share() <= above.share() / 2.0;
            let sure = Difference::of(above, below, z).is_some_and(|difference| difference.low > 0.0);
            (enough && much && sure).then(|| (chi_square(above, below), *number))
        };
        let best = numbers.iter().filter_map(differs).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        best.map(|(_, number)| number)
    }

    /// The lowest number from which on those that the threshold alone kept out came as often as those that entered.
    fn too_high(&self, at: usize, threshold: &Threshold, numbers: &[Decimal], z: f64) -> Option<Decimal> {
        let fits = |number: &&Decimal| {
            let kept = self.cohort.kept(|row| would_enter(row, at, threshold, **number));
            self.came_as_often(kept, z)
        };
        numbers.iter().find(fits).copied()
    }

    /// Whether those that were kept out came as often as those that entered, or nearly so.
    fn came_as_often(&self, kept: Proportion, z: f64) -> bool {
        let difference = Difference::of(kept, self.cohort.all(), z);
        let as_often = difference.is_some_and(|difference| difference.low >= -self.weighing.margin());
        kept.of >= FEWEST && kept.reached >= FEWEST_WHO_CAME && as_often
    }
}

/// What an edit rests on, in a cohort.
pub(super) fn backing(search: &Search<'_, '_>, candidate: &Candidate) -> Backing {
    let (cohort, scope) = (search.cohort, search.scope);
    let between = |first: Proportion, second: Proportion| Backing {
        sides: Some((first, second)),
        difference: Difference::of(first, second, Z),
    };
    let alike = |alike_in: &[usize]| {
        let has = |row: &CaseRow| row.levels.get(candidate.clause).is_some_and(|level| *level > 0);
        Backing {
            sides: Some((cohort.part(has), cohort.part(|row| !has(row)))),
            difference: search.weighing.difference(candidate.clause, alike_in, Z),
        }
    };
    let none = Backing { sides: None, difference: None };
    match &candidate.reason {
        CandidateReason::TellsNothing(alike_in, _) | CandidateReason::TellsOpposite(alike_in, _) => alike(alike_in),
        CandidateReason::TooLow(at, number) => scope.thresholds.get(*at).map_or(none, |threshold| {
            let (above, below) = sides(cohort, *at, threshold, *number);
            between(above, below)
        }),
        CandidateReason::TooHigh(at, number) => scope.thresholds.get(*at).map_or(none, |threshold| {
            between(cohort.kept(|row| would_enter(row, *at, threshold, *number)), cohort.all())
        }),
        CandidateReason::KeepsOut => between(cohort.kept(|row| lacks_alone(row, candidate.clause)), cohort.all()),
    }
}

/// Those that entered and reach a number, and those that reach the threshold alone.
fn sides(cohort: &Cohort<'_>, at: usize, threshold: &Threshold, number: Decimal) -> (Proportion, Proportion) {
    let reaches = |row: &CaseRow, least: Decimal| {
        row.worth.get(at).copied().flatten().is_some_and(|worth| threshold.reaches(worth, least))
    };
    let above = cohort.part(|row| reaches(row, number));
    (above, cohort.part(|row| reaches(row, threshold.least) && !reaches(row, number)))
}

/// Whether a round lacked the threshold alone, and would not lack another number.
fn would_enter(row: &KeptOutRow, at: usize, threshold: &Threshold, number: Decimal) -> bool {
    let worth = row.worth.get(at).copied().flatten();
    lacks_alone(row, threshold.clause) && worth.is_some_and(|worth| threshold.reaches(worth, number))
}

/// How much two shares differ, for their size.
fn chi_square(a: Proportion, b: Proportion) -> f64 {
    let all = a.and(b).share();
    let spread = all * (1.0 - all);
    let part = |of: Proportion| of.of as f64 * (of.share() - all).powi(2);
    if spread > 0.0 { (part(a) + part(b)) / spread } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_shares_differ_as_chi_square_says() {
        // 10 of 20 beside 5 of 20: as `prop.test(c(10, 5), c(20, 20), correct = FALSE)` of R gives it
        let difference = chi_square(Proportion { reached: 10, of: 20 }, Proportion { reached: 5, of: 20 });
        assert!((difference - 2.666_666_7).abs() < 1e-6);
        assert_eq!(chi_square(Proportion::default(), Proportion::default()), 0.0);
    }
}
