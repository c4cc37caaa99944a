//! What something costs, how that is converted, and how often.

use contracts::help::{Priced, Shown};
use kernel::{Actor, Money, Unit};

use super::{Seen, ask};
use crate::{
    domain::{Fact, Facts, Session},
    service::Guide,
};

/// How old the bank's rates are on a long weekend, in days; older ones are pointed out.
const FRESH_DAYS: i32 = 5;

impl Guide {
    pub(super) async fn look_at_price(&self, actor: &Actor, session: &mut Session) -> Seen {
        let Some(id) = self.subscription(actor, session).await? else { return Ok("none") };
        let found = ask(self.tracked.priced(actor, id)).await?;
        let facts = &mut session.facts;
        keep_price(facts, &found);
        if let Some(until) = found.free_until {
            facts.keep("until", Fact::Day(until));
            return Ok("free");
        }
        if found.cycle.is_none() {
            return Ok("once");
        }
        facts.keep("home", Fact::Words(found.home.code().into()));
        Ok(match found.shown {
            Shown::AsItIs => "home",
            Shown::Unconverted => {
                facts.keep("currency", Fact::Words(found.price.currency().code().into()));
                "missing"
            }
            Shown::Converted { amount, rate, on, by_hand, age_days } => {
                facts.keep("shown", Fact::Amount(amount));
                facts.keep("rate", Fact::Words(rate));
                facts.keep("rate_on", Fact::Day(on));
                match (by_hand, age_days > FRESH_DAYS) {
                    (true, _) => "own",
                    (false, false) => "converted",
                    (false, true) => {
                        facts.keep("age", Fact::Count(age_days.into()));
                        "old"
                    }
                }
            }
        })
    }

    pub(super) async fn look_at_total(&self, actor: &Actor, session: &mut Session) -> Seen {
        let found = ask(self.tracked.totalled(actor)).await?;
        let facts = &mut session.facts;
        facts.keep("total", Fact::Amount(found.per_month));
        facts.keep("left_out", Fact::Count(i64::try_from(found.left_out).unwrap_or(i64::MAX)));
        let beside = found.unconverted.iter().max_by_key(|amount: &&Money| amount.minor());
        if let Some(beside) = beside {
            facts.keep("beside", Fact::Amount(*beside));
            facts.keep("currency", Fact::Words(beside.currency().code().into()));
            facts.keep("home", Fact::Words(found.per_month.currency().code().into()));
            return Ok("missing");
        }
        let Some((on, age)) = found.rates.filter(|_| found.converted) else { return Ok("home") };
        facts.keep("rate_on", Fact::Day(on));
        if age <= FRESH_DAYS {
            return Ok("converted");
        }
        facts.keep("age", Fact::Count(age.into()));
        Ok("old")
    }

    pub(super) async fn look_at_rhythm(&self, actor: &Actor, session: &mut Session) -> Seen {
        let Some(id) = self.subscription(actor, session).await? else { return Ok("none") };
        let found = ask(self.tracked.priced(actor, id)).await?;
        let facts = &mut session.facts;
        keep_price(facts, &found);
        let Some(cycle) = found.cycle else { return Ok("once") };
        let Some(next) = found.next_charge_on else { return Ok("halted") };
        facts.keep("next", Fact::Day(next));
        Ok(match (cycle.every(), cycle.unit()) {
            (1, Unit::Month) => "monthly",
            (1, Unit::Year) => "yearly",
            (_, Unit::Day | Unit::Week | Unit::Month | Unit::Year) => "other",
        })
    }
}

/// Keeps what a price is and comes to.
pub(in crate::service) fn keep_price(facts: &mut Facts, priced: &Priced) {
    facts.keep("name", Fact::Words(priced.name.clone()));
    facts.keep("price", Fact::Amount(priced.price));
    facts.keep("subscription", Fact::Words(priced.subscription.to_string()));
    if let Some((cycle, (month, year))) = priced.cycle.zip(priced.equivalents) {
        facts.keep("cycle", Fact::Every(cycle));
        facts.keep("month", Fact::Amount(month));
        facts.keep("year", Fact::Amount(year));
    }
}
