//! Accounts as whoever administers the installation sees them. These queries alone name no owner: they are asked for by
//! administrators and nobody else.

use jiff::Timestamp;
use kernel::{Role, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

/// An account, without anything that opens it.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) user: UserId,
    pub(crate) email: String,
    pub(crate) role: Role,
    pub(crate) suspended_at: Option<Timestamp>,
    /// Whether the address has to be proved before anybody logs in.
    pub(crate) awaits_proof: bool,
    pub(crate) created_at: Timestamp,
    /// When any of its log-ins was last used, to within half a minute.
    pub(crate) last_seen_at: Option<Timestamp>,
    pub(crate) version: i64,
}

impl FromRow for Known {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            user: row.take()?,
            email: row.take()?,
            role: row.parse()?,
            suspended_at: row.take()?,
            awaits_proof: row.take()?,
            created_at: row.take()?,
            last_seen_at: row.take()?,
            version: row.take()?,
        })
    }
}

/// The newest first, those before `before` whose address begins with `prefix`, and one more than asked for.
pub(crate) async fn people(
    database: &Database,
    prefix: &str,
    before: Option<UserId>,
    limit: u16,
) -> Result<Vec<Known>, DbError> {
    // Every id is smaller than this one.
    let before = before.unwrap_or(UserId::from_uuid(uuid::Uuid::max()));
    database
        .all(sql!(
            "SELECT a.user_id, a.email, a.role, a.suspended_at, a.awaits_proof, a.created_at,
                    (SELECT max(s.last_seen_at) FROM sessions s WHERE s.user_id = a.user_id), a.version
             FROM accounts a WHERE a.user_id < $1 AND a.email_key LIKE $2 ESCAPE '!'
             ORDER BY a.user_id DESC LIMIT $3",
            before,
            beginning_with(prefix),
            u32::from(limit) + 1
        ))
        .await
}

pub(crate) async fn person(database: &Database, user: UserId) -> Result<Option<Known>, DbError> {
    database
        .optional(sql!(
            "SELECT a.user_id, a.email, a.role, a.suspended_at, a.awaits_proof, a.created_at,
                    (SELECT max(s.last_seen_at) FROM sessions s WHERE s.user_id = a.user_id), a.version
             FROM accounts a WHERE a.user_id = $1",
            user
        ))
        .await
}

/// Sets what somebody may do and since when they are kept out, on the account as it was read; a conflict when it was
/// changed meanwhile.
pub(crate) fn set_standing(batch: &mut Batch, known: &Known, role: Role, suspended_at: Option<Timestamp>) {
    batch.expect(
        1,
        sql!(
            "UPDATE accounts SET role = $3, suspended_at = $4, version = version + 1
             WHERE user_id = $1 AND version = $2",
            known.user,
            known.version,
            role.as_str(),
            suspended_at
        ),
    );
}

/// A pattern of what begins with a text, in which nothing of the text is a pattern.
fn beginning_with(prefix: &str) -> String {
    format!("{}%", literal(&prefix.trim().to_lowercase()))
}

/// A text of which nothing is a pattern.
pub(super) fn literal(text: &str) -> String {
    let mut pattern = String::new();
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_typed_is_a_pattern() {
        assert_eq!(beginning_with(" Asha_50%! "), "asha!_50!%!!%");
        assert_eq!(beginning_with(""), "%");
    }
}
