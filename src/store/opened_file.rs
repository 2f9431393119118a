//! The file of a store as it was when it was opened. What is written to a file that was removed since, or that another one
//! took the place of, is gone when the program ends; so is what a full disk does not take.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Fault, Result};

/// How many bytes must be free where the file is: the log of what is written grows by a few million before it goes
/// into the file.
const ROOM: u64 = 16 << 20;

/// What stays the same of a file while it is the same one.
#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(not(unix))]
type Identity = ();

/// The file of a store, and the log beside it into which is written first.
#[derive(Debug, Clone)]
pub(super) struct OpenedFile(Arc<[(PathBuf, Identity)]>);

impl OpenedFile {
    /// The file as it is now, once it has been written to.
    pub(super) fn of(place: &str) -> Result<Self> {
        let fault = |error: std::io::Error| Fault(format!("{place}: {error}"));
        // the log is beside the file itself, and not beside a link to it
        let mut log = std::fs::canonicalize(place).map_err(fault)?.into_os_string();
        log.push("-wal");
        let known = |path: PathBuf| identity(&path).map(|identity| (path, identity)).map_err(fault);
        Ok(Self(Arc::new([known(place.into())?, known(log.into())?])))
    }

    /// Whether the file is still the one that was opened.
    pub(super) fn stands(&self) -> Result<()> {
        let other = self.0.iter().find(|(path, known)| identity(path).ok().as_ref() != Some(known));
        other.map_or(Ok(()), |(path, _)| {
            Err(Fault(format!(
                "{} was removed or replaced while it was in use: what is written would be gone; put it back where it was, \
                 or put a backup there and start the service anew",
                path.display()
            )))
        })
    }

    /// Whether what is written next has room.
    pub(super) fn has_room(&self) -> Result<()> {
        match (self.free_bytes(), self.0.first()) {
            (Some(free), Some((path, _))) if free < ROOM => Err(Fault(format!(
                "the disk of {} is full: {free} bytes are free, and {ROOM} are needed; make room",
                path.display()
            ))),
            _ => Ok(()),
        }
    }

    /// How many bytes are free where it is; none where the system does not say.
    pub(super) fn free_bytes(&self) -> Option<u64> {
        self.0.first().and_then(|(path, _)| free_bytes(path))
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> std::io::Result<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).map(|about| (about.dev(), about.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> std::io::Result<Identity> {
    std::fs::metadata(path).map(drop)
}

#[cfg(unix)]
fn free_bytes(path: &Path) -> Option<u64> {
    let about = rustix::fs::statvfs(path).ok()?;
    Some(about.f_bavail.saturating_mul(about.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}
