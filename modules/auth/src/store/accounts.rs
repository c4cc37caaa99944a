//! Who has an account.

use jiff::Timestamp;
use kernel::{Role, UserId};
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
    pub(crate) suspended: bool,
    /// Whether the address has to be proved before anybody logs in.
    pub(crate) awaits_proof: bool,
    pub(crate) version: i64,
}

impl FromRow for Credentials {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            user: row.take()?,
            email: row.take()?,
            password_hash: row.take()?,
            role: row.parse()?,
            suspended: row.take::<Option<Timestamp>>()?.is_some(),
            awaits_proof: row.take()?,
            version: row.take()?,
        })
    }
}

pub(crate) async fn account_by_email(
    database: &Database,
    email: &Email,
) -> Result<Option<Credentials>, DbError> {
    database
        .optional(sql!(
            "SELECT user_id, email, password_hash, role, suspended_at, awaits_proof, version
             FROM accounts WHERE email_key = $1",
            email.key()
        ))
        .await
}

pub(crate) async fn account_by_id(database: &Database, user: UserId) -> Result<Option<Credentials>, DbError> {
    database
        .optional(sql!(
            "SELECT user_id, email, password_hash, role, suspended_at, awaits_proof, version
             FROM accounts WHERE user_id = $1",
            user
        ))
        .await
}

pub(crate) fn insert_account(batch: &mut Batch, account: &Credentials, email: &Email, now: Timestamp) {
    batch.add(sql!(
        "INSERT INTO accounts (user_id, email, email_key, password_hash, role, awaits_proof, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1)",
        account.user,
        &account.email,
        email.key(),
        &account.password_hash,
        account.role.as_str(),
        account.awaits_proof,
        now
    ));
}

/// Sets another password on the account as it was read; a conflict when it was changed meanwhile. Whoever set it has
/// shown that the address is theirs, or is vouched for.
pub(crate) fn set_password(batch: &mut Batch, account: &Credentials, password_hash: &str) {
    batch.expect(
        1,
        sql!(
            "UPDATE accounts SET password_hash = $3, version = version + 1 WHERE user_id = $1 AND version = $2",
            account.user,
            account.version,
            password_hash
        ),
    );
}

/// Nobody has to prove the address any more; `verified_at` is when somebody did.
pub(crate) fn admit(batch: &mut Batch, user: UserId, verified_at: Option<Timestamp>) {
    batch.add(sql!(
        "UPDATE accounts SET awaits_proof = $2, verified_at = coalesce(verified_at, $3), version = version + 1
         WHERE user_id = $1",
        user,
        false,
        verified_at
    ));
}
