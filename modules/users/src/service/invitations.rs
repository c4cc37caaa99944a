//! Ways into a household: making one, looking at it, walking through it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::users::{Home, Member, Membership};
use jiff::{SignedDuration, Timestamp};
use kernel::{Access, Actor, InvitationId, MemberId, UserId};
use platform::{db::Batch, system::random_bytes};
use sha2::{Digest, Sha256};

use super::{People, members::Household};
use crate::{
    domain::Roster,
    error::UsersError,
    store::{self, Invitation},
};

/// How long one can be accepted.
const LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// What begins the secret of an invitation, so that it is known for one wherever it turns up.
const PREFIX: &str = "pin_";

/// An invitation whose secret is known this once.
pub(crate) struct Issued {
    pub(crate) invitation: Invitation,
    pub(crate) token: String,
}

/// Where an invitation leads, to whoever holds its secret.
pub(crate) struct Led {
    pub(crate) invitation: Invitation,
    /// What the household is called.
    pub(crate) household: String,
    /// Who invites.
    pub(crate) inviter: String,
    /// The member without a log-in whose place is offered.
    pub(crate) place: Option<String>,
}

/// What is kept of a secret: enough to know it again, useless to whoever reads the database.
fn hash_of(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl Invitation {
    /// Whether it can be accepted at that time, or was accepted by `user` and so does no harm.
    fn opens(&self, user: Option<UserId>, now: Timestamp) -> bool {
        match self.accepted_by {
            None => now < self.expires_at,
            Some(accepted_by) => Some(accepted_by) == user,
        }
    }
}

impl People {
    /// The link that a secret is sent around in.
    pub(crate) fn invitation_link(&self, token: &str) -> String {
        format!("{}/invitations/{token}", self.public_url.trim_end_matches('/'))
    }

    /// Invites one person to the actor's household, to the place of `member` where one is named.
    pub(crate) async fn invite(
        &self,
        actor: &Actor,
        access: Access,
        member: Option<MemberId>,
    ) -> Result<Issued, UsersError> {
        let secret = random_bytes::<32>().map_err(|error| UsersError::Internal(error.to_string()))?;
        let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret));
        let now = self.clock.now();
        let invitation = Invitation {
            id: self.ids.next(),
            household: actor.household,
            access,
            member,
            invited_by: actor.user,
            created_at: now,
            expires_at: now + LASTS,
            accepted_by: None,
        };
        self.change_roster(actor.household, |found, batch| {
            let place = member.map(|id| found.member(id)).transpose()?.map(|kept| &kept.member);
            found.roster.may_invite(actor.user, place)?;
            store::insert_invitation(batch, &invitation, hash_of(&token));
            Ok::<_, UsersError>(())
        })
        .await?;
        Ok(Issued { invitation, token })
    }

    /// A page of those that are open, and one more when another page follows. Only owners see them.
    pub(crate) async fn invitations(
        &self,
        actor: &Actor,
        after: Option<InvitationId>,
        limit: u16,
    ) -> Result<Vec<Invitation>, UsersError> {
        self.roster(actor.household).await?.roster.owned_by(actor.user)?;
        let (now, limit) = (self.clock.now(), i64::from(limit) + 1);
        Ok(store::open_invitations(&self.database, actor.household, now, after, limit).await?)
    }

    /// Takes one back.
    pub(crate) async fn revoke_invitation(&self, actor: &Actor, id: InvitationId) -> Result<(), UsersError> {
        self.roster(actor.household).await?.roster.owned_by(actor.user)?;
        let mut batch = Batch::of(actor.household);
        store::delete_invitation(&mut batch, actor.household, id);
        self.database
            .apply(batch)
            .await
            .map_err(|error| if error.is_conflict() { UsersError::NotFound } else { error.into() })
    }

    async fn opened_by(&self, token: &str, user: Option<UserId>) -> Result<Invitation, UsersError> {
        let found = store::invitation_by_hash(&self.database, hash_of(token)).await?;
        found.filter(|found| found.opens(user, self.clock.now())).ok_or(UsersError::InvitationOver)
    }

    /// Where a secret leads.
    pub(crate) async fn invitation(&self, token: &str, user: Option<UserId>) -> Result<Led, UsersError> {
        let invitation = self.opened_by(token, user).await?;
        let found = self.roster(invitation.household).await?;
        // Whoever invites and owns it no longer does not speak for it either.
        found.roster.owned_by(invitation.invited_by).map_err(|_| UsersError::InvitationOver)?;
        let name_of = |member: Option<&Member>| member.map(|member| member.name.clone());
        let inviter = name_of(found.roster.of_user(invitation.invited_by)).unwrap_or_default();
        let place = invitation.member.and_then(|id| name_of(found.roster.member(id)));
        let owner = store::homes(&self.database, invitation.invited_by).await?;
        let household = owner.into_iter().find(|home| home.household == invitation.household);
        let household = household.ok_or(UsersError::InvitationOver)?.name;
        Ok(Led { invitation, household, inviter, place })
    }

    /// Lets somebody in by a secret. Doing it again changes nothing.
    pub(crate) async fn accept_invitation(&self, actor: &Actor, token: &str) -> Result<Home, UsersError> {
        let invitation = self.opened_by(token, Some(actor.user)).await?;
        let household = invitation.household;
        let fresh = self.ids.next();
        let place = self
            .change_roster(household, |found, batch| self.let_in(actor, &invitation, fresh, found, batch))
            .await;
        let place = match place {
            // Somebody else was first: is it used up, or was something else of the household changed?
            Err(UsersError::Contended) => {
                self.opened_by(token, Some(actor.user)).await?;
                return Err(UsersError::Contended);
            }
            other => other?,
        };
        let homes = store::homes(&self.database, actor.user).await?;
        let home = homes.into_iter().find(|home| home.household == household);
        home.filter(|home| home.member == place.member).ok_or(UsersError::InvitationOver)
    }

    /// To the place they had, else to the one they were offered, else to one of their own.
    fn let_in(
        &self,
        actor: &Actor,
        invitation: &Invitation,
        fresh: MemberId,
        found: &Household,
        batch: &mut Batch,
    ) -> Result<Membership, UsersError> {
        let (household, user, access) = (invitation.household, actor.user, invitation.access);
        let before = found.roster.of_user(user).cloned();
        if let Some(member) = before.as_ref().filter(|member| member.left_at.is_none()) {
            let again = invitation.accepted_by == Some(user);
            let place = Membership { member: member.id, access: member.access };
            return if again { Ok(place) } else { Err(crate::domain::Refused::Belongs.into()) };
        }
        // Used up by somebody who has left since, or made by one who no longer speaks for the household.
        if invitation.accepted_by.is_some() || found.roster.owned_by(invitation.invited_by).is_err() {
            return Err(UsersError::InvitationOver);
        }
        store::use_invitation(batch, household, invitation.id, user, self.clock.now());
        let offered = invitation.member.and_then(|id| found.roster.member(id)).cloned();
        let member = match before.or(offered) {
            Some(place) => {
                let member = Member { user: Some(user), access, left_at: None, ..place };
                let kept = found.kept.iter().find(|kept| kept.member.id == member.id);
                let version = kept.map(|kept| kept.version).ok_or(UsersError::NotFound)?;
                store::update_member(batch, household, version, &member);
                member
            }
            None => {
                found.roster.has_room()?;
                store::insert_member(batch, household, fresh, Some(user), "", access, self.clock.now());
                Member { id: fresh, user: Some(user), name: String::new(), access, left_at: None }
            }
        };
        batch.tell(&self.member_added(user, household, &member));
        Ok(Membership { member: member.id, access })
    }
}

impl Roster {
    /// What a member is called, whether they belong to it or did.
    pub(crate) fn name_of(&self, id: MemberId) -> Option<&str> {
        self.members.iter().find(|member| member.id == id).map(|member| member.name.as_str())
    }
}
