//! Redis, for what several processes count together and keep for one another. It is asked with a deadline, and only while it is known to
//! answer: where it does not, whoever asks hears so at once and goes on alone. A task of its own looks for it again, so
//! no request ever waits to find out.

use std::{
    sync::{Arc, RwLock},
    time::Duration,
};

pub use redis::Script;
use redis::{AsyncConnectionConfig, Client, FromRedisValue, aio::MultiplexedConnection};
use tokio::sync::Notify;

use crate::{lifecycle::Tasks, settings::Secret, settings::Span};

crate::settings! {
    "redis",
    /// Where several processes count together and keep figures for one another.
    pub struct RedisSettings {
        /// A Redis, redis://user:password@host:6379/0 or rediss:// over TLS, so that several processes limit as one and, on PostgreSQL, keep figures for one another. Empty: each counts and computes for itself.
        url: Secret = "",
        /// How long it may take to answer; after that each process goes on with what it knows itself.
        timeout: Span = "50ms",
    }
}

/// How often one that does not answer is looked for.
const LOOKED_FOR: Duration = Duration::from_millis(500);
/// How long connecting may take, the handshake of TLS included.
const CONNECTING: Duration = Duration::from_secs(2);
/// How often in a row it has to answer in time before it is relied on again.
const ANSWERS: usize = 3;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedisError {
    /// It is known to be away. Nothing was sent.
    #[error("Redis is away")]
    Away,
    /// It was asked and did not answer as it should. It may have done what it was asked.
    #[error("Redis: {0}")]
    Failed(String),
}

/// A Redis that may come and go.
#[derive(Debug)]
pub struct Redis {
    client: Client,
    timeout: Duration,
    current: RwLock<Option<MultiplexedConnection>>,
    lost: Notify,
}

impl Redis {
    /// Begins to look for it; `None` where there is none in the settings.
    ///
    /// # Errors
    /// When the address is none.
    pub async fn start(settings: &RedisSettings, tasks: &Tasks) -> Result<Option<Arc<Self>>, RedisError> {
        if settings.url.expose().is_empty() {
            return Ok(None);
        }
        let client = Client::open(settings.url.expose()).map_err(failed)?;
        let timeout = settings.timeout.duration();
        let redis = Arc::new(Self { client, timeout, current: RwLock::default(), lost: Notify::new() });
        // The first requests should find it, where it is there.
        redis.look().await;
        let (looking, draining) = (Arc::clone(&redis), tasks.draining());
        tasks.spawn("redis.watch", async move {
            draining.run_until_cancelled(looking.watch()).await;
        });
        Ok(Some(redis))
    }

    /// Whether it is known to answer.
    pub fn is_there(&self) -> bool {
        self.current.read().is_ok_and(|current| current.is_some())
    }

    /// What a script answers.
    ///
    /// # Errors
    /// [`RedisError`]: at once where Redis is known to be away, else after the deadline at the latest.
    pub async fn run<T: FromRedisValue>(
        &self,
        script: &redis::ScriptInvocation<'_>,
    ) -> Result<T, RedisError> {
        let mut connection = self.connection()?;
        self.in_time(script.invoke_async(&mut connection)).await
    }

    /// What is kept under a key; `None` where nothing is, or nothing any more.
    ///
    /// # Errors
    /// As of [`run`](Self::run).
    pub async fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, RedisError> {
        let mut connection = self.connection()?;
        self.in_time(redis::cmd("GET").arg(key).query_async(&mut connection)).await
    }

    /// Keeps something under a key for a while.
    ///
    /// # Errors
    /// As of [`run`](Self::run).
    pub async fn keep(&self, key: &[u8], value: &[u8], time: Duration) -> Result<(), RedisError> {
        let mut connection = self.connection()?;
        let mut set = redis::cmd("SET");
        set.arg(key).arg(value).arg("PX").arg(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        self.in_time(set.query_async(&mut connection)).await
    }

    fn connection(&self) -> Result<MultiplexedConnection, RedisError> {
        let current = self.current.read().map(|current| current.clone()).unwrap_or_default();
        current.ok_or(RedisError::Away)
    }

    async fn in_time<T>(&self, asked: impl Future<Output = redis::RedisResult<T>>) -> Result<T, RedisError> {
        match tokio::time::timeout(self.timeout, asked).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.lose(failed(error))),
            Err(_) => Err(self.lose(RedisError::Failed("it did not answer in time".into()))),
        }
    }

    fn lose(&self, error: RedisError) -> RedisError {
        let had = self.current.write().is_ok_and(|mut current| current.take().is_some());
        // Of all who asked at the same time one tells.
        if had {
            tracing::warn!(%error, "Redis does not answer: each process counts for itself until it does");
            self.lost.notify_one();
        }
        error
    }

    async fn watch(&self) {
        loop {
            metrics::gauge!("perennial_redis_up").set(if self.is_there() { 1.0 } else { 0.0 });
            if self.is_there() {
                self.lost.notified().await;
            } else {
                tokio::time::sleep(LOOKED_FOR).await;
                self.look().await;
            }
        }
    }

    /// Connects, and relies on it when it answers in time.
    async fn look(&self) {
        let Ok(mut connection) = self.connect().await else { return };
        for _ in 0..ANSWERS {
            let asked = redis::cmd("PING");
            let answer =
                tokio::time::timeout(self.timeout, asked.query_async::<String>(&mut connection)).await;
            if !matches!(answer, Ok(Ok(_))) {
                return;
            }
        }
        tracing::info!("Redis answers: processes count together");
        if let Ok(mut current) = self.current.write() {
            *current = Some(connection);
        }
    }

    async fn connect(&self) -> Result<MultiplexedConnection, RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECTING))
            .set_response_timeout(Some(CONNECTING));
        let connected = self.client.get_multiplexed_async_connection_with_config(&config);
        let connected = tokio::time::timeout(CONNECTING, connected).await;
        connected.map_err(|_| RedisError::Failed("it cannot be reached in time".into()))?.map_err(failed)
    }
}

/// What was met, without the address: it holds a password.
#[expect(clippy::needless_pass_by_value, reason = "it is what errors are mapped with")]
fn failed(error: redis::RedisError) -> RedisError {
    RedisError::Failed(error.to_string())
}
