//! For scripts: every finding with all it knows, as JSON.

use serde::Serialize;

use super::{Spot, level};
use crate::diagnostic::{Diagnostic, Fix, Label};
use crate::source::SourceMap;
use crate::span::Span;

/// All findings as one array.
pub fn json(sources: &SourceMap, diagnostics: &[Diagnostic]) -> String {
    let findings: Vec<_> = diagnostics.iter().map(|d| Finding::new(sources, d)).collect();
    // the shape has string keys and no maps of its own: it always has a JSON form
    let mut text = serde_json::to_string_pretty(&findings).unwrap_or_default();
    text.push('\n');
    text
}

/// All findings, one object a line.
pub fn json_lines(sources: &SourceMap, diagnostics: &[Diagnostic]) -> String {
    let line = |d| serde_json::to_string(&Finding::new(sources, d)).unwrap_or_default() + "\n";
    diagnostics.iter().map(line).collect()
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    spot: Option<Spot>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels: Vec<Mark<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Change<'a>>,
}

#[derive(Serialize)]
struct Mark<'a> {
    text: &'a str,
    #[serde(flatten)]
    spot: Spot,
}

#[derive(Serialize)]
struct Change<'a> {
    title: &'a str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    spot: Spot,
    start_byte: u32,
    end_byte: u32,
    text: &'a str,
}

impl<'a> Finding<'a> {
    fn new(sources: &SourceMap, diagnostic: &'a Diagnostic) -> Self {
        let spot = |span: Span| Spot::of(sources, span);
        let mark = |label: &'a Label| Mark { text: &label.text, spot: spot(label.span) };
        let change = |fix: &'a Fix| {
            let edits = fix.edits.iter().map(|(span, text)| Edit {
                spot: spot(*span),
                start_byte: span.start,
                end_byte: span.end,
                text,
            });
            Change { title: &fix.title, edits: edits.collect() }
        };
        Self {
            code: diagnostic.code.id(),
            severity: level(diagnostic.severity()),
            message: &diagnostic.message,
            spot: diagnostic.span().map(spot),
            labels: diagnostic.labels.iter().map(mark).collect(),
            help: diagnostic.help.as_deref(),
            fix: diagnostic.fix.as_ref().map(change),
        }
    }
}
