//! What the writer is given to do.

use std::sync::Arc;

use super::new_events::{Accepted, NewEvents};
use crate::pact::Pact;
use crate::store::{Fault, Result};

/// What is called when a job is done.
pub(super) type Done<T> = Box<dyn FnOnce(Result<T>) + Send>;

/// Something for the writer to do.
pub(super) enum Job {
    Submit(NewEvents, Done<Accepted>),
    Adopt(Arc<Pact>, Done<()>),
    Erase(String, Done<bool>),
    Resend(String, Done<bool>),
    Stop,
}

impl Job {
    /// Answers that it is not done.
    pub(super) fn refuse(self, why: &Fault) {
        match self {
            Self::Submit(_, done) => done(Err(why.clone())),
            Self::Adopt(_, done) => done(Err(why.clone())),
            Self::Erase(_, done) | Self::Resend(_, done) => done(Err(why.clone())),
            Self::Stop => {}
        }
    }
}
