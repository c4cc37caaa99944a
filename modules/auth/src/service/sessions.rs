//! Staying logged in, and ending it: here, on another device, everywhere.

use jiff::Timestamp;
use kernel::{Actor, SessionId};
use platform::{
    db::{Batch, DbError},
    http::Origin,
};

use super::{Auth, Doer, TokenPair};
use crate::{
    AuthError,
    domain::Act,
    store::{self, Found, OpenSession, SessionKind},
    tokens::{hash_of, new_secret},
};

/// A log-in as its owner sees it.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) open: OpenSession,
    /// Whether it is the one that asks.
    pub(crate) current: bool,
}

/// How many sessions are written down as seen in one batch.
const SEEN_AT_ONCE: usize = 256;

impl Auth {
    /// Changes a refresh token for a new pair. One that was used before was stolen, from its owner or by its owner's
    /// thief: the session ends for both.
    pub(crate) async fn refresh(&self, refresh: &str, origin: Origin) -> Result<TokenPair, AuthError> {
        let now = self.now();
        let hash = hash_of(refresh);
        let found = store::session_by_token(&self.database, &hash, SessionKind::Api).await?;
        let found = found.ok_or(AuthError::SessionOver)?;
        if found.revoked_at.is_some() || found.expires_at <= now {
            return Err(AuthError::SessionOver);
        }
        if found.used_at.is_some() {
            return self.came_back(&found, origin).await;
        }
        let next = new_secret("prt")?;
        let mut batch = Batch::new();
        store::use_token(&mut batch, found.session, hash, now);
        store::insert_token(&mut batch, found.session, hash_of(&next), now);
        store::extend_session(&mut batch, found.user, found.session, now + self.settings.session.duration());
        store::see_session(&mut batch, found.user, found.session, now);
        match self.database.apply(batch).await {
            // Used twice at the same moment: the same as one after the other.
            Err(DbError::Conflict) => self.came_back(&found, origin).await,
            other => {
                other?;
                self.pair(found.user, found.role, found.session, next)
            }
        }
    }

    async fn came_back(&self, found: &Found, origin: Origin) -> Result<TokenPair, AuthError> {
        tracing::warn!(session = %found.session, "a refresh token came back: its session is revoked");
        let doer = Doer { session: Some(found.session), origin };
        let mut batch = Batch::new();
        store::revoke_session(&mut batch, found.user, found.session, self.now());
        self.note(&mut batch, found.user, Act::RefreshReused, "", &doer);
        self.end(batch).await?;
        Err(AuthError::SessionOver)
    }

    /// Applies what ends sessions; whether there was one to end. In this process it holds at once; others look again
    /// within [`RECOGNISED_FOR`](super::RECOGNISED_FOR).
    async fn end(&self, batch: Batch) -> Result<bool, AuthError> {
        let ended = match self.database.apply(batch).await {
            Err(DbError::Conflict) => false,
            other => other.map(|()| true)?,
        };
        self.recognised.invalidate_all();
        Ok(ended)
    }

    /// Logs out.
    pub(crate) async fn log_out(&self, actor: &Actor, origin: Origin) -> Result<(), AuthError> {
        let mut batch = Batch::new();
        store::revoke_session(&mut batch, actor.user, actor.session, self.now());
        self.note(&mut batch, actor.user, Act::LoggedOut, "", &Doer::of(actor, origin));
        self.end(batch).await.map(drop)
    }

    /// The actor's open sessions, the newest first, and one more than asked for.
    pub(crate) async fn sessions(
        &self,
        actor: &Actor,
        before: Option<SessionId>,
        limit: u16,
    ) -> Result<Vec<Session>, AuthError> {
        let open = store::open_sessions(&self.database, actor.user, self.now(), before, limit).await?;
        Ok(open.into_iter().map(|open| Session { current: open.id == actor.session, open }).collect())
    }

    /// Ends one of the actor's sessions.
    pub(crate) async fn revoke(
        &self,
        actor: &Actor,
        session: SessionId,
        origin: Origin,
    ) -> Result<(), AuthError> {
        let mut batch = Batch::new();
        store::revoke_session(&mut batch, actor.user, session, self.now());
        self.note(&mut batch, actor.user, Act::SessionRevoked, "", &Doer::of(actor, origin));
        if self.end(batch).await? { Ok(()) } else { Err(AuthError::NotFound) }
    }

    /// Ends all of the actor's sessions but the one that asks.
    pub(crate) async fn revoke_others(&self, actor: &Actor, origin: Origin) -> Result<(), AuthError> {
        let mut batch = Batch::new();
        store::revoke_sessions(&mut batch, actor.user, Some(actor.session), self.now());
        self.note(&mut batch, actor.user, Act::OthersLoggedOut, "", &Doer::of(actor, origin));
        self.end(batch).await.map(drop)
    }

    /// Applies what ends all sessions of somebody, perhaps but one.
    pub(super) async fn end_all(&self, batch: Batch) -> Result<(), DbError> {
        let applied = self.database.apply(batch).await;
        self.recognised.invalidate_all();
        applied
    }

    /// Writes down which sessions were used since it was last done.
    pub(crate) async fn write_seen(&self) -> Result<(), AuthError> {
        let seen = std::mem::take(&mut *self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        let seen: Vec<_> = seen.into_iter().collect();
        for some in seen.chunks(SEEN_AT_ONCE) {
            let mut batch = Batch::new();
            for ((user, session), at) in some {
                let at: Timestamp = *at;
                store::see_session(&mut batch, *user, *session, at);
            }
            self.database.apply(batch).await?;
        }
        self.write_keys_used().await
    }

    async fn write_keys_used(&self) -> Result<(), AuthError> {
        let used =
            std::mem::take(&mut *self.keys_used.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        let used: Vec<_> = used.into_iter().collect();
        for some in used.chunks(SEEN_AT_ONCE) {
            let mut batch = Batch::new();
            some.iter().for_each(|((key, hash), at)| store::see_api_key(&mut batch, *key, hash, *at));
            self.database.apply(batch).await?;
        }
        Ok(())
    }
}
