//! Passkeys: added by somebody who is logged in, and then a way to log in without anything else.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Actor, Invalid, PasskeyId, SessionId};
use platform::{
    db::{Batch, DbError},
    http::Origin,
    system::random_bytes,
};
use serde_json::{Value, json};

use super::{Auth, Begun, Doer};
use crate::{
    AuthError,
    domain::{
        Act, LetterKind, Method, Methods,
        webauthn::{self, ALGORITHMS, Assertion, Attestation, Party, WebAuthnError},
    },
    store::{self, KeptPasskey, SessionKind},
    tokens::hash_of,
};

/// How long somebody may look for their key.
const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// How many passkeys somebody can have.
pub(crate) const MOST: u16 = 20;

impl Auth {
    fn party(&self) -> Party {
        Party::at(&self.public_url)
    }

    async fn challenge(&self, session: Option<SessionId>) -> Result<String, AuthError> {
        let challenge = URL_SAFE_NO_PAD.encode(random_bytes::<32>().map_err(AuthError::internal)?);
        let mut batch = Batch::new();
        store::insert_challenge(&mut batch, session, hash_of(&challenge), self.now() + PATIENCE);
        self.database.apply(batch).await?;
        Ok(challenge)
    }

    /// The actor's passkeys, the newest first.
    pub(crate) async fn passkeys(&self, actor: &Actor) -> Result<Vec<KeptPasskey>, AuthError> {
        Ok(store::passkeys(&self.database, actor.user, MOST).await?)
    }

    /// What a browser is asked for a new passkey (`PublicKeyCredentialCreationOptions`, bytes in base64url).
    pub(crate) async fn begin_passkey(
        &self,
        actor: &Actor,
        password: &str,
        origin: Origin,
    ) -> Result<Value, AuthError> {
        self.vouch(actor, password, origin).await?;
        let account =
            store::account_by_id(&self.database, actor.user).await?.ok_or(AuthError::SessionOver)?;
        let has = store::credentials(&self.database, actor.user, MOST).await?;
        if has.len() >= usize::from(MOST) {
            return Err(AuthError::TooManyKeys);
        }
        let known = |id: &Vec<u8>| json!({"type": "public-key", "id": URL_SAFE_NO_PAD.encode(id)});
        let known: Vec<_> = has.iter().map(known).collect();
        let algorithms = ALGORITHMS.map(|algorithm| json!({"type": "public-key", "alg": algorithm}));
        Ok(json!({
            "challenge": self.challenge(Some(actor.session)).await?,
            "rp": {"id": self.party().id, "name": "Perennial"},
            "user": {
                "id": URL_SAFE_NO_PAD.encode(actor.user.uuid().as_bytes()),
                "name": account.email,
                "displayName": account.email,
            },
            "pubKeyCredParams": algorithms,
            "excludeCredentials": known,
            "authenticatorSelection": {"residentKey": "required", "requireResidentKey": true, "userVerification": "required"},
            "attestation": "none",
            "timeout": PATIENCE.as_millis(),
        }))
    }

