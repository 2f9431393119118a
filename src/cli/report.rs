//! `leadpact report`: the figures that both teams meet over.

use std::io::{self, IsTerminal as _, Write};
use std::sync::{Mutex, PoisonError};

use clap::Args;

use super::Exit;
use super::common::{instant, width};
use super::event_files::EventFiles;
use super::workspace::Rules;
use crate::explain::span;
use crate::io::{Layout, TextTable};
use crate::measure::{
    Dimension, Figure, FigureReport, Figures, MeasureReport, MetricReport, Series, Standing, TargetReport,
    measure_report, target_series,
};
use crate::pact::{MetricId, Pact, Period};
use crate::replay::{ReplayedLead, replay};
use crate::value::Value;

/// Report the pact's figures: metrics, by period and by whatever they are split by, and how targets stand
///
/// Events are read and replayed as by `replay`; `docs/semantics-measures.md` says what each figure means.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  leadpact report rules/acme rules/acme/events.ndjson
  leadpact report rules/acme rules/acme/events.ndjson --period month --by lead_source
  leadpact report rules/acme rules/acme/events.ndjson --by person --format markdown")]
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
    /// Split by these: fields, or `stage`, `owner`, `team`, `person`, `queue`, `round`, `program.kind`, `program.name`
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    by: Vec<String>,
    /// These metrics only
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    metric: Vec<String>,
    /// What comes out: `table` for people, one line for each figure in `csv`, all of it in `json`; `markdown` for a page
    #[arg(long, value_name = "FORMAT")]
    format: Option<OutputFormat>,
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
}

impl Report {
    pub(super) fn run(mut self) -> io::Result<Exit> {
        let workspace = self.rules.workspace_before(&mut self.files.events)?;
        let Some(workspace) = workspace else { return Ok(Exit::CannotRun) };
        let Some(pact) = workspace.pact() else { return Ok(Exit::CannotRun) };
        let until = self.at.as_deref().map(|text| instant(text, &pact)).transpose()?;
        let asked = self.series(&pact)?;
        let format = workspace.format(self.format, "report").unwrap_or(OutputFormat::Table);
        let (gathered, remarks) = self.files.gather(&workspace, &pact)?;
        let now = until.unwrap_or_else(|| gathered.latest());
        let mut series = vec![asked];
        series.extend(target_series(&pact, now));
        let total: Mutex<Figures> = Mutex::default();
        let count = |replayed: &ReplayedLead, _: &mut Vec<u8>| {
            let mut figures = Figures::default();
            figures.add(&pact, &series, replayed);
            total.lock().unwrap_or_else(PoisonError::into_inner).merge(figures);
            Ok(())
        };
        let mut options = self.files.options(until);
        options.known = true;
        replay(&pact, gathered, options, &count, &mut |_| Ok(()))?;
        let figures = total.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut report = measure_report(&pact, &figures, &series, &self.by, now);
        report
            .targets
            .retain(|target| self.metric.is_empty() || self.metric.iter().any(|name| **name == *target.metric));
        let mut out = io::BufWriter::new(io::stdout().lock());
        match format {
            OutputFormat::Json => {
                serde_json::to_writer_pretty(&mut out, &report)?;
                out.write_all(b"\n")?;
            }
            OutputFormat::Csv => csv(&report, &self.by, &mut out)?,
            OutputFormat::Markdown => markdown(&report, &self.by, &mut out)?,
            OutputFormat::Table => {
                let width = io::stdout().is_terminal().then(width);
                let mut table = |header: Vec<String>, rows: Vec<Vec<String>>| {
                    let mut table = TextTable::new(&mut out, Layout::Aligned { width }, header)?;
                    rows.iter().try_for_each(|row| table.push(row))?;
                    table.finish()
                };
                table(header(&self.by), rows(&report, &self.by))?;
                if !report.targets.is_empty() {
                    anstream::println!();
                    table(TARGETS.map(str::to_owned).to_vec(), report.targets.iter().map(target_row).collect())?;
                }
            }
        }
        out.flush()?;
        drop(out);
        if report.metrics.is_empty() && !self.files.quiet {
            anstream::eprintln!("note: the pact has no `metric`: there is nothing to report");
        }
        Ok(remarks.show(&pact))
    }

    /// What is asked.
    fn series(&self, pact: &Pact) -> io::Result<Series> {
        let wrong = |why: String| io::Error::new(io::ErrorKind::InvalidInput, why);
        let at = |text: &Option<String>| text.as_deref().map(|text| instant(text, pact)).transpose();
        let by = self.by.iter().map(|name| Dimension::named(pact, name).map_err(wrong));
        let metric = |name: &String| {
            pact.metric(name).ok_or_else(|| {
                let names: Vec<&str> = pact.metrics.iter().map(|metric| &*metric.name).collect();
                wrong(format!("there is no metric `{name}`: there are {}", names.join(", ")))
            })
        };
        let all = (0..pact.metrics.len() as u32).map(MetricId);
        let named: Vec<MetricId> = self.metric.iter().map(metric).collect::<io::Result<_>>()?;
        Ok(Series {
            from: at(&self.from)?,
            to: at(&self.to)?,
            period: self.period.map(|every| match every {
                Every::Day => Period::Day,
                Every::Week => Period::Week,
                Every::Month => Period::Month,
                Every::Quarter => Period::Quarter,
                Every::Year => Period::Year,
            }),
            by: by.collect::<io::Result<_>>()?,
            metrics: if named.is_empty() { all.collect() } else { named },
        })
    }
}

