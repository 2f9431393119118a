//! For people at a terminal: the lines themselves, with marks under the spots.

use std::borrow::Cow;
use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};

use super::summary;
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::source::{Source, SourceMap};
use crate::span::FileId;

/// Columns that a report may take.
const WIDTH: usize = 100;

/// How many findings are drawn; the others are counted.
pub const MOST_DRAWN: usize = 50;

/// How many bytes of lines are drawn for one place. What is longer was not written by people.
const MOST_EXCERPT: usize = 8 << 10;

/// Findings with the lines they are about, and a summary of all. Errors are drawn before the rest where there are many.
/// The caller knows whether colour can be seen.
pub fn human(sources: &SourceMap, diagnostics: &[Diagnostic], colour: bool) -> String {
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(WIDTH)
        .with_context_lines(1)
        .with_show_related_as_nested(true)
        .without_syntax_highlighting();
    let mut out = String::new();
    let shown = shown(diagnostics);
    for diagnostic in &shown {
        let report = Report::new(sources, diagnostic);
        if handler.render_report(&mut out, &report).is_err() {
            // a drawing that fails must not hide the finding
            out.push_str(&diagnostic.message);
        }
        out.push('\n');
    }
    let rest = diagnostics.len() - shown.len();
    if rest > 0 {
        out.push_str(&format!("{rest} more not shown: mend these first, or ask for another format\n"));
    }
    out.push_str(&summary(diagnostics));
    out.push('\n');
    out
}

/// The findings that are drawn, in their order.
fn shown(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut gravest: Vec<(usize, &Diagnostic)> = diagnostics.iter().enumerate().collect();
    gravest.sort_by_key(|(_, diagnostic)| std::cmp::Reverse(diagnostic.severity()));
    gravest.truncate(MOST_DRAWN);
    gravest.sort_by_key(|(at, _)| *at);
    gravest.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// A finding, or what it says about another file, as miette wants it.
#[derive(Debug)]
struct Report<'a> {
    code: Option<&'static str>,
    message: Cow<'a, str>,
    severity: Severity,
    help: Option<&'a str>,
    file: Option<File<'a>>,
    labels: Vec<&'a Label>,
    elsewhere: Vec<Report<'a>>,
}

impl<'a> Report<'a> {
    fn new(sources: &'a SourceMap, diagnostic: &'a Diagnostic) -> Self {
        let mut files: Vec<FileId> = Vec::new();
        for label in &diagnostic.labels {
            if !files.contains(&label.span.file) {
                files.push(label.span.file);
            }
        }
        let labels = |file| diagnostic.labels.iter().filter(|l| l.span.file == file).collect::<Vec<_>>();
        let first = files.first().copied();
        let draw = |file: FileId| {
            let short =
                |source: &&Source| labels(file).iter().all(|label| source.excerpt(label.span.range()) <= MOST_EXCERPT);
            sources.get(file).filter(short).map(|source| File::new(source, &labels(file)))
        };
        // where the lines are not drawn, their place is said
        let said = |file: FileId, message: &'a str| match (draw(file), labels(file).first()) {
            (None, Some(label)) if sources.get(file).is_some() => {
                (Cow::Owned(format!("{message} ({})", sources.place(label.span))), None)
            }
            (drawn, _) => (Cow::Borrowed(message), drawn),
        };
        let elsewhere = files.iter().skip(1).map(|file| {
            let (message, drawn) = said(*file, "see also");
            Report {
                code: None,
                message,
                severity: Severity::Note,
                help: None,
                file: drawn,
                labels: labels(*file),
                elsewhere: Vec::new(),
            }
        });
        let whole = (Cow::Borrowed(diagnostic.message.as_str()), None);
        let (message, file) = first.map_or(whole, |file| said(file, &diagnostic.message));
        Self {
            code: Some(diagnostic.code.id()),
            message,
            severity: diagnostic.severity(),
            help: diagnostic.help.as_deref(),
            file,
            labels: first.map(labels).unwrap_or_default(),
            elsewhere: elsewhere.collect(),
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'s>(&'s self) -> Option<Box<dyn fmt::Display + 's>> {
        self.code.map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Note => miette::Severity::Advice,
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        })
    }

    fn help<'s>(&'s self) -> Option<Box<dyn fmt::Display + 's>> {
        self.help.map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.file.as_ref().map(|file| file as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let text = self.file.as_ref().map_or("", |file| &file.text);
        Some(Box::new(self.labels.iter().enumerate().map(move |(at, label)| {
            let range = label.span.range();
            let (start, end) = (range.start.min(text.len()), range.end.min(text.len()));
            let words = (!label.text.is_empty()).then(|| label.text.clone());
            let span = SourceSpan::from(start..end.max(start));
            if at == 0 {
                LabeledSpan::new_primary_with_span(words, span)
            } else {
                LabeledSpan::new_with_span(words, span)
            }
        })))
    }

    fn related<'s>(&'s self) -> Option<Box<dyn Iterator<Item = &'s dyn miette::Diagnostic> + 's>> {
        let reports = self.elsewhere.iter().map(|report| report as &dyn miette::Diagnostic);
        (!self.elsewhere.is_empty()).then(|| Box::new(reports) as Box<dyn Iterator<Item = _>>)
    }
}

/// A source whose columns count characters, where miette's own count bytes.
#[derive(Debug)]
struct File<'a> {
    source: &'a Source,
    text: Cow<'a, str>,
}

impl<'a> File<'a> {
    fn new(source: &'a Source, labels: &[&Label]) -> Self {
        let text = source.text.as_ref();
        // miette draws no mark at the very end of a text, so such a text gets another line
        let at_end = labels.iter().any(|label| label.span.start as usize >= text.len());
        let text = if at_end { Cow::Owned(format!("{text}\n")) } else { Cow::Borrowed(text) };
        Self { source, text }
    }
}

impl SourceCode for File<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.as_ref().read_span(span, before, after)?;
        let read = *contents.span();
        let (line, column) = self.source.position(read.offset());
        Ok(Box::new(MietteSpanContents::new_named(
            self.source.name.to_string(),
            contents.data(),
            read,
            line - 1,
            column - 1,
            contents.line_count(),
        )))
    }
}
