//! `leadpact eval`: decisions for a file or a stream of leads.

use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;
use std::sync::Arc;

use super::Exit;
use super::common::width;
use super::files::{LeadFiles, Opened, Rejects, note_passed_over, progress};
use super::summary::Summary;
use super::workspace::{Rules, Workspace};
use crate::batch::{Decided, Form, LeadSource, Plan, decide_all};
use crate::decide::{cells, columns, decide};
use crate::io::{Layout, LineBlocks, TextTable};
use crate::leads::{LeadInput, Leads, PassedOver};
use crate::pact::{IntakeId, Pact};
use crate::time::Instant;
use clap::Args;
use indicatif::ProgressBar;

/// Decide leads: where each stands, who has it, and why
///
/// Rows that cannot be read go to a rejects file with their line and the reason; the rest goes on.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  leadpact eval rules/acme rules/acme/leads.ndjson --at '2026-03-02 09:00'
  leadpact eval rules/acme salesforce=rules/acme/salesforce.csv --format csv > decisions.csv")]
pub(super) struct Eval {
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    files: LeadFiles,
    /// How decisions are written; a table on a terminal and NDJSON elsewhere when absent
    #[arg(long, value_name = "FORMAT")]
    format: Option<OutputFormat>,
    /// Cells of `csv` as they are, for programs. Otherwise a cell that a spreadsheet would take for a formula begins with `'`
    #[arg(long)]
    raw: bool,
    /// Add the reasons: every clause with its verdict, points and facts (NDJSON)
    #[arg(long)]
    why: bool,
    /// Where rejected rows go; `<LEADS>.rejects.ndjson` in this folder when absent
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// On how many threads leads are decided; as many as there are cores when absent
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Say nothing but decisions and errors
    #[arg(long, short)]
    quiet: bool,
}

/// How decisions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum OutputFormat {
    Table,
    Ndjson,
    Csv,
}

/// What was passed over of each input, and whether reading was cut short.
type Told = (Vec<(Arc<str>, PassedOver)>, bool);

impl Eval {
    pub(super) fn run(mut self) -> io::Result<Exit> {
        let workspace = self.rules.workspace_before(&mut self.files.leads)?;
        let Some(workspace) = workspace else { return Ok(Exit::CannotRun) };
        let Some(pact) = workspace.pact() else { return Ok(Exit::CannotRun) };
        let at = self.files.instant(&pact)?;
        let (inputs, opened) = self.files.inputs(&workspace, &pact)?;
        if !self.quiet {
            opened.show_notes();
        }
        let progress = progress(&opened, self.quiet);
        let rejects = Rejects::new(self.rejects.clone(), &opened, self.quiet);
        let mut work = Work { pact: &pact, at, opened, progress, rejects, summary: Summary::default() };
        let format = self.output_format(&workspace);
        let form = match format {
            OutputFormat::Ndjson if !self.why => Some(Form::Ndjson),
            OutputFormat::Csv => Some(Form::Csv { raw: self.raw }),
            OutputFormat::Ndjson | OutputFormat::Table => None,
        };
        let plan = form.and_then(|form| Some((Plan::new(&pact, at)?, form)));
        let (passed_over, cut_short) = match plan {
            Some((plan, form)) => self.together(&mut work, &plan, form, inputs)?,
            None => self.one_by_one(&mut work, format, LeadFiles::read(&pact, inputs)?)?,
        };
        work.progress.finish_and_clear();
        let rejected = work.rejects.finish()?;
        if !self.quiet {
            note_passed_over(&passed_over);
            work.summary.show();
        }
        rejected.show();
        if cut_short {
            errln!("error: reading stopped early: there may be more leads");
            return Ok(Exit::CannotRun);
        }
        Ok(rejected.exit())
    }

