//! What the service stores: events, how far each lead has been replayed, its assignments, the pact versions that were in
//! force, and deliveries. All else in a store is worked out from these, and can be worked out again.
//!
//! Statements are written once, in the files of this folder, one for each thing that is stored. A back end is a
//! [`Store`]: it runs them, and lets one writer in at a time among all processes that share it. Instants are whole
//! microseconds since 1970, points thousandths.

mod bulk;
mod changes;
mod checkpoints;
mod events;
mod holders;
mod merges;
mod opened_file;
mod outbox;
mod pact_versions;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod postgres_address;
mod projection_updates;
mod projections;
mod requests;
mod sqlite;
mod tallies;
mod terms;
#[cfg(feature = "postgres")]
mod tls;
mod write_queue;

pub use checkpoints::StoredCheckpoint;
pub use events::{StoredEvent, StoredLead};
pub use outbox::{Delivery, EffectsUpdate, Outbox, OutboxMessage, Recipients};
pub use pact_versions::{PactStart, StoredPact};
#[cfg(feature = "postgres")]
pub use postgres::Postgres;
pub use projection_updates::ProjectionUpdate;
pub use projections::{ClockRow, Filter, Projection};
pub use requests::Answered;
pub use sqlite::Sqlite;
pub use terms::Prefixes;

use crate::time::Instant;

/// The steps that make a store, in order.
const STEPS: [&str; 7] = [
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
    include_str!("schema/6.sql"),
    include_str!("schema/7.sql"),
];

/// A value that goes into a store or comes out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqlValue {
    Null,
    Whole(i64),
    Text(String),
}

/// Why a store does not answer.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);

/// What a store gives.
pub type Result<T> = std::result::Result<T, Fault>;

/// A back end. Statements number their values `$1`, `$2`, … in the order in which each first stands in the text.
pub trait Store: Send {
    /// Waits until no other writer is at work, here or in another process, and begins to write.
    ///
    /// # Errors
    /// When the store cannot be reached or stays busy.
    fn begin(&mut self) -> Result<()>;

    /// Makes durable what was written since [`Store::begin`].
    ///
    /// # Errors
    /// When it could not be made durable: then nothing of it holds.
    fn commit(&mut self) -> Result<()>;

    /// Takes back what was written since [`Store::begin`].
    fn rollback(&mut self);

    /// Runs a statement that changes something; gives how many rows it changed.
    ///
    /// # Errors
    /// When the store refuses it or cannot be reached.
    fn run(&mut self, statement: &str, values: &[SqlValue]) -> Result<u64>;

    /// Runs a statement that gives rows.
    ///
    /// # Errors
    /// When the store refuses it or cannot be reached.
    fn rows(&mut self, statement: &str, values: &[SqlValue]) -> Result<Vec<SqlRow>>;

    /// Whether what is written now would last.
    ///
    /// # Errors
    /// When it would not, and why.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// How many bytes are free where it is stored; none where that is not known.
    fn free_bytes(&self) -> Option<u64> {
        None
    }

    /// Another connection to the same store.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn another(&self) -> Result<Box<dyn Store>>;
}

/// Opens a store by its place: a file for SQLite, made where there is none, or `postgres://…`.
///
/// # Errors
/// When it cannot be opened, was made by a newer version, or the place names a back end that this build does not have.
pub fn open(place: &str) -> Result<Box<dyn Store>> {
    if place.starts_with("postgres://") || place.starts_with("postgresql://") {
        #[cfg(feature = "postgres")]
        return Ok(Box::new(Postgres::open(place)?));
        #[cfg(not(feature = "postgres"))]
        return Err(Fault("this build has no PostgreSQL: build it with `--features postgres`".into()));
    }
    Ok(Box::new(Sqlite::open(place)?))
}

/// Writes as one: all of it holds, or nothing.
///
/// # Errors
/// When the store does not answer, or what is done fails.
pub fn write<T>(store: &mut dyn Store, work: impl FnOnce(&mut dyn Store) -> Result<T>) -> Result<T> {
    store.begin()?;
    let done = work(store).and_then(|done| store.commit().map(|()| done));
    if done.is_err() {
        store.rollback();
    }
    done
}

