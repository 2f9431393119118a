//! Events are submitted: stored, and their leads advanced.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use super::ServiceChange;
use super::job::Done;
use super::live_leads::LeadNews;
use super::new_events::{Accepted, NewEvents, OTHER_BODY, RejectedRow};
use super::new_rows::{NewRow, Places};
use super::pact_versions::PactVersion;
use super::writer::Writer;
use crate::leads::EventReader;
use crate::store::{Answered, Fault, Result, stored_json, to_stored_json};
use crate::time::Instant;
use chrono::TimeDelta;

/// For how long a request is taken for one that came before because its body is the same.
const REPEATED: TimeDelta = TimeDelta::minutes(1);

/// By what it is known that a request came before.
struct RequestKey {
    key: String,
    /// The hash of its body.
    body: String,
    /// Whether the client gave it the key; else it is known by its rows.
    given: bool,
}

impl RequestKey {
    fn of(request: &NewEvents) -> Result<Option<Self>> {
        let given = request.idempotency.clone().map(|(key, body)| Self { key, body, given: true });
        let by_body = || Ok(request.known_by_body()?.map(|(key, body)| Self { key, body, given: false }));
        given.map_or_else(by_body, |given| Ok(Some(given)))
    }

    fn answered(&self, answer: &impl serde::Serialize, at: Instant) -> Result<(String, Answered)> {
        Ok((self.key.clone(), Answered { body: self.body.clone(), answer: to_stored_json(answer)?, at }))
    }
}

/// A request whose rows are read and not stored yet.
struct ReadRequest<'s> {
    source: &'s str,
    rows: Vec<NewRow<'s>>,
    /// The places of those that say no instant were theirs before.
    again: bool,
    /// What it is answered, as far as that is known.
    answer: Accepted,
}

/// What became of a request.
enum Request<'s> {
    /// It came before, and is answered as then.
    Known(Accepted),
    Read(ReadRequest<'s>),
}

/// What a write has stored of each lead.
type News = BTreeMap<String, LeadNews>;

impl Writer {
    /// Makes the rows of requests durable, once, each with the answer to it.
    fn store_requests(
        &mut self,
        submitted: &[NewEvents],
        now: Instant,
        places: &mut Places,
        news: &mut News,
    ) -> Result<Vec<Accepted>> {
        let versions = self.versions();
        let Some(version) = versions.last() else { return Err(Fault("no pact is in force".to_owned())) };
        let keys: Vec<Option<RequestKey>> = submitted.iter().map(RequestKey::of).collect::<Result<_>>()?;
        let mut answers = Vec::with_capacity(submitted.len());
        let mut rest = submitted.iter().zip(&keys).peekable();
        while rest.peek().is_some() {
            // one that comes twice in one write is known the second time
            let mut apart = BTreeSet::new();
            let mut some = Vec::new();
            while let Some(next) =
                rest.next_if(|(_, key)| key.as_ref().is_none_or(|key| apart.insert(key.key.as_str())))
            {
                some.push(next);
            }
            answers.extend(self.store_apart(&some, version, now, places, news)?);
        }
        Ok(answers)
    }

    /// Stores requests of which none is another one.
    fn store_apart(
        &mut self,
        submitted: &[(&NewEvents, &Option<RequestKey>)],
        version: &PactVersion,
        now: Instant,
        places: &mut Places,
        news: &mut News,
    ) -> Result<Vec<Accepted>> {
        let keys = submitted.iter().filter_map(|(_, key)| Some(key.as_ref()?.key.as_str()));
        let answered = self.store.answered(keys)?;
        let mut to_answer: Vec<(String, Answered)> = Vec::new();
        let mut requests = Vec::with_capacity(submitted.len());
        for (submitted, key) in submitted {
            let before = key.as_ref().and_then(|key| answered.get(&key.key));
            requests.push(match (key, before) {
                (Some(key), Some(before)) if key.given && before.body != key.body => {
                    let rejected = vec![RejectedRow { line: 0, reason: OTHER_BODY.to_owned() }];
                    Request::Known(Accepted { rejected, ..Accepted::default() })
                }
                (Some(key), Some(before)) if key.given => {
                    Request::Known(stored_json("the answer to a request", &before.answer)?)
                }
                (Some(key), Some(before)) if !key.given && now.signed_duration_since(before.at) < REPEATED => {
                    let next = stored_json("the instant of a request", &before.answer)?;
                    Request::Read(read(version, submitted, &mut Places { now, next, again: true })?)
                }
                (key, _) => {
                    let by_body = key.as_ref().filter(|key| !key.given);
                    to_answer.extend(by_body.map(|key| key.answered(&places.next, now)).transpose()?);
                    Request::Read(read(version, submitted, places)?)
                }
            });
        }
        self.store_rows(version, &mut requests, places, news)?;
        let mut answers = Vec::with_capacity(requests.len());
        for (request, (_, key)) in requests.into_iter().zip(submitted) {
            answers.push(match request {
                Request::Known(answer) => answer,
                Request::Read(ReadRequest { answer, .. }) => {
                    let given = key.as_ref().filter(|key| key.given);
                    to_answer.extend(given.map(|key| key.answered(&answer, now)).transpose()?);
                    answer
                }
            });
        }
        self.store.put_answers(&to_answer)?;
        Ok(answers)
    }

