//! How often somebody may ask. Each limit is a bucket ([`platform::quota`]); this process counts in [`memory`], and together
//! with others in Redis ([`shared`]) where there is one.
//!
//! What Redis answers is kept here too. So when it is gone, slow or flushed, limits go on from where they were, and
//! who is beyond theirs is refused without asking it.

mod ask;
mod fields;
mod memory;
mod shared;
#[cfg(test)]
mod tests;

use std::{net::IpAddr, sync::Arc, time::Instant};

use http::Method;
use kernel::Actor;
use platform::{
    module::Nature,
    quota::{Decision, Limit},
    redis::Redis,
};

use ask::{Ask, Name, number};
use memory::Memory;
use shared::Shared;

pub(crate) use fields::Refused;
pub(crate) use fields::Standing;

platform::settings! {
    "limits",
    /// How often somebody may ask; a home never meets these. Each is a number in a length of time, or off.
    pub struct LimitSettings {
        /// All requests together.
        system: Limit = "3000000/1m",
        /// From one address (of IPv6: one network of 64 bits).
        address: Limit = "1000000/1m",
        /// By one user.
        user: Limit = "1000000/1m",
        /// With one log-in or API key.
        key: Limit = "1000000/1m",
        /// Log-ins from one address.
        log_in: Limit = "120/1m",
        /// New accounts from one address.
        sign_up: Limit = "300/1h",
        /// Passwords forgotten and set anew from one address.
        reset: Limit = "60/1h",
        /// Sentences that one user has read.
        messages: Limit = "6000/1m",
        /// What one module asks of another, in this process.
        modules: Limit = "3000000/1m",
        /// How many addresses, users and keys a process remembers the counts of; each takes 16 bytes.
        memory: u32 = "65536",
    }
}

impl LimitSettings {
    /// What one module may ask of another.
    pub fn between_modules(&self) -> Limit {
        self.modules
    }
}

/// The limits of this process.
pub(crate) struct Limits {
    settings: LimitSettings,
    begun: Instant,
    memory: Memory,
    shared: Option<Shared>,
}

/// At most so many limits are asked at once.
type Asks = [Option<Ask>; 3];

impl Limits {
    pub(crate) fn new(settings: LimitSettings, redis: Option<Arc<Redis>>) -> Self {
        let entries = usize::try_from(settings.memory).unwrap_or(usize::MAX);
        Self { begun: Instant::now(), memory: Memory::new(entries), shared: redis.map(Shared::new), settings }
    }

    /// Before it is known who asks.
    pub(crate) async fn of_address(
        &self,
        address: IpAddr,
        method: &Method,
        nature: Option<Nature>,
    ) -> Result<Option<Standing>, Refused> {
        let whose = number(address);
        let strict = match nature {
            _ if method.is_safe() => None,
            Some(Nature::LogIn) => ask(Name::LogIn, whose, self.settings.log_in),
            Some(Nature::SignUp) => ask(Name::SignUp, whose, self.settings.sign_up),
            Some(Nature::Reset) => ask(Name::Reset, whose, self.settings.reset),
            Some(Nature::Words | Nature::Forwarding | Nature::Bulk | Nature::Payment) | None => None,
        };
        let address = ask(Name::Address, whose, self.settings.address);
        // The narrowest first: who is refused by it takes nothing of what everybody shares.
        self.take([strict, address, ask(Name::System, 0, self.settings.system)]).await
    }

    /// Once it is known.
    pub(crate) async fn of_actor(
        &self,
        actor: &Actor,
        method: &Method,
        nature: Option<Nature>,
    ) -> Result<Option<Standing>, Refused> {
        let (user, key) = (actor.user.uuid().as_u128(), actor.session.uuid().as_u128());
        let words = matches!(nature, Some(Nature::Words | Nature::Forwarding)) && !method.is_safe();
        let messages = if words { ask(Name::Messages, user, self.settings.messages) } else { None };
        let key = ask(Name::Key, key, self.settings.key);
        self.take([messages, key, ask(Name::User, user, self.settings.user)]).await
    }

    async fn take(&self, asks: Asks) -> Result<Option<Standing>, Refused> {
        let now = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        match &self.shared {
            None => judge(asks.iter().flatten().map(|ask| (*ask, self.memory.take(ask, now)))),
            Some(shared) => self.take_together(shared, asks, now).await,
        }
    }

    async fn take_together(
        &self,
        shared: &Shared,
        asks: Asks,
        now: u64,
    ) -> Result<Option<Standing>, Refused> {
        // What is known here is known there, or was before it was flushed.
        judge(asks.iter().flatten().map(|ask| (*ask, self.memory.look(ask, now))))?;
        let asks: Vec<Ask> = asks.into_iter().flatten().collect();
        if asks.is_empty() {
            return Ok(None);
        }
        let Ok(decided) = shared.take(&asks, None).await else {
            metrics::counter!("perennial_limits_alone_total").increment(1);
            return judge(asks.into_iter().map(|ask| (ask, self.memory.take(&ask, now))));
        };
        for (ask, decision) in asks.iter().zip(&decided) {
            self.memory.learn(ask, now, decision.backlog);
        }
        judge(asks.into_iter().zip(decided))
    }
}

fn ask(name: Name, whose: u128, limit: Limit) -> Option<Ask> {
    limit.0.map(|quota| Ask { name, whose, quota })
}

/// The first that refuses, else the one that is nearest to it. Of the system's nobody is told how full it is.
fn judge(decisions: impl Iterator<Item = (Ask, Decision)>) -> Result<Option<Standing>, Refused> {
    let mut tightest: Option<Standing> = None;
    for (ask, decision) in decisions {
        let standing = Standing { name: ask.name, decision };
        if !decision.allowed {
            metrics::counter!("perennial_limited_total", "limit" => ask.name.as_str()).increment(1);
            return Err(Refused(standing));
        }
        if ask.name != Name::System && tightest.is_none_or(|other| decision.is_tighter_than(other.decision)) {
            tightest = Some(standing);
        }
    }
    Ok(tightest)
}

#[cfg(test)]
fn quota(text: &str) -> platform::quota::Quota {
    use platform::settings::Setting;
    let Limit(quota) = Limit::read(&platform::settings::TomlValue::String(text.into())).unwrap();
    quota.unwrap()
}
