//! A figure through time, with what was agreed.

use chrono::NaiveDate;
use maud::{Markup, html};
use plotters::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::chart::{AGREED, Beside, Drawn, INK, LETTER, LINE, QUIET, SHOWN, Scale, WIDTH, chart, key, plane, write};
use super::scroll::table;
use crate::locale::Locale;
use crate::measure::{Figure, FigureReport, MetricReport, TargetReport, period_name};
use crate::pact::{Level, Measure, Period};
use crate::replay::next_period;
use crate::value::Value;

/// So many periods are drawn, the last ones; the table has all.
const MOST: usize = 36;

/// A figure of one period; none where there is none, or nothing was counted.
struct Step<'r> {
    name: String,
    figure: Option<&'r Figure>,
}

/// A metric by period: the chart and its table. Nothing for less than two periods.
pub(super) fn trend(
    locale: &Locale<'_>,
    metric: &MetricReport,
    period: Period,
    targets: &[TargetReport],
    of_now: Option<NaiveDate>,
) -> Markup {
    let steps = steps(locale, metric, period);
    if steps.len() < 2 {
        return html! {};
    }
    let name = locale.name(&metric.name);
    let agreed = targets.iter().rev().find(|target| target.metric == metric.name);
    let adds_up = locale.pact().metric(&metric.name).is_some_and(|metric| {
        matches!(locale.pact()[metric].measure, Measure::Entering(..) | Measure::Count(..) | Measure::Sum(..))
    });
    let level = agreed.and_then(|target| level(target, period, adds_up));
    let drawn = steps.get(steps.len().saturating_sub(MOST)..).unwrap_or_default();
    let unit = Unit::of(drawn, level);
    let label = locale.fill(
        "{0} by period: from {1} to {2}",
        &[
            &name,
            &drawn.first().map(|step| step.name.clone()).unwrap_or_default(),
            &steps.last().map(|step| format!("{}, {}", step.name, locale.figure(step.figure))).unwrap_or_default(),
        ],
    );
    let running = of_now.is_some();
    let draw = |canvas: &super::chart::Canvas<'_>| -> Drawn {
        let drawing = Drawing { locale, steps: drawn, unit, level, adds_up, running };
        drawing.draw(canvas)
    };
    let rows: Vec<Vec<Markup>> = steps
        .iter()
        .map(|step| {
            let cells = [step.name.clone(), locale.figure(step.figure), locale.beside(step.figure)];
            cells.map(|cell| html! { (cell) }).into()
        })
        .collect();
    let heads = [locale.say("period"), locale.say("figure"), locale.say("counted")];
    html! {
        figure .trend {
            (chart(170, &label, draw))
            @if let Some(target) = agreed.filter(|_| level.is_some()) {
                figcaption { (key("agreed", &format!("{}: {}", locale.say("agreed"), locale.level(target)))) }
            }
        }
        details { summary { (locale.say("By period")) } (table(&format!("{name}: {}", locale.say("By period")), &heads, &rows)) }
    }
}

/// The periods of a metric from the first to the last, none left out.
fn steps<'r>(locale: &Locale<'_>, metric: &'r MetricReport, period: Period) -> Vec<Step<'r>> {
    let whole: Vec<&FigureReport> =
        metric.figures.iter().filter(|figure| figure.starts.is_some() && figure.group.is_empty()).collect();
    let starts = |figure: Option<&&FigureReport>| figure.and_then(|figure| figure.starts);
    let (Some(mut day), Some(last)) = (starts(whole.first()), starts(whole.last())) else { return Vec::new() };
    let mut steps = Vec::new();
    while day <= last {
        let figure = whole.iter().find(|figure| figure.starts == Some(day)).and_then(|figure| figure.figure.as_ref());
        steps.push(Step { name: period_name(day, period, locale.pact().fiscal_start), figure });
        let next = next_period(day, period);
        if next <= day {
            break;
        }
        day = next;
    }
    steps
}

/// What was agreed for a period of the chart: that of the target, or its part where what adds up is agreed for a longer or
/// shorter one.
fn level(target: &TargetReport, period: Period, adds_up: bool) -> Option<Decimal> {
    let level = match &target.agreed.level {
        Level::Value(Value::Number(number)) => *number,
        Level::Value(Value::Money(money)) => money.amount,
        Level::Duration(duration) => Decimal::from(duration.nominal_seconds()),
        Level::Value(_) => return None,
    };
    let months = |period| match period {
        Period::Month => Some(Decimal::ONE),
        Period::Quarter => Some(Decimal::from(3)),
        Period::Year => Some(Decimal::from(12)),
        Period::Day | Period::Week => None,
    };
    match target.agreed.per {
        _ if !adds_up => Some(level),
        Some(per) if per == period => Some(level),
        Some(per) => (level * months(period)?).checked_div(months(per)?),
        None => None,
    }
}

