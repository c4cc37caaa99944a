//! The keys that sign access tokens: made, followed by others, forgotten.

use std::{
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use kernel::SigningKeyId;
use platform::{
    db::{Batch, Database},
    system::random_bytes,
};

use super::Auth;
use crate::{
    AuthError,
    domain::keys::{self, Aged},
    store::{self, KeptKey},
    tokens::Ring,
};

/// How often a token that names an unknown key makes us look for it: tokens that somebody made up must not make us
/// ask the database all the time.
const LOOK: Duration = Duration::from_secs(1);

/// The keys that there are; the first is made on the first start.
pub(super) async fn open(database: &Database, now: Timestamp, issuer: &str) -> Result<Ring, AuthError> {
    if store::signing_keys(database).await?.is_empty() {
        // Every first key has the same id, so that of several processes that start at once one makes it.
        let first = SigningKeyId::from_uuid(uuid::Uuid::from_u128(1));
        let mut batch = Batch::new();
        store::insert_signing_key(&mut batch, &made(first, now)?, None);
        database.apply(batch).await?;
    }
    let kept = store::signing_keys(database).await?;
    if kept.is_empty() {
        return Err(AuthError::internal("the signing key that was just made is gone"));
    }
    Ring::new(issuer, &kept)
}

fn made(id: SigningKeyId, now: Timestamp) -> Result<KeptKey, AuthError> {
    let secret = random_bytes::<32>().map_err(AuthError::internal)?;
    Ok(KeptKey { aged: Aged { id, made_at: now }, secret: secret.to_vec() })
}

impl Auth {
    /// The keys that are known in this process.
    pub(crate) fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    async fn reload_keys(&self) -> Result<(), AuthError> {
        let ring = Ring::new(&self.public_url, &store::signing_keys(&self.database).await?)?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(())
    }

    /// Makes the next key when it is due, forgets those that nothing good was signed by, and learns what other
    /// processes made.
    pub(crate) async fn turn_keys(&self) -> Result<(), AuthError> {
        let now = self.now();
        let ages: Vec<Aged> =
            store::signing_keys(&self.database).await?.iter().map(|kept| kept.aged).collect();
        let mut batch = Batch::new();
        if let Some(newest) = keys::due(&ages, now, self.settings.signing_key.duration()) {
            store::insert_signing_key(&mut batch, &made(self.ids.next(), now)?, Some(newest));
            tracing::info!(follows = %newest, "another key is made to sign access tokens");
        }
        for id in keys::spent(&ages, now, self.settings.access_token.duration()) {
            store::delete_signing_key(&mut batch, id);
        }
        self.database.apply(batch).await?;
        self.reload_keys().await
    }

    /// Looks for a key that a token names, unless that was just done.
    pub(super) async fn look_for_key(&self) -> Result<bool, AuthError> {
        let asked = Instant::now();
        {
            let mut last = self.looked_for_key.lock().unwrap_or_else(PoisonError::into_inner);
            if last.is_some_and(|last| asked.duration_since(last) < LOOK) {
                return Ok(false);
            }
            *last = Some(asked);
        }
        self.reload_keys().await?;
        Ok(true)
    }
}
