//! How reviews and digests come out: a page for people, or data.

use std::io::{self, IsTerminal as _};

use serde::Serialize;

use super::common::width;
use super::figures::{Look, Sheet};
use super::say;
use crate::locale::Locale;

/// What comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum SheetFormat {
    Table,
    Markdown,
    Html,
    Json,
}

impl SheetFormat {
    /// Writes a report to the standard output: as JSON, as the file that `html` gives, or by `page`.
    ///
    /// # Errors
    /// When the output fails.
    pub(super) fn write(
        self,
        locale: &Locale<'_>,
        report: &impl Serialize,
        html: impl FnOnce(&Locale<'_>) -> String,
        page: impl FnOnce(&mut Sheet<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let look = match self {
            Self::Json => return say::data(&(serde_json::to_string_pretty(report)? + "\n")),
            Self::Html => return say::page(html(&locale.for_people()).as_bytes()),
            Self::Markdown => Look::Markdown,
            Self::Table => Look::Aligned(io::stdout().is_terminal().then(width)),
        };
        let mut out = Vec::new();
        page(&mut Sheet { out: &mut out, look, locale })?;
        say::page(&out)
    }
}
