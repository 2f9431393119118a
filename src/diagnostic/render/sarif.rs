//! For code scanning: SARIF 2.1.0, the part of it that viewers read.

use serde_json::{Value, json};

use super::{Spot, level};
use crate::diagnostic::{Code, Diagnostic, Fix, Label};
use crate::source::SourceMap;
use crate::span::Span;

/// All findings as one SARIF log with one run.
pub fn sarif(sources: &SourceMap, diagnostics: &[Diagnostic]) -> String {
    let rules: Vec<Value> = Code::ALL.iter().map(|code| rule(*code)).collect();
    let results: Vec<Value> = diagnostics.iter().map(|d| result(sources, d)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.id(),
        "shortDescription": {"text": code.title()},
        "defaultConfiguration": {"level": level(code.severity())},
    })
}

fn result(sources: &SourceMap, diagnostic: &Diagnostic) -> Value {
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    let mut result = json!({
        "ruleId": diagnostic.code.id(),
        "ruleIndex": Code::ALL.iter().position(|code| *code == diagnostic.code),
        "level": level(diagnostic.severity()),
        "message": {"text": message},
    });
    let mut locations = diagnostic.labels.iter().map(|label| location(sources, label));
    result["locations"] = locations.next().into_iter().collect();
    let related: Vec<Value> = locations.collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    if let Some(fix) = &diagnostic.fix {
        result["fixes"] = json!([change(sources, fix)]);
    }
    result
}

fn location(sources: &SourceMap, label: &Label) -> Value {
    let mut location = json!({"physicalLocation": {
        "artifactLocation": artifact(sources, label.span),
        "region": region(sources, label.span),
    }});
    if !label.text.is_empty() {
        location["message"] = json!({"text": label.text});
    }
    location
}

fn change(sources: &SourceMap, fix: &Fix) -> Value {
    let changes: Vec<Value> = fix
        .edits
        .iter()
        .map(|(span, text)| {
            json!({
                "artifactLocation": artifact(sources, *span),
                "replacements": [{"deletedRegion": region(sources, *span), "insertedContent": {"text": text}}],
            })
        })
        .collect();
    json!({"description": {"text": fix.title}, "artifactChanges": changes})
}

fn region(sources: &SourceMap, span: Span) -> Value {
    let Spot { line, column, end_line, end_column, .. } = Spot::of(sources, span);
    json!({"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column})
}

fn artifact(sources: &SourceMap, span: Span) -> Value {
    json!({"uri": uri(&Spot::of(sources, span).file)})
}

/// A relative path as a URI: what RFC 3986 does not allow in a path is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte.into()),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
