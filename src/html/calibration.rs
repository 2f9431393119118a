//! Whether points tell: a conversion by the points that leads had when they came.

use maud::{Markup, html};
use plotters::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::chart::{Beside, Drawn, LINE, QUIET, SHOWN, Scale, chart, key, plane, write};
use super::definition::head_of;
use super::scroll::table;
use crate::locale::Locale;
use crate::measure::{CalibrationReport, Figure};

/// Each conversion by each score.
pub(super) fn calibrations(locale: &Locale<'_>, reports: &[CalibrationReport]) -> Markup {
    html! {
        div .cards { @for report in reports { (calibration(locale, report)) } }
    }
}

fn calibration(locale: &Locale<'_>, report: &CalibrationReport) -> Markup {
    let (metric, score) = (locale.name(&report.metric), locale.name(&report.score));
    let title = locale.fill("{0} by {1}", &[&metric, &score]);
    let shares: Vec<Bin<'_>> =
        report.bins.iter().filter_map(|bin| Bin::of(&bin.points, bin.figure.as_ref()?)).collect();
    let rows: Vec<Vec<Markup>> = report
        .bins
        .iter()
        .map(|bin| {
            let figure = bin.figure.as_ref();
            [bin.points.clone(), locale.figure(figure), locale.beside(figure)].map(|cell| html! { (cell) }).into()
        })
        .collect();
    let heads = [locale.say("points"), locale.say("figure"), locale.say("counted")];
    html! {
        article .card {
            h3 { bdi { (title) } }
            figure .calibration {
                (chart(190, &title, |canvas| draw(locale, canvas, &shares)))
                figcaption {
                    (key("shown", locale.say("share that came so far")))
                    (key("line", locale.say("what it may be")))
                    p { (locale.say("below: the points from which on, and how many leads")) }
                }
            }
            details { summary { (locale.say("By points")) } (table(&title, &heads, &rows)) }
            (head_of(&report.because))
        }
    }
}

/// A bin, as it is drawn.
struct Bin<'r> {
    from: &'r str,
    of: u64,
    share: f64,
    low: f64,
    high: f64,
}

impl<'r> Bin<'r> {
    fn of(points: &'r str, figure: &Figure) -> Option<Self> {
        let Figure::Share { value, of, low, high, .. } = figure else { return None };
        let from = points.split(' ').next()?;
        Some(Self { from, of: *of, share: value.to_f64()?, low: low.to_f64()?, high: high.to_f64()? })
    }
}

fn draw(locale: &Locale<'_>, canvas: &super::chart::Canvas<'_>, bins: &[Bin<'_>]) -> Drawn {
    let called = |value: f64| locale.percent(Decimal::from_f64_retain(value).unwrap_or_default().round_dp(2));
    let mut chart = plane(canvas, bins.len().max(1) as f64, &Scale { most: 1.0, called: &called }, 38)?;
    let middle = |at: usize| at as f64 + 0.5;
    chart.draw_series(
        bins.iter()
            .enumerate()
            .map(|(at, bin)| PathElement::new([(middle(at), bin.low), (middle(at), bin.high)], LINE.stroke_width(6))),
    )?;
    chart.draw_series(
        bins.iter().enumerate().map(|(at, bin)| Circle::new((middle(at), bin.share), 4, SHOWN.filled())),
    )?;
    for (at, bin) in bins.iter().enumerate() {
        let (x, y) = chart.backend_coord(&(middle(at), 0.0));
        write(canvas, bin.from, (x, y + 6), Beside::Below, QUIET)?;
        write(canvas, &locale.count(bin.of), (x, y + 22), Beside::Below, QUIET)?;
    }
    Ok(())
}
