//! Where an installation keeps its data; gone with the last that uses it.

use std::path::Path;

use tempfile::TempDir;

use crate::{postgres::TestDatabase, rows};

/// A folder, and a PostgreSQL database where the data is not in the folder.
#[derive(Debug)]
pub(crate) struct Place {
    database: Option<TestDatabase>,
    folder: TempDir,
}

impl Place {
    /// On SQLite.
    pub(crate) fn sqlite() -> Self {
        Self { database: None, folder: new_folder() }
    }

    /// On PostgreSQL; `None` when there is no server.
    pub(crate) async fn postgres() -> Option<Self> {
        let folder = new_folder();
        let random = folder.path().file_name().unwrap().to_string_lossy().to_lowercase();
        let unique = format!("{}_{}", std::process::id(), random.trim_start_matches("perennial-"));
        Some(Self { database: Some(TestDatabase::create(&unique).await?), folder })
    }

    /// The data folder, which the program makes itself.
    pub(crate) fn folder(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// A folder that is there already, for files of the test.
    pub(crate) fn beside(&self) -> &Path {
        self.folder.path()
    }

    /// Cuts every connection to the PostgreSQL database.
    pub(crate) async fn cut_connections(&self) {
        self.database.as_ref().unwrap().cut_connections().await;
    }

    /// Runs a statement on a module's tables; says how many rows it touched.
    pub(crate) async fn write_past(&self, module: &str, statement: &str) -> u64 {
        match &self.database {
            Some(database) => database.write_past(module, statement).await,
            None => {
                let file = self.folder().join(format!("{module}.db"));
                let touched = rusqlite::Connection::open(file).unwrap().execute(statement, []).unwrap();
                u64::try_from(touched).unwrap()
            }
        }
    }

    /// How many events wait to be told or taken, of all modules.
    pub(crate) async fn waiting(&self) -> u64 {
        match &self.database {
            Some(database) => database.waiting().await,
            None => rows::waiting_in_files(&self.folder()),
        }
    }

    /// Every row of the PostgreSQL database; `None` on SQLite.
    pub(crate) async fn rows(&self) -> Option<Vec<String>> {
        match &self.database {
            Some(database) => Some(database.rows().await),
            None => None,
        }
    }

    /// `database.url`, empty on SQLite.
    pub(crate) fn url(&self) -> String {
        self.database.as_ref().map(TestDatabase::url).unwrap_or_default()
    }
}

fn new_folder() -> TempDir {
    tempfile::Builder::new().prefix("perennial-").tempdir().unwrap()
}
