//! Stored leads: their events are made durable, each is replayed by the pact in force, and its wakeups are handled when they
//! are due.
//!
//! Nothing here knows HTTP. One thread, the writer, does all the writing: it stores what is submitted, several requests in
//! one write where they wait together, waits until the next wakeup of any lead is due, and handles it. Whoever asks reads
//! beside it.

mod adopt;
mod advance;
mod announcement;
mod catching_up;
mod checkpoint;
mod clock_watch;
mod digests;
mod dispatcher;
mod due;
mod effects;
mod event_names;
mod figures;
mod find;
mod forget;
mod history;
mod history_entry;
mod job;
mod live_leads;
mod merge_group;
mod new_events;
mod new_rows;
mod pact_versions;
mod projection;
mod read;
mod readers;
mod rebuild;
mod rehydrate;
mod reviews;
mod settled;
mod shared_read;
mod store_health;
mod stored_roster;
mod submit;
mod submitted;
mod writer;

use std::sync::{Arc, Mutex, PoisonError, RwLock, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

pub use dispatcher::Receivers;
pub use figures::{ServiceFigures, StillCounting};
pub use find::WORDS;
pub use history_entry::HistoryEntry;
pub use new_events::{Accepted, NewEvents, OTHER_BODY, RejectedRow};
pub use pact_versions::{PactVersion, PactVersions};
pub use projection::{late, name_is_personal, points};
pub use read::{Export, LeadView, VersionReport};
use readers::Readers;
pub use rebuild::{Rebuilt, rebuild};
pub use rehydrate::Rehydrated;
pub use shared_read::{ListedRows, StageCounts};
pub use store_health::StoreTrouble;
pub use writer::Progress;

use chrono::TimeDelta;

use crate::pact::Pact;
use crate::store::{Delivery, Fault, Recipients, Result, Store, instant, micros};
use crate::time::Instant;
use crate::webhook::{EffectTopic, Sent};
use clock_watch::ClockWatch;
use dispatcher::Dispatcher;
use figures::FigureCounter;
use job::{Done, Job};
use live_leads::LiveLeads;
use shared_read::SharedReads;
use store_health::StoreHealth;
use submitted::Submitted;
use writer::Writer;

/// Who wants to know what happens to leads, and how to reach them.
pub trait Notifier: Send + Sync {
    /// The names of those who want to know of this.
    fn wanting(&self, effect: EffectTopic) -> Vec<&str>;

    /// What they receive.
    fn body(&self, message: Message<'_>) -> String;

    /// Sends it to one of them, and says what came of it.
    fn send(&self, delivery: &Delivery, now: Instant) -> Sent;

    /// All their names.
    fn names(&self) -> Vec<String>;

    /// How long an attempt to send one of them something may take.
    fn patience(&self, _name: &str) -> Duration {
        Duration::from_secs(60)
    }
}

/// Something that somebody wants to know.
#[derive(Debug, Clone)]
pub struct Message<'a> {
    /// Its id, the same however often it is requested.
    pub id: &'a str,
    /// What it is.
    pub effect: EffectTopic,
    /// The pact that requests it.
    pub pact: &'a Pact,
    /// When it was requested.
    pub at: Instant,
    /// The lead's key, or the digest's name.
    pub subject: &'a str,
    /// All the rest.
    pub data: serde_json::Value,
}

/// Something changed that those who look on would like to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceChange {
    /// Leads, by key.
    Leads(Vec<String>),
    /// Another pact is in force.
    Pact,
    /// The files as they are now were refused.
    Refused,
    /// Something is to be sent, or was.
    Outbox,
}

/// What a service is made with.
pub struct ServiceOptions {
    /// What time it is.
    pub clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    /// Who wants to know what happens.
    pub notifier: Arc<dyn Notifier>,
    /// Whom to notify of changes; called from the writer, and not to wait.
    pub changed: Arc<dyn Fn(ServiceChange) + Send + Sync>,
    /// For how long leads are stored without an event; for ever when absent.
    pub retention: Option<TimeDelta>,
}

/// The service. A handle: whoever has one may ask and submit, from any thread.
pub struct Service {
    jobs: mpsc::Sender<Job>,
    /// The writer, and the dispatchers who end when the writer is gone.
    threads: Mutex<Vec<JoinHandle<()>>>,
    versions: Arc<RwLock<PactVersions>>,
    readers: Readers,
    counter: Arc<FigureCounter>,
    /// The thread that keeps figures up ends when this is gone.
    counting: Mutex<Option<mpsc::Sender<()>>>,
    progress: Arc<writer::Progress>,
    health: Arc<StoreHealth>,
    shared: SharedReads,
    clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    changed: Arc<dyn Fn(ServiceChange) + Send + Sync>,
}

