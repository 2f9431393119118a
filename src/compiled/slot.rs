//! Slots: what a compiled pact asks about history, each kept up as events come and time passes.

use super::latest::Latest;
use super::slot_plan::{Keeps, Kept, Moment, SlotPlan};
use super::tally::Tally;
use crate::pact::Verdict;
use crate::record::Event;

/// A slot of a lead.
#[derive(Debug, Clone)]
pub(super) enum Slot {
    /// Nothing of it has happened yet.
    Empty,
    Latest(Latest),
    Tally(Box<Tally>),
    /// What could be kept would not be exact: the reference evaluator is asked.
    Inexact,
}

impl Slot {
    fn begun(plan: &SlotPlan) -> Self {
        match plan.keeps {
            Keeps::Latest | Keeps::LatestPoints(_) => Self::Latest(Latest::default()),
            Keeps::Count | Keeps::Sum(_) | Keeps::Points(_) => Self::Tally(Box::default()),
        }
    }

    /// Takes in an event that has happened; `holds` is what its condition comes to.
    pub(super) fn take(&mut self, plan: &SlotPlan, moment: &Moment<'_>, event: &Event, holds: Verdict) {
        if holds == Verdict::NotMet {
            return;
        }
        if matches!(self, Self::Empty) {
            *self = Self::begun(plan);
        }
        let sure = holds == Verdict::Met;
        let exact = match self {
            Self::Latest(latest) => {
                latest.take(event.at, sure);
                true
            }
            Self::Tally(tally) => tally.take(plan, moment, event, sure),
            Self::Empty | Self::Inexact => true,
        };
        if !exact {
            *self = Self::Inexact;
        }
    }

    /// Brings it up to the instant. Whether what it comes to may be another.
    pub(super) fn pass(&mut self, plan: &SlotPlan, moment: &Moment<'_>) -> bool {
        match self {
            Self::Empty => false,
            Self::Latest(latest) => latest.pass(plan, moment),
            Self::Tally(tally) => tally.pass(plan, moment),
            Self::Inexact => true,
        }
    }

    /// What scores keep of earlier points is another: the lead was recycled.
    pub(super) fn retain(&mut self, plan: &SlotPlan, moment: &Moment<'_>) {
        if let Self::Tally(tally) = self {
            tally.weigh_anew(plan, moment);
        }
    }

    /// What it comes to; none where the reference evaluator must be asked.
    pub(super) fn kept(&self) -> Option<Kept> {
        match self {
            Self::Empty => Some(Kept::default()),
            Self::Latest(latest) => Some(latest.kept()),
            Self::Tally(tally) => Some(tally.kept()),
            Self::Inexact => None,
        }
    }
}
