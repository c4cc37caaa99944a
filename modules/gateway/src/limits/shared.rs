//! What all processes count together, in Redis: the same algorithm as a script, which takes of several buckets in one
//! round trip and by the clock of that one server.

use std::sync::Arc;

use platform::{
    quota::Decision,
    redis::{Redis, RedisError, Script},
};

use super::ask::Ask;

/// Buckets that processes share.
pub(super) struct Shared {
    redis: Arc<Redis>,
    take: Script,
}

impl Shared {
    pub(super) fn new(redis: Arc<Redis>) -> Self {
        Self { redis, take: Script::new(include_str!("take.lua")) }
    }

    /// Takes one of each in turn, up to the first that has none: a decision for each that was asked. `now` is in
    /// microseconds; without it the server's own time counts.
    pub(super) async fn take(&self, asks: &[Ask], now: Option<u64>) -> Result<Vec<Decision>, RedisError> {
        let mut call = self.take.prepare_invoke();
        call.arg(now.unwrap_or(0));
        for ask in asks {
            call.key(ask.key()).arg(ask.quota.interval()).arg(ask.quota.depth());
        }
        let answers: Vec<u64> = self.redis.run(&call).await?;
        let decided = asks.iter().zip(answers.chunks_exact(2));
        Ok(decided
            .map(|(ask, answer)| Decision { allowed: answer[0] == 1, backlog: answer[1], quota: ask.quota })
            .collect())
    }
}
