//! Queries about stored leads. None of them writes.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::merge_group::{MergeGroup, Since, parts};
use super::rehydrate::Rehydrated;
use super::stored_roster::stored_roster;
use super::{PactVersion, PactVersions, Service};
use crate::decide::{Decision, FieldReport, decision, field_reports};
use crate::explain;
use crate::roster::Roster;
use crate::store::{Delivery, PactStart, Projection, Result, StoredEvent, stored_json};

/// A lead as it is now.
pub struct LeadView {
    /// The state, with all that happened.
    pub rehydrated: Rehydrated,
    /// The decision about it.
    pub decision: Decision,
    /// What is known of it, and where that came from.
    pub fields: Vec<FieldReport>,
    /// The decision in words.
    pub words: String,
    /// The whole timeline in words.
    pub timeline_words: String,
}

impl LeadView {
    /// The same without what the pact marks as personal.
    #[must_use]
    pub fn masked(mut self) -> Self {
        let pact = &self.rehydrated.pact;
        self.decision = self.decision.without_personal(pact);
        self.fields = self.fields.into_iter().map(|field| field.masked(pact)).collect();
        if let Some(state) = &self.rehydrated.state {
            self.words = explain::decision_words(pact, state, &self.decision);
        }
        self
    }
}

/// All that is stored of a lead, and of those that became part of it.
pub struct Export {
    /// Its events.
    pub events: Vec<StoredEvent>,
    /// Its projection.
    pub projection: Option<Projection>,
    /// What was sent about it, or is to be.
    pub deliveries: Vec<Delivery>,
}

/// A pact that was in force, or is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionReport {
    /// Its number, from 1.
    pub number: i64,
    /// Since when, in its zone.
    pub since: String,
    /// Its digest.
    pub digest: Arc<str>,
    /// Its version, as it says.
    pub version: Option<Arc<str>>,
    /// The environment whose params held.
    pub environment: Option<Arc<str>>,
    /// How many leads have been replayed up to it and not yet beyond.
    pub leads: i64,
}

impl Export {
    /// All of it as one value.
    pub fn json(&self, lead: &str) -> Value {
        let events = self.events.iter().map(|event| {
            // what is no JSON is exported as it is
            let row: Value = serde_json::from_str(&event.line).unwrap_or_else(|_| event.line.as_str().into());
            json!({"at": event.at, "received": event.received, "source": event.source, "row": row})
        });
        let deliveries = self.deliveries.iter().map(|delivery| {
            let body: Value = serde_json::from_str(&delivery.body).unwrap_or_else(|_| delivery.body.as_str().into());
            json!({"id": delivery.id, "at": delivery.at, "target": delivery.target, "state": delivery.state, "body": body})
        });
        json!({
            "lead": lead,
            "events": events.collect::<Vec<_>>(),
            "projection": self.projection,
            "deliveries": deliveries.collect::<Vec<_>>(),
        })
    }
}

impl Service {
    /// A lead as it is now; none when nothing is known of it. Until the writer has done what time does, this is ahead
    /// of it: whose turn it will be in a team is only known when it is.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn timeline(&self, lead: &str) -> Result<Option<LeadView>> {
        let key = self.key(lead);
        let now = self.now();
        let versions: PactVersions = self.versions();
        let rehydrated = self.read(|store| {
            let merge_group = MergeGroup::of(store, &key)?;
            let mut roster = stored_roster(store)?;
            let until = merge_group.replayed_until().map_or(now, |rehydrated| rehydrated.max(now));
            let all = merge_group.rehydrate(&versions, &mut roster, until, Since::Beginning)?;
            Ok(all.into_iter().find(|(member, _)| member.lead == key).map(|(_, rehydrated)| rehydrated))
        })?;
        Ok(rehydrated.and_then(|rehydrated| {
            let state = rehydrated.state.as_ref()?;
            let pact = &rehydrated.pact;
            let earlier = rehydrated.earlier.iter().rev();
            let decision = earlier.fold(decision(pact, state, &rehydrated.timeline), |decision, (pact, timeline)| {
                decision.after(pact, timeline)
            });
            let words = explain::decision_words(pact, state, &decision);
            let happened = rehydrated.entries.iter().map(|happened| (happened.entry.at, happened.report.clone()));
            let timeline_words = explain::timeline(pact, state, &happened.collect::<Vec<_>>(), &decision);
            let fields = field_reports(pact, &state.record);
            Some(LeadView { decision, fields, words, timeline_words, rehydrated })
        }))
    }

    /// All that is stored of a lead, and of those that became part of it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn export(&self, lead: &str) -> Result<Option<Export>> {
        let key = self.key(lead);
        self.read(|store| {
            let merge_group = MergeGroup::of(store, &key)?;
            let Some(lead) = merge_group.members().iter().find(|member| member.lead == key) else { return Ok(None) };
            let until = merge_group.replayed_until().unwrap_or_else(|| self.now());
            let all = merge_group.rehydrate(&self.versions(), &mut Roster::default(), until, Since::Checkpoint)?;
            let members = || [lead].into_iter().chain(parts(&all, &key).into_iter().map(|(part, _)| part));
            let deliveries: Result<Vec<Vec<Delivery>>> =
                members().map(|member| store.deliveries_of(&member.lead)).collect();
            let projection = store.projection(&key)?;
            let projection = projection.map(|json| stored_json("the projection of a lead", &json)).transpose()?;
            let events = members().flat_map(|member| &member.events).cloned().collect();
            Ok(Some(Export { events, projection, deliveries: deliveries?.concat() }))
        })
    }

    /// The pacts that were in force, the oldest first, each with how many leads have been replayed up to it and not yet
    /// beyond.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn migrations(&self) -> Result<Vec<VersionReport>> {
        let versions = self.versions();
        let counts = self.read(|store| store.leads_by_version())?;
        let report = |start: PactStart| {
            let PactVersion { number, since, pact } = versions.load(start)?;
            let leads = counts.iter().find(|(counted, _)| *counted == number).map_or(0, |(_, leads)| *leads);
            let since = pact.zone.rfc3339(since);
            let (digest, version) = (pact.digest.clone(), pact.version.clone());
            Ok(VersionReport { number, since, digest, version, environment: pact.environment.clone(), leads })
        };
        versions.all().map(|(start, _)| report(start)).collect()
    }

    /// What the writer has done.
    pub fn progress(&self) -> &Arc<super::Progress> {
        &self.progress
    }
}
