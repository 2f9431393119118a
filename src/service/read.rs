//! What is asked of kept leads. Nothing of this writes.

use std::sync::Arc;

use serde_json::{Value, json};

use super::family::{Family, Since, parts};
use super::relive::Relived;
use super::{Era, Eras, Service};
use crate::decide::{Decision, decision};
use crate::explain;
use crate::roster::Roster;
use crate::store::{Event, Letter, Result, Standing};

/// A lead as it is now.
pub struct Story {
    /// The life, with all that happened.
    pub lived: Relived,
    /// The decision about it.
    pub decision: Decision,
    /// The decision in words.
    pub words: String,
    /// The whole story in words.
    pub told: String,
}

impl Story {
    /// The same without what the pact marks as personal.
    #[must_use]
    pub fn masked(mut self) -> Self {
        let pact = &self.lived.pact;
        self.decision = self.decision.without_personal(pact);
        if let Some(life) = &self.lived.life {
            self.words = explain::tell_life(pact, life, &self.decision);
        }
        self
    }
}

/// All that is kept of a lead, and of those that became part of it.
pub struct Export {
    /// What was told of it.
    pub events: Vec<Event>,
    /// Where it stands.
    pub standing: Option<Standing>,
    /// What was sent about it, or is to be.
    pub letters: Vec<Letter>,
}

impl Export {
    /// All of it as one value.
    pub fn json(&self, lead: &str) -> Value {
        let events = self.events.iter().map(|event| {
            let row: Value = serde_json::from_str(&event.line).unwrap_or_default();
            json!({"at": event.at, "received": event.received, "source": event.source, "row": row})
        });
        let letters = self.letters.iter().map(|letter| {
            let body: Value = serde_json::from_str(&letter.body).unwrap_or_default();
            json!({"id": letter.id, "at": letter.at, "target": letter.target, "state": letter.state, "body": body})
        });
        json!({
            "lead": lead,
            "events": events.collect::<Vec<_>>(),
            "standing": self.standing,
            "letters": letters.collect::<Vec<_>>(),
        })
    }
}

impl Service {
    /// A lead as it is now; none when nothing is known of it. Until the keeper has done what time does, this is ahead
    /// of it: whose turn it will be in a team is only known when it is.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn story(&self, lead: &str) -> Result<Option<Story>> {
        let key = self.key(lead);
        let now = self.now();
        let eras: Eras = self.eras();
        let lived = self.read(|store| {
            let family = Family::of(store, &key)?;
            let kept_roster = store.single("roster")?.unwrap_or_default();
            let mut roster: Roster = serde_json::from_str(&kept_roster).unwrap_or_default();
            let until = family.lived().map_or(now, |lived| lived.max(now));
            let all = family.live(&eras, &mut roster, until, Since::Beginning);
            Ok(all.into_iter().find(|(member, _)| member.lead == key).map(|(_, lived)| lived))
        })?;
        Ok(lived.and_then(|lived| {
            let life = lived.life.as_ref()?;
            let pact = &lived.pact;
            let earlier = lived.earlier.iter().rev();
            let decision =
                earlier.fold(decision(pact, life, &lived.story), |decision, (pact, story)| decision.after(pact, story));
            let words = explain::tell_life(pact, life, &decision);
            let happened = lived.entries.iter().map(|happened| (happened.entry.at, happened.said.clone()));
            let told = explain::life(pact, life, &happened.collect::<Vec<_>>(), &decision);
            Some(Story { decision, words, told, lived })
        }))
    }

    /// All that is kept of a lead, and of those that became part of it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn export(&self, lead: &str) -> Result<Option<Export>> {
        let key = self.key(lead);
        self.read(|store| {
            let family = Family::of(store, &key)?;
            let Some(lead) = family.members().iter().find(|member| member.lead == key) else { return Ok(None) };
            let until = family.lived().unwrap_or_else(|| self.now());
            let all = family.live(&self.eras(), &mut Roster::default(), until, Since::Milestone);
            let members = || [lead].into_iter().chain(parts(&all, &key));
            let letters: Result<Vec<Vec<Letter>>> = members().map(|member| store.letters_of(&member.lead)).collect();
            let standing = store.said(&key)?.and_then(|said| serde_json::from_str(&said).ok());
            let events = members().flat_map(|member| &member.events).cloned().collect();
            Ok(Some(Export { events, standing, letters: letters?.concat() }))
        })
    }

    /// The pacts that were in force, the oldest first, each with how many leads have been lived up to it and not yet
    /// beyond.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn migrations(&self) -> Result<Vec<(Era, i64)>> {
        let eras = self.eras();
        let counts = self.read(|store| store.leads_by_epoch())?;
        let leads = |era: &Era| counts.iter().find(|(number, _)| *number == era.number).map_or(0, |(_, leads)| *leads);
        Ok(eras.all().map(|(era, _)| (era.clone(), leads(era))).collect())
    }

    /// What the keeper has done.
    pub fn progress(&self) -> &Arc<super::Progress> {
        &self.progress
    }
}
