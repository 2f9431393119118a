//! A pact comes into force for stored leads.

use std::sync::{Arc, PoisonError};

use super::ServiceChange;
use super::due::{DIGESTS, REVIEWS};
use super::pact_versions::PactVersion;
use super::writer::Writer;
use crate::pact::Pact;
use crate::store::{Fault, Result, micros};

impl Writer {
    /// Takes a pact into force, where another is.
    pub(super) fn adopt(&mut self, pact: &Arc<Pact>) -> Result<()> {
        let now = (self.clock)();
        let mut versions = self.versions();
        versions.refresh(&mut *self.store)?;
        // what was due before is done by the pact of then, also later; but where leads are must be known where some may be
        // stranded
        if versions.last().is_some_and(|version| !has_stages_of(pact, &version.pact)) {
            self.catch_up(now, usize::MAX)?;
        }
        let adopted = self.write(|writer, _| {
            let mut versions = writer.versions();
            let same = |version: &PactVersion| {
                version.pact.digest == pact.digest && version.pact.environment == pact.environment
            };
            if versions.last().is_some_and(same) {
                return Ok(None);
            }
            writer.not_stranded(pact)?;
            if versions.last().is_none() {
                // a new store owes nothing of before
                for announcements in [DIGESTS, REVIEWS] {
                    writer.store.put_single(announcements, &micros(now).to_string())?;
                }
            }
            versions.begin(&mut *writer.store, pact, now)?;
            Ok(Some(versions))
        })?;
        if let Some(versions) = adopted {
            *self.versions.write().unwrap_or_else(PoisonError::into_inner) = versions;
            (self.changed)(ServiceChange::Pact);
        }
        Ok(())
    }

    /// Refuses a pact that lacks a stage in which leads are, and does not say with `migrate` where they go.
    fn not_stranded(&mut self, pact: &Pact) -> Result<()> {
        let counts = self.store.stage_counts()?;
        let stranded: Vec<String> = counts
            .iter()
            .filter(|(pipeline, stage, ..)| pact.now_in(pipeline, stage).is_none())
            .map(|(pipeline, stage, leads, _)| format!("  {leads} in stage `{stage}` of pipeline `{pipeline}`\n"))
            .collect();
        if stranded.is_empty() {
            return Ok(());
        }
        Err(Fault(format!(
            "leads would be stranded: the pact does not have the stage that they stand in\n{}\
             keep the stage until they have left it, or say with `migrate` where they go\n",
            stranded.concat()
        )))
    }
}

/// Whether a pact has a place for the leads in each stage of another.
fn has_stages_of(pact: &Pact, other: &Pact) -> bool {
    let mut stages =
        other.pipelines.iter().flat_map(|pipeline| pipeline.stages.iter().map(move |stage| (pipeline, stage)));
    stages.all(|(pipeline, stage)| pact.now_in(&pipeline.name, &stage.name).is_some())
}
