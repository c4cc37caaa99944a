//! Telling what is to be told, once, and looking at what was and will be.

mod list;

use std::collections::HashMap;

use contracts::{
    subscriptions::{PaymentFailed, ReminderDue, ReminderKind},
    users::Household,
};
use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{Event, HouseholdId, SubscriptionId};
use platform::db::{Batch, DbError};

use super::{TRIES, Tracker};
use crate::{
    domain::{PaymentStatus, Reminder, ReminderState, Subscription, Verdict, first_day_ahead},
    error::TrackerError,
    store::{self, Ripe, ToldReminder},
};

pub(crate) use list::{ReminderPlace, Seek, SeenReminder};

/// How many days are caught up with in one batch after a downtime.
const DAYS_AT_ONCE: i64 = 31;

/// Why a reminder was left out.
const TOO_LATE: &str = "its day had passed before it could be told";

impl Tracker {
    /// Tells what is to be told of one that was found ripe, and notes when there is something next. Gives whether
    /// there is more to do. Whoever was first, its owner or another process, it is looked at anew.
    pub(crate) async fn remind(&self, ripe: &Ripe) -> Result<bool, DbError> {
        let (now, time, zone) = (self.clock.now(), ripe.reminders.time, &ripe.zone);
        let found = store::find_for_all(&self.database, ripe.household, ripe.id).await?;
        let Some(subscription) = found.filter(|found| found.version == ripe.version) else { return Ok(true) };
        let ahead = first_day_ahead(now, time, zone);
        let from = ripe.from.unwrap_or(ahead);
        let until = ahead.min(from.saturating_add(DAYS_AT_ONCE.days())).max(from);
        let mut batch = Batch::unseen();
        if from < until {
            let last = until.yesterday().unwrap_or(from);
            let due = subscription.reminders(&(from..=last), &ripe.reminders.days);
            self.decide(&mut batch, ripe, &subscription, &due, zone.date_at(now)).await?;
        }
        let next = subscription.reminds_on(until, &ripe.reminders.days);
        store::settle_reminders(&mut batch, ripe, until, next.map(|day| zone.instant(day, time)));
        match self.database.apply(batch).await {
            Err(DbError::Conflict | DbError::Unique(_)) => Ok(true),
            other => other.map(|()| until < ahead),
        }
    }

    /// Puts into the batch what becomes of those that are due and have not been decided.
    async fn decide(
        &self,
        batch: &mut Batch,
        ripe: &Ripe,
        subscription: &Subscription,
        due: &[Reminder],
        today: Date,
    ) -> Result<(), DbError> {
        let Some(first) = due.iter().map(|reminder| reminder.about_on).min() else { return Ok(()) };
        let (household, id, recipient) = (ripe.household, ripe.id, subscription.created_by);
        let decided = store::reminders_decided(&self.database, household, id, recipient, first).await?;
        let entered = self.entered(household, id, first).await?;
        for reminder in due.iter().filter(|reminder| !decided.contains(&reminder.key())) {
            let state = match reminder.verdict(today, entered.get(&reminder.about_on).copied()) {
                Verdict::Send => ReminderState::Sent,
                Verdict::TooLate => ReminderState::Dropped,
                Verdict::Moot => continue,
            };
            let planned_for = ripe.zone.instant(reminder.on, ripe.reminders.time);
            self.keep(batch, subscription, reminder, state, planned_for);
        }
        Ok(())
    }

    /// Puts into the batch what became of a reminder, and the news of it when it is told.
    fn keep(
        &self,
        batch: &mut Batch,
        subscription: &Subscription,
        reminder: &Reminder,
        state: ReminderState,
        planned_for: Timestamp,
    ) {
        let told = ToldReminder {
            id: self.ids.next(),
            household: subscription.household,
            recipient: subscription.created_by,
            subscription: subscription.id,
            name: subscription.name.to_string(),
            kind: reminder.kind,
            about_on: reminder.about_on,
            lead: reminder.lead,
            state,
            reason: (state == ReminderState::Dropped).then(|| TOO_LATE.to_owned()),
            amount: reminder.amount,
            on: reminder.on,
            planned_for,
            decided_at: self.clock.now(),
        };
        store::insert_reminder(batch, &told);
        if state == ReminderState::Sent {
            batch.tell(&self.due(&told, reminder.is_urgent()));
        }
    }

