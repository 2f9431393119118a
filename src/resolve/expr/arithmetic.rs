//! Arithmetic: which types it joins, and to what.

use super::super::Resolver;
use super::{Context, Opposite, describe, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{Arithmetic, Expr, ExprKind};
use crate::span::Span;
use crate::syntax::tree;
use crate::ty::Ty;
use crate::value::Value;

/// The type of `a operator b`; none where arithmetic does not join them.
fn joined(operator: Arithmetic, a: &Ty, b: &Ty) -> Option<Ty> {
    use Arithmetic::{Add, Divide, Multiply, Subtract};
    Some(match (operator, a, b) {
        (_, Ty::Unknown, _) | (_, _, Ty::Unknown) => Ty::Unknown,
        (Add | Subtract | Multiply, Ty::Integer, Ty::Integer) => Ty::Integer,
        (_, a, b) if a.is_numeric() && b.is_numeric() => Ty::Number,
        (Add | Subtract, Ty::Money(x), Ty::Money(y)) if x == y => a.clone(),
        (Divide, Ty::Money(x), Ty::Money(y)) if x == y => Ty::Number,
        (Multiply | Divide, Ty::Money(_), b) if b.is_numeric() => a.clone(),
        (Multiply, a, Ty::Money(_)) if a.is_numeric() => b.clone(),
        (Add | Subtract, Ty::Date | Ty::Time, Ty::Duration) => a.clone(),
        (Subtract, Ty::Date, Ty::Date) | (Subtract, Ty::Time, Ty::Time) => Ty::Duration,
        (Add | Subtract, Ty::Duration, Ty::Duration) => Ty::Duration,
        (Multiply, Ty::Duration, b) if b.is_numeric() => Ty::Duration,
        (Multiply, a, Ty::Duration) if a.is_numeric() => Ty::Duration,
        _ => return None,
    })
}

impl Resolver<'_> {
    pub(super) fn arithmetic(
        &mut self,
        operator: Arithmetic,
        (a, b): (&tree::ExprNode, &tree::ExprNode),
        span: Span,
        context: Context,
    ) -> Expr {
        let a = self.expr(a, context);
        let b = self.toward(b, context, &Opposite::default());
        let Some(ty) = joined(operator, &a.ty, &b.ty) else {
            self.not_joined(operator, &a, &b);
            return unknown(span);
        };
        if operator == Arithmetic::Divide
            && let ExprKind::Value(Value::Number(divisor)) = &b.kind
            && divisor.is_zero()
        {
            let finding = Diagnostic::new(Code::BadArithmetic, b.span, "nothing can be divided by zero")
                .help("divide by another number");
            self.out.push(finding);
            return unknown(span);
        }
        Expr { kind: ExprKind::Arithmetic(operator, Box::new(a), Box::new(b)), ty, span }
    }

    fn not_joined(&mut self, operator: Arithmetic, a: &Expr, b: &Expr) {
        let mark = match operator {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
        };
        let money = |ty: &Ty| matches!(ty, Ty::Money(_));
        let sum = matches!(operator, Arithmetic::Add | Arithmetic::Subtract);
        if (money(&a.ty) && (money(&b.ty) || sum && b.ty.is_numeric())) || (sum && a.ty.is_numeric() && money(&b.ty)) {
            self.unlike(a, b);
            return;
        }
        let (left, right) = (self.says(a.span), self.says(b.span));
        let message = format!("`{mark}` cannot join `{left}`, {}, and `{right}`, {}", describe(&a.ty), describe(&b.ty));
        let help = match (operator, &a.ty, &b.ty) {
            (_, Ty::Date, Ty::Time) => format!("take the date of the time: `date({right})`"),
            (_, Ty::Time, Ty::Date) => format!("take the date of the time: `date({left})`"),
            (Arithmetic::Add, Ty::Duration, Ty::Date | Ty::Time) => format!("the other way round: `{right} + {left}`"),
            (_, Ty::Date | Ty::Time, b) if b.is_numeric() => format!("say of what: `{right} days`"),
            (_, Ty::Bool, _) | (_, _, Ty::Bool) => "count a condition with `if … then 1 else 0`".to_owned(),
            _ => "numbers, money of one currency and durations add up; a date takes a duration".to_owned(),
        };
        self.out.push(Diagnostic::new(Code::BadArithmetic, a.span.to(b.span), message).help(help));
    }

    pub(super) fn negate(&mut self, inner: &tree::ExprNode, span: Span, context: Context) -> Expr {
        let inner = self.expr(inner, context);
        let ty = inner.ty.clone();
        if !(ty.is_numeric() || matches!(ty, Ty::Money(_) | Ty::Duration | Ty::Unknown)) {
            let message = format!("`-` needs a number, and `{}` is {}", self.says(inner.span), describe(&ty));
            let help = if ty == Ty::Bool { "write `not` before a condition" } else { "leave out the `-`" };
            self.out.push(Diagnostic::new(Code::BadArithmetic, span, message).help(help));
            return unknown(span);
        }
        Expr { kind: ExprKind::Negate(Box::new(inner)), ty, span }
    }
}
