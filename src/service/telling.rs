//! What was told of a lead, and of those that became part of it, as any pact understands it.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::eras::Era;
use crate::io::{Raw, Row};
use crate::leads::Teller;
use crate::lifecycle::{LeadEvent, Life, Log, What, carry, known};
use crate::pact::Pact;
use crate::record::Record;
use crate::store::Event;
use crate::value::{Instant, Value};

/// What was told of a lead.
pub(super) struct Telling<'a> {
    events: &'a [Event],
    rows: Vec<(&'a str, Row)>,
    parts: Vec<Part<'a>>,
    /// Merges that would make the lead part of itself: they are none.
    void: Vec<(Instant, Arc<str>)>,
    /// When the lead became part of another, though it was told of one that is part of it.
    end: Option<(Instant, Arc<str>)>,
}

/// A lead that became part of another.
pub(super) struct Part<'a> {
    /// When.
    pub(super) at: Instant,
    /// Its key as it was told.
    pub(super) name: Arc<str>,
    /// The number of the era then.
    pub(super) era: i64,
    /// Its pact.
    pub(super) pact: Arc<Pact>,
    /// Its life up to then, in the ids of that pact.
    pub(super) life: Life,
    /// The engine's own answers in it.
    pub(super) answers: Vec<Answer>,
    /// What was told of it. What came after is told of the other.
    pub(super) telling: Telling<'a>,
}

/// When the engine itself answered, and by which disposition: that is in no event.
pub(super) type Answer = (Instant, Arc<str>);

impl<'a> Telling<'a> {
    pub(super) fn new(events: &'a [Event]) -> Self {
        let rows = events.iter().filter_map(|event| Some((&*event.source, row(&event.line)?))).collect();
        Self { events, rows, parts: Vec::new(), void: Vec::new(), end: None }
    }

    /// Another lead became part of this one.
    pub(super) fn join(&mut self, part: Part<'a>) {
        self.parts.push(part);
    }

    /// A merge that is none.
    pub(super) fn leave_out(&mut self, at: Instant, into: Arc<str>) {
        self.void.push((at, into));
    }

    /// The lead became part of another then.
    pub(super) fn end(&mut self, at: Instant, into: Arc<str>) {
        self.end = Some((at, into));
    }

    /// The first instant of which something was told, or at which another lead became part of this one.
    pub(super) fn first(&self) -> Option<Instant> {
        self.events.iter().map(|event| event.at).chain(self.parts.iter().map(|part| part.at)).min()
    }

    /// Every row, those of the parts after the lead's own.
    pub(super) fn events(&self) -> Box<dyn Iterator<Item = &'a Event> + '_> {
        Box::new(self.events.iter().chain(self.parts.iter().flat_map(|part| part.telling.events())))
    }

    /// The lead's key and its events, in order, as a pact understands them. What it has no word for says nothing.
    pub(super) fn under(&self, era: &Era) -> (Option<Value>, Vec<LeadEvent>) {
        let (key, mut told) = self.own(&era.pact);
        if !self.parts.is_empty() || !self.void.is_empty() || self.end.is_some() {
            told.extend(self.parts.iter().flat_map(|part| part.under(era)));
            let void = |at: Instant, into: &Arc<str>| self.void.iter().any(|(when, to)| *when == at && to == into);
            for event in &mut told {
                if matches!(&event.what, What::Merged(into) if void(event.at, into)) {
                    event.what = What::Changed(Vec::new());
                }
            }
            if let Some((at, into)) = &self.end
                && !told.iter().any(|event| event.at == *at && matches!(event.what, What::Merged(_)))
            {
                told.push(LeadEvent { at: *at, id: None, what: What::Merged(into.clone()) });
            }
            told = Log::of(told).events();
        }
        (key, told)
    }

    /// What was told of the lead itself.
    fn own(&self, pact: &Pact) -> (Option<Value>, Vec<LeadEvent>) {
        let mut tellers: FxHashMap<&str, Teller<'_>> = FxHashMap::default();
        let mut all = Vec::new();
        let mut key: Option<Value> = None;
        for (source, row) in &self.rows {
            let intake = pact.intake(source);
            if intake.is_none() && !source.is_empty() {
                continue;
            }
            let teller = tellers.entry(source).or_insert_with(|| Teller::new(pact, intake));
            let Ok(told) = teller.tell(row) else { continue };
            // keys match whatever their case: of several spellings the first in order stands for all
            let first = key.as_ref().is_none_or(|key| told.lead.to_string() < key.to_string());
            key = if first { Some(told.lead) } else { key };
            all.extend(told.events);
        }
        (key, Log::of(all).events())
    }
}

impl Part<'_> {
    /// What the other lead is told of this one: that it took it in, and all that was told of it later.
    fn under(&self, era: &Era) -> Vec<LeadEvent> {
        if era.number < self.era {
            return Vec::new();
        }
        let (key, told) = self.telling.under(era);
        let Some(key) = key else { return Vec::new() };
        let (before, mut told): (Vec<LeadEvent>, Vec<LeadEvent>) = told.into_iter().partition(|it| it.at <= self.at);
        let life = self.life.clone();
        let life = if era.number == self.era {
            life
        } else {
            let record = told_again(&era.pact, &key, before.iter(), &self.answers);
            carry(&self.pact, life, &era.pact, record, self.at, None).life
        };
        told.push(LeadEvent { at: self.at, id: None, what: What::Absorbed(self.name.clone(), Box::new(life)) });
        told
    }
}

/// What a pact knows of a lead, from what was told and from what the engine itself answered.
pub(super) fn told_again<'t>(
    pact: &Pact,
    key: &Value,
    told: impl Iterator<Item = &'t LeadEvent>,
    answers: &[Answer],
) -> Record {
    let answers = answers.iter().filter_map(|(at, name)| {
        let kind = pact.kind(name)?;
        let values = vec![None; pact[kind].properties.len()];
        Some(LeadEvent { at: *at, id: None, what: What::Happened(kind, values) })
    });
    let mut all: Vec<LeadEvent> = told.cloned().chain(answers).collect();
    all.sort_by_key(|event| event.at);
    known(pact, key.clone(), &all)
}

/// A row as it was kept.
fn row(line: &str) -> Option<Row> {
    match serde_json::from_str(line) {
        Ok(Raw::Map(fields)) => Some(Row { line: 0, fields }),
        _ => None,
    }
}
