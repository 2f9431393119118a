//! Questions about history.

use super::super::Resolver;
use super::{Context, describe, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{Events, Expr, ExprKind, Question};
use crate::span::Span;
use crate::syntax::tree;
use crate::ty::Ty;

impl Resolver<'_> {
    pub(super) fn question(&mut self, question: &tree::QuestionNode, span: Span) -> Expr {
        let (question, ty) = match question {
            tree::QuestionNode::Count(events) => (self.events_of(events).map(Question::Count), Ty::Integer),
            tree::QuestionNode::Any(events) => (self.events_of(events).map(Question::Any), Ty::Bool),
            tree::QuestionNode::Latest(dotted) => match self.property_of(dotted) {
                Some((kind, at, ty)) => (Some(Question::Latest(kind, at)), ty),
                None => (None, Ty::Unknown),
            },
            tree::QuestionNode::Earliest(dotted) => match self.property_of(dotted) {
                Some((kind, at, ty)) => (Some(Question::Earliest(kind, at)), ty),
                None => (None, Ty::Unknown),
            },
            tree::QuestionNode::Sum(property, events) => self.sum(property, events),
            tree::QuestionNode::TimeSince(kind) => (self.kind_named(kind).map(Question::TimeSince), Ty::Duration),
        };
        match question {
            Some(question) => Expr { kind: ExprKind::Question(question), ty, span },
            None => unknown(span),
        }
    }

    fn sum(&mut self, property: &tree::Name, events: &tree::EventsNode) -> (Option<Question>, Ty) {
        let dotted = tree::Dotted { kind: events.kind.clone(), property: property.clone() };
        let Some((_, at, ty)) = self.property_of(&dotted) else {
            return (None, Ty::Unknown);
        };
        let events = self.events_of(events);
        if !(ty.is_numeric() || matches!(ty, Ty::Money(_) | Ty::Unknown)) {
            let message = format!("`{}` is {}, which does not add up", property.text, describe(&ty));
            let finding = Diagnostic::new(Code::NotASum, property.span, message)
                .help(format!("count the events: `count of {}`", dotted.kind.text));
            self.out.push(finding);
            return (None, Ty::Unknown);
        }
        (events.map(|events| Question::Sum(at, events)), ty)
    }

    /// Events of one kind; the `where` sees the properties of that kind first.
    pub(in crate::resolve) fn events_of(&mut self, events: &tree::EventsNode) -> Option<Events> {
        let kind = self.kind_named(&events.kind);
        let context = kind.map_or(Context::LEAD, Context::event);
        let window = events.window.as_ref().map(|window| self.window(window, "a window"));
        // without its kind, every property of the condition would be a finding of its own
        let kind = kind?;
        let condition = events.condition.as_ref().map(|condition| Box::new(self.condition(condition, context)));
        let window = match window {
            Some(window) => Some(window?),
            None => None,
        };
        Some(Events { kind, condition, window })
    }
}
