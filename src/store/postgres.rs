//! PostgreSQL, which several instances of the service share.

use std::collections::HashMap;

use postgres::error::SqlState;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Statement};

use super::postgres_address::PostgresAddress;
use super::{Fault, Result, SqlRow, SqlValue, Store, migrate, write};

/// What writers wait for, so that one writes at a time: "leadpact" as a number.
const WRITER: &str = "SELECT pg_advisory_xact_lock(7809644653304080244)";

/// A writer that says nothing for so long has stopped or cannot be reached: the database takes back what it wrote and
/// lets the others go on.
const SILENCE: &str = "SET idle_in_transaction_session_timeout = '30s'";

/// A store in a database.
pub struct Postgres {
    address: PostgresAddress,
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
        let mut store = Self::connect(PostgresAddress::parse(place)?)?;
        write(&mut store, |store| {
            store.run("CREATE TABLE IF NOT EXISTS steps (step BIGINT NOT NULL PRIMARY KEY)", &[])?;
            migrate(store, "TEXT COLLATE \"C\"")
        })?;
        Ok(store)
    }

    fn connect(address: PostgresAddress) -> Result<Self> {
        let mut db = address.connect()?;
        db.batch_execute(SILENCE)?;
        Ok(Self { address, db, writing: false, ready: HashMap::new() })
    }

    /// Does something that has changed nothing where it fails: once more, on a new connection, where the one that there
    /// was is gone. Only who uses a connection learns that the database was started anew. Not while writing, since what
    /// was written went with it.
    fn revived<T>(&mut self, work: impl Fn(&mut Self) -> std::result::Result<T, postgres::Error>) -> Result<T> {
        match work(self) {
            Err(error) if !self.writing && (self.db.is_closed() || is_end(&error)) => {
                *self = Self::connect(self.address.clone())?;
                Ok(work(self)?)
            }
            done => Ok(done?),
        }
    }

    fn ready(&mut self, statement: &str) -> std::result::Result<Statement, postgres::Error> {
        if let Some(ready) = self.ready.get(statement) {
            return Ok(ready.clone());
        }
        let ready = self.db.prepare(statement)?;
        self.ready.insert(statement.to_owned(), ready.clone());
        Ok(ready)
    }
}

/// Whether the database ends the connection with this.
fn is_end(error: &postgres::Error) -> bool {
    let ends = [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::CANNOT_CONNECT_NOW];
    error.is_closed() || error.code().is_some_and(|code| ends.contains(code))
}

impl From<postgres::Error> for Fault {
    fn from(error: postgres::Error) -> Self {
        use std::error::Error as _;
        Self(match (error.as_db_error(), error.source()) {
            (Some(said), _) => said.to_string(),
            (None, Some(cause)) => format!("{error}: {cause}"),
            (None, None) => error.to_string(),
        })
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
        self.revived(|store| store.db.batch_execute("BEGIN"))?;
        self.writing = true;
        let begun = self.db.batch_execute(WRITER);
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
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|cell| cell as _).collect();
        let rows = self.revived(|store| {
            let statement = store.ready(statement)?;
            store.db.query(&statement, &values)
        })?;
        let cells = rows.iter().map(|row| {
            let cells: std::result::Result<Vec<SqlValue>, _> = (0..row.len()).map(|at| row.try_get(at)).collect();
            Ok(cells?.into())
        });
        cells.collect()
    }

    fn another(&self) -> Result<Box<dyn Store>> {
        Ok(Box::new(Self::connect(self.address.clone())?))
    }
}
