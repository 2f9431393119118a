//! PostgreSQL, which several instances of the service share.

use std::collections::HashMap;

use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Statement};

use super::{Fault, Result, SqlRow, SqlValue, Store, migrate, write};

/// What writers wait for, so that one writes at a time: "leadpact" as a number.
const WRITER: &str = "SELECT pg_advisory_xact_lock(7809644653304080244)";

/// A writer that says nothing for so long has stopped or cannot be reached: the database takes back what it wrote and
/// lets the others go on.
const SILENCE: &str = "SET idle_in_transaction_session_timeout = '30s'";

/// A store in a database.
pub struct Postgres {
    place: String,
    db: Client,
    /// Between [`Store::begin`] and its end.
    writing: bool,
    ready: HashMap<String, Statement>,
}

impl Postgres {
    /// Opens a database by its address, `postgres://user:password@host/name`, and makes what is missing in it.
    ///
    /// # Errors
    /// When it cannot be reached, or was made by a newer version.
    pub fn open(place: &str) -> Result<Self> {
        let mut store = Self::connect(place)?;
        write(&mut store, |store| {
            store.run("CREATE TABLE IF NOT EXISTS steps (step BIGINT NOT NULL PRIMARY KEY)", &[])?;
            migrate(store, "TEXT COLLATE \"C\"")
        })?;
        Ok(store)
    }

    fn connect(place: &str) -> Result<Self> {
        let mut db = Client::connect(place, NoTls)?;
        db.batch_execute(SILENCE)?;
        Ok(Self { place: place.to_owned(), db, writing: false, ready: HashMap::new() })
    }

    /// Connects anew where the connection is gone; not while writing, since what was written went with it.
    fn revive(&mut self) -> Result<()> {
        if self.db.is_closed() && !self.writing {
            *self = Self::connect(&self.place)?;
        }
        Ok(())
    }

    fn ready(&mut self, statement: &str) -> Result<Statement> {
        if let Some(ready) = self.ready.get(statement) {
            return Ok(ready.clone());
        }
        let ready = self.db.prepare(statement)?;
        self.ready.insert(statement.to_owned(), ready.clone());
        Ok(ready)
    }
}

impl From<postgres::Error> for Fault {
    fn from(error: postgres::Error) -> Self {
        let message = error.as_db_error().map(ToString::to_string);
        Self(message.unwrap_or_else(|| error.to_string()))
    }
}

impl ToSql for SqlValue {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Whole(whole) => whole.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::TEXT)
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for SqlValue {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        match *ty {
            Type::INT8 => i64::from_sql(ty, raw).map(Self::Whole),
            _ => String::from_sql(ty, raw).map(Self::Text),
        }
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::TEXT)
    }
}

impl Store for Postgres {
    fn begin(&mut self) -> Result<()> {
        self.revive()?;
        self.writing = true;
        let begun = self.db.batch_execute("BEGIN").and_then(|()| self.db.batch_execute(WRITER));
        if begun.is_err() {
            self.rollback();
        }
        Ok(begun?)
    }

    fn commit(&mut self) -> Result<()> {
        self.db.batch_execute("COMMIT")?;
        self.writing = false;
        Ok(())
    }

    fn rollback(&mut self) {
        self.writing = false;
        // a connection that is gone has taken it back already
        let _ = self.db.batch_execute("ROLLBACK");
    }

    fn run(&mut self, statement: &str, values: &[SqlValue]) -> Result<u64> {
        let statement = self.ready(statement)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|cell| cell as _).collect();
        Ok(self.db.execute(&statement, &values)?)
    }

    fn rows(&mut self, statement: &str, values: &[SqlValue]) -> Result<Vec<SqlRow>> {
        self.revive()?;
        let statement = self.ready(statement)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|cell| cell as _).collect();
        let rows = self.db.query(&statement, &values)?;
        let cells = rows.iter().map(|row| {
            let cells: std::result::Result<Vec<SqlValue>, _> = (0..row.len()).map(|at| row.try_get(at)).collect();
            Ok(cells?.into())
        });
        cells.collect()
    }

    fn another(&self) -> Result<Box<dyn Store>> {
        Ok(Box::new(Self::connect(&self.place)?))
    }
}
