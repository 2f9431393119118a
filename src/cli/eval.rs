//! `leadpact eval`: decisions for a file or a stream of leads.

use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;

use super::Exit;
use super::common::width;
use super::files::{LeadFiles, Rejects, note_passed_over, progress};
use super::summary::{Summary, cells, columns};
use super::workspace::{Rules, Workspace};
use crate::decide::decide;
use crate::io::{Layout, TextTable};
use crate::pact::Pact;
use clap::Args;

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

impl Eval {
    pub(super) fn run(mut self) -> io::Result<Exit> {
        let workspace = self.rules.workspace_before(&mut self.files.leads)?;
        let Some(workspace) = workspace else { return Ok(Exit::CannotRun) };
        let Some(pact) = workspace.pact() else { return Ok(Exit::CannotRun) };
        let at = self.files.instant(&pact)?;
        let (mut leads, opened) = self.files.open(&workspace, &pact)?;
        if !self.quiet {
            opened.show_notes();
        }
        let progress = progress(&opened, self.quiet);
        let mut rejects = Rejects::new(self.rejects.clone(), &opened, self.quiet);
        let mut out = self.writer(&workspace, &pact)?;
        let mut summary = Summary::default();
        for lead in leads.by_ref() {
            match lead {
                Ok(record) => {
                    let decision = decide(&pact, &record, at);
                    summary.add(&decision);
                    out.write(&pact, decision)?;
                }
                Err(rejected) => rejects.take(&rejected, &progress)?,
            }
            opened.show(&progress);
        }
        out.finish()?;
        progress.finish_and_clear();
        let rejected = rejects.finish()?;
        if !self.quiet {
            note_passed_over(&leads.passed_over());
            summary.show();
        }
        rejected.show();
        if leads.cut_short() {
            errln!("error: reading stopped early: there may be more leads");
            return Ok(Exit::CannotRun);
        }
        Ok(rejected.exit())
    }

    fn writer(&self, workspace: &Workspace, pact: &Pact) -> io::Result<Writer> {
        let terminal = io::stdout().is_terminal();
        let usual = || if terminal { OutputFormat::Table } else { OutputFormat::Ndjson };
        let format = match self.format {
            None if self.why => OutputFormat::Ndjson,
            requested => workspace.format(requested, "eval").unwrap_or_else(usual),
        };
        let out: Box<dyn Write> = Box::new(io::BufWriter::with_capacity(1 << 16, io::stdout().lock()));
        Ok(match format {
            OutputFormat::Ndjson => Writer::Json(out, self.why),
            OutputFormat::Csv => {
                Writer::Rows(TextTable::new(out, Layout::Csv { raw: self.raw }, columns(pact, true))?, true)
            }
            OutputFormat::Table => {
                let layout = Layout::Aligned { width: terminal.then(width) };
                Writer::Rows(TextTable::new(out, layout, columns(pact, false))?, false)
            }
        })
    }
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
