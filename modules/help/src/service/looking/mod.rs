//! Checks: each looks at one thing, within a time limit, and says how it turned out. Whatever does not answer in time
//! is `away`, and the tree goes on without it.

mod account;
mod charges;
mod figures;
mod imports;
mod keeping;
mod prices;
mod reminders;
mod sharing;
mod words;

use std::time::Duration;

use contracts::CallError;
use kernel::{Actor, PaymentId, SubscriptionId};

pub(super) use imports::keep_import;
pub(super) use prices::keep_price;

use super::Guide;
use crate::domain::{Fact, Look, Session};

/// How long another module may take.
pub(super) const LIMIT: Duration = Duration::from_secs(2);

/// How long it may take where much is made or taken back as a whole: that is not to be left halfway.
const LONG_LIMIT: Duration = Duration::from_secs(12);

/// Whose it is gave no answer.
pub(super) const AWAY: &str = "away";

/// How a check turned out, or why nothing was seen.
type Seen = Result<&'static str, CallError>;

/// Asks another module, within the limit.
pub(super) async fn ask<T>(asked: impl Future<Output = Result<T, CallError>>) -> Result<T, CallError> {
    within(LIMIT, asked).await
}

/// Has another module do much, within the longer limit.
pub(super) async fn have<T>(done: impl Future<Output = Result<T, CallError>>) -> Result<T, CallError> {
    within(LONG_LIMIT, done).await
}

async fn within<T>(
    limit: Duration,
    asked: impl Future<Output = Result<T, CallError>>,
) -> Result<T, CallError> {
    let late = |_| CallError::Unavailable(format!("no answer within {limit:?}"));
    tokio::time::timeout(limit, asked).await.map_err(late)?
}

/// How many, as a fact.
fn count(of: usize) -> Fact {
    Fact::Count(i64::try_from(of).unwrap_or(i64::MAX))
}

impl Guide {
    /// The subscription that help was asked for from: itself, or a payment of it.
    async fn subscription(
        &self,
        actor: &Actor,
        session: &Session,
    ) -> Result<Option<SubscriptionId>, CallError> {
        if let Ok(id) = session.object.parse() {
            return Ok(Some(id));
        }
        match session.object.parse::<PaymentId>() {
            Ok(payment) => Ok(Some(ask(self.tracked.charge(actor, payment)).await?.subscription)),
            Err(_) => Ok(None),
        }
    }

    /// How a check turns out; what it found out is kept with the session.
    pub(super) async fn look(&self, actor: &Actor, session: &mut Session, look: Look) -> &'static str {
        let turned_out = match look {
            Look::Charge => self.look_at_charge(actor, session).await,
            Look::Dates => self.look_at_dates(actor, session).await,
            Look::Reminder => self.look_at_reminder(actor, session).await,
            Look::Delivery => self.look_at_delivery(actor, session).await,
            Look::Price => self.look_at_price(actor, session).await,
            Look::Total => self.look_at_total(actor, session).await,
            Look::Rhythm => self.look_at_rhythm(actor, session).await,
            Look::Freshness => self.look_at_freshness(actor, session).await,
            Look::Import => self.look_at_import(actor, session).await,
            Look::Sharing => self.look_at_sharing(actor, session).await,
            Look::Worth => self.look_at_worth(actor, session).await,
            Look::Notice => self.look_at_notice(actor, session).await,
            Look::Reading => self.look_at_reading(actor, session).await,
            Look::WaysIn => self.look_at_ways_in(actor, session).await,
            Look::Leaving => self.look_at_leaving(actor, session).await,
        };
        turned_out.unwrap_or_else(|error| match error {
            CallError::NotFound => "none",
            CallError::Invalid(_) | CallError::Conflict(_) | CallError::Unavailable(_) => {
                tracing::warn!(%error, ?look, "a check of help got no answer");
                AWAY
            }
        })
    }
}
