//! Requests that were answered, so that one that comes again gets the same answer.

use super::{Result, Store};
use crate::time::Instant;

impl dyn Store + '_ {
    /// The hash of the body that came with a key, the answer that it got, and when.
    pub fn answered(&mut self, key: &str) -> Result<Option<(String, String, Instant)>> {
        let rows = self.rows("SELECT body, answer, at FROM requests WHERE idempotency = $1", &[key.into()])?;
        rows.into_iter().next().map(|mut row| Ok((row.word()?, row.word()?, row.at()?))).transpose()
    }

    /// Stores an answer, in place of one of before.
    pub fn put_answer(&mut self, key: &str, body: &str, answer: &str, at: Instant) -> Result<()> {
        self.run(
            "INSERT INTO requests (idempotency, body, answer, at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (idempotency) DO UPDATE SET body = excluded.body, answer = excluded.answer, at = excluded.at",
            &[key.into(), body.into(), answer.into(), at.into()],
        )?;
        Ok(())
    }

    /// Forgets answers from before an instant.
    pub fn forget_answers(&mut self, before: Instant) -> Result<u64> {
        self.run("DELETE FROM requests WHERE at < $1", &[before.into()])
    }
}