    /// What is told at once of a payment that did not go through: nothing when that is no longer so, when it was told
    /// of that charge before, or when its subscription does not run.
    pub(crate) async fn remind_of_failure(
        &self,
        household: HouseholdId,
        failed: &PaymentFailed,
    ) -> Result<Batch, TrackerError> {
        let mut batch = Batch::unseen();
        let (id, now) = (failed.subscription, self.clock.now());
        let found = store::find_for_all(&self.database, household, id).await?;
        let Some(subscription) = found.filter(Subscription::renews) else { return Ok(batch) };
        let recipient = store::Onlooker { household, user: subscription.created_by };
        let Some(payment) = store::entry(&self.database, recipient, failed.payment).await? else {
            return Ok(batch);
        };
        let reminder = Reminder {
            kind: ReminderKind::PaymentFailed,
            about_on: payment.due_on,
            lead: 0,
            on: self.today(&*self.household(household).await?),
            amount: payment.amount,
        };
        let recipient = subscription.created_by;
        let decided =
            store::reminders_decided(&self.database, household, id, recipient, reminder.about_on).await?;
        let open = reminder.verdict(reminder.on, Some(payment.state.status())) == Verdict::Send;
        if open && !decided.contains(&reminder.key()) {
            self.keep(&mut batch, &subscription, &reminder, ReminderState::Sent, now);
        }
        Ok(batch)
    }

    fn due(&self, told: &ToldReminder, urgent: bool) -> Event {
        metrics::counter!("perennial_reminders_total", "kind" => told.kind.as_str()).increment(1);
        let payload = ReminderDue {
            reminder: told.id,
            subscription: told.subscription,
            recipient: told.recipient,
            kind: told.kind,
            name: told.name.clone(),
            about_on: told.about_on,
            lead_days: told.lead,
            amount: told.amount,
            planned_for: told.planned_for,
            urgent,
        };
        Event::new(self.ids.next(), told.subscription.to_string(), told.decided_at, &payload)
            .with_user(told.recipient)
            .with_household(told.household)
            .with_audience(Some(told.recipient))
    }

    async fn entered(
        &self,
        household: HouseholdId,
        id: SubscriptionId,
        from: Date,
    ) -> Result<HashMap<Date, PaymentStatus>, DbError> {
        let entered = store::charges_entered(&self.database, household, id, from).await?;
        Ok(entered.into_iter().collect())
    }

    /// Time first: what was to be told of one before somebody changes it is told as it was.
    pub(super) async fn remind_first(
        &self,
        household: HouseholdId,
        id: SubscriptionId,
    ) -> Result<(), TrackerError> {
        for _ in 0..TRIES {
            match store::ripe_one(&self.database, household, id, self.clock.now()).await? {
                None => return Ok(()),
                Some(ripe) => self.remind(&ripe).await?,
            };
        }
        // The change goes on all the same: what is left of days long gone is for the sweep.
        Ok(())
    }

    /// Notes, with the subscription that the batch stores, when there is next something to tell of it. What would
    /// have been told before now is not: whoever changes something knows of it.
    pub(super) fn plan_reminders(
        &self,
        batch: &mut Batch,
        subscription: &Subscription,
        household: &Household,
    ) {
        let Household { time_zone: zone, reminders, .. } = household;
        let now = self.clock.now();
        let ahead = first_day_ahead(now, reminders.time, zone);
        let next = subscription.reminds_on(ahead, &reminders.days);
        let next = next.map(|day| zone.instant(day, reminders.time));
        let whose = (subscription.household, subscription.id);
        store::plan_reminders(batch, whose, (zone, reminders), (ahead, next), now);
    }

    /// Has everything looked at anew that is to be told to a household, because it lives elsewhere or wants to be
    /// reminded otherwise. `known` is how it counted until now.
    pub(crate) fn replan_reminders(
        &self,
        batch: &mut Batch,
        household: HouseholdId,
        known: Option<&Household>,
    ) {
        let now = self.clock.now();
        let ahead = known.map(|known| first_day_ahead(now, known.reminders.time, &known.time_zone));
        store::replan_reminders(batch, household, ahead, now);
    }
}
