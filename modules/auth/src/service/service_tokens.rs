//! Tokens of services, by the client credentials of OAuth 2.0 (RFC 6749, 4.4): the client is a key.

use std::time::Duration;

use jiff::Timestamp;
use kernel::{Actor, ApiKeyId, Role, Scope, SessionId};
use platform::db::Batch;

use super::{Auth, PREFIX};
use crate::{
    AuthError, store,
    tokens::{hash_of, new_secret},
};

/// What a service's token begins with.
pub(crate) const SERVICE_PREFIX: &str = "pst_";

/// A token that was just given.
pub(crate) struct Granted {
    pub(crate) token: String,
    pub(crate) scope: Scope,
    pub(crate) expires_in: Duration,
}

/// Why none was given (RFC 6749, 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// There is no such client, or that is not its secret.
    Client,
    /// The key does not go that far, or there is no such scope.
    Scope,
}

impl Auth {
    /// Gives a token to whoever shows a key, for as much of its scope as is asked for.
    pub(crate) async fn grant(
        &self,
        client: &str,
        secret: &str,
        scope: Option<&str>,
    ) -> Result<Result<Granted, Denied>, AuthError> {
        let now = self.now();
        let hash = hash_of(secret);
        let client = client.parse::<ApiKeyId>().ok().filter(|_| secret.starts_with(PREFIX));
        let found = store::api_key_by_hash(&self.database, &hash, now).await?;
        let Some(key) = found.filter(|key| Some(key.id) == client) else { return Ok(Err(Denied::Client)) };
        let Some(scope) = narrowed(key.scope, scope) else { return Ok(Err(Denied::Scope)) };
        let (token, lasts) =
            (new_secret(SERVICE_PREFIX.trim_end_matches('_'))?, self.settings.access_token.duration());
        let mut batch = Batch::new();
        let hashes = (hash_of(&token), hash.clone());
        store::insert_service_token(&mut batch, key.id, hashes, scope, now + lasts);
        self.database.apply(batch).await?;
        self.note_key_used(key.id, hash, now);
        Ok(Ok(Granted { token, scope, expires_in: lasts }))
    }

    /// Who bears a service's token: its key's owner, as far as it goes.
    pub(super) async fn by_service_token(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<(Actor, Timestamp)>, AuthError> {
        let Some(found) = store::service_token(&self.database, &hash_of(token), now).await? else {
            return Ok(None);
        };
        self.note_key_used(found.key, found.secret, now);
        let actor = Actor::at_home(found.user, Role::User, SessionId::from_uuid(found.key.uuid()));
        Ok(Some((actor.limited_to(found.scope), found.expires_at)))
    }
}

/// What is asked for, where the key goes as far; all that the key may, where nothing is asked for. Whoever may write
/// may read.
fn narrowed(key: Scope, asked: Option<&str>) -> Option<Scope> {
    let asked = asked.map(|asked| asked.split(' ').filter(|each| !each.is_empty()).collect::<Vec<_>>());
    match asked.as_deref() {
        None | Some([]) => Some(key),
        // It goes nowhere else, and neither do the others go there by that name.
        Some(scopes) if key == Scope::Messages => (*scopes == [key.as_str()]).then_some(key),
        Some(scopes) => {
            let known = scopes.iter().all(|scope| ["read", "write"].contains(scope));
            let wanted = if scopes.contains(&"write") { Scope::Write } else { Scope::Read };
            (known && (wanted == Scope::Read || key.may_change())).then_some(wanted)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_never_wider_than_its_key() {
        for (key, asked, given) in [
            (Scope::Read, None, Some(Scope::Read)),
            (Scope::Write, None, Some(Scope::Write)),
            (Scope::Write, Some(""), Some(Scope::Write)),
            (Scope::Write, Some("read"), Some(Scope::Read)),
            (Scope::Write, Some("read write"), Some(Scope::Write)),
            (Scope::Read, Some("read write"), None),
            (Scope::Read, Some("write"), None),
            (Scope::Write, Some("everything"), None),
            (Scope::Write, Some("read admin"), None),
            (Scope::Write, Some("messages"), None),
            (Scope::Messages, None, Some(Scope::Messages)),
            (Scope::Messages, Some("messages"), Some(Scope::Messages)),
            (Scope::Messages, Some("read"), None),
            (Scope::Messages, Some("messages read"), None),
        ] {
            assert_eq!(narrowed(key, asked), given, "{key:?} {asked:?}");
        }
    }
}
