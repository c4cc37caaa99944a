//! Charges, and from what dates are computed.

use async_trait::async_trait;
use contracts::{
    CallError,
    help::{Charge, ChargeState, Charges, Reckoning},
};
use kernel::{Actor, PaymentId, SubscriptionId};
use platform::http::IfMatch;

use crate::{
    Tracker,
    domain::{Entry, PaymentChange, PaymentStatus},
    error::TrackerError,
    service::SeenPayment,
    store::{self, LedgerQuery},
};

impl Tracker {
    async fn told_to_help(&self, actor: &Actor, entry: &Entry) -> Result<Charge, TrackerError> {
        let (subscription, _) = self.read(actor, entry.subscription).await?;
        Ok(Charge {
            payment: entry.id,
            subscription: entry.subscription,
            name: subscription.name.to_string(),
            due_on: entry.due_on,
            amount: entry.amount,
            state: match entry.state.status() {
                PaymentStatus::Due => ChargeState::Due,
                PaymentStatus::Failed => ChargeState::Failed,
                PaymentStatus::Paid | PaymentStatus::Skipped | PaymentStatus::Refunded => {
                    ChargeState::Settled
                }
            },
        })
    }
}

#[async_trait]
impl Charges for Tracker {
    async fn charge(&self, actor: &Actor, id: PaymentId) -> Result<Charge, CallError> {
        let entry = self.entry(actor, id).await?;
        Ok(self.told_to_help(actor, &entry).await?)
    }

    async fn newest_failure(&self, actor: &Actor) -> Result<Option<Charge>, CallError> {
        let failed = LedgerQuery { statuses: vec![PaymentStatus::Failed], ..LedgerQuery::default() };
        let found = store::ledger(&self.database, actor, &failed, 1).await.map_err(TrackerError::from)?;
        match found.first() {
            Some(entry) => Ok(Some(self.told_to_help(actor, entry).await?)),
            None => Ok(None),
        }
    }

    async fn mark_paid(&self, actor: &Actor, id: PaymentId) -> Result<Charge, CallError> {
        let paid = PaymentChange { status: Some(PaymentStatus::Paid), ..PaymentChange::default() };
        let tags = IfMatch::default();
        let entry = self.change_payment(actor, id, SeenPayment::Tags(&tags), &paid).await?;
        Ok(self.told_to_help(actor, &entry).await?)
    }

    async fn reckoning(&self, actor: &Actor, id: SubscriptionId) -> Result<Reckoning, CallError> {
        let (subscription, today) = self.read(actor, id).await?;
        Ok(Reckoning {
            subscription: id,
            name: subscription.name.to_string(),
            status: subscription.status,
            price: subscription.price_on(today),
            anchor: subscription.first_charge_on,
            cycle: subscription.cycle,
            next_charge_on: subscription.next_charge_on(),
        })
    }
}
