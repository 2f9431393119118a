//! Events are submitted: stored, and their leads advanced.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use super::ServiceChange;
use super::merge_group::Relation;
use super::new_events::{Accepted, NewEvents, OTHER_BODY, RejectedRow, says_no_instant};
use super::writer::{Done, Writer};
use crate::io::{Raw, Row};
use crate::leads::{self, EventReader};
use crate::store::{Fault, Result, StoredEvent, instant, micros, stored_json, to_stored_json};
use crate::time::Instant;
use chrono::TimeDelta;

/// For how long a request is taken for one that came before because its body is the same.
const REPEATED: TimeDelta = TimeDelta::minutes(1);

/// A row that is durable.
struct StoredRow {
    key: String,
    /// The lead's key as the row has it.
    lead: String,
    /// Whether it was not known.
    new: bool,
}

/// The instants of what says none: the one at which it came, and each a little after the one before it, so that they keep
/// their order and two that are alike are two.
struct Places {
    /// When what is written now came.
    now: Instant,
    /// The next of them.
    next: Instant,
    /// They were given before, to the same request.
    again: bool,
}

impl Places {
    /// From now on, and after those that were given before.
    fn new(now: Instant, given: Instant) -> Self {
        Self { now, next: now.max(given), again: false }
    }

    fn next(&mut self) -> Instant {
        let place = self.next;
        self.next += TimeDelta::nanoseconds(1);
        place
    }

    /// Until when leads are advanced, so that all of it has happened: instants are stored to the microsecond.
    fn until(&self) -> Instant {
        instant(micros((self.next - TimeDelta::nanoseconds(1)).max(self.now)))
    }
}

/// The most bytes of a lead's key: stores index it.
const LONGEST_KEY: usize = 255;

impl Writer {
    /// Makes the rows of one request durable, once, with the answer to it.
    fn store_events(
        &mut self,
        submitted: &NewEvents,
        now: Instant,
        places: &mut Places,
        leads: &mut BTreeSet<String>,
    ) -> Result<Accepted> {
        if let Some((key, body)) = &submitted.idempotency
            && let Some((was, answer, _)) = self.store.answered(key)?
        {
            if was != *body {
                let rejected = vec![RejectedRow { line: 0, reason: OTHER_BODY.to_owned() }];
                return Ok(Accepted { rejected, ..Accepted::default() });
            }
            return stored_json("the answer to a request", &answer);
        }
        let answer = match self.places_of_before(submitted, now, places)? {
            Some(mut before) => self.store_rows(submitted, now, &mut before, leads)?,
            None => self.store_rows(submitted, now, places, leads)?,
        };
        if let Some((key, body)) = &submitted.idempotency {
            self.store.put_answer(key, body, &to_stored_json(&answer)?, now)?;
        }
        Ok(answer)
    }

    /// The places that the rows of a request had when it came before, where it is known by its body; else it is known
    /// from now on.
    fn places_of_before(&mut self, submitted: &NewEvents, now: Instant, places: &Places) -> Result<Option<Places>> {
        let Some((key, body)) = submitted.known_by_body()? else { return Ok(None) };
        if let Some((_, first, at)) = self.store.answered(&key)?
            && now.signed_duration_since(at) < REPEATED
        {
            let next = stored_json("the instant of a request", &first)?;
            return Ok(Some(Places { now, next, again: true }));
        }
        self.store.put_answer(&key, &body, &to_stored_json(&places.next)?, now)?;
        Ok(None)
    }

    fn store_rows(
        &mut self,
        submitted: &NewEvents,
        now: Instant,
        places: &mut Places,
        leads: &mut BTreeSet<String>,
    ) -> Result<Accepted> {
        let versions = self.versions();
        let Some(version) = versions.last() else { return Err(Fault("no pact is in force".to_owned())) };
        let mut answer = Accepted::default();
        let mut names = BTreeMap::new();
        let intake = version.pact.intake(&submitted.source);
        let mut reader = EventReader::new(&version.pact, intake);
        for row in &submitted.rows {
            match self.store_row(&mut reader, (&submitted.source, row), now, places, leads)? {
                Ok(StoredRow { key, lead, new }) => {
                    *(if new { &mut answer.accepted } else { &mut answer.known }) += 1;
                    names.entry(key).or_insert(lead);
                }
                Err(reason) => answer.rejected.push(RejectedRow { line: row.line, reason }),
            }
        }
        answer.leads = names.into_values().collect();
        let passed_over = reader.passed_over();
        answer.unused = passed_over.unused().map(str::to_owned).collect();
        answer.unreadable = passed_over.unreadable().cloned().collect();
        Ok(answer)
    }

