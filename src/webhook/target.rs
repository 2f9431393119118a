//! Who receives.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ureq::http::Uri;

use super::{EffectTopic, Secret};

/// A receiver of messages, as the operator's file says. Only [`load`](super::load) makes one: no url comes from
/// anywhere else.
#[derive(Clone)]
pub struct Target {
    /// Its name, one of its kind.
    pub name: Arc<str>,
    /// Where it is. The path and query may hold a key, so only the host is shown.
    pub(super) url: Uri,
    /// What signs, the newest first.
    pub(super) secrets: Vec<Secret>,
    /// What it receives.
    pub effects: BTreeSet<EffectTopic>,
    /// Whether it may be in one's own network.
    pub private: bool,
    /// How long an attempt may take as a whole.
    pub timeout: Duration,
}

impl Target {
    /// Whether it receives a topic.
    pub fn wants(&self, effect: EffectTopic) -> bool {
        self.effects.contains(&effect)
    }

    /// Its host, for people.
    pub fn host(&self) -> &str {
        self.url.host().unwrap_or_default()
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("name", &self.name)
            .field("host", &self.host())
            .field("effects", &self.effects)
            .field("private", &self.private)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
