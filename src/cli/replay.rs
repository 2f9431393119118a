//! `leadpact replay`: events to every move, clock, effect and recycle at its exact instant.

use std::io::{self, IsTerminal as _, Write};

use clap::Args;

use super::common::{instant, width};
use super::event_files::EventFiles;
use super::replay_summary::replay_summary;
use super::workspace::Rules;
use super::{Exit, say};
use crate::decide::{cells, columns};
use crate::decide::{decision, timeline_entry};
use crate::explain;
use crate::io::{Layout, TextTable};
use crate::pact::Pact;
use crate::replay::{Gathered, ReplayOptions, ReplayedLead, replay};

/// Replay events: every move, clock, requested action and recycle of each lead at its exact instant
///
/// An event is a row such as `{"lead": "7", "at": "2026-03-02T09:00:00Z", "event": "call"}`; a `source` maps other
/// columns. Rows may come in any order, and one that comes twice counts once. Rows that cannot be read go to a rejects
/// file with their line and the reason; the rest goes on.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  leadpact replay rules/acme rules/acme/events.ndjson
  leadpact replay rules/acme rules/acme/events.ndjson --lead 00Q3
  leadpact replay rules/acme rules/acme/events.ndjson --at '2026-03-02 12:00' --format table")]
pub(super) struct Replay {
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    files: EventFiles,
    /// Where leads are at this instant; what happened after it has not happened yet
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// The timeline of one lead
    #[arg(long, value_name = "KEY")]
    lead: Option<String>,
    /// What comes out: `summary` counts; `ndjson` has a line for each thing that happened, or with `--at` for each lead;
    /// `table` and `csv` have a row for each lead, with `--at`. When absent: on a terminal `summary`, or `table` with
    /// `--at`; elsewhere `ndjson`
    #[arg(long, value_name = "FORMAT")]
    format: Option<OutputFormat>,
    /// Cells of `csv` as they are, for programs. Otherwise a cell that a spreadsheet would take for a formula begins with `'`
    #[arg(long)]
    raw: bool,
}

/// What comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum OutputFormat {
    Summary,
    Ndjson,
    Table,
    Csv,
}

impl Replay {
    pub(super) fn run(mut self) -> io::Result<Exit> {
        let workspace = self.rules.workspace_before(&mut self.files.events)?;
        let Some(workspace) = workspace else { return Ok(Exit::CannotRun) };
        let Some(pact) = workspace.pact() else { return Ok(Exit::CannotRun) };
        let until = self.at.as_deref().map(|text| instant(text, &pact)).transpose()?;
        let terminal = io::stdout().is_terminal();
        let format = workspace.format(self.format, "replay").unwrap_or(match (self.at.is_some(), terminal) {
            (_, false) => OutputFormat::Ndjson,
            (true, true) => OutputFormat::Table,
            (false, true) => OutputFormat::Summary,
        });
        if matches!(format, OutputFormat::Table | OutputFormat::Csv) && until.is_none() && self.lead.is_none() {
            let message = "a table has a row for each lead at an instant: say which, with `--at`";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let (gathered, remarks) = self.files.gather(&workspace, &pact)?;
        let options = self.files.options(until);
        if let Some(lead) = &self.lead {
            if !self.timeline(&pact, gathered, options, lead)? {
                errln!("error: there is no event of a lead `{lead}`");
                return Ok(Exit::CannotRun);
            }
        } else {
            let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
            let summary = match format {
                OutputFormat::Summary => replay(&pact, gathered, options, &|_, _| Ok(()), &mut |_| Ok(()))?,
                OutputFormat::Ndjson => {
                    let render =
                        |replayed: &ReplayedLead, bytes: &mut Vec<u8>| ndjson(&pact, replayed, until.is_some(), bytes);
                    replay(&pact, gathered, options, &render, &mut |bytes| out.write_all(bytes))?
                }
                OutputFormat::Table | OutputFormat::Csv => {
                    // one row of cells travels as one line of JSON
                    let render = |replayed: &ReplayedLead, bytes: &mut Vec<u8>| {
                        if !replayed.started {
                            return Ok(());
                        }
                        let decision = decision(&pact, &replayed.state, &replayed.timeline);
                        line(bytes, &cells(&pact, &decision, format == OutputFormat::Csv))
                    };
                    let whole = format == OutputFormat::Csv;
                    let layout = match whole {
                        true => Layout::Csv { raw: self.raw },
                        false => Layout::Aligned { width: terminal.then(width) },
                    };
                    let mut table = TextTable::new(&mut out, layout, columns(&pact, whole))?;
                    let summary = replay(&pact, gathered, options, &render, &mut |bytes| {
                        let rows = serde_json::Deserializer::from_slice(bytes).into_iter::<Vec<String>>();
                        rows.into_iter().try_for_each(|row| table.push(&row.map_err(io::Error::from)?))
                    })?;
                    table.finish()?;
                    summary
                }
            };
            out.flush()?;
            drop(out);
            let text = replay_summary(&pact, &summary);
            match format {
                OutputFormat::Summary => say::lines(&text),
                _ if !self.files.quiet && terminal => say::remarks(&text),
                _ => {}
            }
        }
        Ok(remarks.show())
    }

    /// Whether there is such a lead; its timeline is on the output then.
    fn timeline(&self, pact: &Pact, gathered: Gathered, options: ReplayOptions, lead: &str) -> io::Result<bool> {
        let mut found = false;
        let render = |replayed: &ReplayedLead, bytes: &mut Vec<u8>| {
            if *replayed.lead == *lead {
                let decision = decision(pact, &replayed.state, &replayed.timeline);
                let entries = replayed.timeline.entries.iter();
                let happened: Vec<_> =
                    entries.map(|entry| (entry.at, timeline_entry(pact, &replayed.lead, entry))).collect();
                match self.format {
                    Some(OutputFormat::Ndjson) => ndjson(pact, replayed, false, bytes)?,
                    _ => bytes.extend(explain::timeline(pact, &replayed.state, &happened, &decision).into_bytes()),
                }
            }
            Ok(())
        };
        replay(pact, gathered, options, &render, &mut |bytes| {
            found |= !bytes.is_empty();
            io::stdout().lock().write_all(bytes)
        })?;
        Ok(found)
    }
}

/// The timeline of a lead, or where it is.
fn ndjson(pact: &Pact, replayed: &ReplayedLead, present: bool, bytes: &mut Vec<u8>) -> io::Result<()> {
    if present {
        if !replayed.started {
            return Ok(());
        }
        return line(bytes, &decision(pact, &replayed.state, &replayed.timeline).without_reasons());
    }
    replayed.timeline.entries.iter().try_for_each(|entry| line(bytes, &timeline_entry(pact, &replayed.lead, entry)))
}

fn line(bytes: &mut Vec<u8>, value: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *bytes, value)?;
    bytes.push(b'\n');
    Ok(())
}
