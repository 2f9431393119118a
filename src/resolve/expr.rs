//! Conditions and values: names to ids, a type on every part.

mod arithmetic;
mod call;
mod compare;
mod member;
mod name;
mod question;

use std::sync::Arc;

pub(super) use name::type_of;

use super::Resolver;
use super::missing::can_be_missing;
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{Expr, ExprKind, KindId};
use crate::span::Span;
use crate::syntax::tree;
use crate::time::Duration;
use crate::ty::Ty;
use crate::value::Value;

/// What names mean at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Context {
    /// The kind of event whose properties are seen first: that of the `where` around.
    kind: Option<KindId>,
}

impl Context {
    /// Over the lead and its history.
    pub(super) const LEAD: Self = Self { kind: None };

    /// In the `where` of a question about a kind of event.
    pub(super) fn event(kind: KindId) -> Self {
        Self { kind: Some(kind) }
    }
}

/// What stands on the other side of a comparison: it says what a bare name or text can mean.
#[derive(Debug, Clone, Default)]
struct Opposite {
    ty: Option<Ty>,
    /// The words that a bare name may be.
    words: Vec<Arc<str>>,
}

/// Stands where a finding was made; it fits everywhere, so that no second finding comes of the first.
pub(super) fn unknown(span: Span) -> Expr {
    Expr { kind: ExprKind::Value(Value::Bool(false)), ty: Ty::Unknown, span }
}

/// The type that holds the values of both.
fn join(a: &Ty, b: &Ty) -> Ty {
    match (a, b) {
        (Ty::Unknown, ty) | (ty, Ty::Unknown) => ty.clone(),
        (Ty::Word(a), Ty::Word(b)) => {
            let more = b.iter().filter(|word| !a.contains(word));
            Ty::Word(a.iter().chain(more).cloned().collect())
        }
        (a, b) if a == b => a.clone(),
        (a, b) if a.is_textual() && b.is_textual() => Ty::Text,
        (a, b) if a.is_numeric() && b.is_numeric() => Ty::Number,
        (a, _) => a.clone(),
    }
}

