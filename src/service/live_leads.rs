//! Leads as the writer left them: for one more event of such a lead no history is read, and nothing is replayed that was
//! replayed before.
//!
//! What is held may be lost at any moment: all of it is worked out again from the stored history. It comes to the same, to the
//! byte: whatever may be otherwise for a lead, such as an event that comes late, goes by the history.

use std::sync::Arc;

use hashlink::LruCache;

use super::Notifier;
use super::effects::effects;
use super::history::{History, rows};
use super::history_entry::history_entries;
use super::pact_versions::PactVersion;
use super::projection::{Present, Worth, projection};
use super::rehydrate::due;
use super::settled::{Settled, settle};
use crate::lifecycle::{EntryLog, LeadEvent, Log, await_changes, continue_until};
use crate::roster::{Assignment, AssignmentLog, Roster};
use crate::store::{
    OutboxMessage, Projection, Result, Store, StoredCheckpoint, StoredLead, stored_json, to_stored_json,
};
use crate::time::Instant;
use crate::value::Value;

/// How much is held of all leads together, in events.
const MOST: usize = 500_000;

/// What a lead takes beside its events, in events.
const ITSELF: usize = 100;

/// A lead with fewer events than this has no checkpoint: it is read as fast.
const FEW: usize = 256;

/// A checkpoint takes the place of one before it when so many times fewer events have come since as had happened by then.
const SHARE: usize = 4;

/// How many changes by others are looked at; after more than that nothing is held.
const CHANGES: usize = 20_000;

/// The leads that the writer wrote last, by their keys.
pub(super) struct LiveLeads {
    leads: LruCache<String, LiveLead>,
    /// The sum of what is held.
    held: usize,
    /// The last change of the store that is known.
    change: i64,
}

impl Default for LiveLeads {
    fn default() -> Self {
        Self { leads: LruCache::new_unbounded(), held: 0, change: i64::MAX }
    }
}

impl LiveLeads {
    /// Forgets the leads that somebody else changed since. To be called at the beginning of a write.
    pub(super) fn refresh(&mut self, store: &mut dyn Store) -> Result<()> {
        let last = store.last_change()?;
        if last != self.change {
            match store.changes_after(self.change, CHANGES)? {
                Some(changes) if changes.last().is_some_and(|(number, _)| *number == last) => {
                    changes.iter().for_each(|(_, lead)| self.forget(lead));
                }
                _ => self.forget_all(),
            }
            self.change = last;
        }
        Ok(())
    }

    /// What was written so far is known. To be called at the end of a write.
    pub(super) fn wrote(&mut self, store: &mut dyn Store) -> Result<()> {
        self.change = store.last_change()?;
        Ok(())
    }

    /// Takes a lead out, to be put back when it has been advanced.
    pub(super) fn take(&mut self, lead: &str) -> Option<LiveLead> {
        let live = self.leads.remove(lead)?;
        self.held -= live.size();
        Some(live)
    }

    /// Holds a lead as it is now, and lets those go that were not written for longest where it is too much.
    pub(super) fn put(&mut self, lead: String, live: LiveLead) {
        self.forget(&lead);
        self.held += live.size();
        self.leads.insert(lead, live);
        while self.held > MOST
            && let Some((_, gone)) = self.leads.remove_lru()
        {
            self.held -= gone.size();
        }
    }

    /// Forgets a lead: it is read again.
    pub(super) fn forget(&mut self, lead: &str) {
        self.take(lead);
    }

    /// Forgets all: it is not known what became of a write.
    pub(super) fn forget_all(&mut self) {
        self.leads.clear();
        self.held = 0;
    }
}

/// What was submitted of a lead since it was last advanced.
#[derive(Debug, Default)]
pub(super) struct LeadNews {
    /// What happened, as the pact in force understands it.
    pub(super) events: Vec<LeadEvent>,
    /// How the events call the lead.
    pub(super) keys: Vec<Value>,
    /// When they came; none when there are none.
    pub(super) received: Option<Instant>,
    /// Which lead it is may be seen otherwise than before.
    pub(super) related: bool,
}

/// A lead by itself, under the pact in force.
pub(super) struct LiveLead {
    settled: Settled,
    assignments: Vec<Assignment>,
    stored: StoredLead,
    /// The projection that is stored, where that is known.
    projection: Option<Projection>,
    /// Whether messages may be stored of what time did after the last event.
    passed: bool,
    /// How many events had happened at its stored checkpoint; 0 where there is none.
    checkpoint: usize,
}

/// What is to be stored of a lead that was advanced.
pub(super) struct LeadUpdate {
    pub(super) lead: String,
    pub(super) stored: StoredLead,
    pub(super) projection: Projection,
    /// The projection that is stored, where that is known.
    pub(super) before: Option<Projection>,
    /// Its messages since an instant, from its beginning where there is none.
    pub(super) effects: Vec<OutboxMessage>,
    pub(super) from: Option<Instant>,
    /// Whether messages since then may be stored.
    pub(super) earlier: bool,
    /// The lead, where it can be held.
    pub(super) live: Option<Settled>,
    pub(super) assignments: Vec<Assignment>,
    /// How many events had happened at its stored checkpoint; none where it is to have none any more.
    pub(super) checkpoint: Option<usize>,
}

