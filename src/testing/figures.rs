//! What is expected of figures, over all leads of a test.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::judge::Failure;
use crate::lifecycle::{EntryLog, LeadState};
use crate::measure::{Drift, Figure, FigurePlace, Figures, Series, Standing, measure_report, report_series};
use crate::pact::{DriftNode, Expectation, ExpectationKind, ExpectedFigure, MetricId, Pact, StandingNode};
use crate::replay::ReplayedLead;
use crate::time::Instant;
use crate::value::Value;

/// What came out otherwise than expected of the figures at an instant.
pub(super) fn failures(
    pact: &Pact,
    leads: &[(LeadState, EntryLog)],
    expectations: &[Expectation],
    now: Instant,
) -> Vec<Failure> {
    if !expectations.iter().any(|expectation| expectation.kind.is_of_all()) {
        return Vec::new();
    }
    let all = Series { metrics: (0..pact.metrics.len() as u32).map(MetricId).collect(), ..Series::default() };
    let series = report_series(pact, all, now);
    let mut figures = Figures::default();
    for (state, timeline) in leads {
        let lead = ReplayedLead {
            lead: state.key(pact).into(),
            part: false,
            started: true,
            events: 0,
            duplicates: 0,
            state: state.clone(),
            timeline: timeline.clone(),
        };
        figures.add(pact, &series, &lead);
    }
    let report = measure_report(pact, &figures, &series, &[], now);
    let whole = FigurePlace { period: None, group: None };
    let failure = |expectation: &Expectation| {
        let (expected, got) = match &expectation.kind {
            ExpectationKind::Figure(metric, wanted) => {
                let got = figures.figure(pact, 0, *metric, &whole);
                if got.as_ref().is_some_and(|got| is(got, wanted)) {
                    return None;
                }
                let name = &pact[*metric].name;
                let got = got.map_or_else(|| Standing::NoFigure.words().to_owned(), |got| shown(&got, wanted));
                (format!("{name} {}", written(wanted)), format!("{name} {got}"))
            }
            ExpectationKind::Target(party, metric, wanted) => {
                let name = &pact[*metric].name;
                // the last one told is that of the period that runs
                let of = report.targets.iter().rfind(|target| target.party == *party && target.metric == *name);
                let got = of.map_or(Standing::NoFigure, |target| target.standing);
                if got == standing(*wanted) {
                    return None;
                }
                let say = |standing: Standing| format!("target {party} {name} {}", standing.words());
                (say(standing(*wanted)), say(got))
            }
            ExpectationKind::Watch(metric, wanted) => {
                let name = &pact[*metric].name;
                let of = report.watches.iter().find(|watch| watch.metric == *name);
                let got = of.map_or(Drift::NoFigure, |watch| watch.drift);
                if got == drift(*wanted) {
                    return None;
                }
                let say = |drift: Drift| format!("watch {name} {}", drift.words());
                (say(drift(*wanted)), say(got))
            }
            ExpectationKind::Answer(kind, reason, wanted, clause) => {
                let name = &pact[*kind].name;
                let answers = report.answers.iter().filter(|answer| {
                    let by = |text: &Arc<str>| answer.cause.as_ref().is_some_and(|cause| cause.says.contains(&**text));
                    let is_so = reason.as_ref().is_none_or(|reason| answer.reason.as_deref() == Some(reason));
                    answer.answer == *name && is_so && clause.as_ref().is_none_or(by)
                });
                let got = answers.map(|answer| answer.count).sum::<u64>();
                if i64::try_from(got) == Ok(*wanted) {
                    return None;
                }
                let reason = reason.as_ref().map(|reason| format!(" {reason}")).unwrap_or_default();
                let by = clause.as_ref().map(|clause| format!(" let in by \"{clause}\"")).unwrap_or_default();
                (format!("answer {name}{reason} {wanted}{by}"), format!("answer {name}{reason} {got}{by}"))
            }
            _ => return None,
        };
        let clause = pact.clause(expectation.span);
        Some(Failure { clause, span: expectation.span, expected, got, reasons: Vec::new() })
    };
    expectations.iter().filter_map(failure).collect()
}

fn drift(wanted: DriftNode) -> Drift {
    match wanted {
        DriftNode::Changed => Drift::Changed,
        DriftNode::MayBeChance => Drift::MayBeChance,
        DriftNode::Steady => Drift::Steady,
        DriftNode::NoFigure => Drift::NoFigure,
    }
}

fn standing(wanted: StandingNode) -> Standing {
    match wanted {
        StandingNode::Met => Standing::Met,
        StandingNode::Missed => Standing::Missed,
        StandingNode::OnTrack => Standing::OnTrack,
        StandingNode::Behind => Standing::Behind,
        StandingNode::NoFigure => Standing::NoFigure,
    }
}

/// Whether a figure is what is expected; a share to as many places as are written.
fn is(got: &Figure, wanted: &ExpectedFigure) -> bool {
    match wanted {
        ExpectedFigure::Number(number) => match (got, got.quantity()) {
            (Figure::Time { .. }, _) => false,
            (Figure::Share { .. }, Some((share, _))) => share.round_dp(number.scale()) == *number,
            (_, quantity) => quantity == Some((*number, None)),
        },
        ExpectedFigure::Percent(percent) => {
            hundredths(got).is_some_and(|got| got.round_dp(percent.scale()) == *percent)
        }
        ExpectedFigure::Money(Value::Money(money)) => got.quantity() == Some((money.amount, Some(money.currency))),
        ExpectedFigure::Money(_) => false,
        ExpectedFigure::Duration(duration) => match got {
            Figure::Time { seconds, open_hours, .. } => {
                *seconds == Some(duration.nominal_seconds()) && (*open_hours || !duration.business)
            }
            _ => false,
        },
    }
}

/// A share or a number in hundredths.
fn hundredths(figure: &Figure) -> Option<Decimal> {
    let share = matches!(figure, Figure::Share { .. } | Figure::Number { .. }).then(|| figure.quantity())?;
    share.map(|(share, _)| share * Decimal::ONE_HUNDRED)
}

fn written(wanted: &ExpectedFigure) -> String {
    match wanted {
        ExpectedFigure::Number(number) => number.to_string(),
        ExpectedFigure::Percent(percent) => format!("{percent}%"),
        ExpectedFigure::Money(money) => money.to_string(),
        ExpectedFigure::Duration(duration) => duration.to_string(),
    }
}

/// A figure in the form in which it is expected.
fn shown(got: &Figure, wanted: &ExpectedFigure) -> String {
    match (got, hundredths(got)) {
        (Figure::Share { reached, of, .. }, Some(share)) => {
            let places = if let ExpectedFigure::Percent(percent) = wanted { percent.scale().max(1) } else { 1 };
            format!("{}% ({reached} of {of})", share.round_dp(places).normalize())
        }
        (Figure::Time { seconds: Some(seconds), open_hours, .. }, _) => {
            let unit = if *open_hours { "open seconds" } else { "seconds" };
            format!("{seconds} {unit}")
        }
        (Figure::Amounts { values }, _) => values.iter().map(Value::to_string).collect::<Vec<_>>().join(", "),
        (got, _) => {
            got.quantity().map_or_else(|| Standing::NoFigure.words().to_owned(), |(value, _)| value.to_string())
        }
    }
}