const TARGETS: [&str; 7] = ["target", "level", "period", "figure", "", "outlook", "standing"];

fn header(by: &[String]) -> Vec<String> {
    let columns = ["metric", "period"].map(str::to_owned).into_iter().chain(by.iter().cloned());
    columns.chain(["figure", ""].map(str::to_owned)).collect()
}

/// A row for each figure.
fn rows(report: &MeasureReport, by: &[String]) -> Vec<Vec<String>> {
    let of = |metric: &MetricReport, figure: &FigureReport| {
        let all = || "all".to_owned();
        let mut row = vec![metric.name.to_string(), figure.period.clone().unwrap_or_else(all)];
        row.extend(by.iter().map(|name| figure.group.get(name).cloned().unwrap_or_else(all)));
        let (said, beside) = said(figure.figure.as_ref());
        row.extend([said, beside]);
        row
    };
    report.metrics.iter().flat_map(|metric| metric.figures.iter().map(move |figure| of(metric, figure))).collect()
}

fn target_row(target: &TargetReport) -> Vec<String> {
    let (figure, beside) = said(target.actual.as_ref());
    let gone = target.gone.map(|gone| format!("{} gone", percent(gone)));
    let beside: Vec<String> = [Some(beside).filter(|beside| !beside.is_empty()), gone].into_iter().flatten().collect();
    vec![
        format!("{} {}", target.party, target.metric),
        target.level.clone(),
        target.period.clone().unwrap_or_default(),
        figure,
        beside.join("; "),
        target.outlook.as_ref().map(|outlook| said(Some(outlook)).0).unwrap_or_default(),
        target.standing.words().to_owned(),
    ]
}

/// A figure as people read it, and what stands beside it.
fn said(figure: Option<&Figure>) -> (String, String) {
    match figure {
        None => (Standing::NoFigure.words().to_owned(), String::new()),
        Some(Figure::Count { value }) => (value.to_string(), String::new()),
        Some(Figure::Number { value }) => (value.to_string(), String::new()),
        Some(Figure::Share { value, reached, of, open, low, high }) => {
            let still = if *open > 0 { format!(", {open} may still") } else { String::new() };
            (percent(*value), format!("{reached} of {of}{still}; {} to {}", percent(*low), percent(*high)))
        }
        Some(Figure::Time { seconds, open_hours, of, open, ninety }) => {
            let not_yet = if *open > 0 { format!(", {open} not yet") } else { String::new() };
            let hours = if *open_hours { " open" } else { "" };
            let said = seconds.map(|seconds| format!("{}{hours}", span(seconds, *open_hours)));
            let ninety = ninety.map(|ninety| format!("; 9 of 10 within {}", span(ninety, *open_hours)));
            let said = said.unwrap_or_else(|| Standing::NoFigure.words().to_owned());
            (said, format!("of {of}{not_yet}{}", ninety.unwrap_or_default()))
        }
        Some(Figure::Amounts { values }) => {
            let values: Vec<String> = values.iter().map(Value::to_string).collect();
            (values.join(", "), String::new())
        }
    }
}

fn percent(share: rust_decimal::Decimal) -> String {
    format!("{}%", (share * rust_decimal::Decimal::ONE_HUNDRED).round_dp(1).normalize())
}

/// One line for each figure, in numbers for programs.
fn csv(report: &MeasureReport, by: &[String], out: &mut impl Write) -> io::Result<()> {
    let columns = ["metric", "period"].map(str::to_owned).into_iter().chain(by.iter().cloned());
    let columns = columns.chain(["value", "unit", "of", "open", "low", "high"].map(str::to_owned));
    let mut table = TextTable::new(out, Layout::Csv, columns)?;
    for metric in &report.metrics {
        for figure in &metric.figures {
            let mut row = vec![metric.name.to_string(), figure.period.clone().unwrap_or_default()];
            row.extend(by.iter().map(|name| figure.group.get(name).cloned().unwrap_or_default()));
            row.extend(numbers(figure.figure.as_ref()));
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

/// A page of tables.
fn markdown(report: &MeasureReport, by: &[String], out: &mut impl Write) -> io::Result<()> {
    let cell = |text: &String| text.replace('|', "\\|");
    let mut table = |header: Vec<String>, rows: Vec<Vec<String>>| -> io::Result<()> {
        writeln!(out, "| {} |", header.iter().map(cell).collect::<Vec<_>>().join(" | "))?;
        writeln!(out, "|{}", " --- |".repeat(header.len()))?;
        rows.iter()
            .try_for_each(|row| writeln!(out, "| {} |", row.iter().map(cell).collect::<Vec<_>>().join(" | ")))?;
        writeln!(out)
    };
    table(header(by), rows(report, by))?;
    if !report.targets.is_empty() {
        table(TARGETS.map(str::to_owned).to_vec(), report.targets.iter().map(target_row).collect())?;
    }
    Ok(())
}
