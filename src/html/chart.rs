//! Charts, drawn by `plotters`.
//!
//! A chart is a picture for those who see it, with a sentence for those who do not, and a table beside it. Colours are
//! roles: what is drawn has numbers for them, and the style sheet says what each is in the light and in the dark.

use maud::{Markup, PreEscaped, html};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Text.
pub(super) const INK: RGBColor = RGBColor(0, 0, 1);
/// Text that says less.
pub(super) const QUIET: RGBColor = RGBColor(0, 0, 2);
/// Lines to look along, and intervals.
pub(super) const LINE: RGBColor = RGBColor(0, 0, 3);
/// What is shown.
pub(super) const SHOWN: RGBColor = RGBColor(0, 0, 4);
/// What wants to be looked at.
pub(super) const HOT: RGBColor = RGBColor(0, 0, 5);
/// What was agreed; the style sheet draws its lines dashed.
pub(super) const AGREED: RGBColor = RGBColor(0, 0, 6);

/// How wide a chart is by itself: it is shown as wide as there is room, and no narrower than a telephone.
pub(super) const WIDTH: u32 = 360;

/// How wide a letter of a scale is, about.
pub(super) const LETTER: u32 = 7;

/// A drawing.
pub(super) type Canvas<'c> = DrawingArea<SVGBackend<'c>, Shift>;

/// What drawing comes to.
pub(super) type Drawn = std::result::Result<(), Box<dyn std::error::Error>>;

/// A chart that says `label` to those who do not see it.
pub(super) fn chart(height: u32, label: &str, draw: impl FnOnce(&Canvas<'_>) -> Drawn) -> Markup {
    let mut svg = String::new();
    let canvas = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
    let drawn = draw(&canvas).is_ok() && canvas.present().is_ok();
    drop(canvas);
    // within a page a drawing takes its size and its name from there
    let inside = svg.split_once('>').and_then(|(_, rest)| rest.trim_end().strip_suffix("</svg>"));
    match inside.filter(|_| drawn) {
        Some(inside) => html! {
            svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(label) { (PreEscaped(inside)) }
        },
        None => html! {},
    }
}

/// What a colour of a chart stands for.
pub(super) fn key(role: &str, text: &str) -> Markup {
    html! { span .key { i .(role) {} bdi { (text) } } " " }
}

/// Where a text stands beside its point.
#[derive(Clone, Copy)]
pub(super) enum Beside {
    /// Begins there, its middle at that height.
    Start,
    /// Ends there, its middle at that height.
    End,
    /// Below, its middle there.
    Below,
    /// Below, ending there.
    BelowEnd,
    /// Above, ending there.
    AboveEnd,
}

/// Writes a text.
pub(super) fn write(canvas: &Canvas<'_>, text: &str, at: (i32, i32), beside: Beside, colour: RGBColor) -> Drawn {
    let (across, down) = match beside {
        Beside::Start => (HPos::Left, VPos::Center),
        Beside::End => (HPos::Right, VPos::Center),
        Beside::Below => (HPos::Center, VPos::Top),
        Beside::BelowEnd => (HPos::Right, VPos::Top),
        Beside::AboveEnd => (HPos::Right, VPos::Bottom),
    };
    let style = ("sans-serif", 14).into_font().color(&colour).pos(Pos::new(across, down));
    canvas.draw(&Text::new(text.to_owned(), at, style))?;
    Ok(())
}

/// Values up to a height, with lines to look along and what each stands for.
pub(super) struct Scale<'s> {
    /// The height of all.
    pub(super) most: f64,
    /// What a value is called.
    pub(super) called: &'s dyn Fn(f64) -> String,
}

/// A plane whose x goes from 0 to `wide`, with a scale at its left side and room for `below` pixels of text.
pub(super) fn plane<'a, 'c: 'a>(
    canvas: &'a Canvas<'c>,
    wide: f64,
    scale: &Scale<'_>,
    below: u32,
) -> std::result::Result<
    ChartContext<
        'a,
        SVGBackend<'c>,
        Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
    >,
    Box<dyn std::error::Error>,
> {
    let letters = (scale.called)(scale.most.ceil()).chars().count().max(4) as u32;
    let mut chart = ChartBuilder::on(canvas)
        .margin_top(18)
        .margin_right(6)
        .y_label_area_size(letters * LETTER + 12)
        .margin_bottom(below)
        .build_cartesian_2d(0.0..wide, 0.0..scale.most)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .disable_x_axis()
        .y_labels(4)
        .y_max_light_lines(0)
        .bold_line_style(LINE)
        .axis_style(TRANSPARENT)
        .y_label_formatter(&|value| (scale.called)(*value))
        .label_style(("sans-serif", 14).into_font().color(&QUIET))
        .draw()?;
    Ok(chart)
}
