//! Requests that were answered, so that one that comes again gets the same answer.

use super::{Result, Store};
use crate::time::Instant;

impl dyn Store + '_ {
    /// The hash of the body that came with a key, and the answer that it got.
    pub fn answered(&mut self, key: &str) -> Result<Option<(String, String)>> {
        let rows = self.rows("SELECT body, answer FROM requests WHERE idempotency = $1", &[key.into()])?;
        Ok(rows.into_iter().next().map(|mut row| (row.word(), row.word())))
    }

    /// Stores an answer.
    pub fn put_answer(&mut self, key: &str, body: &str, answer: &str, at: Instant) -> Result<()> {
        self.run(
            "INSERT INTO requests (idempotency, body, answer, at) VALUES ($1, $2, $3, $4)",
            &[key.into(), body.into(), answer.into(), at.into()],
        )?;
        Ok(())
    }

    /// Forgets answers from before an instant.
    pub fn forget_answers(&mut self, before: Instant) -> Result<u64> {
        self.run("DELETE FROM requests WHERE at < $1", &[before.into()])
    }
}
