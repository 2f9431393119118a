//! What to do with a text that does not parse from end to end: cut it at item and clause starts, keep what stands,
//! and say what is wrong with each part that does not.
//!
//! Layout carries no meaning in a right text; in a wrong one it is the best hint at what the writer meant to be one
//! clause, so cuts follow lines and indentation.

use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};

use super::cursor::Findings;
use super::grammar::{Grammar, Rule};
use super::parse::whole;
use super::tokens::{Token, TokenKind};
use super::tree::Item;
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::span::{FileId, Span};

/// How deep braces and parentheses may nest. Far above what a person writes, far below what a stack holds.
pub const MAX_NESTING: usize = 64;

/// How many words of an expected list a message shows.
const SHOWN: usize = 8;

/// The first token that opens a brace or parenthesis too deep.
pub(super) fn too_deep(tokens: &[Token], text: &str) -> Option<Token> {
    let mut depth = 0usize;
    let mut choices = 0usize;
    for token in tokens {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => (depth, choices) = (depth.saturating_sub(1), 0),
            // `if a then if b then …` nests without a bracket
            TokenKind::Word if token.text(text) == "then" => choices += 1,
            _ => {}
        }
        if depth > MAX_NESTING || choices > MAX_NESTING {
            return Some(*token);
        }
    }
    None
}

pub(super) fn recover(file: FileId, text: &str, tokens: &[Token], out: &mut Findings) -> Vec<Item> {
    let mut items = Vec::new();
    for range in item_chunks(text, tokens) {
        let Some(part) = text.get(range.clone()) else {
            continue;
        };
        let tokens: Vec<Token> = tokens
            .iter()
            .filter(|t| range.contains(&t.start))
            .map(|t| Token { start: t.start - range.start, end: t.end - range.start, ..*t })
            .collect();
        if tokens.iter().all(|t| t.kind == TokenKind::Comment) {
            continue;
        }
        let mut chunk = Chunk { file, text: part, base: range.start, tokens: &tokens, out };
        items.extend(chunk.items());
    }
    items
}

/// Cuts a text where items start.
fn item_chunks(text: &str, tokens: &[Token]) -> Vec<std::ops::Range<usize>> {
    let keywords: Vec<String> = Rule::item_keywords();
    let mut starts = vec![0];
    let mut depth = 0usize;
    for token in tokens {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            TokenKind::Word => {
                if let Some(indent) = indent_of(text, token.start) {
                    let known = keywords.iter().any(|k| k == token.text(text));
                    if (known && (depth == 0 || indent == 0)) || (depth == 0 && indent == 0) {
                        starts.push(token.start);
                        depth = 0;
                    }
                }
            }
            _ => {}
        }
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).map(|(start, end)| start..end).filter(|r| !r.is_empty()).collect()
}

/// The width of the white space before a byte, when nothing else stands before it on its line.
fn indent_of(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?;
    let line = before.rsplit('\n').next().unwrap_or(before);
    line.chars().all(char::is_whitespace).then(|| line.chars().count())
}

struct Chunk<'t, 'o> {
    file: FileId,
    text: &'t str,
    base: usize,
    tokens: &'t [Token],
    out: &'o mut Findings,
}

impl Chunk<'_, '_> {
    fn span(&self, token: &Token) -> Span {
        Span::new(self.file, self.base + token.start..self.base + token.end)
    }

    fn items(&mut self) -> Vec<Item> {
        if let Some(items) = self.unreadable() {
            return items;
        }
        if let Some(items) = whole(self.file, self.text, self.base, self.tokens, self.out) {
            return items;
        }
        let mut bad = Vec::new();
        self.find_bad(0..self.text.len(), self.text, &mut bad);
        let kept = blank(self.text, &bad);
        whole(self.file, &kept, self.base, self.tokens, self.out).unwrap_or_default()
    }

