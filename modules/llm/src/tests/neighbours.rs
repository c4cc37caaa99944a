//! Who the module asks, in the tests: everybody lives in Kolkata, and what they track is counted.

use std::{net::IpAddr, sync::Mutex};

use async_trait::async_trait;
use contracts::{
    CallError,
    auth::{Accounts, AuditLog, Deed},
    subscriptions::{Act, ChargeNews, Confirmation, NewSubscription, Status, Subscriptions, Summary},
    users::{Account, Home, Household, Member, Membership, Profile, Reminders, Users},
};
use kernel::{Access, Actor, Currency, HouseholdId, SubscriptionId, UserId};

use super::id;

pub(crate) struct Village;

#[async_trait]
impl Accounts for Village {
    /// The eighth is suspended.
    async fn is_open(&self, user: UserId) -> Result<bool, CallError> {
        Ok(user != id(8))
    }
}

#[async_trait]
impl AuditLog for Village {
    async fn write_down(
        &self,
        _: &Actor,
        _: Deed,
        _: &str,
        _: (Option<IpAddr>, &str),
    ) -> Result<(), CallError> {
        Ok(())
    }
}

#[async_trait]
impl Users for Village {
    async fn open_account(&self, _: &Account) -> Result<(), CallError> {
        Ok(())
    }

    async fn household(&self, _: HouseholdId) -> Result<Option<Household>, CallError> {
        Ok(Some(Household {
            time_zone: "Asia/Kolkata".parse().unwrap(),
            currency: Currency::INR,
            locale: "en-IN".parse().unwrap(),
            reminders: Reminders::default(),
        }))
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, CallError> {
        let profile = Profile {
            name: "Asha".into(),
            locale: "en-IN".parse().unwrap(),
            time_zone: "Asia/Kolkata".parse().unwrap(),
            currency: Currency::INR,
            reminders: Reminders::default(),
        };
        Ok(Some(Account { user, email: "asha@example.org".into(), profile }))
    }

    /// The ninth has been made a viewer since.
    async fn membership(
        &self,
        user: UserId,
        household: HouseholdId,
    ) -> Result<Option<Membership>, CallError> {
        let access = if user == id(9) { Access::Viewer } else { Access::Owner };
        Ok((household == user.own_household()).then(|| Membership { member: user.own_member(), access }))
    }

    async fn members(&self, _: HouseholdId) -> Result<Vec<Member>, CallError> {
        Ok(Vec::new())
    }

    async fn households(&self, _: UserId) -> Result<Vec<Home>, CallError> {
        Ok(Vec::new())
    }
}

/// What is tracked, and what was done to it.
#[derive(Default)]
pub(crate) struct Tracked {
    known: Mutex<Vec<(HouseholdId, Summary)>>,
    acts: Mutex<Vec<Act>>,
}

impl Tracked {
    /// The names of what a person tracks.
    pub(crate) fn of(&self, person: u128) -> Vec<String> {
        let household = super::actor(person).household;
        let known = self.known.lock().unwrap();
        known.iter().filter(|(of, _)| *of == household).map(|(_, each)| each.name.clone()).collect()
    }

    /// How many are tracked by anybody.
    pub(crate) fn count(&self) -> usize {
        self.known.lock().unwrap().len()
    }

    pub(crate) fn acts(&self) -> Vec<Act> {
        self.acts.lock().unwrap().clone()
    }
}

#[async_trait]
impl Subscriptions for Tracked {
    async fn create(&self, actor: &Actor, new: NewSubscription) -> Result<Summary, CallError> {
        let mut known = self.known.lock().unwrap();
        let made = Summary {
            id: id(known.len() as u128 + 1),
            name: new.name,
            service: new.service,
            status: Status::Active,
            price: new.price,
            cycle: new.cycle,
            next_charge_on: None,
            trial_ends_on: new.trial_ends_on,
            ends_on: None,
        };
        known.push((actor.household, made.clone()));
        Ok(made)
    }

    async fn named(&self, actor: &Actor, name: &str, _: Option<&str>) -> Result<Vec<Summary>, CallError> {
        let known = self.known.lock().unwrap();
        let of = |each: &&(HouseholdId, Summary)| each.0 == actor.household && each.1.name == name;
        Ok(known.iter().filter(of).map(|(_, each)| each.clone()).collect())
    }

    async fn act(&self, actor: &Actor, id: SubscriptionId, act: Act) -> Result<Summary, CallError> {
        self.acts.lock().unwrap().push(act);
        let known = self.known.lock().unwrap();
        let found = known.iter().find(|(of, each)| *of == actor.household && each.id == id);
        found.map(|(_, each)| each.clone()).ok_or(CallError::NotFound)
    }

    async fn confirm_charge(&self, _: &Actor, _: ChargeNews) -> Result<Confirmation, CallError> {
        Err(CallError::NotFound)
    }
}
