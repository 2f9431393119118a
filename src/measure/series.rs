//! What is asked of the ways of leads: in which time, of which metrics, split by what.

use super::dimension::Dimension;
use crate::pact::{Expr, MetricId, Period};
use crate::time::Instant;

/// What is asked of the ways of leads.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// From when on something counts; from the beginning when absent.
    pub from: Option<Instant>,
    /// Before when; up to the present when absent.
    pub to: Option<Instant>,
    /// Counted for each such period by itself, too.
    pub period: Option<Period>,
    /// Split by these.
    pub by: Vec<Dimension>,
    /// Which metrics.
    pub metrics: Vec<MetricId>,
    /// Only where this is met at the moment that counts.
    pub condition: Option<Expr>,
}

impl Series {
    /// Whether it is split like another and has the same condition.
    pub(super) fn asks_like(&self, other: &Self) -> bool {
        self.by == other.by && self.condition == other.condition
    }

    /// Whether what is at an instant counts.
    pub(super) fn counts(&self, at: Instant) -> bool {
        self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at < to)
    }
}
