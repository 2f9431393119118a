//! The pacts that were in force, one after the other. The last one is held; an earlier one is loaded from the texts that
//! the store has of it when a lead needs it, so that neither memory nor a start grows with how often a pact was changed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::load::load;
use crate::pact::Pact;
use crate::store::{Fault, PactStart, Result, Store, StoredPact, stored_json};
use crate::time::Instant;
use crate::world::Memory;

/// How many earlier pacts are held, those that were needed last.
const HELD: usize = 64;

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
#[derive(Clone)]
pub struct PactVersions {
    starts: Vec<PactStart>,
    last: Option<PactVersion>,
    earlier: Option<Arc<EarlierPacts>>,
}

/// Loads the pacts before the last one.
struct EarlierPacts {
    store: Mutex<Box<dyn Store>>,
    /// The one that was needed last stands last.
    held: Mutex<Vec<PactVersion>>,
}

impl PactVersions {
    /// None yet; those of a store come with [`PactVersions::refresh`], and this connection loads the earlier ones.
    pub fn new(store: Box<dyn Store>) -> Self {
        let earlier = EarlierPacts { store: Mutex::new(store), held: Mutex::default() };
        Self { starts: Vec::new(), last: None, earlier: Some(Arc::new(earlier)) }
    }

    /// Learns what was taken into force since, here or by another instance.
    ///
    /// # Errors
    /// When the store does not answer, or the last of them is a pact that this version cannot read.
    pub fn refresh(&mut self, store: &mut dyn Store) -> Result<()> {
        let last = self.starts.last().map_or(0, |start| start.number);
        let new = store.pacts_after(last)?;
        if let Some(start) = new.last() {
            self.last = Some(read(store, *start)?);
            self.starts.extend(new);
        }
        Ok(())
    }

    /// One pact for all that ever was.
    pub(super) fn only(version: &PactVersion) -> Self {
        let since = Instant::MIN_UTC;
        let start = PactStart { number: version.number, since };
        Self { starts: vec![start], last: Some(PactVersion { since, ..version.clone() }), earlier: None }
    }

    /// The pact in force.
    pub fn last(&self) -> Option<&PactVersion> {
        self.last.as_ref()
    }

    /// Those up to a number.
    ///
    /// # Errors
    /// When the last of them cannot be loaded.
    pub(super) fn up_to(&self, number: i64) -> Result<Self> {
        let starts: Vec<PactStart> = self.starts.iter().filter(|start| start.number <= number).copied().collect();
        let last = starts.last().map(|start| self.load(*start)).transpose()?;
        Ok(Self { starts, last, earlier: self.earlier.clone() })
    }

    /// The number of the pact in force at an instant; none before the first.
    pub(super) fn number_at(&self, instant: Instant) -> Option<i64> {
        let at = self.starts.iter().rev().find(|start| start.since <= instant).or(self.starts.first());
        at.map(|start| start.number)
    }

    /// A pact by its number; none where there is none of it.
    ///
    /// # Errors
    /// When it cannot be loaded.
    pub(super) fn find(&self, number: i64) -> Result<Option<PactVersion>> {
        let start = self.starts.iter().rev().find(|start| start.number == number);
        start.map(|start| self.load(*start)).transpose()
    }

    /// When each pact came into force, with the instant at which the next one takes its place.
    pub(super) fn all(&self) -> impl Iterator<Item = (PactStart, Option<Instant>)> {
        let until = self.starts.iter().skip(1).map(|start| Some(start.since)).chain([None]);
        self.starts.iter().copied().zip(until)
    }

    /// The pact that came into force then.
    ///
    /// # Errors
    /// When the store does not answer, or has a pact that this version cannot read.
    pub(super) fn load(&self, start: PactStart) -> Result<PactVersion> {
        match (&self.last, &self.earlier) {
            (Some(last), _) if last.number == start.number => Ok(last.clone()),
            (_, Some(earlier)) => earlier.load(start),
            (_, None) => Err(Fault(format!("there is no pact {}", start.number))),
        }
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
        self.starts.push(PactStart { number, since });
        self.last = Some(PactVersion { number, since, pact: pact.clone() });
        Ok(())
    }
}

impl EarlierPacts {
    fn load(&self, start: PactStart) -> Result<PactVersion> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let known = held.iter().position(|version| version.number == start.number);
        let version = match known {
            Some(place) => held.remove(place),
            None => read(&mut **self.store.lock().unwrap_or_else(PoisonError::into_inner), start)?,
        };
        if held.len() >= HELD {
            held.remove(0);
        }
        held.push(version.clone());
        Ok(version)
    }
}

fn read(store: &mut dyn Store, start: PactStart) -> Result<PactVersion> {
    let PactStart { number, since } = start;
    let stored = store.pact(number)?.ok_or_else(|| Fault(format!("the store has no pact {number} any more")))?;
    let about = |why: String| Fault(format!("the pact that was in force since {since} ({}) {why}", stored.digest));
    let files: BTreeMap<String, String> =
        stored_json(&format!("the pact that was in force since {since}"), &stored.files)?;
    let loaded = load(&Memory::new(files), stored.environment.as_deref());
    let pact = loaded.pact.ok_or_else(|| {
        let findings = loaded.diagnostics.len();
        about(format!("does not check any more: {findings} findings; use the version of leadpact that took it"))
    })?;
    Ok(PactVersion { number, since, pact: Arc::new(pact) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{open, write};

    #[test]
    fn however_many_there_were_few_are_held_and_each_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(folder.path().join("a.db").to_str().unwrap()).unwrap();
        let mut versions = PactVersions::new(store.another().unwrap());
        let count = HELD as i64 + 20;
        for number in 1..=count {
            let text = format!("pact p{number} {{ parties sales }}\nlead {{ id text key }}\n");
            let pact = Arc::new(load(&Memory::new([("a.pact", &*text)]), None).pact.unwrap());
            let since = Instant::from_timestamp(number, 0).unwrap();
            write(&mut *store, |store| versions.begin(store, &pact, since)).unwrap();
        }
        let mut anew = PactVersions::new(store.another().unwrap());
        anew.refresh(&mut *store).unwrap();
        let held = |versions: &PactVersions| versions.earlier.as_ref().unwrap().held.lock().unwrap().len();
        assert_eq!((anew.all().count(), held(&anew)), (count as usize, 0), "a start loads the last alone");
        for (start, end) in anew.all() {
            let version = anew.load(start).unwrap();
            assert_eq!(*version.pact.name, *format!("p{}", start.number));
            assert_eq!(end.is_none(), start.number == count);
        }
        assert_eq!(held(&anew), HELD);
        assert_eq!(&*anew.find(3).unwrap().unwrap().pact.name, "p3");
        assert!(anew.find(count + 1).unwrap().is_none());
        assert_eq!(&*anew.up_to(7).unwrap().last().unwrap().pact.name, "p7");
        write(&mut *store, |store| store.run("UPDATE pact_versions SET files = '{' WHERE n = 1", &[])).unwrap();
        let Fault(why) = anew.find(1).unwrap_err();
        assert!(why.contains("in the store is damaged"), "{why}");
    }
}
