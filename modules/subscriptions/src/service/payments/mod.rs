//! The ledger: looking at payments, entering, changing, undoing and confirming them.

mod change;
mod confirm;
mod documents;
mod record;

use std::collections::HashMap;

use kernel::{Actor, PaymentId, SubscriptionId, Zone};
use platform::http::{ETag, IfMatch};

use super::Tracker;
use crate::{
    domain::{Entry, Past, Subscription},
    error::TrackerError,
    store::{self, Document, LedgerQuery},
};

/// How much of a payment's history is shown.
const HISTORY: i64 = 50;

/// A payment with all that a page of its own shows.
#[derive(Debug)]
pub(crate) struct Ledgered {
    pub(crate) entry: Entry,
    pub(crate) subscription: Subscription,
    /// Its changes, the newest first.
    pub(crate) changes: Vec<Past>,
    pub(crate) documents: Vec<Document>,
}

/// Changes with every change of the payment.
pub(crate) fn payment_etag(entry: &Entry) -> ETag {
    ETag::of(&[&entry.version])
}

/// What somebody has seen of a payment, on which their change is based.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SeenPayment<'a> {
    /// The tags that the request of a program names, if any.
    Tags(&'a IfMatch),
    /// The version that a form was filled in for.
    Version(i64),
}

impl SeenPayment<'_> {
    fn check(self, found: &Entry) -> Result<(), TrackerError> {
        let same = match self {
            Self::Tags(tags) => tags.check(&payment_etag(found)).is_ok(),
            Self::Version(version) => version == found.version,
        };
        if same { Ok(()) } else { Err(TrackerError::Changed) }
    }
}

impl Tracker {
    /// A page of the household's payments, the newest charge date first, and one more when another page follows.
    pub(crate) async fn ledger(
        &self,
        actor: &Actor,
        query: &LedgerQuery,
        limit: u16,
    ) -> Result<Vec<Entry>, TrackerError> {
        if let Some(subscription) = query.subscription {
            let found = store::find(&self.database, actor, subscription).await?;
            found.ok_or(TrackerError::NotFound)?;
        }
        Ok(store::ledger(&self.database, actor, query, i64::from(limit) + 1).await?)
    }

    /// What the household's subscriptions are called.
    pub(crate) async fn names(&self, actor: &Actor) -> Result<HashMap<SubscriptionId, String>, TrackerError> {
        let all = store::all(&self.database, actor).await?;
        Ok(all.into_iter().map(|each| (each.id, each.name.to_string())).collect())
    }

    /// One payment.
    pub(crate) async fn entry(&self, actor: &Actor, id: PaymentId) -> Result<Entry, TrackerError> {
        store::entry(&self.database, actor, id).await?.ok_or(TrackerError::NoPayment)
    }

    /// One payment, with its subscription and what became of it.
    pub(crate) async fn ledgered(&self, actor: &Actor, id: PaymentId) -> Result<Ledgered, TrackerError> {
        let entry = self.entry(actor, id).await?;
        let (subscription, _) = self.read(actor, entry.subscription).await?;
        let changes = store::changes_of(&self.database, actor.household, id, HISTORY).await?;
        let documents = store::documents_of(&self.database, actor.household, id).await?;
        Ok(Ledgered { entry, subscription, changes, documents })
    }
}

impl Ledgered {
    /// Whether its last change can be taken back.
    pub(crate) fn can_undo(&self) -> bool {
        self.entry.clone().undo(self.changes.first()).is_ok()
    }

    /// Whether it can be taken away, because somebody entered it and it stands for no charge date that has passed.
    pub(crate) fn can_remove(&self, zone: &Zone) -> bool {
        let recorded_on = zone.date_at(self.entry.recorded_at);
        self.entry.check_removal(self.subscription.open_from, recorded_on).is_ok()
    }
}
