//! The writer: one thread, fed by a queue, does all the writing.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, mpsc};
use std::time::Duration;

use super::catching_up::CatchingUp;
use super::clock_watch::ClockWatch;
use super::digests;
use super::figures::FigureCounter;
use super::job::Job;
use super::live_leads::LiveLeads;
use super::pact_versions::PactVersions;
use super::store_health::StoreHealth;
use super::stored_roster::{store_roster, stored_roster};
use super::submitted::Submitted;
use super::{Notifier, ServiceChange, reviews};
use crate::roster::Roster;
use crate::store::{Fault, Result, Store, micros};
use crate::time::Instant;
use chrono::TimeDelta;

/// How many leads are advanced or forgotten in one write when nobody waits for it.
pub(super) const BATCH: usize = 200;

/// How long the writer waits without a job at most: another instance may have written in the meantime.
const MAX_IDLE: Duration = Duration::from_secs(1);

/// How long the writer waits after the store did not answer.
const PAUSE: Duration = Duration::from_millis(500);

/// After how long without a write one is tried.
const TRIED: TimeDelta = TimeDelta::seconds(10);

/// What the writer has done, for those who measure.
#[derive(Debug, Default)]
pub struct Progress {
    /// Events that were stored.
    pub events: AtomicU64,
    /// Rows refused.
    pub rejected: AtomicU64,
    /// Leads whose wakeups were due.
    pub fired: AtomicU64,
    /// How late the last of them was, in microseconds.
    pub late: AtomicI64,
    /// How often the clock of the system jumped.
    pub clock_jumps: AtomicU64,
    /// Writes that failed.
    pub faults: AtomicU64,
    /// Attempts to bring a delivery that the receiver took.
    pub sent: AtomicU64,
    /// Those that failed, and are made again while there is patience.
    pub again: AtomicU64,
    /// Those that a receiver refused for good.
    pub refused: AtomicU64,
}

/// The one who writes.
pub(super) struct Writer {
    pub(super) store: Box<dyn Store>,
    pub(super) versions: Arc<RwLock<PactVersions>>,
    pub(super) clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    pub(super) notifier: Arc<dyn Notifier>,
    pub(super) changed: Arc<dyn Fn(ServiceChange) + Send + Sync>,
    pub(super) progress: Arc<Progress>,
    /// What is being written requests an action.
    pub(super) requested: bool,
    /// When old answers were last forgotten.
    pub(super) forgot: Instant,
    /// For how long leads are stored without an event; for ever when absent.
    pub(super) retention: Option<TimeDelta>,
    /// Up to when digests have been put out, as far as this writer knows.
    pub(super) digested: Instant,
    /// What reviews are counted from.
    pub(super) counter: Arc<FigureCounter>,
    /// Up to when reviews have been put out, as far as this writer knows.
    pub(super) reviewed: Instant,
    /// After which instant the next event that says none has its place.
    pub(super) placed: Instant,
    pub(super) health: Arc<StoreHealth>,
    /// When something was last written, or tried to be.
    pub(super) tried: Instant,
    pub(super) clock_watch: ClockWatch,
    /// What time did before, while it is being done.
    pub(super) catching_up: Option<CatchingUp>,
    /// The leads that were written last.
    pub(super) live: LiveLeads,
    /// What waits for its write.
    pub(super) submitted: Submitted,
}

impl Writer {
    /// Works until it is stopped, or until nobody can submit anything any more.
    pub(super) fn run(mut self, queue: &mpsc::Receiver<Job>) {
        let mut more = false;
        loop {
            let waits = more || !self.submitted.is_empty();
            let idle_wait = if waits { Duration::ZERO } else { self.idle_wait() };
            let first = match queue.recv_timeout(idle_wait) {
                Ok(job) => Some(job),
                Err(mpsc::RecvTimeoutError::Timeout) => None,
                Err(mpsc::RecvTimeoutError::Disconnected) => return self.store_all_submitted(),
            };
            if !self.work(first.into_iter().chain(queue.try_iter())) {
                return;
            }
            more = self.run_due().and_then(|more| self.try_store().map(|()| more)).unwrap_or_else(|fault| {
                self.failed(&fault);
                false
            });
        }
    }

