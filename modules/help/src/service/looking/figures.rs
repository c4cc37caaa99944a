//! Whether what is shown is what there is.

use kernel::Actor;

use super::{Seen, ask, count};
use crate::{
    domain::{Fact, Session},
    service::Guide,
};

impl Guide {
    pub(super) async fn look_at_freshness(&self, actor: &Actor, session: &mut Session) -> Seen {
        let found = ask(self.tracked.freshness(actor)).await?;
        let facts = &mut session.facts;
        facts.keep("total", Fact::Amount(found.per_month));
        facts.keep("on", Fact::Day(found.now.date()));
        facts.keep("at", Fact::Clock(found.now.time()));
        facts.keep("zone", Fact::Words(found.zone));
        if found.overdue > 0 {
            facts.keep("overdue", count(found.overdue));
            return Ok("behind");
        }
        Ok(if found.stale { "stale" } else { "fresh" })
    }
}
