//! The pacts that were in force, one after the other, loaded from the texts that the store keeps of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::load::load;
use crate::pact::Pact;
use crate::store::{Fault, Result, Store, StoredPact, stored_json};
use crate::time::Instant;
use crate::world::Memory;

/// A pact, and since when it is in force.
#[derive(Debug, Clone)]
pub struct PactVersion {
    /// Its number, from 1.
    pub number: i64,
    /// Since when. The first holds for all that was before, too.
    pub since: Instant,
    /// The pact.
    pub pact: Arc<Pact>,
}

/// All pacts that were in force in a store, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct PactVersions(Vec<PactVersion>);

impl PactVersions {
    /// Learns what was taken into force since, here or by another instance.
    ///
    /// # Errors
    /// When the store does not answer, or holds a pact that this version cannot read.
    pub fn refresh(&mut self, store: &mut dyn Store) -> Result<()> {
        let last = self.0.last().map_or(0, |version| version.number);
        for version in store.pacts_after(last)? {
            let pact = read(&version)?;
            self.0.push(PactVersion { number: version.number, since: version.since, pact: Arc::new(pact) });
        }
        Ok(())
    }

    /// One pact for all that ever was.
    pub(super) fn only(version: &PactVersion) -> Self {
        Self(vec![PactVersion { since: Instant::MIN_UTC, ..version.clone() }])
    }

    /// The pact in force.
    pub fn last(&self) -> Option<&PactVersion> {
        self.0.last()
    }

    /// Those up to a number.
    pub(super) fn up_to(&self, number: i64) -> Self {
        Self(self.0.iter().filter(|version| version.number <= number).cloned().collect())
    }

    /// The pact in force at an instant.
    pub(super) fn at(&self, instant: Instant) -> Option<&PactVersion> {
        self.0.iter().rev().find(|version| version.since <= instant).or(self.0.first())
    }

    /// A pact by its number.
    pub(super) fn find(&self, number: i64) -> Option<&PactVersion> {
        self.0.iter().rev().find(|version| version.number == number)
    }

    /// Every pact, with the instant at which the next one takes its place.
    pub(super) fn all(&self) -> impl Iterator<Item = (&PactVersion, Option<Instant>)> {
        let until = self.0.iter().skip(1).map(|version| Some(version.since)).chain([None]);
        self.0.iter().zip(until)
    }

    /// Takes a pact into force.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) fn begin(&mut self, store: &mut dyn Store, pact: &Arc<Pact>, since: Instant) -> Result<()> {
        let number = self.last().map_or(1, |version| version.number + 1);
        let files: BTreeMap<&str, &str> =
            pact.sources.iter().map(|(_, source)| (&*source.name, &*source.text)).collect();
        let files = serde_json::to_string(&files).map_err(|error| Fault(error.to_string()))?;
        let environment = pact.environment.as_deref().map(str::to_owned);
        store.put_pact(&StoredPact { number, since, digest: pact.digest.to_string(), environment, files })?;
        self.0.push(PactVersion { number, since, pact: pact.clone() });
        Ok(())
    }
}

fn read(version: &StoredPact) -> Result<Pact> {
    let about = format!("the pact that was in force since {}", version.since);
    let files: BTreeMap<String, String> = stored_json(&about, &version.files)?;
    let loaded = load(&Memory::new(files), version.environment.as_deref());
    loaded.pact.ok_or_else(|| {
        let findings = loaded.diagnostics.len();
        Fault(format!(
            "the pact that was in force since {} ({}) does not check any more: {findings} findings; use the version of \
             leadpact that took it",
            version.since, version.digest
        ))
    })
}
