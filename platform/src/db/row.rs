//! Reading rows, column by column in the order of the `SELECT`.

use std::str::FromStr;

use jiff::{Timestamp, civil::Date};
use kernel::Id;
use rusqlite::types::ValueRef;
use serde::de::DeserializeOwned;
use tokio_postgres::types::FromSql;
use uuid::Uuid;

/// A column that does not hold what the program expects of it.
#[derive(Debug, thiserror::Error)]
#[error("column {position}: {cause}")]
pub struct ColumnError {
    position: usize,
    cause: String,
}

/// A row under the cursor: [`take`](Row::take) reads the next column.
pub struct Row<'r> {
    source: Source<'r>,
    position: usize,
}

enum Source<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

/// One cell of a row.
pub struct Cell<'r>(CellSource<'r>);

enum CellSource<'r> {
    Sqlite(ValueRef<'r>),
    Postgres(&'r tokio_postgres::Row, usize),
}

impl<'r> Row<'r> {
    pub(super) fn sqlite(row: &'r rusqlite::Row<'r>) -> Self {
        Self { source: Source::Sqlite(row), position: 0 }
    }

    pub(super) fn postgres(row: &'r tokio_postgres::Row) -> Self {
        Self { source: Source::Postgres(row), position: 0 }
    }

    fn next_cell(&mut self) -> Result<(usize, Cell<'r>), ColumnError> {
        let position = self.position;
        self.position += 1;
        let cell = match self.source {
            Source::Sqlite(row) => CellSource::Sqlite(
                row.get_ref(position).map_err(|error| ColumnError { position, cause: error.to_string() })?,
            ),
            Source::Postgres(row) => CellSource::Postgres(row, position),
        };
        Ok((position, Cell(cell)))
    }

    /// The next column.
    ///
    /// # Errors
    /// [`ColumnError`] when it holds something else.
    pub fn take<T: Column>(&mut self) -> Result<T, ColumnError> {
        let (position, cell) = self.next_cell()?;
        T::read(&cell).map_err(|cause| ColumnError { position, cause })
    }

    /// The next column, a text that says a `T`.
    ///
    /// # Errors
    /// [`ColumnError`] when it does not.
    pub fn parse<T: FromStr<Err: std::fmt::Display>>(&mut self) -> Result<T, ColumnError> {
        let (position, cell) = self.next_cell()?;
        cell.text()
            .and_then(|text| text.parse().map_err(|error: T::Err| format!("{text:?}: {error}")))
            .map_err(|cause| ColumnError { position, cause })
    }

    /// The next column, which a closure makes sense of.
    ///
    /// # Errors
    /// [`ColumnError`] when the closure cannot.
    pub fn take_with<C: Column, T>(
        &mut self,
        make: impl FnOnce(C) -> Result<T, String>,
    ) -> Result<T, ColumnError> {
        let position = self.position;
        make(self.take()?).map_err(|cause| ColumnError { position, cause })
    }
}

impl<'r> Cell<'r> {
    fn text(&self) -> Result<&'r str, String> {
        match self.0 {
            CellSource::Sqlite(value) => value.as_str().map_err(|error| error.to_string()),
            CellSource::Postgres(row, position) => row.try_get(position).map_err(|error| error.to_string()),
        }
    }

    fn postgres<T: FromSql<'r>>(row: &'r tokio_postgres::Row, position: usize) -> Result<T, String> {
        row.try_get(position).map_err(|error| error.to_string())
    }
}

/// A type that fits in one column.
pub trait Column: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with the cell.
    fn read(cell: &Cell<'_>) -> Result<Self, String>;

    /// Whether the cell is `NULL`, where that is a value of this type.
    #[doc(hidden)]
    fn is_null(cell: &Cell<'_>) -> bool {
        match cell.0 {
            CellSource::Sqlite(value) => value == ValueRef::Null,
            CellSource::Postgres(row, position) => {
                matches!(row.try_get::<_, Option<Anything>>(position), Ok(None))
            }
        }
    }
}

/// Any PostgreSQL value at all: only whether it is there matters.
struct Anything;

impl FromSql<'_> for Anything {
    fn from_sql(
        _: &tokio_postgres::types::Type,
        _: &[u8],
    ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self)
    }

    fn accepts(_: &tokio_postgres::types::Type) -> bool {
        true
    }
}

fn sqlite_integer(value: ValueRef<'_>) -> Result<i64, String> {
    value.as_i64().map_err(|error| error.to_string())
}

