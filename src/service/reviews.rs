//! Reviews: the page that both sides are sent when they meet.

use super::announcement::Announcement;
use super::writer::Writer;
use crate::pact::{Meeting, Pact};
use crate::store::{Result, instant, micros};
use crate::time::Instant;
use crate::webhook::EffectTopic;

/// When the next review is to be sent, after an instant.
pub(super) fn next(pact: &Pact, after: Instant) -> Option<Instant> {
    pact.reviews.iter().filter_map(|meeting| meeting.next(pact, after)).min()
}

/// The reviews that are to be sent at an instant when all before another have been: of several occasions that have passed
/// only the last is sent.
fn due(pact: &Pact, sent: Instant, now: Instant) -> Vec<(&Meeting, Instant)> {
    let last = |meeting: &Meeting| meeting.last(pact, now).filter(|at| *at > sent);
    pact.reviews.iter().filter_map(|meeting| Some((meeting, last(meeting)?))).collect()
}

impl Writer {
    /// Puts out the reviews whose time has come since they were last put out, once all leads are counted.
    pub(super) fn put_out_reviews(&mut self, now: Instant) -> Result<()> {
        let versions = self.versions();
        let Some(pact) = versions.last().map(|version| version.pact.clone()) else { return Ok(()) };
        if due(&pact, self.reviewed, now).is_empty() {
            return Ok(());
        }
        let sent = |writer: &mut Self| -> Result<Instant> {
            // another instance may have put them out; a new store owes nothing of before
            let sent = writer.store.single("reviews")?;
            Ok(sent.and_then(|sent| sent.parse().ok()).map_or(now, instant))
        };
        let before = sent(self)?;
        let mut pages = Vec::new();
        for (meeting, at) in due(&pact, before, now) {
            if self.notifier.wanting(EffectTopic::Review).is_empty() {
                continue;
            }
            let counter = self.counter.clone();
            let Ok(page) = counter.ask(now, |mut figures| figures.review_at(meeting, at))? else { return Ok(()) };
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
