//! `leadpact check`: every finding about a pact at once.

use std::io;

use clap::Args;

use super::common::failed;
use super::workspace::Rules;
use super::{Exit, say};
use crate::diagnostic::{Severity, fix, render};
use crate::file;
use crate::load::Loaded;

/// Check a pact: parse it, resolve its names, check its types, and say all that is wrong
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  leadpact check rules/acme
  leadpact check rules/acme --format github --deny-warnings")]
pub(super) struct Check {
    #[command(flatten)]
    rules: Rules,
    /// How findings are written; for people when absent
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Make the changes that are certain to be meant, such as a misspelt name
    #[arg(long)]
    fix: bool,
    /// Fail on warnings too
    #[arg(long)]
    deny_warnings: bool,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Human,
    Json,
    Sarif,
    Github,
    Junit,
}

impl Check {
    pub(super) fn run(self) -> io::Result<Exit> {
        let Some(workspace) = self.rules.workspace()? else { return Ok(Exit::CannotRun) };
        let format = workspace.format(self.format, "check").unwrap_or(Format::Human);
        let mut loaded = workspace.load();
        if self.fix && write_fixes(&loaded)? {
            loaded = workspace.load();
        }
        let Loaded { pact, sources, diagnostics } = &loaded;
        match format {
            Format::Human => say::findings(sources, diagnostics),
            Format::Json => say::data(&render::json(sources, diagnostics))?,
            Format::Sarif => say::data(&render::sarif(sources, diagnostics))?,
            Format::Github => say::data(&render::github(sources, diagnostics))?,
            Format::Junit => say::data(&render::junit(sources, diagnostics))?,
        }
        if let (Some(pact), Format::Human) = (pact, format) {
            let version = pact.version.as_ref().map(|v| format!(" {v}")).unwrap_or_default();
            let short = pact.digest.get(..19).unwrap_or(&pact.digest);
            let bands = pact.values.iter().filter(|value| value.is_band()).count();
            outln!(
                "{}{version} checks clean: {} stages, {} criteria, {} scores, {}{} tests ({short}…)",
                pact.name,
                pact.pipelines.iter().map(|p| p.stages.len()).sum::<usize>(),
                pact.criteria.len(),
                pact.scores.len(),
                if bands > 0 { format!("{bands} bands, ") } else { String::new() },
                pact.tests.len(),
            );
        }
        let denied = diagnostics.iter().any(|d| match d.severity() {
            Severity::Error => true,
            Severity::Warning => self.deny_warnings,
            Severity::Note => false,
        });
        Ok(match () {
            () if loaded.is_empty() => Exit::CannotRun,
            () if denied => Exit::Findings,
            () => Exit::Good,
        })
    }
}

/// Writes the fixed files; says which. Whether anything was written.
fn write_fixes(loaded: &Loaded) -> io::Result<bool> {
    let fixed = fix::apply(&loaded.sources, &loaded.diagnostics);
    for (file, text) in &fixed {
        let Some(source) = loaded.sources.get(*file) else { continue };
        let Some(path) = &source.path else { continue };
        file::write(path, text).map_err(|error| failed(&format!("cannot write `{}`", source.name), &error))?;
        errln!("fixed {}", source.name);
    }
    Ok(!fixed.is_empty())
}
