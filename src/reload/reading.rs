//! The files of a pact as they were read for one check: to see whether they are still so, and to give the check up.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::source::Source;
use crate::world::{Disk, World};

/// Files on a disk, with what was read of them.
pub(super) struct Reading {
    disk: Disk,
    seen: Mutex<Seen>,
    given_up: AtomicBool,
}

/// What was read, or why it could not be.
#[derive(Default, PartialEq)]
struct Seen {
    rules: Option<Result<Vec<Source>, String>>,
    imports: BTreeMap<String, Result<Source, String>>,
}

impl Reading {
    pub(super) fn new(path: &Path) -> Self {
        Self { disk: Disk::new(path), seen: Mutex::default(), given_up: AtomicBool::new(false) }
    }

    /// Whether the files are as they were when they were read.
    pub(super) fn is_current(&self, path: &Path) -> bool {
        let now = Self::new(path);
        let seen = self.seen();
        let rules = seen.rules.is_none() || seen.rules == Some(now.disk.rules().map_err(|error| error.to_string()));
        rules && seen.imports.iter().all(|(name, was)| *was == now.disk.import(name).map_err(|e| e.to_string()))
    }

    /// Says that nobody waits for the check any more.
    pub(super) fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was read, with an error as its words.
fn known<T: Clone>(read: &io::Result<T>) -> Result<T, String> {
    match read {
        Ok(read) => Ok(read.clone()),
        Err(error) => Err(error.to_string()),
    }
}

impl World for Reading {
    fn rules(&self) -> io::Result<Vec<Source>> {
        let rules = self.disk.rules();
        self.seen().rules = Some(known(&rules));
        rules
    }

    fn import(&self, name: &str) -> io::Result<Source> {
        let read = self.disk.import(name);
        self.seen().imports.insert(name.to_owned(), known(&read));
        read
    }

    fn given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }
}
