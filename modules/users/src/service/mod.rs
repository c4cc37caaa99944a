//! Opening an account's profile and household; reading and changing a profile; who belongs to a household.

mod invitations;
mod members;
mod parting;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use contracts::{
    CallError,
    users::{Account, Brought, Home, Household, Member, Membership, Newcomer, Profile, Rosters, Users},
};
use jiff::{Timestamp, civil::Date};
use kernel::{Actor, Clock, HouseholdId, Ids, Invalid, MemberId, UserId};
use moka::sync::Cache;
use platform::{
    db::{Batch, Database, DbError},
    http::{ETag, Problem},
};

use crate::{
    Deps,
    domain::Name,
    error::UsersError,
    store::{self, Person},
};

pub(crate) use invitations::Issued;
pub(crate) use members::{MemberChange, member_etag};

/// How often a change is decided anew when somebody else was first.
const TRIES: usize = 5;

/// How many people are remembered.
const REMEMBERED: u64 = 20_000;

/// Knows people and households.
pub struct People {
    database: Database,
    /// Who somebody is, with the revision of their household that it was read at: while that is the same, so are they.
    remembered: Cache<UserId, (i64, Arc<Person>)>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    /// Where people reach us, for links that are sent around.
    pub(crate) public_url: String,
}

impl People {
    pub(crate) fn new(deps: Deps) -> Self {
        deps.database.count_changes();
        Self {
            database: deps.database,
            remembered: Cache::new(REMEMBERED),
            clock: deps.clock,
            ids: deps.ids,
            public_url: deps.public_url,
        }
    }

    /// Somebody, as they are now.
    async fn person(&self, user: UserId) -> Result<Option<Arc<Person>>, DbError> {
        // Where processes share a database, asking for the revision costs as much as asking for the person.
        if self.database.is_shared() {
            return Ok(store::person(&self.database, user).await?.map(Arc::new));
        }
        // Before it is read, so that what is read is at least as new.
        let revision = self.database.revision(user.own_household()).await?;
        if let Some((_, person)) = self.remembered.get(&user).filter(|(at, _)| *at == revision) {
            return Ok(Some(person));
        }
        let person = store::person(&self.database, user).await?.map(Arc::new);
        if let Some(person) = &person {
            self.remembered.insert(user, (revision, Arc::clone(person)));
        }
        Ok(person)
    }