    /// Many leads at a time, on several threads.
    fn together(&self, work: &mut Work<'_>, plan: &Plan<'_>, form: Form, inputs: Vec<LeadInput>) -> io::Result<Told> {
        let mut out = output();
        if let Form::Csv { raw } = form {
            TextTable::new(&mut out, Layout::Csv { raw }, columns(work.pact, true))?.finish()?;
        }
        let threads = self.threads.or_else(|| std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1);
        let mut passed_over = PassedOver::default();
        let mut done = |decided: Decided| {
            out.write_all(&decided.bytes)?;
            work.summary.add_stages(decided.stages);
            passed_over.add(decided.passed_over);
            decided.rejected.iter().try_for_each(|rejected| work.rejects.take(rejected, &work.progress))?;
            work.opened.show(&work.progress);
            Ok(())
        };
        let told = match only(inputs) {
            Ok((lines, name, intake)) => {
                let cut_short =
                    decide_all(plan, LeadSource::Lines(lines, name.clone(), intake), form, threads, &mut done)?;
                (vec![(name, passed_over)], cut_short)
            }
            Err(inputs) => {
                let mut leads = LeadFiles::read(work.pact, inputs)?;
                let cut_short = decide_all(plan, LeadSource::Records(&mut leads), form, threads, &mut done)?;
                (leads.passed_over(), cut_short)
            }
        };
        out.flush()?;
        Ok(told)
    }

    /// One lead after another, with all that is said of it.
    fn one_by_one(&self, work: &mut Work<'_>, format: OutputFormat, mut leads: Leads<'_>) -> io::Result<Told> {
        let mut out = self.writer(format, work.pact)?;
        for lead in leads.by_ref() {
            match lead {
                Ok(record) => {
                    let decision = decide(work.pact, &record, work.at);
                    work.summary.add(&decision);
                    out.write(work.pact, decision)?;
                }
                Err(rejected) => work.rejects.take(&rejected, &work.progress)?,
            }
            work.opened.show(&work.progress);
        }
        out.finish()?;
        Ok((leads.passed_over(), leads.cut_short()))
    }

    fn output_format(&self, workspace: &Workspace) -> OutputFormat {
        let usual = || if io::stdout().is_terminal() { OutputFormat::Table } else { OutputFormat::Ndjson };
        match self.format {
            None if self.why => OutputFormat::Ndjson,
            requested => workspace.format(requested, "eval").unwrap_or_else(usual),
        }
    }

    fn writer(&self, format: OutputFormat, pact: &Pact) -> io::Result<Writer> {
        let out = output();
        Ok(match format {
            OutputFormat::Ndjson => Writer::Json(out, self.why),
            OutputFormat::Csv => {
                Writer::Rows(TextTable::new(out, Layout::Csv { raw: self.raw }, columns(pact, true))?, true)
            }
            OutputFormat::Table => {
                let layout = Layout::Aligned { width: io::stdout().is_terminal().then(width) };
                Writer::Rows(TextTable::new(out, layout, columns(pact, false))?, false)
            }
        })
    }
}

/// What all leads of a run share.
struct Work<'p> {
    pact: &'p Pact,
    at: Instant,
    opened: Opened,
    progress: ProgressBar,
    rejects: Rejects,
    summary: Summary,
}

fn output() -> Box<dyn Write> {
    Box::new(io::BufWriter::with_capacity(1 << 16, io::stdout().lock()))
}

/// The lines of the only input, where it is NDJSON.
fn only(mut inputs: Vec<LeadInput>) -> Result<(LineBlocks, Arc<str>, Option<IntakeId>), Vec<LeadInput>> {
    if inputs.len() != 1 {
        return Err(inputs);
    }
    let Some(LeadInput { name, rows, intake }) = inputs.pop() else { return Err(inputs) };
    rows.into_lines()
        .map(|lines| (lines, name.clone(), intake))
        .map_err(|rows| vec![LeadInput { name, rows: *rows, intake }])
}

/// Where decisions go.
enum Writer {
    Json(Box<dyn Write>, bool),
    Rows(TextTable<Box<dyn Write>>, bool),
}

impl Writer {
    fn write(&mut self, pact: &Pact, decision: crate::decide::Decision) -> io::Result<()> {
        match self {
            Self::Json(out, why) => {
                let decision = if *why { decision } else { decision.without_reasons() };
                serde_json::to_writer(&mut *out, &decision).map_err(io::Error::from)?;
                out.write_all(b"\n")
            }
            Self::Rows(table, whole) => table.push(&cells(pact, &decision, *whole)),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Json(mut out, _) => out.flush(),
            Self::Rows(table, _) => table.finish(),
        }
    }
}
