//! The store keeps: opens and migrates the database, reads for pages and decisions, writes decisions.
//!
//! [`Db`] and [`Write`] are opaque: nothing outside this folder can run a query of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

use crate::error::Error;
use crate::migrations::Migrator;

pub mod account;
pub mod assignee;
mod assurance;
pub mod batch;
pub mod board;
pub mod calendar;
pub mod certificate;
pub mod commit;
mod diary;
pub mod document;
pub mod draft;
pub mod due;
pub mod file;
pub mod forecast;
mod held;
pub mod history;
pub mod inbox;
pub mod interest;
pub mod invitation;
pub mod likely;
pub mod listed;
pub mod load;
pub mod organisation;
pub mod outbox;
mod passage;
pub mod presence;
pub mod promise;
pub mod queue;
pub mod register;
pub mod reply;
pub mod report;
pub mod reviewer;
mod row;
mod schema;
pub mod search;
pub mod session;
pub mod sibling;
pub mod signing;
pub mod slot;
pub mod standard_reply;
mod tally;
pub mod thread;
mod told;
pub mod version;
pub mod view;
pub mod visible;

/// Which database, by its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// `sqlite:` and the path of a file.
    Sqlite(PathBuf),
    /// `postgres://user@host/database`.
    Postgres(String),
}

impl Address {
    /// Reads an address. Anything but the two forms is refused: there is no other database to fall back to.
    ///
    /// # Errors
    /// A sentence that says which forms there are.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains(['?', '#']) {
                bail!("The database address {text} names no file. Write sqlite:/path/to/assured.db");
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        bail!(
            "The database address does not start with sqlite: or postgres://. \
             Write sqlite:/path/to/assured.db or postgres://user:password@host/database"
        )
    }
}

/// The database. For SQLite a single writer and several readers that cannot write; for PostgreSQL one pool.
#[derive(Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    lock_file: Option<PathBuf>,
    statements: Arc<AtomicU64>,
}

/// A write transaction. Dropped without [`commit`](commit::commit), it leaves nothing behind.
pub struct Write(DatabaseTransaction);

impl Db {
    /// Opens the database; a new SQLite file is made if it is not there.
    ///
    /// # Errors
    /// A sentence that says what cannot be reached, without the password.
    pub async fn open(address: &Address) -> anyhow::Result<Self> {
        let statements = Arc::new(AtomicU64::new(0));
        let mut db = match address {
            Address::Sqlite(path) => {
                // Turning a new file to WAL waits for nobody: of two that do it at once, one is refused as "locked".
                let lock_file = path.with_extension("lock");
                let alone = alone(&lock_file).await.with_context(|| cannot_be_opened(path))?;
                let write = sqlite(path, 1, false).await?;
                let read = sqlite(path, EMBEDDED_READERS, true).await?;
                drop(alone);
                Self { read, write, lock_file: Some(lock_file), statements }
            }
            Address::Postgres(url) => {
                let pool = postgres(url).await?;
                Self { read: pool.clone(), write: pool, lock_file: None, statements }
            }
        };
        let counter = Arc::clone(&db.statements);
        db.read.set_metric_callback(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        Ok(db)
    }

    /// How many statements the readers have run: pages are tested to run a fixed number.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Brings the schema up to date. Safe when several processes do it at once: one does, the others wait.
    ///
    /// # Errors
    /// When the database refuses a migration.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        if let Some(path) = &self.lock_file {
            let alone = alone(path).await?;
            Migrator::up(&self.write, None).await?;
            drop(alone);
        } else {
            let lock = self.write.begin().await?;
            lock.execute_unprepared("SELECT pg_advisory_xact_lock(4220210)").await?;
            Migrator::up(&self.write, None).await?;
            lock.commit().await?;
        }
        Ok(())
    }

    /// Undoes every migration; only for the test that proves that it can be done.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn unmigrate(&self) -> anyhow::Result<()> {
        Ok(Migrator::down(&self.write, None).await?)
    }

    /// Whether the schema is up to date and the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self) -> anyhow::Result<()> {
        self.read.ping().await?;
        Ok(())
    }

    /// Begins a write transaction: the only way to write.
    pub(crate) async fn begin(&self) -> Result<Write, Error> {
        let options = TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
        Ok(Write(self.write.begin_with_options(options).await?))
    }

    /// Lets the embedded database go on before what it wrote is on the disk, until [`Db::write_with_care`]. What a program
    /// that is killed had committed is there; after a failure of power it may not be. Only for what can be made again.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn write_in_haste(&self) -> anyhow::Result<()> {
        self.set_synchronous("OFF").await
    }

    /// Waits for the disk again, as it does from the start, and for what was written in haste.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn write_with_care(&self) -> anyhow::Result<()> {
        self.set_synchronous("FULL").await?;
        if self.is_embedded() {
            self.write.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(())
    }

    /// There is one connection that writes, and one that takes its place has the setting that it was opened with: `FULL`.
    async fn set_synchronous(&self, how: &str) -> anyhow::Result<()> {
        if self.is_embedded() {
            self.write.execute_unprepared(&format!("PRAGMA synchronous = {how}")).await?;
        }
        Ok(())
    }

    /// Closes every connection.
    ///
    /// # Errors
    /// When a connection cannot be closed in order.
    pub async fn close(self) -> anyhow::Result<()> {
        self.read.close().await?;
        self.write.close().await?;
        Ok(())
    }

    /// Whether this is the embedded database.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.read.get_database_backend() == DbBackend::Sqlite
    }
}

impl Write {
    pub(crate) async fn commit(self) -> Result<(), Error> {
        Ok(self.0.commit().await?)
    }
}

/// Statements that a connection to PostgreSQL keeps prepared: more than there are kinds of.
const STATEMENTS: usize = 500;
/// The same for SQLite, which prepares within the process: cheap to do again, and each takes memory on every connection.
const EMBEDDED_STATEMENTS: usize = 100;
/// Connections that read an embedded database at once: each has a thread and a cache of its own.
const EMBEDDED_READERS: u32 = 4;

/// Waits until no other process holds the file's lock. It is held until what comes back is dropped.
async fn alone(lock_file: &Path) -> anyhow::Result<std::fs::File> {
    let file = std::fs::File::create(lock_file).with_context(|| format!("{} cannot be written", lock_file.display()))?;
    Ok(tokio::task::spawn_blocking(move || file.lock().map(|()| file)).await??)
}

fn cannot_be_opened(path: &Path) -> String {
    format!("The database file {} cannot be opened. Check that its folder exists and can be written", path.display())
}

async fn sqlite(path: &Path, connections: u32, read_only: bool) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(format!("sqlite://{}", path.display()));
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        // A file does not go away as a server does.
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |o| {
            let o = o
                .create_if_missing(!read_only)
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("foreign_keys", "ON")
                .statement_cache_capacity(EMBEDDED_STATEMENTS)
                .busy_timeout(Duration::from_secs(5));
            if read_only { o.pragma("query_only", "1") } else { o }
        });
    Database::connect(options).await.with_context(|| cannot_be_opened(path))
}

async fn postgres(url: &str) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(16)
        .connect_timeout(Duration::from_secs(5))
        .acquire_timeout(Duration::from_secs(5))
        // Each test is one more way to the server and back: only connections that nobody used for a while are tested.
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|o| o.statement_cache_capacity(STATEMENTS));
    let place = url::Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_default();
    Database::connect(options).await.with_context(|| {
        format!("The database at {place} cannot be reached. Check the address, the user and the password, and that it is running")
    })
}
