//! The database: a thin layer of our own over SQLite and PostgreSQL.
//!
//! Reading is a query with its values into a row type ([`Database::all`], [`Database::optional`]). Writing is a
//! value, a [`Batch`], applied whole or not at all. There is no open transaction to hold across an `await`.
//!
//! SQL is written once, in PostgreSQL's manner (`$1`, `= ANY($1)`, `FOR UPDATE SKIP LOCKED`); what SQLite says
//! differently is decided in `dialect.rs` and nowhere else.

mod batch;
mod dialect;
mod engine;
mod error;
mod lease;
mod migrate;
mod postgres;
mod revision;
mod row;
mod sqlite;
mod value;

pub use batch::{Batch, Statement};
pub use engine::{Changed, Database, DatabaseLocation, private_folder};
pub use error::DbError;
pub use lease::{Holder, Lease};
pub use migrate::{MigrateError, Migration};
pub use row::{Column, ColumnError, FromRow, Json, Row};
pub use value::Value;
