//! The flow of leads: how many entered each stage, where they are lost, and where they stand.

use maud::{Markup, html};
use plotters::prelude::*;

use super::chart::{Beside, Drawn, HOT, INK, LINE, QUIET, SHOWN, WIDTH, chart, key, write};
use super::scroll::table;
use crate::locale::Locale;
use crate::measure::StageReport;
use crate::pact::Pipeline;

/// The height of a stage in the chart.
const STEP: i32 = 42;

/// The stages of each pipeline, as a funnel and as a table.
pub(super) fn flow(locale: &Locale<'_>, stages: &[StageReport]) -> Markup {
    let of = |pipeline: &Pipeline| -> Vec<&StageReport> {
        let reports = pipeline.stages.iter();
        reports.filter_map(|stage| stages.iter().find(|report| report.stage == stage.name)).collect()
    };
    html! {
        @for pipeline in &locale.pact().pipelines {
            @let stages = of(pipeline);
            @if !stages.is_empty() {
                div .flow {
                    (funnel(locale, pipeline, &stages))
                    (stage_table(locale, pipeline, &stages))
                }
            }
        }
    }
}

/// Stages in their order, each as wide as leads entered it.
fn funnel(locale: &Locale<'_>, pipeline: &Pipeline, stages: &[&StageReport]) -> Markup {
    let most = stages.iter().map(|stage| stage.entered).max().unwrap_or(1).max(1);
    let wide = |count: u64| ((count as f64 / most as f64) * f64::from(WIDTH)).round() as i32;
    let draw = |canvas: &super::chart::Canvas<'_>| -> Drawn {
        for (top, stage) in (0..).step_by(STEP as usize).zip(stages) {
            let bar = |from: i32, to: i32, colour: RGBColor| {
                Rectangle::new([(from, top + 20), (to.max(from + 1), top + 34)], colour.filled())
            };
            let name = locale.name(&stage.stage);
            write(canvas, &name, (0, top + 9), Beside::Start, INK)?;
            let count = locale.count(stage.entered);
            write(canvas, &count, (WIDTH as i32, top + 9), Beside::End, QUIET)?;
            let ends = pipeline.stages.iter().any(|known| known.name == stage.stage && known.is_final);
            canvas.draw(&bar(0, WIDTH as i32, LINE))?;
            if stage.entered > 0 {
                canvas.draw(&bar(0, wide(stage.entered), if ends { QUIET } else { SHOWN }))?;
            }
            if stage.still > 0 {
                canvas.draw(&bar(wide(stage.entered - stage.still.min(stage.entered)), wide(stage.entered), HOT))?;
            }
        }
        Ok(())
    };
    let said: Vec<String> =
        stages.iter().map(|stage| format!("{} {}", locale.name(&stage.stage), locale.count(stage.entered))).collect();
    let label = locale.fill("How many entered each stage: {0}", &[&said.join(", ")]);
    html! {
        figure .funnel {
            (chart(STEP as u32 * stages.len() as u32, &label, draw))
            figcaption {
                (key("shown", locale.say("entered")))
                (key("hot", locale.say("still there")))
                (key("quiet", locale.say("ended")))
            }
        }
    }
}

fn stage_table(locale: &Locale<'_>, pipeline: &Pipeline, stages: &[&StageReport]) -> Markup {
    let heads = [
        locale.say("stage"),
        locale.say("entered"),
        locale.say("on"),
        locale.say("back"),
        locale.say("still there"),
        locale.say("half left within"),
        locale.say("9 of 10 within"),
        locale.say("longest there"),
    ];
    let time = |seconds: Option<i64>| seconds.map(|seconds| locale.span(seconds, false)).unwrap_or_default();
    let row = |stage: &&StageReport| -> Vec<Markup> {
        let counts = [stage.entered, stage.on, stage.back, stage.still];
        let mut row = vec![html! { bdi { (locale.name(&stage.stage)) } }];
        row.extend(counts.map(|count| html! { (locale.count(count)) }));
        row.extend([stage.median, stage.ninety].map(|seconds| html! { (time(seconds)) }));
        row.push(html! { (time(stage.oldest)) @if let Some(lead) = &stage.lead { " " bdi .lead { (lead) } } });
        row
    };
    let caption =
        if pipeline.description.is_empty() { locale.name(&pipeline.name) } else { (&*pipeline.description).into() };
    table(&caption, &heads, &stages.iter().map(row).collect::<Vec<_>>())
}
