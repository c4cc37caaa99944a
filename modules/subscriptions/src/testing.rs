//! What the tests of several rooms share.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use contracts::{
    CallError,
    users::{
        Account, Brought, Home, Household, Member, Membership, Newcomer, Profile, Reminders, Rosters, Users,
    },
};
use jiff::Timestamp;
use kernel::{Access, Actor, Currency, HouseholdId, Ids, MemberId, UserId};

/// Users, as this module knows them: everybody is called Asha, counts in rupees and lives in one zone.
pub(crate) struct Neighbours {
    zone: Option<&'static str>,
    ids: Arc<dyn Ids>,
    members: Mutex<HashMap<HouseholdId, Vec<Member>>>,
}

impl Neighbours {
    pub(crate) fn living_in(zone: &'static str) -> Arc<Self> {
        Self::new(Some(zone))
    }

    /// Users that know no household yet.
    pub(crate) fn unknown() -> Arc<Self> {
        Self::new(None)
    }

    fn new(zone: Option<&'static str>) -> Arc<Self> {
        Arc::new(Self { zone, ids: platform::testing::ids(), members: Mutex::default() })
    }

    fn there(&self, household: HouseholdId) -> Vec<Member> {
        self.members.lock().unwrap().get(&household).cloned().unwrap_or_default()
    }

    fn add(&self, household: HouseholdId, user: Option<UserId>, id: MemberId, (name, left): (&str, bool)) {
        let left_at = left.then_some(Timestamp::UNIX_EPOCH);
        let member = Member { id, user, name: name.into(), access: Access::Owner, left_at };
        self.members.lock().unwrap().entry(household).or_default().push(member);
    }

    /// Somebody belongs to the household of their own.
    pub(crate) fn settle(&self, actor: &Actor, name: &str) {
        self.add(actor.household, Some(actor.user), actor.member, (name, false));
    }

    fn profile(&self) -> Option<Profile> {
        Some(Profile {
            name: "Asha".into(),
            locale: "en-IN".parse().unwrap(),
            time_zone: self.zone?.parse().unwrap(),
            currency: Currency::INR,
            reminders: Reminders::default(),
        })
    }
}

#[async_trait]
impl Users for Neighbours {
    async fn open_account(&self, _: &Account) -> Result<(), CallError> {
        Ok(())
    }

    async fn household(&self, _: HouseholdId) -> Result<Option<Household>, CallError> {
        Ok(self.profile().map(|profile| Household {
            time_zone: profile.time_zone,
            currency: profile.currency,
            locale: profile.locale,
            reminders: profile.reminders,
        }))
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, CallError> {
        Ok(self.profile().map(|profile| Account { user, email: "asha@example.org".into(), profile }))
    }

    async fn membership(&self, _: UserId, _: HouseholdId) -> Result<Option<Membership>, CallError> {
        Ok(None)
    }

    async fn members(&self, household: HouseholdId) -> Result<Vec<Member>, CallError> {
        Ok(self.there(household))
    }

    async fn households(&self, _: UserId) -> Result<Vec<Home>, CallError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl Rosters for Neighbours {
    async fn bring(&self, actor: &Actor, people: &[Newcomer]) -> Result<Brought, CallError> {
        let mut brought = Brought::default();
        for person in people {
            let there = self.there(actor.household);
            let known = there
                .iter()
                .find(|member| member.name == person.name && member.left_at.is_some() == person.left)
                .map(|member| member.id);
            let id = known.unwrap_or_else(|| self.ids.next());
            if known.is_none() {
                self.add(actor.household, None, id, (&person.name, person.left));
                brought.new.push(id);
            }
            brought.members.push(id);
        }
        Ok(brought)
    }

    async fn send_away(&self, actor: &Actor, members: &[MemberId]) -> Result<(), CallError> {
        for member in self.members.lock().unwrap().entry(actor.household).or_default() {
            if members.contains(&member.id) {
                member.left_at = Some(Timestamp::UNIX_EPOCH);
            }
        }
        Ok(())
    }
}
