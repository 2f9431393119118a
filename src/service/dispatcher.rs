//! Deliveries, sent to the receivers of the operator's file. Each has a dispatcher of its own, so that one
//! who is slow does not delay the others.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use chrono::TimeDelta;

use super::{Message, Notifier, Progress, ServiceChange};
use crate::store::{Delivery, Recipients, Result, Store, write};
use crate::time::Instant;
use crate::webhook::{EffectTopic, Sender, Sent, Target, WebhookEvent, wait};

/// How many deliveries are sent to one receiver at once.
const CONCURRENCY: usize = 8;

/// How many deliveries are taken at a time. Those that are not tried while a single attempt may last are given back.
const BATCH: usize = 16 * CONCURRENCY;

/// How much longer than a round may take nobody else takes its deliveries.
const MARGIN: Duration = Duration::from_secs(5);

/// How far behind what time does may be when deliveries are sent. Further behind, too many of those that wait may come
/// to nothing.
const BEHIND: TimeDelta = TimeDelta::seconds(5);

/// How long the dispatcher waits at most when nothing is to be sent.
const MAX_IDLE: Duration = Duration::from_secs(1);

/// The receivers of the operator's file.
#[derive(Debug, Default)]
pub struct Receivers {
    targets: Vec<Target>,
    /// One for all, so that connections are reused.
    sender: Sender,
}

impl From<Vec<Target>> for Receivers {
    fn from(targets: Vec<Target>) -> Self {
        Self { targets, sender: Sender::new() }
    }
}

impl Notifier for Receivers {
    fn wanting(&self, effect: EffectTopic) -> Vec<&str> {
        self.targets.iter().filter(|target| target.wants(effect)).map(|target| &*target.name).collect()
    }

    fn body(&self, message: Message<'_>) -> String {
        let Message { id, effect, pact, at, subject, data } = message;
        let event = WebhookEvent {
            id: id.to_owned(),
            source: format!("/pacts/{}", pact.name),
            effect,
            time: at,
            subject: subject.to_owned(),
            data,
        };
        String::from_utf8(event.body()).unwrap_or_default()
    }

    fn send(&self, delivery: &Delivery, now: Instant) -> Sent {
        match self.targets.iter().find(|target| *target.name == *delivery.target) {
            Some(target) => self.sender.send(target, &delivery.id, now, delivery.body.as_bytes()),
            None => Sent::Refused { why: "the operator's file names no such receiver any more".to_owned() },
        }
    }

    fn names(&self) -> Vec<String> {
        self.targets.iter().map(|target| target.name.to_string()).collect()
    }

    fn patience(&self, name: &str) -> Duration {
        self.targets.iter().find(|target| *target.name == *name).map_or(Duration::ZERO, |target| target.timeout)
    }
}

/// One who brings deliveries.
pub(super) struct Dispatcher {
    /// To whom. What waits for a receiver that the file does not name any more is settled by one dispatcher for all of them.
    pub(super) to: Recipients,
    /// How long bringing one may take.
    pub(super) patience: Duration,
    pub(super) store: Box<dyn Store>,
    pub(super) clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    pub(super) notifier: Arc<dyn Notifier>,
    pub(super) changed: Arc<dyn Fn(ServiceChange) + Send + Sync>,
    pub(super) progress: Arc<Progress>,
}

impl Dispatcher {
    /// Works until nobody can wake it any more.
    pub(super) fn run(mut self, woken: &mpsc::Receiver<()>) {
        loop {
            let brought = self.round().unwrap_or_else(|fault| {
                tracing::error!(%fault, "the store does not answer");
                0
            });
            // after a full round there may be more
            let idle_wait = if brought == BATCH { Duration::ZERO } else { MAX_IDLE };
            match woken.recv_timeout(idle_wait) {
                Ok(()) => while woken.try_recv().is_ok() {},
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Brings what is to be brought now; gives how much that was.
    fn round(&mut self) -> Result<usize> {
        let now = (self.clock)();
        if self.store.next_due()?.is_some_and(|due| due <= now - BEHIND) {
            return Ok(0);
        }
        if self.store.next_attempt(&self.to)?.is_none_or(|next| next > now) {
            return Ok(0);
        }
        let (targets, to, patience) = (&*self.notifier, &self.to, self.patience);
        // the last attempt begins while the round is young, and takes as long as one may
        let lease = now + (patience * 2 + MARGIN);
        let deliveries = write(&mut *self.store, |store| store.claim(to, now, lease, BATCH))?;
        let (clock, taken) = (&*self.clock, AtomicUsize::new(0));
        let attempts = || {
            let mut answers = Vec::new();
            while let Some(delivery) = deliveries.get(taken.fetch_add(1, Ordering::Relaxed)) {
                let young = clock() < now + patience;
                answers.push((delivery, young.then(|| targets.send(delivery, clock()))));
            }
            answers
        };
        let answers: Vec<(&Delivery, Option<Sent>)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..CONCURRENCY.min(deliveries.len())).map(|_| scope.spawn(attempts)).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
        });
        let after = clock();
        write(&mut *self.store, |store| {
            answers.iter().try_for_each(|(delivery, sent)| match sent {
                Some(sent) => settle(store, delivery, sent, after),
                None => store.give_back(delivery),
            })
        })?;
        for sent in answers.iter().filter_map(|(_, sent)| sent.as_ref()) {
            let count = match sent {
                Sent::Accepted => &self.progress.sent,
                Sent::Again { .. } => &self.progress.again,
                Sent::Refused { .. } => &self.progress.refused,
            };
            count.fetch_add(1, Ordering::Relaxed);
        }
        if !deliveries.is_empty() {
            (self.changed)(ServiceChange::Outbox);
        }
        Ok(deliveries.len())
    }
}

/// Writes down what became of an attempt.
fn settle(store: &mut dyn Store, delivery: &Delivery, sent: &Sent, now: Instant) -> Result<()> {
    let failed = u32::try_from(delivery.attempts).unwrap_or(u32::MAX).saturating_add(1);
    match sent {
        Sent::Accepted => store.settle(&delivery.id, "sent", now, None),
        Sent::Refused { why } => {
            tracing::warn!(delivery = delivery.id, target = delivery.target, %why, "a delivery is dead");
            store.settle(&delivery.id, "dead", now, Some(why))
        }
        Sent::Again { why, after } => match wait(failed, &delivery.id) {
            Some(patience) => {
                let patience = after.map_or(patience, |after| after.max(patience));
                let next = TimeDelta::from_std(patience).ok().and_then(|wait| now.checked_add_signed(wait));
                store.settle(&delivery.id, "waiting", next.unwrap_or(now), Some(why))
            }
            None => {
                tracing::warn!(delivery = delivery.id, target = delivery.target, %why, "a delivery is dead");
                store.settle(&delivery.id, "dead", now, Some(why))
            }
        },
    }
}
