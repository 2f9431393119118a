//! `leadpact init`: a small working pact to start from.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Exit, say};

/// Write a small working pact with tests, sample leads, a CI workflow and a pre-commit hook
///
/// Files that are there already are never touched.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  leadpact init my-pact && cd my-pact && leadpact check && leadpact test")]
pub(super) struct Init {
    /// Where to write it
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

const FILES: &[(&str, &str)] = &[
    ("leadpact.yaml", include_str!("init/leadpact.yaml")),
    ("rules/pact.pact", include_str!("../../rules/starter/pact.pact")),
    ("rules/tests.pact", include_str!("../../rules/starter/tests.pact")),
    ("rules/leads.ndjson", include_str!("../../rules/starter/leads.ndjson")),
    (".github/workflows/leadpact.yml", include_str!("init/workflow.yml")),
    (".githooks/pre-commit", include_str!("init/pre-commit.sh")),
];

impl Init {
    pub(super) fn run(self) -> io::Result<Exit> {
        let there: Vec<&str> =
            FILES.iter().map(|(name, _)| *name).filter(|name| self.folder.join(name).exists()).collect();
        if !there.is_empty() {
            let message = format!("{} is there already; nothing was written", there.join(", "));
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
        }
        for (name, text) in FILES {
            let path = self.folder.join(name);
            write(&path, text)?;
            outln!("wrote {}", path.display());
        }
        outln!("");
        outln!("Try:");
        if self.folder != Path::new(".") {
            outln!("  cd {}", self.folder.display());
        }
        say::lines("  leadpact check\n  leadpact test\n  leadpact eval --at '2026-03-02 09:00'\n");
        say::lines("To run the hook before each commit:\n  git config core.hooksPath .githooks\n");
        Ok(Exit::Good)
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)?;
    if text.starts_with("#!") {
        make_executable(path)?;
    }
    Ok(())
}

#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> io::Result<()> {
    Ok(())
}
