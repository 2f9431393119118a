//! Values and bands: what has a name and is worked out.

use std::sync::Arc;

use super::{Comparison, Expr, ExprKind, ValueId};
use crate::span::Span;
use crate::ty::Ty;

/// A named value: an expression, a band, or a grid of two bands.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedValue {
    pub name: Arc<str>,
    pub description: Arc<str>,
    /// What its values are; of a band and a grid, words.
    pub ty: Ty,
    pub kind: NamedKind,
    pub span: Span,
}

/// How a named value is worked out.
#[derive(Debug, Clone, PartialEq)]
pub enum NamedKind {
    /// By an expression.
    Value(Expr),
    /// A value parted into bands.
    Band(Band),
    /// Two bands, crossed.
    Grid(Grid),
}

/// A value parted into bands.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// The value.
    pub of: Expr,
    /// The bands: the first that holds counts.
    pub cases: Vec<BandCase>,
    /// The band of all else.
    pub otherwise: BandRest,
}

/// A band and when it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct BandCase {
    /// Its word.
    pub word: Arc<str>,
    /// The value compared with an end.
    pub when: Expr,
    pub span: Span,
}

/// The band of all that no case takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandRest {
    /// Its word.
    pub word: Arc<str>,
    /// The clause.
    pub span: Span,
}

/// Two bands, crossed.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The band whose words open the rows.
    pub rows: ValueId,
    /// The band whose words are the columns.
    pub columns: ValueId,
    /// Its rows, one for each word of the band that opens them, in their order.
    pub cells: Vec<GridRow>,
}

/// A row of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridRow {
    /// The word that opens it.
    pub of: Arc<str>,
    /// For each word of the columns, the word.
    pub words: Vec<Arc<str>>,
    /// The clause.
    pub span: Span,
}

impl BandCase {
    /// What the value is compared with.
    pub fn end(&self) -> Option<&Expr> {
        match &self.when.kind {
            ExprKind::Compare(_, _, _, end) => Some(end),
            _ => None,
        }
    }

    /// Whether it holds on one side of its end.
    pub fn has_order(&self) -> bool {
        use Comparison::{AtLeast, AtMost, Less, More};
        matches!(self.when.kind, ExprKind::Compare(AtLeast | AtMost | More | Less, ..))
    }
}

impl Band {
    /// Every word with the clause that gives it, in their order; a word may come twice.
    pub fn words(&self) -> impl Iterator<Item = (&Arc<str>, Span)> {
        let rest = (&self.otherwise.word, self.otherwise.span);
        self.cases.iter().map(|case| (&case.word, case.span)).chain([rest])
    }
}

impl NamedValue {
    /// Whether it is a band, by itself or crossed with another.
    pub fn is_band(&self) -> bool {
        !matches!(self.kind, NamedKind::Value(_))
    }

    /// The words of a band, in their order; none of a value.
    pub fn words(&self) -> &[Arc<str>] {
        match &self.ty {
            Ty::Word(words) if self.is_band() => words,
            _ => &[],
        }
    }

    /// Visits every expression of it, those of the bands that a grid crosses aside.
    pub fn visit(&self, see: &mut dyn FnMut(&Expr)) {
        match &self.kind {
            NamedKind::Value(value) => value.visit(see),
            NamedKind::Band(band) => band.cases.iter().for_each(|case| case.when.visit(see)),
            NamedKind::Grid(_) => {}
        }
    }

    /// The named values that it names without an expression.
    pub fn crosses(&self) -> impl Iterator<Item = ValueId> {
        let crossed = if let NamedKind::Grid(grid) = &self.kind { Some([grid.rows, grid.columns]) } else { None };
        crossed.into_iter().flatten()
    }
}
