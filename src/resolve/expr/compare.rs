//! Comparisons: what can be compared with what.

use std::sync::Arc;

use regex::RegexBuilder;

use super::super::Resolver;
use super::{Context, Opposite, describe, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{Comparison, Expr, ExprKind, Pattern};
use crate::span::Span;
use crate::syntax::tree;
use crate::text::exact;
use crate::ty::Ty;

/// How large a compiled pattern may be, in bytes.
const PATTERN_LIMIT: usize = 1 << 20;

impl Resolver<'_> {
    /// Two sides, each resolved with what it knows of the other: in `web = lead_source` too, `web` is a word.
    pub(super) fn pair(&mut self, a: &tree::ExprNode, b: &tree::ExprNode, context: Context) -> (Expr, Expr) {
        let waits = match &a.kind {
            tree::ExprKindNode::Name(name) => !self.means_something(name, context),
            tree::ExprKindNode::Literal(_) => !matches!(b.kind, tree::ExprKindNode::Literal(_)),
            _ => false,
        };
        if waits {
            let other = match &b.kind {
                // neither side means anything by itself: the right one is a word of nothing
                tree::ExprKindNode::Name(name) if !self.means_something(name, context) => None,
                _ => Some(self.expr(b, context)),
            };
            if let Some(b) = other {
                let opposite = self.opposite(&b);
                return (self.toward(a, context, &opposite), b);
            }
        }
        let a = self.expr(a, context);
        let opposite = self.opposite(&a);
        let b = self.toward(b, context, &opposite);
        (a, b)
    }

    pub(super) fn compare(
        &mut self,
        comparison: Comparison,
        exactly: bool,
        (a, b): (&tree::ExprNode, &tree::ExprNode),
        span: Span,
        context: Context,
    ) -> Expr {
        let (a, b) = self.pair(a, b, context);
        let fits = match comparison {
            Comparison::Equal | Comparison::Unequal => self.compared(&a, &b),
            // a list contains a value
            Comparison::Contains if matches!(a.ty, Ty::List(_)) => match &a.ty {
                Ty::List(of) if of.comparable(&b.ty) => true,
                _ => self.compared(&a, &b),
            },
            Comparison::Contains | Comparison::StartsWith | Comparison::EndsWith | Comparison::Matches => {
                self.is_text(&a, &b) && self.is_text(&b, &a)
            }
            _ => self.compared(&a, &b) && self.has_order(&a) && self.has_order(&b),
        };
        if !fits {
            return unknown(span);
        }
        Expr { kind: ExprKind::Compare(comparison, exactly, Box::new(a), Box::new(b)), ty: Ty::Bool, span }
    }

    pub(super) fn between(
        &mut self,
        value: &tree::ExprNode,
        (low, high): (&tree::ExprNode, &tree::ExprNode),
        span: Span,
        context: Context,
    ) -> Expr {
        let value = self.expr(value, context);
        let opposite = Opposite { ty: Some(value.ty.clone()), words: Vec::new() };
        let low = self.toward(low, context, &opposite);
        let high = self.toward(high, context, &opposite);
        let fits = self.has_order(&value) && self.compared(&value, &low) && self.compared(&value, &high);
        if !fits {
            return unknown(span);
        }
        Expr { kind: ExprKind::Between(Box::new(value), Box::new(low), Box::new(high)), ty: Ty::Bool, span }
    }

    /// `a matches "pattern"`: the pattern is compiled once, and says itself whether case counts.
    pub(super) fn matches(&mut self, a: &tree::ExprNode, b: &tree::ExprNode, span: Span, context: Context) -> Expr {
        let a = self.expr(a, context);
        let fits = self.is_text(&a, &a);
        let tree::ExprKindNode::Literal(tree::Literal::Text(pattern)) = &b.kind else {
            let finding = Diagnostic::new(Code::BadPattern, b.span, "a pattern must be a text in quotes")
                .here("this is known only when a lead is there")
                .help("write the pattern here: `matches \"^VP \"`");
            self.out.push(finding);
            return unknown(span);
        };
        match RegexBuilder::new(&exact(pattern)).size_limit(PATTERN_LIMIT).build() {
            Ok(regex) if fits => {
                let kind = ExprKind::Matches(Box::new(a), Pattern(Arc::new(regex)));
                Expr { kind, ty: Ty::Bool, span }
            }
            Ok(_) => unknown(span),
            Err(error) => {
                let why = match error {
                    regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
                    error => {
                        error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
                    }
                };
                let finding = Diagnostic::new(Code::BadPattern, b.span, format!("the pattern cannot be read: {why}"))
                    .help("a `\\` before a mark takes it as it is: in quotes write `\\\\.` for a dot");
                self.out.push(finding);
                unknown(span)
            }
        }
    }

    /// Whether two values compare; a finding when they do not.
    pub(super) fn compared(&mut self, a: &Expr, b: &Expr) -> bool {
        let fits = a.ty.comparable(&b.ty);
        if !fits {
            self.unlike(a, b);
        }
        fits
    }

    fn has_order(&mut self, expr: &Expr) -> bool {
        if expr.ty.is_ordered() {
            return true;
        }
        let says = self.says(expr.span);
        let message = format!("`{says}` is {}, which has no order", describe(&expr.ty));
        self.out.push(Diagnostic::new(Code::NoOrder, expr.span, message).help("use `=`, `!=` or `in`"));
        false
    }

    fn is_text(&mut self, expr: &Expr, other: &Expr) -> bool {
        if expr.ty.is_textual() || expr.ty == Ty::Unknown {
            return true;
        }
        let says = self.says(expr.span);
        let message = format!("`{says}` is {}, and this asks about the letters of a text", describe(&expr.ty));
        let help = match &expr.ty {
            Ty::List(_) => format!("ask what is in it: `{} in {says}`", self.says(other.span)),
            _ => "compare it with `=`, `>=` or `between … and …`".to_owned(),
        };
        self.out.push(Diagnostic::new(Code::NotText, expr.span, message).help(help));
        false
    }

    /// The finding for two values that do not compare.
    pub(super) fn unlike(&mut self, a: &Expr, b: &Expr) {
        let (left, right) = (self.says(a.span), self.says(b.span));
        let finding = match (&a.ty, &b.ty) {
            (Ty::Money(x), Ty::Money(y)) => {
                let message = format!("`{left}` is money in {x}, `{right}` is money in {y}");
                Diagnostic::new(Code::NotThatMoney, b.span, message)
                    .help("amounts compare in one currency only: write both in the same")
            }
            (Ty::Money(currency), ty) if ty.is_numeric() => self.without_currency(a, b, *currency),
            (ty, Ty::Money(currency)) if ty.is_numeric() => self.without_currency(b, a, *currency),
            (x, y) => {
                let message = format!("`{left}` is {}, `{right}` is {}", describe(x), describe(y));
                let finding = Diagnostic::new(Code::Unlike, b.span, message).here("they never compare");
                match (x, y) {
                    (Ty::Time, Ty::Date) => finding.help(format!("take the date of the time: `date({left})`")),
                    (Ty::Date, Ty::Time) => finding.help(format!("take the date of the time: `date({right})`")),
                    (Ty::Text | Ty::Word(_), _) if matches!(b.kind, ExprKind::Value(_)) => {
                        finding.help(format!("a text goes in quotes: `\"{right}\"`"))
                    }
                    (Ty::List(_), _) => finding.help(format!("ask what is in the list: `{right} in {left}`")),
                    _ => finding.help("compare values of one sort"),
                }
            }
        };
        self.out.push(finding);
    }

    fn without_currency(&self, money: &Expr, number: &Expr, currency: crate::value::Currency) -> Diagnostic {
        let (says, bare) = (self.says(money.span), self.says(number.span));
        let message = format!("`{says}` is money in {currency}, `{bare}` is a number without a currency");
        let finding = Diagnostic::new(Code::NotThatMoney, number.span, message);
        if matches!(number.kind, ExprKind::Value(_)) {
            let meant = format!("{bare} {currency}");
            return finding.help(format!("say the currency: `{meant}`")).fix("add the currency", number.span, meant);
        }
        finding.help(format!("divide the money to get a number: `{says} / 1 {currency}`"))
    }
}
