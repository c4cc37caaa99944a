use jiff::{Timestamp, tz::TimeZone};
use kernel::{Actor, HelpSessionId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};

use crate::domain::{Session, Step};

impl FromRow for Session {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (id, user, household) = (row.take()?, row.take()?, row.take()?);
        let (tree, tree_version, screen, object) = (row.take()?, row.take()?, row.take()?, row.take()?);
        let node = row.take()?;
        let (Json(facts), Json(path)) = (row.take()?, row.take()?);
        Ok(Self {
            id,
            user,
            household,
            tree,
            tree_version,
            screen,
            object,
            node,
            facts,
            path,
            state: row.parse()?,
            ticket: row.take()?,
            version: row.take()?,
            created_at: row.take()?,
        })
    }
}

/// One that has not expired.
pub(crate) async fn session(
    database: &Database,
    actor: &Actor,
    id: HelpSessionId,
    now: Timestamp,
) -> Result<Option<Session>, DbError> {
    database
        .optional(sql!(
            "SELECT id, user_id, household_id, tree, tree_version, screen, object, node, facts, path, status, ticket_id,
                    version, created_at
             FROM sessions WHERE user_id = $1 AND household_id = $2 AND id = $3 AND expires_at > $4",
            actor.user,
            actor.household,
            id,
            now
        ))
        .await
}

pub(crate) fn insert_session(batch: &mut Batch, session: &Session, expires_at: Timestamp) {
    batch.add(sql!(
        "INSERT INTO sessions (id, user_id, household_id, tree, tree_version, screen, object, node, facts, path, status,
                               ticket_id, version, created_at, updated_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15)",
        session.id,
        session.user,
        session.household,
        session.tree.clone(),
        session.tree_version.clone(),
        session.screen.clone(),
        session.object.clone(),
        session.node.clone(),
        Value::json(&session.facts),
        Value::json(&session.path),
        session.state.as_str(),
        session.ticket,
        session.version,
        session.created_at,
        expires_at
    ));
}

/// Stores a step where the session is still as it was read; the session has its new version already.
pub(crate) fn update_session(batch: &mut Batch, session: &Session, now: Timestamp, expires_at: Timestamp) {
    batch.expect(
        1,
        sql!(
            "UPDATE sessions SET tree_version = $4, node = $5, facts = $6, path = $7, status = $8, ticket_id = $9,
                                 version = $3, updated_at = $10, expires_at = $11
             WHERE user_id = $1 AND id = $2 AND version + 1 = $3",
            session.user,
            session.id,
            session.version,
            session.tree_version.clone(),
            session.node.clone(),
            Value::json(&session.facts),
            Value::json(&session.path),
            session.state.as_str(),
            session.ticket,
            now,
            expires_at
        ),
    );
}

/// Keeps that a step was taken.
pub(crate) fn insert_step(batch: &mut Batch, session: &Session, step: &Step) {
    batch.add(sql!(
        "INSERT INTO steps (session_id, tree, tree_version, node, what, at, day) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        session.id,
        session.tree.clone(),
        session.tree_version.clone(),
        step.node.clone(),
        step.what.clone(),
        step.at,
        step.at.to_zoned(TimeZone::UTC).date()
    ));
}

/// Sessions that have expired, the longest ago first, each with when it was last touched.
pub(crate) async fn expired(
    database: &Database,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(HelpSessionId, Timestamp)>, DbError> {
    database
        .all(sql!(
            "SELECT id, updated_at FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2",
            now,
            limit
        ))
        .await
}

/// Forgets those that have still expired by then. Of those that came to no end it stays where they were left, and when.
pub(crate) fn forget_sessions(gone: &[(HelpSessionId, Timestamp)], now: Timestamp) -> Batch {
    let mut batch = Batch::new();
    for (id, left_at) in gone {
        batch.add(sql!(
            "INSERT INTO steps (session_id, tree, tree_version, node, what, at, day)
             SELECT id, tree, tree_version, node, '@left', $3, $4 FROM sessions
             WHERE id = $1 AND expires_at <= $2 AND status = 'open'",
            *id,
            now,
            *left_at,
            left_at.to_zoned(TimeZone::UTC).date()
        ));
        batch.add(sql!("DELETE FROM sessions WHERE id = $1 AND expires_at <= $2", *id, now));
    }
    batch
}
