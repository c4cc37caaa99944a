//! Somebody else's SQLite database, sent as bytes: read from memory, never from a disk, never written to, with every
//! bound that SQLite has for files that may be hostile.

use std::collections::BTreeMap;

use rusqlite::{Connection, config::DbConfig, limits::Limit, types::ValueRef};

/// The longest text of a cell, and the longest row.
const LONGEST: i32 = 1_000_000;
/// Steps of SQLite's machine between two looks, and how many looks a reading may take.
const STEPS: i32 = 10_000;
const LOOKS: u32 = 20_000;

/// One value of a foreign row. Numbers come as text, exactly as SQLite writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForeignValue {
    /// Nothing, or bytes.
    Null,
    /// A number.
    Number(String),
    /// A text.
    Text(String),
}

/// The rows of one table, by the names of its columns.
pub type ForeignRows = Vec<BTreeMap<String, ForeignValue>>;

/// Why a database cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ForeignError(String);

impl From<rusqlite::Error> for ForeignError {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

/// The rows of those of `tables` that the database has, at most `most` each; one row more tells that there are more.
///
/// # Errors
/// [`ForeignError`] when it is damaged, or takes too long.
pub fn foreign_rows(
    bytes: &[u8],
    tables: &[&str],
    most: usize,
) -> Result<BTreeMap<String, ForeignRows>, ForeignError> {
    let connection = open(bytes)?;
    let mut found = BTreeMap::new();
    for table in tables {
        // A view could compute anything; only what is stored is read.
        let is_table: bool = connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 AND sql NOT LIKE 'CREATE VIRTUAL%')",
            [table],
            |row| row.get(0),
        )?;
        if is_table {
            found.insert((*table).to_owned(), rows(&connection, table, most)?);
        }
    }
    Ok(found)
}

fn open(bytes: &[u8]) -> Result<Connection, ForeignError> {
    let mut connection = Connection::open_in_memory()?;
    connection.deserialize_read_exact("main", bytes, bytes.len(), true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.set_limit(Limit::SQLITE_LIMIT_COLUMN, 200)?;
    let mut looks = 0;
    connection.progress_handler(
        STEPS,
        Some(move || {
            looks += 1;
            looks > LOOKS
        }),
    )?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(connection)
}

fn rows(connection: &Connection, table: &str, most: usize) -> Result<ForeignRows, ForeignError> {
    // The name is one of ours; quoted all the same.
    let mut statement =
        connection.prepare(&format!("SELECT * FROM \"{}\" LIMIT ?1", table.replace('"', "")))?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let mut cursor = statement.query([limit])?;
    let mut found = Vec::new();
    while let Some(row) = cursor.next()? {
        let mut values = BTreeMap::new();
        for (at, name) in names.iter().enumerate() {
            values.insert(name.clone(), value(row.get_ref(at)?));
        }
        found.push(values);
    }
    Ok(found)
}

fn value(cell: ValueRef<'_>) -> ForeignValue {
    match cell {
        ValueRef::Null | ValueRef::Blob(_) => ForeignValue::Null,
        ValueRef::Integer(number) => ForeignValue::Number(number.to_string()),
        ValueRef::Real(number) => ForeignValue::Number(number.to_string()),
        ValueRef::Text(text) => ForeignValue::Text(String::from_utf8_lossy(text).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(statements: &str) -> Vec<u8> {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(statements).unwrap();
        connection.serialize("main").unwrap().to_vec()
    }

    #[test]
    fn rows_are_read_with_their_columns_names() {
        let bytes = database(
            "CREATE TABLE t (a INTEGER, b REAL, c TEXT, d BLOB); INSERT INTO t VALUES (1, 9.99, 'x', x'00'), (NULL, 2.0, '', NULL);",
        );
        let found = foreign_rows(&bytes, &["t", "none"], 10).unwrap();
        assert_eq!(found.len(), 1);
        let first = &found["t"][0];
        assert_eq!(first["a"], ForeignValue::Number("1".into()));
        assert_eq!(first["b"], ForeignValue::Number("9.99".into()));
        assert_eq!((&first["c"], &first["d"]), (&ForeignValue::Text("x".into()), &ForeignValue::Null));
        assert_eq!(foreign_rows(&bytes, &["t"], 1).unwrap()["t"].len(), 2);
    }

    #[test]
    fn what_is_computed_is_not_read() {
        let endless = "CREATE VIEW subscriptions AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n;";
        assert!(foreign_rows(&database(endless), &["subscriptions"], 10).unwrap().is_empty());
    }

    #[test]
    fn damaged_databases_are_refused() {
        let mut bytes = database("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
        for byte in bytes.iter_mut().skip(100) {
            *byte ^= 0x5a;
        }
        assert!(foreign_rows(&bytes, &["t"], 10).is_err());
        assert!(foreign_rows(b"SQLite format 3\0", &["t"], 10).is_err());
    }
}
