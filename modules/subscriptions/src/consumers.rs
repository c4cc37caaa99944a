//! What subscriptions hears.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::{
    erasure::AccountErasing,
    subscriptions::{PaymentChanged, PaymentFailed, PaymentPaid, PaymentRecorded},
    users::{HouseholdChanged, HouseholdMemberRemoved},
};
use kernel::{Event, EventPayload};
use platform::{
    db::{Batch, DbError},
    events::{Consumer, Handler, HandlerError, Traces},
};

use crate::{
    service::Tracker,
    store::{self, Known},
};

pub(crate) fn consumers(tracker: &Arc<Tracker>) -> Vec<Consumer> {
    let keep = Arc::new(KeepHousehold(Arc::clone(tracker)));
    let forget = Arc::new(ForgetMember(Arc::clone(tracker)));
    let remind = Arc::new(RemindOfFailure(Arc::clone(tracker)));
    let watch = Arc::new(WatchBudgets(Arc::clone(tracker)));
    let erase = Arc::new(EraseAccount(Arc::clone(tracker)));
    vec![
        Consumer { name: "subscriptions.keep_household", handler: keep },
        Consumer { name: "subscriptions.forget_member", handler: forget },
        Consumer { name: "subscriptions.remind_of_failure", handler: remind },
        Consumer { name: "subscriptions.watch_budgets", handler: watch },
        Consumer { name: "subscriptions.erase_account", handler: erase },
    ]
}

/// Tells, once a period, of a budget that was passed. It looks whenever money has moved.
struct WatchBudgets(Arc<Tracker>);

#[async_trait]
impl Handler for WatchBudgets {
    fn kinds(&self) -> &'static [&'static str] {
        &[PaymentRecorded::TYPE, PaymentPaid::TYPE, PaymentChanged::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        match event.household {
            Some(household) => {
                self.0.passing(household).await.map_err(|error| HandlerError::Retry(error.to_string()))
            }
            None => Ok(Batch::new()),
        }
    }
}

/// Keeps how a household counts. A zone that changed moves every future instant, and no day.
struct KeepHousehold(Arc<Tracker>);

#[async_trait]
impl Handler for KeepHousehold {
    fn kinds(&self) -> &'static [&'static str] {
        &[HouseholdChanged::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let payload =
            event.payload::<HouseholdChanged>().map_err(|error| HandlerError::GiveUp(error.to_string()))?;
        match payload {
            Some(changed) => Ok(self.keep(changed).await?),
            None => Ok(Batch::new()),
        }
    }
}

/// Whoever has left a household neither pays, shares nor is reminded of what it has from then on.
struct ForgetMember(Arc<Tracker>);

#[async_trait]
impl Handler for ForgetMember {
    fn kinds(&self) -> &'static [&'static str] {
        &[HouseholdMemberRemoved::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let payload = event
            .payload::<HouseholdMemberRemoved>()
            .map_err(|error| HandlerError::GiveUp(error.to_string()))?;
        match payload {
            Some(gone) => {
                let followed = self.0.forget_member(&gone).await;
                followed.map_err(|error| HandlerError::Retry(error.to_string()))
            }
            None => Ok(Batch::new()),
        }
    }
}

impl KeepHousehold {
    async fn keep(&self, changed: HouseholdChanged) -> Result<Batch, DbError> {
        let HouseholdChanged { household, settings, version } = changed;
        let database = &self.0.database;
        self.0.forget_household(household);
        let mut batch = Batch::of(household);
        let known = store::household(database, household).await?;
        if known.as_ref().is_some_and(|known| known.version >= version) {
            return Ok(batch);
        }
        let known = known.map(|known| known.settings);
        let moved = known.as_ref().is_none_or(|known| known.time_zone != settings.time_zone);
        if moved || known.as_ref().is_some_and(|known| known.reminders != settings.reminders) {
            self.0.replan_reminders(&mut batch, household, known.as_ref());
        }
        if moved {
            store::reschedule(&mut batch, household, self.0.clock.now());
        }
        store::upsert_household(&mut batch, household, &Known { settings, version });
        Ok(batch)
    }
}

/// Tells at once that a payment did not go through.
struct RemindOfFailure(Arc<Tracker>);

#[async_trait]
impl Handler for RemindOfFailure {
    fn kinds(&self) -> &'static [&'static str] {
        &[PaymentFailed::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let payload =
            event.payload::<PaymentFailed>().map_err(|error| HandlerError::GiveUp(error.to_string()))?;
        let household =
            event.household.ok_or_else(|| HandlerError::GiveUp("it names no household".into()))?;
        match payload {
            Some(failed) => {
                let reminding = self.0.remind_of_failure(household, &failed).await;
                reminding.map_err(|error| HandlerError::Retry(error.to_string()))
            }
            None => Ok(Batch::new()),
        }
    }
}

/// Erases what somebody kept to themselves, their name beside what stays others', and all of households that ended with
/// them.
struct EraseAccount(Arc<Tracker>);

#[async_trait]
impl Handler for EraseAccount {
    fn kinds(&self) -> &'static [&'static str] {
        &[AccountErasing::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let payload =
            event.payload::<AccountErasing>().map_err(|error| HandlerError::GiveUp(error.to_string()))?;
        let Some(erasing) = payload else { return Ok(Batch::new()) };
        let Tracker { database, ids, clock, .. } = &*self.0;
        let mut batch = Batch::unseen();
        store::erase(&mut batch, &erasing);
        for household in erasing.ended() {
            self.0.forget_household(household);
        }
        let traces = Traces::new(erasing.user, erasing.ended(), erasing.is_last());
        batch.extend(traces.removing(database).await?);
        batch.tell(&erasing.confirmed("subscriptions", ids.next(), clock.now()).caused_by(event));
        Ok(batch)
    }
}
