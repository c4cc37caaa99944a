//! What stands in the databases, for tests that look whether something is left there.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, types::ValueRef};

/// A row as a line: ids without their hyphens, so that they read as they do elsewhere.
pub(crate) fn line(table: &str, values: &str) -> String {
    format!("{table}: {}", values.to_lowercase().replace('-', ""))
}

/// Counts the events of a module that wait to be told or taken.
pub(crate) const WAITING: &str = "SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL)
     + (SELECT count(*) FROM inbox WHERE state = 'waiting')";

/// Every row of the SQLite files of a folder.
pub(crate) fn of_files(folder: &Path) -> Vec<String> {
    files(folder).flat_map(|path| of_file(&path)).collect()
}

/// How many events wait to be told or taken, of all modules that have a file in a folder.
pub(crate) fn waiting_in_files(folder: &Path) -> u64 {
    let waiting = |path: std::path::PathBuf| open(&path).query_row(WAITING, [], |row| row.get::<_, i64>(0));
    files(folder).map(|path| u64::try_from(waiting(path).unwrap()).unwrap()).sum()
}

fn files(folder: &Path) -> impl Iterator<Item = std::path::PathBuf> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|end| end == "db"))
}

fn open(path: &Path) -> Connection {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

fn of_file(path: &Path) -> Vec<String> {
    let module = path.file_stem().unwrap().to_str().unwrap();
    let database = open(path);
    let mut statement = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
    let tables: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    let mut found = Vec::new();
    for table in tables {
        let mut statement = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<String> = (0..columns).map(|at| text(row.get_ref(at).unwrap())).collect();
            found.push(line(&format!("{module}.{table}"), &values.join(",")));
        }
    }
    found
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}
