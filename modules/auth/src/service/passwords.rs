//! Proving an address, changing a password, and setting a new one when it was forgotten.

use kernel::{Actor, Invalid, UserId};
use platform::{
    db::{Batch, DbError},
    http::Origin,
};

use super::{Auth, Doer};
use crate::{
    AuthError,
    domain::{Act, Email, EmailError, LetterKind, Password, Tries},
    store::{self, Credentials},
    tokens::hash_of,
};

impl Auth {
    /// Whether an address has to be proved before its account is used.
    pub(crate) fn demands_proof(&self) -> bool {
        self.mails() && self.settings.verification
    }

    async fn proved_by(&self, kind: LetterKind, token: &str) -> Result<(Credentials, Vec<u8>), AuthError> {
        let hash = hash_of(token);
        let user = store::proof_by_hash(&self.database, kind, &hash, self.now()).await?;
        let account = match user {
            Some(user) => store::account_by_id(&self.database, user).await?,
            None => None,
        };
        account.map(|account| (account, hash)).ok_or(AuthError::LinkOver)
    }

    /// Proves an address: by the link that was mailed to it, and by the password of the account, so that nobody
    /// confirms what somebody else made in their name.
    pub(crate) async fn verify(
        &self,
        token: &str,
        password: &str,
        origin: Origin,
    ) -> Result<Credentials, AuthError> {
        let (account, hash) = self.proved_by(LetterKind::Verify, token).await?;
        let doer = Doer::nobody(origin);
        self.check_own(&account, password, &doer).await?;
        let mut batch = Batch::new();
        store::use_proof(&mut batch, account.user, LetterKind::Verify, hash);
        store::admit(&mut batch, account.user, Some(self.now()));
        self.note(&mut batch, account.user, Act::EmailVerified, "", &doer);
        self.database.apply(batch).await.map_err(over)?;
        if account.suspended { Err(AuthError::Suspended) } else { Ok(account) }
    }

    /// Whether it is the account's password, counted like every try.
    pub(super) async fn check_own(
        &self,
        account: &Credentials,
        password: &str,
        doer: &Doer,
    ) -> Result<(), AuthError> {
        let email: Email = account.email.parse().map_err(AuthError::internal)?;
        self.count_tries(&Tries::of_password(&email, doer.origin.address)).await?;
        let right = match password.parse::<Password>() {
            Ok(password) => self.hashing.verify(password, Some(account.password_hash.clone())).await?,
            Err(_) => false,
        };
        if right {
            return Ok(());
        }
        let mut batch = Batch::new();
        self.note(&mut batch, account.user, Act::LogInFailed, "", doer);
        self.database.apply(batch).await?;
        Err(AuthError::WrongPassword)
    }

    /// Has a link mailed by which a new password can be set. Nobody learns from the answer, or from the time it takes,
    /// whether somebody has the address: what is written down is the same, and what follows from it happens later.
    pub(crate) async fn forgot(&self, email: &str, origin: &Origin) -> Result<(), AuthError> {
        if !self.mails() {
            return Err(AuthError::NoMail);
        }
        let email: Email =
            email.parse().map_err(|error: EmailError| Invalid::field("/email", error.to_string()))?;
        self.count_tries(&[Tries::of_letters(&email)]).await?;
        let account = store::account_by_email(&self.database, &email).await?;
        let user: UserId = account.map_or_else(|| self.ids.next(), |account| account.user);
        let mut batch = Batch::new();
        self.post(&mut batch, user, LetterKind::Reset, origin);
        self.database.apply(batch).await?;
        self.posted.notify_one();
        Ok(())
    }

    /// Sets a new password by the link that was mailed. Everybody who is logged in is logged out.
    pub(crate) async fn reset(&self, token: &str, password: &str, origin: Origin) -> Result<(), AuthError> {
        let password = chosen("/password", password)?;
        let (account, hash) = self.proved_by(LetterKind::Reset, token).await?;
        let password_hash = self.hashing.hash(password).await?;
        let doer = Doer::nobody(origin);
        let mut batch = Batch::new();
        store::use_proof(&mut batch, account.user, LetterKind::Reset, hash);
        store::set_password(&mut batch, &account, &password_hash);
        store::admit(&mut batch, account.user, Some(self.now()));
        self.renewed(&mut batch, &account, &doer);
        self.note(&mut batch, account.user, Act::PasswordReset, "", &doer);
        self.post(&mut batch, account.user, LetterKind::Changed, &doer.origin);
        self.end_all(batch).await.map_err(over)?;
        self.posted.notify_one();
        Ok(())
    }

    /// What follows from a new password, however it came about: nobody stays logged in by the old one, links that
    /// were mailed before are good no more, and tries count anew.
    fn renewed(&self, batch: &mut Batch, account: &Credentials, doer: &Doer) {
        store::revoke_sessions(batch, account.user, doer.session, self.now());
        store::delete_pending_log_ins(batch, account.user);
        store::delete_proofs(batch, account.user, LetterKind::Reset);
        Self::forgive_password(batch, account, &doer.origin);
    }

    /// Changes the actor's password, who has to know the one before. All other log-ins end.
    pub(crate) async fn change_password(
        &self,
        actor: &Actor,
        current: &str,
        new: &str,
        origin: Origin,
    ) -> Result<(), AuthError> {
        let password = chosen("/new_password", new)?;
        let account = store::account_by_id(&self.database, actor.user).await?;
        let account = account.ok_or(AuthError::SessionOver)?;
        let doer = Doer::of(actor, origin);
        self.check_own(&account, current, &doer).await.map_err(|error| {
            if matches!(error, AuthError::WrongPassword) {
                Invalid::field("/current_password", "is not the password of this account").into()
            } else {
                error
            }
        })?;
        let password_hash = self.hashing.hash(password).await?;
        let mut batch = Batch::new();
        store::set_password(&mut batch, &account, &password_hash);
        self.renewed(&mut batch, &account, &doer);
        self.note(&mut batch, account.user, Act::PasswordChanged, "", &doer);
        self.post(&mut batch, account.user, LetterKind::Changed, &doer.origin);
        self.end_all(batch).await?;
        self.posted.notify_one();
        Ok(())
    }

    /// Sets a new password for somebody who cannot do it themselves. Everybody who is logged in is logged out.
    ///
    /// # Errors
    /// [`AuthError::NoAccount`], [`AuthError::Invalid`] or a failing database.
    pub async fn reset_by_operator(&self, email: &str, password: &str) -> Result<(), AuthError> {
        let (account, _) = self.account_of(email).await?;
        let password_hash = self.hashing.hash(chosen("/password", password)?).await?;
        let doer = Doer::default();
        let mut batch = Batch::new();
        store::set_password(&mut batch, &account, &password_hash);
        store::admit(&mut batch, account.user, None);
        self.renewed(&mut batch, &account, &doer);
        self.note(&mut batch, account.user, Act::ResetByOperator, "", &doer);
        self.post(&mut batch, account.user, LetterKind::Changed, &doer.origin);
        Ok(self.end_all(batch).await?)
    }
}

/// A password that somebody chooses now.
pub(super) fn chosen(pointer: &str, text: &str) -> Result<Password, AuthError> {
    Password::choose(text).map_err(|error| Invalid::field(pointer, error.to_string()).into())
}

/// A link that two use at once is used by one.
fn over(error: DbError) -> AuthError {
    match error {
        DbError::Conflict => AuthError::LinkOver,
        other @ (DbError::Unavailable(_)
        | DbError::Unique(_)
        | DbError::Inconsistent(_)
        | DbError::Refused(_)) => other.into(),
    }
}
