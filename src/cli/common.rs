//! What several commands need: the terminal, notes, instants.

use std::io::{self, IsTerminal as _};

use indexmap::IndexMap;

use crate::pact::Pact;
use crate::time::Instant;

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
pub(super) fn note_not_in_force(pact: &Pact) {
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

/// A file, or the standard input as `-`.
pub(super) fn input(file: &str) -> io::Result<Box<dyn io::Read + Send>> {
    if file == "-" {
        return Ok(Box::new(io::stdin()));
    }
    Ok(Box::new(std::fs::File::open(file).map_err(|error| failed(&format!("cannot read `{file}`"), &error))?))
}

pub(super) fn failed(what: &str, error: &dyn std::fmt::Display) -> io::Error {
    io::Error::other(format!("{what}: {error}"))
}
