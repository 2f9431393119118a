//! Notice of changes. Every message of the file system is a hint and nothing more: files are read again whole, and
//! only what they hold counts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Instant as Moment;

use notify::event::{AccessKind, AccessMode};
use notify::{Config, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use super::{InForce, ReloadOutcome};

/// Watches the files of a pact in force. Dropping it ends the watch.
pub struct FileWatch {
    stop: Sender<Hint>,
    thread: Option<JoinHandle<()>>,
}

enum Hint {
    Changed,
    Stop,
}

/// How long a stream of changes may go on before the files are looked at all the same.
const MOST_QUIET: u32 = 20;

impl FileWatch {
    /// Watches from now on. `on_change` is called after each reload that changed something, from the watching thread.
    pub fn new(in_force: Arc<InForce>, on_change: impl Fn(&InForce, ReloadOutcome) + Send + 'static) -> Self {
        let (stop, hints) = channel();
        let hint = stop.clone();
        let thread = std::thread::spawn(move || watch(&in_force, hint, &hints, &on_change));
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for FileWatch {
    fn drop(&mut self) {
        // a thread that has ended already needs no message
        let _ = self.stop.send(Hint::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn watch(in_force: &InForce, hint: Sender<Hint>, hints: &Receiver<Hint>, on_change: &dyn Fn(&InForce, ReloadOutcome)) {
    let options = in_force.options().clone();
    let mut watched = FolderWatcher::new(in_force.path(), options.poll, options.quiet, hint);
    let look = || match in_force.reload() {
        ReloadOutcome::Unchanged => {}
        outcome => on_change(in_force, outcome),
    };
    // a change before anybody listened sent no hint
    look();
    loop {
        let changed = match hints.recv_timeout(options.rescan) {
            Ok(Hint::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            Ok(Hint::Changed) => true,
            Err(RecvTimeoutError::Timeout) => false,
        };
        // one save is many hints, and a checkout many saves: wait until it is quiet
        let began = Moment::now();
        while changed && began.elapsed() < options.quiet * MOST_QUIET {
            match hints.recv_timeout(options.quiet) {
                Ok(Hint::Changed) => {}
                Ok(Hint::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => break,
            }
        }
        // folders may have come and gone: watches that ended are set up anew
        watched.listen();
        look();
    }
}

/// The folders that are listened to.
struct FolderWatcher {
    path: PathBuf,
    watcher: Option<Box<dyn Watcher>>,
    folders: BTreeSet<PathBuf>,
}

impl FolderWatcher {
    fn new(path: &Path, poll: bool, interval: std::time::Duration, hint: Sender<Hint>) -> Self {
        let on_event = move |event: notify::Result<notify::Event>| {
            // who only reads changes nothing, and this one reads after every hint
            let read = event.is_ok_and(|event| {
                matches!(event.kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
            });
            if !read {
                // whoever no longer listens has stopped
                let _ = hint.send(Hint::Changed);
            }
        };
        let config = Config::default().with_poll_interval(interval).with_compare_contents(true);
        let watcher: Option<Box<dyn Watcher>> = match poll {
            true => PollWatcher::new(on_event, config).ok().map(|watcher| Box::new(watcher) as Box<dyn Watcher>),
            false => {
                RecommendedWatcher::new(on_event, config).ok().map(|watcher| Box::new(watcher) as Box<dyn Watcher>)
            }
        };
        let mut watched = Self { path: path.to_owned(), watcher, folders: BTreeSet::new() };
        watched.listen();
        watched
    }

    /// Listens to the pact's folder, the folder that it lies in, and where links lead: each anew, since a folder that
    /// was made again under its old name is another one. Without a watcher, the rescan finds what changes.
    fn listen(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        for folder in std::mem::take(&mut self.folders) {
            // it may be gone
            let _ = watcher.unwatch(&folder);
        }
        let wanted = folders(&self.path).into_iter();
        self.folders = wanted.filter(|folder| watcher.watch(folder, RecursiveMode::NonRecursive).is_ok()).collect();
    }
}

/// How many folders are listened to; what changes in others is found by the rescan.
const MOST_FOLDERS: usize = 10_000;

/// Folders whose entries may change the pact.
fn folders(path: &Path) -> BTreeSet<PathBuf> {
    let mut folders = BTreeSet::new();
    let mut add = |folder: &Path| {
        for folder in [Some(folder), folder.parent()].into_iter().flatten() {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            if folder.is_dir() {
                folders.insert(folder.to_owned());
            }
        }
    };
    // a path that is gone may have been a folder: its parent sends the event when it is back
    let root = if path.is_file() { path.parent().unwrap_or(path) } else { path };
    add(root);
    let mut open = vec![(root.to_owned(), 0)];
    // folders may lead to themselves
    let mut seen = BTreeSet::new();
    while let Some((folder, depth)) = open.pop() {
        if !folder.canonicalize().is_ok_and(|real| seen.insert(real)) || seen.len() > MOST_FOLDERS {
            continue;
        }
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if path.is_dir() && !hidden && depth < 16 {
                add(&path);
                open.push((path.clone(), depth + 1));
            }
            if let (true, Ok(target)) = (path.is_symlink(), path.canonicalize()) {
                add(if target.is_dir() { &target } else { target.parent().unwrap_or(&target) });
            }
        }
    }
    folders
}
