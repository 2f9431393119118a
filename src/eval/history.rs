//! Questions about what happened. Only events at or before the instant count.

use super::{Answer, View};
use crate::pact::{Events, KindClass, KindId, Question, Verdict};
use crate::record::Event;
use crate::time::Duration;
use crate::time::Instant;
use crate::ty::Ty;
use crate::value::{Money, Value};
use rust_decimal::Decimal;

impl<'a> View<'a> {
    /// The events up to the instant, oldest first.
    pub(super) fn past(&self) -> impl DoubleEndedIterator<Item = &'a Event> + use<'a> {
        let at = self.at;
        self.record.history.iter().filter(move |event| event.at <= at)
    }

    /// The latest disposition up to the instant that has not moved the lead yet.
    pub fn disposition(&self) -> Option<&'a Event> {
        let unspent = self.record.history.get(self.record.past.spent..).unwrap_or_default();
        let answers = unspent.iter().filter(|event| self.pact[event.kind].class == KindClass::Disposition);
        answers.rev().find(|event| event.at <= self.at)
    }

    /// The events of a kind in a window, each with whether its condition holds; those that fail it are left out.
    ///
    /// A window of N ends at the instant, which it holds, and starts after the instant less N, which it does not.
    pub(super) fn matching(&self, events: &Events) -> Vec<(&'a Event, Verdict)> {
        let start = events.window.map(|window| self.window_start(window));
        self.past()
            .filter(|event| event.kind == events.kind)
            .filter(|event| match start {
                None => true,
                Some(start) => start.is_some_and(|start| event.at > start),
            })
            .map(|event| {
                let holds = events.condition.as_ref().map(|c| self.condition_at(c, Some(event)));
                (event, holds.unwrap_or(Verdict::Met))
            })
            .filter(|(_, holds)| *holds != Verdict::NotMet)
            .collect()
    }

    fn window_start(&self, window: Duration) -> Option<Instant> {
        window.before(self.at, &self.pact.zone)
    }

    /// What a question about history comes to.
    pub(crate) fn question(&self, question: &Question) -> Answer {
        match question {
            Question::Any(events) => {
                let found = self.matching(events);
                found.iter().map(|(_, holds)| *holds).fold(Verdict::NotMet, Verdict::or).into()
            }
            Question::Count(events) => {
                let found = self.matching(events);
                let sure = found.iter().filter(|(_, holds)| *holds == Verdict::Met).count();
                Answer::within(Decimal::from(sure), Decimal::from(found.len()))
            }
            Question::Sum(property, events) => self.sum(*property, events),
            Question::Latest(kind, property) => {
                let event = self.past().rfind(|event| event.kind == *kind);
                Answer::of(event.and_then(|event| property_of(event, *property)))
            }
            Question::Earliest(kind, property) => {
                let event = self.past().find(|event| event.kind == *kind);
                Answer::of(event.and_then(|event| property_of(event, *property)))
            }
            Question::TimeSince(kind) => self.time_since(*kind),
        }
    }

    /// A sum is unknown when it hangs on an event of which it is not known whether it counts, and when it has more
    /// digits than can be kept.
    fn sum(&self, property: u32, events: &Events) -> Answer {
        let mut total = Decimal::ZERO;
        for (event, holds) in self.matching(events) {
            if holds == Verdict::Unknown {
                return Answer::Unknown;
            }
            let amount = match property_of(event, property) {
                Some(Value::Number(n)) => n,
                Some(Value::Money(money)) => money.amount,
                _ => continue,
            };
            match total.checked_add(amount) {
                Some(sum) => total = sum,
                None => return Answer::Unknown,
            }
        }
        let ty = self.pact[events.kind].properties.get(property as usize).map(|p| &p.ty);
        Answer::Known(match ty {
            Some(Ty::Money(currency)) => Value::Money(Money { amount: total, currency: *currency }),
            _ => Value::Number(total.normalize()),
        })
    }

    fn time_since(&self, kind: KindId) -> Answer {
        let latest = self.past().rfind(|event| event.kind == kind);
        Answer::of(
            latest
                .map(|event| Value::Duration(Duration::seconds(self.at.signed_duration_since(event.at).num_seconds()))),
        )
    }
}

/// A property of an event; none where the event does not say.
pub(crate) fn property_of(event: &Event, property: u32) -> Option<Value> {
    event.values.get(property as usize).cloned().flatten()
}
