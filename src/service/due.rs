//! What is due: wakeups of leads, digests, reviews, forgetting, and leads that are behind the pact in force.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;

use super::ServiceChange;
use super::advance::{Advance, Advanced};
use super::announcement::Announcement;
use super::catching_up::{CatchingUp, LATE};
use super::digests;
use super::live_leads::LeadNews;
use super::pact_versions::PactVersions;
use super::reviews;
use super::writer::{BATCH, Writer};
use crate::store::{Result, instant, micros, stored_json};
use crate::time::Instant;
use crate::webhook::EffectTopic;

/// How often older answers are forgotten.
const FORGETTING: TimeDelta = TimeDelta::hours(1);

/// Up to when digests have been put out, by its name in the store.
pub(super) const DIGESTS: &str = "digests";

/// Up to when reviews have been put out, by its name in the store.
pub(super) const REVIEWS: &str = "reviews";

impl Writer {
    /// Does what is due by now: wakeups, digests, reviews, forgetting; and advances some leads that are behind the pact in force.
    /// True when others may be left, which wait while events are submitted.
    pub(super) fn run_due(&mut self) -> Result<bool> {
        let now = (self.clock)();
        if !self.catch_up(now, 1)? {
            return Ok(true);
        }
        self.put_out_digests(now)?;
        self.put_out_reviews(now)?;
        if now.signed_duration_since(self.forgot) >= FORGETTING {
            self.forget_old(now)?;
            self.forgot = now;
        }
        if !self.submitted.is_empty() {
            return Ok(true);
        }
        let version = self.versions().last().map_or(0, |version| version.number);
        let behind = self.store.leads_before_version(version, BATCH)?;
        if behind.is_empty() {
            return Ok(false);
        }
        let behind = behind.into_iter().map(|lead| (lead, LeadNews::default()));
        let advanced = self.write(|writer, roster| writer.advance_all(behind, now, roster))?;
        (self.changed)(ServiceChange::Leads(advanced));
        Ok(true)
    }

    /// Advances the leads whose wakeups are due by an instant, in the order in which they are due, with at most so many
    /// writes. True when none is left.
    pub(super) fn catch_up(&mut self, now: Instant, writes: usize) -> Result<bool> {
        if let Some(jump) = self.clock_watch.jump(now) {
            let (jump_seconds, leads_due) = (jump.num_seconds(), self.store.count_due(now)?);
            self.progress.clock_jumps.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(jump_seconds, leads_due, "the clock jumped: it was set, or the machine slept");
        }
        for left in (0..=writes).rev() {
            let Some(due) = self.store.next_due()?.filter(|due| *due <= now) else {
                if let Some(done) = self.catching_up.take() {
                    done.end((self.clock)());
                }
                return Ok(true);
            };
            if left == 0 {
                break;
            }
            self.tell_progress(due, now)?;
            let (fired, changed) = self.write(|writer, roster| {
                let (mut fired, mut changed) = (Vec::new(), Vec::new());
                while fired.len() < BATCH {
                    let due = writer.store.due(now, BATCH - fired.len())?;
                    if due.is_empty() {
                        break;
                    }
                    let due = due.into_iter().map(|(lead, until)| Advance { lead, until, ..Advance::default() });
                    // what is due to one of them again comes before what is due later to the rest
                    let soonest = |so_far: &Advanced, next: &Advance| so_far.due.is_none_or(|due| due >= next.until);
                    let advanced = writer.advance_while(due.collect(), roster, soonest)?;
                    changed.extend(advanced.leads.into_keys());
                    fired.extend(advanced.fired);
                }
                Ok((fired, changed))
            })?;
            // another instance may have done it in the meantime
            let Some(due) = fired.last() else { continue };
            self.progress.fired.fetch_add(fired.len() as u64, Ordering::Relaxed);
            self.progress.late.store(micros(now) - micros(*due), Ordering::Relaxed);
            if let Some(catching_up) = &mut self.catching_up {
                catching_up.fired += fired.len() as u64;
            }
            (self.changed)(ServiceChange::Leads(changed));
        }
        Ok(false)
    }

    /// Tells in the log how far it is with what was due long ago: first, and then every few seconds.
    fn tell_progress(&mut self, due: Instant, now: Instant) -> Result<()> {
        let time = (self.clock)();
        match &mut self.catching_up {
            None if now.signed_duration_since(due) < LATE => {}
            None => self.catching_up = Some(CatchingUp::begin(due, time, self.store.count_due(now)?)),
            Some(catching_up) if catching_up.is_to_be_told(time) => {
                catching_up.tell(due, time, self.store.count_due(now)?);
            }
            Some(_) => {}
        }
        Ok(())
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
            let sent = writer.sent_until(DIGESTS, now)?;
            for digest in digests::due(&version.pact, sent, now) {
                writer.requested |= digests::send(&mut *writer.store, &versions, digest, now, &*writer.notifier)?;
            }
            writer.store.put_single(DIGESTS, &micros(now.max(sent)).to_string())
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
        let before = self.sent_until(REVIEWS, now)?;
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
            let before = writer.sent_until(REVIEWS, now)?;
            for (meeting, at, data) in pages.into_iter().filter(|(_, at, _)| *at > before) {
                let page = Announcement { topic: EffectTopic::Review, pact: &pact, name: &meeting.name, at, data };
                let notifier = writer.notifier.clone();
                writer.requested |= page.send(&mut *writer.store, now, &*notifier)?;
            }
            writer.store.put_single(REVIEWS, &micros(now.max(before)).to_string())
        })?;
        self.reviewed = now;
        Ok(())
    }

    /// Up to when some announcements have been put out, here or by another instance; a new store owes nothing of before.
    fn sent_until(&mut self, which: &str, now: Instant) -> Result<Instant> {
        match self.store.single(which)? {
            Some(sent) => Ok(instant(stored_json(&format!("the instant of the last {which}"), &sent)?)),
            None => Ok(now),
        }
    }
}