    /// Makes a row durable, or says why it cannot be. One that does not say when it happened happened when it came, in its place
    /// among the others.
    fn store_row(
        &mut self,
        reader: &mut EventReader<'_>,
        (source, row): (&str, &Row),
        now: Instant,
        places: &mut Places,
        leads: &mut BTreeSet<String>,
    ) -> Result<std::result::Result<StoredRow, String>> {
        let placed = says_no_instant(source, row);
        loop {
            let mut row = row.clone();
            if placed {
                row.fields.push(("at".into(), Raw::Text(places.next().to_rfc3339().into())));
            }
            let leads::EventRow { key, lead, events } = match reader.read(&row) {
                Ok(read) => read,
                Err(reason) => return Ok(Err(reason)),
            };
            let others = events.iter().flat_map(|event| Relation::of(reader.pact(), event));
            let others: Vec<Relation> = others.collect();
            if key.len() > LONGEST_KEY || others.iter().any(|relation| relation.key_length() > LONGEST_KEY) {
                return Ok(Err(format!("a lead's key has {LONGEST_KEY} bytes at most")));
            }
            if events.iter().any(|event| event.at < Instant::UNIX_EPOCH) {
                return Ok(Err("`at` lies before 1970: is its year right?".to_owned()));
            }
            let event = StoredEvent {
                at: events.iter().map(|event| event.at).min().unwrap_or(now),
                received: now,
                source: source.to_owned(),
                line: to_stored_json(&row)?,
            };
            let new = self.store.put_event(&key, &event)?;
            if placed && !new && !places.again {
                // another instance stored one that is alike at this very instant: they are two
                continue;
            }
            for relation in others {
                leads.extend(relation.put(&mut *self.store, &key)?);
            }
            if new {
                leads.insert(key.clone());
            }
            return Ok(Ok(StoredRow { key, lead: lead.to_string(), new }));
        }
    }

    /// Stores what several requests submit, with one write, and advances the leads.
    pub(super) fn store_submitted(&mut self, submitted: Vec<(NewEvents, Done<Accepted>)>) {
        if submitted.is_empty() {
            return;
        }
        let now = (self.clock)();
        let (submitted, done): (Vec<NewEvents>, Vec<Done<Accepted>>) = submitted.into_iter().unzip();
        // what is due by now comes before what is submitted now
        let taken = self.catch_up(now, 1).and_then(|caught_up| {
            self.write(|writer, roster| {
                let (mut leads, mut places) = (BTreeSet::new(), Places::new(now, writer.placed));
                let answers: Result<Vec<Accepted>> = submitted
                    .iter()
                    .map(|submitted| writer.store_events(submitted, now, &mut places, &mut leads))
                    .collect();
                let answers = answers?;
                let until = places.until();
                writer.placed = places.next;
                let leads = match caught_up {
                    true => writer.advance_all(leads, until, roster)?,
                    // it is too much to wait for: they come after it
                    false => {
                        leads.iter().try_for_each(|lead| writer.store.put_due(lead, until))?;
                        BTreeSet::new()
                    }
                };
                Ok((answers, leads))
            })
        });
        match taken {
            Ok((answers, leads)) => {
                let sum = |count: fn(&Accepted) -> u64| answers.iter().map(count).sum();
                self.progress.events.fetch_add(sum(|a| a.accepted), Ordering::Relaxed);
                self.progress.rejected.fetch_add(sum(|a| a.rejected.len() as u64), Ordering::Relaxed);
                done.into_iter().zip(answers).for_each(|(done, answer)| done(Ok(answer)));
                if !leads.is_empty() {
                    (self.changed)(ServiceChange::Leads(leads.into_iter().collect()));
                }
            }
            Err(fault) => {
                done.into_iter().for_each(|done| done(Err(fault.clone())));
                self.failed(&fault);
            }
        }
    }
}