    /// How long nothing is to be done.
    fn idle_wait(&mut self) -> Duration {
        let now = (self.clock)();
        let versions = self.versions();
        let pact = versions.last().map(|version| &version.pact);
        let digest = pact.and_then(|pact| digests::next(pact, now));
        let review = pact.and_then(|pact| reviews::next(pact, now));
        let due = self.store.next_due().ok().flatten().into_iter().chain(digest).chain(review).min();
        due.map_or(MAX_IDLE, |due| due.signed_duration_since(now).to_std().unwrap_or_default().min(MAX_IDLE))
    }

    pub(super) fn failed(&self, fault: &Fault) {
        self.progress.faults.fetch_add(1, Ordering::Relaxed);
        self.health.failed(fault, (self.clock)());
        std::thread::sleep(PAUSE);
    }

    /// Writes something for the sake of it, where nothing was for a while or could not be: so whoever asks is told in time
    /// that nothing can be stored, and that it can be again.
    fn try_store(&mut self) -> Result<()> {
        let now = (self.clock)();
        if self.health.trouble().is_none() && now.signed_duration_since(self.tried).abs() < TRIED {
            return Ok(());
        }
        self.write(|writer, _| writer.store.put_single("tried", &micros(now).to_string()))
    }

    /// Does the jobs that are queued by now, and stores some of what is submitted. False when it is to stop.
    fn work(&mut self, jobs: impl Iterator<Item = Job>) -> bool {
        for job in jobs {
            match job {
                Job::Submit(what, done) => {
                    let versions = self.versions();
                    self.submitted.push(what, done, versions.last().map(|version| &*version.pact));
                }
                Job::Adopt(pact, done) => {
                    self.store_all_submitted();
                    done(self.adopt(&pact));
                }
                Job::Erase(lead, done) => {
                    self.store_all_submitted();
                    let gone = self.write(|writer, roster| writer.forget(&lead, roster));
                    done(gone.map(|gone| {
                        let any = !gone.is_empty();
                        if any {
                            (self.changed)(ServiceChange::Leads(gone.into_iter().collect()));
                        }
                        any
                    }));
                }
                Job::Resend(id, done) => {
                    let now = (self.clock)();
                    done(self.write(|writer, _| {
                        let resent = writer.store.resend(&id, now)?;
                        writer.requested |= resent;
                        Ok(resent)
                    }));
                }
                Job::Stop => {
                    self.store_all_submitted();
                    return false;
                }
            }
        }
        let some = self.submitted.next_write();
        self.store_submitted(some);
        true
    }

    fn store_all_submitted(&mut self) {
        while !self.submitted.is_empty() {
            let some = self.submitted.next_write();
            self.store_submitted(some);
        }
    }

    /// Writes as one, with the roster as it is.
    pub(super) fn write<T>(&mut self, work: impl FnOnce(&mut Self, &mut Roster) -> Result<T>) -> Result<T> {
        self.store.begin()?;
        let done = self.written(work).and_then(|done| self.store.commit().map(|()| done));
        match &done {
            Ok(_) => {
                self.tried = (self.clock)();
                self.health.stored();
            }
            Err(_) => {
                self.live.forget_all();
                self.store.rollback();
            }
        }
        // nobody is woken before what there is to be seen can be seen
        if std::mem::take(&mut self.requested) && done.is_ok() {
            (self.changed)(ServiceChange::Outbox);
        }
        done
    }

    fn written<T>(&mut self, work: impl FnOnce(&mut Self, &mut Roster) -> Result<T>) -> Result<T> {
        let mut versions = self.versions();
        let known = versions.last().map(|version| version.number);
        versions.refresh(&mut *self.store)?;
        if versions.last().map(|version| version.number) != known {
            *self.versions.write().unwrap_or_else(PoisonError::into_inner) = versions;
        }
        self.live.refresh(&mut *self.store)?;
        let stored = stored_roster(&mut *self.store)?;
        let mut roster = stored.clone();
        let done = work(self, &mut roster)?;
        if roster != stored {
            store_roster(&mut *self.store, &roster)?;
        }
        self.live.wrote(&mut *self.store)?;
        Ok(done)
    }

    pub(super) fn versions(&self) -> PactVersions {
        self.versions.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