    /// Texts and brackets that do not close, and nesting that no parser should follow.
    fn unreadable(&mut self) -> Option<Vec<Item>> {
        for token in self.tokens.iter().filter(|t| t.kind == TokenKind::BrokenString) {
            let finding = Diagnostic::new(Code::UnclosedString, self.span(token), "this text in quotes does not end")
                .help("close it with `\"` on the same line; write `\\\"` for a quote inside it");
            self.out.0.push(finding);
        }
        if let Some(token) = too_deep(self.tokens, self.text) {
            let message = format!("this opens more than {MAX_NESTING} levels");
            let finding = Diagnostic::new(Code::NestedTooDeep, self.span(&token), message)
                .help("give the inner part a name: a criteria of its own");
            self.out.0.push(finding);
            return Some(Vec::new());
        }
        let mut open: Vec<&Token> = Vec::new();
        for token in self.tokens {
            let opener = match (token.kind, token.text(self.text)) {
                (TokenKind::Open, _) => {
                    open.push(token);
                    continue;
                }
                (TokenKind::Close, "}") => "{",
                (TokenKind::Close, _) => "(",
                _ => continue,
            };
            match open.pop() {
                Some(o) if o.text(self.text) == opener => {}
                Some(o) => return self.unclosed(o),
                None => {
                    let message = format!("`{}` closes nothing", token.text(self.text));
                    let finding = Diagnostic::new(Code::UnclosedBrace, self.span(token), message)
                        .help("remove it, or open what it should close");
                    self.out.0.push(finding);
                    return Some(Vec::new());
                }
            }
        }
        open.last().and_then(|token| self.unclosed(token))
    }

    fn unclosed(&mut self, token: &Token) -> Option<Vec<Item>> {
        let (open, close) = if token.text(self.text) == "{" { ("{", "}") } else { ("(", ")") };
        let finding = Diagnostic::new(Code::UnclosedBrace, self.span(token), format!("`{open}` is never closed"))
            .here("opened here")
            .help(format!("write `{close}` where it ends"));
        self.out.0.push(finding);
        Some(Vec::new())
    }

    /// Collects the ranges that must go so that the rest parses. `alone` is the text with all but `range` and the
    /// headers around it blanked out; it does not parse.
    fn find_bad(&mut self, range: std::ops::Range<usize>, alone: &str, bad: &mut Vec<std::ops::Range<usize>>) {
        let clauses = self.body_of(&range).map(|body| self.clauses(&body)).unwrap_or_default();
        let header_only = blank(alone, &clauses);
        if clauses.is_empty() || Grammar::parse(Rule::file, &header_only).is_err() {
            let blamed = if clauses.is_empty() { alone } else { &header_only };
            self.report(&range, blamed);
            bad.push(range);
            return;
        }
        for clause in &clauses {
            let others: Vec<_> = clauses.iter().filter(|other| *other != clause).cloned().collect();
            let alone = blank(alone, &others);
            if Grammar::parse(Rule::file, &alone).is_err() {
                self.find_bad(clause.clone(), &alone, bad);
            }
        }
    }

