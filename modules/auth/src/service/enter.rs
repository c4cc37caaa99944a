//! Letting somebody in who has shown who they are: at once, or after the second factor that their account asks for.

use std::time::Duration;

use kernel::{Role, SessionId, UserId};
use platform::{db::Batch, http::Origin};

use super::{Auth, Doer, TokenPair};
use crate::{
    AuthError,
    domain::{Act, Method, Methods},
    store::{self, Credentials, NewSession, PendingLogIn, SessionKind},
    tokens::{Bearer, hash_of, new_secret},
};

/// For how long a log-in waits for its second factor.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// A session that has just begun.
#[derive(Debug, Clone)]
pub(crate) struct Begun {
    user: UserId,
    role: Role,
    session: SessionId,
    /// What opens it: the value of a cookie, or a refresh token.
    pub(crate) secret: String,
}

/// What came of a first factor.
#[derive(Debug, Clone)]
pub(crate) enum Entered {
    /// Let in.
    In(Begun),
    /// The account asks for another factor. This carries the log-in on.
    Owing(String),
}

impl Auth {
    /// Logs in by a password.
    pub(crate) async fn log_in(
        &self,
        email: &str,
        password: &str,
        kind: SessionKind,
        origin: Origin,
    ) -> Result<Entered, AuthError> {
        let account = self.check_password(email, password, &Doer::nobody(origin.clone())).await?;
        self.enter(&account, kind, Method::Password, origin).await
    }

    /// Lets somebody in who has shown one factor, or asks for another.
    pub(crate) async fn enter(
        &self,
        account: &Credentials,
        kind: SessionKind,
        method: Method,
        origin: Origin,
    ) -> Result<Entered, AuthError> {
        let methods = Methods::first(method);
        if !self.has_second_factor(account.user).await? {
            return Ok(Entered::In(self.begin_session(Batch::new(), account, kind, &methods, origin).await?));
        }
        let secret = new_secret("pch")?;
        let pending = PendingLogIn { user: account.user, methods };
        let mut batch = Batch::new();
        store::insert_pending_log_in(&mut batch, &pending, kind, hash_of(&secret), self.now() + PATIENCE);
        self.database.apply(batch).await?;
        Ok(Entered::Owing(secret))
    }

    /// Carries a log-in on that owes a factor, by what was typed for it.
    pub(crate) async fn carry_on(
        &self,
        secret: &str,
        typed: &str,
        kind: SessionKind,
        origin: Origin,
    ) -> Result<Begun, AuthError> {
        let hash = hash_of(secret);
        let pending = store::pending_log_in(&self.database, &hash, kind, self.now()).await?;
        let pending = pending.ok_or(AuthError::SecondStepOver)?;
        let account = store::account_by_id(&self.database, pending.user).await?;
        let account = account.filter(|account| !account.suspended).ok_or(AuthError::SecondStepOver)?;
        let mut batch = Batch::new();
        let method =
            self.check_factor(&mut batch, account.user, typed, &Doer::nobody(origin.clone())).await?;
        store::use_pending_log_in(&mut batch, account.user, hash);
        let methods = pending.methods.and(method);
        match self.begin_session(batch, &account, kind, &methods, origin).await {
            // Of two who bring the same at once, one is let in.
            Err(AuthError::Database(platform::db::DbError::Conflict)) => Err(AuthError::WrongCode),
            other => other,
        }
    }

    /// Begins a session, in the batch of what let it begin.
    pub(super) async fn begin_session(
        &self,
        mut batch: Batch,
        account: &Credentials,
        kind: SessionKind,
        methods: &Methods,
        origin: Origin,
    ) -> Result<Begun, AuthError> {
        let secret = new_secret(match kind {
            SessionKind::Api => "prt",
            SessionKind::Pages => "pcs",
        })?;
        let (now, id) = (self.now(), self.ids.next());
        let address = origin.address_text();
        let session = NewSession {
            id,
            kind,
            methods,
            device: &origin.device,
            address: &address,
            now,
            expires_at: now + self.settings.session.duration(),
        };
        store::insert_session(&mut batch, account.user, &session);
        store::insert_token(&mut batch, id, hash_of(&secret), now);
        Self::forgive_password(&mut batch, account, &origin);
        let doer = Doer { session: Some(id), origin };
        self.note(&mut batch, account.user, Act::LoggedIn, &methods.said(), &doer);
        self.database.apply(batch).await?;
        Ok(Begun { user: account.user, role: account.role, session: id, secret })
    }

    /// What a client of the API carries, whose session has just begun.
    pub(crate) fn tokens_of(&self, begun: Begun) -> Result<TokenPair, AuthError> {
        self.pair(begun.user, begun.role, begun.session, begun.secret)
    }

    pub(super) fn pair(
        &self,
        user: UserId,
        role: Role,
        session: SessionId,
        refresh: String,
    ) -> Result<TokenPair, AuthError> {
        let (now, lasts) = (self.now(), self.settings.access_token.duration());
        let bearer = Bearer { user, session, until: now + lasts };
        Ok(TokenPair { access: self.ring().sign(&bearer, role, now)?, refresh, expires_in: lasts })
    }
}
