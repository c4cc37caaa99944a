//! What speaks for a subscription and against it, and until when it has to be cancelled.

use contracts::{
    help::{Usage, Weighed},
    subscriptions::Status,
};
use kernel::{Actor, SubscriptionId};

use super::{Seen, ask};
use crate::{
    domain::{Fact, Facts, Session},
    service::Guide,
};

impl Guide {
    pub(super) async fn look_at_worth(&self, actor: &Actor, session: &mut Session) -> Seen {
        let Some(id) = self.subscription(actor, session).await? else { return Ok("none") };
        let found = ask(self.tracked.weighed(actor, id)).await?;
        let facts = &mut session.facts;
        keep_named(facts, &found);
        facts.keep("price", Fact::Amount(found.price));
        facts.keep("paid", Fact::Amount(found.paid));
        facts.keep("usage", Fact::Used(found.usage));
        if let (Status::Cancelled | Status::Ended, Some(ends)) = (found.status, found.ends_on) {
            facts.keep("ends", Fact::Day(ends));
            return Ok("over");
        }
        let Some((cycle, year)) = found.cycle.zip(found.a_year) else { return Ok("once") };
        facts.keep("cycle", Fact::Every(cycle));
        facts.keep("year", Fact::Amount(year));
        if found.status == Status::Paused {
            return Ok("paused");
        }
        if let Some(other) = found.alternative {
            facts.keep("other", Fact::Words(other));
            return Ok("doubled");
        }
        Ok(match found.usage {
            Usage::Rarely | Usage::Never => "seldom",
            Usage::Often | Usage::Sometimes => "used",
            Usage::Unsaid => "unsaid",
        })
    }

    pub(super) async fn look_at_notice(&self, actor: &Actor, session: &mut Session) -> Seen {
        let known = session.facts.words("subscription").and_then(|id| id.parse::<SubscriptionId>().ok());
        let Some(id) = known else { return Ok("none") };
        let found = ask(self.tracked.weighed(actor, id)).await?;
        let facts = &mut session.facts;
        keep_named(facts, &found);
        facts.keep("price", Fact::Amount(found.price));
        if let Some((by, term_ends)) = found.bound {
            facts.keep("by", Fact::Day(by));
            facts.keep("term_ends", Fact::Day(term_ends));
            return Ok("bound");
        }
        if let Some(until) = found.free_until {
            facts.keep("until", Fact::Day(until));
            return Ok("free");
        }
        let Some(next) = found.next_charge_on else { return Ok("halted") };
        facts.keep("next", Fact::Day(next));
        Ok("open")
    }
}

fn keep_named(facts: &mut Facts, weighed: &Weighed) {
    facts.keep("name", Fact::Words(weighed.name.clone()));
    facts.keep("subscription", Fact::Words(weighed.subscription.to_string()));
    facts.keep("provider", Fact::Provider(weighed.cancelled_at.clone()));
}
