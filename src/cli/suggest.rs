//! `leadpact suggest`: what the clauses of a pact tell, and the edits that what happened speaks for.

use std::io::{self, IsTerminal as _};

use clap::Args;

use super::common::{instant, width};
use super::event_files::EventFiles;
use super::figures::Look;
use super::tuning_page::page;
use super::workspace::Rules;
use super::{Exit, say};
use crate::diagnostic::none_named;
use crate::measure::EvidenceScope;
use crate::pact::{Measure, MetricId, Pact};
use crate::suggest::{Tuned, TuningReport, tune};
use crate::world::Disk;

/// Say what the clauses of the pact tell of who comes, and suggest edits that would have done better
///
/// What is found in the earlier part of the history is judged by the later one, by replaying the edited pact. Nothing is ever
/// changed: each edit is shown as a difference. `docs/semantics-measures.md` says how, under "Evidence".
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  leadpact suggest rules/acme rules/acme/events.ndjson
  leadpact suggest rules/acme rules/acme/events.ndjson --metric acceptance --later 40%")]
pub(super) struct Suggest {
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    files: EventFiles,
    /// By these conversions only: metrics such as `mql -> sal`; all of the pact when absent
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    metric: Vec<String>,
    /// How large a part of the history is held back, the latest, for judging what was found in the rest
    #[arg(long, value_name = "PERCENT", default_value = "30%", value_parser = part)]
    later: f64,
    /// As of this instant: what happened after it has not happened yet; the last event of all when absent
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// What comes out: `table` for a terminal, `markdown` for a page, `json` for programs
    #[arg(long, value_name = "FORMAT")]
    format: Option<OutputFormat>,
}

/// What comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum OutputFormat {
    Table,
    Markdown,
    Json,
}

impl Suggest {
    pub(super) fn run(mut self) -> io::Result<Exit> {
        let workspace = self.rules.workspace_before(&mut self.files.events)?;
        let Some(workspace) = workspace else { return Ok(Exit::CannotRun) };
        let Some(pact) = workspace.pact() else { return Ok(Exit::CannotRun) };
        let scopes = self.scopes(&pact)?;
        let until = self.at.as_deref().map(|text| instant(text, &pact)).transpose()?;
        if self.files.is_read_once(&workspace) {
            let why = "the events are read once for each edit: name a file instead of standard input";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        let (gathered, remarks) = self.files.gather(&workspace, &pact)?;
        let now = until.unwrap_or_else(|| gathered.latest());
        let (_, rows) = self.files.count(&pact, gathered, Some(now), &[], &scopes)?;
        let world = Disk::new(&workspace.rules);
        let environment = workspace.environment.as_deref();
        let mut reports: Vec<TuningReport> = Vec::new();
        for (scope, rows) in scopes.iter().zip(rows) {
            let tuned = Tuned { pact: &pact, world: &world, environment, scope, now, later: self.later };
            reports.push(tune(tuned, &rows, &mut |edited, scope| {
                let gathered = self.files.gather_again(&workspace, edited)?;
                let scope = std::slice::from_ref(scope);
                let (_, counted) = self.files.count(edited, gathered, Some(now), &[], scope)?;
                Ok(counted.into_iter().next().unwrap_or_default())
            })?);
        }
        let mut out = Vec::new();
        match workspace.format(self.format, "suggest").unwrap_or(OutputFormat::Table) {
            OutputFormat::Json => say::data(&(serde_json::to_string_pretty(&reports)? + "\n"))?,
            OutputFormat::Markdown => {
                reports.iter().try_for_each(|report| page(&mut out, Look::Markdown, &pact, report))?
            }
            OutputFormat::Table => {
                let look = Look::Aligned(io::stdout().is_terminal().then(width));
                reports.iter().try_for_each(|report| page(&mut out, look, &pact, report))?;
            }
        }
        say::page(&out)?;
        Ok(remarks.show())
    }

    /// The conversions that are asked for.
    fn scopes(&self, pact: &Pact) -> io::Result<Vec<EvidenceScope>> {
        let wrong = |why: String| io::Error::new(io::ErrorKind::InvalidInput, why);
        let conversions = pact.metrics.iter().filter(|metric| matches!(metric.measure, Measure::Conversion(..)));
        let names: Vec<&str> = conversions.map(|metric| &*metric.name).collect();
        if names.is_empty() {
            let why = "the pact has no conversion, and evidence is about who comes from one stage to another: \
                       add a metric such as `metric acceptance = mql -> sal`";
            return Err(wrong(why.to_owned()));
        }
        let asked: Vec<&str> =
            if self.metric.is_empty() { names.clone() } else { self.metric.iter().map(String::as_str).collect() };
        let scope = |name: &&str| {
            let all = pact.metrics.iter().map(|metric| &*metric.name);
            let metric: MetricId = pact.metric(name).ok_or_else(|| wrong(none_named("metric", name, all)))?;
            EvidenceScope::of(pact, metric).ok_or_else(|| {
                let there = names.join(", ");
                wrong(format!("`{name}` is no conversion from one stage to another; there are {there}"))
            })
        };
        let scopes: Vec<EvidenceScope> = asked.iter().map(scope).collect::<io::Result<_>>()?;
        if scopes.iter().all(|scope| scope.clauses.is_empty()) {
            let why = "there is no clause to weigh: the pact gives no points, and no move into the first stage asks for anything";
            return Err(wrong(why.to_owned()));
        }
        Ok(scopes)
    }
}

/// A part of a whole, as `30%`.
fn part(text: &str) -> Result<f64, String> {
    let percent = text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>().ok();
    let percent = percent.filter(|percent| (5.0..=95.0).contains(percent));
    percent.map(|percent| percent / 100.0).ok_or_else(|| "write a share from 5% to 95%, such as 30%".to_owned())
}