impl Column for i64 {
    fn read(cell: &Cell<'_>) -> Result<Self, String> {
        match cell.0 {
            CellSource::Sqlite(value) => sqlite_integer(value),
            CellSource::Postgres(row, position) => Cell::postgres(row, position),
        }
    }
}

impl Column for bool {
    fn read(cell: &Cell<'_>) -> Result<Self, String> {
        match cell.0 {
            CellSource::Sqlite(value) => sqlite_integer(value).map(|n| n != 0),
            CellSource::Postgres(row, position) => Cell::postgres(row, position),
        }
    }
}

impl Column for String {
    fn read(cell: &Cell<'_>) -> Result<Self, String> {
        cell.text().map(str::to_owned)
    }
}

impl Column for Vec<u8> {
    fn read(cell: &Cell<'_>) -> Result<Self, String> {
        match cell.0 {
            CellSource::Sqlite(value) => value.as_blob().map(<[u8]>::to_vec).map_err(|e| e.to_string()),
            CellSource::Postgres(row, position) => Cell::postgres(row, position),
        }
    }
}

impl Column for Uuid {
    fn read(cell: &Cell<'_>) -> Result<Self, String> {
        match cell.0 {
            CellSource::Sqlite(value) => {
                let bytes = value.as_blob().map_err(|error| error.to_string())?;
                Self::from_slice(bytes).map_err(|error| error.to_string())
            }
            CellSource::Postgres(row, position) => Cell::postgres(row, position),
        }
    }
}

impl<K> Column for Id<K> {
    fn read(cell: &Cell<'_>) -> Result<Self, String> {
        Uuid::read(cell).map(Self::from_uuid)
    }
}

impl Column for Timestamp {
    fn read(cell: &Cell<'_>) -> Result<Self, String> {
        match cell.0 {
            CellSource::Sqlite(value) => sqlite_integer(value)
                .and_then(|micros| Self::from_microsecond(micros).map_err(|e| e.to_string())),
            CellSource::Postgres(row, position) => Cell::postgres(row, position),
        }
    }
}

impl Column for Date {
    fn read(cell: &Cell<'_>) -> Result<Self, String> {
        match cell.0 {
            CellSource::Sqlite(_) => kernel::parse_date(cell.text()?).map_err(|error| error.to_string()),
            CellSource::Postgres(row, position) => Cell::postgres(row, position),
        }
    }
}

impl<T: Column> Column for Option<T> {
    fn read(cell: &Cell<'_>) -> Result<Self, String> {
        if T::is_null(cell) { Ok(None) } else { T::read(cell).map(Some) }
    }
}

/// A column that holds a JSON document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> Column for Json<T> {
    fn read(cell: &Cell<'_>) -> Result<Self, String> {
        match cell.0 {
            CellSource::Sqlite(_) => {
                serde_json::from_str(cell.text()?).map(Self).map_err(|error| error.to_string())
            }
            CellSource::Postgres(row, position) => {
                let text: RawJson<'_> = Cell::postgres(row, position)?;
                serde_json::from_slice(text.0).map(Self).map_err(|error| error.to_string())
            }
        }
    }
}

/// The text inside a PostgreSQL `jsonb`, without a tree built of it first.
struct RawJson<'r>(&'r [u8]);

impl<'r> FromSql<'r> for RawJson<'r> {
    fn from_sql(
        of: &tokio_postgres::types::Type,
        raw: &'r [u8],
    ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        // `jsonb` travels with one byte that tells its version.
        match (*of == tokio_postgres::types::Type::JSONB, raw.split_first()) {
            (true, Some((1, text))) => Ok(Self(text)),
            (true, _) => Err("a jsonb of an unknown version".into()),
            (false, _) => Ok(Self(raw)),
        }
    }

    fn accepts(of: &tokio_postgres::types::Type) -> bool {
        matches!(*of, tokio_postgres::types::Type::JSON | tokio_postgres::types::Type::JSONB)
    }
}

/// A type made of a row.
pub trait FromRow: Sized + Send + 'static {
    /// Reads the columns in their order.
    ///
    /// # Errors
    /// [`ColumnError`] names the column that makes no sense.
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError>;
}

macro_rules! tuples {
    ($(($($column:ident),+))*) => {$(
        impl<$($column: Column + Send + 'static),+> FromRow for ($($column,)+) {
            fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
                Ok(($(row.take::<$column>()?,)+))
            }
        }
    )*};
}

tuples! { (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) }
