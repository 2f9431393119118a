//! What many ask for at once is read once for all of them, and stays as it is while no lead changes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::Service;
use crate::store::{ClockRow, Filter, Projection, Result, Store};
use crate::time::Instant;

/// How many questions of a kind are known with their answers.
const KNOWN: usize = 16;

/// Lists of more rows are read for each who asks.
const ROWS: usize = 200;

/// Leads of a list: key, until when they were replayed, and what is shown of them.
pub type ListedRows = Vec<(String, Instant, Projection)>;

/// Stages with their pipelines, each with how many leads are in it and how many of them rest.
pub type StageCounts = Vec<(String, String, i64, i64)>;

/// The answers to questions of a kind.
#[derive(Debug)]
struct SharedRead<Q, A>(Mutex<Vec<(Q, Arc<SharedAnswer<A>>)>>);

/// The answer to a question, until a lead changes.
#[derive(Debug)]
struct SharedAnswer<A> {
    /// How often reading it has begun.
    begun: AtomicU64,
    read: Mutex<Option<ReadAnswer<A>>>,
}

#[derive(Debug)]
struct ReadAnswer<A> {
    /// Which reading of it this was.
    number: u64,
    /// The last change of a lead before it.
    change: i64,
    answer: Arc<A>,
}

/// What the service knows without reading it again.
#[derive(Debug, Default)]
pub(super) struct SharedReads {
    leads: SharedRead<(Filter, usize), ListedRows>,
    clocks: SharedRead<usize, Vec<(ClockRow, Projection)>>,
    stages: SharedRead<(), StageCounts>,
    counts: SharedRead<(), (i64, i64)>,
}

impl<Q, A> Default for SharedRead<Q, A> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Q: PartialEq, A> SharedRead<Q, A> {
    fn of(&self, question: Q) -> Arc<SharedAnswer<A>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = known.iter().position(|(other, _)| *other == question) {
            // the one that nobody has asked for the longest goes first
            let known_one = known.remove(at);
            known.push(known_one);
        } else {
            if known.len() == KNOWN {
                known.remove(0);
            }
            known.push((question, Arc::default()));
        }
        known.last().map(|(_, answer)| answer.clone()).unwrap_or_default()
    }
}

impl<A> Default for SharedAnswer<A> {
    fn default() -> Self {
        Self { begun: AtomicU64::new(0), read: Mutex::new(None) }
    }
}

impl<A> SharedAnswer<A> {
    /// Reads it, unless no lead has changed since it was read, or reading it began after it was asked for: then it is what
    /// whoever asks would read.
    fn get(&self, service: &Service, read: impl FnOnce(&mut dyn Store) -> Result<A>) -> Result<Arc<A>> {
        let begun = self.begun.load(Ordering::Acquire);
        let mut known = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.as_ref().filter(|known| known.number > begun) {
            return Ok(known.answer.clone());
        }
        service.read(|store| {
            let number = self.begun.fetch_add(1, Ordering::AcqRel) + 1;
            let change = store.last_change()?;
            let answer = match &*known {
                Some(known) if known.change == change => known.answer.clone(),
                _ => Arc::new(read(store)?),
            };
            *known = Some(ReadAnswer { number, change, answer: answer.clone() });
            Ok(answer)
        })
    }
}

impl Service {
    /// Leads with their projections, in order.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn list(&self, filter: &Filter, limit: usize) -> Result<Arc<ListedRows>> {
        if filter.leads.is_some() || filter.after.is_some() || limit > ROWS {
            return Ok(Arc::new(self.read(|store| store.projections(filter, limit))?));
        }
        self.shared.leads.of((filter.clone(), limit)).get(self, |store| store.projections(filter, limit))
    }

    /// Clocks with a due instant, the first first, each with the projection of its lead.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn clocks(&self, limit: usize) -> Result<Arc<Vec<(ClockRow, Projection)>>> {
        if limit > ROWS {
            return Ok(Arc::new(self.read(|store| store.clocks(limit))?));
        }
        self.shared.clocks.of(limit).get(self, |store| store.clocks(limit))
    }

    /// How many leads are in each stage, and how many of them rest.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn stage_counts(&self) -> Result<Arc<StageCounts>> {
        self.shared.stages.of(()).get(self, |store| store.stage_counts())
    }

    /// How many leads there are, and how many events.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn counts(&self) -> Result<(i64, i64)> {
        self.shared
            .counts
            .of(())
            .get(self, |store| Ok((store.count_leads()?, store.count_events()?)))
            .map(|counts| *counts)
    }
}
