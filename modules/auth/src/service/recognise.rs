//! Who bears a token or holds a cookie: what the door asks with every request.

use async_trait::async_trait;
use contracts::{CallError, auth::Authentication};
use jiff::Timestamp;
use kernel::{Actor, ApiKeyId, Scope, SessionId, UserId};

use super::{Auth, PREFIX, SERVICE_PREFIX};
use crate::{
    AuthError,
    store::{self, SessionKind},
    tokens::{Bearer, Read, hash_of},
};

/// How many sessions can wait to be written down as seen; of more, some are not.
const SEEN: usize = 50_000;

impl Auth {
    fn recognised(&self, key: &[u8], now: Timestamp) -> Option<Actor> {
        self.recognised.get(key).filter(|(_, until)| now < *until).map(|(actor, _)| actor)
    }

    async fn read_token(&self, token: &str, now: Timestamp) -> Result<Option<Bearer>, AuthError> {
        match self.ring().read(token, now) {
            Read::Good(bearer) => Ok(Some(bearer)),
            // Another process may have made it since we looked.
            Read::UnknownKey if self.look_for_key().await? => match self.ring().read(token, now) {
                Read::Good(bearer) => Ok(Some(bearer)),
                Read::UnknownKey | Read::Bad => Ok(None),
            },
            Read::UnknownKey | Read::Bad => Ok(None),
        }
    }

    async fn by_bearer(&self, token: &str, now: Timestamp) -> Result<Option<(Actor, Timestamp)>, AuthError> {
        let Some(bearer) = self.read_token(token, now).await? else { return Ok(None) };
        let role = store::role_of_session(&self.database, bearer.user, bearer.session, now).await?;
        Ok(role.map(|role| (Actor::at_home(bearer.user, role, bearer.session), bearer.until)))
    }

    async fn by_cookie(&self, token: &str, now: Timestamp) -> Result<Option<(Actor, Timestamp)>, AuthError> {
        let found = store::session_by_token(&self.database, &hash_of(token), SessionKind::Pages).await?;
        let found = found.filter(|found| found.revoked_at.is_none() && now < found.expires_at);
        Ok(found.map(|found| (Actor::at_home(found.user, found.role, found.session), found.expires_at)))
    }

    fn remember(&self, key: &[u8], found: Option<(Actor, Timestamp)>, now: Timestamp) -> Option<Actor> {
        let (actor, until) = found?;
        self.recognised.insert(key.to_vec(), (actor, until));
        if actor.scope == Scope::Everything {
            self.note_seen(actor.user, actor.session, now);
        }
        Some(actor)
    }

    pub(super) fn note_key_used(&self, key: ApiKeyId, hash: Vec<u8>, now: Timestamp) {
        let mut used = self.keys_used.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if used.len() < SEEN {
            used.insert((key, hash), now);
        }
    }

    fn note_seen(&self, user: UserId, session: SessionId, now: Timestamp) {
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if seen.len() < SEEN || seen.contains_key(&(user, session)) {
            seen.insert((user, session), now);
        }
    }
}

#[async_trait]
impl Authentication for Auth {
    async fn bearer(&self, token: &str) -> Result<Option<Actor>, CallError> {
        let (now, key) = (self.now(), token.as_bytes());
        if let Some(actor) = self.recognised(key, now) {
            return Ok(Some(actor));
        }
        let found = if token.starts_with(PREFIX) {
            self.by_api_key(token, now).await
        } else if token.starts_with(SERVICE_PREFIX) {
            self.by_service_token(token, now).await
        } else {
            self.by_bearer(token, now).await
        };
        Ok(self.remember(key, found.map_err(unavailable)?, now))
    }

    async fn cookie(&self, token: &str) -> Result<Option<Actor>, CallError> {
        let (now, key) = (self.now(), token.as_bytes());
        if let Some(actor) = self.recognised(key, now) {
            return Ok(Some(actor));
        }
        let found = self.by_cookie(token, now).await.map_err(unavailable)?;
        Ok(self.remember(key, found, now))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn unavailable(error: AuthError) -> CallError {
    CallError::Unavailable(error.to_string())
}
