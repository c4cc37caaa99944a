//! Registering, logging in, staying logged in, logging out.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use contracts::{
    CallError,
    auth::{Authentication, UserRegistered},
    users::{Account, Profile, Users},
};
use jiff::Timestamp;
use kernel::{Actor, Clock, Event, Ids, Invalid, Role, SessionId, UserId};
use moka::sync::Cache;
use platform::db::{Batch, Database, DbError};

use crate::{
    AuthError, AuthSettings, Deps,
    domain::{Email, Password},
    hashing::Hashing,
    store::{self, Credentials, SessionKind},
    tokens::{Signer, hash_of, new_secret},
};

/// How long somebody who was recognised is taken for the same without looking again: the longest a revoked session
/// goes on in another process.
const RECOGNISED_FOR: Duration = Duration::from_secs(10);
/// How many people are remembered that way.
const RECOGNISED: u64 = 100_000;
/// How long a registration waits for the profile; after that it follows from the event.
const PROFILE_PATIENCE: Duration = Duration::from_secs(2);

/// Knows who somebody is.
pub struct Auth {
    database: Database,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    pub(crate) settings: AuthSettings,
    pub(crate) https: bool,
    users: Arc<dyn Users>,
    hashing: Hashing,
    signer: Signer,
    recognised: Cache<Vec<u8>, (Actor, Timestamp)>,
}

/// What it takes to make an account.
#[derive(Debug, Clone)]
pub struct Registration {
    /// Where they can be written to.
    pub email: String,
    /// What they log in with.
    pub password: String,
    /// What they say of themselves.
    pub profile: Profile,
    /// What they may do.
    pub role: Role,
}

/// What a client of the API carries.
#[derive(Debug, Clone)]
pub(crate) struct TokenPair {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) expires_in: Duration,
}

impl Auth {
    pub(crate) async fn open(deps: Deps) -> Result<Self, AuthError> {
        let signer = signer(&deps).await?;
        let recognised = Cache::builder().max_capacity(RECOGNISED).time_to_live(RECOGNISED_FOR).build();
        Ok(Self {
            hashing: Hashing::new(deps.settings.password_hashes),
            database: deps.database,
            clock: deps.clock,
            ids: deps.ids,
            settings: deps.settings,
            https: deps.https,
            users: deps.users,
            signer,
            recognised,
        })
    }

    /// Makes an account, with a profile and a household.
    ///
    /// # Errors
    /// [`AuthError::Invalid`], [`AuthError::AddressTaken`], [`AuthError::Busy`] or a failing database.
    pub async fn register(&self, registration: Registration) -> Result<(UserId, String), AuthError> {
        let mut invalid = Invalid::new();
        let email = invalid.check("/email", registration.email.parse::<Email>());
        let password = invalid.check("/password", registration.password.parse::<Password>());
        invalid.into_result()?;
        let (Some(email), Some(password)) = (email, password) else {
            return Err(AuthError::internal("a checked registration lacks a part"));
        };
        let user: UserId = self.ids.next();
        let account = Credentials {
            user,
            email: email.to_string(),
            password_hash: self.hashing.hash(password).await?,
            role: registration.role,
        };
        let opened = Account { user, email: account.email.clone(), profile: registration.profile };
        self.write_account(&account, &email, &opened).await?;
        self.open_profile(&opened).await;
        Ok((user, account.email))
    }

    async fn write_account(
        &self,
        account: &Credentials,
        email: &Email,
        opened: &Account,
    ) -> Result<(), AuthError> {
        let now = self.clock.now();
        let payload = UserRegistered(opened.clone());
        let event = Event::new(self.ids.next(), account.user.to_string(), now, &payload)
            .with_user(account.user)
            .with_household(account.user.own_household());
        let mut batch = Batch::new();
        store::insert_account(&mut batch, account, email, now);
        batch.tell(&event);
        self.database.apply(batch).await.map_err(|error| {
            if error.violates("accounts_one_per_address") { AuthError::AddressTaken } else { error.into() }
        })
    }

    /// Asks users for the profile, so that it is there when the answer is. Should users be away, it follows from
    /// `user.registered`.
    async fn open_profile(&self, opened: &Account) {
        let asked = tokio::time::timeout(PROFILE_PATIENCE, self.users.open_account(opened)).await;
        if !matches!(asked, Ok(Ok(()))) {
            tracing::warn!(user = %opened.user, "the profile follows from the event");
        }
    }

    async fn check_password(&self, email: &str, password: &str) -> Result<Credentials, AuthError> {
        // Whatever is wrong with them, the answer is the same and takes as long.
        let email = email.parse::<Email>().ok();
        let account = match &email {
            Some(email) => store::account_by_email(&self.database, email).await?,
            None => None,
        };
        let password = password.parse::<Password>().map_err(|_| AuthError::WrongPassword);
        let hash = account.as_ref().map(|account| account.password_hash.clone());
        let right = self.hashing.verify(password?, hash).await?;
        account.filter(|_| right).ok_or(AuthError::WrongPassword)
    }

    fn actor(user: UserId, role: Role, session: SessionId) -> Actor {
        Actor::at_home(user, role, session)
    }

    fn pair(&self, actor: &Actor, refresh: String) -> Result<TokenPair, AuthError> {
        let (now, lasts) = (self.clock.now(), self.settings.access_token.duration());
        Ok(TokenPair { access: self.signer.sign(actor, now, now + lasts)?, refresh, expires_in: lasts })
    }

