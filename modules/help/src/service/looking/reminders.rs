//! Reminders: whether there was something to be told, and what became of it on its way.

use contracts::{
    help::{Muted, Trace, Traced, WayState},
    subscriptions::Status,
};
use jiff::civil::DateTime;
use kernel::{Actor, ReminderId};

use super::{Seen, ask};
use crate::{
    domain::{Fact, Facts, Session},
    service::Guide,
};

impl Guide {
    pub(super) async fn look_at_reminder(&self, actor: &Actor, session: &mut Session) -> Seen {
        let asked = self.subscription(actor, session).await?;
        let found = ask(self.tracked.reminded(actor, asked)).await?;
        let facts = &mut session.facts;
        if let Some(of) = &found.of {
            facts.keep("name", Fact::Words(of.name.clone()));
            facts.keep("subscription", Fact::Words(of.subscription.to_string()));
            if !of.is_told_to_actor {
                return Ok("others");
            }
            match of.status {
                Status::Paused => return Ok("paused"),
                Status::Cancelled | Status::Ended => return Ok("over"),
                Status::Trial | Status::Active => {}
            }
        }
        if found.never {
            let own = found.of.is_some_and(|of| of.has_own_days);
            return Ok(if own { "never_own" } else { "never" });
        }
        if let Some(newest) = found.newest {
            facts.keep("name", Fact::Words(newest.name));
            facts.keep("kind", Fact::Reminder(newest.kind));
            facts.keep("about", Fact::Day(newest.about_on));
            facts.keep("reminder", Fact::Words(newest.reminder.to_string()));
            facts.keep("subscription", Fact::Words(newest.subscription.to_string()));
            keep_moment(facts, "on", "at", newest.at);
            return Ok(if newest.told { "told" } else { "left_out" });
        }
        let Some(next) = found.next else { return Ok("nothing") };
        facts.keep("name", Fact::Words(next.name));
        facts.keep("subscription", Fact::Words(next.subscription.to_string()));
        keep_moment(facts, "next", "at", next.at);
        Ok("planned")
    }

    pub(super) async fn look_at_delivery(&self, actor: &Actor, session: &mut Session) -> Seen {
        let facts = &mut session.facts;
        let reminder = facts.words("reminder").and_then(|id| id.parse::<ReminderId>().ok());
        let Some((reminder, kind)) = reminder.zip(facts.reminder("kind")) else { return Ok("none") };
        let Some(trace) = ask(self.deliveries.trace(actor, reminder, kind)).await? else { return Ok("none") };
        facts.keep("notification", Fact::Words(trace.notification.to_string()));
        Ok(match trace.muted {
            Some(Muted::Household) => "muted_household",
            Some(Muted::Subscription) => "muted",
            None => came_to(facts, trace),
        })
    }
}

fn keep_moment(facts: &mut Facts, day: &str, time: &str, at: DateTime) {
    facts.keep(day, Fact::Day(at.date()));
    facts.keep(time, Fact::Clock(at.time()));
}

/// How much there is to say of a way: what is broken before what waits, that before what was chosen, and last what has
/// arrived.
const fn rank(state: &WayState) -> u8 {
    match state {
        WayState::Broken(_) => 0,
        WayState::Failed(_) => 1,
        WayState::Trying(..) => 2,
        WayState::Quiet(_) => 3,
        WayState::Digest(_) => 4,
        WayState::KindOff => 5,
        WayState::Off => 6,
        WayState::Left(_) => 7,
        WayState::Waiting => 8,
        WayState::Arrived(_) => 9,
    }
}

/// What became of a notification, by the channel of which there is most to say.
fn came_to(facts: &mut Facts, trace: Trace) -> &'static str {
    let told = trace.ways.into_iter().min_by_key(|way| rank(&way.state));
    let Some(Traced { channel, name, state }) = told else { return "inbox" };
    facts.keep("channel", Fact::Words(name));
    facts.keep("channel_id", Fact::Words(channel.to_string()));
    let mut said = |words| facts.keep("said", Fact::Words(words));
    match state {
        WayState::Broken(words) => {
            said(words);
            "broken"
        }
        WayState::Failed(words) => {
            said(words);
            "failed"
        }
        WayState::Left(words) => {
            said(words);
            "left"
        }
        WayState::Trying(words, again) => {
            said(words);
            keep_moment(facts, "until_on", "until_at", again);
            "trying"
        }
        WayState::Quiet(until) => {
            keep_moment(facts, "until_on", "until_at", until);
            "quiet"
        }
        WayState::Digest(until) => {
            keep_moment(facts, "until_on", "until_at", until);
            "digest"
        }
        WayState::Arrived(at) => {
            keep_moment(facts, "arrived_on", "arrived_at", at);
            "arrived"
        }
        WayState::KindOff => "kind_off",
        WayState::Off => "off",
        WayState::Waiting => "waiting",
    }
}
