//! Files of events, gathered by lead: what `replay` and `report` read.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;

use super::Exit;
use super::files::{Opened, Reading, RejectedRows, Rejects, note_passed_over, progress};
use super::workspace::Workspace;
use crate::leads::{LeadInput, PassedOver, Rejected};
use crate::measure::{EvidenceRows, EvidenceScope, Figures, Series};
use crate::pact::Pact;
use crate::replay::{Gathered, ReplayOptions, ReplayedLead, replay};
use crate::time::Instant;

/// Which events are read, and how.
#[derive(Debug, Args)]
pub(super) struct EventFiles {
    /// Files of events: NDJSON, JSON, CSV or YAML; `-` is standard input, `SOURCE=FILE` names the source of a file. When
    /// absent, those of `leadpact.yaml`, or else standard input
    #[arg(value_name = "EVENTS")]
    pub(super) events: Vec<String>,
    /// The events that a service has stored, instead of files: a file, or postgres://user:password@host/name. All of them
    /// under the pact as it is now
    #[cfg(feature = "serve")]
    #[arg(long, value_name = "PLACE", conflicts_with = "events")]
    store: Option<String>,
    #[command(flatten)]
    reading: Reading,
    /// On how many threads leads are replayed; as many as there are cores when absent
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// How many MiB of events are kept in memory; beyond that they wait in a temporary file
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    memory: u16,
    /// Where rejected rows go; `<EVENTS>.rejects.ndjson` in this folder when absent
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Say nothing but what comes out and errors
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// What is to be said once what comes out has come out.
pub(super) struct Remarks {
    rejected: RejectedRows,
    passed_over: Vec<(Arc<str>, PassedOver)>,
    cut_short: bool,
    quiet: bool,
}

impl EventFiles {
    /// Reads all events. Rows that the pact does not know go to the rejects file, and the rest goes on.
    ///
    /// # Errors
    /// When a file cannot be opened, or a temporary one fails.
    pub(super) fn gather(&self, workspace: &Workspace, pact: &Pact) -> io::Result<(Gathered, Remarks)> {
        let (inputs, opened) = self.inputs(workspace, pact)?;
        if !self.quiet {
            opened.show_notes();
        }
        let progress = progress(&opened, self.quiet);
        let mut rejects = Rejects::new(self.rejects.clone(), &opened, self.quiet);
        let mut gathered = Gathered::within(usize::from(self.memory) << 20);
        for input in inputs {
            let mut reject = |rejected: Rejected| rejects.take(&rejected, &progress);
            gathered.read(pact, input, &mut reject, &mut || opened.show(&progress))?;
        }
        progress.finish_and_clear();
        let remarks = Remarks {
            rejected: rejects.finish()?,
            passed_over: gathered.passed_over().to_vec(),
            cut_short: gathered.cut_short(),
            quiet: self.quiet,
        };
        Ok((gathered, remarks))
    }

    fn inputs(&self, workspace: &Workspace, pact: &Pact) -> io::Result<(Vec<LeadInput>, Opened)> {
        #[cfg(feature = "serve")]
        if let Some(place) = &self.store {
            return super::stored_events::inputs(place, pact);
        }
        self.reading.inputs(&workspace.events(&self.events), workspace.source(), pact)
    }

    /// Counts what series ask of the leads, and the rounds that evidence is about, one set for each scope.
    ///
    /// # Errors
    /// When a temporary file fails.
    pub(super) fn count(
        &self,
        pact: &Pact,
        gathered: Gathered,
        until: Option<Instant>,
        series: &[Series],
        scopes: &[EvidenceScope],
    ) -> io::Result<(Figures, Vec<EvidenceRows>)> {
        let total = Mutex::new((Figures::default(), vec![EvidenceRows::default(); scopes.len()]));
        let count = |replayed: &ReplayedLead, _: &mut Vec<u8>| {
            let mut figures = Figures::default();
            figures.add(pact, series, replayed);
            let rows = scopes.iter().map(|scope| {
                let mut rows = EvidenceRows::default();
                rows.add(pact, scope, replayed);
                rows
            });
            let rows: Vec<EvidenceRows> = rows.collect();
            let mut total = total.lock().unwrap_or_else(PoisonError::into_inner);
            total.0.merge(figures);
            total.1.iter_mut().zip(rows).for_each(|(total, rows)| total.merge(rows));
            Ok(())
        };
        let options = ReplayOptions { known: true, ..self.options(until) };
        replay(pact, gathered, options, &count, &mut |_| Ok(()))?;
        let (figures, rows) = total.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok((figures, rows.into_iter().map(EvidenceRows::in_order).collect()))
    }

    /// Reads all events once more, for another pact. What was said of them is not said again.
    ///
    /// # Errors
    /// As [`gather`](Self::gather).
    pub(super) fn gather_again(&self, workspace: &Workspace, pact: &Pact) -> io::Result<Gathered> {
        let (inputs, _) = self.inputs(workspace, pact)?;
        let mut gathered = Gathered::within(usize::from(self.memory) << 20);
        inputs.into_iter().try_for_each(|input| gathered.read(pact, input, &mut |_| Ok(()), &mut || {}))?;
        Ok(gathered)
    }

    /// Whether they can be read but once.
    pub(super) fn is_read_once(&self, workspace: &Workspace) -> bool {
        #[cfg(feature = "serve")]
        if self.store.is_some() {
            return false;
        }
        workspace.events(&self.events).iter().any(|file| *file == "-" || file.ends_with("=-"))
    }

    /// How they are replayed.
    pub(super) fn options(&self, until: Option<Instant>) -> ReplayOptions {
        let cores = || std::thread::available_parallelism().ok().map(usize::from);
        ReplayOptions { until, threads: self.threads.or_else(cores).unwrap_or(1), known: false }
    }
}

impl Remarks {
    /// Says them, and how the command ends.
    pub(super) fn show(&self) -> Exit {
        if !self.quiet {
            note_passed_over(&self.passed_over);
        }
        self.rejected.show();
        if self.cut_short {
            errln!("error: reading stopped early: there may be more events");
            return Exit::CannotRun;
        }
        self.rejected.exit()
    }
}
