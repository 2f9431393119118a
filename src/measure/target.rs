//! Targets: what a party answers for, and how it stands.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::Serialize;

use super::figure::{Figure, some_number};
use super::figures::{FigurePlace, Figures, period_name};
use super::series::Series;
use crate::pact::{Clause, Comparison, Level, Measure, MetricTarget, Pact, Period};
use crate::replay::{first_day, next_period};
use crate::time::Instant;
use crate::value::Value;

/// How a target stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetReport {
    /// Who answers for it.
    pub party: Arc<str>,
    /// The figure.
    pub metric: Arc<str>,
    /// The level as it was agreed, such as `>= 300`.
    pub level: String,
    /// What was agreed.
    #[serde(skip)]
    pub agreed: MetricTarget,
    /// The period; absent for a target that counts over all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// What kind of period that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<&'static str>,
    /// What the figure is.
    pub actual: Option<Figure>,
    /// How much of the period is gone, from 0 to 1, by the clock on the wall.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "some_number")]
    pub gone: Option<Decimal>,
    /// Where the figure would be at the end of the period if it went on like this; for what adds up only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlook: Option<Figure>,
    /// How it stands.
    pub standing: Standing,
    /// What keeping it brings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reward: Option<Arc<str>>,
    /// The clause.
    pub because: Clause,
}

/// How a target stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The period is over, or nothing can undo it: the level was reached.
    Met,
    /// The period is over, or nothing can mend it: it was not.
    Missed,
    /// So far as the period is gone, it is where it should be.
    OnTrack,
    /// It is not.
    Behind,
    /// There is no figure.
    NoFigure,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Met, Self::Missed, Self::OnTrack, Self::Behind, Self::NoFigure];

    /// Its stable name, as data has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::OnTrack => "on_track",
            Self::Behind => "behind",
            Self::NoFigure => "no_figure",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::OnTrack => "on track",
            Self::Behind => "behind",
            Self::NoFigure => "no figure",
        }
    }
}

/// What targets ask for: for each kind of period the one that holds the instant and the one before it.
pub fn target_series(pact: &Pact, now: Instant) -> Vec<Series> {
    let series = |target: &MetricTarget| {
        let metrics = vec![target.metric];
        let Some(period) = target.per else { return Series { metrics, ..Series::default() } };
        let this = first_day(pact.zone.date(now), period, pact.fiscal_start);
        let before = this.pred_opt().map_or(this, |day| first_day(day, period, pact.fiscal_start));
        Series { from: Some(pact.zone.midnight(before)), period: Some(period), metrics, ..Series::default() }
    };
    pact.targets.iter().map(series).collect()
}

/// How each target stands at an instant: in the period before, where it has one, and in the one that holds the instant. The
/// series of the targets are those of the figures from the number `first` on.
pub fn target_reports(pact: &Pact, figures: &Figures, first: usize, now: Instant) -> Vec<TargetReport> {
    let mut reports = Vec::new();
    for (at, target) in pact.targets.iter().enumerate() {
        let figure = |period| figures.figure(pact, first + at, target.metric, &FigurePlace { period, group: None });
        let report = |period: Option<String>, actual: Option<Figure>, gone: Option<f64>, over: bool| {
            let adds_up =
                matches!(pact[target.metric].measure, Measure::Entering(..) | Measure::Count(..) | Measure::Sum(..));
            let outlook = gone.filter(|_| adds_up && !over).and_then(|gone| actual.as_ref()?.outlook(gone));
            TargetReport {
                party: target.party.clone(),
                metric: pact[target.metric].name.clone(),
                level: level(pact, target),
                agreed: target.clone(),
                period,
                per: target.per.map(Period::name),
                standing: standing(target, actual.as_ref(), gone.filter(|_| adds_up), over),
                actual,
                gone: gone
                    .filter(|_| !over)
                    .and_then(Decimal::from_f64_retain)
                    .map(|gone| gone.round_dp(4).normalize()),
                outlook,
                reward: target.reward.clone(),
                because: pact.clause(target.span),
            }
        };
        match target.per {
            None => reports.push(report(None, figure(None), None, false)),
            Some(period) => {
                let this = first_day(pact.zone.date(now), period, pact.fiscal_start);
                let before = this.pred_opt().map_or(this, |day| first_day(day, period, pact.fiscal_start));
                let name = |first| Some(period_name(first, period, pact.fiscal_start));
                // what was over before the agreement began was promised by nobody
                if pact.effective.is_none_or(|begins| begins < this) {
                    reports.push(report(name(before), figure(Some(before)), None, true));
                }
                let gone = gone(pact, this, period, now);
                reports.push(report(name(this), figure(Some(this)), Some(gone), false));
            }
        }
    }
    reports
}

/// How much of a period is gone.
fn gone(pact: &Pact, first: chrono::NaiveDate, period: Period, now: Instant) -> f64 {
    let (from, to) = (pact.zone.midnight(first), pact.zone.midnight(next_period(first, period)));
    let whole = to.signed_duration_since(from).num_seconds().max(1);
    (now.signed_duration_since(from).num_seconds() as f64 / whole as f64).clamp(0.0, 1.0)
}

/// The level as the pact says it.
fn level(pact: &Pact, target: &MetricTarget) -> String {
    let sign = match target.comparison {
        Comparison::AtMost => "<=",
        Comparison::More => ">",
        Comparison::Less => "<",
        _ => ">=",
    };
    match &target.level {
        Level::Value(Value::Number(share)) if matches!(pact[target.metric].measure, Measure::Conversion(..)) => {
            format!("{sign} {}%", (share * Decimal::ONE_HUNDRED).normalize())
        }
        Level::Value(value) => format!("{sign} {value}"),
        Level::Duration(duration) => format!("{sign} {duration}"),
    }
}

fn standing(target: &MetricTarget, actual: Option<&Figure>, gone: Option<f64>, over: bool) -> Standing {
    let Some((actual, currency)) = actual.and_then(Figure::quantity) else { return Standing::NoFigure };
    let wanted = match &target.level {
        Level::Duration(duration) => Decimal::from(duration.nominal_seconds()),
        Level::Value(Value::Money(money)) if Some(money.currency) == currency => money.amount,
        Level::Value(Value::Number(number)) if currency.is_none() => *number,
        Level::Value(_) => return Standing::NoFigure,
    };
    let holds = |wanted: Decimal| match target.comparison {
        Comparison::AtMost => actual <= wanted,
        Comparison::More => actual > wanted,
        Comparison::Less => actual < wanted,
        _ => actual >= wanted,
    };
    let least = matches!(target.comparison, Comparison::AtLeast | Comparison::More);
    match (over, gone) {
        (true, _) => {
            if holds(wanted) {
                Standing::Met
            } else {
                Standing::Missed
            }
        }
        // what adds up and has reached its level will not fall below it again; what has passed its bound will not come back
        (false, Some(_)) if least && holds(wanted) => Standing::Met,
        (false, Some(_)) if !least && !holds(wanted) => Standing::Missed,
        (false, Some(gone)) => {
            let share = Decimal::from_f64_retain(gone).unwrap_or_default();
            if holds(wanted * share) { Standing::OnTrack } else { Standing::Behind }
        }
        (false, None) => {
            if holds(wanted) {
                Standing::OnTrack
            } else {
                Standing::Behind
            }
        }
    }
}
