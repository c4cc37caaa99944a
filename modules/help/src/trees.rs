//! The trees in service: those of the binary, and those of a folder in their place, read anew when they change.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use crate::domain::{Forest, Source};

/// The trees of the binary.
const EMBEDDED: &[(&str, &str)] = &[
    ("cannot_add.toml", include_str!("../trees/cannot_add.toml")),
    ("cannot_log_in.toml", include_str!("../trees/cannot_log_in.toml")),
    ("dashboard_stale.toml", include_str!("../trees/dashboard_stale.toml")),
    ("date_wrong.toml", include_str!("../trees/date_wrong.toml")),
    ("delete_account.toml", include_str!("../trees/delete_account.toml")),
    ("importing.toml", include_str!("../trees/importing.toml")),
    ("keep_or_cancel.toml", include_str!("../trees/keep_or_cancel.toml")),
    ("monthly_or_yearly.toml", include_str!("../trees/monthly_or_yearly.toml")),
    ("payment_failed.toml", include_str!("../trees/payment_failed.toml")),
    ("price_wrong.toml", include_str!("../trees/price_wrong.toml")),
    ("reading_wrong.toml", include_str!("../trees/reading_wrong.toml")),
    ("reminder_missing.toml", include_str!("../trees/reminder_missing.toml")),
    ("sharing.toml", include_str!("../trees/sharing.toml")),
];

/// More than anybody writes, in bytes and in files: a mistaken folder is no reason to read a disk.
const LONGEST: u64 = 256 * 1024;
const MOST: usize = 200;

/// The trees in service.
pub(crate) struct Trees {
    folder: Option<PathBuf>,
    kept: Mutex<Kept>,
}

struct Kept {
    /// What was read last, whether it was right or not.
    sources: Vec<Source>,
    forest: Arc<Forest>,
}

impl Trees {
    /// Those of the binary, and those of the folder where it is right.
    pub(crate) fn new(folder: &Path) -> Self {
        let folder = Some(folder.to_owned()).filter(|folder| !folder.as_os_str().is_empty());
        let sources = embedded();
        // A test holds that they are right.
        let forest = Arc::new(Forest::read(&sources).unwrap_or_default());
        let trees = Self { folder, kept: Mutex::new(Kept { sources, forest }) };
        if let Err(error) = trees.reread() {
            tracing::error!(%error, "the folder of trees cannot be read: the built-in ones are in service");
        }
        trees
    }

    /// Those in service now.
    pub(crate) fn forest(&self) -> Arc<Forest> {
        Arc::clone(&self.kept.lock().unwrap_or_else(PoisonError::into_inner).forest)
    }

    /// Looks whether the folder has changed. What is wrong there is told, and leaves what is in service.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) fn reread(&self) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let mut sources = embedded();
        sources.extend(of_folder(folder)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.sources == sources {
            return Ok(());
        }
        match Forest::read(&sources) {
            Ok(forest) => {
                tracing::info!(folder = %folder.display(), "trees were read");
                kept.forest = Arc::new(forest);
            }
            Err(mistakes) => {
                for mistake in mistakes {
                    tracing::error!(%mistake, "a tree is not right: those before stay in service");
                }
            }
        }
        kept.sources = sources;
        Ok(())
    }
}

fn embedded() -> Vec<Source> {
    EMBEDDED.iter().map(|(file, text)| Source { file: (*file).into(), text: (*text).into() }).collect()
}

fn of_folder(folder: &Path) -> io::Result<Vec<Source>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)?.take(MOST) {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "toml") && fs::metadata(&path)?.len() <= LONGEST {
            files.push(path);
        }
    }
    files.sort();
    files
        .into_iter()
        .map(|path| Ok(Source { text: fs::read_to_string(&path)?, file: path.display().to_string() }))
        .collect()
}
