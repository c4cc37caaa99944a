//! Ways into a household.

use jiff::Timestamp;
use kernel::{Access, HouseholdId, InvitationId, MemberId, UserId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Row},
    sql,
};

/// An invitation as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Invitation {
    pub(crate) id: InvitationId,
    pub(crate) household: HouseholdId,
    pub(crate) access: Access,
    /// The member without a log-in who gets one by it.
    pub(crate) member: Option<MemberId>,
    pub(crate) invited_by: UserId,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) accepted_by: Option<UserId>,
}

impl FromRow for Invitation {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            id: row.take()?,
            household: row.take()?,
            access: row.parse()?,
            member: row.take()?,
            invited_by: row.take()?,
            created_at: row.take()?,
            expires_at: row.take()?,
            accepted_by: row.take()?,
        })
    }
}

pub(crate) fn insert_invitation(batch: &mut Batch, invitation: &Invitation, hash: Vec<u8>) {
    batch.add(sql!(
        "INSERT INTO invitations (id, household_id, hash, access, member_id, invited_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        invitation.id,
        invitation.household,
        hash,
        invitation.access.as_str(),
        invitation.member,
        invitation.invited_by,
        invitation.created_at,
        invitation.expires_at
    ));
}

/// Those of a household that can still be accepted, in the order in which they were made.
pub(crate) async fn open_invitations(
    database: &Database,
    household: HouseholdId,
    now: Timestamp,
    after: Option<InvitationId>,
    limit: i64,
) -> Result<Vec<Invitation>, DbError> {
    database
        .all(sql!(
            "SELECT id, household_id, access, member_id, invited_by, created_at, expires_at, accepted_by
             FROM invitations
             WHERE household_id = $1 AND id > $2 AND accepted_by IS NULL AND expires_at > $3
             ORDER BY id LIMIT $4",
            household,
            after.unwrap_or(InvitationId::from_uuid(uuid::Uuid::nil())),
            now,
            limit
        ))
        .await
}

/// The one that a secret opens. Whoever holds the secret may know of it: it says whose it is.
pub(crate) async fn invitation_by_hash(
    database: &Database,
    hash: Vec<u8>,
) -> Result<Option<Invitation>, DbError> {
    database
        .optional(sql!(
            "SELECT id, household_id, access, member_id, invited_by, created_at, expires_at, accepted_by
             FROM invitations WHERE hash = $1",
            hash
        ))
        .await
}

/// Uses it up, if nobody has.
pub(crate) fn use_invitation(
    batch: &mut Batch,
    household: HouseholdId,
    id: InvitationId,
    user: UserId,
    now: Timestamp,
) {
    batch.expect(
        1,
        sql!(
            "UPDATE invitations SET accepted_by = $3, accepted_at = $4
             WHERE household_id = $1 AND id = $2 AND accepted_by IS NULL",
            household,
            id,
            user,
            now
        ),
    );
}

/// Takes one back that nobody has accepted.
pub(crate) fn delete_invitation(batch: &mut Batch, household: HouseholdId, id: InvitationId) {
    batch.expect(
        1,
        sql!(
            "DELETE FROM invitations WHERE household_id = $1 AND id = $2 AND accepted_by IS NULL",
            household,
            id
        ),
    );
}

/// Takes back those that would bring a member who has left, or has a log-in now.
pub(crate) fn delete_invitations_of(batch: &mut Batch, household: HouseholdId, member: MemberId) {
    batch.add(sql!(
        "DELETE FROM invitations WHERE household_id = $1 AND member_id = $2 AND accepted_by IS NULL",
        household,
        member
    ));
}

/// Forgets those that somebody made or used.
pub(crate) fn delete_invitations_of_user(batch: &mut Batch, household: HouseholdId, user: UserId) {
    batch.add(sql!(
        "DELETE FROM invitations WHERE household_id = $1 AND (invited_by = $2 OR accepted_by = $2)",
        household,
        user
    ));
}
