//! SQLite doing the same statements without us: the same page is read, the same rows are written.
//!
//! The rows are those the program wrote a moment ago, with fresh ids, so that this measures the same work whatever
//! columns there are.

use std::{
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::{Connection, types::Value};

use super::load::Measured;
use crate::failure::Failure;

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::new(format!("SQLite: {error}"))
    }
}

const PAGE: &str = "SELECT * FROM subscriptions WHERE household_id = ?1 AND id > ?2 ORDER BY id LIMIT 21";

fn open(file: &Path) -> Result<Connection, Failure> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// A page of twenty, and one row more, by each of the callers on a connection of its own.
pub(super) fn read(file: &Path, callers: usize, duration: Duration) -> Result<Measured, Failure> {
    let household: Vec<u8> =
        open(file)?.query_row("SELECT household_id FROM subscriptions LIMIT 1", [], |r| r.get(0))?;
    side_by_side(callers, |_| {
        let connection = open(file)?;
        let mut page = connection.prepare(PAGE)?;
        repeat(duration, || {
            let mut rows = page.query((&household, [0_u8; 16]))?;
            while let Some(row) = rows.next()? {
                for column in 0..row.as_ref().column_count() {
                    std::hint::black_box(row.get_ref(column)?);
                }
            }
            Ok(())
        })
    })
}

/// Each caller commits by itself, one after the other on the one connection that writes.
pub(super) fn write(file: &Path, callers: usize, duration: Duration) -> Result<Measured, Failure> {
    let (connection, rows) = (Mutex::new(open(file)?), rows_of_one_creation(&open(file)?)?);
    side_by_side(callers, |_| {
        repeat(duration, || {
            let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            connection.execute_batch("BEGIN IMMEDIATE")?;
            insert(&connection, &rows)?;
            Ok(connection.execute_batch("COMMIT")?)
        })
    })
}

/// What the engine can do at best: one caller, 64 creations a commit.
pub(super) fn write_grouped(file: &Path, callers: usize, duration: Duration) -> Result<Measured, Failure> {
    let connection = open(file)?;
    let rows = rows_of_one_creation(&connection)?;
    let mut measured = repeat(duration, || {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        (0..callers).try_for_each(|_| insert(&connection, &rows))?;
        Ok(connection.execute_batch("COMMIT")?)
    })?;
    measured.answers *= callers as u64;
    Ok(measured)
}

fn side_by_side(
    callers: usize,
    work: impl Fn(usize) -> Result<Measured, Failure> + Sync,
) -> Result<Measured, Failure> {
    let mut all = Measured::new()?;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..callers)
            .map(|caller| {
                scope.spawn({
                    let work = &work;
                    move || work(caller)
                })
            })
            .collect();
        threads.into_iter().try_for_each(|thread| {
            let measured = thread.join().map_err(|_| Failure::new("a caller panicked"))??;
            all.merge(&measured);
            Ok::<(), Failure>(())
        })
    })?;
    Ok(all)
}

fn repeat(duration: Duration, mut work: impl FnMut() -> Result<(), Failure>) -> Result<Measured, Failure> {
    let mut measured = Measured::new()?;
    let begun = Instant::now();
    while begun.elapsed() < duration {
        let asked = Instant::now();
        work()?;
        measured.note(asked.elapsed());
    }
    measured.elapsed = begun.elapsed();
    Ok(measured)
}

/// An insert, and the values it is done with; those at `fresh` are ids.
struct Insert {
    statement: String,
    values: Vec<Value>,
    fresh: Vec<usize>,
}

/// What creating one subscription writes: itself, its first payment, and an event for each.
fn rows_of_one_creation(connection: &Connection) -> Result<Vec<Insert>, Failure> {
    ["subscriptions", "payments", "outbox", "outbox"]
        .into_iter()
        .map(|table| insert_like(connection, table))
        .collect()
}

fn insert_like(connection: &Connection, table: &str) -> Result<Insert, Failure> {
    let mut newest = connection.prepare(&format!("SELECT * FROM {table} ORDER BY rowid DESC LIMIT 1"))?;
    let names: Vec<String> = newest.column_names().map(ToOwned::to_owned).collect();
    let kept: Vec<usize> =
        (0..names.len()).filter(|at| !matches!(names[*at].as_str(), "sequence" | "published_at")).collect();
    let values =
        newest.query_row([], |row| kept.iter().map(|at| row.get(*at)).collect::<Result<Vec<Value>, _>>())?;
    let columns: Vec<&str> = kept.iter().map(|at| names[*at].as_str()).collect();
    let places: Vec<String> = (1..=kept.len()).map(|place| format!("?{place}")).collect();
    let is_fresh = |name: &&str| {
        matches!(*name, "id" | "event_id") || (table == "payments" && *name == "subscription_id")
    };
    let fresh = columns.iter().enumerate().filter(|(_, name)| is_fresh(name)).map(|(at, _)| at).collect();
    let statement = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "));
    Ok(Insert { statement, values, fresh })
}

fn insert(connection: &Connection, rows: &[Insert]) -> Result<(), Failure> {
    for row in rows {
        let mut values = row.values.clone();
        for at in &row.fresh {
            values[*at] = Value::Blob(fresh_id().to_vec());
        }
        connection.prepare_cached(&row.statement)?.execute(rusqlite::params_from_iter(values))?;
    }
    Ok(())
}

/// An id that grows as `UUIDv7`s do, so that indexes are filled in the same way.
pub(super) fn fresh_id() -> [u8; 16] {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut id = [0xff; 16];
    id[..8].copy_from_slice(&(0x7fff_0000_0000_0000 + NEXT.fetch_add(1, Ordering::Relaxed)).to_be_bytes());
    // Another run's ids must not be in the way.
    id[8..12].copy_from_slice(&std::process::id().to_be_bytes());
    id
}
