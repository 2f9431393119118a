//! What to do with a text that does not parse from end to end: cut it at item and clause starts, keep what stands,
//! and say what is wrong with each part that does not.
//!
//! Layout carries no meaning in a right text; in a wrong one it is the best hint at what the writer meant to be one
//! clause, so cuts follow lines and indentation.

use std::ops::Range;

use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};

use super::cursor::Findings;
use super::excerpt::{Excerpt, blank};
use super::grammar::{Grammar, Rule};
use super::habits::habit;
use super::lower::whole;
use super::nesting::{MAX_NESTING, too_deep};
use super::tokens::{Token, TokenKind};
use super::tree::Item;
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::span::{FileId, Span};

/// How many words of an expected list a message shows.
const SHOWN: usize = 8;

pub(super) fn recover(file: FileId, text: &str, tokens: &[Token], out: &mut Findings) -> Vec<Item> {
    let mut items = Vec::new();
    for range in item_chunks(text, tokens) {
        if out.full(Span::new(file, range.start..range.start)) {
            out.lost.push(Span::new(file, range.start..text.len()));
            break;
        }
        let Some(part) = text.get(range.clone()) else {
            continue;
        };
        let tokens: Vec<Token> = tokens_in(tokens, &range)
            .iter()
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
fn item_chunks(text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
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

/// The tokens that start in a range.
fn tokens_in<'t>(tokens: &'t [Token], range: &Range<usize>) -> &'t [Token] {
    let at = |byte: usize| tokens.partition_point(|t| t.start < byte);
    tokens.get(at(range.start)..at(range.end)).unwrap_or_default()
}

/// The width of the white space before a byte, when nothing else stands before it on its line.
fn indent_of(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?;
    let rest = before.trim_end_matches(|c: char| c.is_whitespace() && c != '\n');
    let first = rest.is_empty() || rest.ends_with('\n');
    first.then(|| before.get(rest.len()..).unwrap_or("").chars().count())
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

    fn lose(&mut self, range: &Range<usize>) {
        self.out.lost.push(Span::new(self.file, self.base + range.start..self.base + range.end));
    }

    fn items(&mut self) -> Vec<Item> {
        if let Some(items) = self.unreadable() {
            self.lose(&(0..self.text.len()));
            return items;
        }
        if let Some(items) = whole(self.file, self.text, self.base, self.tokens, self.out) {
            return items;
        }
        let mut bad = Vec::new();
        self.find_bad(0..self.text.len(), &[], &[], &mut bad);
        bad.iter().for_each(|range| self.lose(range));
        let kept = blank(self.text, &bad);
        let items = whole(self.file, &kept, self.base, self.tokens, self.out);
        items.unwrap_or_else(|| {
            // each part stands alone, but not beside the others
            let whole = 0..kept.len();
            self.report(&(0..self.text.len()), &Excerpt::of(&kept, std::slice::from_ref(&whole)));
            self.lose(&(0..self.text.len()));
            Vec::new()
        })
    }

    /// Texts and brackets that do not close, and nesting that no parser should follow.
    fn unreadable(&mut self) -> Option<Vec<Item>> {
        for token in self.tokens.iter().filter(|t| t.kind == TokenKind::BrokenString) {
            if self.out.full(self.span(token)) {
                break;
            }
            let finding = Diagnostic::new(Code::UnclosedString, self.span(token), "this text in quotes does not end")
                .help("close it with `\"` on the same line; write `\\\"` for a quote inside it");
            self.out.found.push(finding);
        }
        if let Some(token) = too_deep(self.tokens, self.text) {
            let message = format!("this opens more than {MAX_NESTING} levels");
            let finding = Diagnostic::new(Code::NestedTooDeep, self.span(&token), message)
                .help("give the inner part a name: a criteria of its own");
            self.out.found.push(finding);
            return Some(Vec::new());
        }
        let mut open: Vec<&Token> = Vec::new();
        // what a brace further left closes: where one is missing, it is likely there
        let mut suspect: Option<&Token> = None;
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
                Some(o) if o.text(self.text) == opener => {
                    let (from, own_line) = self.indent(o);
                    let (to, own) = self.indent(token);
                    if suspect.is_none() && own && to < from && !own_line {
                        suspect = Some(o);
                    }
                }
                Some(o) => return self.unclosed(o),
                None => {
                    let message = format!("`{}` closes nothing", token.text(self.text));
                    let finding = Diagnostic::new(Code::UnclosedBrace, self.span(token), message)
                        .help("remove it, or open what it should close");
                    self.out.found.push(finding);
                    return Some(Vec::new());
                }
            }
        }
        let last = *open.last()?;
        self.unclosed(suspect.unwrap_or(last))
    }

    /// How far the line of a token is indented, and whether the token is the first in it.
    fn indent(&self, token: &Token) -> (usize, bool) {
        let before = self.text.get(..token.start).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("");
        let indent = line.len() - line.trim_start().len();
        (indent, indent == line.len())
    }

    fn unclosed(&mut self, token: &Token) -> Option<Vec<Item>> {
        let (open, close) = if token.text(self.text) == "{" { ("{", "}") } else { ("(", ")") };
        let finding = Diagnostic::new(Code::UnclosedBrace, self.span(token), format!("`{open}` is never closed"))
            .here("opened here")
            .help(format!("write `{close}` where it ends"));
        self.out.found.push(finding);
        Some(Vec::new())
    }

    /// Collects the ranges that must go so that the rest parses. `range` does not parse between what stands `before`
    /// and `after` it: the headers around it and what closes them.
    fn find_bad(
        &mut self,
        range: Range<usize>,
        before: &[Range<usize>],
        after: &[Range<usize>],
        bad: &mut Vec<Range<usize>>,
    ) {
        let body = self.body_of(&range).unwrap_or(range.end..range.end);
        let clauses = self.clauses(&body);
        let (opening, closing) = (range.start..body.start, body.end..range.end);
        let before = [before, std::slice::from_ref(&opening)].concat();
        let after = [std::slice::from_ref(&closing), after].concat();
        let header = Excerpt::of(self.text, before.iter().chain(&after));
        if clauses.is_empty() || Grammar::parse(Rule::file, &header.text).is_err() {
            self.report(&range, &header);
            bad.push(range);
            return;
        }
        for clause in clauses {
            let here = self.base + clause.start;
            if self.out.full(Span::new(self.file, here..here)) {
                bad.push(clause.start..body.end);
                return;
            }
            let alone = Excerpt::of(self.text, before.iter().chain([&clause]).chain(&after));
            if Grammar::parse(Rule::file, &alone.text).is_err() {
                self.find_bad(clause, &before, &after, bad);
            }
        }
    }

    /// The inside of the first pair of braces in a range.
    fn body_of(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let mut tokens = tokens_in(self.tokens, range).iter();
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
    fn clauses(&self, body: &Range<usize>) -> Vec<Range<usize>> {
        let inside = tokens_in(self.tokens, body).iter().filter(|t| t.kind != TokenKind::Comment);
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
    fn report(&mut self, range: &Range<usize>, alone: &Excerpt) {
        let tokens = tokens_in(self.tokens, range);
        if tokens.iter().any(|t| t.kind == TokenKind::BrokenString) {
            return; // reported already, and the cause of whatever else is wrong here
        }
        let Err(error) = Grammar::parse(Rule::file, &alone.text) else {
            return;
        };
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => alone.place(at),
        };
        let expected = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => expected(positives),
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        let code = |t: &&Token| t.kind != TokenKind::Comment;
        let code: Vec<&Token> = tokens.iter().filter(code).collect();
        let place = code.iter().position(|t| t.end > at);
        let found = place.and_then(|place| code.get(place));
        let last = code.last();
        let habit = place.and_then(|place| habit(&code, place, self.text));
        let words = list_of(&expected);
        let finding = match (found, last) {
            (Some(token), _) => {
                let word = token.text(self.text);
                let span = self.span(token);
                let message = format!("`{word}` does not fit here");
                let finding = Diagnostic::new(Code::UnexpectedText, span, message);
                let finding = if words.is_empty() { finding } else { finding.here(format!("expected {words}")) };
                let candidates: Vec<&str> = expected.iter().filter_map(|e| keyword(e)).collect();
                if let Some(help) = habit {
                    self.out.found.push(finding.help(help));
                    return;
                }
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
        self.out.found.push(finding);
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
