//! What several commands need: the terminal, notes, instants.

use std::io::{self, IsTerminal as _};

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
