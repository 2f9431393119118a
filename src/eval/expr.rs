//! What an expression is worth for a lead.

use std::sync::Arc;

use super::compare::{calculate, compare, same};
use super::history::property_of;
use super::{Answer, View};
use crate::function::Setting;
use crate::pact::{Cell, Comparison, Expr, ExprKind, Set, TableId, Verdict};
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
                let found = self.is_in(&self.answer(value, event), set, *exactly);
                (if *negated { !found } else { found }).into()
            }
            ExprKind::EachIn { field, set, exactly, negated } => match self.record.value(*field) {
                Some(Value::List(values)) => {
                    let holds = |value: &Value| {
                        let found = self.is_in(&Answer::Known(value.clone()), set, *exactly);
                        if *negated { !found } else { found }
                    };
                    values.iter().map(holds).fold(Verdict::NotMet, Verdict::or).into()
                }
                _ => Answer::Unknown,
            },
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
            ExprKind::Lookup(table, output) => self.lookup(*table, *output),
            ExprKind::Question(question) => self.question(question),
        }
    }

    fn is_in(&self, value: &Answer, set: &Set, exactly: bool) -> Verdict {
        let folding = self.pact.folding;
        if let Answer::Among(words) = value {
            let one = |word: &Arc<str>| self.is_in(&Answer::Known(Value::Word(word.clone())), set, exactly);
            return Verdict::agreed(words.iter().map(one));
        }
        let Answer::Known(value) = value else {
            let (Some((low, high)), Set::Values(values)) = (value.bounds(), set) else { return Verdict::Unknown };
            let may = values.iter().filter_map(Value::as_number).any(|n| low <= n && n <= high);
            return if may { Verdict::Unknown } else { Verdict::NotMet };
        };
        match set {
            Set::Values(values) => Verdict::known(values.iter().any(|v| same(folding, exactly, v, value))),
            Set::List(id) => {
                let list = &self.pact[*id];
                match value.as_text() {
                    Some(text) if !exactly => {
                        let folded = folding.fold(text);
                        Verdict::known(list.folded.binary_search_by(|entry| entry.as_str().cmp(&folded)).is_ok())
                    }
                    _ => Verdict::known(list.values.iter().any(|v| same(folding, exactly, v, value))),
                }
            }
            Set::Field(id) => match self.record.value(*id) {
                Some(Value::List(values)) => Verdict::known(values.iter().any(|v| same(folding, exactly, v, value))),
                _ => Verdict::Unknown,
            },
        }
    }

    fn lookup(&self, table: TableId, output: u32) -> Answer {
        let row = self.pact[table].rows.iter().find(|row| self.row(table, &row.cells) == Verdict::Met);
        Answer::of(row.and_then(|row| row.gives.get(output as usize).cloned().flatten()))
    }

    /// Whether a row of a table matches the lead.
    pub(super) fn row(&self, table: TableId, cells: &[Cell]) -> Verdict {
        let inputs = self.pact[table].inputs.iter();
        inputs
            .zip(cells)
            .map(|(field, cell)| self.cell(self.record.value(*field), cell))
            .fold(Verdict::Met, Verdict::and)
    }

    fn cell(&self, value: Option<&Value>, cell: &Cell) -> Verdict {
        let folding = self.pact.folding;
        match (cell, value) {
            (Cell::Any, _) => Verdict::Met,
            (_, None) => Verdict::Unknown,
            (Cell::OneOf(values), Some(value)) => Verdict::known(values.iter().any(|v| same(folding, false, v, value))),
            (Cell::Range(low, high), Some(value)) => {
                let beyond = |end: &Option<Value>, out: std::cmp::Ordering| {
                    end.as_ref().is_some_and(|end| super::compare::order(value, end) == Some(out))
                };
                let outside = beyond(low, std::cmp::Ordering::Less) || beyond(high, std::cmp::Ordering::Greater);
                Verdict::known(!outside)
            }
            (Cell::Above(end), Some(value)) => {
                Verdict::known(super::compare::order(value, end) == Some(std::cmp::Ordering::Greater))
            }
            (Cell::Below(end), Some(value)) => {
                Verdict::known(super::compare::order(value, end) == Some(std::cmp::Ordering::Less))
            }
        }
    }
}

fn negate(value: Value) -> Option<Value> {
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
fn either(folding: Folding, a: &Answer, b: &Answer) -> Answer {
    match (a, b) {
        (Answer::Known(x), Answer::Known(y)) if same(folding, true, x, y) => a.clone(),
        _ => match (a.bounds(), b.bounds()) {
            (Some(a), Some(b)) => Answer::within(a.0.min(b.0), a.1.max(b.1)),
            _ => Answer::Unknown,
        },
    }
}
