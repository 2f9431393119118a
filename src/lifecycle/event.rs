//! Events of a lead, and the order in which they count.

use std::cmp::Ordering;
use std::sync::Arc;

use super::state::LeadState;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::pact::{FieldId, IntakeId, KindId, StageId};
use crate::time::Instant;
use crate::value::Value;

/// Something that a system reports of a lead.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadEvent {
    /// When it happened.
    pub at: Instant,
    /// What tells it apart from others, where the system gives it a name. Two with one name are one event.
    pub id: Option<Arc<str>>,
    /// What happened.
    pub what: EventKind,
}

/// What can happen to a lead from outside.
#[derive(Debug, Clone, PartialEq)]
pub enum EventKind {
    /// The record changed: these fields have these values now.
    /// By which `source` it was said, where by one.
    Changed(Option<IntakeId>, Vec<(FieldId, Option<Value>)>),
    /// An activity, touch or disposition, with a value for each property of its kind.
    Happened(KindId, Vec<Option<Value>>),
    /// A person has the lead, or nobody.
    Assigned(Option<Arc<str>>),
    /// A system says that the lead is in this stage.
    Status(StageId),
    /// The lead wants no more: no touch counts any longer, and nothing enrolls it.
    OptedOut,
    /// The lead became part of another one. Its own timeline ends.
    Merged(Arc<str>),
    /// Another lead became part of this one.
    Absorbed(Arc<str>, Box<LeadState>),
    /// The event of this name was reported wrong: it was this instead, at the same time, or nothing.
    Corrected(Arc<str>, Option<Box<EventKind>>),
}

/// The events of a lead: in order, each once, with corrections made. The same set gives the same log, in whatever
/// order it came.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Log {
    log: Vec<LeadEvent>,
}

impl Log {
    /// Takes an event in. False when it was there already.
    pub fn take(&mut self, event: LeadEvent) -> bool {
        let at = self.log.partition_point(|other| order(other, &event) == Ordering::Less);
        if self.log.get(at).is_some_and(|other| order(other, &event) == Ordering::Equal) {
            return false;
        }
        self.log.insert(at, event);
        true
    }

    /// A log of many events at once.
    pub fn of(events: Vec<LeadEvent>) -> Self {
        Self::of_all(events).0
    }

    /// A log of many events at once, and the instants of those that were reported again.
    pub fn of_all(mut events: Vec<LeadEvent>) -> (Self, Vec<Instant>) {
        let mut duplicates = Vec::new();
        // most files are in order already, and a stable sort is fast on those
        events.sort_by(order);
        events.dedup_by(|b, a| {
            let same = order(a, b) == Ordering::Equal;
            duplicates.extend(same.then_some(a.at));
            same
        });
        (Self { log: events }, duplicates)
    }

    /// The instants of all, in order.
    pub fn instants(&self) -> impl Iterator<Item = Instant> {
        self.log.iter().map(|event| event.at)
    }

    /// How many events there are, each counted once.
    pub fn len(&self) -> usize {
        self.log.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.log.is_empty()
    }

    /// The events as they count, the oldest first: of those with one name the first in order, and corrected ones as
    /// their last correction says.
    pub fn events(&self) -> Vec<LeadEvent> {
        let corrections: FxHashMap<&str, &Option<Box<EventKind>>> = self
            .log
            .iter()
            .filter_map(|event| match &event.what {
                EventKind::Corrected(of, instead) => Some((&**of, instead)),
                _ => None,
            })
            .collect();
        let mut named: FxHashSet<&str> = FxHashSet::default();
        let mut events = Vec::with_capacity(self.log.len());
        for event in self.log.iter().filter(|event| !matches!(event.what, EventKind::Corrected(..))) {
            let id = event.id.as_deref();
            if id.is_some_and(|id| !named.insert(id)) {
                continue;
            }
            match id.and_then(|id| corrections.get(id)) {
                None => events.push(event.clone()),
                Some(Some(instead)) => events.push(LeadEvent { what: (**instead).clone(), ..event.clone() }),
                Some(None) => {}
            }
        }
        events.sort_by(order);
        events
    }
}

/// The order in which events count: by instant; at one instant by what they are, then by name, then by content. The
/// order of arrival plays no part.
pub(super) fn order(a: &LeadEvent, b: &LeadEvent) -> Ordering {
    a.at.cmp(&b.at)
        .then_with(|| rank(&a.what).cmp(&rank(&b.what)))
        .then_with(|| a.id.cmp(&b.id))
        .then_with(|| content(&a.what, &b.what))
}

/// What is known comes before what happens, what happens before who has the lead, and its end comes last.
fn rank(what: &EventKind) -> u8 {
    match what {
        EventKind::Absorbed(..) => 0,
        EventKind::Changed(..) => 1,
        EventKind::Happened(..) => 2,
        EventKind::Assigned(_) => 3,
        EventKind::Status(_) => 4,
        EventKind::OptedOut => 5,
        EventKind::Merged(_) => 6,
        EventKind::Corrected(..) => 7,
    }
}

fn content(a: &EventKind, b: &EventKind) -> Ordering {
    match (a, b) {
        (EventKind::Changed(by, a), EventKind::Changed(other, b)) => {
            let key = |change: &(FieldId, Option<Value>)| (change.0, change.1.as_ref().map(ToString::to_string));
            a.iter().map(key).cmp(b.iter().map(key)).then_with(|| by.cmp(other))
        }
        // kinds stand in the order activities, touches, dispositions: an answer comes after the call that it was given in
        (EventKind::Happened(a, x), EventKind::Happened(b, y)) => {
            let texts = |values: &[Option<Value>]| -> Vec<Option<String>> {
                values.iter().map(|value| value.as_ref().map(ToString::to_string)).collect()
            };
            a.cmp(b).then_with(|| texts(x).cmp(&texts(y)))
        }
        (EventKind::Assigned(a), EventKind::Assigned(b)) => a.cmp(b),
        (EventKind::Status(a), EventKind::Status(b)) => a.cmp(b),
        (EventKind::Merged(a), EventKind::Merged(b)) | (EventKind::Absorbed(a, _), EventKind::Absorbed(b, _)) => {
            a.cmp(b)
        }
        (EventKind::Corrected(a, x), EventKind::Corrected(b, y)) => a.cmp(b).then_with(|| match (x, y) {
            (Some(x), Some(y)) => rank(x).cmp(&rank(y)).then_with(|| content(x, y)),
            (x, y) => x.is_some().cmp(&y.is_some()),
        }),
        _ => Ordering::Equal,
    }
}
