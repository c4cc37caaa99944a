//! Who somebody is to providers, and browsers on their way to one.

use jiff::Timestamp;
use kernel::{SessionId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

/// Whose the identity is.
pub(crate) async fn user_of_identity(
    database: &Database,
    issuer: &str,
    subject: &str,
) -> Result<Option<UserId>, DbError> {
    let found: Option<(UserId,)> = database
        .optional(sql!(
            "SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2",
            issuer.to_owned(),
            subject.to_owned()
        ))
        .await?;
    Ok(found.map(|(user,)| user))
}

/// Issuers by whom somebody may log in, and since when.
pub(crate) async fn identities(
    database: &Database,
    user: UserId,
) -> Result<Vec<(String, Timestamp)>, DbError> {
    database
        .all(sql!(
            "SELECT issuer, created_at FROM identities WHERE user_id = $1 ORDER BY created_at LIMIT 100",
            user
        ))
        .await
}

/// Refused by an index where it is somebody's, or where they have another of that issuer.
pub(crate) fn insert_identity(batch: &mut Batch, user: UserId, issuer: &str, subject: &str, now: Timestamp) {
    batch.add(sql!(
        "INSERT INTO identities (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)",
        issuer.to_owned(),
        subject.to_owned(),
        user,
        now
    ));
}

/// A conflict when there is none.
pub(crate) fn delete_identity(batch: &mut Batch, user: UserId, issuer: &str) {
    batch.expect(
        1,
        sql!("DELETE FROM identities WHERE user_id = $1 AND issuer = $2", user, issuer.to_owned()),
    );
}

/// A browser that was sent to a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trip {
    pub(crate) provider: String,
    /// Where it goes on to.
    pub(crate) next: String,
    /// For whom the provider becomes a way to log in, and which log-in of theirs asked for it.
    pub(crate) link: Option<(UserId, SessionId)>,
}

impl FromRow for Trip {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (provider, next) = (row.take()?, row.take()?);
        let (user, session): (Option<UserId>, Option<SessionId>) = (row.take()?, row.take()?);
        Ok(Self { provider, next, link: user.zip(session) })
    }
}

pub(crate) fn insert_trip(batch: &mut Batch, trip: &Trip, hash: Vec<u8>, expires_at: Timestamp) {
    batch.add(sql!(
        "INSERT INTO provider_trips (hash, provider, next, user_id, session_id, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        hash,
        &trip.provider,
        &trip.next,
        trip.link.map(|(user, _)| user),
        trip.link.map(|(_, session)| session),
        expires_at
    ));
}

/// The trip that ends, for whoever asks first.
pub(crate) async fn end_trip(
    database: &Database,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<Trip>, DbError> {
    let ended: Vec<Trip> = database
        .claim(sql!(
            "DELETE FROM provider_trips WHERE hash = $1 AND expires_at > $2
             RETURNING provider, next, user_id, session_id",
            hash.to_vec(),
            now
        ))
        .await?;
    Ok(ended.into_iter().next())
}

/// Forgets up to `limit` trips that nobody came back from in time; how many it were.
pub(crate) async fn forget_trips(database: &Database, now: Timestamp, limit: i64) -> Result<usize, DbError> {
    let gone: Vec<(String,)> = database
        .claim(sql!(
            "DELETE FROM provider_trips
             WHERE hash IN (SELECT hash FROM provider_trips WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
             RETURNING provider",
            now,
            limit
        ))
        .await?;
    Ok(gone.len())
}