impl LeadUpdate {
    /// The checkpoint that is to be stored now: from time to time, so that all of them together cost a share of what events do.
    pub(super) fn next_checkpoint(&mut self) -> Result<Option<StoredCheckpoint>> {
        let (Some(settled), last) = (&self.live, self.checkpoint.unwrap_or_default()) else { return Ok(None) };
        if settled.events < last + FEW.max(last / SHARE) {
            return Ok(None);
        }
        let checkpoint = settled.to_checkpoint()?;
        if checkpoint.is_some() {
            self.checkpoint = Some(settled.events);
        }
        Ok(checkpoint)
    }

    /// The lead as it is stored now, where it can be held.
    pub(super) fn into_live(self) -> Option<(String, LiveLead)> {
        let settled = self.live?;
        let passed = self.effects.iter().any(|effect| effect.at > settled.state.now);
        let Self { lead, stored, projection, assignments, checkpoint, .. } = self;
        let (projection, checkpoint) = (Some(projection), checkpoint.unwrap_or_default());
        Some((lead, LiveLead { settled, assignments, stored, projection, passed, checkpoint }))
    }
}

impl LiveLead {
    /// A lead as its checkpoint and the events after it say. None where all of its history is to be read.
    pub(super) fn stored(
        store: &mut dyn Store,
        lead: &str,
        checkpoint: &StoredCheckpoint,
        version: &PactVersion,
    ) -> Result<Option<Self>> {
        let Some(settled) = Settled::from_checkpoint(checkpoint, version) else { return Ok(None) };
        let Some(mut stored) = store.lead(lead)?.filter(|stored| stored.pact_version == version.number) else {
            return Ok(None);
        };
        let events = store.events_after(lead, checkpoint.at)?;
        let (rows, received) = (rows(&events)?, events.iter().map(|event| event.received).max());
        let (key, log) = History::new(&events, &rows).log(&version.pact);
        stored.last_reported = stored.last_reported.max(received.unwrap_or(stored.last_reported));
        let assignments = stored_json("the assignments of a lead", &stored.assignments)?;
        let checkpoint = settled.events;
        let live = Self { settled, assignments, stored, projection: None, passed: true, checkpoint };
        let keys = key.into_iter().collect();
        Ok(live.with(LeadNews { events: log.reported().to_vec(), keys, received, related: false }, version))
    }

    /// With what is new of it. None where that is to be read together with its history: an event that comes late, is one with an
    /// earlier one, or is of more leads than this; or where it is under another pact.
    pub(super) fn with(mut self, news: LeadNews, version: &PactVersion) -> Option<Self> {
        let settled = &mut self.settled;
        let same_key = || news.keys.iter().all(|key| key.to_string() >= settled.key.to_string());
        if news.related || settled.version.number != version.number || !same_key() {
            return None;
        }
        for event in news.events {
            if event.at <= settled.state.now || !settled.names.take(&event) {
                return None;
            }
            settled.after.take(event);
        }
        self.stored.last_reported = news.received.into_iter().fold(self.stored.last_reported, Instant::max);
        Some(self)
    }

    /// Advances it to an instant, or to where it is already when that is later.
    pub(super) fn advance(
        self,
        lead: String,
        until: Instant,
        roster: &mut Roster,
        notifier: &dyn Notifier,
    ) -> Result<LeadUpdate> {
        let Self { settled, assignments, stored, projection: before, passed, checkpoint } = self;
        let Settled { version, key, state, turns, events, names, after } = settled;
        let (pact, from) = (&version.pact, state.now);
        let replayed_until = stored.replayed_until.max(until);
        let (happened, ahead): (Vec<_>, Vec<_>) =
            after.events().into_iter().partition(|event| event.at <= replayed_until);
        let events = events + happened.len();
        let mut timeline = EntryLog::default();
        let mut log = AssignmentLog::resumed(assignments, turns, roster);
        // where time alone did something, the next event is hardly of before
        let settles = happened.is_empty();
        let mut state = settle(pact, state, &mut timeline, happened, replayed_until, &mut log);
        await_changes(pact, &mut state);
        let settled = (!settles).then(|| (state.clone(), log.done()));
        let mut now = continue_until(pact, state, &mut timeline, Vec::new(), replayed_until, Some(&mut log));
        let made = log.done();
        let assignments = log.finish();
        let name: Arc<str> = key.to_string().into();
        let worth = Worth::of(pact, Some(&mut now));
        let (next, due) = due(pact, Some(&now), ahead.first().map(|event| event.at), replayed_until);
        let entries: Vec<_> = history_entries(pact, &name, &timeline.entries).collect();
        let projection = projection(&Present { pact, name: &name, state: Some(&now), worth: &worth, next, due }, []);
        let stored = StoredLead { replayed_until, assignments: to_stored_json(&assignments)?, ..stored };
        let (state, turns) = settled.unwrap_or((now, made));
        Ok(LeadUpdate {
            effects: effects(&lead, &entries, notifier),
            lead,
            stored,
            projection,
            before,
            from: Some(from),
            earlier: passed,
            live: Some(Settled { version, key, state, turns, events, names, after: Log::of(ahead) }),
            assignments,
            checkpoint: Some(checkpoint),
        })
    }

    /// How much it takes, in events.
    fn size(&self) -> usize {
        ITSELF + self.settled.events + self.settled.after.len()
    }
}
