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

    /// Whether a text puts in one row and can put in several: nothing it does may depend on the row before.
    pub(super) fn takes_rows(text: &str) -> bool {
        let Some(into) = text.strip_prefix("INSERT INTO ") else { return false };
        let table = into.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
        row_of(text).is_some()
            && !["DO UPDATE", "RETURNING"].iter().any(|word| text.contains(word))
            && !text.contains(&format!("FROM {table} "))
    }

    /// Whether a text changes one row that it finds by its parameters, and can change several that way.
    pub(super) fn changes_rows(text: &str) -> bool {
        let condition = condition_of(text).map(|at| &text[at..]);
        // By its first parameter, so that two changes of one row can be told from those of two.
        text.starts_with("UPDATE ")
            && condition
                .is_some_and(|condition| condition.contains("id = $1 ") || condition.ends_with("id = $1"))
            && !text.contains("RETURNING")
    }

    /// An insertion or a change of one row, as one of `rows` rows; `types` are those of the one row's parameters.
    pub(super) fn rows(text: &'static str, types: &[&str], rows: usize) -> &'static str {
        static KNOWN: LazyLock<RwLock<HashMap<(&'static str, usize), &'static str>>> =
            LazyLock::new(RwLock::default);
        let key = (text, rows);
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        known.unwrap_or_else(|| {
            let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
            known.entry(key).or_insert_with(|| {
                let many = joined(text, types, rows).unwrap_or_else(|| repeated(text, rows));
                Box::leak(many.into_boxed_str())
            })
        })
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

/// Where the row of values of an insertion stands, with its parentheses.
fn row_of(text: &str) -> Option<std::ops::Range<usize>> {
    let begins = text.find("VALUES (")? + "VALUES ".len();
    let mut depth = 0_usize;
    for (at, letter) in text[begins..].char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(begins..begins + at + 1);
        }
    }
    None
}

/// Where the condition of a change begins that finds its row by its parameters alone, at ` WHERE `.
fn condition_of(text: &str) -> Option<usize> {
    if !text.starts_with("UPDATE ") {
        return None;
    }
    let mut depth = 0_usize;
    let words = text.char_indices().filter(|(_, letter)| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    let mut places = words.map(|(at, _)| &text[at..]).filter(|rest| rest.starts_with(char::is_whitespace));
    let first = places.find(|rest| {
        let word = rest.trim_start();
        word.starts_with("WHERE ") || word.starts_with("FROM ") || word.starts_with("RETURNING ")
    })?;
    first.trim_start().starts_with("WHERE ").then(|| text.len() - first.len())
}

/// A change of one row as one of `rows` rows: its parameters become columns of a list of values, each of the type that
/// the database says the parameter has.
fn joined(text: &str, types: &[&str], rows: usize) -> Option<String> {
    let condition = condition_of(text)?;
    let columns = |text: &str| {
        let mut pieces = text.split('$');
        let mut named = pieces.next().unwrap_or_default().to_owned();
        for (number, rest) in pieces.map(numbered) {
            named.push_str(&format!("changed.c{number}{rest}"));
        }
        named
    };
    let list = |separator: &str, one: &dyn Fn(usize, &str) -> String| {
        let all: Vec<String> = types.iter().enumerate().map(|(at, of)| one(at, of)).collect();
        all.join(separator)
    };
    let values: Vec<String> = (0..rows)
        .map(|row| {
            let first = row * types.len() + 1;
            format!("({})", list(", ", &|at, of| format!("${}::{of}", first + at)))
        })
        .collect();
    Some(format!(
        "{} FROM (VALUES {}) AS changed ({}){}",
        columns(&text[..condition]),
        values.join(", "),
        list(", ", &|at, _| format!("c{}", at + 1)),
        columns(&text[condition..])
    ))
}

/// The row of values `rows` times, with the parameters of each behind those of the one before.
fn repeated(text: &str, rows: usize) -> String {
    let Some(row) = row_of(text) else { return text.to_owned() };
    let pieces: Vec<&str> = text[row.clone()].split('$').collect();
    let numbered: Vec<(usize, &str)> = pieces[1..].iter().map(|piece| numbered(piece)).collect();
    let parameters = numbered.iter().map(|(number, _)| *number).max().unwrap_or(0);
    let mut repeated = text[..row.start].to_owned();
    for behind in 0..rows {
        if behind > 0 {
            repeated.push_str(", ");
        }
        repeated.push_str(pieces[0]);
        for (number, rest) in &numbered {
            repeated.push_str(&format!("${}{rest}", behind * parameters + number));
        }
    }
    repeated.push_str(&text[row.end..]);
    repeated
}

/// A parameter's number, and what follows it.
fn numbered(piece: &str) -> (usize, &str) {
    let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
    (piece[..digits].parse().unwrap_or(0), &piece[digits..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_go_in_together_have_parameters_of_their_own() {
        let text =
            "INSERT INTO t (a, b) VALUES ($1, CASE WHEN (SELECT c FROM u WHERE d = $1) = $2 THEN 0 END)
                    ON CONFLICT (a) WHERE b > 0 DO NOTHING";
        assert!(Dialect::takes_rows(text));
        assert_eq!(
            Dialect::rows(text, &["bigint", "text"], 2),
            "INSERT INTO t (a, b) VALUES ($1, CASE WHEN (SELECT c FROM u WHERE d = $1) = $2 THEN 0 END), \
             ($3, CASE WHEN (SELECT c FROM u WHERE d = $3) = $4 THEN 0 END)
                    ON CONFLICT (a) WHERE b > 0 DO NOTHING"
        );
        for alone in [
            "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = 1",
            "INSERT INTO t (a) VALUES ($1) RETURNING a",
            "INSERT INTO t (a) SELECT $1",
            "INSERT INTO t (a) VALUES ((SELECT max(a) FROM t WHERE b = $1))",
            "UPDATE t SET a = $1",
        ] {
            assert!(!Dialect::takes_rows(alone), "{alone}");
        }
    }

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
    fn rows_that_are_changed_together_are_found_in_a_list() {
        let text = "UPDATE t SET a = $2, b = coalesce(b, $3)
             WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM u WHERE u.id = $1)";
        assert!(Dialect::changes_rows(text));
        assert_eq!(
            Dialect::rows(text, &["uuid", "text", "date"], 2),
            "UPDATE t SET a = changed.c2, b = coalesce(b, changed.c3) FROM (VALUES ($1::uuid, $2::text, $3::date), \
             ($4::uuid, $5::text, $6::date)) AS changed (c1, c2, c3)
             WHERE id = changed.c1 AND NOT EXISTS (SELECT 1 FROM u WHERE u.id = changed.c1)"
        );
        for alone in [
            "UPDATE t SET a = $1",
            "UPDATE t SET a = $1 WHERE b = $2",
            "UPDATE t SET a = u.a FROM u WHERE u.id = $1",
            "UPDATE t SET a = 1 WHERE id = $1 RETURNING a",
            "DELETE FROM t WHERE id = $1",
        ] {
            assert!(!Dialect::changes_rows(alone), "{alone}");
        }
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
