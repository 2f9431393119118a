//! The rules that a command works on, and what the project file says where its arguments name nothing.

use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::say;
use crate::diagnostic::{Diagnostic, render};
use crate::load::{Loaded, load};
use crate::pact::Pact;
use crate::project::{self, Project};
use crate::world::Disk;

/// Where the rules are, and in which environment they hold.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Rules {
    /// The pact: a folder of `.pact` files, or one file; when absent, as `leadpact.yaml` says
    #[arg(value_name = "RULES")]
    path: Option<PathBuf>,
    /// Take the params of this environment
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
}

/// The rules of a command, with the project that they belong to.
#[derive(Debug)]
pub(super) struct Workspace {
    /// The folder of the pact, or its one file.
    pub(super) rules: PathBuf,
    /// The environment whose params hold.
    pub(super) environment: Option<String>,
    /// The project of the rules.
    project: Project,
}

impl Rules {
    /// What the arguments and the project file say together. None when the project file cannot be used: its findings
    /// are on the error stream.
    pub(super) fn workspace(&self) -> io::Result<Option<Workspace>> {
        self.workspace_told(say::drawn)
    }

    /// The same with the findings of the project file, as they are drawn for people, told in another way.
    pub(super) fn workspace_told(&self, tell: impl FnOnce(&str)) -> io::Result<Option<Workspace>> {
        let Some(project) = nearest(tell)? else { return Ok(None) };
        self.within(project, self.path.clone()).map(Some)
    }

    /// The same for a command that takes files after its rules: in a project, a first argument that is no rules is the
    /// first of the files.
    pub(super) fn workspace_before(&self, files: &mut Vec<String>) -> io::Result<Option<Workspace>> {
        let Some(project) = nearest(say::drawn)? else { return Ok(None) };
        let (mut path, has_project) = (self.path.clone(), project.is_some());
        if let Some(first) = path.take_if(|path| has_project && !is_rules(path)) {
            files.insert(0, first.display().to_string());
        }
        self.within(project, path).map(Some)
    }

    /// What a project says holds for its own rules alone.
    fn within(&self, project: Option<Project>, path: Option<PathBuf>) -> io::Result<Workspace> {
        let same = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
        let project = project.filter(|project| path.as_deref().is_none_or(|path| same(path, &project.rules)));
        let of_project = || project.as_ref().map(|project| project.rules.clone());
        let rules = path.or_else(of_project).ok_or_else(|| {
            let message = "which rules? name their folder, as in `leadpact check rules`, or let `leadpact.yaml` name it; \
                           `leadpact init` writes both";
            io::Error::new(io::ErrorKind::InvalidInput, message)
        })?;
        let project = project.unwrap_or_default();
        let environment = self.env.clone().or_else(|| project.environment.clone());
        Ok(Workspace { rules, environment, project })
    }
}

impl Workspace {
    pub(super) fn load(&self) -> Loaded {
        let mut loaded = load(&Disk::new(&self.rules), self.environment.as_deref());
        loaded.diagnostics = self.project.levelled(loaded.diagnostics);
        loaded
    }

    /// The pact, when it can run. Otherwise its findings are on the error stream.
    pub(super) fn pact(&self) -> Option<Pact> {
        self.try_pact().ok()
    }

    /// The pact, or what was read of it, its findings on the error stream.
    pub(super) fn try_pact(&self) -> Result<Pact, Box<Loaded>> {
        let mut loaded = self.load();
        loaded.pact.take().ok_or_else(|| {
            say::findings(&loaded.sources, &loaded.diagnostics);
            Box::new(loaded)
        })
    }

    /// The usual `source` of files.
    pub(super) fn source(&self) -> Option<&str> {
        self.project.source.as_deref()
    }

    /// The files of leads that are named, or those of the project, or standard input.
    pub(super) fn leads<'f>(&'f self, named: &'f [String]) -> Vec<&'f str> {
        files(named, &self.project.leads)
    }

    /// The files of events that are named, or those of the project, or standard input.
    pub(super) fn events<'f>(&'f self, named: &'f [String]) -> Vec<&'f str> {
        files(named, &self.project.events)
    }

    /// The requested format, or the usual one of the command.
    pub(super) fn format<F: ValueEnum>(&self, requested: Option<F>, command: &str) -> Option<F> {
        requested.or_else(|| F::from_str(self.project.formats.get(command)?, false).ok())
    }
}

/// Where the project of the current folder has its rules, or else the folder itself; none when the project file cannot be
/// used.
pub(super) fn rules_here() -> io::Result<Option<PathBuf>> {
    Ok(nearest(say::drawn)?.map(|project| project.map_or_else(|| PathBuf::from("."), |project| project.rules)))
}

fn files<'f>(named: &'f [String], usual: &'f [String]) -> Vec<&'f str> {
    let files = if named.is_empty() { usual } else { named };
    if files.is_empty() { vec!["-"] } else { files.iter().map(String::as_str).collect() }
}

/// Whether an argument names rules: a folder, or a `.pact` file.
fn is_rules(path: &Path) -> bool {
    path.is_dir() || path.extension().is_some_and(|extension| extension == "pact")
}

/// The project of the current folder, where it has one; the outer none when its file cannot be used.
#[expect(clippy::option_option, reason = "that there is no project is no reason to stop")]
fn nearest(tell: impl FnOnce(&str)) -> io::Result<Option<Option<Project>>> {
    let Some(file) = project::find(&std::env::current_dir()?) else { return Ok(Some(None)) };
    let read = project::read(&file).map_err(|error| super::common::failed(&file.display().to_string(), &error))?;
    let findings: &[Diagnostic] = &read.diagnostics;
    if !findings.is_empty() {
        tell(&render::human(&read.sources, findings, say::colour()));
    }
    Ok(read.project.map(Some))
}
