//! `leadpact review`: the meeting of both teams on one page.

use std::io;
use std::sync::Arc;

use clap::Args;

use super::Exit;
use super::common::{Language, instant};
use super::event_files::EventFiles;
use super::figures::{Sheet, group_cell};
use super::sheet_format::SheetFormat;
use super::workspace::Rules;
use crate::diagnostic::none_named;
use crate::html::review_page;
use crate::measure::{ComparedFigure, ProgramReport, ReviewReport, review_report, review_series};
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
    format: Option<SheetFormat>,
    #[command(flatten)]
    language: Language,
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
        let series = review_series(&pact, meeting, now, None);
        let (figures, _) = self.files.count(&pact, gathered, until, &series, &[])?;
        let report = review_report(&pact, meeting, &figures, &series, now);
        let format = workspace.format(self.format, "review").unwrap_or(SheetFormat::Table);
        format.write(&locale, &report, |locale| review_page(locale, &report), |sheet| page(sheet, &report))?;
        Ok(remarks.show())
    }
}

fn meeting<'p>(pact: &'p Pact, name: &str) -> io::Result<&'p Meeting> {
    pact.review(name).ok_or_else(|| {
        let names = pact.reviews.iter().map(|review| &*review.name);
        io::Error::new(io::ErrorKind::InvalidInput, none_named("review", name, names))
    })
}

/// The review, part by part.
fn page(sheet: &mut Sheet<'_>, report: &ReviewReport) -> io::Result<()> {
    let locale = sheet.locale;
    let time = [locale.minute(&report.from), locale.minute(&report.to)];
    let time = locale.fill("{0} to {1}", &[&time[0], &time[1]]);
    let name = locale.for_people().name(&report.review).into_owned();
    sheet.heading(1, &format!("{name}: {time}"))?;
    if !report.description.is_empty() {
        sheet.sentence(&report.description)?;
    }
    if !report.targets.is_empty() || !report.promises.is_empty() {
        sheet.heading(2, locale.say("What was promised, and what came"))?;
        sheet.targets(&report.targets)?;
    }
    sheet.promises(&[], &report.promises)?;
    sheet.answers(&report.answers)?;
    sheet.heading(2, locale.say("The figures"))?;
    for agenda in &report.agenda {
        // the whole has no group, and the others have all the same dimensions
        let names: Vec<&String> = agenda.figures.last().map(|figure| figure.group.keys().collect()).unwrap_or_default();
        let mut header = vec![locale.name(&agenda.metric).into_owned()];
        header.extend(names.iter().map(|name| locale.dimension(name).into_owned()));
        header.extend(sheet.heads(&["now", "", "before", "change"]));
        let row = |figure: &ComparedFigure| {
            let mut row = vec![String::new()];
            row.extend(names.iter().map(|name| group_cell(locale, figure.group.get(*name))));
            row.extend([locale.figure(figure.now.as_ref()), locale.beside(figure.now.as_ref())]);
            row.push(locale.figure(figure.before.as_ref()));
            row.push(figure.change.map(|change| locale.change(change)).unwrap_or_default());
            row
        };
        sheet.table(&header, &agenda.figures.iter().map(row).collect::<Vec<_>>())?;
    }
    if !report.watches.is_empty() {
        sheet.heading(2, locale.say("What changed"))?;
        sheet.watches(&report.watches)?;
    }
    if !report.programs.is_empty() {
        sheet.heading(2, locale.say("What comes next"))?;
        let name =
            |name: &Option<Arc<str>>| name.as_deref().map(|name| locale.name(name).into_owned()).unwrap_or_default();
        let row = |program: &ProgramReport| {
            vec![
                locale.name(&program.program).into_owned(),
                program.starts.to_string(),
                program.ends.map(|day| day.to_string()).unwrap_or_default(),
                name(&program.kind),
                name(&program.owner),
                program.description.to_string(),
            ]
        };
        let header = sheet.heads(&["program", "starts", "ends", "kind", "owner", ""]);
        sheet.table(&header, &report.programs.iter().map(row).collect::<Vec<_>>())?;
    }
    Ok(())
}
