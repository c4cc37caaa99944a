//! This module's tables. Every function's first argument after the database is whose data it is.

use jiff::Timestamp;
use kernel::{Role, SessionId, SigningKeyId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

use crate::domain::Email;

/// What log-in needs of an account.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) user: UserId,
    pub(crate) email: String,
    pub(crate) password_hash: String,
    pub(crate) role: Role,
}

impl FromRow for Credentials {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self { user: row.take()?, email: row.take()?, password_hash: row.take()?, role: row.parse()? })
    }
}

pub(crate) async fn account_by_email(
    database: &Database,
    email: &Email,
) -> Result<Option<Credentials>, DbError> {
    database
        .optional(sql!(
            "SELECT user_id, email, password_hash, role FROM accounts WHERE email_key = $1",
            email.key()
        ))
        .await
}

pub(crate) fn insert_account(batch: &mut Batch, account: &Credentials, email: &Email, now: Timestamp) {
    batch.add(sql!(
        "INSERT INTO accounts (user_id, email, email_key, password_hash, role, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, 1)",
        account.user,
        &account.email,
        email.key(),
        &account.password_hash,
        account.role.as_str(),
        now
    ));
}

/// How a session is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionKind {
    Api,
    Pages,
}

impl SessionKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Pages => "pages",
        }
    }
}

/// A session that was found by one of its secrets.
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
             WHERE t.hash = $1 AND s.kind = $2",
            hash.to_vec(),
            kind.as_str()
        ))
        .await
}

/// Whether the user's session may still be used.
pub(crate) async fn session_is_open(
    database: &Database,
    user: UserId,
    session: SessionId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let row: Option<(SessionId,)> = database
        .optional(sql!(
            "SELECT id FROM sessions WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > $3",
            session,
            user,
            now
        ))
        .await?;
    Ok(row.is_some())
}

pub(crate) fn insert_session(
    batch: &mut Batch,
    user: UserId,
    session: SessionId,
    kind: SessionKind,
    now: Timestamp,
    expires_at: Timestamp,
) {
    batch.add(sql!(
        "INSERT INTO sessions (id, user_id, kind, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        session,
        user,
        kind.as_str(),
        now,
        expires_at
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

pub(crate) fn revoke_session(batch: &mut Batch, user: UserId, session: SessionId, now: Timestamp) {
    batch.add(sql!(
        "UPDATE sessions SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL",
        session,
        user,
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

/// The key that signs: the oldest, which every process finds alike, however many made one at the first start.
pub(crate) async fn signing_key(database: &Database) -> Result<Option<(SigningKeyId, Vec<u8>)>, DbError> {
    database.optional(sql!("SELECT id, secret FROM signing_keys ORDER BY created_at, id LIMIT 1")).await
}

pub(crate) fn insert_signing_key(batch: &mut Batch, id: SigningKeyId, secret: Vec<u8>, now: Timestamp) {
    batch.add(sql!(
        "INSERT INTO signing_keys (id, secret, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
        id,
        secret,
        now
    ));
}
