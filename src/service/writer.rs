//! The one who writes.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, mpsc};
use std::time::Duration;

use super::digests;
use super::effects::effects;
use super::merge_group::{MergeGroup, Since};
use super::new_events::{Accepted, NewEvents};
use super::pact_versions::PactVersions;
use super::projection::projection;
use super::{Notifier, ServiceChange};
use crate::pact::Pact;
use crate::roster::Roster;
use crate::store::{Fault, Result, Store, StoredLead, instant, micros};
use crate::time::Instant;
use chrono::TimeDelta;

/// How many leads are lived or forgotten in one write when time does something to them.
pub(super) const BATCH: usize = 200;

/// How many rows are taken in with one write.
const ROWS: usize = 5_000;

/// How long the writer sleeps at most: another instance may have written in the meantime.
const MAX_IDLE: Duration = Duration::from_secs(1);

/// How long the writer waits after the store did not answer.
const PAUSE: Duration = Duration::from_millis(500);

/// How often older answers are forgotten.
const FORGETTING: TimeDelta = TimeDelta::hours(1);

/// What is called when a job is done.
pub(super) type Done<T> = Box<dyn FnOnce(Result<T>) + Send>;

/// Something for the writer to do.
pub(super) enum Job {
    Tell(NewEvents, Done<Accepted>),
    Adopt(Arc<Pact>, Done<()>),
    Erase(String, Done<bool>),
    Resend(String, Done<bool>),
    Stop,
}

impl Job {
    /// Answers that it is not done.
    pub(super) fn refuse(self, why: &Fault) {
        match self {
            Self::Tell(_, done) => done(Err(why.clone())),
            Self::Adopt(_, done) => done(Err(why.clone())),
            Self::Erase(_, done) | Self::Resend(_, done) => done(Err(why.clone())),
            Self::Stop => {}
        }
    }
}

/// What the writer has done, for those who measure.
#[derive(Debug, Default)]
pub struct Progress {
    /// Events taken in.
    pub events: AtomicU64,
    /// Rows refused.
    pub rejected: AtomicU64,
    /// Leads to which time did something.
    pub fired: AtomicU64,
    /// How late the last of them was, in microseconds.
    pub late: AtomicI64,
    /// Writes that failed.
    pub faults: AtomicU64,
    /// Attempts to bring a delivery that the receiver took.
    pub sent: AtomicU64,
    /// Those that failed, and are made again while there is patience.
    pub again: AtomicU64,
    /// Those that a receiver refused for good.
    pub refused: AtomicU64,
}

pub(super) struct Writer {
    pub(super) store: Box<dyn Store>,
    pub(super) versions: Arc<RwLock<PactVersions>>,
    pub(super) clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    pub(super) targets: Arc<dyn Notifier>,
    pub(super) changed: Arc<dyn Fn(ServiceChange) + Send + Sync>,
    pub(super) progress: Arc<Progress>,
    /// What is being written asks something of the world.
    pub(super) asked: bool,
    /// When old answers were last forgotten.
    pub(super) forgot: Instant,
    /// For how long leads are kept of which nothing is told; for ever when absent.
    pub(super) keeps: Option<TimeDelta>,
    /// Up to when digests have been put out, as far as this writer knows.
    pub(super) digested: Instant,
}

impl Writer {
    /// Works until told to stop, or until nobody can tell anything any more.
    pub(super) fn run(mut self, queue: &mpsc::Receiver<Job>) {
        let mut more = false;
        loop {
            let idle_wait = if more { Duration::ZERO } else { self.idle_wait() };
            let first = match queue.recv_timeout(idle_wait) {
                Ok(job) => Some(job),
                Err(mpsc::RecvTimeoutError::Timeout) => None,
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            };
            if !self.work(first.into_iter().chain(queue.try_iter())) {
                return;
            }
            more = self.fire().unwrap_or_else(|fault| {
                self.failed(&fault);
                false
            });
        }
    }

