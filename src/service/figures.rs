//! Figures of stored leads: what each lead gives to them, kept up as leads change.
//!
//! One thread reads on in the changes of the store, here or by another instance, and replays the leads that changed. All that
//! ever was is counted under the pact in force, as a replay of all events would, with the assignments that were made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, mpsc};
use std::time::Duration;

use chrono::TimeDelta;

use super::Service;
use super::catching_up::LATE;
use super::merge_group::{MergeGroup, Since};
use super::pact_versions::{PactVersion, PactVersions};
use crate::measure::{
    BehindFigure, FactTable, FigurePlace, Figures, MeasureReport, ReviewReport, Series, all_metrics,
    calibration_reports, calibration_series, measure_report, report_series, review_report, review_series,
};
use crate::pact::{Expr, Meeting, MetricId, Pact};
use crate::roster::Roster;
use crate::store::{Fault, Result, Store};
use crate::time::Instant;

/// How many leads are read at a time.
const BATCH: usize = 100;

/// How often the thread looks for changes when nobody asks.
const PAUSE: Duration = Duration::from_secs(1);

/// The figures of a service, as of an instant.
pub struct ServiceFigures<'a> {
    /// The pact in force, under which all is counted.
    pub pact: &'a Arc<Pact>,
    /// As of when.
    pub now: Instant,
    table: &'a FactTable,
}

impl ServiceFigures<'_> {
    /// The figures that a series asks for, split by the dimensions of these names, with stages, promises, targets and
    /// watches.
    pub fn report(&self, asked: Series, by: &[String]) -> MeasureReport {
        let mut series = report_series(self.pact, asked.clone(), self.now);
        let calibrated = series.len();
        series.extend(calibration_series(self.pact, &asked));
        let figures = self.count(&series);
        let mut report = measure_report(self.pact, &figures, &series, by, self.now);
        report.calibrations = calibration_reports(self.pact, &figures, calibrated, &asked);
        report
    }

    /// A meeting on one page, as if it were now; with a condition, of what meets it.
    pub fn review(&self, meeting: &Meeting, condition: Option<&Expr>) -> ReviewReport {
        self.review_at(meeting, self.now, condition)
    }

    /// A meeting on one page, by what is known now.
    pub(super) fn review_at(&self, meeting: &Meeting, at: Instant, condition: Option<&Expr>) -> ReviewReport {
        let series = review_series(self.pact, meeting, at, condition);
        review_report(self.pact, meeting, &self.count(&series), &series, at)
    }

    /// The leads behind a figure in a place, the last first.
    pub fn behind(&self, series: &Series, metric: MetricId, place: &FigurePlace) -> Vec<BehindFigure> {
        self.table.behind(self.pact, series, metric, place, self.now).unwrap_or_default()
    }

    fn count(&self, series: &[Series]) -> Figures {
        self.table.figures(self.pact, series, self.now).unwrap_or_default()
    }
}

/// Figures are not there yet: leads are still being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StillCounting {
    /// How many leads are counted.
    pub counted: u64,
    /// Of how many.
    pub of: u64,
}

