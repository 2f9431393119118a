//! Cohorts: of those that came in one period, how many had come further after so many days.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::Serialize;

use super::figure::some_number;
use super::figures::{FigurePlace, Figures, period_name};
use super::series::Series;
use crate::pact::{Clause, Measure, Pact};
use crate::replay::next_period;
use crate::time::Instant;

/// After how many days cohorts are looked at.
const DAYS: [i64; 5] = [7, 14, 30, 60, 90];

/// The cohorts of a conversion, one for each period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CohortReport {
    /// The metric.
    pub metric: Arc<str>,
    /// Its definition.
    pub because: Clause,
    /// After how many days they are looked at.
    pub days: Vec<i64>,
    /// The cohorts, the first first.
    pub cohorts: Vec<PeriodCohort>,
}

/// Those that entered the first stage of a conversion in one period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeriodCohort {
    /// The period.
    pub period: String,
    /// Its first day.
    pub starts: NaiveDate,
    /// How many there are.
    pub of: u64,
    /// What became of them after each number of days.
    pub after: Vec<CohortShare>,
}

/// How far a cohort had come after some days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CohortShare {
    /// How many had reached the second stage; absent while somebody of them has not had so many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reached: Option<u64>,
    /// The part of the cohort.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "some_number")]
    pub share: Option<Decimal>,
}

/// The cohorts of the conversions of the first series, where it has a period.
pub(super) fn cohort_reports(pact: &Pact, figures: &Figures, asked: &Series, now: Instant) -> Vec<CohortReport> {
    let Some(period) = asked.period else { return Vec::new() };
    let mut firsts: Vec<NaiveDate> = figures.places(0).iter().filter_map(|place| place.period).collect();
    firsts.dedup();
    let mut reports = Vec::new();
    for metric in &asked.metrics {
        let Measure::Conversion(.., within) = &pact[*metric].measure else { continue };
        let most = within.map_or(i64::MAX, |within| within.nominal_seconds() / 86_400);
        let days: Vec<i64> = DAYS.into_iter().filter(|days| *days <= most).collect();
        let cohort = |first: NaiveDate| {
            let counted = figures.counted(0, *metric, &FigurePlace { period: Some(first), group: None })?;
            let share = |days: &i64| {
                let last = next_period(first, period).checked_add_days(Days::new(days.unsigned_abs()));
                let all_had = last.is_some_and(|last| pact.zone.midnight(last) <= now);
                let reached = all_had.then(|| counted.lags.range(..=days).map(|(_, reached)| reached).sum::<u64>());
                let share = reached.and_then(|reached| Decimal::from(reached).checked_div(Decimal::from(counted.of)));
                CohortShare { reached, share: share.map(|share| share.round_dp(4).normalize()) }
            };
            Some(PeriodCohort {
                period: period_name(first, period, pact.fiscal_start),
                starts: first,
                of: counted.of,
                after: days.iter().map(share).collect(),
            })
        };
        let cohorts: Vec<PeriodCohort> = firsts.iter().filter_map(|first| cohort(*first)).collect();
        if !cohorts.is_empty() && !days.is_empty() {
            let of = &pact[*metric];
            reports.push(CohortReport { metric: of.name.clone(), because: pact.clause(of.span), days, cohorts });
        }
    }
    reports
}
