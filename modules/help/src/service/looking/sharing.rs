//! Who sees something, pays it and shares it.

use kernel::Actor;

use super::{Seen, ask, count};
use crate::{
    domain::{Fact, Session},
    service::Guide,
};

impl Guide {
    pub(super) async fn look_at_sharing(&self, actor: &Actor, session: &mut Session) -> Seen {
        let Some(id) = self.subscription(actor, session).await? else { return Ok("none") };
        let found = ask(self.tracked.shared(actor, id)).await?;
        let facts = &mut session.facts;
        facts.keep("name", Fact::Words(found.name));
        facts.keep("subscription", Fact::Words(found.subscription.to_string()));
        if found.private {
            return Ok("private");
        }
        if found.members < 2 {
            return Ok("alone");
        }
        facts.keep("price", Fact::Amount(found.price));
        facts.keep("mine", Fact::Amount(found.mine));
        facts.keep("among", count(found.among));
        facts.keep("members", count(found.members));
        let Some(payer) = found.payer else { return Ok("purse") };
        facts.keep("payer", Fact::Words(payer));
        Ok(if found.among > 1 { "shared" } else { "own" })
    }
}
