//! SQLite: reads on the calling thread, writes by one thread that commits many batches together.
//!
//! A read of a page takes a few microseconds from the cache, less than handing it to another thread and back, so
//! it is done where it is asked for; a progress handler ends one that takes too long. Writes go to the file's one
//! writer, which takes whatever has queued up while it was committing, gives each batch a savepoint, and commits
//! them all with one flush to the disk.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use rusqlite::{
    Connection, ErrorCode, OpenFlags,
    config::DbConfig,
    types::{ToSql, ToSqlOutput},
};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{
    DbError, FromRow, Row, Statement, Value, batch::Step, dialect::Dialect, migrate, revision::Revisions,
};

/// Batches that may wait for the writer before new ones are refused.
const QUEUE: usize = 4096;
/// Batches committed together at most: beyond it, waiting for the flush costs more than it shares.
const GROUP: usize = 256;
/// Idle readers kept open.
const IDLE_READERS: usize = 8;
/// How many virtual machine steps pass between two looks at the clock.
const STEPS_PER_LOOK: i32 = 20_000;

pub(super) struct Sqlite {
    path: PathBuf,
    readers: Mutex<Vec<Reader>>,
    writer: mpsc::SyncSender<Order>,
    revisions: Arc<Revisions>,
    statement_timeout: Duration,
}

/// What the writer is told to do.
enum Order {
    Write(Job),
    /// Move what is in the write-ahead log into the file.
    Checkpoint(oneshot::Sender<rusqlite::Result<()>>),
}

/// Done inside the writer's transaction.
type Job = Box<dyn FnOnce(&Writer) -> Finish + Send>;

/// What a job leaves to be done when its group has been committed.
struct Finish {
    /// Whether what it wrote stays.
    keep: bool,
    /// Tells whoever waits; takes the reason when the commit itself failed.
    tell: Box<dyn FnOnce(Option<String>) + Send>,
}

impl Sqlite {
    pub(super) fn open(
        path: &Path,
        migrations: &[migrate::Owned<'_>],
        statement_timeout: Duration,
    ) -> Result<Self, migrate::MigrateError> {
        let mut connection = Connection::open(path).map_err(migrate::MigrateError::database)?;
        configure(&connection, true).map_err(migrate::MigrateError::database)?;
        migrate::sqlite(&mut connection, migrations)?;
        let indexes = unique_indexes(&connection).map_err(migrate::MigrateError::database)?;
        let (writer, orders) = mpsc::sync_channel(QUEUE);
        let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        std::thread::Builder::new()
            .name(format!("write-{name}"))
            .spawn(move || Writer { connection, indexes }.run(&orders))
            .map_err(migrate::MigrateError::database)?;
        Ok(Self {
            path: path.to_owned(),
            readers: Mutex::default(),
            writer,
            revisions: Arc::new(Revisions::new()),
            statement_timeout,
        })
    }

    pub(super) fn all<T: FromRow>(&self, statement: &Statement) -> Result<Vec<T>, DbError> {
        let reader = self.reader()?;
        let result = reader.read(statement, self.statement_timeout);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < IDLE_READERS {
            readers.push(reader);
        }
        result
    }

    fn reader(&self) -> Result<Reader, DbError> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| Reader::open(&self.path), Ok)
    }

    pub(super) async fn apply(&self, steps: Vec<Step>, concerned: Vec<Uuid>) -> Result<(), DbError> {
        self.write(concerned, move |writer| writer.apply(&steps)).await
    }

    pub(super) fn revision(&self, household: Uuid) -> u64 {
        self.revisions.of(household)
    }

    pub(super) async fn returning<T: FromRow>(&self, statement: Statement) -> Result<Vec<T>, DbError> {
        self.write(Vec::new(), move |writer| rows(&writer.connection, &statement)).await
    }

    pub(super) async fn checkpoint(&self) -> Result<(), DbError> {
        let (answer, answered) = oneshot::channel();
        let stopped = || DbError::Unavailable("the writer has stopped".into());
        self.writer.try_send(Order::Checkpoint(answer)).map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?.map_err(|error| translate(&error, &HashMap::new()))
    }

    async fn write<T: Send + 'static>(
        &self,
        concerned: Vec<Uuid>,
        work: impl FnOnce(&Writer) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        let (answer, answered) = oneshot::channel();
        let revisions = Arc::clone(&self.revisions);
        let job: Job = Box::new(move |writer| {
            let result = work(writer);
            let keep = result.is_ok();
            let tell = move |failed: Option<String>| {
                // Here, and not where the answer is waited for: nobody may be waiting any more.
                revisions.changed(&concerned);
                // Whoever asked may have stopped waiting; what was written stays written.
                let _ = answer.send(failed.map_or(result, |cause| Err(DbError::Unavailable(cause))));
            };
            Finish { keep, tell: Box::new(tell) }
        });
        self.writer
            .try_send(Order::Write(job))
            .map_err(|_| DbError::Unavailable("too many writes are waiting".into()))?;
        answered.await.map_err(|_| DbError::Unavailable("the writer has stopped".into()))?
    }
}

