//! A score summed up over its clauses.

use super::asked::Asked;
use super::billionths::{Points, range};
use super::points::{PointsTerm, ScoreRangeOutcome};
use super::slot_plan::Origin;
use crate::eval::{View, points_by_place};
use crate::pact::{ScoreId, Verdict};
use rust_decimal::Decimal;

impl Asked<'_> {
    /// Sums up a score, in billionths where all of its points are of whole numbers.
    pub(super) fn sum_up(&mut self, plan: u32) -> ScoreRangeOutcome {
        let compiled = self.compiled;
        let Some(score) = compiled.scores.get(plan as usize) else { return ScoreRangeOutcome::default() };
        let mut total = [Points::default(); 3];
        for group in &score.groups {
            let mut of_group = [Points::default(); 3];
            for term in &group.terms {
                for (sum, points) in of_group.iter_mut().zip(self.term(score.id, term)) {
                    *sum = sum.plus(points);
                }
            }
            for (sum, of_group) in total.iter_mut().zip(of_group) {
                *sum = sum.plus(of_group.capped(group.cap));
            }
        }
        let range = self.pact[score.id].range;
        let [points, low, high] = total.map(|total| total.whole(range));
        let outcome = ScoreRangeOutcome { points, low, high };
        // what it would be at another instant it is not
        if let Some(place) = self.memory.scores.get_mut(plan as usize).filter(|_| self.tried.is_none()) {
            *place = outcome;
        }
        outcome
    }

    /// What a clause gives: for sure, at least and at most.
    fn term(&mut self, score: ScoreId, term: &PointsTerm) -> [Points; 3] {
        match term {
            PointsTerm::Always(full) => [Points::of(*full); 3],
            PointsTerm::When(full, condition) => match self.check(*condition, None) {
                Verdict::Met => [Points::of(*full); 3],
                Verdict::NotMet => [Points::default(); 3],
                Verdict::Unknown => range(Points::default(), Points::of(*full)),
            },
            PointsTerm::Events { slot, at_most } => match self.kept(*slot) {
                Some(kept) => {
                    let capped = |points: i128| Points::Billionths(points).capped(*at_most);
                    range(capped(kept.sure), capped(kept.possible))
                }
                None => match self.compiled.slots.get(*slot as usize).map(|plan| &plan.origin) {
                    Some(Origin::Points(group, position)) => self.clause(score, *group, *position, false),
                    _ => [Points::default(); 3],
                },
            },
            PointsTerm::Reference { group, position, sure } => self.clause(score, *group, *position, *sure),
            PointsTerm::Computed { holds, amount, surely } => {
                let verdict = holds.map_or(Verdict::Met, |node| self.check(node, None));
                let (low, high) = self.value(*amount, None).bounds().unwrap_or_default();
                let (points, low, high) = match verdict {
                    Verdict::NotMet => Default::default(),
                    Verdict::Met => {
                        let (least, most) = self.value(*surely, None).bounds().unwrap_or_default();
                        (Decimal::ZERO.clamp(least.min(most), most.max(least)), low, high)
                    }
                    Verdict::Unknown => (Decimal::ZERO, low.min(Decimal::ZERO), high.max(Decimal::ZERO)),
                };
                [points, low, high].map(Points::Exact)
            }
        }
    }

    /// A clause by the reference evaluator.
    fn clause(&self, score: ScoreId, group: usize, position: usize, sure: bool) -> [Points; 3] {
        let view = View::new(self.pact, self.record, self.at);
        let view = if sure { view.surely() } else { &view };
        let outcome = points_by_place(view, score, group, position);
        outcome.map_or([Points::default(); 3], |outcome| [outcome.points, outcome.low, outcome.high].map(Points::Exact))
    }
}
