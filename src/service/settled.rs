//! A lead as it was when its last event had happened: what one more event is added to. And as it is stored, so that neither
//! a start nor a late event replays the whole life of a lead with many events.

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::event_names::EventNames;
use super::pact_versions::PactVersion;
use crate::lifecycle::{EntryLog, LeadEvent, LeadState, Log, Snapshot, continue_until};
use crate::pact::{IntakeId, KindId, Pact};
use crate::record::{Event, Origin, Past, Record};
use crate::roster::AssignmentLog;
use crate::store::{Result, StoredCheckpoint, instant, micros, to_stored_json};
use crate::time::{Duration, Instant};
use crate::value::{Currency, Money, Value};

/// A lead by the pact in force when its last event had happened, and what of its history matters to the next one.
pub(super) struct Settled {
    /// The pact.
    pub(super) version: PactVersion,
    /// The lead's key as it was first reported.
    pub(super) key: Value,
    /// The state, at an instant that can be stored.
    pub(super) state: LeadState,
    /// How many assignments were made up to then.
    pub(super) turns: usize,
    /// How many events have happened.
    pub(super) events: usize,
    /// The names of all events.
    pub(super) names: EventNames,
    /// Events that came ahead of their time.
    pub(super) after: Log,
}

/// Runs on from a state through events, to the first instant that can be stored at which all of them have happened. It is not
/// later than `until`.
pub(super) fn settle(
    pact: &Pact,
    state: LeadState,
    timeline: &mut EntryLog,
    events: Vec<LeadEvent>,
    until: Instant,
    log: &mut AssignmentLog<'_>,
) -> LeadState {
    let Some(last) = events.last() else { return state };
    let at = instant(micros(last.at)).min(until);
    continue_until(pact, state, timeline, events, at, Some(log))
}

impl Settled {
    /// As it is stored. Only a lead none of whose events is ahead of its time can be: an event that happens later is then one
    /// that came later.
    pub(super) fn to_checkpoint(&self) -> Result<Option<StoredCheckpoint>> {
        if !self.after.is_empty() {
            return Ok(None);
        }
        let record = &self.state.record;
        let origin = |origin: &Origin| (origin.source, origin.rank, StoredInstant::of(origin.at));
        let event = |event: &Event| (event.kind, StoredInstant::of(event.at), stored(&event.values));
        let stored = StoredSettled {
            built_by: env!("CARGO_PKG_VERSION").to_owned(),
            version: self.version.number,
            key: StoredValue::of(&self.key),
            turns: self.turns,
            events: self.events,
            names: self.names.clone(),
            snapshot: Snapshot::of(&self.state),
            values: stored(&record.values),
            origins: record.origins.iter().map(|from| from.as_ref().map(origin)).collect(),
            history: record.history.iter().map(event).collect(),
        };
        Ok(Some(StoredCheckpoint { at: self.state.now, state: to_stored_json(&stored)? }))
    }

    /// As it was stored; none when another version of leadpact stored it, or it is of another pact than that in force.
    pub(super) fn from_checkpoint(checkpoint: &StoredCheckpoint, version: &PactVersion) -> Option<Self> {
        // what cannot be read is worked out anew
        let stored: StoredSettled = serde_json::from_str(&checkpoint.state).ok()?;
        if stored.built_by != env!("CARGO_PKG_VERSION") || stored.version != version.number {
            return None;
        }
        let origin = |(source, rank, at): (_, _, StoredInstant)| Some(Origin { source, rank, at: at.instant()? });
        let event =
            |(kind, at, of): (_, StoredInstant, _)| Some(Event { kind, at: at.instant()?, values: values(of)? });
        let record = Record {
            values: values(stored.values)?,
            origins: stored.origins.into_iter().map(|from| from.map(origin)).map(flat).collect::<Option<_>>()?,
            history: stored.history.into_iter().map(event).collect::<Option<_>>()?,
            stage: None,
            since: None,
            past: Past::default(),
        };
        Some(Self {
            version: version.clone(),
            key: stored.key.value()?,
            state: stored.snapshot.with(record),
            turns: stored.turns,
            events: stored.events,
            names: stored.names,
            after: Log::default(),
        })
    }
}

/// A settled lead as it is stored.
#[derive(Serialize, Deserialize)]
struct StoredSettled {
    /// The version of leadpact: another may have worked it out otherwise.
    built_by: String,
    version: i64,
    key: StoredValue,
    turns: usize,
    events: usize,
    names: EventNames,
    snapshot: Snapshot,
    values: Vec<Option<StoredValue>>,
    origins: Vec<Option<(Option<IntakeId>, usize, StoredInstant)>>,
    history: Vec<(KindId, StoredInstant, Vec<Option<StoredValue>>)>,
}

/// An instant as seconds since 1970 and nanoseconds: as short as it can be.
#[derive(Serialize, Deserialize)]
struct StoredInstant(i64, u32);

impl StoredInstant {
    fn of(at: Instant) -> Self {
        Self(at.timestamp(), at.timestamp_subsec_nanos())
    }

    fn instant(&self) -> Option<Instant> {
        Instant::from_timestamp(self.0, self.1)
    }
}

/// A value, exactly: what it is shown as would not tell a word from a text.
#[derive(Serialize, Deserialize)]
enum StoredValue {
    #[serde(rename = "t")]
    Text(Arc<str>),
    #[serde(rename = "w")]
    Word(Arc<str>),
    #[serde(rename = "n")]
    Number(Decimal),
    #[serde(rename = "m")]
    Money(Decimal, String),
    #[serde(rename = "b")]
    Bool(bool),
    #[serde(rename = "d")]
    Date(NaiveDate),
    #[serde(rename = "i")]
    Time(StoredInstant),
    #[serde(rename = "s")]
    Duration(Duration),
    #[serde(rename = "l")]
    List(Vec<StoredValue>),
}

impl StoredValue {
    fn of(value: &Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(text.clone()),
            Value::Word(word) => Self::Word(word.clone()),
            Value::Number(number) => Self::Number(*number),
            Value::Money(Money { amount, currency }) => Self::Money(*amount, currency.to_string()),
            Value::Bool(yes) => Self::Bool(*yes),
            Value::Date(date) => Self::Date(*date),
            Value::Time(at) => Self::Time(StoredInstant::of(*at)),
            Value::Duration(duration) => Self::Duration(*duration),
            Value::List(values) => Self::List(values.iter().map(Self::of).collect()),
        }
    }

    fn value(self) -> Option<Value> {
        Some(match self {
            Self::Text(text) => Value::Text(text),
            Self::Word(word) => Value::Word(word),
            Self::Number(number) => Value::Number(number),
            Self::Money(amount, currency) => Value::Money(Money { amount, currency: Currency::new(&currency)? }),
            Self::Bool(yes) => Value::Bool(yes),
            Self::Date(date) => Value::Date(date),
            Self::Time(at) => Value::Time(at.instant()?),
            Self::Duration(duration) => Value::Duration(duration),
            Self::List(values) => Value::List(values.into_iter().map(Self::value).collect::<Option<_>>()?),
        })
    }
}

fn stored(values: &[Option<Value>]) -> Vec<Option<StoredValue>> {
    values.iter().map(|value| value.as_ref().map(StoredValue::of)).collect()
}

fn values(stored: Vec<Option<StoredValue>>) -> Option<Vec<Option<Value>>> {
    stored.into_iter().map(|value| flat(value.map(StoredValue::value))).collect()
}

/// What may be missing and what cannot be read, told apart: none where it cannot be read.
fn flat<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(read) => read.map(Some),
    }
}
