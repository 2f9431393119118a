//! Values as written, made exact.

use super::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::duration::Duration;
use crate::span::Span;
use crate::syntax::tree::{Literal, Unit};
use crate::ty::Ty;
use crate::value::{Currency, Money, Value};

impl Resolver<'_> {
    pub(super) fn literal(&mut self, literal: &Literal, span: Span, _: Option<&Ty>) -> Option<(Value, Ty)> {
        Some(match literal {
            Literal::Text(text) => (Value::Text(text.clone()), Ty::Text),
            Literal::Number(n) if n.is_integer() => (Value::Number(*n), Ty::Integer),
            Literal::Number(n) => (Value::Number(*n), Ty::Number),
            Literal::Percent(n) => (Value::Number(n / rust_decimal::Decimal::ONE_HUNDRED), Ty::Number),
            Literal::Money(amount, letters) => {
                let currency = Currency::new(letters)?;
                (Value::Money(Money { amount: *amount, currency }), Ty::Money(currency))
            }
            Literal::Bool(yes) => (Value::Bool(*yes), Ty::Bool),
            Literal::Date(date) => (Value::Date(*date), Ty::Date),
            Literal::DateTime(local) => (Value::Time(self.pact.zone.instant(*local)), Ty::Time),
            Literal::Duration(parts) => {
                let mut all = Duration::default();
                for part in parts {
                    let amount = i64::try_from(part.amount).ok()?;
                    let mut one = Duration { business: part.business, ..Duration::default() };
                    match part.unit {
                        Unit::Second => one.seconds = amount,
                        Unit::Minute => one.seconds = amount * 60,
                        Unit::Hour => one.seconds = amount * 3600,
                        Unit::Day => one.days = i32::try_from(amount).ok()?,
                        Unit::Week => one.days = i32::try_from(amount * 7).ok()?,
                        Unit::Month => one.months = i32::try_from(amount).ok()?,
                        Unit::Quarter => one.months = i32::try_from(amount * 3).ok()?,
                        Unit::Year => one.months = i32::try_from(amount * 12).ok()?,
                    }
                    all = all.checked_add(one)?;
                }
                (Value::Duration(all), Ty::Duration)
            }
            Literal::Clock(_) | Literal::Now | Literal::Today | Literal::Name(_) => {
                let finding = Diagnostic::new(Code::BadValue, span, "this cannot stand here").help("write a value");
                self.out.push(finding);
                return None;
            }
        })
    }
}
