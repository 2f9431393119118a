use std::ops::Range;

/// A stretch of whole lines, and the line it starts on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Part<'a> {
    pub(super) line: u64,
    pub(super) text: &'a str,
}

/// Where a part stands: its first line and its bytes.
pub(super) struct Place {
    line: u64,
    bytes: Range<usize>,
}

impl Place {
    pub(super) fn of(self, text: &str) -> Part<'_> {
        Part { line: self.line, text: &text[self.bytes] }
    }
}

/// The documents of a stream. A line that starts with `---` or is `...` always ends one, even in quoted text.
pub(super) fn documents(text: &str) -> Vec<Place> {
    let marks = |line: &str| marker(line, "---") || marker(line, "...");
    let mut parts = cut(text, 1, marks);
    for part in &mut parts {
        // An end mark belongs to the document before it, and the parser does not take it for a beginning.
        let first = text[part.bytes.clone()].split_inclusive('\n').next().unwrap_or_default();
        if marker(first, "...") && !holds_data(first) {
            (part.line, part.bytes.start) = (part.line + 1, part.bytes.start + first.len());
        }
    }
    parts.retain(|part| text[part.bytes.clone()].lines().any(holds_data));
    parts
}

/// The items of a list written with dashes, if `document` looks like one: text that is not an item but the beginning
/// of the document goes with none of them.
pub(super) fn items(document: Part<'_>) -> Vec<Part<'_>> {
    let Some(first) = document.text.lines().find(|line| holds_data(line)) else { return Vec::new() };
    let indent = first.len() - first.trim_start_matches(' ').len();
    let starts =
        |line: &str| line.get(..indent).is_some_and(|i| i.trim_matches(' ').is_empty()) && marker(&line[indent..], "-");
    if !starts(first) {
        return Vec::new();
    }
    let parts = cut(document.text, document.line, starts).into_iter().map(|place| place.of(document.text));
    parts.filter(|part| part.text.lines().next().is_some_and(starts)).collect()
}

fn marker(line: &str, mark: &str) -> bool {
    line.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// Whether a line says more than blanks, comments, directives and bare document marks do.
pub(super) fn holds_data(line: &str) -> bool {
    let content = if marker(line, "---") || marker(line, "...") { &line[3..] } else { line }.trim();
    !(content.is_empty() || content.starts_with('#') || line.starts_with('%'))
}

/// The parts of `text` that begin with a line that `starts` one, and what stands before the first.
fn cut(text: &str, first_line: u64, starts: impl Fn(&str) -> bool) -> Vec<Place> {
    let (mut places, mut begin, mut at) = (Vec::new(), 0, 0);
    let (mut begin_line, mut line) = (first_line, first_line);
    for whole in text.split_inclusive('\n') {
        if at > begin && starts(whole) {
            places.push(Place { line: begin_line, bytes: begin..at });
            (begin, begin_line) = (at, line);
        }
        (at, line) = (at + whole.len(), line + 1);
    }
    places.push(Place { line: begin_line, bytes: begin..at });
    places
}
