//! One file from text to tree.

use super::cursor::Findings;
use super::lower::whole;
use super::tokens::{Token, tokens};
use super::tree::Item;
use super::{nesting, recover};
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::span::{FileId, Span};

/// What is in a file: the items that stand, its tokens, and what is wrong with the rest.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// The items, in order.
    pub items: Vec<Item>,
    /// All tokens, comments among them.
    pub tokens: Vec<Token>,
    /// Every finding, in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the grammar takes the text from end to end; values in it may still be wrong.
    pub complete: bool,
    /// Parts of the text that no item holds, since they could not be read. What they say may be missed elsewhere.
    pub lost: Vec<Span>,
}

/// Parses a file. Any text gives a result: what cannot be read becomes findings, what stands beside it is kept.
///
/// ```
/// use leadpact::internals::{source::Source, span::FileId, syntax};
/// let source = Source::new("a.pact", r#"list a = "x" list = "#);
/// let parsed = syntax::parse(FileId(0), &source);
/// assert_eq!((parsed.items.len(), parsed.diagnostics.len()), (0, 1));
/// ```
pub fn parse(file: FileId, source: &Source) -> Parsed {
    let text: &str = &source.text;
    let tokens = tokens(text);
    let mut out = Findings::default();
    let items = if nesting::too_deep(&tokens, text).is_none() { whole(file, text, 0, &tokens, &mut out) } else { None };
    let complete = items.is_some();
    let items = items.unwrap_or_else(|| recover::recover(file, text, &tokens, &mut out));
    let Findings { found: mut diagnostics, lost, .. } = out;
    diagnostics.sort_by_key(|d| d.span());
    Parsed { items, tokens, diagnostics, complete, lost }
}
