//! Which tokens start items and clauses, which braces enclose which, and where tokens cling together: what the
//! formatter needs to know of the grammar, and no more.

use std::ops::Range;

use pest::Parser as _;
use pest::iterators::Pair;

use super::columns::{Cut, columns_of};
use super::grammar::{Grammar, Rule};
use super::tokens::Token;

/// A text as nested clauses of its tokens, comments aside.
pub(super) struct Outline {
    /// The items.
    pub(super) items: Vec<Clause>,
    /// How many spaces stand before each token when nothing breaks the line.
    pub(super) gaps: Vec<usize>,
    /// Whether a line that is too long may break before each token.
    pub(super) breaks: Vec<bool>,
}

/// An item or clause.
pub(super) struct Clause {
    /// Its tokens.
    pub(super) tokens: Range<usize>,
    /// The braces in it, and the clauses in those.
    pub(super) bodies: Vec<Body>,
    /// The columns it falls into when it stands on one line.
    pub(super) row: Option<Row>,
}

/// What stands in a pair of braces.
pub(super) struct Body {
    /// The token `{`.
    pub(super) open: usize,
    /// The token `}`.
    pub(super) close: usize,
    /// The clauses between.
    pub(super) clauses: Vec<Clause>,
}

/// How a clause falls into columns.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Rows of one group that follow each other are aligned.
    pub(super) group: usize,
    /// The tokens that start cells.
    pub(super) cells: Vec<usize>,
    /// The least space between cells.
    pub(super) gap: usize,
}

impl Outline {
    /// The outline of a text; none when it does not parse. `code` is its tokens without comments.
    pub(super) fn of(text: &str, code: &[Token]) -> Option<Self> {
        let file = Grammar::parse(Rule::file, text).ok()?.next()?;
        let mut walk = Walk { text, code, gaps: gaps(text, code), breaks: breaks(text, code) };
        let items = file.into_inner().filter(|p| p.as_rule() == Rule::item).filter_map(|p| p.into_inner().next());
        let items = items.map(|item| walk.clause(Rule::file, &[item])).collect();
        Some(Self { items, gaps: walk.gaps, breaks: walk.breaks })
    }
}

/// The spaces that the tokens alone ask for.
fn gaps(text: &str, code: &[Token]) -> Vec<usize> {
    let mut before = "(";
    code.iter()
        .map(|token| {
            let this = token.text(text);
            let tight = matches!(this, "," | ")" | "." | ":" | "?") || matches!(before, "(" | ".");
            let empty = (before, this) == ("{", "}");
            before = this;
            usize::from(!tight && !empty)
        })
        .collect()
}

fn breaks(text: &str, code: &[Token]) -> Vec<bool> {
    std::iter::once(false).chain(code.iter().map(|t| t.text(text) == ",")).take(code.len()).collect()
}

struct Walk<'t> {
    text: &'t str,
    code: &'t [Token],
    gaps: Vec<usize>,
    breaks: Vec<bool>,
}