fn configure(connection: &Connection, writes: bool) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    // An acknowledged write survives a power cut; sharing the flush pays for it.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -4_000)?;
    connection.pragma_update(None, "query_only", !writes)?;
    // Otherwise a statement is planned anew whenever a bound value could change its plan: at every page of a list.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// One connection that reads.
struct Reader {
    connection: Connection,
    /// Milliseconds after `epoch` at which the running statement has taken too long.
    deadline: Arc<AtomicU64>,
    epoch: Instant,
}

impl Reader {
    fn open(path: &Path) -> Result<Self, DbError> {
        let unavailable = |error: rusqlite::Error| DbError::Unavailable(error.to_string());
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags).map_err(unavailable)?;
        configure(&connection, false).map_err(unavailable)?;
        let (deadline, epoch) = (Arc::new(AtomicU64::new(u64::MAX)), Instant::now());
        let watched = Arc::clone(&deadline);
        connection
            .progress_handler(
                STEPS_PER_LOOK,
                Some(move || milliseconds(epoch.elapsed()) > watched.load(Ordering::Relaxed)),
            )
            .map_err(unavailable)?;
        Ok(Self { connection, deadline, epoch })
    }

    fn read<T: FromRow>(&self, statement: &Statement, timeout: Duration) -> Result<Vec<T>, DbError> {
        self.deadline.store(milliseconds(self.epoch.elapsed() + timeout), Ordering::Relaxed);
        rows(&self.connection, statement)
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn rows<T: FromRow>(connection: &Connection, statement: &Statement) -> Result<Vec<T>, DbError> {
    let none = HashMap::new();
    let text = Dialect::Sqlite.statement(statement.text);
    let mut prepared = connection.prepare_cached(text).map_err(|error| translate(&error, &none))?;
    let mut cursor = prepared
        .query(rusqlite::params_from_iter(statement.values.iter()))
        .map_err(|error| translate(&error, &none))?;
    let mut found = Vec::new();
    while let Some(row) = cursor.next().map_err(|error| translate(&error, &none))? {
        found.push(T::from_row(&mut Row::sqlite(row))?);
    }
    Ok(found)
}

/// The one connection that writes.
struct Writer {
    connection: Connection,
    indexes: HashMap<String, String>,
}

impl Writer {
    fn run(self, orders: &mpsc::Receiver<Order>) {
        while let Ok(first) = orders.recv() {
            let mut group = Vec::new();
            for order in std::iter::once(first).chain(orders.try_iter().take(GROUP - 1)) {
                match order {
                    Order::Write(job) => group.push(job),
                    Order::Checkpoint(answer) => {
                        self.commit(std::mem::take(&mut group));
                        // Whoever asked may be gone; the log is as good as the file.
                        let _ = answer.send(self.checkpoint());
                    }
                }
            }
            self.commit(group);
        }
    }

    fn checkpoint(&self) -> rusqlite::Result<()> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }

    fn commit(&self, group: Vec<Job>) {
        if group.is_empty() {
            return;
        }
        let mut finished = Vec::with_capacity(group.len());
        let committed = self.execute("BEGIN IMMEDIATE").and_then(|()| {
            for job in group {
                finished.push(self.in_savepoint(job)?);
            }
            self.execute("COMMIT")
        });
        let failed = committed.err().map(|error| {
            // Nothing to roll back when BEGIN itself failed; the answer is the same.
            let _ = self.execute("ROLLBACK");
            error.to_string()
        });
        for finish in finished {
            (finish.tell)(failed.clone());
        }
    }

    fn in_savepoint(&self, job: Job) -> rusqlite::Result<Finish> {
        self.execute("SAVEPOINT batch")?;
        let finish = job(self);
        if !finish.keep {
            self.execute("ROLLBACK TO batch")?;
        }
        self.execute("RELEASE batch")?;
        Ok(finish)
    }

    fn execute(&self, text: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(text)?.raw_execute().map(|_| ())
    }

    fn apply(&self, steps: &[Step]) -> Result<(), DbError> {
        for step in steps {
            let touched = self.step(&step.statement).map_err(|error| translate(&error, &self.indexes))?;
            if step.expected.is_some_and(|expected| expected != touched) {
                return Err(DbError::Conflict);
            }
        }
        Ok(())
    }

    fn step(&self, statement: &Statement) -> rusqlite::Result<u64> {
        let mut prepared = self.connection.prepare_cached(Dialect::Sqlite.statement(statement.text))?;
        let touched = prepared.execute(rusqlite::params_from_iter(statement.values.iter()))?;
        Ok(touched as u64)
    }
}

