//! `leadpact report`: the figures that both teams meet over.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _, Write};

use clap::Args;
use rust_decimal::Decimal;

use super::common::{Language, instant, width};
use super::event_files::EventFiles;
use super::figures::{Look, Sheet, bar, group_cell};
use super::workspace::Rules;
use super::{Exit, say};
use crate::diagnostic::none_named;
use crate::html::report_page;
use crate::io::{Layout, TextTable};
use crate::load::condition;
use crate::locale::Locale;
use crate::measure::{
    Dimension, EvidenceReport, EvidenceScope, Figure, FigureReport, MeasureReport, MetricReport, Series, StageReport,
    all_metrics, calibration_reports, calibration_series, compare, measure_report, report_series, series_before,
};
use crate::pact::{MetricId, Pact, Period};

/// Report the pact's figures: metrics, by period and by whatever they are split by, and how targets stand
///
/// Events are read and replayed as by `replay`; `docs/semantics-measures.md` says what each figure means.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  leadpact report rules/acme rules/acme/events.ndjson
  leadpact report rules/acme rules/acme/events.ndjson --period month --by lead_source
  leadpact report rules/acme rules/acme/events.ndjson --by person --format markdown
  leadpact report rules/acme rules/acme/events.ndjson --metric acceptance --evidence")]
pub(super) struct Report {
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    files: EventFiles,
    /// As of this instant: what happened after it has not happened yet; the last event of all when absent
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// What is counted from this instant on
    #[arg(long, value_name = "INSTANT")]
    from: Option<String>,
    /// What is counted before this instant
    #[arg(long, value_name = "INSTANT")]
    to: Option<String>,
    /// Each such period by itself, too
    #[arg(long, value_name = "PERIOD")]
    period: Option<Every>,
    /// Split by these: fields, bands, scores in bins of ten points, `stage`, `owner`, `team`, `person`, `queue`, `round`, `program.kind`, `program.name`,
    /// `disposition`, or a property of events such as `lost.reason`
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    by: Vec<String>,
    /// Only what meets this condition at the moment that counts, as `where` of the rule language has it
    #[arg(long = "where", value_name = "CONDITION")]
    condition: Option<String>,
    /// These metrics only
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    metric: Vec<String>,
    /// Beside each figure the one of as long a time before `--from`, and the change
    #[arg(long, requires = "from")]
    compare: bool,
    /// What each clause of the pact tells of who comes, by the conversions that are told
    #[arg(long)]
    evidence: bool,
    /// A bar beside each figure of a period or group, as long as its part of the largest; on a terminal always
    #[arg(long)]
    bars: bool,
    /// What comes out: `table` for people, one line for each figure in `csv`, all of it in `json`; `markdown` for a page;
    /// `html` for one with charts, by month unless `--period` says otherwise
    #[arg(long, value_name = "FORMAT")]
    format: Option<OutputFormat>,
    /// Cells of `csv` as they are, for programs. Otherwise a cell that a spreadsheet would take for a formula begins with `'`
    #[arg(long)]
    raw: bool,
    #[command(flatten)]
    language: Language,
}

/// A period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Every {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// What comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum OutputFormat {
    Table,
    Csv,
    Json,
    Markdown,
    Html,
}

