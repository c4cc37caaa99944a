//! Entering a payment, and taking one away that was entered.

use contracts::users::Household;
use jiff::civil::Date;
use kernel::{Actor, PaymentId, SubscriptionId};
use platform::{
    db::{Batch, DbError},
    http::IfMatch,
};

use super::SeenPayment;
use crate::{
    domain::{ByHand, Entry, Payment, PaymentRefused, Subscription},
    error::TrackerError,
    service::{Seen, TRIES, Tracker},
    store,
};

impl Tracker {
    /// Enters a payment. One for a charge date ahead settles that date; the schedule stays as it is.
    pub(crate) async fn record_payment(
        &self,
        actor: &Actor,
        subscription: SubscriptionId,
        by_hand: &ByHand,
    ) -> Result<Entry, TrackerError> {
        let id = self.ids.next();
        for _ in 0..TRIES {
            let Some((mut found, household, today)) = self.up_to_date(actor, subscription).await? else {
                continue;
            };
            let payment = by_hand.payment(id, &found, today)?;
            self.check_free(actor, &payment).await?;
            if let Some(entry) = self.enter(actor, &mut found, &household, payment).await? {
                return Ok(entry);
            }
        }
        Err(TrackerError::Contended)
    }

    /// The subscription with everything that has fallen due by now stored; `None` when it is to be looked at again.
    pub(super) async fn up_to_date(
        &self,
        actor: &Actor,
        id: SubscriptionId,
    ) -> Result<Option<(Subscription, std::sync::Arc<Household>, Date)>, TrackerError> {
        let anything = IfMatch::default();
        let (mut subscription, household, today) = self.seen(actor, id, Seen::from(&anything)).await?;
        let before = subscription.clone();
        let mut batch = Batch::of(actor.household);
        self.catch_up(&mut batch, &mut subscription, today);
        if subscription == before {
            return Ok(Some((subscription, household, today)));
        }
        match self.store(batch, &mut subscription, &household).await {
            Ok(()) | Err(DbError::Conflict) => {
                self.forget_household(actor.household);
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A charge date has one payment.
    async fn check_free(&self, actor: &Actor, payment: &Payment) -> Result<(), TrackerError> {
        if payment.extra {
            return Ok(());
        }
        let Payment { subscription, due_on, .. } = *payment;
        let found =
            store::entry_of_charge_date(&self.database, actor.household, subscription, due_on).await?;
        match found {
            Some(entry) => Err(PaymentRefused::Recorded { due_on, status: entry.state.status() }.into()),
            None => Ok(()),
        }
    }

    /// `None` when somebody else was first, and it is to be decided anew.
    async fn enter(
        &self,
        actor: &Actor,
        subscription: &mut Subscription,
        household: &Household,
        payment: Payment,
    ) -> Result<Option<Entry>, TrackerError> {
        let now = self.clock.now();
        let mut batch = Batch::of(actor.household);
        store::insert_by_hand(&mut batch, &payment, actor.user, now);
        self.tell(&mut batch, subscription, Some(actor), &[payment.recorded().into()]);
        let applied = if payment.extra {
            self.database.apply(batch).await
        } else {
            // Stored even where it settles nothing ahead: a sweep that looks at the date meanwhile looks again.
            subscription.settle_ahead(payment.due_on);
            self.store(batch, subscription, household).await
        };
        match applied {
            Ok(()) => Ok(Some(Entry {
                payment,
                recorded_by: Some(actor.user),
                recorded_at: now,
                changed_at: None,
                version: 1,
            })),
            Err(DbError::Conflict) => {
                self.forget_household(actor.household);
                Ok(None)
            }
            Err(error) if error.violates(store::ONE_A_CHARGE_DATE) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes a payment away that somebody entered by mistake.
    pub(crate) async fn remove_payment(
        &self,
        actor: &Actor,
        id: PaymentId,
        seen: SeenPayment<'_>,
    ) -> Result<(), TrackerError> {
        for _ in 0..TRIES {
            let entry = self.entry(actor, id).await?;
            seen.check(&entry)?;
            let Some((mut subscription, household, _)) = self.up_to_date(actor, entry.subscription).await?
            else {
                continue;
            };
            let recorded_on = household.time_zone.date_at(entry.recorded_at);
            entry.check_removal(subscription.open_from, recorded_on)?;
            let mut batch = Batch::of(actor.household);
            store::delete_entry(&mut batch, &entry);
            self.tell(&mut batch, &subscription, Some(actor), &[entry.removed()]);
            if !entry.extra {
                subscription.unsettle(entry.due_on);
            }
            match self.store(batch, &mut subscription, &household).await {
                Err(DbError::Conflict) => self.forget_household(actor.household),
                other => return Ok(other?),
            }
        }
        Err(TrackerError::Contended)
    }
}
