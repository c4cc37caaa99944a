//! How somebody's words were read.

use contracts::help::Came;
use kernel::Actor;

use super::{Seen, ask};
use crate::{
    domain::{Fact, Session},
    service::Guide,
};

/// How much of somebody's words is shown and carried, in characters.
const SHOWN: usize = 300;

impl Guide {
    pub(super) async fn look_at_reading(&self, actor: &Actor, session: &mut Session) -> Seen {
        let message = match self.subscription(actor, session).await? {
            None => None,
            Some(id) => match ask(self.tracked.came_from(actor, id)).await? {
                Some(message) => Some(message),
                // It came from a form or a file: other words are not what is asked about.
                None => return Ok("none"),
            },
        };
        let Some(found) = ask(self.readings.read(actor, message)).await? else { return Ok("none") };
        let facts = &mut session.facts;
        facts.keep("message", Fact::Words(found.message.to_string()));
        if !found.words.is_empty() {
            facts.keep("words", Fact::Words(found.words.chars().take(SHOWN).collect()));
        }
        Ok(match found.came {
            Came::Made { subscription, name, price, cycle } => {
                facts.keep("name", Fact::Words(name));
                facts.keep("price", Fact::Amount(price));
                facts.keep("cycle", Fact::Every(cycle));
                facts.keep("subscription", Fact::Words(subscription.to_string()));
                "made"
            }
            Came::Acted { subscription, name } => {
                facts.keep("name", Fact::Words(name));
                facts.keep("subscription", Fact::Words(subscription.to_string()));
                "acted"
            }
            Came::Asked(question) => {
                facts.keep("said", Fact::Words(question));
                "asked"
            }
            Came::Refused(why) => {
                facts.keep("said", Fact::Words(why));
                "refused"
            }
        })
    }
}
