//! PostgreSQL's programs, where systems keep them.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::environment;

/// Folders that hold a folder a version, and where in that the programs are.
const PLACES: [(&str, &str); 6] = [
    ("/usr/lib/postgresql", "bin"),
    ("/usr/lib64/pgsql", "bin"),
    ("/usr", "bin"),
    ("/opt/homebrew/opt", "bin"),
    ("/usr/local/opt", "bin"),
    ("/usr/libexec", ""),
];

/// The folder of the newest programs.
pub(super) fn find() -> Option<PathBuf> {
    let mut newest: Option<(u32, PathBuf)> = None;
    for folder in candidates().filter(|folder| is_complete(folder)) {
        let Some(version) = version(&folder) else { continue };
        if newest.as_ref().is_none_or(|(best, _)| version > *best) {
            newest = Some((version, folder));
        }
    }
    newest.map(|(_, folder)| folder)
}

fn candidates() -> impl Iterator<Item = PathBuf> {
    let versioned = PLACES.iter().flat_map(|(place, programs)| {
        let inside = std::fs::read_dir(place).into_iter().flatten().flatten();
        inside
            .filter(|entry| looks_right(&entry.file_name().to_string_lossy()))
            .map(move |entry| entry.path().join(programs))
    });
    environment::path().into_iter().chain(versioned)
}

/// `16`, `pgsql-16`, `postgresql@16`, `postgresql16`.
fn looks_right(name: &str) -> bool {
    name.starts_with("postgresql") || name.starts_with("pgsql") || name.parse::<u32>().is_ok()
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file())
}

fn version(folder: &Path) -> Option<u32> {
    let said = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    major(&String::from_utf8(said.stdout).ok()?)
}

/// 16 of `postgres (PostgreSQL) 16.4 (Debian 16.4-1)`.
fn major(said: &str) -> Option<u32> {
    let number = said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    number[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_what_the_server_says() {
        assert_eq!(major("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("postgres (PostgreSQL)\n"), None);
    }

    #[test]
    fn folders_are_known_by_their_names() {
        for name in ["16", "pgsql-16", "postgresql@16", "postgresql16"] {
            assert!(looks_right(name), "{name}");
        }
        for name in ["bin", "gcc", "python3", "16a"] {
            assert!(!looks_right(name), "{name}");
        }
    }
}
