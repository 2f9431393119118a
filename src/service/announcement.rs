//! Messages that are about no lead: digests and reviews.

use sha2::{Digest as _, Sha256};

use super::{Message, Notifier};
use crate::pact::Pact;
use crate::store::{EffectsUpdate, OutboxMessage, Result, Store};
use crate::time::Instant;
use crate::webhook::EffectTopic;

/// Something that is sent at its time to whoever wants it.
pub(super) struct Announcement<'a> {
    pub(super) topic: EffectTopic,
    pub(super) pact: &'a Pact,
    /// Its name in the pact.
    pub(super) name: &'a str,
    /// The occasion on which it is sent.
    pub(super) at: Instant,
    pub(super) data: serde_json::Value,
}

impl Announcement<'_> {
    /// Puts it out to whoever wants it; whether anybody does. Nothing of it is about one lead, so it waits under a name that no
    /// lead has, and one of before that still waits is withdrawn.
    pub(super) fn send(&self, store: &mut dyn Store, now: Instant, targets: &dyn Notifier) -> Result<bool> {
        let Self { topic, pact, name, at, data } = self;
        let topic = *topic;
        let message = |target: &str| {
            let what = format!("{name}\n{}\n{target}", at.to_rfc3339());
            let id: String = Sha256::digest(what)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
            let message = Message { id: &id, effect: topic, pact, at: *at, subject: name, data: data.clone() };
            OutboxMessage {
                at: now,
                kind: topic.word().to_owned(),
                series: String::new(),
                body: targets.body(message),
                target: target.to_owned(),
                id,
            }
        };
        let deliveries: Vec<OutboxMessage> = targets.wanting(topic).into_iter().map(message).collect();
        let lead = format!(" {} {name}", topic.word());
        store.put_effects(&[EffectsUpdate { lead: &lead, effects: &deliveries, from: None, earlier: true }])
    }
}