    /// Keeps a passkey that the actor's browser has just made.
    pub(crate) async fn add_passkey(
        &self,
        actor: &Actor,
        name: &str,
        answer: &str,
        origin: Origin,
    ) -> Result<(), AuthError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
            let wrong = "must have 1 to 80 characters, all of them visible, such as My phone";
            return Err(Invalid::field("/name", wrong).into());
        }
        let (party, now) = (self.party(), self.now());
        let answer: Attestation = serde_json::from_str(answer).unwrap_or_default();
        let challenge = answer.challenge(&party).map_err(refused)?;
        let given = store::end_challenge(&self.database, &hash_of(&challenge), now).await?;
        if given != Some(Some(actor.session)) {
            return Err(AuthError::PasskeyFailed);
        }
        let made = answer.read(&party).map_err(refused)?;
        let kept =
            KeptPasskey { id: self.ids.next(), name: name.to_owned(), created_at: now, last_used_at: None };
        let doer = Doer::of(actor, origin);
        let mut batch = Batch::new();
        let parts = (made.credential, made.public_key, made.counter);
        store::insert_passkey(&mut batch, actor.user, &kept, parts);
        self.note(&mut batch, actor.user, Act::PasskeyAdded, &kept.name, &doer);
        self.post(&mut batch, actor.user, LetterKind::Factors, &doer.origin);
        match self.database.apply(batch).await {
            Err(DbError::Unique(_)) => Err(AuthError::PasskeyFailed),
            other => {
                other?;
                self.posted.notify_one();
                Ok(())
            }
        }
    }

    /// Takes a passkey away, for somebody who knows their password.
    pub(crate) async fn remove_passkey(
        &self,
        actor: &Actor,
        id: PasskeyId,
        password: &str,
        origin: Origin,
    ) -> Result<(), AuthError> {
        self.vouch(actor, password, origin.clone()).await?;
        let kept = self.passkeys(actor).await?.into_iter().find(|kept| kept.id == id);
        let kept = kept.ok_or(AuthError::NotFound)?;
        let doer = Doer::of(actor, origin);
        let mut batch = Batch::new();
        store::delete_passkey(&mut batch, actor.user, id);
        self.note(&mut batch, actor.user, Act::PasskeyRemoved, &kept.name, &doer);
        self.post(&mut batch, actor.user, LetterKind::Factors, &doer.origin);
        match self.database.apply(batch).await {
            Err(DbError::Conflict) => Err(AuthError::NotFound),
            other => {
                other?;
                self.posted.notify_one();
                Ok(())
            }
        }
    }

    /// What a browser is asked that is to log in by a passkey (`PublicKeyCredentialRequestOptions`). It names no
    /// account: the passkey does.
    pub(crate) async fn ask_for_passkey(&self) -> Result<Value, AuthError> {
        Ok(json!({
            "challenge": self.challenge(None).await?,
            "rpId": self.party().id,
            "userVerification": "required",
            "timeout": PATIENCE.as_millis(),
        }))
    }

    /// Logs in by a passkey, which is asked for nothing else: the device has verified who holds it.
    pub(crate) async fn log_in_by_passkey(&self, answer: &str, origin: Origin) -> Result<Begun, AuthError> {
        let (party, now) = (self.party(), self.now());
        let answer: Assertion = serde_json::from_str(answer).unwrap_or_default();
        let challenge = answer.challenge(&party).map_err(refused)?;
        if store::end_challenge(&self.database, &hash_of(&challenge), now).await? != Some(None) {
            return Err(AuthError::PasskeyFailed);
        }
        let credential = answer.credential().map_err(refused)?;
        let found = store::passkey_by_credential(&self.database, &credential).await?;
        let found = found.ok_or(AuthError::PasskeyFailed)?;
        let counter = answer.read(&party, &found.public_key).map_err(refused)?;
        let account = store::account_by_id(&self.database, found.user).await?;
        let account = account.ok_or(AuthError::PasskeyFailed)?;
        if account.suspended {
            return Err(AuthError::Suspended);
        }
        let mut batch = Batch::new();
        if !webauthn::counted_on(found.counter, counter) {
            self.note(&mut batch, found.user, Act::PasskeyCopied, &found.name, &Doer::nobody(origin));
            self.database.apply(batch).await?;
            return Err(AuthError::PasskeyFailed);
        }
        store::use_passkey(&mut batch, found.user, &found, counter, now);
        let methods = Methods::first(Method::Passkey);
        self.begin_session(batch, &account, SessionKind::Pages, &methods, origin).await
    }
}

/// People are told that it did not work; why, whoever runs the installation.
fn refused(error: WebAuthnError) -> AuthError {
    tracing::info!(%error, "a passkey was refused");
    AuthError::PasskeyFailed
}
