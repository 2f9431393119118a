//! A check of a set of files that is waited for only so long.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant as Moment, SystemTime};

use super::reading::Reading;
use super::take;
use super::{Refusal, ReloadOptions};
use crate::pact::Pact;
use crate::source::SourceMap;

/// How many checks may still run that nobody waits for.
const MOST_LEFT: usize = 2;

/// After how many times what a check may take the same files are checked again.
const REST: u32 = 30;

/// What a check came to.
pub(super) enum Checked {
    /// The files are those that are in force, or those that were refused.
    Known,
    Good(Box<Pact>),
    Refused(Box<Refusal>),
}

/// The checks that nobody waits for any more.
#[derive(Default)]
pub(super) struct Checks {
    /// They end when they see that they were given up.
    left: Vec<JoinHandle<()>>,
    /// The files that were refused since their check took too long, and since when.
    overdue: Option<(Arc<Reading>, Moment)>,
}

impl Checks {
    /// Checks the files as they are now, unless they are known: in force, or refused with these texts.
    pub(super) fn check(
        &mut self,
        path: &Path,
        options: &ReloadOptions,
        in_force: &Arc<Pact>,
        refused: Option<SourceMap>,
    ) -> Checked {
        // the machine may have been busy with something else: they get another try, though not at once
        let resting = |since: &Moment| since.elapsed() < options.within * REST;
        if self.overdue.as_ref().is_some_and(|(reading, since)| resting(since) && reading.is_current(path)) {
            return Checked::Known;
        }
        self.left.retain(|check| !check.is_finished());
        if self.left.len() >= MOST_LEFT {
            return Checked::Known;
        }
        let reading = Arc::new(Reading::new(path));
        let (answer, answers) = sync_channel(1);
        let (own, path, asked, in_force) = (reading.clone(), path.to_owned(), options.clone(), in_force.clone());
        let check = std::thread::Builder::new().name("check".to_owned()).spawn(move || {
            // whoever no longer waits takes no answer
            let _ = answer.send(checked(&own, &path, &asked, &in_force, refused.as_ref()));
        });
        let check = match check {
            Ok(check) => check,
            Err(error) => return Checked::Refused(unchecked(format!("the files cannot be checked: {error}\n"))),
        };
        self.overdue = None;
        match answers.recv_timeout(options.within) {
            Ok(checked) => checked,
            Err(RecvTimeoutError::Disconnected) => {
                Checked::Refused(unchecked("the check of the files broke off\n".to_owned()))
            }
            Err(RecvTimeoutError::Timeout) => {
                reading.give_up();
                self.left.push(check);
                self.overdue = Some((reading, Moment::now()));
                Checked::Refused(unchecked(too_long(options.within)))
            }
        }
    }
}

fn checked(
    reading: &Reading,
    path: &Path,
    options: &ReloadOptions,
    in_force: &Pact,
    refused: Option<&SourceMap>,
) -> Checked {
    let loaded = take::whole(path, options.environment.as_deref(), reading);
    let known = match refused {
        Some(refused) => take::same(refused, &loaded.sources),
        None => take::same(&in_force.sources, &loaded.sources) && loaded.pact.is_some(),
    };
    if known {
        return Checked::Known;
    }
    match take::gated(reading, loaded, options.gate) {
        Ok(pact) => Checked::Good(pact),
        Err(refusal) => Checked::Refused(refusal),
    }
}

fn too_long(within: Duration) -> String {
    format!(
        "the files were not checked within {within:?}, and the last good ones hold: see with `leadpact check` how long \
         they take\n"
    )
}

/// A refusal of files of which nothing is known but that they were not checked.
fn unchecked(rendered: String) -> Box<Refusal> {
    let (findings, failed_tests) = (Vec::new(), Vec::new());
    Box::new(Refusal { at: SystemTime::now(), sources: SourceMap::default(), findings, failed_tests, rendered })
}
