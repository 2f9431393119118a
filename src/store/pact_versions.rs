//! The pacts that were in force, each from an instant on.

use super::{Result, Store};
use crate::time::Instant;

/// When a pact came into force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PactStart {
    /// From 1 on.
    pub number: i64,
    /// The first holds for all that was before, too.
    pub since: Instant,
}

/// A pact that was in force, or is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPact {
    /// From 1 on.
    pub number: i64,
    /// Since when. The first holds for all that was before, too.
    pub since: Instant,
    /// The pact's digest.
    pub digest: String,
    /// The environment whose params held.
    pub environment: Option<String>,
    /// Its files: a JSON object of texts by name.
    pub files: String,
}

impl dyn Store + '_ {
    /// When the pacts after a number came into force, in order.
    pub fn pacts_after(&mut self, number: i64) -> Result<Vec<PactStart>> {
        let rows = self.rows("SELECT n, since FROM pact_versions WHERE n > $1 ORDER BY n", &[number.into()])?;
        rows.into_iter().map(|mut row| Ok(PactStart { number: row.whole()?, since: row.at()? })).collect()
    }

    /// A pact by its number.
    pub fn pact(&mut self, number: i64) -> Result<Option<StoredPact>> {
        let rows =
            self.rows("SELECT n, since, digest, environment, files FROM pact_versions WHERE n = $1", &[number.into()])?;
        let mut pacts = rows.into_iter().map(|mut row| {
            Ok(StoredPact {
                number: row.whole()?,
                since: row.at()?,
                digest: row.word()?,
                environment: row.text()?,
                files: row.word()?,
            })
        });
        pacts.next().transpose()
    }

    /// How many leads have been replayed up to each pact, by its number.
    pub fn leads_by_version(&mut self) -> Result<Vec<(i64, i64)>> {
        let rows =
            self.rows("SELECT pact_version, count(*) FROM leads GROUP BY pact_version ORDER BY pact_version", &[])?;
        rows.into_iter().map(|mut row| Ok((row.whole()?, row.whole()?))).collect()
    }

    /// A pact is in force from now on.
    pub fn put_pact(&mut self, version: &StoredPact) -> Result<()> {
        let StoredPact { number, since, digest, environment, files } = version;
        let values = [(*number).into(), (*since).into(), digest.into(), environment.as_deref().into(), files.into()];
        self.run(
            "INSERT INTO pact_versions (n, since, digest, environment, files) VALUES ($1, $2, $3, $4, $5)",
            &values,
        )?;
        Ok(())
    }
}
