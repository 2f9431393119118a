//! Events are submitted: stored, and their leads advanced.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use super::ServiceChange;
use super::merge_group::Relation;
use super::new_events::{Accepted, NewEvents, OTHER_BODY, RejectedRow};
use super::writer::{Done, Writer};
use crate::io::Raw;
use crate::leads::{self, EventReader};
use crate::store::{Fault, Result, StoredEvent};
use crate::time::Instant;

/// The most bytes of a lead's key: stores index it.
const LONGEST_KEY: usize = 255;

impl Writer {
    /// Makes the rows of one request durable.
    fn store_events(&mut self, submitted: &NewEvents, now: Instant, leads: &mut BTreeSet<String>) -> Result<Accepted> {
        if let Some((key, body)) = &submitted.idempotency
            && let Some((was, answer)) = self.store.answered(key)?
        {
            if was != *body {
                let rejected = vec![RejectedRow { line: 0, reason: OTHER_BODY.to_owned() }];
                return Ok(Accepted { rejected, ..Accepted::default() });
            }
            return serde_json::from_str(&answer).map_err(|error| Fault(error.to_string()));
        }
        let versions = self.versions();
        let Some(version) = versions.last() else { return Err(Fault("no pact is in force".to_owned())) };
        let mut answer = Accepted::default();
        let mut names = BTreeMap::new();
        let intake = version.pact.intake(&submitted.source);
        let mut reader = EventReader::new(&version.pact, intake);
        for row in &submitted.rows {
            let mut row = row.clone();
            if intake.is_none() && row.get("at").is_none() {
                row.fields.push(("at".into(), Raw::Text(now.to_rfc3339().into())));
            }
            let leads::EventRow { key, lead, events } = match reader.read(&row) {
                Ok(submitted) => submitted,
                Err(reason) => {
                    answer.rejected.push(RejectedRow { line: row.line, reason });
                    continue;
                }
            };
            let others = events.iter().flat_map(|event| Relation::of(&version.pact, event));
            let others: Vec<Relation> = others.collect();
            if key.len() > LONGEST_KEY || others.iter().any(|relation| relation.key_length() > LONGEST_KEY) {
                let reason = format!("a lead's key has {LONGEST_KEY} bytes at most");
                answer.rejected.push(RejectedRow { line: row.line, reason });
                continue;
            }
            if events.iter().any(|event| event.at < Instant::UNIX_EPOCH) {
                let reason = "`at` lies before 1970: is its year right?".to_owned();
                answer.rejected.push(RejectedRow { line: row.line, reason });
                continue;
            }
            let event = StoredEvent {
                at: events.iter().map(|event| event.at).min().unwrap_or(now),
                received: now,
                source: submitted.source.clone(),
                line: serde_json::to_string(&row).map_err(|error| Fault(error.to_string()))?,
            };
            for relation in others {
                leads.extend(relation.put(&mut *self.store, &key)?);
            }
            if self.store.put_event(&key, &event)? {
                answer.accepted += 1;
                leads.insert(key.clone());
            } else {
                answer.known += 1;
            }
            names.entry(key).or_insert_with(|| lead.to_string());
        }
        answer.leads = names.into_values().collect();
        let passed_over = reader.passed_over();
        answer.unused = passed_over.unused().map(str::to_owned).collect();
        answer.unreadable = passed_over.unreadable().cloned().collect();
        Ok(answer)
    }

    /// Stores what several requests submit, with one write, and advances the leads.
    pub(super) fn store_submitted(&mut self, submitted: Vec<(NewEvents, Done<Accepted>)>) {
        if submitted.is_empty() {
            return;
        }
        let now = (self.clock)();
        let (submitted, done): (Vec<NewEvents>, Vec<Done<Accepted>>) = submitted.into_iter().unzip();
        // what is due by now comes before what is submitted now
        let taken = self.catch_up(now).and_then(|()| {
            self.write(|writer, roster| {
                let mut leads = BTreeSet::new();
                let answers: Result<Vec<Accepted>> =
                    submitted.iter().map(|submitted| writer.store_events(submitted, now, &mut leads)).collect();
                let answers = answers?;
                let leads = writer.advance_all(leads, now, roster)?;
                for (submitted, answer) in submitted.iter().zip(&answers) {
                    if let Some((key, body)) = &submitted.idempotency {
                        let answer = serde_json::to_string(answer).map_err(|error| Fault(error.to_string()))?;
                        if writer.store.answered(key)?.is_none() {
                            writer.store.put_answer(key, body, &answer, now)?;
                        }
                    }
                }
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
