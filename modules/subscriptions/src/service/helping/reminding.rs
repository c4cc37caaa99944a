//! Whether there was something to be reminded of.

use async_trait::async_trait;
use contracts::{
    CallError,
    help::{NextReminder, PastReminder, Reminded, RemindedOf, Reminding},
    subscriptions::Act,
};
use kernel::{Actor, SubscriptionId};
use platform::http::IfMatch;

use crate::{Tracker, domain::ReminderState, error::TrackerError, service::SeenReminder, store};

impl Tracker {
    async fn how_reminded(
        &self,
        actor: &Actor,
        asked: Option<SubscriptionId>,
    ) -> Result<Reminded, TrackerError> {
        let household = self.household(actor.household).await?;
        let zone = &household.time_zone;
        let subscription = match asked {
            Some(id) => Some(self.read(actor, id).await?.0),
            None => None,
        };
        let own = subscription.as_ref().and_then(|one| one.particulars.reminder_days.as_ref());
        let days = own.unwrap_or(&household.reminders.days).days();
        let past = |told: SeenReminder| {
            let told_at = told.decided_at.unwrap_or(told.planned_for);
            Some(PastReminder {
                reminder: told.id?,
                subscription: told.subscription,
                name: told.name,
                kind: told.reminder.kind,
                about_on: told.reminder.about_on,
                at: zone.datetime_at(told_at),
                told: told.state == ReminderState::Sent,
            })
        };
        let newest = store::newest_reminder(&self.database, actor.household, actor.user, asked).await?;
        let next = self.next_reminder(actor, asked).await?.map(|next| NextReminder {
            at: zone.datetime_at(next.planned_for),
            subscription: next.subscription,
            name: next.name,
        });
        Ok(Reminded {
            never: days.is_empty(),
            time: household.reminders.time,
            newest: newest.map(SeenReminder::from).and_then(past),
            next,
            of: subscription.map(|one| RemindedOf {
                subscription: one.id,
                name: one.name.to_string(),
                status: one.status,
                is_told_to_actor: one.created_by == actor.user,
                has_own_days: one.particulars.reminder_days.is_some(),
            }),
        })
    }
}

#[async_trait]
impl Reminding for Tracker {
    async fn reminded(
        &self,
        actor: &Actor,
        subscription: Option<SubscriptionId>,
    ) -> Result<Reminded, CallError> {
        Ok(self.how_reminded(actor, subscription).await?)
    }

    async fn resume(&self, actor: &Actor, id: SubscriptionId) -> Result<(), CallError> {
        let seen = IfMatch::default();
        self.change(actor, id, &seen, |subscription, today| subscription.act(&Act::Resume, today)).await?;
        Ok(())
    }
}
