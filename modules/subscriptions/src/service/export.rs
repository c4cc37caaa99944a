//! Everything, to be taken elsewhere.

use jiff::civil::Date;
use kernel::{Actor, SubscriptionId};
use std::collections::HashMap;

use super::Tracker;
use crate::{
    domain::{
        Payment, Subscription,
        export::{self, Document},
    },
    error::TrackerError,
    store::{self, Recorded},
};

/// A subscription with its payments, each with the instant at which it was recorded.
pub(super) type Whole = (Subscription, Vec<(Payment, jiff::Timestamp)>);

impl Tracker {
    /// Everything of the actor's household, in the order of its ids.
    pub(crate) async fn export(&self, actor: &Actor) -> Result<Document, TrackerError> {
        Ok(Document::of(&self.sorting(actor).await?, &self.whole(actor).await?))
    }

    pub(super) async fn whole(&self, actor: &Actor) -> Result<Vec<Whole>, TrackerError> {
        let subscriptions = store::all(&self.database, actor).await?;
        let payments = store::payments_between(&self.database, actor.household, FIRST, LAST).await?;
        let mut by_subscription: HashMap<SubscriptionId, Vec<(Payment, jiff::Timestamp)>> = HashMap::new();
        for Recorded(payment, at) in payments {
            by_subscription.entry(payment.subscription).or_default().push((payment, at));
        }
        let whole = subscriptions.into_iter().map(|subscription| {
            let payments = by_subscription.remove(&subscription.id).unwrap_or_default();
            (subscription, payments)
        });
        Ok(whole.collect())
    }

    /// What is tracked, as a table for spreadsheets.
    pub(crate) async fn export_csv(&self, actor: &Actor) -> Result<String, TrackerError> {
        let household = self.household(actor.household).await?;
        let subscriptions = store::all(&self.database, actor).await?;
        Ok(export::csv(&subscriptions, &self.sorting(actor).await?, self.today(&household)))
    }
}

/// Every day that a payment may have.
const FIRST: Date = jiff::civil::date(1900, 1, 1);
const LAST: Date = jiff::civil::date(2300, 1, 1);
