//! What several commands need: the pact at a path, instants, inputs.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use indexmap::IndexMap;

use crate::diagnostic::render;
use crate::load::{Loaded, load};
use crate::pact::Pact;
use crate::time::Instant;
use crate::world::Disk;

/// Where the rules are, and in which environment they hold.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Rules {
    /// The pact: a folder of `.pact` files, or one file
    #[arg(value_name = "RULES")]
    pub(super) path: PathBuf,
    /// Take the params of this environment
    #[arg(long, value_name = "NAME")]
    pub(super) env: Option<String>,
}

impl Rules {
    pub(super) fn load(&self) -> Loaded {
        load(&Disk::new(&self.path), self.env.as_deref())
    }

    /// The pact, when it can run. Otherwise its findings are on the error stream.
    pub(super) fn pact(&self) -> Option<Pact> {
        self.try_pact().ok()
    }

    /// The pact, or what was read of it, its findings on the error stream.
    pub(super) fn try_pact(&self) -> Result<Pact, Box<Loaded>> {
        let mut loaded = self.load();
        loaded.pact.take().ok_or_else(|| {
            anstream::eprint!("{}", render::human(&loaded.sources, &loaded.diagnostics, colour()));
            Box::new(loaded)
        })
    }
}

/// Whether the error stream takes colour.
pub(super) fn colour() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// The width of the terminal, or 100 where there is none.
pub(super) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || {
        let (_, columns) = console::Term::stderr().size_checked()?;
        Some(usize::from(columns))
    };
    columns.or_else(terminal).unwrap_or(100).clamp(40, 160)
}

/// Names what the pact says and this version does not yet run.
pub(super) fn tell_not_in_force(pact: &Pact) {
    if pact.not_in_force.is_empty() {
        return;
    }
    // `sla a`, `sla b`, `metric c` read as `sla a, b; metric c`
    let mut kinds: IndexMap<&str, Vec<&str>> = IndexMap::new();
    for clause in &pact.not_in_force {
        let (kind, name) = clause.what.split_once(' ').unwrap_or((&clause.what, ""));
        let names = kinds.entry(kind).or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, names)| format!("{kind} {}", names.join(", "))).collect();
    anstream::eprintln!("note: checked, not yet in force: {}", kinds.join("; "));
}

/// An instant as people write it: RFC 3339, or a date with or without a time of day in the pact's zone.
pub(super) fn instant(text: &str, pact: &Pact) -> io::Result<Instant> {
    pact.zone.read(text).ok_or_else(|| {
        let message = format!("`{text}` is not an instant: write `2026-03-02T09:00:00+03:00` or `2026-03-02 09:00`");
        io::Error::new(io::ErrorKind::InvalidInput, message)
    })
}

pub(super) fn tell(what: &str, error: &dyn std::fmt::Display) -> io::Error {
    io::Error::other(format!("{what}: {error}"))
}
