//! Who belongs to a household: looking, adding, changing, leaving.

use contracts::users::{
    Brought, HouseholdMemberAdded, HouseholdMemberChanged, HouseholdMemberRemoved, Member,
};
use kernel::{Access, Actor, Event, EventPayload, HouseholdId, MemberId, UserId};
use platform::{
    db::{Batch, DbError},
    http::{ETag, Problem},
};

use super::{People, TRIES};
use crate::{
    domain::{Name, Roster},
    error::UsersError,
    store::{self, Kept},
};

/// Everybody of a household as they are kept, and which version of it that is.
pub(crate) struct Household {
    pub(crate) roster: Roster,
    pub(crate) kept: Vec<Kept>,
    version: i64,
}

impl Household {
    /// Which version of it was read.
    pub(super) const fn version(&self) -> i64 {
        self.version
    }

    /// One who belongs to it.
    pub(crate) fn member(&self, id: MemberId) -> Result<&Kept, UsersError> {
        let found = self.kept.iter().find(|kept| kept.member.id == id && kept.member.left_at.is_none());
        found.ok_or(UsersError::NotFound)
    }

    /// Those who belong to it, in the order in which they joined.
    pub(crate) fn present(&self) -> impl Iterator<Item = &Kept> {
        self.kept.iter().filter(|kept| kept.member.left_at.is_none())
    }
}

/// What to change about a member; what is left out stays.
#[derive(Debug, Clone, Default)]
pub(crate) struct MemberChange {
    pub(crate) name: Option<Name>,
    pub(crate) access: Option<Access>,
}

/// Changes with every change of a member.
pub(crate) fn member_etag(kept: &Kept) -> ETag {
    ETag::of(&[&kept.version, &kept.member.name.len()])
}

impl People {
    pub(crate) async fn roster(&self, household: HouseholdId) -> Result<Household, UsersError> {
        // The version first: what is read after it is at least as new.
        let found = store::roster_version(&self.database, household).await?;
        let (version, home) = found.ok_or(UsersError::NotFound)?;
        let kept = store::members(&self.database, household).await?;
        let members = kept.iter().map(|kept| kept.member.clone()).collect();
        Ok(Household { roster: Roster { household, home, members }, kept, version })
    }

    /// Applies what `decide` puts into a batch, unless who belongs to the household has changed since; then it is
    /// decided anew.
    pub(super) async fn change_roster<T, E: From<UsersError>>(
        &self,
        household: HouseholdId,
        decide: impl Fn(&Household, &mut Batch) -> Result<T, E>,
    ) -> Result<T, E> {
        for _ in 0..TRIES {
            let found = self.roster(household).await?;
            let mut batch = Batch::of(household);
            let decided = decide(&found, &mut batch)?;
            if batch.is_empty() {
                return Ok(decided);
            }
            store::revise_roster(&mut batch, household, found.version);
            match self.database.apply(batch).await {
                Err(DbError::Conflict) => {}
                Err(error) => return Err(UsersError::from(error).into()),
                Ok(()) => return Ok(decided),
            }
        }
        Err(UsersError::Contended.into())
    }

    /// Adds somebody without a log-in: a child, or whoever else pays and shares and does not look.
    pub(crate) async fn add_member(&self, actor: &Actor, name: &Name) -> Result<Kept, UsersError> {
        let (household, id, now) = (actor.household, self.ids.next(), self.clock.now());
        self.change_roster(household, |found, batch| {
            found.roster.owned_by(actor.user)?;
            found.roster.has_room()?;
            let access = Access::Viewer;
            store::insert_member(batch, household, id, None, name.as_str(), access, now);
            let member = Member { id, user: None, name: name.to_string(), access, left_at: None };
            batch.tell(&self.member_added(actor.user, household, &member));
            Ok(Kept { member, joined_at: now, version: 1 })
        })
        .await
    }

    /// Has people from elsewhere belong to the actor's household, each found by name before they are added.
    pub(super) async fn bring_members(
        &self,
        actor: &Actor,
        people: &[(Name, bool)],
    ) -> Result<Brought, UsersError> {
        let (household, now) = (actor.household, self.clock.now());
        self.change_roster(household, |found, batch| {
            let mut roster = found.roster.clone();
            let mut brought = Brought::default();
            for (name, left) in people {
                // Two of one name are two people, and neither is who brings them.
                let taken = [brought.members.as_slice(), &[actor.member]].concat();
                let id = match roster.called(name.as_str(), *left, &taken) {
                    Some(known) => known.id,
                    None => {
                        found.roster.owned_by(actor.user)?;
                        roster.has_room()?;
                        let (id, access) = (self.ids.next(), Access::Viewer);
                        let here = Member { id, user: None, name: name.to_string(), access, left_at: None };
                        store::insert_member(batch, household, id, None, name.as_str(), access, now);
                        batch.tell(&self.member_added(actor.user, household, &here));
                        let member = Member { left_at: left.then_some(now), ..here };
                        if *left {
                            store::update_member(batch, household, 1, &member);
                            let payload =
                                HouseholdMemberRemoved { household, member: id, user: None, heir: None };
                            batch.tell(&self.told(actor.user, household, &payload));
                        }
                        roster.members.push(member);
                        brought.new.push(id);
                        id
                    }
                };
                brought.members.push(id);
            }
            Ok(brought)
        })
        .await
    }

