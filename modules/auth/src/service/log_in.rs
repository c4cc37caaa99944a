//! Registering and logging in.

use std::time::Duration;

use contracts::{auth::UserRegistered, users::Account};
use kernel::{Event, Invalid, SessionId, UserId};
use platform::{db::Batch, http::Origin};

use super::{Auth, Doer, Registration, TokenPair};
use crate::{
    AuthError,
    domain::{Act, Email, Password, Tries},
    store::{self, Credentials, NewSession, SessionKind},
    tokens::{Bearer, hash_of, new_secret},
};

/// How long a registration waits for the profile; after that it follows from the event.
const PROFILE_PATIENCE: Duration = Duration::from_secs(2);

impl Auth {
    /// Makes an account, with a profile and a household.
    ///
    /// # Errors
    /// [`AuthError::Invalid`], [`AuthError::AddressTaken`], [`AuthError::Busy`] or a failing database.
    pub async fn register(&self, registration: Registration) -> Result<(UserId, String), AuthError> {
        self.register_from(registration, &Doer::default()).await
    }

    pub(crate) async fn register_from(
        &self,
        registration: Registration,
        doer: &Doer,
    ) -> Result<(UserId, String), AuthError> {
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
            suspended: false,
            awaits_proof: false,
            version: 1,
        };
        let opened = Account { user, email: account.email.clone(), profile: registration.profile };
        self.write_account(&account, &email, &opened, doer).await?;
        self.open_profile(&opened).await;
        Ok((user, account.email))
    }

    async fn write_account(
        &self,
        account: &Credentials,
        email: &Email,
        opened: &Account,
        doer: &Doer,
    ) -> Result<(), AuthError> {
        let now = self.now();
        let payload = UserRegistered(opened.clone());
        let event = Event::new(self.ids.next(), account.user.to_string(), now, &payload)
            .with_user(account.user)
            .with_household(account.user.own_household());
        let mut batch = Batch::new();
        store::insert_account(&mut batch, account, email, now);
        self.note(&mut batch, account.user, Act::Registered, account.role.as_str(), doer);
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

    /// The account of an address and its password. Whatever is wrong with them, the answer is the same and takes as
    /// long.
    pub(super) async fn check_password(
        &self,
        email: &str,
        password: &str,
        doer: &Doer,
    ) -> Result<Credentials, AuthError> {
        let email = email.parse::<Email>().map_err(|_| AuthError::WrongPassword)?;
        self.count_tries(&Tries::of_password(&email, doer.origin.address)).await?;
        let account = store::account_by_email(&self.database, &email).await?;
        let hash = account.as_ref().map(|account| account.password_hash.clone());
        let right = match password.parse::<Password>() {
            Ok(password) => self.hashing.verify(password, hash).await?,
            // Of no password that anybody could have.
            Err(_) => false,
        };
        if let Some(account) = account.as_ref().filter(|_| !right) {
            let mut batch = Batch::new();
            self.note(&mut batch, account.user, Act::LogInFailed, "", doer);
            self.database.apply(batch).await?;
        }
        let account = account.filter(|_| right).ok_or(AuthError::WrongPassword)?;
        if account.suspended { Err(AuthError::Suspended) } else { Ok(account) }
    }

    async fn begin_session(
        &self,
        account: &Credentials,
        kind: SessionKind,
        secret: &str,
        origin: Origin,
    ) -> Result<SessionId, AuthError> {
        let (now, id) = (self.now(), self.ids.next());
        let address = origin.address_text();
        let session = NewSession {
            id,
            kind,
            device: &origin.device,
            address: &address,
            now,
            expires_at: now + self.settings.session.duration(),
        };
        let mut batch = Batch::new();
        store::insert_session(&mut batch, account.user, &session);
        store::insert_token(&mut batch, id, hash_of(secret), now);
        if let Ok(email) = account.email.parse::<Email>() {
            Self::forgive(&mut batch, &Tries::of_password(&email, origin.address));
        }
        let doer = Doer { session: Some(id), origin };
        self.note(&mut batch, account.user, Act::LoggedIn, "", &doer);
        self.database.apply(batch).await?;
        Ok(id)
    }

    pub(super) fn pair(
        &self,
        user: UserId,
        role: kernel::Role,
        session: SessionId,
        refresh: String,
    ) -> Result<TokenPair, AuthError> {
        let (now, lasts) = (self.now(), self.settings.access_token.duration());
        let bearer = Bearer { user, session, until: now + lasts };
        Ok(TokenPair { access: self.ring().sign(&bearer, role, now)?, refresh, expires_in: lasts })
    }

    /// Logs in a client of the API.
    pub(crate) async fn log_in(
        &self,
        email: &str,
        password: &str,
        origin: Origin,
    ) -> Result<TokenPair, AuthError> {
        let account = self.check_password(email, password, &Doer::nobody(origin.clone())).await?;
        let refresh = new_secret("prt")?;
        let session = self.begin_session(&account, SessionKind::Api, &refresh, origin).await?;
        self.pair(account.user, account.role, session, refresh)
    }

    /// Logs in a browser; returns what its cookie holds.
    pub(crate) async fn sign_in(
        &self,
        email: &str,
        password: &str,
        origin: Origin,
    ) -> Result<String, AuthError> {
        let account = self.check_password(email, password, &Doer::nobody(origin.clone())).await?;
        let cookie = new_secret("pcs")?;
        self.begin_session(&account, SessionKind::Pages, &cookie, origin).await?;
        Ok(cookie)
    }
}
