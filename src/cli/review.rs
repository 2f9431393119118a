//! `leadpact review`: the meeting of both teams on one page.

use std::io::{self, IsTerminal as _, Write};

use clap::Args;

use super::Exit;
use super::common::{Language, instant, width};
use super::event_files::EventFiles;
use super::figures::{Look, changed, promises, said, table, targets_and_watches};
use super::workspace::Rules;
use crate::diagnostic::none_named;
use crate::html::review_page;
use crate::measure::{ReviewReport, review_report, review_series};
use crate::pact::{Meeting, Pact};

/// Print a review of the pact: what was promised and what came, what changed, and what comes next
///
/// Figures are those since the last meeting, as often as the `review` says, beside those of as long a time before.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  leadpact review pipeline_meeting rules/acme rules/acme/events.ndjson
  leadpact review pipeline_meeting rules/acme rules/acme/events.ndjson --format markdown")]
pub(super) struct Review {
    /// The review, as the pact names it
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    files: EventFiles,
    /// When the meeting is: what happened after it has not happened yet; the last event of all when absent
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// What comes out: `table` for a terminal, `markdown` for a page, `html` for one that prints, `json` for programs
    #[arg(long, value_name = "FORMAT")]
    format: Option<OutputFormat>,
    #[command(flatten)]
    language: Language,
}

/// What comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum OutputFormat {
    Table,
    Markdown,
    Html,
    Json,
}

impl Review {
    pub(super) fn run(mut self) -> io::Result<Exit> {
        let workspace = self.rules.workspace_before(&mut self.files.events)?;
        let Some(workspace) = workspace else { return Ok(Exit::CannotRun) };
        let Some(pact) = workspace.pact() else { return Ok(Exit::CannotRun) };
        let meeting = meeting(&pact, &self.name)?;
        let locale = self.language.locale(&pact)?;
        let until = self.at.as_deref().map(|text| instant(text, &pact)).transpose()?;
        let (gathered, remarks) = self.files.gather(&workspace, &pact)?;
        let now = until.unwrap_or_else(|| gathered.latest());
        let series = review_series(&pact, meeting, now);
        let figures = self.files.count(&pact, gathered, until, &series)?;
        let report = review_report(&pact, meeting, &figures, &series, now);
        let mut out = io::BufWriter::new(io::stdout().lock());
        match workspace.format(self.format, "review").unwrap_or(OutputFormat::Table) {
            OutputFormat::Json => {
                serde_json::to_writer_pretty(&mut out, &report)?;
                out.write_all(b"\n")?;
            }
            OutputFormat::Html => out.write_all(review_page(&locale.for_people(), &report).as_bytes())?,
            OutputFormat::Markdown => page(&mut out, Look::Markdown, &report)?,
            OutputFormat::Table => page(&mut out, Look::Aligned(io::stdout().is_terminal().then(width)), &report)?,
        }
        out.flush()?;
        drop(out);
        Ok(remarks.show())
    }
}

fn meeting<'p>(pact: &'p Pact, name: &str) -> io::Result<&'p Meeting> {
    pact.reviews.iter().find(|review| *review.name == *name).ok_or_else(|| {
        let names = pact.reviews.iter().map(|review| &*review.name);
        io::Error::new(io::ErrorKind::InvalidInput, none_named("review", name, names))
    })
}

fn page(out: &mut dyn Write, look: Look, report: &ReviewReport) -> io::Result<()> {
    let heading = |out: &mut dyn Write, level: usize, text: &str| match look {
        Look::Markdown => writeln!(out, "{} {text}\n", "#".repeat(level)),
        Look::Aligned(_) => writeln!(out, "{text}\n"),
    };
    let day = |instant: &str| instant.get(..16).unwrap_or(instant).replace('T', " ");
    heading(out, 1, &format!("{}: {} to {}", report.review.replace('_', " "), day(&report.from), day(&report.to)))?;
    if !report.description.is_empty() {
        writeln!(out, "{}\n", report.description)?;
    }
    if !report.targets.is_empty() || !report.promises.is_empty() {
        heading(out, 2, "What was promised, and what came")?;
        targets_and_watches(out, look, &report.targets, &[])?;
    }
    promises(out, look, &[], &report.promises)?;
    heading(out, 2, "The figures")?;
    for agenda in &report.agenda {
        // the whole has no group, and the others have all the same dimensions
        let names: Vec<String> =
            agenda.figures.last().map(|figure| figure.group.keys().cloned().collect()).unwrap_or_default();
        let mut header = vec![agenda.metric.to_string()];
        header.extend(names.iter().cloned());
        header.extend(["now", "", "before", "change"].map(str::to_owned));
        let rows: Vec<Vec<String>> = agenda
            .figures
            .iter()
            .map(|figure| {
                let all = || "all".to_owned();
                let mut row = vec![String::new()];
                row.extend(names.iter().map(|name| figure.group.get(name).cloned().unwrap_or_else(all)));
                let (now, beside) = said(figure.now.as_ref());
                row.extend([now, beside, said(figure.before.as_ref()).0, changed(figure.change)]);
                row
            })
            .collect();
        table(out, look, &header, &rows)?;
    }
    if !report.watches.is_empty() {
        heading(out, 2, "What changed")?;
        targets_and_watches(out, look, &[], &report.watches)?;
    }
    if !report.programs.is_empty() {
        heading(out, 2, "What comes next")?;
        let rows: Vec<Vec<String>> = report
            .programs
            .iter()
            .map(|program| {
                let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
                let ends = program.ends.map(|day| day.to_string()).unwrap_or_default();
                vec![
                    program.program.to_string(),
                    program.starts.to_string(),
                    ends,
                    text(&program.kind),
                    text(&program.owner),
                    program.description.to_string(),
                ]
            })
            .collect();
        table(out, look, &["program", "starts", "ends", "kind", "owner", ""].map(str::to_owned), &rows)?;
    }
    Ok(())
}