impl Service {
    /// Asks for figures as of now, where `wants` gives the series that are asked for besides the report and the reviews of
    /// the pact, and whatever `ask` is to know. What is kept up is counted at once; for all else every lead is replayed.
    ///
    /// # Errors
    /// When the store does not answer, leads are still being counted, or `wants` or `ask` say so.
    pub fn figures<W, T, E: From<Fault> + From<StillCounting>>(
        &self,
        wants: impl Fn(&Pact) -> std::result::Result<(Vec<Series>, W), E>,
        ask: impl FnOnce(ServiceFigures<'_>, W) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let now = self.now();
        // what is asked may take its time to read: others are answered meanwhile
        let known = self.pact();
        let wanted = known.as_deref().map(&wants).transpose()?;
        let (kept, version) = self.counter.up_to(now)??;
        let pact = &version.pact;
        let is_known = known.is_some_and(|known| Arc::ptr_eq(&known, pact));
        let (wanted, more) = wanted.filter(|_| is_known).map_or_else(|| wants(pact), Ok)?;
        if wanted.iter().all(|series| kept.table.holds(series)) {
            return ask(ServiceFigures { pact, now, table: &kept.table }, more);
        }
        drop(kept);
        let calibrations: Vec<Series> = wanted.iter().flat_map(|series| calibration_series(pact, series)).collect();
        let series = wanted.into_iter().chain(calibrations).chain(questions(pact, now));
        let table = self.read(|store| table_of(store, FactTable::new(series), &version, now))?;
        ask(ServiceFigures { pact, now, table: &table }, more)
    }
}

/// The facts of every lead of a store, in a table.
fn table_of(store: &mut dyn Store, mut table: FactTable, version: &PactVersion, now: Instant) -> Result<FactTable> {
    let mut last = String::new();
    loop {
        let leads = store.leads_after(&last, BATCH)?;
        let Some(end) = leads.last().cloned() else { return Ok(table) };
        last = end;
        for lead in leads {
            let group = MergeGroup::of(store, &lead)?;
            if group.members().first().is_some_and(|first| first.lead == lead) {
                put(&mut table, &group, version, now)?;
            }
        }
    }
}

/// Keeps figures up.
pub(super) struct FigureCounter {
    versions: Arc<RwLock<PactVersions>>,
    clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    kept: Mutex<KeptFigures>,
    /// All leads have been read once.
    complete: AtomicBool,
    counted: AtomicU64,
    of: AtomicU64,
}

/// What is kept up, and how far.
pub(super) struct KeptFigures {
    store: Box<dyn Store>,
    /// The pact under which all is counted; none before the first.
    version: Option<PactVersion>,
    table: FactTable,
    /// The last change that is counted.
    change: i64,
    /// The last lead that was read; none when all were read once.
    read: Option<String>,
    /// When each lead is to be looked at again, though nothing was told of it.
    due: BTreeSet<(Instant, String)>,
    due_of: BTreeMap<String, Instant>,
}

impl FigureCounter {
    pub(super) fn new(
        store: Box<dyn Store>,
        versions: Arc<RwLock<PactVersions>>,
        clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    ) -> Self {
        let (table, due, due_of) = (FactTable::default(), BTreeSet::new(), BTreeMap::new());
        let kept = KeptFigures { store, version: None, table, change: 0, read: None, due, due_of };
        Self {
            versions,
            clock,
            kept: Mutex::new(kept),
            complete: AtomicBool::new(false),
            counted: AtomicU64::new(0),
            of: AtomicU64::new(0),
        }
    }

    /// Keeps figures up until whoever started it is gone.
    pub(super) fn run(&self, started: &mpsc::Receiver<()>) {
        let mut wait = Duration::ZERO;
        while started.recv_timeout(wait) == Err(mpsc::RecvTimeoutError::Timeout) {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            let began = std::time::Instant::now();
            wait = match self.read_on(&mut kept, (self.clock)()) {
                Ok(true) if !self.complete.load(Ordering::Acquire) => Duration::ZERO,
                // figures of leads that change all the time leave half of the time to others
                Ok(true) => began.elapsed(),
                Ok(false) => PAUSE,
                Err(fault) => {
                    tracing::error!(%fault, "figures cannot be kept up");
                    PAUSE
                }
            };
        }
    }

