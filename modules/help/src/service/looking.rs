//! Checks: each looks at one thing, within a time limit, and says how it turned out. Whatever does not answer in time
//! is `away`, and the tree goes on without it.

use std::time::Duration;

use contracts::{
    CallError,
    help::{Charge, ChargeState},
    subscriptions::Status,
};
use kernel::{Actor, PaymentId, SubscriptionId};

use super::Guide;
use crate::domain::{Fact, Facts, Look, Session};

/// How long another module may take.
pub(super) const LIMIT: Duration = Duration::from_secs(2);

/// Whose it is gave no answer.
pub(super) const AWAY: &str = "away";

/// Asks another module, within the limit.
pub(super) async fn ask<T>(asked: impl Future<Output = Result<T, CallError>>) -> Result<T, CallError> {
    let late = |_| CallError::Unavailable(format!("no answer within {LIMIT:?}"));
    tokio::time::timeout(LIMIT, asked).await.map_err(late)?
}

impl Guide {
    /// How a check turns out; what it found out is kept with the session.
    pub(super) async fn look(&self, actor: &Actor, session: &mut Session, look: Look) -> &'static str {
        let turned_out = match look {
            Look::Charge => self.look_at_charge(actor, session).await,
            Look::Dates => self.look_at_dates(actor, session).await,
        };
        turned_out.unwrap_or_else(|error| match error {
            CallError::NotFound => "none",
            CallError::Invalid(_) | CallError::Conflict(_) | CallError::Unavailable(_) => {
                tracing::warn!(%error, ?look, "a check of help got no answer");
                AWAY
            }
        })
    }

    async fn look_at_charge(&self, actor: &Actor, session: &mut Session) -> Result<&'static str, CallError> {
        let found = match session.object.parse::<PaymentId>() {
            Ok(id) => Some(ask(self.charges.charge(actor, id)).await?),
            Err(_) => ask(self.charges.newest_failure(actor)).await?,
        };
        let Some(charge) = found else { return Ok("none") };
        keep_charge(&mut session.facts, &charge);
        Ok(match charge.state {
            ChargeState::Failed => "failed",
            ChargeState::Due => "due",
            ChargeState::Settled => "settled",
        })
    }

    async fn look_at_dates(&self, actor: &Actor, session: &mut Session) -> Result<&'static str, CallError> {
        let Ok(id) = session.object.parse::<SubscriptionId>() else { return Ok("none") };
        let found = ask(self.charges.reckoning(actor, id)).await?;
        let facts = &mut session.facts;
        facts.keep("name", Fact::Words(found.name));
        facts.keep("price", Fact::Amount(found.price));
        facts.keep("anchor", Fact::Day(found.anchor));
        facts.keep("subscription", Fact::Words(id.to_string()));
        let renews = matches!(found.status, Status::Trial | Status::Active);
        match (found.cycle, found.next_charge_on) {
            (Some(cycle), Some(next)) if renews => {
                facts.keep("cycle", Fact::Every(cycle));
                facts.keep("next", Fact::Day(next));
                Ok("running")
            }
            _ => Ok("halted"),
        }
    }
}

fn keep_charge(facts: &mut Facts, charge: &Charge) {
    facts.keep("name", Fact::Words(charge.name.clone()));
    facts.keep("amount", Fact::Amount(charge.amount));
    facts.keep("due", Fact::Day(charge.due_on));
    facts.keep("payment", Fact::Words(charge.payment.to_string()));
    facts.keep("subscription", Fact::Words(charge.subscription.to_string()));
}
