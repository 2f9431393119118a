//! What an expression is worth for a lead.

use super::compare::{calculate, compare, same};
use super::history::property_of;
use super::set::{each_in, is_in};
use super::table::lookup;
use super::{Answer, View};
use crate::function::Setting;
use crate::pact::{Comparison, Expr, ExprKind, Verdict};
use crate::record::Event;
use crate::text::Folding;
use crate::value::Value;

impl View<'_> {
    /// The verdict of a condition about the lead.
    pub fn condition(&self, expr: &Expr) -> Verdict {
        self.answer(expr, None).verdict()
    }

    /// The verdict of a condition about an event of the lead.
    pub fn condition_at(&self, expr: &Expr, event: Option<&Event>) -> Verdict {
        self.answer(expr, event).verdict()
    }

    /// What an expression about the lead is worth.
    pub fn worth(&self, expr: &Expr) -> Answer {
        self.answer(expr, None)
    }

    /// What an expression is worth; `event` is the one that a `where` looks at.
    pub(super) fn answer(&self, expr: &Expr, event: Option<&Event>) -> Answer {
        let folding = self.pact.folding;
        match &expr.kind {
            ExprKind::Value(value) => Answer::Known(value.clone()),
            ExprKind::Param(id) => Answer::Known(self.pact[*id].value.clone()),
            ExprKind::Field(id) => Answer::of(self.record.value(*id).cloned()),
            ExprKind::Property(at) => Answer::of(event.and_then(|event| property_of(event, *at))),
            ExprKind::Score(id) if self.sure => Answer::Known(Value::Number(self.score(*id).points)),
            ExprKind::Score(id) => self.score(*id).answer(),
            ExprKind::Named(id) => self.named(*id).clone(),
            ExprKind::Criteria(id) => self.criteria(*id).verdict.into(),
            ExprKind::Disposition => {
                Answer::of(self.disposition().map(|event| Value::Word(self.pact[event.kind].name.clone())))
            }
            ExprKind::DispositionProperty(of) => Answer::of(self.disposition().and_then(|event| {
                let (_, property) = of.iter().find(|(kind, _)| *kind == event.kind)?;
                property_of(event, *property)
            })),
            ExprKind::Now => Answer::Known(Value::Time(self.at)),
            ExprKind::Today => Answer::Known(Value::Date(self.pact.zone.date(self.at))),
            ExprKind::Not(inner) => (!self.condition_at(inner, event)).into(),
            ExprKind::Negate(inner) => match self.answer(inner, event) {
                Answer::Known(value) => Answer::of(negate(value)),
                Answer::Within(low, high) => Answer::Within(-high, -low),
                Answer::Among(_) | Answer::Unknown => Answer::Unknown,
            },
            ExprKind::And(parts) => {
                parts.iter().map(|p| self.condition_at(p, event)).fold(Verdict::Met, Verdict::and).into()
            }
            ExprKind::Or(parts) => {
                parts.iter().map(|p| self.condition_at(p, event)).fold(Verdict::NotMet, Verdict::or).into()
            }
            ExprKind::Compare(op, exactly, a, b) => {
                compare(folding, *op, *exactly, &self.answer(a, event), &self.answer(b, event)).into()
            }
            ExprKind::Matches(text, pattern) => match self.answer(text, event) {
                Answer::Known(value) => match value.as_text() {
                    Some(text) => Verdict::known(pattern.0.is_match(&crate::text::exact(text))).into(),
                    None => Answer::Unknown,
                },
                _ => Answer::Unknown,
            },
            ExprKind::Arithmetic(op, a, b) => {
                calculate(*op, &self.answer(a, event), &self.answer(b, event), &self.pact.zone)
            }
            ExprKind::IfMissing(first, second) => match self.answer(first, event) {
                Answer::Unknown => self.answer(second, event),
                answer => answer,
            },
            ExprKind::Present(inner, present) => {
                let missing = self.answer(inner, event) == Answer::Unknown;
                Verdict::known(missing != *present).into()
            }
            ExprKind::IsVerdict(inner, verdict) => Verdict::known(self.condition_at(inner, event) == *verdict).into(),
            ExprKind::Between(value, low, high) => {
                let value = self.answer(value, event);
                let above = compare(folding, Comparison::AtLeast, false, &value, &self.answer(low, event));
                above.and(compare(folding, Comparison::AtMost, false, &value, &self.answer(high, event))).into()
            }
            ExprKind::In { value, set, exactly, negated } => {
                let found = is_in(self.pact, self.record, &self.answer(value, event), set, *exactly);
                (if *negated { !found } else { found }).into()
            }
            ExprKind::EachIn { field, set, exactly, negated } => {
                each_in(self.pact, self.record, *field, set, *exactly, *negated)
            }
            ExprKind::Choice(condition, yes, no) => match self.condition_at(condition, event) {
                Verdict::Met => self.answer(yes, event),
                Verdict::NotMet => self.answer(no, event),
                Verdict::Unknown => either(folding, &self.answer(yes, event), &self.answer(no, event)),
            },
            ExprKind::Call(function, arguments) => {
                let values: Option<Vec<Value>> = arguments
                    .iter()
                    .map(|argument| match self.answer(argument, event) {
                        Answer::Known(value) => Some(value),
                        _ => None,
                    })
                    .collect();
                let (zone, fiscal_start) = (&self.pact.zone, self.pact.fiscal_start);
                Answer::of(values.and_then(|values| function.apply(&values, Setting { folding, zone, fiscal_start })))
            }
            ExprKind::Lookup(table, output) => lookup(self.pact, self.record, *table, *output, None),
            ExprKind::Question(question) => self.question(question),
        }
    }
}

/// A value with the other sign; none for one that has no sign.
pub(crate) fn negate(value: Value) -> Option<Value> {
    Some(match value {
        Value::Number(n) => Value::Number(-n),
        Value::Money(mut money) => {
            money.amount = -money.amount;
            Value::Money(money)
        }
        Value::Duration(d) => Value::Duration(d.negated()?),
        _ => return None,
    })
}

/// What is known when it is not known which of two answers holds: what they agree on.
pub(crate) fn either(folding: Folding, a: &Answer, b: &Answer) -> Answer {
    match (a, b) {
        (Answer::Known(x), Answer::Known(y)) if same(folding, true, x, y) => a.clone(),
        _ => match (a.bounds(), b.bounds()) {
            (Some(a), Some(b)) => Answer::within(a.0.min(b.0), a.1.max(b.1)),
            _ => Answer::Unknown,
        },
    }
}