    /// What is kept up, as of an instant, and the pact under which it is counted.
    pub(super) fn up_to(
        &self,
        now: Instant,
    ) -> Result<std::result::Result<(MutexGuard<'_, KeptFigures>, PactVersion), StillCounting>> {
        let still =
            || StillCounting { counted: self.counted.load(Ordering::Relaxed), of: self.of.load(Ordering::Relaxed) };
        if !self.complete.load(Ordering::Acquire) {
            return Ok(Err(still()));
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        while self.read_on(&mut kept, now)? {
            if !self.complete.load(Ordering::Acquire) {
                return Ok(Err(still()));
            }
        }
        let version = kept.version.clone();
        Ok(version.map(|version| (kept, version)).ok_or_else(still))
    }

    /// Reads some of what is not counted yet; false when all is.
    fn read_on(&self, kept: &mut KeptFigures, now: Instant) -> Result<bool> {
        let versions = self.versions.read().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(version) = versions.last() else { return Ok(false) };
        // what time did long ago is done first: each lead would be counted again
        let behind = |due: Instant| now.signed_duration_since(due) >= LATE;
        if !self.complete.load(Ordering::Acquire) && kept.store.next_due()?.is_some_and(behind) {
            return Ok(false);
        }
        if kept.version.as_ref().is_none_or(|known| known.number != version.number) {
            self.begin_anew(kept, version, now)?;
        }
        if let Some(read) = kept.read.clone() {
            let leads = kept.store.leads_after(&read, BATCH)?;
            for lead in &leads {
                kept.count(lead, now, true)?;
            }
            self.counted.fetch_add(leads.len() as u64, Ordering::Relaxed);
            kept.read = leads.last().cloned();
            self.complete.store(kept.read.is_none(), Ordering::Release);
            return Ok(true);
        }
        let Some(changes) = kept.store.changes_after(kept.change, BATCH)? else {
            self.begin_anew(kept, version, now)?;
            return Ok(true);
        };
        let leads: BTreeSet<&String> = changes.iter().map(|(_, lead)| lead).collect();
        for lead in leads {
            kept.count(lead, now, false)?;
        }
        kept.change = changes.last().map_or(kept.change, |(number, _)| *number);
        if !changes.is_empty() {
            return Ok(true);
        }
        let due = kept.due.iter().take_while(|(due, _)| *due <= now).take(BATCH);
        let due: Vec<String> = due.map(|(_, lead)| lead.clone()).collect();
        for lead in &due {
            kept.count(lead, now, false)?;
        }
        Ok(!due.is_empty())
    }

    /// Forgets all and reads every lead anew: under another pact, or when it is not known any more which leads changed.
    fn begin_anew(&self, kept: &mut KeptFigures, version: &PactVersion, now: Instant) -> Result<()> {
        self.complete.store(false, Ordering::Release);
        self.counted.store(0, Ordering::Relaxed);
        self.of.store(kept.store.count_leads()?.unsigned_abs(), Ordering::Relaxed);
        // what changes from here on is read again
        kept.change = kept.store.last_change()?;
        kept.read = Some(String::new());
        kept.table = FactTable::new(questions(&version.pact, now));
        kept.version = Some(version.clone());
        kept.due.clear();
        kept.due_of.clear();
        Ok(())
    }
}

/// What is kept up: what a report asks for by itself, and the agendas of all reviews.
fn questions(pact: &Pact, now: Instant) -> Vec<Series> {
    let whole = Series { metrics: all_metrics(pact), ..Series::default() };
    let reviews = pact.reviews.iter().flat_map(|meeting| review_series(pact, meeting, now, None));
    let calibrations = calibration_series(pact, &whole);
    report_series(pact, whole, now).into_iter().chain(reviews).chain(calibrations).collect()
}

impl KeptFigures {
    /// A meeting on one page, by what is kept up.
    pub(super) fn review_at(&self, pact: &Arc<Pact>, meeting: &Meeting, at: Instant, now: Instant) -> ReviewReport {
        ServiceFigures { pact, now, table: &self.table }.review_at(meeting, at, None)
    }

    /// Counts a lead anew, with those that it merged with; of those that are read in order only by the first of them.
    fn count(&mut self, lead: &str, now: Instant, in_order: bool) -> Result<()> {
        let Some(version) = self.version.clone() else { return Ok(()) };
        let group = MergeGroup::of(&mut *self.store, lead)?;
        if in_order && group.members().first().is_some_and(|first| first.lead != lead) {
            return Ok(());
        }
        self.table.remove(lead);
        self.look_again(lead.to_owned(), None);
        for (lead, due) in put(&mut self.table, &group, &version, now)? {
            self.look_again(lead, due);
        }
        Ok(())
    }

    fn look_again(&mut self, lead: String, at: Option<Instant>) {
        if let Some(before) = self.due_of.remove(&lead) {
            self.due.remove(&(before, lead.clone()));
        }
        if let Some(at) = at {
            self.due.insert((at, lead.clone()));
            self.due_of.insert(lead, at);
        }
    }
}

/// Puts the leads of a merge group into a table, each in place of what it had there; gives when each of
/// them is to be looked at again.
fn put(
    table: &mut FactTable,
    group: &MergeGroup,
    version: &PactVersion,
    now: Instant,
) -> Result<BTreeMap<String, Option<Instant>>> {
    let members = group.members().iter().map(|member| (member.lead.clone(), None));
    let mut due: BTreeMap<String, Option<Instant>> = members.collect();
    due.keys().for_each(|lead| table.remove(lead));
    for (member, rehydrated) in
        group.rehydrate(&PactVersions::only(version), &mut Roster::default(), now, Since::Moments)?
    {
        // nothing is due twice at one instant
        due.insert(member.lead.clone(), rehydrated.due.map(|due| due.max(now + TimeDelta::microseconds(1))));
        if let Some(state) = rehydrated.state.as_ref().filter(|_| !rehydrated.part) {
            table.put(&version.pact, &member.lead, &rehydrated.name, (state, &rehydrated.timeline));
        }
    }
    Ok(due)
}
