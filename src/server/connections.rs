//! How many connections there may be, and which end when another needs their place.
//!
//! A connection that is silent, as no request of it is under way, can end at any time: a client comes again. So where
//! all places are taken those that have been silent longest end, and whoever asks something is never shut out by those
//! who say nothing.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Moment};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// How much of all places is made free at once.
const SHARE: usize = 64;

/// How long until it is looked again which connections are silent, when none was.
const RETRY: Duration = Duration::from_millis(100);

/// How often the log says the same.
const SAID: Duration = Duration::from_secs(10);

/// The connections of a listener.
#[derive(Debug)]
pub(crate) struct Connections {
    most: usize,
    places: Arc<Semaphore>,
    silent: Mutex<Silent>,
    open: AtomicUsize,
    /// Connections that ended to make room.
    ended: AtomicU64,
    /// Connections that had to wait as nobody's place could be taken.
    waited: AtomicU64,
    /// Connections that the system did not hand over.
    failed: AtomicU64,
    /// When the log last said that there is no room.
    said: Mutex<Option<Moment>>,
}

/// Connections that are silent, in the order in which they fell silent.
#[derive(Debug, Default)]
struct Silent {
    next: u64,
    by_order: BTreeMap<u64, Arc<Turn>>,
}

/// What a connection and the list of those that are silent know of one another.
#[derive(Debug, Default)]
struct Turn {
    speaking: AtomicBool,
    /// A request may outlive its connection, where whoever asked has gone.
    gone: AtomicBool,
    /// Its number in the list, while it is there. Changed while the list is locked.
    number: Mutex<Option<u64>>,
    end: Notify,
}

/// How many connections there are, and what became of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ConnectionCounts {
    pub(crate) open: usize,
    pub(crate) most: usize,
    pub(crate) ended: u64,
    pub(crate) waited: u64,
    pub(crate) failed: u64,
}

