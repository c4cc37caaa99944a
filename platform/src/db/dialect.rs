//! Where SQLite and PostgreSQL differ. Nothing outside this file asks which of them it is.

use std::{
    collections::HashMap,
    sync::{LazyLock, PoisonError, RwLock},
};

/// Which database speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

/// Column types as migrations name them, and as SQLite and PostgreSQL do.
const TYPES: [(&str, &str, &str); 9] = [
    ("ID", "BLOB", "uuid"),
    ("INTEGER", "INTEGER", "bigint"),
    ("TEXT", "TEXT", "text"),
    ("BOOLEAN", "INTEGER", "boolean"),
    ("INSTANT", "INTEGER", "timestamptz"),
    ("DATE", "TEXT", "date"),
    ("JSON", "TEXT", "jsonb"),
    ("BYTES", "BLOB", "bytea"),
    ("SEQUENCE", "INTEGER PRIMARY KEY AUTOINCREMENT", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
];

impl Dialect {
    /// A statement in this dialect. Texts are the program's own and few, so each is translated once and kept.
    pub(super) fn statement(self, text: &'static str) -> &'static str {
        static KNOWN: LazyLock<RwLock<HashMap<&'static str, &'static str>>> = LazyLock::new(RwLock::default);
        match self {
            Self::Postgres => text,
            Self::Sqlite => {
                let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(text).copied();
                known.unwrap_or_else(|| {
                    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
                    known.entry(text).or_insert_with(|| Box::leak(sqlite_statement(text).into_boxed_str()))
                })
            }
        }
    }

    /// A migration in this dialect: column types by [`TYPES`]; `STRICT` tables are SQLite's alone.
    pub(super) fn migration(self, text: &str) -> String {
        let mut translated = String::with_capacity(text.len() + text.len() / 4);
        for line in text.lines() {
            let (code, comment) = line.split_once("--").map_or((line, None), |(c, rest)| (c, Some(rest)));
            for piece in code.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
                let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                translated.push_str(self.migration_word(word));
                translated.push_str(&piece[word.len()..]);
            }
            if let Some(comment) = comment {
                translated.push_str("--");
                translated.push_str(comment);
            }
            translated.push('\n');
        }
        translated
    }

    fn migration_word(self, word: &str) -> &str {
        if word == "STRICT" && self == Self::Postgres {
            return "";
        }
        let known = TYPES.iter().find(|(name, ..)| *name == word);
        known.map_or(word, |(_, sqlite, postgres)| match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        })
    }
}

/// `$n` becomes `?n`, a list is unpacked from JSON, and rows are not locked: the writer is alone anyway.
fn sqlite_statement(text: &str) -> String {
    let mut rest = text;
    let mut translated = String::with_capacity(text.len() + 32);
    while let Some(at) = rest.find('$') {
        let digits = rest[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let number = &rest[at + 1..at + 1 + digits];
        match rest[..at].strip_suffix("= ANY(") {
            Some(before) => {
                translated.push_str(&format!("{before}IN (SELECT value FROM json_each(?{number})"));
            }
            None => translated.push_str(&format!("{}?{number}", &rest[..at])),
        }
        rest = &rest[at + 1 + digits..];
    }
    translated.push_str(rest);
    translated.replace(" FOR UPDATE SKIP LOCKED", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_translated_for_sqlite() {
        let text = "UPDATE t SET a = $2 WHERE id = ANY($1) AND b < $10 FOR UPDATE SKIP LOCKED";
        assert_eq!(Dialect::Postgres.statement(text), text);
        assert_eq!(
            Dialect::Sqlite.statement(text),
            "UPDATE t SET a = ?2 WHERE id IN (SELECT value FROM json_each(?1)) AND b < ?10"
        );
    }

    #[test]
    fn migrations_are_translated_word_by_word_and_comments_are_left_alone() {
        let text = "CREATE TABLE t (id ID PRIMARY KEY, at INSTANT, IDLE TEXT) STRICT; -- an ID";
        assert_eq!(
            Dialect::Sqlite.migration(text),
            "CREATE TABLE t (id BLOB PRIMARY KEY, at INTEGER, IDLE TEXT) STRICT; -- an ID\n"
        );
        assert_eq!(
            Dialect::Postgres.migration(text),
            "CREATE TABLE t (id uuid PRIMARY KEY, at timestamptz, IDLE text) ; -- an ID\n"
        );
    }
}