    /// Has those of `members` leave who belong to the actor's household without a log-in.
    pub(super) async fn send_members_away(
        &self,
        actor: &Actor,
        members: &[MemberId],
    ) -> Result<(), UsersError> {
        let household = actor.household;
        self.change_roster(household, |found, batch| {
            let going = found.present().filter(|kept| members.contains(&kept.member.id));
            for kept in going.filter(|kept| kept.member.user.is_none()) {
                found.roster.may_remove(actor.user, &kept.member)?;
                self.put_out(actor, &found.roster, kept, batch);
            }
            Ok(())
        })
        .await
    }

    /// Ends a membership. What they shared stays in the books.
    fn put_out(&self, actor: &Actor, roster: &Roster, kept: &Kept, batch: &mut Batch) {
        let Roster { household, home, .. } = *roster;
        let member = Member { left_at: Some(self.clock.now()), ..kept.member.clone() };
        store::update_member(batch, household, kept.version, &member);
        store::delete_invitations_of(batch, household, member.id);
        let payload =
            HouseholdMemberRemoved { household, member: member.id, user: member.user, heir: Some(home) };
        batch.tell(&self.told(actor.user, household, &payload));
    }

    /// Changes one, when `seen` says that they are still what the client has seen.
    pub(crate) async fn change_member(
        &self,
        actor: &Actor,
        id: MemberId,
        seen: impl Fn(&Kept) -> Result<(), Problem>,
        change: &MemberChange,
    ) -> Result<Kept, Problem> {
        let household = actor.household;
        self.change_roster(household, |found, batch| {
            let mut kept = found.member(id)?.clone();
            seen(&kept)?;
            if let Some(access) = change.access {
                found.roster.may_give(actor.user, &kept.member, access).map_err(UsersError::from)?;
                kept.member.access = access;
            }
            if let Some(name) = &change.name {
                found.roster.may_rename(actor.user, &kept.member).map_err(UsersError::from)?;
                name.as_str().clone_into(&mut kept.member.name);
            }
            found.roster.owned_by(actor.user).map_err(UsersError::from)?;
            if kept.member != found.member(id)?.member {
                store::update_member(batch, household, kept.version, &kept.member);
                batch.tell(&self.member_changed(actor.user, household, &kept.member));
                kept.version += 1;
            }
            Ok(kept)
        })
        .await
    }

    /// Has one leave: oneself, or, as an owner, another. What they shared stays in the books.
    pub(crate) async fn remove_member(
        &self,
        actor: &Actor,
        id: MemberId,
        seen: impl Fn(&Kept) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let household = actor.household;
        self.change_roster(household, |found, batch| {
            let kept = found.member(id)?;
            seen(kept)?;
            found.roster.may_remove(actor.user, &kept.member).map_err(UsersError::from)?;
            self.put_out(actor, &found.roster, kept, batch);
            Ok(())
        })
        .await
    }

    /// What somebody does of their own accord: leaves the household they act for.
    pub(crate) async fn leave(&self, actor: &Actor) -> Result<(), Problem> {
        self.remove_member(actor, actor.member, |_| Ok(())).await
    }

    pub(super) fn member_added(&self, user: UserId, household: HouseholdId, member: &Member) -> Event {
        let Member { id, user: theirs, access, .. } = *member;
        self.told(user, household, &HouseholdMemberAdded { household, member: id, user: theirs, access })
    }

    pub(super) fn member_changed(&self, user: UserId, household: HouseholdId, member: &Member) -> Event {
        let Member { id, user: theirs, access, .. } = *member;
        self.told(user, household, &HouseholdMemberChanged { household, member: id, user: theirs, access })
    }

    pub(super) fn told<P: EventPayload>(&self, user: UserId, household: HouseholdId, payload: &P) -> Event {
        let mut event = Event::new(self.ids.next(), household.to_string(), self.clock.now(), payload)
            .with_user(user)
            .with_household(household);
        event.traceparent = platform::context::current(|context| context.traceparent.clone());
        event
    }

    /// Calls a household of the actor's something, as one of its owners.
    pub(crate) async fn rename_household(
        &self,
        actor: &Actor,
        household: HouseholdId,
        name: Option<&Name>,
    ) -> Result<(), UsersError> {
        self.change_roster(household, |found, batch| {
            // Of a household that is not theirs nobody learns that it exists.
            let belongs = found.roster.of_user(actor.user).is_some_and(|member| member.left_at.is_none());
            if !belongs {
                return Err(UsersError::NotFound);
            }
            found.roster.owned_by(actor.user)?;
            store::rename_household(batch, household, name.map_or("", Name::as_str));
            Ok(())
        })
        .await
    }
}
