//! The content lines of iCalendar text.

use super::FeedProblem;

/// `NAME;PARAM=value:VALUE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it starts, from 1.
    pub number: usize,
    /// In capital letters.
    pub name: String,
    /// The names in capital letters.
    params: Vec<(String, String)>,
    pub value: String,
}

impl Line {
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn problem(&self, message: impl Into<String>) -> FeedProblem {
        FeedProblem { line: self.number, message: message.into() }
    }

    /// The value as text, without its escapes.
    pub(super) fn text(&self) -> String {
        let mut chars = self.value.chars();
        let mut text = String::new();
        while let Some(c) = chars.next() {
            match (c, c == '\\') {
                (_, true) => text.extend(chars.next().map(|c| if matches!(c, 'n' | 'N') { ' ' } else { c })),
                (c, false) => text.push(c),
            }
        }
        text
    }

    fn parse(number: usize, text: &str) -> Option<Self> {
        let mut quoted = false;
        let colon = text.find(|c| {
            quoted ^= c == '"';
            c == ':' && !quoted
        })?;
        let (head, value) = (text.get(..colon)?, text.get(colon + 1..)?);
        let mut parts = head.split(|c| {
            quoted ^= c == '"';
            c == ';' && !quoted
        });
        let name = parts.next()?.to_ascii_uppercase();
        let params = parts.map(|part| {
            let (key, value) = part.split_once('=')?;
            Some((key.to_ascii_uppercase(), value.trim_matches('"').to_owned()))
        });
        Some(Self { number, name, params: params.collect::<Option<_>>()?, value: value.trim_end().to_owned() })
    }
}

/// The lines of a text, unfolded: a line that starts with white space goes on with the one before.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Result<Line, FeedProblem>> {
    let mut unfolded: Vec<(usize, String)> = Vec::new();
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), unfolded.last_mut()) {
            (Some(more), Some((_, last))) => last.push_str(more),
            _ => unfolded.push((at + 1, line.to_owned())),
        }
    }
    unfolded.into_iter().filter(|(_, line)| !line.trim().is_empty()).map(|(number, line)| {
        let message = || format!("`{}` is no line of iCalendar", line.chars().take(40).collect::<String>());
        Line::parse(number, &line).ok_or_else(|| FeedProblem { line: number, message: message() })
    })
}
