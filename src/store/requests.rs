//! Requests that were answered, so that one that comes again gets the same answer.

use rustc_hash::FxHashMap;

use super::{Result, SqlRow, Store};
use crate::time::Instant;

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The hash of its body.
    pub body: String,
    /// The answer.
    pub answer: String,
    /// When.
    pub at: Instant,
}

impl dyn Store + '_ {
    /// What was answered to requests, by their keys.
    pub fn answered<'k>(&mut self, keys: impl IntoIterator<Item = &'k str>) -> Result<FxHashMap<String, Answered>> {
        let statement = "SELECT idempotency, body, answer, at FROM requests WHERE idempotency IN {keys}";
        let answered =
            |mut row: SqlRow| Ok((row.word()?, Answered { body: row.word()?, answer: row.word()?, at: row.at()? }));
        self.rows_of_keys(statement, keys)?.into_iter().map(answered).collect()
    }

    /// Stores answers by the keys of their requests, each once, in place of those of before.
    pub fn put_answers(&mut self, answers: &[(String, Answered)]) -> Result<()> {
        let row = |(key, answered): &(String, Answered)| {
            let Answered { body, answer, at } = answered;
            [key.into(), body.into(), answer.into(), (*at).into()]
        };
        self.run_rows(
            "INSERT INTO requests (idempotency, body, answer, at) VALUES {rows} \
             ON CONFLICT (idempotency) DO UPDATE SET body = excluded.body, answer = excluded.answer, at = excluded.at",
            &answers.iter().map(row).collect::<Vec<_>>(),
        )
    }

    /// Forgets answers from before an instant.
    pub fn forget_answers(&mut self, before: Instant) -> Result<u64> {
        self.run("DELETE FROM requests WHERE at < $1", &[before.into()])
    }
}
