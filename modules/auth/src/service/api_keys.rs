//! Keys by which programs act for somebody.

use std::time::Duration;

use jiff::Timestamp;
use kernel::{Actor, ApiKeyId, Invalid, Role, Scope, SessionId};
use platform::{
    db::{Batch, DbError},
    http::Origin,
};

use super::{Auth, Doer};
use crate::{
    AuthError,
    domain::Act,
    store::{self, KeptApiKey, Trace},
    tokens::{hash_of, new_secret},
};

/// What a person's key begins with, so that one that was left lying about is recognised as what it is.
pub(crate) const PREFIX: &str = "pk_live";
/// How many keys somebody can have.
const MOST: u16 = 50;
/// For how long the former secret of a key is good once it has another.
const OVERLAP: Duration = Duration::from_secs(24 * 3_600);
/// By how many of its last letters a secret is told from others.
const HINT: usize = 4;

/// A key with its secret, which is shown this once.
pub(crate) struct Issued {
    pub(crate) key: KeptApiKey,
    pub(crate) secret: String,
}

impl Auth {
    /// The actor's keys, the newest first, and one more than asked for.
    pub(crate) async fn api_keys(
        &self,
        actor: &Actor,
        before: Option<ApiKeyId>,
        limit: u16,
    ) -> Result<Vec<KeptApiKey>, AuthError> {
        Ok(store::api_keys(&self.database, actor.user, before, limit).await?)
    }

    /// Makes a key.
    pub(crate) async fn make_api_key(
        &self,
        actor: &Actor,
        name: &str,
        scope: Scope,
        origin: Origin,
    ) -> Result<Issued, AuthError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
            let wrong = "must have 1 to 80 characters, all of them visible, such as Home Assistant";
            return Err(Invalid::field("/name", wrong).into());
        }
        if store::api_keys(&self.database, actor.user, None, MOST).await?.len() >= usize::from(MOST) {
            return Err(AuthError::TooManyKeys);
        }
        let now = self.now();
        let secret = new_secret(PREFIX)?;
        let key = KeptApiKey {
            id: self.ids.next(),
            name: name.to_owned(),
            scope,
            secret: Trace { hint: hint(&secret), used_at: None },
            made_at: now,
            former: None,
            created_at: now,
        };
        let mut batch = Batch::new();
        store::insert_api_key(&mut batch, actor.user, &key, hash_of(&secret));
        self.note(&mut batch, actor.user, Act::KeyMade, &key.name, &Doer::of(actor, origin));
        self.database.apply(batch).await?;
        Ok(Issued { key, secret })
    }

    /// Gives a key another secret. The one before is good for a day yet, so that nothing stops while it is exchanged.
    pub(crate) async fn rotate_api_key(
        &self,
        actor: &Actor,
        id: ApiKeyId,
        origin: Origin,
    ) -> Result<Issued, AuthError> {
        let key = store::api_key(&self.database, actor.user, id).await?.ok_or(AuthError::NotFound)?;
        let (now, secret) = (self.now(), new_secret(PREFIX)?);
        let hint = hint(&secret);
        let until = now + OVERLAP;
        let mut batch = Batch::new();
        store::rotate_api_key(&mut batch, actor.user, &key, (hash_of(&secret), &hint), (now, until));
        self.note(&mut batch, actor.user, Act::KeyRotated, &key.name, &Doer::of(actor, origin));
        self.end_all(batch).await?;
        let former = Some((key.secret, until));
        let key = KeptApiKey { secret: Trace { hint, used_at: None }, made_at: now, former, ..key };
        Ok(Issued { key, secret })
    }

    /// Takes a key away: within ten seconds it opens nothing any more.
    pub(crate) async fn revoke_api_key(
        &self,
        actor: &Actor,
        id: ApiKeyId,
        origin: Origin,
    ) -> Result<(), AuthError> {
        let key = store::api_key(&self.database, actor.user, id).await?.ok_or(AuthError::NotFound)?;
        let mut batch = Batch::new();
        store::delete_api_key(&mut batch, actor.user, id);
        self.note(&mut batch, actor.user, Act::KeyRevoked, &key.name, &Doer::of(actor, origin));
        match self.end_all(batch).await {
            Err(DbError::Conflict) => Err(AuthError::NotFound),
            other => Ok(other?),
        }
    }

    /// Who bears a key. A key gives nobody more than a user's rights, whatever its owner may do beyond that.
    pub(super) async fn by_api_key(
        &self,
        secret: &str,
        now: Timestamp,
    ) -> Result<Option<(Actor, Timestamp)>, AuthError> {
        let hash = hash_of(secret);
        let Some(found) = store::api_key_by_hash(&self.database, &hash, now).await? else {
            return Ok(None);
        };
        self.note_key_used(found.id, hash, now);
        // A key is no session: what it does is told from what sessions do by its own id.
        let actor = Actor::at_home(found.user, Role::User, SessionId::from_uuid(found.id.uuid()));
        Ok(Some((actor.limited_to(found.scope), Timestamp::MAX)))
    }
}

fn hint(secret: &str) -> String {
    let letters = secret.chars().count();
    secret.chars().skip(letters.saturating_sub(HINT)).collect()
}
