//! A lead is rehydrated: its state worked out from its events, the pacts that were in force when they happened, and its
//! assignments. The same three give the same state, however often.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::lifecycle::{
    EntryKind, EntryLog, LeadEvent, LeadState, Log, NextChange, RequestedAction, Snapshot, TimelineEntry, begin,
    continue_until, look_for_change, migrate, record_of, step,
};
use crate::pact::Pact;
use crate::roster::{Assignment, AssignmentLog, Roster};
use crate::store::Result;
use crate::time::Instant;
use crate::value::Value;

use super::checkpoint::{Checkpoint, history_hash};
use super::event_names::EventNames;
use super::history::{EngineAnswer, History, Understood, record_with};
use super::history_entry::{HistoryEntry, history_entries};
use super::pact_versions::{PactVersion, PactVersions};
use super::projection::{Present, Worth};
use super::settled::{Settled, settle};

/// How far ahead it is worked out when time alone next changes something. Whoever has not changed until then is looked
/// at again.
const HORIZON: TimeDelta = TimeDelta::days(400);

/// At how many instants at which time may change something it is worked out whether it does. A lead of which that is not
/// enough, as one with a flood of events, is looked at again then: each of its events would pay for all of them.
const LOOKED_AT: usize = 400;

/// A lead as it is at an instant.
pub struct Rehydrated {
    /// The pact in force.
    pub pact: Arc<Pact>,
    /// The number of its version.
    pub(super) version: i64,
    /// Whether it became part of another lead of the store.
    pub part: bool,
    /// The lead's key as it was first reported.
    pub name: Arc<str>,
    /// The state; none when there is no event of it by then.
    pub state: Option<LeadState>,
    /// The timeline under the pact in force.
    pub timeline: EntryLog,
    /// The timelines under the pacts before it, in order.
    pub earlier: Vec<(Arc<Pact>, EntryLog)>,
    /// The whole timeline; after a checkpoint, from there on.
    pub entries: Vec<HistoryEntry>,
    /// The engine's own answers.
    pub(super) answers: Vec<EngineAnswer>,
    /// The instant of the checkpoint from which it was replayed.
    pub from: Option<Instant>,
    /// The assignments that were made.
    pub assignments: Vec<Assignment>,
    /// The last checkpoint, as JSON.
    pub checkpoint: Option<String>,
    /// Where it was when its last event had happened; none before its first, and where what was known is kept.
    pub(super) settled: Option<Settled>,
    /// What it is worth.
    pub(super) worth: Worth,
    /// When the next happens that is known of: time changes something, or an event that came ahead of its time comes true.
    pub next: Option<Instant>,
    /// When to look again.
    pub due: Option<Instant>,
}

/// Replays a lead up to an instant, from its beginning or from a checkpoint that still holds. None when no pact understands
/// any of its events. Timelines keep what was known at each moment where that is asked for.
pub(super) fn rehydrate(
    versions: &PactVersions,
    history: &History<'_>,
    assignments: Vec<Assignment>,
    roster: &mut Roster,
    until: Instant,
    checkpoint: Option<&str>,
    known: bool,
) -> Result<Option<Rehydrated>> {
    let Some(first) = history.first() else { return Ok(None) };
    let checkpoint = checkpoint.and_then(Checkpoint::read);
    let resumed = checkpoint.map(|checkpoint| Resumed::new(checkpoint, versions, history)).transpose()?;
    let mut resumed = resumed.flatten();
    let from = resumed.as_ref().map(|resumed| resumed.since);
    let turns = resumed.as_ref().map_or(0, |resumed| resumed.checkpoint.turns);
    let mut run = Rehydration::new(history, AssignmentLog::resumed(assignments, turns, roster), known);
    let (mut ahead, mut names, mut happened) = (Vec::new(), EventNames::default(), 0);
    let mut last: Option<(PactVersion, Value)> = None;
    for (start, end) in versions.all() {
        let passed = resumed.as_ref().is_some_and(|resumed| start.number < resumed.checkpoint.version);
        // the first pact holds for all that was before; one that was gone when the lead came never held for it
        let begun = last.is_some();
        let gone = !begun && resumed.is_none() && end.is_some_and(|end| end <= first);
        if passed || gone || (begun && start.since > until) {
            continue;
        }
        let version = versions.load(start)?;
        let pact = &version.pact;
        // `covered`: the events up to then are in the state already
        let (key, events, covered) = match resumed.take() {
            Some(Resumed { checkpoint, key, understood, .. }) => {
                run.resume(checkpoint, &version, &key, &understood.events);
                names = understood.names;
                (key, understood.events, Some(version.since))
            }
            None => {
                let Understood { key, events, names: of_these } = history.under(&version);
                names = of_these;
                let Some(key) = key.or_else(|| last.as_ref().map(|(_, key)| key.clone())) else { continue };
                let migrates = last.as_ref().filter(|_| run.state.is_some());
                if let Some((old, _)) = migrates {
                    run.migrate_to(&old.pact, &version, &key, &events);
                }
                let covered = migrates.map(|_| version.since);
                (key, events, covered)
            }
        };
        ahead = events.iter().filter(|event| event.at > until).cloned().collect();
        happened = events.len() - ahead.len();
        let stop = end.filter(|end| *end <= until).map_or(until, |end| end - TimeDelta::nanoseconds(1));
        if covered.is_none() {
            run.begin(pact, &key, events.first().filter(|event| event.at <= stop));
        }
        let open = |event: &LeadEvent| event.at <= stop && covered.is_none_or(|covered| event.at > covered);
        run.continue_until(pact, events.into_iter().filter(open).collect(), stop);
        run.record_timeline(pact, &key);
        last = Some((version, key));
    }
    let Some((version, key)) = last else { return Ok(None) };
    let Rehydration { log, mut state, timeline, earlier, entries, answers, checkpoint, settled, .. } = run;
    let checkpoint = checkpoint.and_then(|checkpoint| serde_json::to_string(&checkpoint).ok());
    let assignments = log.finish();
    let (next, due) = due(&version.pact, state.as_ref(), ahead.first().map(|event| event.at), until);
    let (number, pact, name) = (version.number, version.pact.clone(), key.to_string().into());
    let worth = Worth::of(&pact, state.as_mut());
    let after = Log::of(ahead);
    let settled = settled.map(|(state, turns)| Settled { version, key, state, turns, events: happened, names, after });
    Ok(Some(Rehydrated {
        part: false,
        pact,
        version: number,
        name,
        state,
        timeline,
        earlier,
        entries,
        answers,
        from,
        assignments,
        checkpoint,
        settled,
        worth,
        next,
        due,
    }))
}