impl Connections {
    /// Room for so many.
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            places: Arc::new(Semaphore::new(most)),
            silent: Mutex::default(),
            open: AtomicUsize::new(0),
            ended: AtomicU64::new(0),
            waited: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            said: Mutex::default(),
        })
    }

    pub(crate) fn counts(&self) -> ConnectionCounts {
        ConnectionCounts {
            open: self.open.load(Ordering::Relaxed),
            most: self.most,
            ended: self.ended.load(Ordering::Relaxed),
            waited: self.waited.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
        }
    }

    /// A place for a connection that has come, made free where there is none.
    pub(super) async fn place(self: &Arc<Self>) -> Connection {
        let mut waited = false;
        loop {
            if let Ok(place) = self.places.clone().try_acquire_owned() {
                return Connection::new(self.clone(), place);
            }
            if self.make_room() == 0 && !std::mem::replace(&mut waited, true) {
                self.waited.fetch_add(1, Ordering::Relaxed);
            }
            // a place that comes free meanwhile is seen at once; the permit itself is taken above
            let _ = tokio::time::timeout(RETRY, self.places.acquire()).await;
        }
    }

    /// The system does not hand a connection over, as when descriptors are used up: makes room, and waits a little.
    pub(super) async fn not_taken(&self, error: &io::Error) {
        self.failed.fetch_add(1, Ordering::Relaxed);
        if self.says() {
            tracing::error!(%error, open = self.counts().open, "no connection can be taken");
        }
        self.make_room();
        tokio::time::sleep(RETRY).await;
    }

    /// Waits until all have ended.
    pub(super) async fn all_ended(&self) {
        let all = u32::try_from(self.most).unwrap_or(u32::MAX);
        // the places are never closed
        let _ = self.places.acquire_many(all).await;
    }

    /// Ends those that have been silent longest; gives how many that are.
    fn make_room(&self) -> usize {
        let mut silent = lock(&self.silent);
        let mut ended = 0;
        while ended <= self.most / SHARE {
            let Some((_, turn)) = silent.by_order.pop_first() else { break };
            *lock(&turn.number) = None;
            turn.end.notify_one();
            ended += 1;
        }
        drop(silent);
        self.ended.fetch_add(ended as u64, Ordering::Relaxed);
        if self.says() {
            let ConnectionCounts { open, most, .. } = self.counts();
            tracing::warn!(open, most, ended, "no room for another connection: those that were silent longest end");
        }
        ended
    }

    /// Whether the log says now that there is no room.
    fn says(&self) -> bool {
        let mut said = lock(&self.said);
        let says = said.is_none_or(|said| said.elapsed() >= SAID);
        if says {
            *said = Some(Moment::now());
        }
        says
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A connection that has its place, until it is dropped.
#[derive(Debug)]
pub(super) struct Connection {
    connections: Arc<Connections>,
    turn: Arc<Turn>,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    fn new(connections: Arc<Connections>, place: OwnedSemaphorePermit) -> Self {
        connections.open.fetch_add(1, Ordering::Relaxed);
        let turn = Arc::new(Turn::default());
        connections.silent_now(&turn);
        Self { connections, turn, _place: place }
    }

    /// A request of it is under way until what this gives is dropped.
    pub(super) fn speaks(&self) -> Speaking {
        self.turn.speaking.store(true, Ordering::Relaxed);
        self.connections.no_longer_silent(&self.turn);
        Speaking { connections: self.connections.clone(), turn: self.turn.clone() }
    }

    /// Whether a request of it is under way.
    pub(super) fn is_speaking(&self) -> bool {
        self.turn.speaking.load(Ordering::Relaxed)
    }

    /// Waits until another needs its place.
    pub(super) async fn to_end(&self) {
        self.turn.end.notified().await;
    }
}

impl Connections {
    fn silent_now(&self, turn: &Arc<Turn>) {
        let mut silent = lock(&self.silent);
        if turn.gone.load(Ordering::Relaxed) {
            return;
        }
        let number = silent.next;
        silent.next += 1;
        *lock(&turn.number) = Some(number);
        silent.by_order.insert(number, turn.clone());
    }

    fn no_longer_silent(&self, turn: &Turn) {
        let mut silent = lock(&self.silent);
        if let Some(number) = lock(&turn.number).take() {
            silent.by_order.remove(&number);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.turn.gone.store(true, Ordering::Relaxed);
        self.connections.no_longer_silent(&self.turn);
        self.connections.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A request under way.
#[derive(Debug)]
pub(super) struct Speaking {
    connections: Arc<Connections>,
    turn: Arc<Turn>,
}

impl Drop for Speaking {
    fn drop(&mut self) {
        self.turn.speaking.store(false, Ordering::Relaxed);
        self.connections.silent_now(&self.turn);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_was_silent_longest_makes_room_and_whoever_speaks_stays() {
        let connections = Connections::new(3);
        let first = connections.place().await;
        let second = connections.place().await;
        let third = connections.place().await;
        let speaking = first.speaks();
        let waiting = tokio::spawn({
            let connections = connections.clone();
            async move { connections.place().await }
        });
        second.to_end().await;
        drop(second);
        let fourth = waiting.await.unwrap();
        // it fell silent after the third came
        drop(speaking);
        assert_eq!(connections.make_room(), 1);
        third.to_end().await;
        assert_eq!((connections.make_room(), connections.make_room()), (1, 1));
        assert_eq!(connections.make_room(), 0, "nobody is silent that has not been told to end");
        let counts = connections.counts();
        assert_eq!((counts.open, counts.most, counts.ended, counts.failed), (3, 3, 4, 0));
        drop((first, third, fourth));
        assert_eq!(connections.counts().open, 0);
    }

    #[tokio::test]
    async fn what_has_ended_is_not_told_to_end() {
        let connections = Connections::new(1);
        let speaking = connections.place().await.speaks();
        // the request outlives the connection: whoever asked has gone
        drop(speaking);
        assert_eq!(connections.counts().open, 0);
        assert_eq!(connections.make_room(), 0);
    }
}
