//! What a service that embeds Leadpact hands in and gets out: leads and events as JSON, a lead's timeline as data.

use serde::Serialize;

use crate::decide::{Decision, EntryReport, decision, timeline_entry};
use crate::diagnostic::closest;
use crate::io::{Raw, Row};
use crate::leads::{EventReader, read_lead};
use crate::lifecycle::{Log, replay_events};
use crate::pact::{IntakeId, Pact};
use crate::record::Record;
use crate::time::Instant;

/// A lead or an event that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RowError {
    /// The pact has no `source` of the name.
    #[error("the pact has no source `{name}`{}", meant.as_ref().map(|meant| format!(": did you mean `{meant}`?")).unwrap_or_default())]
    UnknownSource {
        /// The name.
        name: String,
        /// The closest name that there is.
        meant: Option<String>,
    },
    /// The row is no JSON object, says something that the pact does not know, or lacks what it must have.
    #[error("row {row}: {reason}")]
    Invalid {
        /// The row's number, from 1.
        row: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// An event is of another lead than the first one.
    #[error("row {row} is an event of lead `{lead}`, and the rows before it are events of `{first}`")]
    OtherLead {
        /// The row's number, from 1.
        row: usize,
        /// The key of its lead.
        lead: String,
        /// The key of the first row's lead.
        first: String,
    },
    /// There is no event, and so no lead.
    #[error("there is no event: a timeline begins with the first event of its lead")]
    NoEvent,
}

impl Record {
    /// A lead from a JSON object, or from anything that serializes as one.
    ///
    /// Without a `source`, the keys are the pact's fields; with one, the columns of that system as the pact maps them.
    /// Values are converted as those of a file: a text that says a date is a date. What cannot be read is missing where the
    /// source says so, and where no clause of the pact asks for the field and a lead may lack it.
    ///
    /// # Errors
    /// When the pact has no such source, or the object does not make a lead.
    ///
    /// ```
    /// use leadpact::{Pact, Record};
    ///
    /// let pact = Pact::from_files([("a.pact", "pact p { parties sales }  lead { id text key  employees integer }")])?;
    /// let lead = Record::from_json(&pact, None, &serde_json::json!({"id": "7", "employees": 80}))?;
    /// let wrong = Record::from_json(&pact, None, &serde_json::json!({"id": "7", "employees": "many"}));
    /// assert_eq!(wrong.unwrap_err().to_string(), "row 1: `employees`: `many` is not a whole number");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_json(pact: &Pact, source: Option<&str>, lead: &impl Serialize) -> Result<Self, RowError> {
        let intake = source.map(|name| intake(pact, name)).transpose()?;
        let row = row(1, lead)?;
        let record = read_lead(pact, intake, &row);
        record.map(|record| *record).map_err(|reason| RowError::Invalid { row: 1, reason })
    }
}

/// A lead's way through its stages up to an instant: what happened and when, and where that leaves the lead.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Timeline {
    /// What happened, the oldest first: moves, clocks, hand-overs, recycles, requested actions.
    pub entries: Vec<EntryReport>,
    /// The decision at the instant.
    pub decision: Decision,
}

impl Timeline {
    /// Replays the events of one lead up to an instant; later ones have not happened yet. Events may come in any order,
    /// and one that comes twice counts once. Where a team shares leads, the lead goes to the team as a whole: whose turn
    /// it is hangs on all other leads, and only the service knows those.
    ///
    /// Without a `source`, an event is an object such as
    /// `{"lead": "7", "at": "2026-03-02T09:00:00Z", "event": "demo_request"}`; with one, a row of that system.
    ///
    /// # Errors
    /// When the pact has no such source, a row is no event, they are events of several leads, or there is none.
    ///
    /// ```
    /// use leadpact::{Pact, Timeline};
    ///
    /// let pact = Pact::from_files([("a.pact", r#"
    ///     pact small { parties marketing, sales }
    ///     lead { id text key }
    ///     activity demo_request
    ///     pipeline all {
    ///       stage inquiry { owner marketing  move to mql when any demo_request }
    ///       stage mql { owner sales  final }
    ///     }"#)])?;
    /// let events = [serde_json::json!({"lead": "7", "at": "2026-03-02T09:00:00Z", "event": "demo_request"})];
    /// let timeline = Timeline::replay(&pact, None, &events, "2026-03-03T09:00:00Z".parse()?)?;
    /// assert_eq!(timeline.decision.stage.as_deref(), Some("mql"));
    /// assert_eq!(timeline.entries[0].at, "2026-03-02T09:00:00+00:00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn replay<'e, E: Serialize + 'e>(
        pact: &Pact,
        source: Option<&str>,
        events: impl IntoIterator<Item = &'e E>,
        until: Instant,
    ) -> Result<Self, RowError> {
        let mut reader = EventReader::new(pact, source.map(|name| intake(pact, name)).transpose()?);
        let mut first: Option<(String, Record)> = None;
        let mut all = Vec::new();
        for (number, event) in (1..).zip(events) {
            let read = reader.read(&row(number, event)?);
            let read = read.map_err(|reason| RowError::Invalid { row: number, reason })?;
            match &first {
                None => {
                    let mut record = Record::new(pact);
                    record.set(pact.key, Some(read.lead));
                    first = Some((read.key, record));
                }
                Some((key, record)) if *key != read.key => {
                    let first = record.value(pact.key).map(ToString::to_string).unwrap_or_default();
                    return Err(RowError::OtherLead { row: number, lead: read.lead.to_string(), first });
                }
                Some(_) => {}
            }
            all.extend(read.events);
        }
        let (_, record) = first.ok_or(RowError::NoEvent)?;
        let (state, log) = replay_events(pact, record, &Log::of(all), until);
        let key = state.key(pact).into();
        let entries = log.entries.iter().map(|entry| timeline_entry(pact, &key, entry)).collect();
        Ok(Self { entries, decision: decision(pact, &state, &log) })
    }
}

fn intake(pact: &Pact, name: &str) -> Result<IntakeId, RowError> {
    pact.intake(name).ok_or_else(|| {
        let meant = closest(name, pact.intakes.iter().map(|intake| &*intake.name));
        RowError::UnknownSource { name: name.to_owned(), meant: meant.map(str::to_owned) }
    })
}

/// A row of anything that serializes as an object.
fn row(number: usize, value: &impl Serialize) -> Result<Row, RowError> {
    let invalid = |reason: String| RowError::Invalid { row: number, reason };
    let value = serde_json::to_value(value).map_err(|error| invalid(error.to_string()))?;
    match serde_json::from_value(value).map_err(|error| invalid(error.to_string()))? {
        Raw::Map(fields) => Ok(Row { line: number as u64, fields }),
        other => Err(invalid(format!("it is {}, and not an object", other.kind()))),
    }
}
