//! What notifications hears.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::{
    erasure::AccountErasing,
    help::TicketAnswered,
    subscriptions::{BudgetPassed, ReminderDue},
    users::{HouseholdChanged, HouseholdMemberRemoved},
};
use kernel::{Event, EventPayload, UserId};
use platform::{
    db::Batch,
    events::{Consumer, Handler, HandlerError, Traces},
};

use crate::{
    domain::{Facts, HEARD},
    service::{Herald, News},
    store,
};

pub(crate) fn consumers(herald: &Arc<Herald>) -> Vec<Consumer> {
    vec![
        Consumer { name: "notifications.keep_person", handler: Arc::new(KeepPerson) },
        Consumer { name: "notifications.remind", handler: Arc::new(Remind(Arc::clone(herald))) },
        Consumer { name: "notifications.tell_webhooks", handler: Arc::new(TellWebhooks(Arc::clone(herald))) },
        Consumer {
            name: "notifications.tell_of_budget",
            handler: Arc::new(TellOfBudget(Arc::clone(herald))),
        },
        Consumer { name: "notifications.erase_account", handler: Arc::new(EraseAccount(Arc::clone(herald))) },
        Consumer {
            name: "notifications.tell_of_answer",
            handler: Arc::new(TellOfAnswer(Arc::clone(herald))),
        },
    ]
}

fn payload<P: EventPayload>(event: &Event) -> Result<Option<P>, HandlerError> {
    event.payload::<P>().map_err(|error| HandlerError::GiveUp(error.to_string()))
}

/// Keeps how a person reads and where their days begin: as the household of their own does.
struct KeepPerson;

#[async_trait]
impl Handler for KeepPerson {
    fn kinds(&self) -> &'static [&'static str] {
        &[HouseholdChanged::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let mut batch = Batch::new();
        if let Some(HouseholdChanged { household, settings, version }) = payload(event)? {
            // One that was handed on to somebody says nothing of them that their own does not.
            let owner = UserId::from_uuid(household.uuid());
            if event.user.is_some_and(|user| user != owner) {
                return Ok(batch);
            }
            store::keep_person(&mut batch, owner, &settings.locale, &settings.time_zone, version);
        }
        Ok(batch)
    }
}

/// Tells somebody what subscriptions says is to be told.
struct Remind(Arc<Herald>);

#[async_trait]
impl Handler for Remind {
    fn kinds(&self) -> &'static [&'static str] {
        &[ReminderDue::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let Some(due) = payload::<ReminderDue>(event)? else { return Ok(Batch::new()) };
        let household =
            event.household.ok_or_else(|| HandlerError::GiveUp("it names no household".into()))?;
        let news = News {
            recipient: due.recipient,
            household,
            kind: due.kind.into(),
            about: due.reminder.uuid(),
            subscription: Some(due.subscription),
            facts: Facts::Subscription {
                name: due.name,
                about_on: due.about_on,
                lead_days: due.lead_days,
                amount: due.amount,
            },
            urgent: due.urgent,
        };
        Ok(self.0.telling(&news).await?)
    }
}

/// Tells everybody of a household that its budget is passed, or a member that theirs is.
struct TellOfBudget(Arc<Herald>);

#[async_trait]
impl Handler for TellOfBudget {
    fn kinds(&self) -> &'static [&'static str] {
        &[BudgetPassed::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let Some(passed) = payload::<BudgetPassed>(event)? else { return Ok(Batch::new()) };
        let household =
            event.household.ok_or_else(|| HandlerError::GiveUp("it names no household".into()))?;
        let mut batch = Batch::new();
        let mut people = self.0.people_of(household).await?;
        // A member's own is told to nobody else; who has left is told nothing.
        people.retain(|person| passed.recipient.is_none_or(|recipient| recipient == *person));
        for recipient in people {
            let BudgetPassed { from, to, limit, spent, .. } = passed;
            let news = News {
                recipient,
                household,
                kind: crate::domain::Kind::BudgetPassed,
                about: event.id.uuid(),
                subscription: None,
                facts: Facts::Budget { from, to, limit, spent },
                urgent: false,
            };
            batch.extend(self.0.telling(&news).await?);
        }
        Ok(batch)
    }
}

/// Tells somebody that what they handed over was answered. It is their own affair, not their household's.
struct TellOfAnswer(Arc<Herald>);

#[async_trait]
impl Handler for TellOfAnswer {
    fn kinds(&self) -> &'static [&'static str] {
        &[TicketAnswered::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let Some(TicketAnswered { ticket, recipient, said }) = payload(event)? else {
            return Ok(Batch::new());
        };
        let news = News {
            recipient,
            household: recipient.own_household(),
            kind: crate::domain::Kind::TicketAnswered,
            about: event.id.uuid(),
            subscription: None,
            facts: Facts::Ticket { ticket, said },
            urgent: false,
        };
        Ok(self.0.telling(&news).await?)
    }
}

/// Writes down for every address of a household what it is to be told; and turns off those of whoever has left it.
struct TellWebhooks(Arc<Herald>);

#[async_trait]
impl Handler for TellWebhooks {
    fn kinds(&self) -> &'static [&'static str] {
        &HEARD
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let Some(household) = event.household else { return Ok(Batch::new()) };
        let mut batch = self.0.telling_webhooks(household, event).await?;
        if let Some(HouseholdMemberRemoved { user: Some(user), .. }) = payload(event)? {
            self.0.leave_webhooks(&mut batch, household, user).await?;
        }
        Ok(batch)
    }
}

/// Erases what somebody was told and how, and what was told of households that ended with them.
struct EraseAccount(Arc<Herald>);

#[async_trait]
impl Handler for EraseAccount {
    fn kinds(&self) -> &'static [&'static str] {
        &[AccountErasing::TYPE]
    }

    async fn handle(&self, event: &Event) -> Result<Batch, HandlerError> {
        let Some(erasing) = payload::<AccountErasing>(event)? else { return Ok(Batch::new()) };
        let (database, ids) = (&self.0.database, &self.0.ids);
        let mut batch = Batch::new();
        store::erase(&mut batch, &erasing);
        let traces = Traces::new(erasing.user, erasing.ended(), erasing.is_last());
        batch.extend(traces.removing(database).await?);
        batch.tell(&erasing.confirmed("notifications", ids.next(), self.0.clock.now()).caused_by(event));
        Ok(batch)
    }
}
