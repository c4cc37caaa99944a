//! Charges, and from what dates are computed.

use contracts::{
    help::{Charge, ChargeState},
    subscriptions::Status,
};
use kernel::{Actor, PaymentId};

use super::{Seen, ask};
use crate::{
    domain::{Fact, Facts, Session},
    service::Guide,
};

impl Guide {
    pub(super) async fn look_at_charge(&self, actor: &Actor, session: &mut Session) -> Seen {
        let found = match session.object.parse::<PaymentId>() {
            Ok(id) => Some(ask(self.tracked.charge(actor, id)).await?),
            Err(_) => ask(self.tracked.newest_failure(actor)).await?,
        };
        let Some(charge) = found else { return Ok("none") };
        keep_charge(&mut session.facts, &charge);
        Ok(match charge.state {
            ChargeState::Failed => "failed",
            ChargeState::Due => "due",
            ChargeState::Settled => "settled",
        })
    }

    pub(super) async fn look_at_dates(&self, actor: &Actor, session: &mut Session) -> Seen {
        let Some(id) = self.subscription(actor, session).await? else { return Ok("none") };
        let found = ask(self.tracked.reckoning(actor, id)).await?;
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
