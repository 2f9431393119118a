//! One lead's life, worked out from what the store keeps of it: the events, the pacts that were in force when they
//! happened, and the turns that the lead took. The same three give the same life, however often.

use std::sync::Arc;

use chrono::TimeDelta;
use rustc_hash::FxHashMap;

use crate::decide::{EntrySaid, told};
use crate::explain;
use crate::io::{Raw, Row};
use crate::leads::Teller;
use crate::lifecycle::{Entry, LeadEvent, Life, Log, Story, begin, go_on, next_change, step};
use crate::pact::Pact;
use crate::record::Record;
use crate::roster::{Act, Ledger, Roster};
use crate::store::Event;
use crate::value::{Instant, Value};

use super::eras::Eras;

/// How far ahead it is worked out when time alone next changes something. Whoever has not changed until then is looked
/// at again.
const HORIZON: TimeDelta = TimeDelta::days(400);

/// A life as it is at an instant.
pub struct Relived {
    /// The pact in force.
    pub pact: Arc<Pact>,
    /// The lead's key as it was first told.
    pub name: Arc<str>,
    /// The life; none when nothing has been told of the lead by then.
    pub life: Option<Life>,
    /// The story under the pact in force.
    pub story: Story,
    /// The whole story.
    pub entries: Vec<Happened>,
    /// The turns that were taken.
    pub acts: Vec<Act>,
    /// When the next happens that is known of: time changes something, or what was told ahead of its time comes true.
    pub next: Option<Instant>,
    /// When to look again.
    pub due: Option<Instant>,
}

/// Something that happened.
pub struct Happened {
    /// As it happened, in the ids of its pact.
    pub entry: Entry,
    /// The pact that made it happen.
    pub pact: Arc<Pact>,
    /// As data.
    pub said: EntrySaid,
}

/// Lives a lead up to an instant.
pub fn relive(eras: &Eras, events: &[Event], acts: Vec<Act>, roster: &mut Roster, until: Instant) -> Option<Relived> {
    let mut ledger = Ledger::new(acts, roster);
    let mut life: Option<Life> = None;
    let mut story = Story::default();
    let mut entries = Vec::new();
    let mut name: Arc<str> = "".into();
    let mut ahead: Option<Instant> = None;
    let mut before: Option<Arc<Pact>> = None;
    for (era, end) in eras.all() {
        let pact = &era.pact;
        let first = before.is_none();
        if !first && era.since > until {
            break;
        }
        let (key, all) = told_under(pact, events)?;
        let here = |event: &LeadEvent| (first || event.at >= era.since) && end.is_none_or(|end| event.at < end);
        ahead = all.iter().map(|event| event.at).filter(|at| *at > until).min();
        let mut now: Vec<LeadEvent> = all.into_iter().filter(here).filter(|event| event.at <= until).collect();
        let last = end.filter(|end| *end <= until);
        let stop = last.map_or(until, |end| end - TimeDelta::nanoseconds(1));
        name = key.to_string().into();
        life = match (life, before) {
            (Some(lived), Some(old)) => {
                let moved = carried(&old, lived, pact);
                story = Story::default();
                let at = now.partition_point(|event| event.at == era.since);
                let first: Vec<LeadEvent> = now.drain(..at).collect();
                let lived = step(pact, moved, &mut story, first, era.since, Some(&mut ledger));
                Some(go_on(pact, lived, &mut story, now, stop, Some(&mut ledger)))
            }
            _ => now.first().map(|event| event.at).map(|at| {
                let mut known = Record::new(pact);
                known.set(pact.key, Some(key));
                go_on(pact, begin(known, at), &mut story, now, stop, Some(&mut ledger))
            }),
        };
        entries.extend(story.entries.iter().map(|entry| Happened {
            entry: entry.clone(),
            pact: pact.clone(),
            said: told(pact, &name, entry),
        }));
        before = Some(pact.clone());
    }
    let pact = before?;
    let acts = ledger.finish();
    let next = life.as_ref().and_then(|life| next_change(&pact, life, until + HORIZON));
    let look = life.as_ref().map(|_| until + HORIZON);
    let next = next.into_iter().chain(ahead).min();
    Some(Relived { pact, name, life, story, entries, acts, next, due: next.or(look) })
}

/// A life under another pact.
fn carried(_old: &Pact, lived: Life, _new: &Pact) -> Life {
    lived
}

impl Relived {
    /// The whole story as data, each thing with what it is in words.
    pub fn told(&self) -> Vec<serde_json::Value> {
        let told = self.entries.iter().map(|happened| {
            let mut said = serde_json::to_value(&happened.said).unwrap_or_default();
            if let Some(said) = said.as_object_mut() {
                let kind = said.get("what").cloned().unwrap_or_default();
                said.insert("kind".to_owned(), kind);
                said.insert("words".to_owned(), happened.words().into());
            }
            said
        });
        told.collect()
    }
}

impl Happened {
    /// What happened, in words.
    pub fn words(&self) -> String {
        explain::happened(&self.pact, &self.said)
    }
}

/// The lead's key and its events, as a pact understands what was told. What a pact has no word for says nothing to it.
fn told_under(pact: &Pact, events: &[Event]) -> Option<(Value, Vec<LeadEvent>)> {
    let mut tellers: FxHashMap<&str, Teller<'_>> = FxHashMap::default();
    let mut all = Vec::new();
    let mut key: Option<Value> = None;
    for event in events {
        let Some(row) = row(&event.line) else { continue };
        let intake = pact.intake(&event.source);
        if intake.is_none() && !event.source.is_empty() {
            continue;
        }
        let teller = tellers.entry(&event.source).or_insert_with(|| Teller::new(pact, intake));
        let Ok(told) = teller.tell(&row) else { continue };
        // keys match whatever their case: of several spellings the first in order stands for all
        let first = key.as_ref().is_none_or(|key| told.lead.to_string() < key.to_string());
        key = if first { Some(told.lead) } else { key };
        all.extend(told.events);
    }
    Some((key?, Log::of(all).events()))
}

/// A row as it was kept.
pub(super) fn row(line: &str) -> Option<Row> {
    match serde_json::from_str(line) {
        Ok(Raw::Map(fields)) => Some(Row { line: 0, fields }),
        _ => None,
    }
}
