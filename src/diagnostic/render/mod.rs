//! Findings in the forms that people and tools read.

pub mod github;
pub mod human;
pub mod json;
#[cfg(feature = "cli")]
pub mod junit;
pub mod sarif;

use std::collections::BTreeSet;

use super::{Diagnostic, Severity};
use crate::source::SourceMap;
use crate::span::Span;

pub use github::github;
pub use human::human;
pub use json::{json, json_lines};
#[cfg(feature = "cli")]
pub use junit::junit;
pub use sarif::sarif;

/// A range as people and tools count it: lines and columns from 1, columns in characters, the end behind the last.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Spot {
    /// The file's name.
    pub file: String,
    /// The line it starts in.
    pub line: usize,
    /// The column it starts at.
    pub column: usize,
    /// The line it ends in.
    pub end_line: usize,
    /// The column behind its last character.
    pub end_column: usize,
}

impl Spot {
    /// The spot of a span; the start of a file without a name when the span lies in none.
    pub fn of(sources: &SourceMap, span: Span) -> Self {
        let start = sources.place(span);
        let end = sources.place(span.after());
        Self {
            file: start.file.to_string(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

/// `3 errors, 1 warning in 2 files`
///
/// ```
/// assert_eq!(leadpact::internals::diagnostic::render::summary(&[]), "no findings");
/// ```
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let kinds = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let counts = kinds.map(|(severity, word)| (diagnostics.iter().filter(|d| d.severity() == severity).count(), word));
    let counted: Vec<String> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| count(*n, word)).collect();
    if counted.is_empty() {
        return "no findings".to_owned();
    }
    let files: BTreeSet<_> = diagnostics.iter().filter_map(|d| d.span()).map(|span| span.file).collect();
    format!("{} in {}", counted.join(", "), count(files.len(), "file"))
}

fn count(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// The word for a severity that most tools share.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

#[cfg(test)]
mod tests;
