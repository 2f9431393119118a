//! `leadpact fmt`: pacts in their canonical form.

use std::io;
use std::path::PathBuf;

use clap::Args;

use super::workspace::rules_here;
use super::{Exit, say};
use crate::file;
use crate::source::SourceMap;
use crate::syntax;
use crate::world::{Disk, World as _};

/// Put rule files into their canonical form; comments stay where they are
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  leadpact fmt --check rules/acme")]
pub(super) struct Fmt {
    /// Folders of `.pact` files, or files; when absent, as `leadpact.yaml` says, or else this folder
    #[arg(value_name = "RULES")]
    paths: Vec<PathBuf>,
    /// Write nothing; fail when a file is not in its canonical form
    #[arg(long)]
    check: bool,
}

impl Fmt {
    pub(super) fn run(self) -> io::Result<Exit> {
        let mut paths = self.paths;
        if paths.is_empty() {
            let Some(rules) = rules_here()? else { return Ok(Exit::CannotRun) };
            paths.push(rules);
        }
        let mut exit = Exit::Good;
        let (mut seen, mut changed) = (0usize, 0usize);
        for path in &paths {
            let sources =
                Disk::new(path).rules().map_err(|e| super::common::failed(&path.display().to_string(), &e))?;
            for source in sources {
                seen += 1;
                let mut map = SourceMap::default();
                map.add(source.clone());
                match syntax::format(&source) {
                    Err(findings) => {
                        say::findings(&map, &findings);
                        errln!("{} is left as it is", source.name);
                        exit = Exit::Findings;
                    }
                    Ok(text) if *text == *source.text => {}
                    Ok(text) => {
                        changed += 1;
                        let name =
                            source.path.as_deref().map_or_else(|| source.name.to_string(), |p| p.display().to_string());
                        if self.check {
                            outln!("{name} is not in its canonical form");
                            exit = Exit::Findings;
                        } else if let Some(path) = &source.path {
                            match file::write(path, &text) {
                                Ok(()) => outln!("formatted {name}"),
                                Err(error) => {
                                    errln!("{name} is left as it is: {error}");
                                    exit = Exit::Findings;
                                }
                            }
                        }
                    }
                }
            }
        }
        if seen == 0 {
            errln!("error: there is no `.pact` file here");
            return Ok(Exit::CannotRun);
        }
        if changed == 0 && exit == Exit::Good {
            let files = if seen == 1 { "file is" } else { "files are" };
            outln!("{seen} {files} in canonical form");
        }
        Ok(exit)
    }
}