/// Brings a store up to the newest step. To be called while writing.
fn migrate(store: &mut dyn Store, text: &str) -> Result<()> {
    let made = store.count("SELECT coalesce(max(step), 0) FROM steps", &[])?;
    let made = usize::try_from(made).unwrap_or(usize::MAX);
    if made > STEPS.len() {
        return Err(Fault("a newer version of leadpact made this store: run that one".into()));
    }
    for (step, statements) in STEPS.iter().enumerate().skip(made) {
        let statements = statements.replace("{text}", text);
        let code = |line: &&str| !line.trim_start().starts_with("--");
        let statements: Vec<&str> = statements.lines().filter(code).collect();
        for statement in statements.join("\n").split(';').filter(|statement| !statement.trim().is_empty()) {
            store.run(statement, &[])?;
        }
        store.run("INSERT INTO steps (step) VALUES ($1)", &[(step as i64 + 1).into()])?;
    }
    Ok(())
}

/// What is stored cannot be read. It is never taken for nothing: what is worked out from it would be wrong, and be stored.
pub fn damaged(what: &str, why: &str) -> Fault {
    Fault(format!("{what} in the store is damaged: {why}; put back a backup of the store"))
}

/// Reads something that is stored as JSON. `what` names no lead: faults are logged.
///
/// # Errors
/// When it is damaged.
pub fn stored_json<T: serde::de::DeserializeOwned>(what: &str, json: &str) -> Result<T> {
    // what stands there may be personal
    serde_json::from_str(json).map_err(|error| damaged(what, &format!("its JSON is none at column {}", error.column())))
}

/// Writes something as it is stored.
///
/// # Errors
/// When it has no form as JSON.
pub fn to_stored_json(what: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(what).map_err(|error| Fault(error.to_string()))
}

/// An instant as it is stored. What lies between two microseconds is stored as the later one.
pub fn micros(at: Instant) -> i64 {
    at.timestamp_micros() + i64::from(!at.timestamp_subsec_nanos().is_multiple_of(1000))
}

/// An instant as it was stored.
pub fn instant(micros: i64) -> Instant {
    Instant::from_timestamp_micros(micros).unwrap_or(Instant::MAX_UTC)
}

/// A row that came out, to be taken from left to right.
#[derive(Debug, Clone)]
pub struct SqlRow(std::vec::IntoIter<SqlValue>);

impl From<Vec<SqlValue>> for SqlRow {
    fn from(cells: Vec<SqlValue>) -> Self {
        Self(cells.into_iter())
    }
}

impl SqlRow {
    /// The next cell as a whole number.
    fn whole(&mut self) -> Result<i64> {
        match self.0.next() {
            Some(SqlValue::Whole(whole)) => Ok(whole),
            _ => Err(damaged("a cell", "it holds no whole number")),
        }
    }

    /// The next cell as text; none where it is empty.
    fn text(&mut self) -> Result<Option<String>> {
        match self.0.next() {
            Some(SqlValue::Text(text)) => Ok(Some(text)),
            Some(SqlValue::Null) => Ok(None),
            _ => Err(damaged("a cell", "it holds no text")),
        }
    }

    /// The next cell as text that must be there.
    fn word(&mut self) -> Result<String> {
        self.text()?.ok_or_else(|| damaged("a cell", "it is empty"))
    }

    /// The next cell as an instant.
    fn at(&mut self) -> Result<Instant> {
        self.whole().map(instant)
    }

    /// The next cell as an instant; none where it is empty.
    fn at_if_any(&mut self) -> Result<Option<Instant>> {
        match self.0.as_slice().first() {
            Some(SqlValue::Null) => self.text().map(|_| None),
            _ => self.at().map(Some),
        }
    }
}

impl From<i64> for SqlValue {
    fn from(whole: i64) -> Self {
        Self::Whole(whole)
    }
}

impl From<usize> for SqlValue {
    fn from(whole: usize) -> Self {
        Self::Whole(i64::try_from(whole).unwrap_or(i64::MAX))
    }
}

impl From<Instant> for SqlValue {
    fn from(at: Instant) -> Self {
        Self::Whole(micros(at))
    }
}

impl From<&str> for SqlValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for SqlValue {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl<T: Into<SqlValue>> From<Option<T>> for SqlValue {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Null, Into::into)
    }
}