    /// How long nothing is to be done.
    fn idle_wait(&mut self) -> Duration {
        let now = (self.clock)();
        let digest = self.versions().last().and_then(|version| digests::next(&version.pact, now));
        let due = self.store.next_due().ok().flatten().into_iter().chain(digest).min();
        due.map_or(MAX_IDLE, |due| due.signed_duration_since(now).to_std().unwrap_or_default().min(MAX_IDLE))
    }

    fn failed(&self, fault: &Fault) {
        self.progress.faults.fetch_add(1, Ordering::Relaxed);
        tracing::error!(%fault, "the store does not answer");
        std::thread::sleep(PAUSE);
    }

    /// Does what is asked, as much as is asked now. False when told to stop.
    fn work(&mut self, jobs: impl Iterator<Item = Job>) -> bool {
        let mut told = Vec::new();
        let mut rows = 0;
        for job in jobs {
            match job {
                Job::Tell(what, done) => {
                    rows += what.rows.len();
                    told.push((what, done));
                    if rows >= ROWS {
                        self.take_in(std::mem::take(&mut told));
                        rows = 0;
                    }
                }
                Job::Adopt(pact, done) => {
                    self.take_in(std::mem::take(&mut told));
                    done(self.adopt(&pact));
                }
                Job::Erase(lead, done) => {
                    self.take_in(std::mem::take(&mut told));
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
                        writer.asked |= resent;
                        Ok(resent)
                    }));
                }
                Job::Stop => {
                    self.take_in(told);
                    return false;
                }
            }
        }
        self.take_in(told);
        true
    }

    /// Writes as one, with the roster as it is.
    pub(super) fn write<T>(&mut self, work: impl FnOnce(&mut Self, &mut Roster) -> Result<T>) -> Result<T> {
        self.store.begin()?;
        let done = self.written(work).and_then(|done| self.store.commit().map(|()| done));
        if done.is_err() {
            self.store.rollback();
        }
        // nobody is woken before what there is to be seen can be seen
        if std::mem::take(&mut self.asked) && done.is_ok() {
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
        let kept = self.store.single("roster")?.unwrap_or_default();
        let mut roster: Roster = serde_json::from_str(&kept).unwrap_or_default();
        let done = work(self, &mut roster)?;
        let now = serde_json::to_string(&roster).map_err(|error| Fault(error.to_string()))?;
        if now != kept {
            self.store.put_single("roster", &now)?;
        }
        Ok(done)
    }

    pub(super) fn versions(&self) -> PactVersions {
        self.versions.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes a pact into force, where another is.
    pub(super) fn adopt(&mut self, pact: &Arc<Pact>) -> Result<()> {
        let now = (self.clock)();
        self.catch_up(now)?;
        let adopted = self.write(|writer, _| {
            let mut versions = writer.versions();
            if versions.last().is_some_and(|version| {
                version.pact.digest == pact.digest && version.pact.environment == pact.environment
            }) {
                return Ok(None);
            }
            writer.not_stranded(pact)?;
            versions.begin(&mut *writer.store, pact, now)?;
            Ok(Some(versions))
        })?;
        if let Some(versions) = adopted {
            *self.versions.write().unwrap_or_else(PoisonError::into_inner) = versions;
            (self.changed)(ServiceChange::Pact);
        }
        Ok(())
    }

    /// Refuses a pact that does not say where leads stand whose stage it does not have.
    fn not_stranded(&mut self, pact: &Pact) -> Result<()> {
        let counts = self.store.stage_counts()?;
        let stranded: Vec<String> = counts
            .iter()
            .filter(|(pipeline, stage, ..)| pact.now_in(pipeline, stage).is_none())
            .map(|(pipeline, stage, leads, _)| format!("  {leads} in stage `{stage}` of pipeline `{pipeline}`\n"))
            .collect();
        if stranded.is_empty() {
            return Ok(());
        }
        Err(Fault(format!(
            "leads would be stranded: the pact does not have the stage that they stand in\n{}\
             keep the stage until they have left it, or say with `migrate` where they go\n",
            stranded.concat()
        )))
    }

    /// Takes in what several requests tell, with one write.
    fn take_in(&mut self, told: Vec<(NewEvents, Done<Accepted>)>) {
        if told.is_empty() {
            return;
        }
        let now = (self.clock)();
        let (told, done): (Vec<NewEvents>, Vec<Done<Accepted>>) = told.into_iter().unzip();
        // what time does until now comes before what is told now
        let taken = self.catch_up(now).and_then(|()| {
            self.write(|writer, roster| {
                let mut leads = BTreeSet::new();
                let answers: Result<Vec<Accepted>> =
                    told.iter().map(|told| writer.taken(told, now, &mut leads)).collect();
                let answers = answers?;
                let leads = writer.rehydrate_all(leads, now, roster)?;
                for (told, answer) in told.iter().zip(&answers) {
                    if let Some((key, body)) = &told.idempotency {
                        let answer = serde_json::to_string(answer).map_err(|error| Fault(error.to_string()))?;
                        if writer.store.answered(key)?.is_none() {
                            writer.store.put_answer(key, body, &answer, now)?;
                        }
                    }
                }
                Ok((answers, leads))
            })
        });
        match taken {
            Ok((answers, leads)) => {
                let sum = |count: fn(&Accepted) -> u64| answers.iter().map(count).sum();
                self.progress.events.fetch_add(sum(|a| a.accepted), Ordering::Relaxed);
                self.progress.rejected.fetch_add(sum(|a| a.rejected.len() as u64), Ordering::Relaxed);
                done.into_iter().zip(answers).for_each(|(done, answer)| done(Ok(answer)));
                if !leads.is_empty() {
                    (self.changed)(ServiceChange::Leads(leads.into_iter().collect()));
                }
            }
            Err(fault) => {
                done.into_iter().for_each(|done| done(Err(fault.clone())));
                self.failed(&fault);
            }
        }
    }

    /// Lives a lead, and those that it became one with, up to an instant, or as far as they have been lived when that
    /// is later.
    fn live(&mut self, lead: &str, until: Instant, roster: &mut Roster) -> Result<Lived> {
        let versions = self.versions();
        let merge_group = self.merge_group(lead, &versions)?;
        let until = merge_group.lived().map_or(until, |lived| lived.max(until));
        let told = merge_group.told().unwrap_or(until);
        let version = versions.last().map_or(0, |version| version.number);
        let mut lived = Lived::default();
        for (member, rehydrated) in merge_group.live(&versions, roster, until, Since::Checkpoint) {
            let lead = &member.lead;
            let assignments =
                serde_json::to_string(&rehydrated.assignments).map_err(|error| Fault(error.to_string()))?;
            let kept = rehydrated.checkpoint.clone();
            self.store.put_lead(lead, &StoredLead { lived: until, version, assignments, kept, told })?;
            self.store.put_projection(lead, &projection(&rehydrated))?;
            let effects = effects(lead, &rehydrated, &*self.targets);
            self.asked |= self.store.put_effects(lead, &effects, rehydrated.from)?;
            lived.due = lived.due.into_iter().chain(rehydrated.due).min();
            lived.leads.push(lead.clone());
        }
        Ok(lived)
    }

    /// Lives leads, each once, with those that they became one with; gives all of them.
    pub(super) fn rehydrate_all(
        &mut self,
        leads: impl IntoIterator<Item = String>,
        until: Instant,
        roster: &mut Roster,
    ) -> Result<BTreeSet<String>> {
        let mut lived = BTreeSet::new();
        for lead in leads {
            if !lived.contains(&lead) {
                lived.extend(self.live(&lead, until, roster)?.leads);
            }
        }
        Ok(lived)
    }

    /// A lead's merge_group. Under another pact than its last one, more may be understood to be a merge.
    fn merge_group(&mut self, lead: &str, versions: &PactVersions) -> Result<MergeGroup> {
        loop {
            let merge_group = MergeGroup::of(&mut *self.store, lead)?;
            let Some(version) = versions.last() else { return Ok(merge_group) };
            let mut new = false;
            if merge_group
                .members()
                .iter()
                .any(|member| member.kept.as_ref().is_some_and(|kept| kept.version < version.number))
            {
                for (lead, into) in merge_group.merges(version) {
                    new |= self.store.put_merge(&lead, &into)?;
                }
            }
            if !new {
                return Ok(merge_group);
            }
        }
    }

    /// Does what time does until now, and brings some leads under the pact in force; true when others may be left, which
    /// wait while somebody tells something.
    fn fire(&mut self) -> Result<bool> {
        let now = (self.clock)();
        self.catch_up(now)?;
        self.digests(now)?;
        if now.signed_duration_since(self.forgot) >= FORGETTING {
            self.forget_old(now)?;
            self.forgot = now;
        }
        let version = self.versions().last().map_or(0, |version| version.number);
        let behind = self.store.leads_before_version(version, BATCH)?;
        if behind.is_empty() {
            return Ok(false);
        }
        let lived = self.write(|writer, roster| writer.rehydrate_all(behind, now, roster))?;
        (self.changed)(ServiceChange::Leads(lived.into_iter().collect()));
        Ok(true)
    }

    /// Puts out the digests of which an occasion has passed since they were last put out.
    fn digests(&mut self, now: Instant) -> Result<()> {
        let due = |versions: &PactVersions, sent| {
            versions.last().is_some_and(|version| !digests::due(&version.pact, sent, now).is_empty())
        };
        if !due(&self.versions(), self.digested) {
            return Ok(());
        }
        self.write(|writer, _| {
            let versions = writer.versions();
            let Some(version) = versions.last() else { return Ok(()) };
            // another instance may have put them out; a new store owes nothing of before
            let sent = writer.store.single("digests")?;
            let sent = sent.and_then(|sent| sent.parse().ok()).map_or(now, instant);
            for digest in digests::due(&version.pact, sent, now) {
                writer.asked |= digests::send(&mut *writer.store, &versions, digest, now, &*writer.targets)?;
            }
            writer.store.put_single("digests", &micros(now.max(sent)).to_string())
        })?;
        self.digested = now;
        Ok(())
    }

    /// Does what time does until an instant, in the order in which it is due.
    fn catch_up(&mut self, now: Instant) -> Result<()> {
        loop {
            if self.store.next_due()?.is_none_or(|due| due > now) {
                return Ok(());
            }
            let (fired, changed) = self.write(|writer, roster| {
                let (mut fired, mut changed) = (Vec::new(), Vec::new());
                while fired.len() < BATCH {
                    let before = fired.len();
                    let mut soonest: Option<Instant> = None;
                    for (lead, at) in writer.store.due(now, BATCH - before)? {
                        // what is due to one of them again comes before what is due later to the rest
                        if soonest.is_some_and(|soonest| soonest < at) {
                            break;
                        }
                        let lived = writer.live(&lead, at, roster)?;
                        soonest = soonest.into_iter().chain(lived.due).min();
                        changed.extend(lived.leads);
                        fired.push(at);
                    }
                    if fired.len() == before {
                        break;
                    }
                }
                Ok((fired, changed))
            })?;
            // another instance may have done it in the meantime
            let Some(due) = fired.last() else { continue };
            self.progress.fired.fetch_add(fired.len() as u64, Ordering::Relaxed);
            self.progress.late.store(micros(now) - micros(*due), Ordering::Relaxed);
            (self.changed)(ServiceChange::Leads(changed));
        }
    }
}

/// Leads that were lived together.
#[derive(Debug, Default)]
struct Lived {
    leads: Vec<String>,
    /// When the first of them is due next.
    due: Option<Instant>,
}
