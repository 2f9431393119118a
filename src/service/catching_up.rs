//! What time did while nobody served the leads is done when somebody does again.

use chrono::TimeDelta;

use super::Service;
use crate::store::Result;
use crate::time::Instant;

/// How late what time does may be while lists say how leads stand. It is late after a stop, or when there is too much of it.
pub(super) const LATE: TimeDelta = TimeDelta::hours(1);

/// How often the log tells of it.
const TOLD: TimeDelta = TimeDelta::seconds(10);

/// How far it is with what was due long ago.
#[derive(Debug)]
pub(super) struct CatchingUp {
    began: Instant,
    told: Instant,
    /// How often time did something to a lead.
    pub(super) fired: u64,
}

impl CatchingUp {
    /// Begins with what was due at an instant.
    pub(super) fn begin(since: Instant, now: Instant, leads: i64) -> Self {
        tracing::info!(%since, leads, "catching up with what time did");
        Self { began: now, told: now, fired: 0 }
    }

    /// Whether the log has told nothing of it for a while.
    pub(super) fn is_to_be_told(&self, now: Instant) -> bool {
        now.signed_duration_since(self.told) >= TOLD
    }

    /// Tells how far it is.
    pub(super) fn tell(&mut self, due: Instant, now: Instant, left: i64) {
        tracing::info!(fired = self.fired, leads_left = left, up_to = %due, "catching up with what time did");
        self.told = now;
    }

    /// All is done.
    pub(super) fn end(self, now: Instant) {
        let seconds = now.signed_duration_since(self.began).num_seconds();
        tracing::info!(fired = self.fired, seconds, "caught up with what time did");
    }
}

impl Service {
    /// Whether what time did long ago to a lead is done: whose turn it was in a team is only known then.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn lead_is_up_to_date(&self, lead: &str) -> Result<bool> {
        let key = self.key(lead);
        let due = self.read(|store| store.due_of(&key))?;
        Ok(due.is_none_or(|due| self.now().signed_duration_since(due) < LATE))
    }

    /// Whether lists say how leads stand: what time did long ago is done.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn is_up_to_date(&self) -> Result<bool> {
        let due = self.read(|store| store.next_due())?;
        Ok(due.is_none_or(|due| self.now().signed_duration_since(due) < LATE))
    }
}
