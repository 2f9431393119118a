//! From timelines to the figures that both teams meet over, by the definitions of the pact. Written from
//! `docs/semantics-measures.md`.
//!
//! One pass over leads, each counted by itself. What is counted of several parts adds up in whatever order, exactly.

mod case;
mod dimension;
mod figure;
mod figures;
mod report;
mod target;

pub use dimension::{Dimension, MISSING};
pub use figure::{Counted, Figure, wilson};
pub use figures::{FigurePlace, Figures, Series, period_name};
pub use report::{FigureReport, MeasureReport, MetricReport, measure_report};
pub use target::{Standing, TargetReport, target_reports, target_series};
