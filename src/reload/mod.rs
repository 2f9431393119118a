//! A pact that stays in force while its files change.
//!
//! The last good pact holds until the files make another good one. A set of files is taken whole or not at all: what
//! does not check, or whose tests fail where the gate asks for them, is refused, and the reason is recorded. Whoever
//! decides takes the pact once and decides under it to the end; nobody waits for a reload.
//!
//! ```
//! use leadpact::internals::reload::{InForce, ReloadOptions};
//! let folder = tempfile::tempdir()?;
//! let rules = folder.path().join("a.pact");
//! std::fs::write(&rules, "pact p { parties sales } lead { id text key }")?;
//! let in_force = InForce::open(folder.path(), ReloadOptions::default()).expect("it checks clean");
//! let before = in_force.pact();
//! std::fs::write(&rules, "pact p { parties sales } lead { id text ke }")?;
//! in_force.reload();
//! assert!(in_force.status().refused.is_some());
//! assert_eq!(in_force.pact().digest, before.digest);
//! # Ok::<(), std::io::Error>(())
//! ```

mod check;
mod reading;
mod take;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use check::{Checked, Checks};
use reading::Reading;
pub use watch::FileWatch;

use crate::diagnostic::Diagnostic;
use crate::load::Refused;
use crate::pact::Pact;
use crate::source::SourceMap;

/// What must hold before a set of files is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gate {
    /// It checks without errors.
    #[default]
    Check,
    /// Its own tests pass too.
    Tests,
}

/// How a pact is kept in force.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReloadOptions {
    /// The environment whose params hold.
    pub environment: Option<Arc<str>>,
    /// What must hold before a set of files is taken.
    pub gate: Gate,
    /// Poll the files instead of waiting for notifications: for file systems that send none, such as NFS.
    pub poll: bool,
    /// How long files must have been quiet before they are looked at.
    pub quiet: Duration,
    /// How often files are looked at without a notification; a change that sent none is found then.
    pub rescan: Duration,
    /// How long a set of files may take to check; one that takes longer is refused.
    pub within: Duration,
}

impl Default for ReloadOptions {
    fn default() -> Self {
        Self {
            environment: None,
            gate: Gate::Check,
            poll: false,
            quiet: Duration::from_millis(100),
            rescan: Duration::from_secs(30),
            within: Duration::from_secs(20),
        }
    }
}

/// A pact in force, with the files that it comes from.
pub struct InForce {
    path: PathBuf,
    options: ReloadOptions,
    pact: RwLock<Arc<Pact>>,
    status: Mutex<ReloadStatus>,
    /// Reloads go one after the other; a check that took too long may still run beside them.
    checks: Mutex<Checks>,
    /// Who else must agree.
    consent: OnceLock<Consent>,
}

/// Says why a pact cannot be taken into force.
type Consent = Box<dyn Fn(&Arc<Pact>) -> Result<(), String> + Send + Sync>;

/// What is in force, since when, and what was refused since.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ReloadStatus {
    /// The digest of the pact in force.
    pub digest: Arc<str>,
    /// Its version.
    pub version: Option<Arc<str>>,
    /// When it was taken.
    pub since: SystemTime,
    /// How many sets were taken, the first one among them.
    pub taken: u64,
    /// How many sets were refused.
    pub refusals: u64,
    /// Why the files as they are now were refused; none when they are in force.
    pub refused: Option<Refusal>,
}

/// Why a set of files was refused.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Refusal {
    /// When.
    pub at: SystemTime,
    #[doc(hidden)]
    pub sources: SourceMap,
    /// Every finding; none where the tests failed, the check took too long, or somebody else did not agree.
    pub findings: Vec<Diagnostic>,
    /// The tests that failed, each with its first failure.
    pub failed_tests: Vec<(Arc<str>, String)>,
    /// The whole of it for people, each error under its line.
    pub rendered: String,
}

