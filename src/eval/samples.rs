//! Values worth trying for a field: those that the pact compares it with, and their neighbours.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::function::Function;
use crate::pact::{Cell, Expr, ExprKind, FieldId, Pact, Set};
use crate::time::Duration;
use crate::ty::Ty;
use crate::value::{Money, Value};

/// The most values that are tried for one field.
const MOST: usize = 12;

/// For each field, values at which the pact's answers can change, in the order in which the pact names them.
pub fn samples(pact: &Pact) -> &[Vec<Value>] {
    pact.samples.get_or_init(|| {
        let mut samples = Samples { pact, of: vec![Vec::new(); pact.fields.len()] };
        for criteria in &pact.criteria {
            criteria.visit(&mut |e| samples.see(e));
        }
        for score in &pact.scores {
            score.visit(&mut |e| samples.see(e));
        }
        for value in &pact.values {
            value.visit(&mut |e| samples.see(e));
        }
        for (at, field) in pact.fields.iter().enumerate() {
            samples.fall_back(FieldId(at as u32), &field.ty);
        }
        samples.of
    })
}

struct Samples<'p> {
    pact: &'p Pact,
    of: Vec<Vec<Value>>,
}

impl Samples<'_> {
    fn push(&mut self, field: FieldId, value: Value) {
        if let Some(values) = self.of.get_mut(field.0 as usize)
            && values.len() < MOST
            && !values.contains(&value)
        {
            values.push(value);
        }
    }

    fn see(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Compare(_, _, a, b) => {
                self.pair(a, b);
                self.pair(b, a);
            }
            ExprKind::Between(value, low, high) => {
                self.pair(value, low);
                self.pair(value, high);
            }
            ExprKind::In { value, set, .. } => {
                let values: Vec<Value> = match set {
                    Set::Values(values) => values.iter().take(4).cloned().collect(),
                    Set::List(list) => self.pact[*list].values.iter().take(4).cloned().collect(),
                    Set::Field(_) => Vec::new(),
                };
                // the neighbours are there for `not in`
                for constant in values {
                    self.try_on(value, &constant);
                }
            }
            ExprKind::EachIn { field, set, .. } => {
                let values: Vec<Value> = match set {
                    Set::Values(values) => values.iter().take(4).cloned().collect(),
                    Set::List(list) => self.pact[*list].values.iter().take(4).cloned().collect(),
                    Set::Field(_) => Vec::new(),
                };
                let other = values.iter().all(|value| value.as_text().is_some()).then(|| Value::text("something else"));
                values.into_iter().chain(other).for_each(|value| self.push(*field, Value::List(Arc::from([value]))));
            }
            ExprKind::Lookup(table, _) => {
                let table = &self.pact[*table];
                for (at, field) in table.inputs.iter().enumerate() {
                    for cell in table.rows.iter().filter_map(|row| row.cells.get(at)) {
                        let values = match cell {
                            Cell::Any => Vec::new(),
                            Cell::OneOf(values) => values.iter().take(2).cloned().collect(),
                            Cell::Range(low, high) => low.iter().chain(high).cloned().collect(),
                            Cell::Above(end) | Cell::Below(end) => neighbours(end).into_iter().flatten().collect(),
                        };
                        values.into_iter().for_each(|value| self.push(*field, value));
                    }
                }
            }
            _ => {}
        }
    }

    fn pair(&mut self, value: &Expr, constant: &Expr) {
        match &constant.kind {
            ExprKind::Value(constant) => self.try_on(value, constant),
            ExprKind::Param(id) => self.try_on(value, &self.pact[*id].value),
            _ => {}
        }
    }

    /// Gives the fields of an expression a constant that it is compared with, and the values around it: one of them is
    /// another value, whatever the comparison.
    fn try_on(&mut self, value: &Expr, constant: &Value) {
        match &value.kind {
            ExprKind::Field(field) => {
                self.push(*field, constant.clone());
                neighbours(constant).into_iter().flatten().for_each(|v| self.push(*field, v));
            }
            // a domain is compared, an address is stored
            ExprKind::Call(Function::Domain, arguments) => {
                if let (Some(Expr { kind: ExprKind::Field(field), .. }), Some(domain)) =
                    (arguments.first(), constant.as_text())
                {
                    self.push(*field, Value::text(format!("someone@{domain}")));
                    self.push(*field, Value::text("someone@company.example"));
                }
            }
            _ => {}
        }
    }

    /// Values of the type that no clause names.
    fn fall_back(&mut self, field: FieldId, ty: &Ty) {
        let values: Vec<Value> = match ty {
            Ty::Bool => vec![Value::Bool(true), Value::Bool(false)],
            Ty::Word(words) => words.iter().map(|w| Value::Word(w.clone())).collect(),
            Ty::Text | Ty::Unknown => vec![Value::text("something else")],
            Ty::Integer | Ty::Number => vec![Value::Number(Decimal::ONE), Value::Number(Decimal::ZERO)],
            Ty::Money(currency) => vec![Value::Money(Money { amount: Decimal::ONE, currency: *currency })],
            Ty::Date => vec![Value::Date(self.pact.effective.unwrap_or_default())],
            Ty::Time => vec![Value::Time(chrono::DateTime::UNIX_EPOCH)],
            Ty::Duration => vec![Value::Duration(Duration::days(1))],
            Ty::List(_) => vec![Value::List(Arc::from([]))],
        };
        values.into_iter().for_each(|value| self.push(field, value));
    }
}

/// The values right below and above a threshold.
fn neighbours(value: &Value) -> [Option<Value>; 2] {
    let next = |n: Decimal| [n.checked_add(Decimal::ONE), n.checked_sub(Decimal::ONE)];
    match value {
        Value::Number(n) => next(*n).map(|n| n.map(Value::Number)),
        Value::Money(money) => {
            next(money.amount).map(|n| n.map(|amount| Value::Money(Money { amount, currency: money.currency })))
        }
        Value::Date(date) => [date.succ_opt(), date.pred_opt()].map(|d| d.map(Value::Date)),
        _ => [None, None],
    }
}