    /// The inside of the first pair of braces in a range.
    fn body_of(&self, range: &std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
        let mut tokens = self.tokens.iter().filter(|t| range.contains(&t.start));
        let open = tokens.find(|t| t.kind == TokenKind::Open && t.text(self.text) == "{")?;
        let mut depth = 1usize;
        for token in tokens {
            match token.kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(open.end..token.start);
            }
        }
        None
    }

    /// Cuts a body into clauses: one starts with a word that is first on its line, at no deeper indentation than the
    /// first one.
    fn clauses(&self, body: &std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
        let inside = self.tokens.iter().filter(|t| body.contains(&t.start) && t.kind != TokenKind::Comment);
        let (mut starts, mut depth, mut margin) = (Vec::new(), 0usize, usize::MAX);
        for token in inside {
            match token.kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close => depth = depth.saturating_sub(1),
                _ if starts.is_empty() => {
                    starts.push(token.start);
                    margin = indent_of(self.text, token.start).unwrap_or(usize::MAX);
                }
                _ if depth == 0 && indent_of(self.text, token.start).is_some_and(|indent| indent <= margin) => {
                    starts.push(token.start);
                }
                _ => {}
            }
        }
        let ends: Vec<usize> = starts.iter().skip(1).copied().chain([body.end]).collect();
        starts.into_iter().zip(ends).map(|(start, end)| start..end).collect()
    }

    /// Says what is wrong with a range that does not parse.
    fn report(&mut self, range: &std::ops::Range<usize>, alone: &str) {
        let broken = |t: &Token| t.kind == TokenKind::BrokenString && range.contains(&t.start);
        if self.tokens.iter().any(broken) {
            return; // said already, and the cause of whatever else is wrong here
        }
        let Err(error) = Grammar::parse(Rule::file, alone) else {
            return;
        };
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let expected = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => expected(positives),
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        let within = |t: &&Token| range.contains(&t.start) && t.kind != TokenKind::Comment;
        let found = self.tokens.iter().filter(within).find(|t| t.end > at);
        let last = self.tokens.iter().rfind(within);
        let words = list_of(&expected);
        let finding = match (found, last) {
            (Some(token), _) => {
                let word = token.text(self.text);
                let span = self.span(token);
                let message = format!("`{word}` does not fit here");
                let finding = Diagnostic::new(Code::UnexpectedText, span, message);
                let finding = if words.is_empty() { finding } else { finding.here(format!("expected {words}")) };
                let candidates: Vec<&str> = expected.iter().filter_map(|e| keyword(e)).collect();
                match closest(word, candidates.iter().copied()) {
                    Some(meant) => {
                        finding.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), span, meant)
                    }
                    None if words.is_empty() => finding.help("remove it, or see docs/language.md for what fits"),
                    None => finding.help(format!("write {words} here, or remove `{word}`")),
                }
            }
            (None, Some(token)) => {
                let span = self.span(token);
                let message = format!("something is missing after `{}`", token.text(self.text));
                let words = if words.is_empty() { "more text".to_owned() } else { words };
                Diagnostic::new(Code::UnexpectedText, span, message)
                    .here(format!("expected {words} next"))
                    .help(format!("write {words} after it"))
            }
            (None, None) => return,
        };
        self.out.0.push(finding);
    }
}

/// The word of an expected keyword.
fn keyword(expected: &str) -> Option<&str> {
    let word = expected.strip_prefix('`')?.strip_suffix('`')?;
    Some(word.split(' ').next().unwrap_or(word)).filter(|w| w.chars().all(char::is_alphabetic))
}

/// What could have stood there: keywords first, each once.
fn expected(rules: &[Rule]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for rule in rules {
        let names = match rule.openings() {
            _ if matches!(rule, Rule::item | Rule::file) => Rule::item_keywords(),
            openings if rule.is_keyword() || rule.is_operator() || openings.is_empty() => {
                words.push(rule.describe());
                continue;
            }
            openings => openings,
        };
        words.extend(names.iter().map(|name| format!("`{name}`")));
    }
    let (mut keywords, mut others): (Vec<_>, Vec<_>) = words.into_iter().partition(|w| w.starts_with('`'));
    others.dedup();
    keywords.append(&mut others);
    let mut seen = std::collections::HashSet::new();
    keywords.retain(|word| seen.insert(word.clone()));
    keywords
}

/// `a, b or c`
fn list_of(words: &[String]) -> String {
    if words.len() > SHOWN {
        let shown = words.get(..SHOWN).unwrap_or_default();
        return format!("one of {}, …", shown.join(", "));
    }
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// The text with ranges turned to white space; every other byte stays where it is.
fn blank(text: &str, ranges: &[std::ops::Range<usize>]) -> String {
    let mut blanked = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if c != '\n' && ranges.iter().any(|range| range.contains(&at)) {
            blanked.extend(std::iter::repeat_n(' ', c.len_utf8()));
        } else {
            blanked.push(c);
        }
    }
    blanked
}
