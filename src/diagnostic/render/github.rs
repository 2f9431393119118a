//! For GitHub: workflow commands that become annotations on the lines of a pull request.

use super::Spot;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::SourceMap;
use crate::visible;

/// All findings, one workflow command a line.
pub fn github(sources: &SourceMap, diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|d| command(sources, d)).collect()
}

fn command(sources: &SourceMap, diagnostic: &Diagnostic) -> String {
    let name = match diagnostic.severity() {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let code = diagnostic.code.id();
    let mut message = diagnostic.message.clone();
    for more in diagnostic.labels.first().map(|l| &l.text).filter(|t| !t.is_empty()).into_iter().chain(&diagnostic.help)
    {
        message.push('\n');
        message.push_str(more);
    }
    let message = escape_data(&message);
    let Some(span) = diagnostic.span() else {
        return format!("::{name} title={code}::{message}\n");
    };
    let Spot { file, line, column, end_line, end_column } = Spot::of(sources, span);
    let file = escape_property(&file);
    // GitHub takes an end column only on the line of the start, and counts it as part of the range
    let end = if end_line == line {
        format!(",endLine={line},endColumn={}", end_column.saturating_sub(1).max(column))
    } else {
        format!(",endLine={end_line}")
    };
    format!("::{name} file={file},line={line},col={column}{end},title={code}::{message}\n")
}

fn escape_data(text: &str) -> String {
    visible::lines(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
