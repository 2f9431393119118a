//! `leadpact explain`: one decision, as a colleague would put it.

use std::io;

use clap::Args;

use super::files::LeadFiles;
use super::workspace::Rules;
use super::{Exit, say};
use crate::explain::explain;
use crate::record::Record;

/// Say why a lead is where it is, what is missing, and the smallest change that would move it on
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  leadpact explain rules/acme rules/acme/leads.ndjson --lead 00Q3 --at '2026-03-02 09:00'")]
pub(super) struct Explain {
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    files: LeadFiles,
    /// The key of the lead; not needed where there is only one
    #[arg(long, value_name = "KEY")]
    lead: Option<String>,
}

impl Explain {
    pub(super) fn run(mut self) -> io::Result<Exit> {
        let workspace = self.rules.workspace_before(&mut self.files.leads)?;
        let Some(workspace) = workspace else { return Ok(Exit::CannotRun) };
        let Some(pact) = workspace.pact() else { return Ok(Exit::CannotRun) };
        let at = self.files.instant(&pact)?;
        let (leads, opened) = self.files.open(&workspace, &pact)?;
        opened.show_notes();
        let mut found: Option<Box<Record>> = None;
        let mut seen = 0u64;
        for lead in leads {
            let record = match lead {
                Ok(record) => record,
                Err(rejected) => {
                    errln!("rejected: {}: {}", rejected.file, rejected.reject);
                    continue;
                }
            };
            seen += 1;
            let key = record.value(pact.key).map(ToString::to_string);
            let wanted = self.lead.as_ref().is_none_or(|lead| key.as_ref() == Some(lead));
            if wanted && found.is_none() {
                found = Some(record);
                if self.lead.is_some() {
                    break;
                }
            }
        }
        if self.lead.is_none() && seen > 1 {
            errln!("error: there are {seen} leads: name one with `--lead KEY`");
            return Ok(Exit::CannotRun);
        }
        let Some(record) = found else {
            match &self.lead {
                Some(lead) => errln!("error: there is no lead `{lead}` among {seen}"),
                None => errln!("error: there is no lead to explain"),
            }
            return Ok(Exit::CannotRun);
        };
        say::lines(&explain(&pact, &record, at));
        Ok(Exit::Good)
    }
}
