//! Conditions and values, resolved and typed.

use std::sync::Arc;

use super::{CriteriaId, FieldId, KindId, ListId, ParamId, ScoreId, TableId, ValueId};
use crate::function::Function;
use crate::span::Span;
pub use crate::syntax::tree::{Arithmetic, Comparison, Verdict};
use crate::time::Duration;
use crate::ty::Ty;
use crate::value::Value;

/// An expression with its type and place.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// What its values are.
    pub ty: Ty,
    /// Its place.
    pub span: Span,
}

/// The forms of expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A constant.
    Value(Value),
    /// A named constant.
    Param(ParamId),
    /// A field of the lead.
    Field(FieldId),
    /// A property of the event that a `where` looks at, by position in its kind.
    Property(u32),
    /// A score.
    Score(ScoreId),
    /// A named value or band.
    Named(ValueId),
    /// Whether a criteria is met.
    Criteria(CriteriaId),
    /// The name of the latest disposition; missing where there is none.
    Disposition,
    /// A property of the latest disposition, by position, for each kind that has it; missing where it has none.
    DispositionProperty(Vec<(KindId, u32)>),
    /// The instant of the decision.
    Now,
    /// Its date in the pact's zone.
    Today,
    /// `not a`
    Not(Box<Expr>),
    /// `-a`
    Negate(Box<Expr>),
    /// All hold.
    And(Vec<Expr>),
    /// At least one holds.
    Or(Vec<Expr>),
    /// A comparison; `true` for `exactly`.
    Compare(Comparison, bool, Box<Expr>, Box<Expr>),
    /// `a matches "pattern"`, compiled.
    Matches(Box<Expr>, Pattern),
    /// Arithmetic.
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// The second where the first is missing.
    IfMissing(Box<Expr>, Box<Expr>),
    /// Whether a value is present (`true`) or missing (`false`).
    Present(Box<Expr>, bool),
    /// Whether a condition has this verdict.
    IsVerdict(Box<Expr>, Verdict),
    /// Low, high; both ends included.
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Whether a set holds the value.
    In {
        /// The value.
        value: Box<Expr>,
        /// The set.
        set: Set,
        /// Whether letters must be the same to the letter.
        exactly: bool,
        /// `not in`
        negated: bool,
    },
    /// Whether a set holds, or with `negated` lacks, some value of a field that holds a list.
    EachIn {
        /// The field.
        field: FieldId,
        /// The set.
        set: Set,
        /// Whether letters must be the same to the letter.
        exactly: bool,
        /// `not in`
        negated: bool,
    },
    /// `if a then b else c`
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A function.
    Call(Function, Vec<Expr>),
    /// The output column of the first row of a table that matches the lead.
    Lookup(TableId, u32),
    /// A question about history.
    Question(Question),
}

/// A regular expression, equal to another when its text is.
#[derive(Debug, Clone)]
pub struct Pattern(pub Arc<regex::Regex>);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// Where `in` looks.
#[derive(Debug, Clone, PartialEq)]
pub enum Set {
    /// Among these values.
    Values(Vec<Value>),
    /// In a named list.
    List(ListId),
    /// Among the values of a field that holds a list.
    Field(FieldId),
}

/// What is asked about history. Only events at or before the instant count.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// How many.
    Count(Events),
    /// Whether there is one.
    Any(Events),
    /// A property of the latest event of a kind.
    Latest(KindId, u32),
    /// A property of the earliest event of a kind.
    Earliest(KindId, u32),
    /// The sum of a property; missing values do not count.
    Sum(u32, Events),
    /// How long ago the latest event of a kind was.
    TimeSince(KindId),
}

/// Events of one kind, narrowed.
#[derive(Debug, Clone, PartialEq)]
pub struct Events {
    /// The kind.
    pub kind: KindId,
    /// What must hold for an event to count.
    pub condition: Option<Box<Expr>>,
    /// How far back: after the instant less the window, up to the instant.
    pub window: Option<Duration>,
}

impl Expr {
    /// Visits the expression and every expression in it, outermost first.
    pub fn visit(&self, see: &mut dyn FnMut(&Expr)) {
        see(self);
        match &self.kind {
            ExprKind::Not(a) | ExprKind::Negate(a) | ExprKind::Present(a, _) | ExprKind::IsVerdict(a, _) => {
                a.visit(see)
            }
            ExprKind::Matches(a, _) | ExprKind::In { value: a, .. } => a.visit(see),
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Call(_, parts) => {
                parts.iter().for_each(|part| part.visit(see));
            }
            ExprKind::Compare(_, _, a, b) | ExprKind::Arithmetic(_, a, b) | ExprKind::IfMissing(a, b) => {
                a.visit(see);
                b.visit(see);
            }
            ExprKind::Between(a, b, c) | ExprKind::Choice(a, b, c) => {
                a.visit(see);
                b.visit(see);
                c.visit(see);
            }
            ExprKind::Question(Question::Count(events) | Question::Any(events) | Question::Sum(_, events)) => {
                if let Some(condition) = &events.condition {
                    condition.visit(see);
                }
            }
            ExprKind::Question(_)
            | ExprKind::Value(_)
            | ExprKind::Param(_)
            | ExprKind::Field(_)
            | ExprKind::Property(_)
            | ExprKind::Score(_)
            | ExprKind::Named(_)
            | ExprKind::EachIn { .. }
            | ExprKind::Criteria(_)
            | ExprKind::Disposition
            | ExprKind::DispositionProperty(_)
            | ExprKind::Now
            | ExprKind::Today
            | ExprKind::Lookup(..) => {}
        }
    }
}

impl Question {
    /// The kind of event that is asked about.
    pub fn kind(&self) -> KindId {
        match self {
            Self::Count(events) | Self::Any(events) | Self::Sum(_, events) => events.kind,
            Self::Latest(kind, _) | Self::Earliest(kind, _) | Self::TimeSince(kind) => *kind,
        }
    }
}
