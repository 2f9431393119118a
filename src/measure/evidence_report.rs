//! What the clauses of a pact tell of who comes, as data.

use std::sync::Arc;

use serde::Serialize;

use super::estimate::{ShareEstimate, share_estimate};
use super::evidence::EvidenceRows;
use super::evidence_cohort::{Cohort, Horizon};
use super::evidence_scope::{EvidenceScope, WeighedKind};
use super::interval::Proportion;
use super::weighing::{ClauseWeight, Weighing};
use crate::pact::{Clause, Pact};
use crate::time::Instant;

/// What happened, held against the clauses of a pact by one conversion.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EvidenceReport {
    /// The metric.
    pub metric: Arc<str>,
    /// Its clause.
    pub because: Clause,
    /// The stage that was entered, and the one that was come to.
    pub stages: (Arc<str>, Arc<str>),
    /// How long a round had to come: as the metric says, or as nine of ten needed that came.
    pub within: Option<WithinReport>,
    /// How many of those that entered, and had that time, came.
    pub share: ShareEstimate,
    /// How many have not had the time yet.
    pub young: u64,
    /// What the clauses tell.
    pub clauses: Vec<ClauseWeight>,
}

/// How long a round had to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WithinReport {
    /// Seconds; of a time in days or months as it is usually.
    pub seconds: i64,
    /// Whether the metric says so.
    pub said: bool,
}

impl EvidenceReport {
    /// What the rounds of a conversion tell of the clauses, as of an instant. Where nobody came yet they tell nothing.
    pub fn of(pact: &Pact, scope: &EvidenceScope, rows: &EvidenceRows, now: Instant) -> Self {
        let metric = &pact[scope.metric];
        let mut report = Self {
            metric: metric.name.clone(),
            because: pact.clause(metric.span),
            stages: (pact[scope.from].name.clone(), pact[scope.to].name.clone()),
            within: None,
            share: share_estimate(Proportion::default()),
            young: rows.cases.len() as u64,
            clauses: Vec::new(),
        };
        let Some(horizon) = Horizon::of(scope.within, rows) else { return report };
        let cohort = Cohort::new(rows, horizon, now, &pact.zone);
        let weighing = Weighing::new(scope, &cohort);
        let clauses = scope.clauses.iter().enumerate();
        let weighed = clauses.filter(|(_, clause)| !matches!(clause.kind, WeighedKind::OneOf(..)));
        report.within = Some(match horizon {
            Horizon::Said(within) => WithinReport { seconds: within.nominal_seconds(), said: true },
            Horizon::Usual(seconds) => WithinReport { seconds, said: false },
        });
        (report.share, report.young) = (share_estimate(cohort.all()), cohort.young);
        report.clauses = weighed.filter_map(|(at, _)| weighing.weight(pact, scope, at)).collect();
        report
    }
}
