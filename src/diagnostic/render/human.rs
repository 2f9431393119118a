//! For people at a terminal: the lines themselves, with marks under the spots.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};

use super::summary;
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::source::{Source, SourceMap};
use crate::span::FileId;
use crate::visible;

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
    let named = shown.iter().flat_map(|diagnostic| &diagnostic.labels).map(|label| label.span.file);
    let files: BTreeMap<FileId, File<'_>> =
        named.filter_map(|file| Some((file, sources.get(file)?))).map(|(file, of)| (file, File::new(of))).collect();
    for diagnostic in &shown {
        let report = Report::new(sources, &files, diagnostic);
        if handler.render_report(&mut out, &report).is_err() {
            // a drawing that fails must not hide the finding
            out.push_str(&visible::line(&diagnostic.message));
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
    help: Option<Cow<'a, str>>,
    file: Option<&'a File<'a>>,
    labels: Vec<&'a Label>,
    elsewhere: Vec<Report<'a>>,
}

impl<'a> Report<'a> {
    fn new(sources: &SourceMap, files: &'a BTreeMap<FileId, File<'a>>, diagnostic: &'a Diagnostic) -> Self {
        let mut named: Vec<FileId> = Vec::new();
        for label in &diagnostic.labels {
            if !named.contains(&label.span.file) {
                named.push(label.span.file);
            }
        }
        let labels = |file| diagnostic.labels.iter().filter(|l| l.span.file == file).collect::<Vec<_>>();
        let first = named.first().copied();
        let draw = |file: FileId| {
            let short = |drawn: &&File<'_>| {
                labels(file).iter().all(|label| drawn.source.excerpt(label.span.range()) <= MOST_EXCERPT)
            };
            files.get(&file).filter(short)
        };
        // where the lines are not drawn, their place is said
        let said = |file: FileId, message: &'a str| match (draw(file), labels(file).first()) {
            (None, Some(label)) if sources.get(file).is_some() => {
                (Cow::Owned(visible::line(&format!("{message} ({})", sources.place(label.span))).into_owned()), None)
            }
            (drawn, _) => (visible::line(message), drawn),
        };
        let elsewhere = named.iter().skip(1).map(|file| {
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
        let whole = (visible::line(&diagnostic.message), None);
        let (message, file) = first.map_or(whole, |file| said(file, &diagnostic.message));
        Self {
            code: Some(diagnostic.code.id()),
            message,
            severity: diagnostic.severity(),
            help: diagnostic.help.as_deref().map(visible::line),
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
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.file.map(|file| file as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = |at: usize| self.file.map_or(0, |file| file.shown(at));
        Some(Box::new(self.labels.iter().enumerate().map(move |(at, label)| {
            let range = label.span.range();
            let (start, end) = (place(range.start), place(range.end));
            let words = (!label.text.is_empty()).then(|| visible::line(&label.text).into_owned());
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

/// A source as it is drawn: what acts in it is pictures, and columns count characters, where miette's own count bytes.
#[derive(Debug)]
struct File<'a> {
    source: &'a Source,
    /// With a line more, for marks at the very end of the text, where miette draws none.
    text: String,
    /// Where a picture took the place of a character: the byte behind it, in the source and as drawn.
    moved: Vec<(usize, usize)>,
}

impl<'a> File<'a> {
    fn new(source: &'a Source) -> Self {
        let (mut text, mut moved) = (String::with_capacity(source.text.len() + 1), Vec::new());
        let mut read = 0;
        for line in source.text.split_inclusive('\n') {
            let shown = visible::lines(line);
            if let Cow::Owned(shown) = &shown {
                // each character has one picture
                let (mut from, mut to) = (read, text.len());
                for (c, picture) in line.chars().zip(shown.chars()) {
                    (from, to) = (from + c.len_utf8(), to + picture.len_utf8());
                    if c != picture {
                        moved.push((from, to));
                    }
                }
            }
            read += line.len();
            text.push_str(&shown);
        }
        text.push('\n');
        Self { source, text, moved }
    }

    /// Where a byte of the source is drawn.
    fn shown(&self, at: usize) -> usize {
        let at = at.min(self.source.text.len());
        let known = self.moved.partition_point(|(from, _)| *from <= at).checked_sub(1).and_then(|n| self.moved.get(n));
        known.map_or(at, |(from, to)| to + (at - from))
    }

    /// The byte of the source that is drawn there.
    fn read(&self, at: usize) -> usize {
        let known = self.moved.partition_point(|(_, to)| *to <= at).checked_sub(1).and_then(|n| self.moved.get(n));
        known.map_or(at, |(from, to)| from + (at - to))
    }
}

impl SourceCode for File<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = self.text.len().saturating_sub(1);
        let at_end = span.offset() >= end || span.offset() + span.len() > end;
        let text = if at_end { Some(self.text.as_str()) } else { self.text.get(..end) };
        let contents = text.unwrap_or_default().read_span(span, before, after)?;
        let read = *contents.span();
        let (line, column) = self.source.position(self.read(read.offset()));
        Ok(Box::new(MietteSpanContents::new_named(
            visible::line(&self.source.name).into_owned(),
            contents.data(),
            read,
            line - 1,
            column - 1,
            contents.line_count(),
        )))
    }
}
