//! A slot that keeps the latest event, and the latest that counts for sure.

use super::slot_plan::{Keeps, Kept, Moment, SlotPlan};
use super::weights::weight;
use crate::time::Instant;

/// The latest events of a slot.
#[derive(Debug, Clone, Default)]
pub(super) struct Latest {
    sure: Option<Instant>,
    any: Option<Instant>,
    kept: Kept,
}

impl Latest {
    pub(super) fn take(&mut self, at: Instant, sure: bool) {
        self.any = Some(at);
        if sure {
            self.sure = Some(at);
        }
    }

    /// Brings it up to the instant. Whether what it comes to is another.
    pub(super) fn pass(&mut self, plan: &SlotPlan, moment: &Moment<'_>) -> bool {
        let worth = |latest: Option<Instant>| match (&plan.keeps, latest.filter(|at| moment.holds(*at))) {
            (_, None) => 0,
            (Keeps::LatestPoints(points), Some(at)) => i128::from(points.full) * i128::from(weight(points, moment, at)),
            (_, Some(_)) => 1,
        };
        let kept = Kept { sure: worth(self.sure), possible: worth(self.any), unsure: 0 };
        std::mem::replace(&mut self.kept, kept) != kept
    }

    /// Of points, what is left of them; else whether there is one, as 1.
    pub(super) fn kept(&self) -> Kept {
        self.kept
    }
}
