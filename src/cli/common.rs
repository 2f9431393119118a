//! What several commands need: the terminal, notes, instants.

use std::io;

use crate::locale::Locale;
use crate::pact::Pact;
use crate::time::Instant;

/// In which language figures are told.
#[derive(Debug, clap::Args)]
pub(super) struct Language {
    /// In this language: headings in its words, and what the pact has labels for by its labels
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
}

impl Language {
    /// What things are called in it.
    ///
    /// # Errors
    /// When there are neither words nor labels in it.
    pub(super) fn locale<'p>(&self, pact: &'p Pact) -> io::Result<Locale<'p>> {
        let wrong = |why: String| io::Error::new(io::ErrorKind::InvalidInput, why);
        let named = self.language.as_deref().map(|language| Locale::named(pact, language).map_err(wrong));
        named.unwrap_or_else(|| Ok(Locale::plain(pact)))
    }
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
