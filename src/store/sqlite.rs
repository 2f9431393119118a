//! SQLite in a file of its own: nothing to set up.

use std::path::Path;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, params_from_iter};

use super::opened_file::OpenedFile;
use super::write_queue::{WriteQueue, WriteTurn};
use super::{Fault, Result, SqlRow, SqlValue, Store, damaged, migrate, write};
use crate::private;

/// How long a writer waits for another process.
const PATIENCE: Duration = Duration::from_secs(30);

/// Prepared statements that are cached.
const READY: usize = 64;

/// A store in a file.
#[derive(Debug)]
pub struct Sqlite {
    place: String,
    db: Connection,
    turns: WriteQueue,
    /// The file as it was opened first; none before that.
    file: Option<OpenedFile>,
    /// Between [`Store::begin`] and its end.
    turn: Option<WriteTurn>,
}

impl Sqlite {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// When it cannot be opened, is no store, or was made by a newer version.
    pub fn open(place: &str) -> Result<Self> {
        let new = !std::path::Path::new(place).exists();
        let mut store = Self::connect(place, WriteQueue::default(), None)?;
        write(&mut store, |store| {
            store.run("CREATE TABLE IF NOT EXISTS steps (step BIGINT NOT NULL PRIMARY KEY)", &[])?;
            migrate(store, "TEXT")
        })
        .map_err(|fault| Fault(format!("{place}: {fault}")))?;
        if new {
            tracing::info!(place, "there was no store: an empty one was made");
        }
        store.file = Some(OpenedFile::of(place)?);
        Ok(store)
    }

    /// Connects to the file that was opened first, or for the first time.
    fn connect(place: &str, turns: WriteQueue, file: Option<OpenedFile>) -> Result<Self> {
        let about = |error: rusqlite::Error| Fault(format!("{place}: {error}"));
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        flags.set(OpenFlags::SQLITE_OPEN_CREATE, file.is_none());
        file.iter().try_for_each(OpenedFile::stands)?;
        if file.is_none() {
            // the files beside it get the same rights
            private::ensure(Path::new(place)).map_err(|error| Fault(format!("{place}: {error}")))?;
        }
        let db = Connection::open_with_flags(place, flags).map_err(about)?;
        db.busy_timeout(PATIENCE).map_err(about)?;
        db.set_prepared_statement_cache_capacity(READY);
        // readers go on while one writes; what was committed is on the disk
        db.pragma_update(None, "journal_mode", "wal").map_err(about)?;
        db.pragma_update(None, "synchronous", "full").map_err(about)?;
        file.iter().try_for_each(OpenedFile::stands)?;
        Ok(Self { place: place.to_owned(), db, turns, file, turn: None })
    }
}

impl ToSql for SqlValue {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Value::Null),
            Self::Whole(whole) => ToSqlOutput::Owned(Value::Integer(*whole)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

impl Store for Sqlite {
    fn begin(&mut self) -> Result<()> {
        let turn = self.turns.wait();
        self.file.iter().try_for_each(OpenedFile::stands)?;
        self.db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        self.turn = Some(turn);
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        self.db.prepare_cached("COMMIT")?.execute([])?;
        self.turn = None;
        // what went to a file that nobody finds any more is not acknowledged
        self.file.iter().try_for_each(OpenedFile::stands)
    }

    fn rollback(&mut self) {
        // where nothing was begun there is nothing to take back
        let _ = self.db.execute_batch("ROLLBACK");
        self.turn = None;
    }

    fn run(&mut self, statement: &str, values: &[SqlValue]) -> Result<u64> {
        Ok(self.db.prepare_cached(statement)?.execute(params_from_iter(values))? as u64)
    }

    fn rows(&mut self, statement: &str, values: &[SqlValue]) -> Result<Vec<SqlRow>> {
        let mut statement = self.db.prepare_cached(statement)?;
        let width = statement.column_count();
        let mut found = Vec::new();
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            let cells = (0..width).map(|at| {
                Ok(match row.get_ref(at)? {
                    ValueRef::Integer(whole) => SqlValue::Whole(whole),
                    ValueRef::Text(text) => match std::str::from_utf8(text) {
                        Ok(text) => SqlValue::Text(text.to_owned()),
                        Err(error) => return Err(damaged("a text", &error.to_string())),
                    },
                    ValueRef::Null => SqlValue::Null,
                    other => return Err(damaged("a cell", &format!("it holds {}", other.data_type()))),
                })
            });
            found.push(cells.collect::<Result<Vec<SqlValue>>>()?.into());
        }
        Ok(found)
    }

    fn check(&self) -> Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        file.stands()?;
        file.has_room()
    }

    fn free_bytes(&self) -> Option<u64> {
        self.file.as_ref().and_then(OpenedFile::free_bytes)
    }

    fn another(&self) -> Result<Box<dyn Store>> {
        Ok(Box::new(Self::connect(&self.place, self.turns.clone(), self.file.clone())?))
    }
}
