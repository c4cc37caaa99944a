//! Who sees a subscription, pays it and shares it.

use contracts::users::HouseholdMemberRemoved;
use kernel::{Actor, UserId};
use platform::db::Batch;

use super::Tracker;
use crate::{
    domain::{SharingChange, Subscription, View},
    error::TrackerError,
    service::Seen,
    store,
};

/// Whose figures are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Whose {
    /// The household's.
    #[default]
    Ours,
    /// One's own part of them.
    Mine,
}

impl Tracker {
    /// The view of the actor.
    pub(crate) async fn view(&self, actor: &Actor, whose: Whose) -> Result<View, TrackerError> {
        match whose {
            Whose::Ours => Ok(View::Ours),
            Whose::Mine => Ok(View::Mine { member: actor.member, everybody: self.everybody(actor).await? }),
        }
    }

    /// Changes how one is shared, when the client has `seen` it as it is. What was paid stays shared as it was.
    pub(crate) async fn reshare(
        &self,
        actor: &Actor,
        id: kernel::SubscriptionId,
        seen: impl Into<Seen<'_>> + Send,
        change: &SharingChange,
    ) -> Result<Subscription, TrackerError> {
        let members = self.everybody(actor).await?;
        self.change(actor, id, seen, |found, today| found.reshare(change, actor.user, &members, today)).await
    }

    /// What follows for subscriptions when a member is gone. They neither pay nor share from then on, and their calendars
    /// read nothing more. What they added is looked after by whose home it is, who never leaves; what they kept to
    /// themselves rests until they come back.
    pub(crate) async fn forget_member(&self, gone: &HouseholdMemberRemoved) -> Result<Batch, TrackerError> {
        let mut batch = Batch::of(gone.household);
        let Some(known) = store::household(&self.database, gone.household).await? else { return Ok(batch) };
        let today = self.today(&known.settings);
        store::delete_budgets_of(&mut batch, gone.household, gone.member);
        store::delete_feeds_about(&mut batch, gone.household, gone.member);
        let heir = gone.heir.unwrap_or_else(|| UserId::from_uuid(gone.household.uuid()));
        let theirs = match gone.user {
            Some(user) => {
                store::delete_feeds_of(&mut batch, gone.household, user);
                store::all(&self.database, store::Onlooker { household: gone.household, user }).await?
            }
            None => store::shared(&self.database, gone.household).await?,
        };
        for mut found in theirs {
            let mut at_once = Batch::of(gone.household);
            let mut facts = Vec::new();
            if gone.user == Some(found.created_by) {
                self.catch_up(&mut at_once, &mut found, today);
                facts = found.hand_over(found.created_by, heir, today);
            }
            facts.extend(found.forget_member(gone.member));
            if facts.is_empty() {
                continue;
            }
            batch.extend(at_once);
            store::keep_payment_shares(&mut batch, found.household, found.id);
            let version = found.revise(self.clock.now());
            store::update(&mut batch, &found, version, &known.settings.time_zone);
            store::update_sharing(&mut batch, &found);
            self.plan_reminders(&mut batch, &found, &known.settings);
            self.tell(&mut batch, &found, None, &facts);
        }
        Ok(batch)
    }
}
