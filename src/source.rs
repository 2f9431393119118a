//! The texts of a pact: names, contents, lines and columns.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::span::{FileId, Span};

/// The most bytes of a file that are read, and of all rule files together: 8 MiB. A pact that needs more is data, and
/// belongs in a table.
pub const MAX_BYTES: usize = 8 << 20;

/// One rule file, or one table, list or calendar feed that a rule file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name that messages show: relative to the pact's folder, with `/` between parts.
    pub name: Arc<str>,
    /// Where it was read from, when it was read from a disk.
    pub path: Option<PathBuf>,
    /// The text.
    pub text: Arc<str>,
    lines: Vec<u32>,
}

impl Source {
    /// A source from its name and text.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let text: Arc<str> = text.into();
        let lines = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at as u32 + 1))
            .collect();
        Self { name: name.into(), path: None, text, lines }
    }

    /// The same source, known to come from `path`.
    #[must_use]
    pub fn at(mut self, path: &Path) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    /// The 1-based line and column of a byte. Columns count characters, not bytes.
    ///
    /// ```
    /// use leadpact::internals::source::Source;
    /// let source = Source::new("a.pact", "term\nลีด x");
    /// assert_eq!(source.position(5 + "ลีด ".len()), (2, 5));
    /// ```
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let byte = byte.min(self.text.len());
        let line = self.lines.partition_point(|start| *start as usize <= byte).saturating_sub(1);
        let start = self.lines.get(line).map_or(0, |start| *start as usize);
        let before = self.text.get(start..byte).unwrap_or("");
        (line + 1, before.chars().count() + 1)
    }

    /// The span of a 1-based line, without its end, for the source with this id.
    pub fn line_span(&self, file: FileId, number: usize) -> Span {
        let start = self.lines.get(number.saturating_sub(1)).map_or(self.text.len(), |start| *start as usize);
        Span::new(file, start..start + self.line(number).len())
    }

    /// How many bytes the lines of a range have, with the line before and the one after.
    pub fn excerpt(&self, range: Range<usize>) -> usize {
        let line = |byte: usize| self.lines.partition_point(|start| *start as usize <= byte);
        let at = |line: usize| self.lines.get(line).map_or(self.text.len(), |start| *start as usize);
        at(line(range.end) + 1).saturating_sub(at(line(range.start).saturating_sub(2)))
    }

    /// The text of a 1-based line, without its end.
    pub fn line(&self, number: usize) -> &str {
        let at = |line: usize| self.lines.get(line).map_or(self.text.len(), |start| *start as usize);
        self.text.get(at(number.saturating_sub(1))..at(number)).unwrap_or("").trim_end_matches(['\n', '\r'])
    }
}

/// All texts of one pact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    files: Vec<Source>,
}

impl SourceMap {
    /// Adds a source and gives its id.
    pub fn add(&mut self, source: Source) -> FileId {
        self.files.push(source);
        FileId(self.files.len() as u32 - 1)
    }

    /// The source with this id.
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize)
    }

    /// Every source with its id, in the order of adding.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(at, source)| (FileId(at as u32), source))
    }

    /// The text under a span; empty when the span lies in no source.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).and_then(|source| source.text.get(span.range())).unwrap_or("")
    }

    /// The text under a span as one line: each run of white space becomes one space, comments go.
    pub fn says(&self, span: Span) -> String {
        let mut says = String::new();
        for line in self.text(span).lines() {
            let code = strip_comment(line);
            for word in code.split_whitespace() {
                if !says.is_empty() {
                    says.push(' ');
                }
                says.push_str(word);
            }
        }
        says
    }

    /// File name, 1-based line and column of a span's start.
    pub fn place(&self, span: Span) -> Place {
        let (name, (line, column)) = match self.get(span.file) {
            Some(source) => (source.name.clone(), source.position(span.start as usize)),
            None => ("".into(), (1, 1)),
        };
        Place { file: name, line, column }
    }
}

/// A place as people read it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Place {
    /// The file's name.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A line up to its comment; a `#` inside quotes does not start one.
fn strip_comment(line: &str) -> &str {
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '#' if !quoted => return line.get(..at).unwrap_or(line),
            _ => {}
        }
    }
    line
}