    async fn begin_session(
        &self,
        account: &Credentials,
        kind: SessionKind,
        secret: &str,
    ) -> Result<Actor, AuthError> {
        let (now, session) = (self.clock.now(), self.ids.next());
        let mut batch = Batch::new();
        let until = now + self.settings.session.duration();
        store::insert_session(&mut batch, account.user, session, kind, now, until);
        store::insert_token(&mut batch, session, hash_of(secret), now);
        self.database.apply(batch).await?;
        Ok(Self::actor(account.user, account.role, session))
    }

    /// Logs in a client of the API.
    pub(crate) async fn log_in(&self, email: &str, password: &str) -> Result<TokenPair, AuthError> {
        let account = self.check_password(email, password).await?;
        let refresh = new_secret("prt")?;
        let actor = self.begin_session(&account, SessionKind::Api, &refresh).await?;
        self.pair(&actor, refresh)
    }

    /// Logs in a browser; returns what its cookie holds.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Result<String, AuthError> {
        let account = self.check_password(email, password).await?;
        let cookie = new_secret("pcs")?;
        self.begin_session(&account, SessionKind::Pages, &cookie).await?;
        Ok(cookie)
    }

    /// Changes a refresh token for a new pair. One that was used before was stolen, from its owner or by its owner's
    /// thief: the session ends for both.
    pub(crate) async fn refresh(&self, refresh: &str) -> Result<TokenPair, AuthError> {
        let now = self.clock.now();
        let hash = hash_of(refresh);
        let found = store::session_by_token(&self.database, &hash, SessionKind::Api).await?;
        let found = found.ok_or(AuthError::SessionOver)?;
        if found.revoked_at.is_some() || found.expires_at <= now {
            return Err(AuthError::SessionOver);
        }
        if found.used_at.is_some() {
            tracing::warn!(session = %found.session, "a refresh token came back: its session is revoked");
            self.end_session(found.user, found.session).await?;
            return Err(AuthError::SessionOver);
        }
        let next = new_secret("prt")?;
        let mut batch = Batch::new();
        store::use_token(&mut batch, found.session, hash, now);
        store::insert_token(&mut batch, found.session, hash_of(&next), now);
        store::extend_session(&mut batch, found.user, found.session, now + self.settings.session.duration());
        match self.database.apply(batch).await {
            // Used twice at the same moment: the same as one after the other.
            Err(DbError::Conflict) => {
                self.end_session(found.user, found.session).await?;
                Err(AuthError::SessionOver)
            }
            other => {
                other?;
                self.pair(&Self::actor(found.user, found.role, found.session), next)
            }
        }
    }

    async fn end_session(&self, user: UserId, session: SessionId) -> Result<(), AuthError> {
        let mut batch = Batch::new();
        store::revoke_session(&mut batch, user, session, self.clock.now());
        self.database.apply(batch).await?;
        // Here it ends at once; other processes look again within RECOGNISED_FOR.
        self.recognised.invalidate_all();
        Ok(())
    }

    /// Logs out.
    pub(crate) async fn log_out(&self, actor: &Actor) -> Result<(), AuthError> {
        self.end_session(actor.user, actor.session).await
    }

    fn recognise(&self, key: &[u8], now: Timestamp) -> Option<Actor> {
        self.recognised.get(key).filter(|(_, until)| now < *until).map(|(actor, _)| actor)
    }

    async fn look_up_bearer(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<(Actor, Timestamp)>, DbError> {
        let Some((actor, until)) = self.signer.read(token, now) else { return Ok(None) };
        let open = store::session_is_open(&self.database, actor.user, actor.session, now).await?;
        Ok(open.then_some((actor, until)))
    }

    async fn look_up_cookie(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<(Actor, Timestamp)>, DbError> {
        let found = store::session_by_token(&self.database, &hash_of(token), SessionKind::Pages).await?;
        let found = found.filter(|found| found.revoked_at.is_none() && now < found.expires_at);
        Ok(found.map(|found| (Self::actor(found.user, found.role, found.session), found.expires_at)))
    }
}

#[async_trait]
impl Authentication for Auth {
    async fn bearer(&self, token: &str) -> Result<Option<Actor>, CallError> {
        let (now, key) = (self.clock.now(), token.as_bytes());
        if let Some(actor) = self.recognise(key, now) {
            return Ok(Some(actor));
        }
        let found = self.look_up_bearer(token, now).await.map_err(unavailable)?;
        Ok(found.map(|found| {
            self.recognised.insert(key.to_vec(), found);
            found.0
        }))
    }

    async fn cookie(&self, token: &str) -> Result<Option<Actor>, CallError> {
        let (now, key) = (self.clock.now(), token.as_bytes());
        if let Some(actor) = self.recognise(key, now) {
            return Ok(Some(actor));
        }
        let found = self.look_up_cookie(token, now).await.map_err(unavailable)?;
        Ok(found.map(|found| {
            self.recognised.insert(key.to_vec(), found);
            found.0
        }))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn unavailable(error: DbError) -> CallError {
    CallError::Unavailable(error.to_string())
}

/// The key that signs access tokens, made on the first start.
async fn signer(deps: &Deps) -> Result<Signer, AuthError> {
    if store::signing_key(&deps.database).await?.is_none() {
        let secret = platform::system::random_bytes::<32>().map_err(AuthError::internal)?;
        let mut batch = Batch::new();
        // Every first key has the same id, so that of several processes that start at once one makes it.
        let first = kernel::SigningKeyId::from_uuid(uuid::Uuid::from_u128(1));
        store::insert_signing_key(&mut batch, first, secret.to_vec(), deps.clock.now());
        deps.database.apply(batch).await?;
    }
    let (id, secret) = store::signing_key(&deps.database)
        .await?
        .ok_or_else(|| AuthError::internal("the signing key that was just made is gone"))?;
    Signer::new(id, &secret)
}
