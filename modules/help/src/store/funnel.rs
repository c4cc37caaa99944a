//! Steps that were taken, counted; and questions that found nothing. Nothing here says of whom it is.

use jiff::{Timestamp, civil::Date};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::{Counted, Resting};

impl FromRow for Counted {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { node: row.take()?, what: row.take()?, sessions: row.take()? })
    }
}

impl FromRow for Resting {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { node: row.take()?, open: row.take()?, resting: row.take()? })
    }
}

/// The most nodes and ways of a version that are counted.
const MOST: i64 = 2_000;

/// What was logged of a version of a tree since a day, by node and by what it was; and by node alone.
pub(crate) async fn counted(
    database: &Database,
    (tree, version): (&str, &str),
    since: Date,
) -> Result<Vec<Counted>, DbError> {
    let mut found = database
        .all(sql!(
            "SELECT node, what, count(DISTINCT session_id) FROM steps
             WHERE tree = $1 AND tree_version = $2 AND day >= $3 GROUP BY node, what ORDER BY node, what LIMIT $4",
            tree,
            version,
            since,
            MOST
        ))
        .await?;
    let reached: Vec<Counted> = database
        .all(sql!(
            "SELECT node, '', count(DISTINCT session_id) FROM steps
             WHERE tree = $1 AND tree_version = $2 AND day >= $3 GROUP BY node ORDER BY node LIMIT $4",
            tree,
            version,
            since,
            MOST
        ))
        .await?;
    found.extend(reached);
    Ok(found)
}

/// Sessions of a version that are open since then, by where they are; those rest that nobody touched since `moved`.
pub(crate) async fn open_sessions(
    database: &Database,
    (tree, version): (&str, &str),
    (since, moved): (Timestamp, Timestamp),
) -> Result<Vec<Resting>, DbError> {
    database
        .all(sql!(
            "SELECT node, count(*), sum(CASE WHEN updated_at < $4 THEN 1 ELSE 0 END) FROM sessions
             WHERE tree = $1 AND tree_version = $2 AND status = 'open' AND created_at >= $3
             GROUP BY node ORDER BY node LIMIT $5",
            tree,
            version,
            since,
            moved,
            MOST
        ))
        .await
}

/// A version of a tree that was walked, from when to when.
#[derive(Debug, Clone)]
pub(crate) struct Walked {
    pub(crate) version: String,
    pub(crate) first: Date,
    pub(crate) last: Date,
}

impl FromRow for Walked {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { version: row.take()?, first: row.take()?, last: row.take()? })
    }
}

/// The versions of a tree that were walked since a day, the last walked first.
pub(crate) async fn versions(
    database: &Database,
    tree: &str,
    since: Date,
    limit: i64,
) -> Result<Vec<Walked>, DbError> {
    database
        .all(sql!(
            "SELECT tree_version, min(day), max(day) FROM steps WHERE tree = $1 AND day >= $2
             GROUP BY tree_version ORDER BY max(day) DESC, max(number) DESC LIMIT $3",
            tree,
            since,
            limit
        ))
        .await
}

/// How many sessions of a tree, or of a day, something became of.
pub(crate) type Became<K> = (K, String, i64);

/// By tree: how many came, and what became of them.
pub(crate) async fn outcomes(database: &Database, since: Date) -> Result<Vec<Became<String>>, DbError> {
    database
        .all(sql!(
            "SELECT tree, what, count(DISTINCT session_id) FROM steps
             WHERE day >= $1 AND what IN ('@began', 'solved', '@escalated', '@left')
             GROUP BY tree, what ORDER BY tree, what LIMIT $2",
            since,
            MOST
        ))
        .await
}

/// By tree: how many sessions are open, and how many of them rest.
pub(crate) async fn open_by_tree(
    database: &Database,
    (since, moved): (Timestamp, Timestamp),
) -> Result<Vec<Resting>, DbError> {
    database
        .all(sql!(
            "SELECT tree, count(*), sum(CASE WHEN updated_at < $2 THEN 1 ELSE 0 END) FROM sessions
             WHERE status = 'open' AND created_at >= $1 GROUP BY tree ORDER BY tree LIMIT $3",
            since,
            moved,
            MOST
        ))
        .await
}

/// By day: how many came to a tree, and what became of them.
pub(crate) async fn days(
    database: &Database,
    (tree, version): (&str, &str),
    since: Date,
) -> Result<Vec<Became<Date>>, DbError> {
    database
        .all(sql!(
            "SELECT day, what, count(DISTINCT session_id) FROM steps
             WHERE tree = $1 AND tree_version = $2 AND day >= $3
                   AND what IN ('@began', 'solved', '@escalated', '@left')
             GROUP BY day, what ORDER BY day, what LIMIT $4",
            tree,
            version,
            since,
            MOST
        ))
        .await
}

/// Forgets steps of before a day, so many at once.
pub(crate) fn forget_steps(before: Date, limit: i64) -> Batch {
    let mut batch = Batch::unseen();
    batch.add(sql!(
        "DELETE FROM steps WHERE number IN (SELECT number FROM steps WHERE day < $1 ORDER BY day LIMIT $2)",
        before,
        limit
    ));
    batch
}

/// A question that found nothing.
#[derive(Debug, Clone)]
pub(crate) struct Unanswered {
    pub(crate) text: String,
    pub(crate) language: String,
    pub(crate) times: i64,
    pub(crate) first_on: Date,
    pub(crate) last_on: Date,
}

impl FromRow for Unanswered {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (text, language, times) = (row.take()?, row.take()?, row.take()?);
        Ok(Self { text, language, times, first_on: row.take()?, last_on: row.take()? })
    }
}

/// Keeps that a question found nothing. Where as many are kept as there is room for, another one is not.
pub(crate) fn keep_unanswered(text: &str, language: &str, today: Date, room: i64) -> Batch {
    let mut batch = Batch::unseen();
    batch.add(sql!(
        "INSERT INTO unanswered_questions (text, language, times, first_on, last_on)
         SELECT $1, $2, 1, $3, $3 WHERE (SELECT count(*) FROM unanswered_questions) < $4
         ON CONFLICT (text) DO UPDATE SET times = unanswered_questions.times + 1, last_on = $3",
        text,
        language,
        today,
        room
    ));
    batch
}

/// Questions that found nothing behind one, those that were asked most first.
pub(crate) async fn unanswered(
    database: &Database,
    after: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Unanswered>, DbError> {
    let (times, text) = after.unwrap_or((i64::MAX, String::new()));
    database
        .all(sql!(
            "SELECT text, language, times, first_on, last_on FROM unanswered_questions
             WHERE times < $1 OR (times = $1 AND text > $2) ORDER BY times DESC, text LIMIT $3",
            times,
            text,
            limit
        ))
        .await
}

/// Forgets questions that nobody asked since a day.
pub(crate) fn forget_unanswered(before: Date) -> Batch {
    let mut batch = Batch::unseen();
    batch.add(sql!("DELETE FROM unanswered_questions WHERE last_on < $1", before));
    batch
}
