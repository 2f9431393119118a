//! `leadpact digest`: the list for the day.

use std::io;
use std::sync::{Mutex, PoisonError};

use clap::Args;

use super::Exit;
use super::common::{Language, instant};
use super::event_files::EventFiles;
use super::figures::Sheet;
use super::sheet_format::SheetFormat;
use super::workspace::Rules;
use crate::diagnostic::none_named;
use crate::html::digest_page;
use crate::listing::{DigestReport, ListedLead, PartReport, digest_report, listed};
use crate::locale::Locale;
use crate::pact::{Digest, Pact};
use crate::replay::{ReplayedLead, replay};

/// Print a digest of the pact: for each of its parts the leads to look at, as the service sends them
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  leadpact digest hot_leads rules/acme rules/acme/events.ndjson --at '2026-03-03 08:30'
  leadpact digest hot_leads rules/acme rules/acme/events.ndjson --format html > hot_leads.html")]
pub(super) struct DigestCommand {
    /// The digest, as the pact names it
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    files: EventFiles,
    /// When it is sent: what happened after it has not happened yet; the last event of all when absent
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// What comes out: `table` for a terminal, `markdown` for a page, `html` for one that prints, `json` for programs
    #[arg(long, value_name = "FORMAT")]
    format: Option<SheetFormat>,
    #[command(flatten)]
    language: Language,
}

impl DigestCommand {
    pub(super) fn run(mut self) -> io::Result<Exit> {
        let workspace = self.rules.workspace_before(&mut self.files.events)?;
        let Some(workspace) = workspace else { return Ok(Exit::CannotRun) };
        let Some(pact) = workspace.pact() else { return Ok(Exit::CannotRun) };
        let digest = named(&pact, &self.name)?;
        let locale = self.language.locale(&pact)?;
        let until = self.at.as_deref().map(|text| instant(text, &pact)).transpose()?;
        let (gathered, remarks) = self.files.gather(&workspace, &pact)?;
        let now = until.unwrap_or_else(|| gathered.latest());
        let lists: Mutex<Vec<Vec<ListedLead>>> = Mutex::new(vec![Vec::new(); digest.parts.len()]);
        let list = |replayed: &ReplayedLead, _: &mut Vec<u8>| {
            if !replayed.part && replayed.started {
                let mut lists = lists.lock().unwrap_or_else(PoisonError::into_inner);
                for (part, list) in digest.parts.iter().zip(lists.iter_mut()) {
                    list.extend(listed(&pact, part, &replayed.lead, &replayed.state, now));
                }
            }
            Ok(())
        };
        replay(&pact, gathered, self.files.options(until), &list, &mut |_| Ok(()))?;
        let report = digest_report(&pact, digest, now, lists.into_inner().unwrap_or_else(PoisonError::into_inner));
        let format = workspace.format(self.format, "digest").unwrap_or(SheetFormat::Table);
        let html = |locale: &Locale<'_>| digest_page(locale, digest, &report);
        format.write(&locale, &report, html, |sheet| page(sheet, digest, &report))?;
        Ok(remarks.show())
    }
}

fn named<'p>(pact: &'p Pact, name: &str) -> io::Result<&'p Digest> {
    pact.digest_named(name).ok_or_else(|| {
        let names = pact.digests.iter().map(|digest| &*digest.name);
        io::Error::new(io::ErrorKind::InvalidInput, none_named("digest", name, names))
    })
}

/// The list, part by part.
fn page(sheet: &mut Sheet<'_>, digest: &Digest, report: &DigestReport) -> io::Result<()> {
    let locale = sheet.locale;
    let name = locale.for_people().name(&report.name).into_owned();
    let party = locale.fill("for {0}", &[&locale.name(&report.party)]);
    sheet.heading(1, &format!("{name} {party}: {}", locale.minute(&report.at)))?;
    if !report.says.is_empty() {
        sheet.sentence(&report.says)?;
    }
    for (part, listed) in digest.parts.iter().zip(&report.parts) {
        sheet.heading(2, &locale.part(part))?;
        if listed.leads.is_empty() {
            writeln!(sheet.out, "{}\n", locale.say("Nobody."))?;
        } else {
            leads(sheet, listed)?;
        }
    }
    Ok(())
}

/// The leads of a part, with what is there of each.
fn leads(sheet: &mut Sheet<'_>, part: &PartReport) -> io::Result<()> {
    let locale = sheet.locale;
    let columns = part.columns();
    let mut header = sheet.heads(&["lead", "who"]);
    header.extend(columns.heads(locale));
    let row = |lead: &ListedLead| {
        let mut row = vec![lead.lead.clone(), lead.person.clone().unwrap_or_default()];
        row.extend(columns.cells(locale, lead));
        row
    };
    sheet.table(&header, &part.leads.iter().map(row).collect::<Vec<_>>())
}