/// When the next happens that is known of a lead: time changes something, or an event that came ahead of its time comes true;
/// and when to look again.
pub(super) fn due(
    pact: &Pact,
    state: Option<&LeadState>,
    ahead: Option<Instant>,
    now: Instant,
) -> (Option<Instant>, Option<Instant>) {
    let change = state.map(|state| look_for_change(pact, state, now + HORIZON, LOOKED_AT));
    let (next, look) = match change {
        Some(NextChange::At(at)) => (Some(at), Some(at)),
        Some(NextChange::NotBefore(at)) => (None, Some(at)),
        Some(NextChange::Never) | None => (None, None),
    };
    let due = look.into_iter().chain(ahead).min().or(state.map(|_| now + HORIZON));
    (next.into_iter().chain(ahead).min(), due)
}

/// A checkpoint that holds, with the history as its pact understands it.
struct Resumed {
    checkpoint: Checkpoint,
    since: Instant,
    key: Value,
    understood: Understood,
}

impl Resumed {
    fn new(checkpoint: Checkpoint, versions: &PactVersions, history: &History<'_>) -> Result<Option<Self>> {
        let Some(version) = versions.find(checkpoint.version)? else { return Ok(None) };
        let understood = history.under(&version);
        let holds = checkpoint.holds(&history_hash(version.since, history, &understood.events));
        let key = understood.key.clone().filter(|_| holds);
        Ok(key.map(|key| Self { checkpoint, since: version.since, key, understood }))
    }
}

/// A lead on its way through the pact versions.
struct Rehydration<'a> {
    history: &'a History<'a>,
    log: AssignmentLog<'a>,
    /// None before anything happens.
    state: Option<LeadState>,
    /// The timeline under the pact of the state.
    timeline: EntryLog,
    /// The timelines under the pacts before it, in order.
    earlier: Vec<(Arc<Pact>, EntryLog)>,
    /// The whole timeline so far.
    entries: Vec<HistoryEntry>,
    /// The engine's own answers.
    answers: Vec<EngineAnswer>,
    /// Where it was when it last migrated to a pact version.
    checkpoint: Option<Checkpoint>,
    /// The state when the last event had happened, and how many assignments were made by then.
    settled: Option<(LeadState, usize)>,
}

impl<'a> Rehydration<'a> {
    fn new(history: &'a History<'a>, log: AssignmentLog<'a>, known: bool) -> Self {
        Self {
            history,
            log,
            state: None,
            timeline: if known { EntryLog::of_what_is_known() } else { EntryLog::default() },
            earlier: Vec::new(),
            entries: Vec::new(),
            answers: Vec::new(),
            checkpoint: None,
            settled: None,
        }
    }

    fn begin(&mut self, pact: &Pact, key: &Value, first: Option<&LeadEvent>) {
        self.state = first.map(|first| begin(record_of(pact, key.clone(), &[]), first.at));
    }

    fn continue_until(&mut self, pact: &Pact, events: Vec<LeadEvent>, until: Instant) {
        let Some(state) = self.state.take() else { return };
        let state = settle(pact, state, &mut self.timeline, events, until, &mut self.log);
        self.settled = self.timeline.known.is_none().then(|| (state.clone(), self.log.done()));
        let state = continue_until(pact, state, &mut self.timeline, Vec::new(), until, Some(&mut self.log));
        self.state = Some(state);
    }