impl Service {
    /// Serves the leads of a store, by a pact. What time did while nobody served them is done from then on.
    ///
    /// # Errors
    /// When the store does not answer, or leads are in stages that the pact does not have.
    pub fn start(store: Box<dyn Store>, pact: &Arc<Pact>, options: ServiceOptions) -> Result<Self> {
        let (jobs, queue) = mpsc::channel();
        let versions = Arc::new(RwLock::new(PactVersions::new(store.another()?)));
        let (progress, health) = (Arc::new(writer::Progress::default()), Arc::new(StoreHealth::default()));
        let first = store.another()?;
        let ServiceOptions { clock, notifier, changed, retention } = options;
        // instants are stored to the microsecond
        let clock: Arc<dyn Fn() -> Instant + Send + Sync> = Arc::new(move || instant(micros(clock())));
        let submitted = changed.clone();
        let dispatcher = |to: Recipients, patience: Duration| -> Result<Dispatcher> {
            let (clock, notifier, changed) = (clock.clone(), notifier.clone(), changed.clone());
            Ok(Dispatcher {
                to,
                patience,
                store: store.another()?,
                clock,
                notifier,
                changed,
                progress: progress.clone(),
            })
        };
        let names = notifier.names();
        let mut dispatchers: Vec<Dispatcher> = Vec::with_capacity(names.len() + 1);
        for name in &names {
            dispatchers.push(dispatcher(Recipients::One(name.clone()), notifier.patience(name))?);
        }
        dispatchers.push(dispatcher(Recipients::NoneOf(names), MOMENT)?);
        let counter = Arc::new(FigureCounter::new(store.another()?, versions.clone(), clock.clone()));
        let (wakes, woken): (Vec<_>, Vec<_>) = dispatchers.iter().map(|_| mpsc::channel()).unzip();
        let mut writer = Writer {
            store: store.another()?,
            versions: versions.clone(),
            clock: clock.clone(),
            notifier,
            changed: Arc::new(move |change| {
                if change == ServiceChange::Outbox {
                    // a dispatcher that has gone needs no waking
                    for wake in &wakes {
                        let _ = wake.send(());
                    }
                }
                submitted(change);
            }),
            progress: progress.clone(),
            requested: false,
            forgot: Instant::MIN_UTC,
            retention,
            digested: Instant::UNIX_EPOCH,
            counter: counter.clone(),
            reviewed: Instant::UNIX_EPOCH,
            placed: Instant::MIN_UTC,
            health: health.clone(),
            tried: Instant::MIN_UTC,
            clock_watch: ClockWatch::new(clock()),
            catching_up: None,
            live: LiveLeads::default(),
            submitted: Submitted::default(),
        };
        writer.adopt(pact)?;
        let mut threads = vec![thread("writer", move || writer.run(&queue))?];
        for (dispatcher, woken) in dispatchers.into_iter().zip(woken) {
            threads.push(thread("dispatcher", move || dispatcher.run(&woken))?);
        }
        let (counting, started) = mpsc::channel();
        let keeper = counter.clone();
        threads.push(thread("figures", move || keeper.run(&started))?);
        Ok(Self {
            counter,
            counting: Mutex::new(Some(counting)),
            jobs,
            threads: Mutex::new(threads),
            versions,
            readers: Readers::new(first),
            progress,
            health,
            shared: SharedReads::default(),
            clock,
            changed,
        })
    }

    /// Submits events, and calls back when they are durable or have failed.
    pub fn submit(&self, events: NewEvents, done: impl FnOnce(Result<Accepted>) + Send + 'static) {
        self.send(Job::Submit(events, Box::new(done)));
    }

    /// Takes another pact into force.
    ///
    /// # Errors
    /// When the store does not answer, or leads would be stranded: they are in stages that the pact does not have.
    pub fn adopt(&self, pact: &Arc<Pact>) -> Result<()> {
        let pact = pact.clone();
        self.wait(|done| Job::Adopt(pact, done))
    }

    /// Forgets a lead: the events of it, and all that was worked out. False when nothing is known of it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn erase(&self, lead: &str) -> Result<bool> {
        let lead = self.key(lead);
        self.wait(|done| Job::Erase(lead, done))
    }

    /// Sends a dead delivery again; false when there is none of that id.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn resend(&self, id: &str) -> Result<bool> {
        let id = id.to_owned();
        self.wait(|done| Job::Resend(id, done))
    }

    /// Stops, when what was submitted is durable.
    pub fn stop(&self) {
        self.send(Job::Stop);
        drop(self.counting.lock().unwrap_or_else(PoisonError::into_inner).take());
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // one that panicked has said so
            let _ = thread.join();
        }
    }

    /// Notifies those who look on.
    pub fn announce(&self, change: ServiceChange) {
        (self.changed)(change);
    }

    /// Why nothing is stored, and since when; none while what is submitted is stored.
    pub fn store_trouble(&self) -> Option<StoreTrouble> {
        self.health.trouble()
    }

    /// What time it is for the service.
    pub fn now(&self) -> Instant {
        (self.clock)()
    }

    /// The pact in force for stored leads.
    pub fn pact(&self) -> Option<Arc<Pact>> {
        self.versions().last().map(|version| version.pact.clone())
    }

    /// How a lead's key is stored: keys match whatever their case.
    fn key(&self, lead: &str) -> String {
        match self.pact() {
            Some(pact) => pact.folding.fold(lead.trim()).into_owned(),
            None => lead.to_owned(),
        }
    }

    fn versions(&self) -> PactVersions {
        self.versions.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn send(&self, job: Job) {
        if let Err(mpsc::SendError(job)) = self.jobs.send(job) {
            job.refuse(&Fault("the service is stopping".to_owned()));
        }
    }

    fn wait<T: Send + 'static>(&self, job: impl FnOnce(Done<T>) -> Job) -> Result<T> {
        let (done, answer) = mpsc::sync_channel(1);
        self.send(job(Box::new(move |result| {
            // whoever asked may have gone
            let _ = done.send(result);
        })));
        answer.recv().unwrap_or_else(|_| Err(Fault("the service is stopping".to_owned())))
    }

    /// Reads with a connection that nobody else uses meanwhile. What is read does not ask for another one.
    ///
    /// # Errors
    /// When the store does not answer, or all connections are at work for too long.
    pub fn read<T>(&self, work: impl FnOnce(&mut dyn Store) -> Result<T>) -> Result<T> {
        self.readers.read(work)
    }
}

/// How long settling what is to nobody may take.
const MOMENT: Duration = Duration::from_secs(1);

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map_err(|error| Fault(error.to_string()))
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}
