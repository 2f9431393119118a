//! Whether what is submitted now would be stored.

use std::sync::{Mutex, PoisonError};

use crate::store::Fault;
use crate::time::Instant;

/// Why nothing is stored, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreTrouble {
    /// Since when.
    pub since: Instant,
    /// What the store says.
    pub why: String,
}

/// What the last write came to. A change is told in the log, and what goes on is not told again.
#[derive(Debug, Default)]
pub(super) struct StoreHealth(Mutex<Option<StoreTrouble>>);

impl StoreHealth {
    /// Why nothing is stored; none while what is submitted is.
    pub(super) fn trouble(&self) -> Option<StoreTrouble> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Something was stored.
    pub(super) fn stored(&self) {
        if let Some(StoreTrouble { since, .. }) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            tracing::info!(%since, "the store takes what is sent again");
        }
    }

    /// Something could not be stored.
    pub(super) fn failed(&self, fault: &Fault, now: Instant) {
        let mut trouble = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let why = fault.to_string();
        if trouble.as_ref().is_none_or(|trouble| trouble.why != why) {
            tracing::error!(%fault, "the store takes nothing: what is sent is answered with 503 until it does");
        }
        let since = trouble.as_ref().map_or(now, |trouble| trouble.since);
        *trouble = Some(StoreTrouble { since, why });
    }
}
