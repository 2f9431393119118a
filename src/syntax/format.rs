//! The one way a pact is laid out. The formatter prints the tokens of a text with canonical white space, so that no
//! word and no comment can get lost; the outline says only where clauses start.

use std::ops::Range;

use unicode_width::UnicodeWidthStr as _;

use super::lines::{Line, WIDTH, print};
use super::outline::{Body, Clause, Outline};
use super::parse::parse;
use super::tokens::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::span::FileId;

/// How far the clauses in braces are indented.
const INDENT: usize = 2;
/// How far the rest of a broken line is indented.
const CONTINUATION: usize = 4;

/// The text in canonical layout, or what keeps it from being parsed; such a text is best left as it is.
///
/// ```
/// use leadpact::internals::{source::Source, syntax};
/// let source = Source::new("a.pact", "list  a=\"x\",\"y\"   # two");
/// assert_eq!(syntax::format(&source), Ok("list a = \"x\", \"y\"  # two\n".to_owned()));
/// ```
pub fn format(source: &Source) -> Result<String, Vec<Diagnostic>> {
    let parsed = parse(FileId(0), source);
    let code: Vec<Token> = parsed.tokens.iter().filter(|t| t.kind != TokenKind::Comment).copied().collect();
    let outline = if parsed.complete { Outline::of(&source.text, &code) } else { None };
    let Some(outline) = outline else {
        return Err(parsed.diagnostics);
    };
    let layout = Layout::new(&source.text, &parsed.tokens, code);
    let mut printer = Printer { layout, outline: &outline, lines: Vec::new() };
    printer.clauses(&outline.items, 0, printer.layout.code.len());
    Ok(print(printer.lines))
}

/// The tokens with what their layout in the source says.
struct Layout<'t> {
    text: &'t str,
    code: Vec<Token>,
    /// The comments on lines of their own before each token, each with whether a blank line stands before it. The last
    /// entry is for the end of the text.
    own: Vec<Vec<(bool, &'t str)>>,
    /// The comment behind each token on its line.
    trailing: Vec<Option<&'t str>>,
    /// Whether a blank line stands right before each token.
    blank: Vec<bool>,
    /// Whether a line ends before each token.
    newline: Vec<bool>,
}

impl<'t> Layout<'t> {
    fn new(text: &'t str, tokens: &[Token], code: Vec<Token>) -> Self {
        let mut own = vec![Vec::new()];
        let (mut trailing, mut blank, mut newline) = (Vec::new(), Vec::new(), Vec::new());
        let mut end = 0;
        let mut line_ended = true;
        for token in tokens {
            let breaks = line_breaks(text.get(end..token.start).unwrap_or(""));
            line_ended |= breaks > 0;
            end = token.end;
            if token.kind != TokenKind::Comment {
                blank.push(breaks > 1);
                newline.push(line_ended);
                trailing.push(None);
                own.push(Vec::new());
                line_ended = false;
                continue;
            }
            let comment = token.text(text).trim_end();
            match (trailing.last_mut(), own.last_mut()) {
                (Some(slot), _) if !line_ended => *slot = Some(comment),
                (_, Some(comments)) => comments.push((breaks > 1, comment)),
                _ => {}
            }
            line_ended = true;
        }
        Self { text, code, own, trailing, blank, newline }
    }

    fn comments_in(&self, tokens: Range<usize>) -> bool {
        let own = self.own.get(tokens.start + 1..tokens.end).is_some_and(|own| own.iter().any(|c| !c.is_empty()));
        let trailing = self.trailing.get(tokens.start..tokens.end - 1);
        own || trailing.is_some_and(|comments| comments.iter().any(Option::is_some))
    }

    /// A token's letters; a date and its time are one token, with one space between.
    fn letters(&self, token: usize) -> String {
        match self.code.get(token) {
            Some(t) if t.kind == TokenKind::Value => t.text(self.text).split_whitespace().collect::<Vec<_>>().join(" "),
            Some(t) => t.text(self.text).to_owned(),
            None => String::new(),
        }
    }
}

fn line_breaks(space: &str) -> usize {
    let mut before = ' ';
    let mut breaks = 0;
    for c in space.chars() {
        breaks += usize::from(c == '\r' || (c == '\n' && before != '\r'));
        before = c;
    }
    breaks
}

struct Printer<'t, 'o> {
    layout: Layout<'t>,
    outline: &'o Outline,
    lines: Vec<Line>,
}

impl Printer<'_, '_> {
    /// Prints clauses and the comments before, between and behind them, up to the token `end`.
    fn clauses(&mut self, clauses: &[Clause], indent: usize, end: usize) {
        let opens = self.lines.len();
        for clause in clauses {
            let start = clause.tokens.start;
            self.own_comments(start, indent, opens);
            let blank = self.layout.blank.get(start).copied().unwrap_or(false) && self.lines.len() > opens;
            self.clause(clause, indent, blank);
        }
        self.own_comments(end, indent, opens);
    }