    /// Stores the rows of requests, and says in their answers which of them are new.
    fn store_rows(
        &mut self,
        version: &PactVersion,
        requests: &mut [Request<'_>],
        places: &mut Places,
        news: &mut News,
    ) -> Result<()> {
        let rows = requests.iter().flat_map(|request| match request {
            Request::Known(_) => &[],
            Request::Read(read) => &*read.rows,
        });
        let rows: Vec<_> = rows.map(|row| (&*row.lead, &row.stored)).collect();
        let mut new = self.store.put_events(&rows)?.into_iter();
        for request in requests {
            let Request::Read(ReadRequest { source, rows, again, answer }) = request else { continue };
            let mut names = BTreeMap::new();
            for (mut row, mut new) in std::mem::take(rows).into_iter().zip(new.by_ref()) {
                while row.placed && !new && !*again {
                    // another instance stored one that is alike at this very instant: they are two
                    let mut reader = reader(version, source);
                    let Ok(next) = NewRow::read(&mut reader, source, row.submitted, places)? else { break };
                    row = next;
                    new = self.store.put_events(&[(&row.lead, &row.stored)])?.contains(&true);
                }
                *(if new { &mut answer.accepted } else { &mut answer.known }) += 1;
                for relation in &row.relations {
                    for lead in relation.put(&mut *self.store, &row.lead)? {
                        news.entry(lead).or_default().related = true;
                    }
                }
                names.entry(row.lead.clone()).or_insert_with(|| row.key.to_string());
                if new {
                    let news = news.entry(row.lead).or_default();
                    news.events.extend(row.events);
                    news.keys.push(row.key);
                    news.received = Some(row.stored.received);
                }
            }
            answer.leads = names.into_values().collect();
        }
        Ok(())
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
                let (mut news, mut places) = (News::new(), Places::new(now, writer.placed));
                let answers = writer.store_requests(&submitted, now, &mut places, &mut news)?;
                let until = places.until();
                writer.placed = places.next;
                let leads = match caught_up {
                    true => writer.advance_all(news, until, roster)?,
                    // it is too much to wait for: they come after it
                    false => {
                        for lead in news.keys() {
                            writer.store.put_due(lead, until)?;
                            writer.live.forget(lead);
                        }
                        writer.store.put_changes(news.keys().map(String::as_str))?;
                        Vec::new()
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
                    (self.changed)(ServiceChange::Leads(leads));
                }
            }
            Err(fault) => {
                done.into_iter().for_each(|done| done(Err(fault.clone())));
                self.failed(&fault);
            }
        }
    }
}

/// Reads the rows of a request.
fn read<'s>(version: &PactVersion, submitted: &'s NewEvents, places: &mut Places) -> Result<ReadRequest<'s>> {
    let mut reader = reader(version, &submitted.source);
    let (mut rows, mut answer) = (Vec::with_capacity(submitted.rows.len()), Accepted::default());
    for row in &submitted.rows {
        match NewRow::read(&mut reader, &submitted.source, row, places)? {
            Ok(read) => rows.push(read),
            Err(reason) => answer.rejected.push(RejectedRow { line: row.line, reason }),
        }
    }
    let passed_over = reader.passed_over();
    answer.unused = passed_over.unused().map(str::to_owned).collect();
    answer.unreadable = passed_over.unreadable().cloned().collect();
    Ok(ReadRequest { source: &submitted.source, rows, again: places.again, answer })
}

fn reader<'v>(version: &'v PactVersion, source: &str) -> EventReader<'v> {
    EventReader::new(&version.pact, version.pact.intake(source))
}