impl Report {
    pub(super) fn run(mut self) -> io::Result<Exit> {
        let workspace = self.rules.workspace_before(&mut self.files.events)?;
        let Some(workspace) = workspace else { return Ok(Exit::CannotRun) };
        let Some(pact) = workspace.pact() else { return Ok(Exit::CannotRun) };
        let locale = self.language.locale(&pact)?;
        let until = self.at.as_deref().map(|text| instant(text, &pact)).transpose()?;
        let mut asked = self.series(&pact)?;
        if let Some(text) = &self.condition {
            match condition(&pact, "--where", text) {
                Ok(condition) => asked.condition = Some(condition),
                Err(refused) => {
                    say::findings(&refused.sources, &refused.diagnostics);
                    return Ok(Exit::CannotRun);
                }
            }
        }
        let format = workspace.format(self.format, "report").unwrap_or(OutputFormat::Table);
        if format == OutputFormat::Html {
            asked.period = asked.period.or(Some(Period::Month));
        }
        let (gathered, remarks) = self.files.gather(&workspace, &pact)?;
        let now = until.unwrap_or_else(|| gathered.latest());
        let before = Some(&asked).filter(|_| self.compare).and_then(|asked| series_before(&pact, asked, now));
        let mut series = report_series(&pact, asked.clone(), now);
        let first = series.len();
        if matches!(format, OutputFormat::Html | OutputFormat::Json) {
            series.extend(calibration_series(&pact, &asked));
        }
        let calibrated = first..series.len();
        series.extend(before.clone());
        let scopes: Vec<EvidenceScope> = match self.evidence {
            true => asked.metrics.iter().filter_map(|metric| EvidenceScope::of(&pact, *metric)).collect(),
            false => Vec::new(),
        };
        let (figures, rows) = self.files.count(&pact, gathered, until, &series, &scopes)?;
        let mut report = measure_report(&pact, &figures, &series, &self.by, now);
        let told = scopes.iter().zip(&rows).map(|(scope, rows)| EvidenceReport::of(&pact, scope, rows, now));
        report.evidence = told.filter(|evidence| !evidence.clauses.is_empty()).collect();
        if !calibrated.is_empty() {
            report.calibrations = calibration_reports(&pact, &figures, calibrated.start, &asked);
        }
        if let Some(before) = &before {
            compare(&mut report, &pact, &figures, (calibrated.end, before), &self.by);
        }
        if !self.metric.is_empty() {
            report.only(&self.metric);
        }
        let mut out = Vec::new();
        match format {
            OutputFormat::Json => say::data(&(serde_json::to_string_pretty(&report)? + "\n"))?,
            OutputFormat::Html => {
                let period = asked.period.unwrap_or(Period::Month);
                if !self.metric.is_empty() {
                    report.stages.clear();
                    report.promises.clear();
                    report.answers.clear();
                }
                say::page(report_page(&locale.for_people(), &report, period).as_bytes())?;
            }
            OutputFormat::Csv => {
                csv(&report, &self.by, (self.compare, self.raw), &mut out)?;
                io::stdout().lock().write_all(&out)?;
            }
            OutputFormat::Markdown | OutputFormat::Table => {
                let terminal = io::stdout().is_terminal();
                let (look, bars) = match format {
                    OutputFormat::Markdown => (Look::Markdown, self.bars),
                    _ => (Look::Aligned(terminal.then(width)), self.bars || terminal),
                };
                let mut sheet = Sheet { out: &mut out, look, locale: &locale };
                if !report.metrics.is_empty() {
                    let shown = Shown { by: &self.by, bars, compare: self.compare };
                    metrics(&mut sheet, &report, shown)?;
                }
                if !report.stages.is_empty() && self.metric.is_empty() {
                    let rows: Vec<Vec<String>> = report.stages.iter().map(|stage| stage_row(&locale, stage)).collect();
                    sheet.table(&sheet.heads(&STAGES), &rows)?;
                    sheet.promises(&self.by, &report.promises)?;
                    sheet.answers(&report.answers)?;
                }
                sheet.targets(&report.targets)?;
                sheet.watches(&report.watches)?;
                sheet.evidence(&report.evidence)?;
                say::page(&out)?;
            }
        }
        if self.evidence && report.evidence.is_empty() && !self.files.quiet {
            errln!(
                "note: no clause is weighed: evidence is about metrics such as `mql -> sal`, and about points and what the \
                 moves into the first stage ask for"
            );
        }
        if report.metrics.is_empty() && !self.files.quiet {
            errln!("note: the pact has no `metric`: it counts none");
        }
        Ok(remarks.show())
    }

    /// What is asked.
    fn series(&self, pact: &Pact) -> io::Result<Series> {
        let wrong = |why: String| io::Error::new(io::ErrorKind::InvalidInput, why);
        let at = |text: &Option<String>| text.as_deref().map(|text| instant(text, pact)).transpose();
        let by = self.by.iter().map(|name| Dimension::named(pact, name).map_err(wrong));
        let metric = |name: &String| {
            let names = || pact.metric_items().map(|metric| &*metric.name);
            pact.metric(name).ok_or_else(|| wrong(none_named("metric", name, names())))
        };
        let named: Vec<MetricId> = self.metric.iter().map(metric).collect::<io::Result<_>>()?;
        let (from, to) = (at(&self.from)?, at(&self.to)?);
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            return Err(wrong("`--from` does not lie before `--to`: there is nothing to count".to_owned()));
        }
        Ok(Series {
            from,
            to,
            period: self.period.map(|every| match every {
                Every::Day => Period::Day,
                Every::Week => Period::Week,
                Every::Month => Period::Month,
                Every::Quarter => Period::Quarter,
                Every::Year => Period::Year,
            }),
            by: by.collect::<io::Result<_>>()?,
            metrics: if named.is_empty() { all_metrics(pact) } else { named },
            condition: None,
        })
    }
}

/// What the table of metrics shows.
#[derive(Clone, Copy)]
struct Shown<'s> {
    by: &'s [String],
    bars: bool,
    compare: bool,
}