    fn own_comments(&mut self, token: usize, indent: usize, opens: usize) {
        for (blank, comment) in self.layout.own.get(token).cloned().unwrap_or_default() {
            let blank = blank && self.lines.len() > opens;
            self.lines.push(Line { blank, indent, comment: Some(comment.to_owned()), ..Line::default() });
        }
    }

    fn clause(&mut self, clause: &Clause, indent: usize, blank: bool) {
        let mut from = clause.tokens.start;
        let mut line = Line { blank, indent, ..Line::default() };
        for body in &clause.bodies {
            if self.stands_on_one_line(from, body, indent) {
                continue;
            }
            self.segment(clause, from..body.open + 1, line);
            self.clauses(&body.clauses, indent + INDENT, body.close);
            from = body.close;
            line = Line { indent, ..Line::default() };
        }
        if from == clause.tokens.start && !self.layout.comments_in(clause.tokens.clone()) {
            line.group = clause.row.as_ref().map(|row| (row.group, row.gap));
        }
        self.segment(clause, from..clause.tokens.end, line);
    }

    /// Whether a body can stay on the line that starts with token `from`.
    fn stands_on_one_line(&self, from: usize, body: &Body, indent: usize) -> bool {
        let opened = |at: usize| {
            let open = self.layout.code.get(at).is_some_and(|t| t.text(self.layout.text) == "{");
            open && at + 1 < body.close && self.layout.newline.get(at + 1) == Some(&true)
        };
        let broken = (body.open..body.close).any(opened) || self.layout.comments_in(body.open..body.close + 1);
        !broken && indent + self.width(from..body.close + 1) <= WIDTH
    }

    fn width(&self, tokens: Range<usize>) -> usize {
        let start = tokens.start;
        let gap = |at| if at == start { 0 } else { self.gap(at) };
        tokens.map(|at| gap(at) + self.layout.letters(at).width()).sum()
    }

    fn gap(&self, token: usize) -> usize {
        self.outline.gaps.get(token).copied().unwrap_or(1)
    }

    /// Prints tokens of a clause that belong on one line, on more lines where comments or the width ask for them.
    fn segment(&mut self, clause: &Clause, tokens: Range<usize>, mut line: Line) {
        let margin = line.indent + CONTINUATION;
        let cells = match (&clause.row, line.group) {
            (Some(row), Some(_)) if line.indent + self.width(tokens.clone()) <= WIDTH => row.cells.as_slice(),
            _ => {
                line.group = None;
                &[]
            }
        };
        let mut room = WIDTH.saturating_sub(line.indent);
        for at in tokens.clone() {
            let letters = self.layout.letters(at);
            let may_break = self.may_break(at, clause) && !line.cells.is_empty();
            let gap = self.gap(at);
            if may_break && self.width_to_break(at, tokens.end, clause) + gap > room {
                let next = Line { indent: margin, ..Line::default() };
                self.lines.push(std::mem::replace(&mut line, next));
                room = WIDTH.saturating_sub(margin);
            }
            room = room.saturating_sub(gap + letters.width());
            match line.cells.last_mut() {
                Some((_, cell)) if !cells.contains(&at) => {
                    cell.extend(std::iter::repeat_n(' ', gap));
                    cell.push_str(&letters);
                }
                _ => line.cells.push((gap, letters)),
            }
            line.comment = self.layout.trailing.get(at).copied().flatten().map(str::to_owned);
            let more = at + 1 < tokens.end;
            if more && (line.comment.is_some() || self.layout.own.get(at + 1).is_some_and(|own| !own.is_empty())) {
                let next = Line { indent: margin, ..Line::default() };
                self.lines.push(std::mem::replace(&mut line, next));
                self.own_comments(at + 1, margin, usize::MAX);
                room = WIDTH.saturating_sub(margin);
            }
        }
        self.lines.push(line);
    }

    /// The width of a token and those after it, up to where the line may break next.
    fn width_to_break(&self, at: usize, end: usize, clause: &Clause) -> usize {
        let next = (at + 1..end).find(|at| self.may_break(*at, clause));
        self.width(at..next.unwrap_or(end))
    }
    /// Whether a line may break before a token; what stands in braces on one line stays there.
    fn may_break(&self, at: usize, clause: &Clause) -> bool {
        let before = clause.bodies.partition_point(|body| body.open < at);
        let inside = clause.bodies.get(before.wrapping_sub(1)).is_some_and(|body| at < body.close);
        self.outline.breaks.get(at) == Some(&true) && !inside
    }
}
