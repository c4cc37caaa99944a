//! Log-ins, and the secrets that open them.

use jiff::Timestamp;
use kernel::{Role, SessionId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::Methods;

/// How a session is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionKind {
    Api,
    Pages,
}

impl SessionKind {
    /// The word on the wire and in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Pages => "pages",
        }
    }
}

/// A text that names no kind.
#[derive(Debug, thiserror::Error)]
#[error("no kind of session")]
pub(crate) struct SessionKindError;

impl std::str::FromStr for SessionKind {
    type Err = SessionKindError;

    fn from_str(text: &str) -> Result<Self, SessionKindError> {
        [Self::Api, Self::Pages].into_iter().find(|kind| kind.as_str() == text).ok_or(SessionKindError)
    }
}

/// A session that was found by one of its secrets, of an account that may be used.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) session: SessionId,
    pub(crate) user: UserId,
    pub(crate) role: Role,
    pub(crate) expires_at: Timestamp,
    pub(crate) revoked_at: Option<Timestamp>,
    pub(crate) used_at: Option<Timestamp>,
}

impl FromRow for Found {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            session: row.take()?,
            user: row.take()?,
            role: row.parse()?,
            expires_at: row.take()?,
            revoked_at: row.take()?,
            used_at: row.take()?,
        })
    }
}

pub(crate) async fn session_by_token(
    database: &Database,
    hash: &[u8],
    kind: SessionKind,
) -> Result<Option<Found>, DbError> {
    database
        .optional(sql!(
            "SELECT s.id, s.user_id, a.role, s.expires_at, s.revoked_at, t.used_at
             FROM tokens t JOIN sessions s ON s.id = t.session_id JOIN accounts a ON a.user_id = s.user_id
             WHERE t.hash = $1 AND s.kind = $2 AND a.suspended_at IS NULL",
            hash.to_vec(),
            kind.as_str()
        ))
        .await
}

/// The role in which the user's session may still be used; `None` when it may not.
pub(crate) async fn role_of_session(
    database: &Database,
    user: UserId,
    session: SessionId,
    now: Timestamp,
) -> Result<Option<Role>, DbError> {
    struct Held(Role);
    impl FromRow for Held {
        fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
            row.parse().map(Self)
        }
    }
    let row: Option<Held> = database
        .optional(sql!(
            "SELECT a.role FROM sessions s JOIN accounts a ON a.user_id = s.user_id
             WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.expires_at > $3
               AND a.suspended_at IS NULL",
            session,
            user,
            now
        ))
        .await?;
    Ok(row.map(|Held(role)| role))
}

/// A log-in as its owner sees it.
#[derive(Debug, Clone)]
pub(crate) struct OpenSession {
    pub(crate) id: SessionId,
    pub(crate) kind: SessionKind,
    /// By what it was begun.
    pub(crate) methods: Methods,
    pub(crate) device: String,
    pub(crate) address: String,
    pub(crate) created_at: Timestamp,
    pub(crate) last_seen_at: Option<Timestamp>,
    pub(crate) expires_at: Timestamp,
}

impl FromRow for OpenSession {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            kind: row.parse()?,
            methods: row.parse()?,
            device: row.take()?,
            address: row.take()?,
            created_at: row.take()?,
            last_seen_at: row.take()?,
            expires_at: row.take()?,
        })
    }
}

/// Those that may still be used, the newest first, and one more than asked for.
pub(crate) async fn open_sessions(
    database: &Database,
    user: UserId,
    now: Timestamp,
    before: Option<SessionId>,
    limit: u16,
) -> Result<Vec<OpenSession>, DbError> {
    let before = before.unwrap_or(SessionId::from_uuid(uuid::Uuid::max()));
    database
        .all(sql!(
            "SELECT id, kind, methods, device, address, created_at, last_seen_at, expires_at FROM sessions
             WHERE user_id = $1 AND id < $2 AND revoked_at IS NULL AND expires_at > $3
             ORDER BY id DESC LIMIT $4",
            user,
            before,
            now,
            u32::from(limit) + 1
        ))
        .await
}

/// A session about to begin.
pub(crate) struct NewSession<'s> {
    pub(crate) id: SessionId,
    pub(crate) kind: SessionKind,
    pub(crate) methods: &'s Methods,
    pub(crate) device: &'s str,
    pub(crate) address: &'s str,
    pub(crate) now: Timestamp,
    pub(crate) expires_at: Timestamp,
}

pub(crate) fn insert_session(batch: &mut Batch, user: UserId, session: &NewSession<'_>) {
    batch.add(sql!(
        "INSERT INTO sessions (id, user_id, kind, methods, device, address, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        session.id,
        user,
        session.kind.as_str(),
        session.methods.to_string(),
        session.device,
        session.address,
        session.now,
        session.now,
        session.expires_at
    ));
}

pub(crate) fn extend_session(batch: &mut Batch, user: UserId, session: SessionId, expires_at: Timestamp) {
    batch.expect(
        1,
        sql!(
            "UPDATE sessions SET expires_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL",
            session,
            user,
            expires_at
        ),
    );
}

/// Notes that a session was used.
pub(crate) fn see_session(batch: &mut Batch, user: UserId, session: SessionId, at: Timestamp) {
    batch.add(sql!(
        "UPDATE sessions SET last_seen_at = $3
         WHERE id = $1 AND user_id = $2 AND (last_seen_at IS NULL OR last_seen_at < $3)",
        session,
        user,
        at
    ));
}

/// Revokes one that is open; a conflict when it is none.
pub(crate) fn revoke_session(batch: &mut Batch, user: UserId, session: SessionId, now: Timestamp) {
    batch.expect(
        1,
        sql!(
            "UPDATE sessions SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL",
            session,
            user,
            now
        ),
    );
}

/// Revokes all but one, where one is named.
pub(crate) fn revoke_sessions(batch: &mut Batch, user: UserId, but: Option<SessionId>, now: Timestamp) {
    // No session has this id.
    let but = but.unwrap_or(SessionId::from_uuid(uuid::Uuid::nil()));
    batch.add(sql!(
        "UPDATE sessions SET revoked_at = $3 WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL",
        user,
        but,
        now
    ));
}

pub(crate) fn insert_token(batch: &mut Batch, session: SessionId, hash: Vec<u8>, now: Timestamp) {
    batch.add(sql!(
        "INSERT INTO tokens (hash, session_id, created_at) VALUES ($1, $2, $3)",
        hash,
        session,
        now
    ));
}

/// Uses a token up; a conflict when somebody was faster.
pub(crate) fn use_token(batch: &mut Batch, session: SessionId, hash: Vec<u8>, now: Timestamp) {
    batch.expect(
        1,
        sql!(
            "UPDATE tokens SET used_at = $3 WHERE hash = $1 AND session_id = $2 AND used_at IS NULL",
            hash,
            session,
            now
        ),
    );
}
