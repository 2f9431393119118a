//! A walk over what pest found: the only place that touches its pairs.

use std::collections::VecDeque;
use std::sync::Arc;

use pest::iterators::Pair;

use super::grammar::Rule;
use super::spanned::{Name, Text};
use super::tokens::{Token, TokenKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::{FileId, Span};
use crate::text::exact;

/// Where the parsed text lies in its file, and where its tokens end.
pub(super) struct Origin {
    file: FileId,
    base: usize,
    ends: Vec<usize>,
}

impl Origin {
    pub(super) fn new(file: FileId, base: usize, tokens: &[Token]) -> Self {
        let ends = tokens.iter().filter(|t| t.kind != TokenKind::Comment).map(|t| t.end).collect();
        Self { file, base, ends }
    }

    /// Pest lets a rule with an absent tail reach over the white space before it; a span ends with its last token.
    fn span(&self, start: usize, end: usize) -> Span {
        let tokens = self.ends.partition_point(|e| *e <= end);
        let end = self.ends.get(tokens.wrapping_sub(1)).copied().unwrap_or(end).max(start);
        Span::new(self.file, self.base + start..self.base + end)
    }
}

/// One matched rule.
#[derive(Clone)]
pub(super) struct Node<'i> {
    pair: Pair<'i, Rule>,
    origin: &'i Origin,
}

impl<'i> Node<'i> {
    pub(super) fn new(pair: Pair<'i, Rule>, origin: &'i Origin) -> Self {
        Self { pair, origin }
    }

    pub(super) fn rule(&self) -> Rule {
        self.pair.as_rule()
    }

    pub(super) fn text(&self) -> &'i str {
        self.pair.as_str()
    }

    pub(super) fn span(&self) -> Span {
        let span = self.pair.as_span();
        self.origin.span(span.start(), span.end())
    }

    pub(super) fn children(self) -> Children<'i> {
        let end = self.span().after();
        let mut children = Children { nodes: VecDeque::new(), keywords: Vec::new(), end };
        for pair in self.pair.into_inner() {
            if pair.as_rule().is_keyword() {
                children.keywords.push(pair.as_rule());
            } else {
                children.nodes.push_back(Node::new(pair, self.origin));
            }
        }
        children
    }

    /// The name, its letters composed: two spellings of one letter are one.
    pub(super) fn name(&self) -> Name {
        Name { text: exact(self.text()).into(), span: self.span() }
    }

    /// The text between the quotes, escapes resolved.
    pub(super) fn string(&self) -> Text {
        let inside = self.text().strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or("");
        let mut text = String::with_capacity(inside.len());
        let mut escaped = false;
        for c in inside.chars() {
            match (escaped, c) {
                (true, 'n') => text.push('\n'),
                (true, 't') => text.push('\t'),
                (false, '\\') => {
                    escaped = true;
                    continue;
                }
                (_, c) => text.push(c),
            }
            escaped = false;
        }
        Text { text: text.into(), span: self.span() }
    }
}

/// The parts of a rule, in order, its keywords aside.
pub(super) struct Children<'i> {
    nodes: VecDeque<Node<'i>>,
    keywords: Vec<Rule>,
    end: Span,
}

impl<'i> Children<'i> {
    /// Whether the rule was written with this keyword.
    pub(super) fn has(&self, keyword: Rule) -> bool {
        self.keywords.contains(&keyword)
    }

    /// The next part when it is of this rule.
    pub(super) fn take(&mut self, rule: Rule) -> Option<Node<'i>> {
        if self.peek(rule) { self.nodes.pop_front() } else { None }
    }

    /// The next part when it is of this rule, left where it is.
    pub(super) fn first(&self, rule: Rule) -> Option<&Node<'i>> {
        self.nodes.front().filter(|node| node.rule() == rule)
    }

    /// Whether the next part is of this rule.
    pub(super) fn peek(&self, rule: Rule) -> bool {
        self.first(rule).is_some()
    }

    /// All next parts of this rule.
    pub(super) fn all(&mut self, rule: Rule) -> impl Iterator<Item = Node<'i>> {
        std::iter::from_fn(move || self.take(rule))
    }

    /// The parts of this rule that come next, when no others matter.
    pub(super) fn only(self, rule: Rule) -> impl Iterator<Item = Node<'i>> {
        self.nodes.into_iter().filter(move |node| node.rule() == rule)
    }

    /// The next part, whatever it is.
    pub(super) fn next(&mut self) -> Option<Node<'i>> {
        self.nodes.pop_front()
    }

    /// The next name. The grammar places it; were it absent, an empty name at the end stands for it.
    pub(super) fn name(&mut self) -> Name {
        self.take(Rule::name).map_or_else(|| Name { text: Arc::from(""), span: self.end }, |n| n.name())
    }

    /// The next comma-separated names.
    pub(super) fn names(&mut self) -> Vec<Name> {
        self.take(Rule::names).map(|n| n.children().all(Rule::name).map(|n| n.name()).collect()).unwrap_or_default()
    }

    /// The next text in quotes, where there is one.
    pub(super) fn string(&mut self) -> Option<Text> {
        self.take(Rule::string).map(|n| n.string())
    }

    /// The next text in quotes, which the grammar places.
    pub(super) fn the_string(&mut self) -> Text {
        self.string().unwrap_or_else(|| Text { text: Arc::from(""), span: self.end })
    }

    /// All next texts in quotes.
    pub(super) fn strings(&mut self) -> Vec<Text> {
        self.all(Rule::string).map(|n| n.string()).collect()
    }
}

/// What parsing and lowering find wrong.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) found: Vec<Diagnostic>,
    /// Parts of the text that no item holds, since they could not be read.
    pub(super) lost: Vec<Span>,
    /// Whether the rest of the text is left unread.
    left_unread: bool,
}

/// How many findings are made before the rest of a file that does not parse is left unread.
const MOST_FOUND: usize = 1000;

impl Findings {
    /// Whether there are so many findings that nothing is read from here on; the first time that is said.
    pub(super) fn full(&mut self, here: Span) -> bool {
        if self.found.len() < MOST_FOUND {
            return false;
        }
        if !self.left_unread {
            let message = "nothing is read from here on: too much before it is wrong";
            let finding = Diagnostic::new(Code::UnexpectedText, here, message).help("mend what stands before");
            self.found.push(finding);
            self.left_unread = true;
        }
        true
    }

    pub(super) fn bad_value(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.found.push(Diagnostic::new(Code::BadValue, span, message).help(help));
    }
}
