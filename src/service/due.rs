//! What is due: wakeups of leads, digests, reviews, forgetting, and leads that are behind the pact in force.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;

use super::ServiceChange;
use super::announcement::Announcement;
use super::digests;
use super::pact_versions::PactVersions;
use super::reviews;
use super::writer::{BATCH, Writer};
use crate::store::{Result, instant, micros};
use crate::time::Instant;
use crate::webhook::EffectTopic;

/// How often older answers are forgotten.
const FORGETTING: TimeDelta = TimeDelta::hours(1);

impl Writer {
    /// Does what is due by now: wakeups, digests, reviews, forgetting; and advances some leads that are behind the pact in force.
    /// True when others may be left, which wait while events are submitted.
    pub(super) fn run_due(&mut self) -> Result<bool> {
        let now = (self.clock)();
        self.catch_up(now)?;
        self.put_out_digests(now)?;
        self.put_out_reviews(now)?;
        if now.signed_duration_since(self.forgot) >= FORGETTING {
            self.forget_old(now)?;
            self.forgot = now;
        }
        let version = self.versions().last().map_or(0, |version| version.number);
        let behind = self.store.leads_before_version(version, BATCH)?;
        if behind.is_empty() {
            return Ok(false);
        }
        let advanced = self.write(|writer, roster| writer.advance_all(behind, now, roster))?;
        (self.changed)(ServiceChange::Leads(advanced.into_iter().collect()));
        Ok(true)
    }

    /// Advances the leads whose wakeups are due by an instant, in the order in which they are due.
    pub(super) fn catch_up(&mut self, now: Instant) -> Result<()> {
        loop {
            if self.store.next_due()?.is_none_or(|due| due > now) {
                return Ok(());
            }
            let (fired, changed) = self.write(|writer, roster| {
                let (mut fired, mut changed) = (Vec::new(), Vec::new());
                while fired.len() < BATCH {
                    let before = fired.len();
                    let mut soonest: Option<Instant> = None;
                    for (lead, at) in writer.store.due(now, BATCH - before)? {
                        // what is due to one of them again comes before what is due later to the rest
                        if soonest.is_some_and(|soonest| soonest < at) {
                            break;
                        }
                        let advanced = writer.advance(&lead, at, roster)?;
                        soonest = soonest.into_iter().chain(advanced.due).min();
                        changed.extend(advanced.leads);
                        fired.push(at);
                    }
                    if fired.len() == before {
                        break;
                    }
                }
                Ok((fired, changed))
            })?;
            // another instance may have done it in the meantime
            let Some(due) = fired.last() else { continue };
            self.progress.fired.fetch_add(fired.len() as u64, Ordering::Relaxed);
            self.progress.late.store(micros(now) - micros(*due), Ordering::Relaxed);
            (self.changed)(ServiceChange::Leads(changed));
        }
    }

    /// Puts out the digests of which an occasion has passed since they were last put out.
    pub(super) fn put_out_digests(&mut self, now: Instant) -> Result<()> {
        let is_due = |versions: &PactVersions| {
            versions.last().is_some_and(|version| !digests::due(&version.pact, self.digested, now).is_empty())
        };
        if !is_due(&self.versions()) {
            return Ok(());
        }
        self.write(|writer, _| {
            let versions = writer.versions();
            let Some(version) = versions.last() else { return Ok(()) };
            // another instance may have put them out; a new store owes nothing of before
            let sent = writer.store.single("digests")?;
            let sent = sent.and_then(|sent| sent.parse().ok()).map_or(now, instant);
            for digest in digests::due(&version.pact, sent, now) {
                writer.requested |= digests::send(&mut *writer.store, &versions, digest, now, &*writer.notifier)?;
            }
            writer.store.put_single("digests", &micros(now.max(sent)).to_string())
        })?;
        self.digested = now;
        Ok(())
    }

    /// Puts out the reviews whose time has come since they were last put out, once all leads are counted.
    pub(super) fn put_out_reviews(&mut self, now: Instant) -> Result<()> {
        let versions = self.versions();
        let Some(pact) = versions.last().map(|version| version.pact.clone()) else { return Ok(()) };
        if reviews::due(&pact, self.reviewed, now).is_empty() {
            return Ok(());
        }
        let sent = |writer: &mut Self| -> Result<Instant> {
            // another instance may have put them out; a new store owes nothing of before
            let sent = writer.store.single("reviews")?;
            Ok(sent.and_then(|sent| sent.parse().ok()).map_or(now, instant))
        };
        let before = sent(self)?;
        let mut pages = Vec::new();
        for (meeting, at) in reviews::due(&pact, before, now) {
            if self.notifier.wanting(EffectTopic::Review).is_empty() {
                continue;
            }
            let Ok((kept, _)) = self.counter.up_to(now)? else { return Ok(()) };
            let page = kept.review_at(&pact, meeting, at, now);
            pages.push((meeting, at, serde_json::to_value(page).unwrap_or_default()));
        }
        self.write(|writer, _| {
            let before = sent(writer)?;
            for (meeting, at, data) in pages.into_iter().filter(|(_, at, _)| *at > before) {
                let page = Announcement { topic: EffectTopic::Review, pact: &pact, name: &meeting.name, at, data };
                let notifier = writer.notifier.clone();
                writer.requested |= page.send(&mut *writer.store, now, &*notifier)?;
            }
            writer.store.put_single("reviews", &micros(now.max(before)).to_string())
        })?;
        self.reviewed = now;
        Ok(())
    }
}
