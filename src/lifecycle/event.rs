//! Events of a lead, and the order in which they count.

use std::cmp::Ordering;
use std::sync::Arc;

use super::state::LeadState;
use super::timeline::{Conflict, EntryLog};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::pact::{FieldId, IdentityValue, IntakeId, KindId, StageId};
use crate::time::Instant;
use crate::value::Value;

/// Something that a system reports of a lead.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadEvent {
    /// When it happened.
    pub at: Instant,
    /// What tells it apart from others, where the system gives it a name. Two with one name are one event.
    pub id: Option<EventId>,
    /// What happened.
    pub what: EventKind,
}

/// The name that a system gives an event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId {
    /// The name.
    pub name: Arc<str>,
    /// Which of the things that the event says, where it says several. A correction takes the place of the first, and the
    /// others go with it.
    pub part: u32,
}

impl From<&str> for EventId {
    fn from(name: &str) -> Self {
        Self { name: name.into(), part: 0 }
    }
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
    /// The lead turned out to be another one, of which the field holds the same. Its own timeline ends before all else
    /// of the instant.
    Recognised(Arc<str>, Arc<str>),
    /// Another lead became part of this one.
    Absorbed(Box<AbsorbedLead>),
    /// The lead has the same as others that it is not.
    Conflict(Box<Conflict>),
    /// The lead was never to be recognised by these values.
    Unmatched(Vec<IdentityValue>),
    /// The event of this name was reported wrong: it was this instead, at the same time, or nothing.
    Corrected(Arc<str>, Option<Box<EventKind>>),
}

/// A lead that became part of another.
#[derive(Debug, Clone, PartialEq)]
pub struct AbsorbedLead {
    /// Its key.
    pub lead: Arc<str>,
    /// The field that holds the same of both, where that was seen by one.
    pub by: Option<Arc<str>>,
    /// Its state when it ended.
    pub state: LeadState,
    /// Its timeline, where somebody asks for what was known.
    pub timeline: EntryLog,
}

/// How a lead ends that is part of another one from an instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndAsPart {
    /// When.
    pub at: Instant,
    /// The other lead.
    pub into: Arc<str>,
    /// The field by which it was recognised; none where a system reported the merge.
    pub by: Option<Arc<str>>,
}

impl EndAsPart {
    /// Its own events, the end the last of them, and those that are events of the other lead.
    pub fn split(&self, events: Vec<LeadEvent>) -> (Vec<LeadEvent>, Vec<LeadEvent>) {
        let (at, into) = (self.at, self.into.clone());
        let is_end = |event: &LeadEvent| {
            event.at == at && matches!(event.what, EventKind::Merged(_) | EventKind::Recognised(..))
        };
        if let Some(by) = &self.by {
            let (mut before, mut after): (Vec<_>, Vec<_>) = events.into_iter().partition(|event| event.at < at);
            after.retain(|event| !matches!(event.what, EventKind::Recognised(..)));
            before.push(LeadEvent { at, id: None, what: EventKind::Recognised(into, by.clone()) });
            return (before, after);
        }
        let (mut before, after): (Vec<_>, Vec<_>) = events.into_iter().partition(|event| event.at <= at);
        // it may be an event of a lead that is part of this one
        if !before.iter().any(is_end) {
            before.push(LeadEvent { at, id: None, what: EventKind::Merged(into) });
        }
        (before, after)
    }
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

    /// The events as they were reported, corrections among them.
    pub fn reported(&self) -> &[LeadEvent] {
        &self.log
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

    /// Whether every event counts as it was reported: none was corrected, and no two have one name.
    fn is_plain(&self) -> bool {
        let mut named: FxHashSet<&EventId> = FxHashSet::default();
        self.log.iter().all(|event| {
            !matches!(event.what, EventKind::Corrected(..)) && event.id.as_ref().is_none_or(|id| named.insert(id))
        })
    }

    /// The first event that counts.
    pub fn first(&self) -> Option<LeadEvent> {
        if self.is_plain() { self.log.first().cloned() } else { self.events().into_iter().next() }
    }

    /// The events as they count, without a copy where all of them do.
    pub fn into_events(self) -> Vec<LeadEvent> {
        if self.is_plain() { self.log } else { self.events() }
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
        let mut named: FxHashSet<&EventId> = FxHashSet::default();
        let mut events = Vec::with_capacity(self.log.len());
        for event in self.log.iter().filter(|event| !matches!(event.what, EventKind::Corrected(..))) {
            let id = event.id.as_ref();
            if id.is_some_and(|id| !named.insert(id)) {
                continue;
            }
            match id.and_then(|id| corrections.get(&*id.name)) {
                None => events.push(event.clone()),
                Some(Some(instead)) if id.is_some_and(|id| id.part == 0) => {
                    events.push(LeadEvent { what: (**instead).clone(), ..event.clone() })
                }
                Some(_) => {}
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

/// What is known comes before what happens, what happens before who has the lead, and its end comes last. Who the lead is
/// comes before all.
fn rank(what: &EventKind) -> u8 {
    match what {
        EventKind::Recognised(..) => 0,
        EventKind::Changed(..) => 1,
        EventKind::Absorbed(..) => 2,
        EventKind::Conflict(..) => 3,
        EventKind::Unmatched(_) => 4,
        EventKind::Happened(..) => 5,
        EventKind::Assigned(_) => 6,
        EventKind::Status(_) => 7,
        EventKind::OptedOut => 8,
        EventKind::Merged(_) => 9,
        EventKind::Corrected(..) => 10,
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
        (EventKind::Merged(a), EventKind::Merged(b)) => a.cmp(b),
        (EventKind::Absorbed(a), EventKind::Absorbed(b)) => a.lead.cmp(&b.lead),
        (EventKind::Conflict(a), EventKind::Conflict(b)) => a.cmp(b),
        (EventKind::Unmatched(a), EventKind::Unmatched(b)) => a.cmp(b),
        (EventKind::Corrected(a, x), EventKind::Corrected(b, y)) => a.cmp(b).then_with(|| match (x, y) {
            (Some(x), Some(y)) => rank(x).cmp(&rank(y)).then_with(|| content(x, y)),
            (x, y) => x.is_some().cmp(&y.is_some()),
        }),
        _ => Ordering::Equal,
    }
}
