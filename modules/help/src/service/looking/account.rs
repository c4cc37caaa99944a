//! By what somebody logs in, and what they would leave behind.

use kernel::Actor;

use super::{Seen, ask, count};
use crate::{
    domain::{Fact, Session},
    service::Guide,
};

impl Guide {
    pub(super) async fn look_at_ways_in(&self, actor: &Actor, session: &mut Session) -> Seen {
        let found = ask(self.log_ins.ways_in(actor)).await?;
        let facts = &mut session.facts;
        facts.keep("codes", Fact::Count(found.recovery_codes));
        facts.keep("passkeys", count(found.passkeys));
        facts.keep("providers", count(found.providers));
        facts.keep("others", count(found.others));
        let elsewhere = found.passkeys + found.providers > 0;
        Ok(match (found.app, elsewhere) {
            (true, false) if found.recovery_codes == 0 => "app_bare",
            (true, _) => "app",
            (false, true) => "passkeys",
            (false, false) if found.mails => "password",
            (false, false) => "unmailed",
        })
    }

    pub(super) async fn look_at_leaving(&self, actor: &Actor, session: &mut Session) -> Seen {
        let homes = ask(self.users.households(actor.user)).await?;
        let own = actor.user.own_household();
        let members = ask(self.users.members(own)).await?;
        let others = members
            .iter()
            .filter(|member| member.left_at.is_none())
            .filter(|member| member.user.is_some_and(|user| user != actor.user))
            .count();
        let elsewhere = homes.iter().filter(|home| home.household != own).count();
        session.facts.keep("people", count(others));
        session.facts.keep("households", count(elsewhere));
        Ok(match (others, elsewhere) {
            (0, 0) => "alone",
            (0, _) => "guest",
            (_, _) => "others",
        })
    }
}