    /// The profile and the household of a new account, and the news of it; nothing when they are there already.
    pub(crate) async fn opening(&self, account: &Account) -> Result<Batch, DbError> {
        let mut batch = Batch::of(account.user.own_household());
        if store::person(&self.database, account.user).await?.is_none() {
            let now = self.clock.now();
            store::insert_person(&mut batch, account, now);
            let home = account.user.own_household();
            batch.tell(&self.counts_as(home, account.user, &account.profile, 1, now));
        }
        Ok(batch)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Which day it is for a person.
    pub(crate) fn today(&self, person: &Person) -> Date {
        person.profile.time_zone.date_at(self.clock.now())
    }

    /// The households the actor belongs to, first their own.
    pub(crate) async fn homes(&self, actor: &Actor) -> Result<Vec<Home>, UsersError> {
        Ok(store::homes(&self.database, actor.user).await?)
    }

    /// The day of an instant, for readers of whom nothing is known.
    pub(crate) fn utc_day(&self, instant: Timestamp) -> Date {
        instant.to_zoned(jiff::tz::TimeZone::UTC).date()
    }

    /// Whether people reach us by HTTPS.
    pub(crate) fn https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    pub(crate) async fn me(&self, actor: &Actor) -> Result<Arc<Person>, UsersError> {
        self.person(actor.user).await?.ok_or(UsersError::NoProfile)
    }

    /// Changes the actor's own profile, when `seen` says that it is still what the client has seen.
    pub(crate) async fn change(
        &self,
        actor: &Actor,
        seen: impl Fn(&Person) -> Result<(), Problem>,
        change: impl Fn(Profile) -> Result<Profile, Invalid>,
    ) -> Result<Arc<Person>, Problem> {
        for _ in 0..TRIES {
            let person = self.me(actor).await?;
            seen(&person)?;
            let profile = change(person.profile.clone())?;
            if profile == person.profile {
                return Ok(person);
            }
            let now = self.clock.now();
            let mut batch = Batch::of(actor.user.own_household());
            store::update_profile(&mut batch, actor.user, person.version, &profile, now);
            for home in store::households_of_owner(&self.database, actor.user).await? {
                batch.concerns(home);
                batch.tell(&self.counts_as(home, actor.user, &profile, person.version + 1, now));
            }
            match self.database.apply(batch).await {
                Err(DbError::Conflict) => {}
                Err(error) => return Err(error.into()),
                Ok(()) => {
                    let (known, version) = (Person::clone(&person), person.version + 1);
                    return Ok(Arc::new(Person { profile, updated_at: now, version, ..known }));
                }
            }
        }
        Err(UsersError::Changed.into())
    }
}

/// Changes with every change of the profile.
pub(crate) fn etag(person: &Person) -> ETag {
    ETag::of(&[&person.version])
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn unavailable(error: DbError) -> CallError {
    CallError::Unavailable(error.to_string())
}

#[async_trait]
impl Users for People {
    async fn open_account(&self, account: &Account) -> Result<(), CallError> {
        let batch = self.opening(account).await.map_err(unavailable)?;
        match self.database.apply(batch).await {
            // The event was faster.
            Err(DbError::Unique(_)) => Ok(()),
            other => other.map_err(unavailable),
        }
    }

    async fn household(&self, household: HouseholdId) -> Result<Option<Household>, CallError> {
        store::household(&self.database, household).await.map_err(unavailable)
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, CallError> {
        let person = self.person(user).await.map_err(unavailable)?;
        Ok(person.map(|person| Account {
            user: person.user,
            email: person.email.clone(),
            profile: person.profile.clone(),
        }))
    }

    async fn membership(
        &self,
        user: UserId,
        household: HouseholdId,
    ) -> Result<Option<Membership>, CallError> {
        store::membership(&self.database, household, user).await.map_err(unavailable)
    }

    async fn members(&self, household: HouseholdId) -> Result<Vec<Member>, CallError> {
        let kept = store::members(&self.database, household).await.map_err(unavailable)?;
        Ok(kept.into_iter().map(|kept| kept.member).collect())
    }

    async fn households(&self, user: UserId) -> Result<Vec<Home>, CallError> {
        store::homes(&self.database, user).await.map_err(unavailable)
    }
}

/// Why somebody could not be brought or sent away, as whoever asked for it needs to know it.
fn refused(error: UsersError) -> CallError {
    match error {
        UsersError::Invalid(invalid) => invalid.into(),
        UsersError::Refused(refused) => CallError::Conflict(refused.to_string()),
        UsersError::NotFound => CallError::NotFound,
        away @ (UsersError::NoProfile
        | UsersError::Changed
        | UsersError::MemberChanged
        | UsersError::InvitationOver
        | UsersError::Contended
        | UsersError::Internal(_)
        | UsersError::Database(_)) => CallError::Unavailable(away.to_string()),
    }
}

#[async_trait]
impl Rosters for People {
    async fn bring(&self, actor: &Actor, people: &[Newcomer]) -> Result<Brought, CallError> {
        let mut invalid = Invalid::new();
        let mut named = Vec::with_capacity(people.len());
        for (number, person) in people.iter().enumerate() {
            let name = invalid.check(format!("/members/{number}/name"), person.name.parse::<Name>());
            named.extend(name.map(|name| (name, person.left)));
        }
        invalid.into_result()?;
        self.bring_members(actor, &named).await.map_err(refused)
    }

    async fn send_away(&self, actor: &Actor, members: &[MemberId]) -> Result<(), CallError> {
        self.send_members_away(actor, members).await.map_err(refused)
    }
}