/// A row for each figure.
fn metrics(sheet: &mut Sheet<'_>, report: &MeasureReport, shown: Shown<'_>) -> io::Result<()> {
    let locale = sheet.locale;
    let bars = shown.bars && report.metrics.iter().any(|metric| metric.figures.len() > 1);
    let mut header = sheet.heads(&["metric", "period"]);
    header.extend(shown.by.iter().map(|name| locale.dimension(name).into_owned()));
    header.extend(sheet.heads(&["figure", ""]));
    header.extend(bars.then(String::new));
    if shown.compare {
        header.extend(sheet.heads(&["before", "change"]));
    }
    let row = |metric: &MetricReport, largest: &BTreeMap<(bool, bool), Decimal>, figure: &FigureReport| {
        let period = figure.period.clone().unwrap_or_else(|| locale.say("all").to_owned());
        let mut row = vec![locale.name(&metric.name).into_owned(), period];
        row.extend(shown.by.iter().map(|name| group_cell(locale, figure.group.get(name))));
        row.extend([locale.figure(figure.figure.as_ref()), locale.beside(figure.figure.as_ref())]);
        let part = || quantity(figure)?.checked_div(*largest.get(&scale(figure))?);
        row.extend(bars.then(|| part().map(bar).unwrap_or_default()));
        if shown.compare {
            let is_whole = figure.period.is_none();
            row.push(if is_whole { locale.figure(figure.before.as_ref()) } else { String::new() });
            row.push(figure.change.map(|change| locale.change(change)).unwrap_or_default());
        }
        row
    };
    let rows = report.metrics.iter().flat_map(|metric| {
        let largest = largest(metric);
        metric.figures.iter().map(|figure| row(metric, &largest, figure)).collect::<Vec<_>>()
    });
    sheet.table(&header, &rows.collect::<Vec<_>>())
}

/// Figures of a metric that are drawn on one scale: those of all periods, of all groups, or of the groups of all periods.
fn scale(figure: &FigureReport) -> (bool, bool) {
    (figure.period.is_some(), figure.group.is_empty())
}

fn quantity(figure: &FigureReport) -> Option<Decimal> {
    Some(figure.figure.as_ref()?.quantity()?.0)
}

/// The largest figure on each scale; the whole stands on none.
fn largest(metric: &MetricReport) -> BTreeMap<(bool, bool), Decimal> {
    let mut largest: BTreeMap<(bool, bool), Decimal> = BTreeMap::new();
    for figure in metric.figures.iter().filter(|figure| scale(figure) != (false, true)) {
        if let Some(quantity) = quantity(figure) {
            largest.entry(scale(figure)).and_modify(|most| *most = quantity.max(*most)).or_insert(quantity);
        }
    }
    largest
}

/// The columns of stages.
const STAGES: [&str; 8] =
    ["stage", "entered", "on", "back", "still there", "half left within", "9 of 10 within", "longest there"];

fn stage_row(locale: &Locale<'_>, stage: &StageReport) -> Vec<String> {
    let time = |seconds: Option<i64>| seconds.map(|seconds| locale.span(seconds, false)).unwrap_or_default();
    let oldest = stage.lead.as_ref().map(|lead| format!("{}, {lead}", time(stage.oldest)));
    let mut row = vec![locale.name(&stage.stage).into_owned()];
    row.extend([stage.entered, stage.on, stage.back, stage.still].map(|count| locale.count(count)));
    row.extend([time(stage.median), time(stage.ninety), oldest.unwrap_or_default()]);
    row
}

/// One line for each figure, in numbers for programs.
fn csv(report: &MeasureReport, by: &[String], (compare, raw): (bool, bool), out: &mut impl Write) -> io::Result<()> {
    let columns = ["metric", "period"].map(str::to_owned).into_iter().chain(by.iter().cloned());
    let columns = columns.chain(["value", "unit", "of", "open", "low", "high"].map(str::to_owned));
    let columns = columns.chain(["before", "change"].map(str::to_owned).into_iter().filter(|_| compare));
    let mut table = TextTable::new(out, Layout::Csv { raw }, columns)?;
    for metric in &report.metrics {
        for figure in &metric.figures {
            let mut row = vec![metric.name.to_string(), figure.period.clone().unwrap_or_default()];
            row.extend(by.iter().map(|name| figure.group.get(name).cloned().unwrap_or_default()));
            row.extend(numbers(figure.figure.as_ref()));
            if compare {
                let [before, ..] = numbers(figure.before.as_ref());
                row.extend([before, figure.change.map(|change| change.to_string()).unwrap_or_default()]);
            }
            table.push(&row)?;
        }
    }
    table.finish()
}

fn numbers(figure: Option<&Figure>) -> [String; 6] {
    let none = String::new;
    match figure {
        Some(Figure::Share { value, of, open, low, high, .. }) => {
            [value.to_string(), "share".into(), of.to_string(), open.to_string(), low.to_string(), high.to_string()]
        }
        Some(Figure::Time { seconds, open_hours, of, open, .. }) => {
            let unit = if *open_hours { "open seconds" } else { "seconds" };
            let seconds = seconds.map(|seconds| seconds.to_string()).unwrap_or_default();
            [seconds, unit.into(), of.to_string(), open.to_string(), none(), none()]
        }
        Some(figure) => {
            let (value, currency) = figure.quantity().unwrap_or_default();
            let unit = currency.map(|currency| currency.to_string()).unwrap_or_default();
            [value.to_string(), unit, none(), none(), none(), none()]
        }
        None => [none(), none(), none(), none(), none(), none()],
    }
}