/// In what a scale counts.
#[derive(Clone, Copy)]
enum Unit {
    One,
    Share,
    /// Seconds of a unit of time, and its name.
    Time(f64, &'static str),
}

impl Unit {
    fn of(steps: &[Step<'_>], level: Option<Decimal>) -> Self {
        let figures = || steps.iter().filter_map(|step| step.figure);
        if figures().any(|figure| matches!(figure, Figure::Share { .. })) {
            return Self::Share;
        }
        if !figures().any(|figure| matches!(figure, Figure::Time { .. })) {
            return Self::One;
        }
        let open = figures().any(|figure| matches!(figure, Figure::Time { open_hours: true, .. }));
        let most = figures().filter_map(place).chain(level.and_then(|level| level.to_f64())).fold(0.0, f64::max);
        match most {
            most if most >= 172_800.0 && !open => Self::Time(86_400.0, "d"),
            most if most >= 7200.0 => Self::Time(3600.0, "h"),
            _ => Self::Time(60.0, "min"),
        }
    }

    /// A figure on the scale.
    fn place(self, value: f64) -> f64 {
        match self {
            Self::Time(seconds, _) => value / seconds,
            Self::One | Self::Share => value,
        }
    }
}

/// A figure on a scale of its own unit.
fn place(figure: &Figure) -> Option<f64> {
    figure.quantity().and_then(|(quantity, _)| quantity.to_f64())
}

struct Drawing<'d, 'r> {
    locale: &'d Locale<'d>,
    steps: &'d [Step<'r>],
    unit: Unit,
    level: Option<Decimal>,
    adds_up: bool,
    /// Whether the last period runs still.
    running: bool,
}

impl Drawing<'_, '_> {
    fn draw(&self, canvas: &super::chart::Canvas<'_>) -> Drawn {
        let level = self.level.and_then(|level| level.to_f64()).map(|level| self.unit.place(level));
        let values: Vec<Option<f64>> =
            self.steps.iter().map(|step| step.figure.and_then(place).map(|value| self.unit.place(value))).collect();
        let highs = self.steps.iter().filter_map(|step| match step.figure {
            Some(Figure::Share { high, .. }) => high.to_f64(),
            _ => None,
        });
        let most = values.iter().flatten().copied().chain(level).chain(highs).fold(0.0, f64::max);
        let most = if most > 0.0 { most * 1.08 } else { 1.0 };
        let called = |value: f64| self.called(value);
        let wide = self.steps.len() as f64;
        let mut chart = plane(canvas, wide, &Scale { most, called: &called }, 22)?;
        if self.adds_up {
            chart.draw_series(values.iter().enumerate().filter_map(|(at, value)| {
                let (from, to) = (at as f64 + 0.16, at as f64 + 0.84);
                let sure = if self.running && at + 1 == self.steps.len() { 0.5 } else { 1.0 };
                value.map(|value| Rectangle::new([(from, 0.0), (to, value)], SHOWN.mix(sure).filled()))
            }))?;
        } else {
            chart.draw_series(self.steps.iter().enumerate().filter_map(|(at, step)| match step.figure {
                Some(Figure::Share { low, high, .. }) => {
                    let x = at as f64 + 0.5;
                    Some(PathElement::new([(x, low.to_f64()?), (x, high.to_f64()?)], LINE.stroke_width(5)))
                }
                _ => None,
            }))?;
            let points: Vec<(f64, f64)> =
                values.iter().enumerate().filter_map(|(at, value)| Some((at as f64 + 0.5, (*value)?))).collect();
            chart.draw_series(LineSeries::new(points.iter().copied(), SHOWN.stroke_width(2)))?;
            chart.draw_series(points.iter().map(|point| Circle::new(*point, 3, SHOWN.filled())))?;
        }
        if let Some(level) = level {
            chart.draw_series(LineSeries::new([(0.0, level), (wide, level)], AGREED.stroke_width(2)))?;
        }
        let last = values.iter().rposition(Option::is_some);
        if let Some((at, value)) = last.and_then(|at| Some((at, values.get(at).copied().flatten()?))) {
            let text = self.steps.get(at).map(|step| self.locale.figure(step.figure)).unwrap_or_default();
            let (x, y) = chart.backend_coord(&(at as f64 + 0.84, value));
            write(canvas, &text, (x, y - 5), Beside::AboveEnd, INK)?;
        }
        // the first, the last, and as many between as there is room for
        let every = self.steps.len().div_ceil(5).max(1);
        for (at, step) in self.steps.iter().enumerate() {
            if (self.steps.len() - 1 - at).is_multiple_of(every) {
                let (x, y) = chart.backend_coord(&(at as f64 + 0.5, 0.0));
                let half = (step.name.chars().count() as u32 * LETTER / 2) as i32;
                let (x, beside) =
                    if x + half > WIDTH as i32 { (WIDTH as i32, Beside::BelowEnd) } else { (x, Beside::Below) };
                write(canvas, &step.name, (x, y + 6), beside, QUIET)?;
            }
        }
        Ok(())
    }

    /// Whether all figures are counts.
    fn whole(&self) -> bool {
        self.steps.iter().all(|step| matches!(step.figure, None | Some(Figure::Count { .. })))
    }

    /// What a place on the scale is called.
    fn called(&self, value: f64) -> String {
        let number = Decimal::from_f64_retain(value).unwrap_or_default().round_dp(2).normalize();
        match self.unit {
            // there is no half of a lead
            Unit::One if self.whole() && !number.is_integer() => String::new(),
            Unit::One => self.locale.number(number),
            Unit::Share => self.locale.percent(number),
            Unit::Time(_, unit) => format!("{} {}", self.locale.number(number), self.locale.say(unit)),
        }
    }
}