impl Refusal {
    /// A pact that checks, and is refused all the same.
    fn of(pact: &Pact, why: String) -> Box<Self> {
        let sources = (*pact.sources).clone();
        let (findings, failed_tests) = (Vec::new(), Vec::new());
        Box::new(Self { at: SystemTime::now(), sources, findings, failed_tests, rendered: why })
    }
}

/// What a reload came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReloadOutcome {
    /// The files are those that are in force, or those that were refused before.
    Unchanged,
    /// They are in force now.
    Taken,
    /// They are refused, and the last good ones hold.
    Refused,
}

impl InForce {
    /// Takes a pact into force for the first time.
    ///
    /// # Errors
    /// When the pact does not check; its tests do not run yet, so that a service starts.
    pub fn open(path: impl Into<PathBuf>, options: ReloadOptions) -> Result<Self, Box<Refused>> {
        let path = path.into();
        let loaded = take::whole(&path, options.environment.as_deref(), &Reading::new(&path));
        let Some(pact) = loaded.pact else {
            return Err(Box::new(Refused { sources: loaded.sources, diagnostics: loaded.diagnostics }));
        };
        let pact = Arc::new(pact);
        let status = ReloadStatus {
            digest: pact.digest.clone(),
            version: pact.version.clone(),
            since: SystemTime::now(),
            taken: 1,
            refusals: 0,
            refused: None,
        };
        Ok(Self {
            path,
            options,
            pact: RwLock::new(pact),
            status: Mutex::new(status),
            checks: Mutex::default(),
            consent: OnceLock::new(),
        })
    }

    /// The pact in force. Decide under one to the end: the next call may give another.
    pub fn pact(&self) -> Arc<Pact> {
        self.pact.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is in force, and what was refused since.
    pub fn status(&self) -> ReloadStatus {
        self.lock().clone()
    }

    /// Where the rules are.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How the pact is kept in force.
    pub fn options(&self) -> &ReloadOptions {
        &self.options
    }

    /// From now on a pact is taken only when `consent` agrees, too; its error is why the pact is refused. Only the
    /// first one that is given counts.
    pub fn agree(&self, consent: impl Fn(&Arc<Pact>) -> Result<(), String> + Send + Sync + 'static) {
        // a second one is the caller's mistake, and changes nothing
        let _ = self.consent.set(Box::new(consent));
    }

    /// Looks at the files now. What is good is in force when this returns; what cannot be checked within the time of
    /// the options is refused.
    pub fn reload(&self) -> ReloadOutcome {
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.status().refused.map(|refusal| refusal.sources);
        let checked = match checks.check(&self.path, &self.options, &self.pact(), known) {
            Checked::Known => return ReloadOutcome::Unchanged,
            Checked::Good(pact) => Ok(pact),
            Checked::Refused(refusal) => Err(refusal),
        };
        let gated = checked.and_then(|pact| {
            let pact = Arc::new(*pact);
            let agreed = self.consent.get().map_or(Ok(()), |consent| consent(&pact));
            agreed.map(|()| pact.clone()).map_err(|why| Refusal::of(&pact, why))
        });
        match gated {
            Ok(pact) => {
                self.take(pact);
                ReloadOutcome::Taken
            }
            Err(refusal) => {
                let mut status = self.lock();
                status.refusals += 1;
                status.refused = Some(*refusal);
                ReloadOutcome::Refused
            }
        }
    }

    fn take(&self, pact: Arc<Pact>) {
        let mut status = self.lock();
        // files that are good again and say the same are no new pact, though their lines may stand elsewhere
        if status.digest != pact.digest {
            status.since = SystemTime::now();
            status.taken += 1;
        }
        status.digest = pact.digest.clone();
        status.version = pact.version.clone();
        status.refused = None;
        *self.pact.write().unwrap_or_else(PoisonError::into_inner) = pact;
    }

    fn lock(&self) -> MutexGuard<'_, ReloadStatus> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