impl Walk<'_> {
    /// The token in which a pair starts. It need not start the token: a date and a time may be one.
    fn first(&self, pair: &Pair<'_, Rule>) -> usize {
        self.code.partition_point(|t| t.end <= pair.as_span().start())
    }

    /// The token after a pair, which may reach over white space.
    fn end(&self, pair: &Pair<'_, Rule>) -> usize {
        self.code.partition_point(|t| t.start < pair.as_span().end())
    }

    fn gap(&mut self, token: usize, gap: usize) {
        if let Some(slot) = self.gaps.get_mut(token) {
            *slot = gap;
        }
    }

    /// A clause from its parts: one pair, or several where the grammar has no rule for the clause.
    fn clause(&mut self, within: Rule, parts: &[Pair<'_, Rule>]) -> Clause {
        let mut bodies = Vec::new();
        for part in parts {
            self.note(part, &mut bodies);
        }
        let start = parts.first().map_or(0, |p| self.first(p));
        let end = parts.last().map_or(start, |p| self.end(p));
        let row = parts.first().and_then(|p| self.row(within, p, start..end, &bodies));
        Clause { tokens: start..end, bodies, row }
    }

    /// Takes note of a pair and all in it, down to the next clauses.
    fn note(&mut self, pair: &Pair<'_, Rule>, bodies: &mut Vec<Body>) {
        let at = self.first(pair);
        let rule = pair.as_rule();
        let minus = || self.code.get(at).is_some_and(|t| t.text(self.text) == "-");
        match rule {
            Rule::call => self.gap(at + 1, 0),
            Rule::op_negate | Rule::signed_literal => self.gap(at + 1, 0),
            Rule::signed if minus() => self.gap(at + 1, 0),
            Rule::op_and | Rule::op_or | Rule::kw_when | Rule::window => {
                if let Some(slot) = self.breaks.get_mut(at) {
                    *slot = true;
                }
            }
            _ => {}
        }
        let parts: Vec<Pair<'_, Rule>> = pair.clone().into_inner().collect();
        match parts.iter().position(|p| p.as_rule() == Rule::open) {
            Some(open) => {
                let (head, rest) = parts.split_at(open);
                for part in head {
                    self.note(part, bodies);
                }
                bodies.push(self.body(rule, rest));
            }
            None => {
                let mut wide = match rule {
                    Rule::actions => usize::MAX,
                    Rule::test_at_event | Rule::test_at_expect => 1,
                    _ => 0,
                };
                for part in &parts {
                    if wide > 0 && matches!(part.as_rule(), Rule::action | Rule::happening | Rule::test_expect) {
                        self.gap(self.first(part), 2);
                        wide -= 1;
                    }
                    self.note(part, bodies);
                }
            }
        }
    }

    /// The body from its parts, `{` first and `}` last.
    fn body(&mut self, within: Rule, parts: &[Pair<'_, Rule>]) -> Body {
        let open = parts.first().map_or(0, |p| self.first(p));
        let close = parts.last().map_or(open, |p| self.first(p));
        let inside = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
        let size = if within == Rule::event_values { 3 } else { 1 }; // `name = "column"` has no rule of its own
        let clauses: Vec<Clause> = inside.chunks(size).map(|parts| self.clause(within, parts)).collect();
        for clause in clauses.iter().skip(1) {
            self.gap(clause.tokens.start, 2);
        }
        Body { open, close, clauses }
    }

    fn row(&self, within: Rule, pair: &Pair<'_, Rule>, tokens: Range<usize>, bodies: &[Body]) -> Option<Row> {
        let (group, columns) = columns_of(within, pair.as_rule())?;
        let parts: Vec<Pair<'_, Rule>> =
            pair.clone().into_inner().flat_map(|p| std::iter::once(p.clone()).chain(p.into_inner())).collect();
        let mut parts = parts.iter();
        let mut cells = Vec::new();
        for cut in columns.cuts {
            match cut {
                Cut::At(rules) => {
                    let mut rest = parts.clone();
                    if let Some(part) = rest.find(|p| rules.contains(&p.as_rule()) && self.first(p) > tokens.start) {
                        cells.push(self.first(part));
                        parts = rest;
                    }
                }
                Cut::Mark(mark) => {
                    let is = |at: &usize| self.code.get(*at).is_some_and(|t| t.text(self.text) == *mark);
                    cells.extend(tokens.clone().find(is));
                }
                Cut::Each(rules) => {
                    let of = parts.by_ref().filter(|p| rules.contains(&p.as_rule())).map(|p| self.first(p));
                    cells.extend(of.filter(|at| *at > tokens.start));
                }
                Cut::Inside => {
                    let clauses = bodies.iter().flat_map(|b| b.clauses.iter().skip(1));
                    cells.extend(clauses.map(|c| c.tokens.start));
                }
            }
        }
        Some(Row { group, cells, gap: columns.gap })
    }
}
