//! A message or a statement tells of a charge.

use contracts::{
    CallError,
    subscriptions::{ChargeNews, Confirmation, Teller},
};
use kernel::Actor;

use crate::{
    domain::{ByHand, ChangeKind, Entry, Known, Meant, NEAR_DAYS, PaymentSource, Told},
    error::TrackerError,
    service::{TRIES, Tracker},
    store::{self, LedgerQuery},
};

/// How many of a subscription's newest payments may be meant.
const CANDIDATES: i64 = 120;

impl Tracker {
    /// Makes the payment that is told of what was told.
    pub(crate) async fn confirm(&self, actor: &Actor, news: ChargeNews) -> Result<Confirmation, CallError> {
        let entry = self.confirm_told(actor, news).await?;
        let (subscription, today) = self.read(actor, news.subscription).await?;
        Ok(Confirmation {
            payment: entry.id,
            due_on: entry.due_on,
            subscription: subscription.summary(today),
        })
    }

    async fn confirm_told(&self, actor: &Actor, news: ChargeNews) -> Result<Entry, TrackerError> {
        let told = Told {
            outcome: news.outcome,
            amount: news.amount,
            on: news.on,
            source: match news.teller {
                Teller::Message => PaymentSource::Message,
                Teller::Statement => PaymentSource::Statement,
            },
        };
        for _ in 0..TRIES {
            let Some((subscription, _, today)) = self.up_to_date(actor, news.subscription).await? else {
                continue;
            };
            let entries = self.candidates(actor, &news).await?;
            let known = Known { subscription: &subscription, entries: &entries, today };
            let found = match told.meant(known)? {
                Meant::Ahead(due_on) => {
                    let by_hand = ByHand {
                        due_on: Some(due_on),
                        extra: false,
                        paid_on: told.on,
                        amount: told.amount,
                        note: String::new(),
                        source: told.source,
                    };
                    return self.record_payment(actor, news.subscription, &by_hand).await;
                }
                Meant::Entry(entry) => entry.clone(),
            };
            let decide = |entry: &mut Entry, today| told.confirm(entry, today);
            if let Some(entry) = self.revise_entry(actor, found, ChangeKind::Confirmed, decide).await? {
                return Ok(entry);
            }
        }
        Err(TrackerError::Contended)
    }

    async fn candidates(&self, actor: &Actor, news: &ChargeNews) -> Result<Vec<Entry>, TrackerError> {
        let mut query = LedgerQuery { subscription: Some(news.subscription), ..LedgerQuery::default() };
        if let Some(on) = news.on {
            query.to = on.saturating_add(jiff::Span::new().days(NEAR_DAYS));
        }
        Ok(store::ledger(&self.database, actor, &query, CANDIDATES).await?)
    }
}