    /// Migrates to the next pact version: the record is made of the events anew, the rest of the state is carried over.
    fn migrate_to(&mut self, old: &Arc<Pact>, version: &PactVersion, key: &Value, events: &[LeadEvent]) {
        let (pact, at) = (&version.pact, version.since);
        let Some(state) = self.state.take() else { return };
        let record = record_with(pact, key, events.iter().filter(|event| event.at < at), &self.answers);
        let migrated_state = migrate(old, state, pact, record, at, Some(&mut self.log));
        self.record_entries(old, key, &migrated_state.ended);
        let mut timeline = EntryLog::default();
        timeline.entries.extend(migrated_state.migrated);
        let now = events.iter().filter(|event| event.at == at).cloned();
        let state = step(pact, migrated_state.state, &mut timeline, now, at, Some(&mut self.log));
        let answers = self.answers.iter().cloned().chain(answers(pact, &timeline.entries)).collect();
        let hash = history_hash(at, self.history, events);
        self.checkpoint = Some(Checkpoint::new(version.number, hash, self.log.done(), answers, Snapshot::of(&state)));
        self.state = Some(state);
        self.earlier.push((old.clone(), std::mem::replace(&mut self.timeline, timeline)));
    }

    /// Resumes from the checkpoint at which the lead had migrated to a pact version.
    fn resume(&mut self, checkpoint: Checkpoint, version: &PactVersion, key: &Value, events: &[LeadEvent]) {
        self.answers.clone_from(&checkpoint.answers);
        let record =
            record_with(&version.pact, key, events.iter().filter(|event| event.at <= version.since), &self.answers);
        self.state = Some(checkpoint.snapshot.clone().with(record));
        self.checkpoint = Some(checkpoint);
    }

    /// Adds the timeline under a pact to the whole.
    fn record_timeline(&mut self, pact: &Arc<Pact>, key: &Value) {
        let entries = std::mem::take(&mut self.timeline.entries);
        self.record_entries(pact, key, &entries);
        self.timeline.entries = entries;
    }

    fn record_entries(&mut self, pact: &Arc<Pact>, key: &Value, entries: &[TimelineEntry]) {
        let name: Arc<str> = key.to_string().into();
        self.answers.extend(answers(pact, entries));
        self.entries.extend(history_entries(pact, &name, entries));
    }
}

/// The answers of the engine itself.
fn answers<'e>(pact: &'e Pact, entries: &'e [TimelineEntry]) -> impl Iterator<Item = EngineAnswer> + use<'e> {
    entries.iter().filter_map(|entry| match &entry.kind {
        EntryKind::Requested(RequestedAction::Dispose(kind)) => Some((entry.at, pact[*kind].name.clone())),
        _ => None,
    })
}

impl Rehydrated {
    /// The lead as lists ask for it.
    pub(super) fn present(&self) -> Present<'_> {
        let Self { pact, name, state, worth, next, due, .. } = self;
        Present { pact, name, state: state.as_ref(), worth, next: *next, due: *due }
    }

    /// The whole timeline as data, each thing with what it is in words. Within an instant, the events of the lead come
    /// before what was made of them.
    pub fn events(&self) -> Vec<serde_json::Value> {
        let mut all = self.own_events();
        all.extend(self.entries.iter().map(|happened| {
            let mut report = serde_json::to_value(&happened.report).unwrap_or_default();
            if let Some(report) = report.as_object_mut() {
                let kind = report.get("what").cloned().unwrap_or_default();
                report.insert("kind".to_owned(), kind);
                report.insert("words".to_owned(), happened.words().into());
            }
            (happened.entry.at, report)
        }));
        all.sort_by_key(|(at, _)| *at);
        all.into_iter().map(|(_, report)| report).collect()
    }

    /// The events of the lead, as entries of its timeline.
    fn own_events(&self) -> Vec<(Instant, serde_json::Value)> {
        let history = self.state.iter().flat_map(|state| &state.record.history);
        let events = history.map(|event| (event.at, &*self.pact[event.kind].name));
        // what the engine answers for sales is reported as what it requested
        let own = |at: Instant, name: &str| {
            let answers = |happened: &&HistoryEntry| match &happened.entry.kind {
                EntryKind::Requested(RequestedAction::Dispose(kind)) => &*happened.pact[*kind].name == name,
                _ => false,
            };
            self.entries.iter().filter(|happened| happened.entry.at == at).any(|happened| answers(&happened))
        };
        let events = events.filter(|(at, name)| !own(*at, name)).map(|(at, name)| {
            let report = serde_json::json!({
                "lead": self.name,
                "at": self.pact.zone.rfc3339(at),
                "what": "event",
                "event": name,
                "kind": "event",
                "words": name.replace('_', " "),
            });
            (at, report)
        });
        events.collect()
    }
}
