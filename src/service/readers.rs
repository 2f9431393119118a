//! Connections to read with: a few, that all who ask share.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::store::{Fault, Result, Store};

/// How many are open at once. More readers would not be faster, and a database takes so many connections and no more.
const MOST: usize = 32;

/// How long whoever asks waits for one that is free.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections to read with.
pub(super) struct Readers {
    /// Opens the others.
    first: Mutex<Box<dyn Store>>,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Default)]
struct Pool {
    free: Vec<Box<dyn Store>>,
    /// How many are at work.
    taken: usize,
}

/// A connection at work. Its place is free again when this is gone, however the work ends.
struct Place<'r>(&'r Readers);

impl Readers {
    pub(super) fn new(first: Box<dyn Store>) -> Self {
        Self { first: Mutex::new(first), pool: Mutex::default(), returned: Condvar::new() }
    }

    /// Reads with a connection that nobody else uses meanwhile. One that failed is not used again.
    ///
    /// # Errors
    /// When the store does not answer, or all connections are at work for too long.
    pub(super) fn read<T>(&self, work: impl FnOnce(&mut dyn Store) -> Result<T>) -> Result<T> {
        let (_place, free) = self.take()?;
        let mut store = match free {
            Some(store) => store,
            None => {
                let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
                match first.another() {
                    Ok(store) => store,
                    // a file that was removed is still read by who has it open
                    Err(_) => return work(&mut **first),
                }
            }
        };
        let done = work(&mut *store);
        if done.is_ok() {
            self.pool().free.push(store);
        }
        done
    }

    fn take(&self) -> Result<(Place<'_>, Option<Box<dyn Store>>)> {
        let began = Instant::now();
        let mut pool = self.pool();
        while pool.taken >= MOST {
            let left = PATIENCE.saturating_sub(began.elapsed());
            if left.is_zero() {
                return Err(Fault(format!("{MOST} readers are at work, and none was done within {PATIENCE:?}")));
            }
            (pool, _) = self.returned.wait_timeout(pool, left).unwrap_or_else(PoisonError::into_inner);
        }
        pool.taken += 1;
        Ok((Place(self), pool.free.pop()))
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.pool().taken -= 1;
        self.0.returned.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::store::open;

    #[test]
    fn many_who_ask_share_few_connections() {
        let folder = tempfile::tempdir().unwrap();
        let readers = Readers::new(open(folder.path().join("a.db").to_str().unwrap()).unwrap());
        let (now, most, answered) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for asks in 0..3 * MOST {
                let (readers, now, most, answered) = (&readers, &now, &most, &answered);
                scope.spawn(move || {
                    let done = readers.read(|_| {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::thread::sleep(Duration::from_millis(20));
                        now.fetch_sub(1, Ordering::SeqCst);
                        if asks % 5 == 0 { Err(Fault("it fails".to_owned())) } else { Ok(()) }
                    });
                    answered.fetch_add(usize::from(done.is_ok()), Ordering::SeqCst);
                });
            }
        });
        assert!((2..=MOST).contains(&most.load(Ordering::SeqCst)), "{most:?} at once");
        assert_eq!(answered.load(Ordering::SeqCst), (0..3 * MOST).filter(|asks| asks % 5 != 0).count());
        let pool = readers.pool();
        assert!(pool.taken == 0 && (1..=MOST).contains(&pool.free.len()), "{} are free", pool.free.len());
    }
}
