//! From timelines to the figures that both teams meet over, by the definitions of the pact. Written from
//! `docs/semantics-measures.md`.
//!
//! One pass over leads, each counted by itself. What is counted of several parts adds up in whatever order, exactly.

mod answer;
mod behind;
mod calibration;
mod chance;
mod cohort;
mod comparison;
mod dimension;
mod estimate;
mod evidence;
mod evidence_cohort;
mod evidence_report;
mod evidence_scope;
mod fact;
mod fact_table;
mod figure;
mod figures;
mod interval;
mod journey;
mod leaf;
mod promise;
mod report;
mod review;
mod series;
mod stay;
mod target;
mod times;
mod watch;
mod weighing;

pub use answer::{AnswerReport, SalesAnswer, answers_by_cause, answers_by_route};
pub use behind::{BehindFigure, CountedAs};
pub use calibration::{CalibrationBin, CalibrationReport, calibration_reports, calibration_series};
pub use chance::{chance_of_counts, chance_of_shares};
pub use cohort::{CohortReport, CohortShare, PeriodCohort};
pub use comparison::{compare, series_before};
pub use dimension::{Dimension, MISSING};
pub use estimate::{Estimate, ShareEstimate, estimate, four, share_estimate};
pub use evidence::{CaseRow, EvidenceRows, KeptOutRow};
pub use evidence_cohort::{Cohort, Horizon};
pub use evidence_report::{EvidenceReport, WithinReport};
pub use evidence_scope::{EvidenceScope, Threshold, WeighedClause, WeighedKind};
pub use fact_table::FactTable;
pub use figure::{Counted, Figure, number, wilson};
pub use figures::{FigurePlace, Figures, period_name, period_named};
pub use interval::{Difference, Proportion, Z, z_of_many};
pub use promise::{PromiseOutcomes, PromisePlace, PromiseReport};
pub use report::{FigureReport, MeasureReport, MetricReport, all_metrics, measure_report, report_series};
pub use review::{AgendaReport, ComparedFigure, ProgramReport, ReviewReport, review_report, review_series};
pub use series::Series;
pub use stay::{StageReport, StageStays};
pub use target::{Standing, TargetReport};
pub use times::Times;
pub use watch::{Drift, MovedReport, WatchReport};
pub use weighing::{AlikeEstimate, ClauseWeight, Compared, Relation, Tells, Weighing};
