//! What a verdict hangs on, and how an expression is seen through to it.

use std::collections::BTreeSet;

use crate::pact::{Events, Expr, ExprKind, FieldId, KindId, NamedKind, Pact, Question, Set};
use crate::time::Duration;

/// Something of a lead of which only its class matters: the value of a field, or how many events of a kind lie in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    Field(FieldId),
    Events(KindId, Option<Duration>),
}

/// What an expression looks at.
#[derive(Debug, Default)]
pub(super) struct LooksAt {
    pub(super) inputs: Vec<Input>,
    /// Kinds of which it asks more than how many there are: leads with such an event are decided by the reference.
    pub(super) kinds: BTreeSet<KindId>,
    /// Whether a score, a criteria or a property of an event is in it.
    pub(super) composed: bool,
}

impl LooksAt {
    pub(super) fn of(pact: &Pact, expr: &Expr) -> Self {
        let mut looks = Self::default();
        through(pact, expr, &mut |e| looks.see(pact, e));
        looks
    }

    fn add(&mut self, input: Input) {
        if !self.inputs.contains(&input) {
            self.inputs.push(input);
        }
    }

    fn see(&mut self, pact: &Pact, expr: &Expr) {
        match &expr.kind {
            ExprKind::Field(field) => self.add(Input::Field(*field)),
            ExprKind::In { set: Set::Field(field), .. } => self.add(Input::Field(*field)),
            ExprKind::EachIn { field, set, .. } => {
                self.add(Input::Field(*field));
                if let Set::Field(other) = set {
                    self.add(Input::Field(*other));
                }
            }
            ExprKind::Lookup(table, _) => pact[*table].inputs.iter().for_each(|field| self.add(Input::Field(*field))),
            ExprKind::Question(Question::Any(events) | Question::Count(events)) if is_plain(events) => {
                self.add(Input::Events(events.kind, events.window));
            }
            ExprKind::Question(question) => {
                self.kinds.insert(question.kind());
            }
            ExprKind::Score(_) | ExprKind::Criteria(_) | ExprKind::Property(_) => self.composed = true,
            _ => {}
        }
    }
}

/// Whether events are told apart by kind and window alone.
pub(super) fn is_plain(events: &Events) -> bool {
    events.condition.is_none()
}

/// Visits an expression and what it names, questions with a condition of their own left whole.
pub(super) fn through(pact: &Pact, expr: &Expr, see: &mut dyn FnMut(&Expr)) {
    let mut named = Vec::new();
    expr.visit(&mut |e| {
        see(e);
        if let ExprKind::Named(id) = &e.kind {
            named.push(*id);
        }
    });
    while let Some(id) = named.pop() {
        let value = &pact[id];
        named.extend(value.crosses());
        if let NamedKind::Band(band) = &value.kind {
            through(pact, &band.of, see);
        }
        value.visit(&mut |e| {
            see(e);
            if let ExprKind::Named(id) = &e.kind {
                named.push(*id);
            }
        });
    }
}
