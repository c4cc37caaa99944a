//! Figures that processes share: an answer that took long to compute is kept in Redis as well, under what it was computed
//! from. After a change it is looked for under another key, so nothing has to be taken back there, and whatever Redis has
//! forgotten is computed. What is kept there is sealed, and bound to its key.

use std::{sync::Arc, time::Duration};

use axum::{body::Bytes, http::HeaderValue};
use platform::{redis::Redis, sealing::Sealing};
use sha2::{Digest, Sha256};

use super::{Asked, Kept, basis::Basis};

/// Routes whose answers may take long: to ask Redis for others costs what computing them does.
const ROUTES: [&str; 6] = [
    "/v1/analytics/forecast",
    "/v1/analytics/insights",
    "/v1/analytics/spending",
    "/v1/budgets",
    "/v1/calendar",
    "/v1/dashboard",
];
/// An answer that was computed faster than this is not worth the way.
const WORTH: Duration = Duration::from_millis(3);
/// How long an answer is kept there at least; up to half as long again, so that not all of a morning's go at once.
const KEPT_FOR: Duration = Duration::from_secs(600);

/// Where processes keep figures for one another.
pub struct Shared {
    redis: Arc<Redis>,
    sealing: Sealing,
    /// How long it must have taken to compute what is kept.
    worth: Duration,
}

/// Who asks for what, and from what it is computed.
pub(super) struct Key([u8; 32]);

impl Key {
    fn bytes(&self) -> Vec<u8> {
        [b"perennial:answer:".as_slice(), &self.0].concat()
    }

    fn kept_for(&self) -> Duration {
        KEPT_FOR + KEPT_FOR * u32::from(self.0[0]) / 512
    }
}

impl Shared {
    /// In a Redis, sealed with a key of the installation.
    pub fn new(redis: Arc<Redis>, sealing: Sealing) -> Self {
        Self { redis, sealing, worth: WORTH }
    }

    /// The same, for answers that took no time.
    #[cfg(test)]
    pub(crate) fn of_everything(redis: Arc<Redis>, sealing: Sealing) -> Self {
        Self { redis, sealing, worth: Duration::ZERO }
    }

    /// Under what an answer is looked for; none where that is not worth it.
    pub(super) fn key(asked: &Asked, basis: &Basis) -> Option<Key> {
        let path = asked.target.split_once('?').map_or(&*asked.target, |(path, _)| path);
        ROUTES.binary_search(&path).ok()?;
        let Asked { user, household, member, access, target } = asked;
        let mut hash = Sha256::new();
        hash.update(env!("CARGO_PKG_VERSION"));
        hash.update(format!("\0{user}\0{household}\0{member}\0{access:?}\0{target}\0"));
        hash.update(basis.told()?);
        Some(Key(hash.finalize().into()))
    }

    /// What a process has kept under a key.
    pub(super) async fn find(&self, key: &Key, basis: &Basis) -> Option<Kept> {
        let sealed = self.redis.get(&key.bytes()).await.ok()??;
        // What does not open was sealed by an installation of another key, or is no answer at all.
        let opened = Bytes::from(self.sealing.open(&key.0, &sealed).ok()?);
        let mut lines = opened.splitn(3, |byte| *byte == b'\n');
        let (kind, tag, body) = (lines.next()?, lines.next()?, lines.next()?);
        let (kind, tag) = (HeaderValue::from_bytes(kind).ok()?, HeaderValue::from_bytes(tag).ok()?);
        Some(Kept { basis: basis.clone(), kind, tag, body: opened.slice_ref(body) })
    }

    /// Keeps what took so long to compute.
    pub(super) async fn keep(&self, key: &Key, kept: &Kept, took: Duration) {
        if took < self.worth {
            return;
        }
        let plain = [kept.kind.as_bytes(), kept.tag.as_bytes(), &kept.body].join(&b'\n');
        if let Ok(sealed) = self.sealing.seal(&key.0, &plain) {
            // Where it is not kept, others compute it.
            let _ = self.redis.keep(&key.bytes(), &sealed, key.kept_for()).await;
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn routes_are_in_order_so_that_they_are_found() {
        assert!(super::ROUTES.is_sorted());
    }
}
