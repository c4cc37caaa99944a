//! Looking at reminders: those to come are computed, the others were kept.

use std::collections::HashMap;

use contracts::{subscriptions::ReminderKind, users::Household};
use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{Actor, ReminderId, SubscriptionId};
use serde::{Deserialize, Serialize};

use crate::{
    Tracker,
    domain::{PaymentStatus, Reminder, ReminderState, Subscription, Verdict, first_day_ahead},
    error::TrackerError,
    store::{self, ToldReminder},
};

/// How many days ahead reminders are shown.
const SHOWN_AHEAD: i64 = 60;
/// How long ago an open charge may be of which there is still something to tell.
const OVERDUE_FOR: i64 = 8;

/// Which reminders to show.
#[derive(Debug, Clone)]
pub(crate) struct Seek {
    pub(crate) state: ReminderState,
    /// Planned for this day or a later one.
    pub(crate) from: Option<Date>,
    /// Planned for this day or an earlier one.
    pub(crate) to: Option<Date>,
    pub(crate) after: Option<ReminderPlace>,
}

/// Where a reminder stands in a list: what is to come by its instant, what was told by its id too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum ReminderPlace {
    Planned(Timestamp, SubscriptionId, Date, ReminderKind, i64),
    Told(Timestamp, ReminderId),
}

/// A reminder, to come or told.
#[derive(Debug, Clone)]
pub(crate) struct SeenReminder {
    /// What is to come has none yet.
    pub(crate) id: Option<ReminderId>,
    pub(crate) subscription: SubscriptionId,
    pub(crate) name: String,
    pub(crate) reminder: Reminder,
    pub(crate) planned_for: Timestamp,
    pub(crate) state: ReminderState,
    pub(crate) reason: Option<String>,
    /// When it was told or left out.
    pub(crate) decided_at: Option<Timestamp>,
}

impl SeenReminder {
    pub(crate) fn place(&self) -> ReminderPlace {
        let (about_on, kind, lead) = self.reminder.key();
        match self.id {
            Some(id) => ReminderPlace::Told(self.planned_for, id),
            None => ReminderPlace::Planned(self.planned_for, self.subscription, about_on, kind, lead),
        }
    }
}

impl From<ToldReminder> for SeenReminder {
    fn from(told: ToldReminder) -> Self {
        let ToldReminder { kind, about_on, lead, on, amount, .. } = told;
        Self {
            id: Some(told.id),
            subscription: told.subscription,
            name: told.name,
            reminder: Reminder { kind, about_on, lead, on, amount },
            planned_for: told.planned_for,
            state: told.state,
            reason: told.reason,
            decided_at: Some(told.decided_at),
        }
    }
}

type Entered = HashMap<(SubscriptionId, Date), PaymentStatus>;

impl Tracker {
    /// Reminders of one state, and one more than `limit` when another page follows: those to come in their order, of
    /// the next 60 days; the others the newest first.
    pub(crate) async fn reminders(
        &self,
        actor: &Actor,
        seek: &Seek,
        limit: u16,
    ) -> Result<Vec<SeenReminder>, TrackerError> {
        let household = self.household(actor.household).await?;
        let limit = usize::from(limit) + 1;
        match seek.state {
            ReminderState::Planned => {
                let all = store::all(&self.database, actor).await?;
                let entered = self.entered_lately(actor, &household).await?;
                let mut planned: Vec<_> =
                    all.iter().flat_map(|each| self.planned(each, &household, &entered, seek)).collect();
                planned.sort_by_key(SeenReminder::place);
                planned.retain(|each| seek.after.as_ref().is_none_or(|after| each.place() > *after));
                planned.truncate(limit);
                Ok(planned)
            }
            ReminderState::Sent | ReminderState::Dropped => self.told(actor, &household, seek, limit).await,
        }
    }

    /// The next that is to be told to the actor, of one subscription or of any.
    pub(crate) async fn next_reminder(
        &self,
        actor: &Actor,
        only: Option<SubscriptionId>,
    ) -> Result<Option<SeenReminder>, TrackerError> {
        let household = self.household(actor.household).await?;
        let mut all = store::all(&self.database, actor).await?;
        all.retain(|each| each.created_by == actor.user && only.is_none_or(|only| each.id == only));
        let entered = self.entered_lately(actor, &household).await?;
        let seek = Seek { state: ReminderState::Planned, from: None, to: None, after: None };
        let planned = all.iter().flat_map(|each| self.planned(each, &household, &entered, &seek));
        Ok(planned.min_by_key(SeenReminder::place))
    }

    /// What is to be told of one, the next first.
    pub(crate) async fn reminders_of(
        &self,
        actor: &Actor,
        subscription: &Subscription,
    ) -> Result<Vec<SeenReminder>, TrackerError> {
        let household = self.household(actor.household).await?;
        let first = self.today(&household).saturating_sub(OVERDUE_FOR.days());
        let entered = store::charges_entered(&self.database, actor.household, subscription.id, first).await?;
        let entered = entered.into_iter().map(|(on, status)| ((subscription.id, on), status)).collect();
        let seek = Seek { state: ReminderState::Planned, from: None, to: None, after: None };
        let mut planned = self.planned(subscription, &household, &entered, &seek);
        planned.sort_by_key(SeenReminder::place);
        Ok(planned)
    }

    fn planned(
        &self,
        subscription: &Subscription,
        household: &Household,
        entered: &Entered,
        seek: &Seek,
    ) -> Vec<SeenReminder> {
        let Household { time_zone: zone, reminders, .. } = household;
        let today = self.today(household);
        let ahead = first_day_ahead(self.clock.now(), reminders.time, zone);
        let last = today.saturating_add(SHOWN_AHEAD.days());
        let days = seek.from.map_or(ahead, |from| from.max(ahead))..=seek.to.map_or(last, |to| to.min(last));
        let stands = |reminder: &Reminder| {
            let entered = entered.get(&(subscription.id, reminder.about_on)).copied();
            reminder.verdict(today, entered) == Verdict::Send
        };
        let seen = |reminder: Reminder| SeenReminder {
            id: None,
            subscription: subscription.id,
            name: subscription.name.to_string(),
            planned_for: zone.instant(reminder.on, reminders.time),
            reminder,
            state: ReminderState::Planned,
            reason: None,
            decided_at: None,
        };
        subscription.reminders(&days, &reminders.days).into_iter().filter(stands).map(seen).collect()
    }

    async fn entered_lately(&self, actor: &Actor, household: &Household) -> Result<Entered, TrackerError> {
        let today = self.today(household);
        let first = today.saturating_sub(OVERDUE_FOR.days());
        let entered = store::charges_entered_of_all(&self.database, actor.household, first).await?;
        Ok(entered.into_iter().map(|(id, on, status)| ((id, on), status)).collect())
    }

    async fn told(
        &self,
        actor: &Actor,
        household: &Household,
        seek: &Seek,
        limit: usize,
    ) -> Result<Vec<SeenReminder>, TrackerError> {
        let zone = &household.time_zone;
        let from = seek.from.map_or(Timestamp::UNIX_EPOCH, |from| zone.start_of(from));
        let to = seek.to.unwrap_or_else(|| self.today(household).saturating_add(2.days()));
        let until = zone.start_of(to.saturating_add(1.day()));
        let before = match seek.after {
            Some(ReminderPlace::Told(instant, id)) => Some((instant, id)),
            Some(ReminderPlace::Planned(..)) | None => None,
        };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let told = store::reminders_told(&self.database, actor, seek.state, (from, until), before, limit);
        Ok(told.await?.into_iter().map(SeenReminder::from).collect())
    }
}