impl Resolver<'_> {
    /// A value or condition.
    pub(super) fn expr(&mut self, expr: &tree::ExprNode, context: Context) -> Expr {
        self.toward(expr, context, &Opposite::default())
    }

    /// A condition; anything else is a finding.
    pub(super) fn condition(&mut self, expr: &tree::ExprNode, context: Context) -> Expr {
        if let tree::ExprKindNode::Name(name) = &expr.kind
            && !self.means_something(name, context)
            && self.pact.kind(&name.text).is_some()
        {
            let finding =
                Diagnostic::new(Code::NotACondition, name.span, format!("`{0}` is something that happens", name.text))
                    .here("a condition is needed")
                    .help(format!("ask whether it happened: `any {}`", name.text));
            self.out.push(finding);
            return unknown(expr.span);
        }
        let resolved = self.expr(expr, context);
        if !matches!(resolved.ty, Ty::Bool | Ty::Unknown) {
            self.not_a_condition(&resolved);
            return unknown(expr.span);
        }
        resolved
    }

    fn not_a_condition(&mut self, expr: &Expr) {
        let says = self.says(expr.span);
        let help = match (&expr.kind, &expr.ty) {
            (ExprKind::Value(Value::Text(_)), _) => format!("compare a field with it: `title = {says}`"),
            (ExprKind::Value(_), _) => format!("compare a field or score with it: `fit >= {says}`"),
            (_, Ty::Word(words)) => {
                let word = words.first().map_or("…", |word| &**word);
                format!("say which: `{says} = {word}`, or whether it is there: `{says} is present`")
            }
            (_, Ty::Text) => format!("say which: `{says} = \"…\"`, or whether it is there: `{says} is present`"),
            (_, Ty::Integer | Ty::Number) => {
                format!("say how much: `{says} >= 1`, or whether it is there: `{says} is present`")
            }
            (_, Ty::Money(currency)) => format!("say how much: `{says} >= 1M {currency}`"),
            (_, Ty::Duration) => format!("say how long: `{says} > 30 days`"),
            (_, Ty::Date | Ty::Time) => {
                format!("say when: `{says} >= today`, or whether it is there: `{says} is present`")
            }
            (_, Ty::List(_)) => format!("say what is in it: `\"…\" in {says}`"),
            _ => "compare it with something".to_owned(),
        };
        let message = format!("`{says}` is {}, not a condition", describe(&expr.ty));
        self.out
            .push(Diagnostic::new(Code::NotACondition, expr.span, message).here("a condition is needed").help(help));
    }

    /// The text under a span on one line, cut where it is long.
    pub(super) fn says(&self, span: Span) -> String {
        let says = self.sources.says(span);
        match says.char_indices().nth(48) {
            Some((at, _)) => format!("{}…", says.get(..at).unwrap_or("")),
            None => says,
        }
    }

    /// A duration as written, with its finding when it is none.
    fn length_of(&mut self, written: &tree::DurationNode) -> Option<Duration> {
        self.duration_of(&written.node, written.span)
    }

    /// A duration that must take time.
    pub(super) fn some_time(&mut self, written: &tree::DurationNode, what: &str) -> Option<Duration> {
        let duration = self.length_of(written)?;
        if duration.nominal_seconds() > 0 {
            return Some(duration);
        }
        let message = format!("{what} of `{}` is no time at all", self.says(written.span));
        self.out.push(Diagnostic::new(Code::BadWindow, written.span, message).help("say more than zero: `30 days`"));
        None
    }

    /// The length of a window of time before an instant. It has no calendar, so it runs in elapsed time.
    pub(super) fn window(&mut self, written: &tree::DurationNode, what: &str) -> Option<Duration> {
        let window = self.some_time(written, what)?;
        if !window.business {
            return Some(window);
        }
        let finding = Diagnostic::new(
            Code::BadWindow,
            written.span,
            format!("{what} runs in elapsed time, not in business time"),
        )
        .help(format!("leave out `business`: `{}`", Duration { business: false, ..window }));
        self.out.push(finding);
        None
    }

    /// A duration that may be business time only where a calendar says whose hours count.
    pub(super) fn timed(
        &mut self,
        written: &tree::DurationNode,
        what: &str,
        calendar: Result<(), &str>,
    ) -> Option<Duration> {
        let duration = self.some_time(written, what)?;
        if let (true, Err(help)) = (duration.business, calendar) {
            self.out.push(Diagnostic::new(Code::NoClock, written.span, "business time needs a calendar").help(help));
        }
        Some(duration)
    }

    fn toward(&mut self, expr: &tree::ExprNode, context: Context, opposite: &Opposite) -> Expr {
        use tree::ExprKindNode as Tree;
        let span = expr.span;
        let (kind, ty) = match &expr.kind {
            Tree::Refused => return unknown(span),
            Tree::Literal(literal) => return self.constant(literal, span, opposite),
            Tree::Name(name) => return self.name(name, context, opposite),
            Tree::Dotted(dotted) => return self.answered(dotted, span),
            Tree::Not(inner) => (ExprKind::Not(Box::new(self.condition(inner, context))), Ty::Bool),
            Tree::And(parts) => (ExprKind::And(self.conditions(parts, context)), Ty::Bool),
            Tree::Or(parts) => (ExprKind::Or(self.conditions(parts, context)), Ty::Bool),
            Tree::Negate(inner) => return self.negate(inner, span, context),
            Tree::Compare(tree::Comparison::Matches, _, a, b) => return self.matches(a, b, span, context),
            Tree::Compare(comparison, exactly, a, b) => {
                return self.compare(*comparison, *exactly, (a, b), span, context);
            }
            Tree::Between(value, low, high) => return self.between(value, (low, high), span, context),
            Tree::EachOf(name) => {
                let finding = Diagnostic::new(Code::OutOfPlace, span, "this does not say what is asked of the values")
                    .here("a set is needed")
                    .help(format!("say among what: `any of {0} in …` or `any of {0} not in …`", name.text));
                self.out.push(finding);
                return unknown(span);
            }
            Tree::In { value, members, exactly, negated } if matches!(value.kind, Tree::EachOf(_)) => {
                let Tree::EachOf(name) = &value.kind else { return unknown(span) };
                let Some((field, set)) = self.each_member(name, members, context) else { return unknown(span) };
                (ExprKind::EachIn { field, set, exactly: *exactly, negated: *negated }, Ty::Bool)
            }
            Tree::In { value, members, exactly, negated } => {
                let (value, set) = self.member(value, members, context);
                let Some(set) = set else { return unknown(span) };
                (ExprKind::In { value: Box::new(value), set, exactly: *exactly, negated: *negated }, Ty::Bool)
            }
            Tree::Arithmetic(operator, a, b) => return self.arithmetic(*operator, (a, b), span, context),
            Tree::IfMissing(a, b) => {
                let (a, b) = self.alike(a, b, context, opposite);
                let ty = join(&a.ty, &b.ty);
                (ExprKind::IfMissing(Box::new(a), Box::new(b)), ty)
            }
            Tree::Choice(condition, a, b) => {
                let condition = Box::new(self.condition(condition, context));
                let (a, b) = self.alike(a, b, context, opposite);
                let ty = join(&a.ty, &b.ty);
                (ExprKind::Choice(condition, Box::new(a), Box::new(b)), ty)
            }
            Tree::Present(inner, present) => {
                let inner = self.expr(inner, context);
                self.always_there(&inner, *present);
                (ExprKind::Present(Box::new(inner), *present), Ty::Bool)
            }
            Tree::IsVerdict(inner, verdict) => {
                (ExprKind::IsVerdict(Box::new(self.condition(inner, context)), *verdict), Ty::Bool)
            }
            Tree::Call(name, arguments) => return self.call(name, arguments, span, context),
            Tree::Lookup(column, table) => return self.lookup(column, table, span),
            Tree::Question(question) => return self.question(question, span),
        };
        Expr { kind, ty, span }
    }

    /// Asking whether a field is there that always is, is a misunderstanding of the record.
    fn always_there(&mut self, expr: &Expr, present: bool) {
        if !matches!(expr.kind, ExprKind::Field(_)) || can_be_missing(&self.pact, expr) {
            return;
        }
        let message = format!("`{}` is there for every lead", self.says(expr.span));
        let finding = Diagnostic::new(Code::AlwaysThere, expr.span, message)
            .here(format!("this is always {present}"))
            .help("remove the question, or mark the field with `?`");
        self.out.push(finding);
    }

    fn conditions(&mut self, parts: &[tree::ExprNode], context: Context) -> Vec<Expr> {
        parts.iter().map(|part| self.condition(part, context)).collect()
    }

    /// A value as written. A text opposite a `one of` type must be one of its words.
    fn constant(&mut self, literal: &tree::Literal, span: Span, opposite: &Opposite) -> Expr {
        match literal {
            tree::Literal::Now => return Expr { kind: ExprKind::Now, ty: Ty::Time, span },
            tree::Literal::Today => return Expr { kind: ExprKind::Today, ty: Ty::Date, span },
            tree::Literal::Text(text) => {
                if let Some(Ty::Word(_)) = &opposite.ty {
                    let name = tree::Name { text: text.clone(), span };
                    return self.word(&name, opposite);
                }
            }
            _ => {}
        }
        match self.literal(literal, span, opposite.ty.as_ref()) {
            Some((value, ty)) => Expr { kind: ExprKind::Value(value), ty, span },
            None => unknown(span),
        }
    }

    /// Two branches that must hold values of one sort.
    fn alike(&mut self, a: &tree::ExprNode, b: &tree::ExprNode, context: Context, opposite: &Opposite) -> (Expr, Expr) {
        let (a, b) = if opposite.ty.is_some() {
            (self.toward(a, context, opposite), self.toward(b, context, opposite))
        } else {
            self.pair(a, b, context)
        };
        if !a.ty.comparable(&b.ty) {
            self.unlike(&a, &b);
        }
        (a, b)
    }
}

/// A type as a sentence names it.
pub(super) fn describe(ty: &Ty) -> String {
    match ty {
        Ty::Text => "a text".to_owned(),
        Ty::Word(_) => "a word out of a few".to_owned(),
        Ty::Integer | Ty::Number => "a number".to_owned(),
        Ty::Money(currency) => format!("money in {currency}"),
        Ty::Bool => "a condition".to_owned(),
        Ty::Date => "a date".to_owned(),
        Ty::Time => "a time".to_owned(),
        Ty::Duration => "a duration".to_owned(),
        Ty::List(_) => "a list".to_owned(),
        Ty::Unknown => "unknown".to_owned(),
    }
}
