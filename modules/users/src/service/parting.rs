//! What becomes of the households of somebody whose account is erased, and of what users knows of them.

use std::collections::BTreeMap;

use contracts::{
    erasure::{AccountClosing, AccountErasing, AccountParted, Parting},
    users::{Household as Settings, HouseholdChanged, HouseholdMemberRemoved, Member},
};
use kernel::{Access, Event, HouseholdId, UserId};
use platform::{
    db::{Batch, DbError},
    events::Traces,
};

use super::{People, members::Household};
use crate::{error::UsersError, store};

/// What becomes of a household that somebody leaves for good.
enum Fate {
    /// Nobody with a log-in is left in it, or it was agreed that it ends.
    Ends,
    /// It goes on, and that one looks after what they added.
    GoesOn { heir: UserId },
}

impl People {
    /// Takes somebody out of all their households, ends those that end with them, and forgets their profile; decided
    /// once for each erasure, and told as often as it is asked for.
    pub(crate) async fn part(&self, closing: &AccountClosing, cause: &Event) -> Result<Batch, UsersError> {
        let AccountClosing { erasure, user, ends_home } = *closing;
        let mut batch = Batch::of(user.own_household());
        let households = match store::parted(&self.database, user, erasure).await? {
            Some(households) => households,
            None => {
                let (mut households, mut homes) = (Vec::new(), BTreeMap::new());
                for household in store::households_ever(&self.database, user).await? {
                    let found = self.roster(household).await?;
                    let heir = self.leave_for_good(&mut batch, user, &found, ends_home);
                    if let Some(heir) = heir.filter(|_| found.roster.home == user) {
                        homes.entry(heir).or_insert_with(Vec::new).push(household);
                    }
                    households.push(Parting { household, heir });
                }
                let told = store::person(&self.database, user).await?.map_or(0, |person| person.version);
                for (heir, homes) in homes {
                    self.hand_on(&mut batch, heir, homes, told).await?;
                }
                store::insert_partings(&mut batch, user, erasure, &households, self.now());
                store::delete_person(&mut batch, user);
                households
            }
        };
        let payload = AccountParted { erasure, user, households };
        let told = Event::new(self.ids.next(), erasure.to_string(), self.now(), &payload);
        batch.tell(&told.caused_by(cause));
        Ok(batch)
    }

    /// What is left of somebody: invitations that they had a hand in, a profile that was made anew by late news, and, the
    /// last time, what became of their households.
    pub(crate) async fn erase(&self, erasing: &AccountErasing, cause: &Event) -> Result<Batch, DbError> {
        // The last time not even a count of changes is left.
        let mut batch =
            if erasing.is_last() { Batch::unseen() } else { Batch::of(erasing.user.own_household()) };
        let ended: Vec<HouseholdId> = erasing.ended().collect();
        for household in &ended {
            store::delete_household(&mut batch, *household);
        }
        store::delete_person(&mut batch, erasing.user);
        if erasing.is_last() {
            store::delete_partings(&mut batch, erasing.user, erasing.erasure);
        }
        let traces = Traces::new(erasing.user, ended, erasing.is_last());
        batch.extend(traces.removing(&self.database).await?);
        batch.tell(&erasing.confirmed("users", self.ids.next(), self.now()).caused_by(cause));
        Ok(batch)
    }

    /// Takes somebody out of a household, and says who looks after what they added, if anybody is left to.
    fn leave_for_good(
        &self,
        batch: &mut Batch,
        user: UserId,
        found: &Household,
        ends_home: bool,
    ) -> Option<UserId> {
        let household = found.roster.household;
        batch.concerns(household);
        store::revise_roster(batch, household, found.version());
        let Fate::GoesOn { heir } = fate(found, user, ends_home) else {
            store::delete_household(batch, household);
            return None;
        };
        store::delete_invitations_of_user(batch, household, user);
        self.keep_an_owner(batch, found, user, heir);
        if let Some(kept) = found.kept.iter().find(|kept| kept.member.user == Some(user)) {
            if kept.member.left_at.is_none() {
                let member = kept.member.id;
                let payload =
                    HouseholdMemberRemoved { household, member, user: Some(user), heir: Some(heir) };
                batch.tell(&self.told(user, household, &payload));
            }
            // Their place stays in the books, as somebody's of whom nothing is known.
            let left_at = kept.member.left_at.unwrap_or_else(|| self.now());
            let nobody = Member {
                user: None,
                name: String::new(),
                access: Access::Viewer,
                left_at: Some(left_at),
                ..kept.member.clone()
            };
            store::update_member(batch, household, kept.version, &nobody);
        }
        Some(heir)
    }

    /// Where nobody else owns it, whoever it is handed to does from now on.
    fn keep_an_owner(&self, batch: &mut Batch, found: &Household, gone: UserId, heir: UserId) {
        let mut others = found.present().filter(|kept| kept.member.user != Some(gone));
        if others.any(|kept| kept.member.access == Access::Owner) {
            return;
        }
        if let Some(kept) = found.present().find(|kept| kept.member.user == Some(heir)) {
            let member = Member { access: Access::Owner, ..kept.member.clone() };
            store::update_member(batch, found.roster.household, kept.version, &member);
            batch.tell(&self.member_changed(gone, found.roster.household, &member));
        }
    }

    /// Makes the households that were somebody's home the home of their heir, and has them count as the heir does: with a
    /// version above the one that was `told` of them before.
    async fn hand_on(
        &self,
        batch: &mut Batch,
        heir: UserId,
        households: Vec<HouseholdId>,
        told: i64,
    ) -> Result<(), UsersError> {
        let person = store::person(&self.database, heir).await?.ok_or(UsersError::NoProfile)?;
        let version = person.version.max(told) + 1;
        store::raise_version(batch, heir, person.version, version);
        let mut homes = store::households_of_owner(&self.database, heir).await?;
        for household in households {
            store::hand_household_on(batch, household, heir);
            homes.push(household);
        }
        for home in homes {
            batch.concerns(home);
            batch.tell(&self.counts_as(home, heir, &person.profile, version, self.now()));
        }
        Ok(())
    }

    /// The news of how a household counts: as its owner does.
    pub(super) fn counts_as(
        &self,
        household: HouseholdId,
        owner: UserId,
        profile: &contracts::users::Profile,
        version: i64,
        now: jiff::Timestamp,
    ) -> Event {
        let settings = Settings {
            time_zone: profile.time_zone.clone(),
            currency: profile.currency,
            locale: profile.locale.clone(),
            reminders: profile.reminders.clone(),
        };
        let payload = HouseholdChanged { household, settings, version };
        Event::new(self.ids.next(), household.to_string(), now, &payload)
            .with_user(owner)
            .with_household(household)
    }
}

/// Decided on who belongs to it now.
fn fate(found: &Household, user: UserId, ends_home: bool) -> Fate {
    let others = found.present().filter(|kept| kept.member.user.is_some_and(|other| other != user));
    let others: Vec<&Member> = others.map(|kept| &kept.member).collect();
    let of_home = others.iter().find(|member| member.user == Some(found.roster.home));
    let owner = others.iter().find(|member| member.access == Access::Owner);
    // In the order in which they joined.
    let Some(heir) = of_home.or(owner).or(others.first()).and_then(|member| member.user) else {
        return Fate::Ends;
    };
    if ends_home && found.roster.household == user.own_household() && owner.is_none() {
        return Fate::Ends;
    }
    Fate::GoesOn { heir }
}