/// SQLite names the columns of a violated index, not the index: this finds the index by its columns.
fn unique_indexes(connection: &Connection) -> rusqlite::Result<HashMap<String, String>> {
    let mut statement = connection.prepare(
        "SELECT list.name, group_concat(t.name || '.' || columns.name, ', ' ORDER BY columns.seqno)
         FROM sqlite_schema t, pragma_index_list(t.name) list, pragma_index_info(list.name) columns
         WHERE t.type = 'table' AND list.\"unique\" AND columns.name IS NOT NULL GROUP BY list.name",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(1)?, row.get(0)?)))?;
    rows.collect()
}

fn translate(error: &rusqlite::Error, indexes: &HashMap<String, String>) -> DbError {
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => match text.strip_prefix("UNIQUE constraint failed: ") {
            Some(violated) => DbError::Unique(match violated.strip_prefix("index '") {
                Some(named) => named.trim_end_matches('\'').to_owned(),
                None => indexes.get(violated).cloned().unwrap_or_else(|| violated.to_owned()),
            }),
            None => DbError::Refused(text),
        },
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::OperationInterrupted
            | ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::OutOfMemory,
        ) => DbError::Unavailable(text),
        _ => DbError::Refused(text),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::{Value as Owned, ValueRef as Borrowed};
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Owned::Null),
            Self::Boolean(truth) => ToSqlOutput::Owned(Owned::Integer(i64::from(*truth))),
            Self::Integer(number) => ToSqlOutput::Owned(Owned::Integer(*number)),
            Self::Text(text) | Self::Json(text) => ToSqlOutput::Borrowed(Borrowed::Text(text.as_bytes())),
            Self::Uuid(uuid) => ToSqlOutput::Borrowed(Borrowed::Blob(uuid.as_bytes())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(Borrowed::Blob(bytes)),
            Self::Instant(instant) => ToSqlOutput::Owned(Owned::Integer(instant.as_microsecond())),
            Self::Date(date) => ToSqlOutput::Owned(Owned::Text(date.to_string())),
            Self::Integers(numbers) => ToSqlOutput::Owned(Owned::Text(
                serde_json::to_string(numbers)
                    .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?,
            )),
        })
    }
}
