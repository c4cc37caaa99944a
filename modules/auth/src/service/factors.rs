//! Second factors: codes of an authenticator app, and recovery codes for when it is lost.

use std::time::Duration;

use jiff::Timestamp;
use kernel::{Actor, Invalid, UserId};
use platform::{
    db::{Batch, DbError},
    http::Origin,
    system::random_bytes,
};

use super::{Auth, Doer};
use crate::{
    AuthError,
    domain::{
        Act, LetterKind, Method, Tries,
        codes::{self, AppSecret, Picture, RECOVERY_CODES, Typed},
    },
    store::{self, Credentials, KeptTotp},
};

/// For how long a secret waits to be confirmed.
const SETTING_UP: Duration = Duration::from_secs(3_600);

/// What an app is told, while it is set up.
pub(crate) struct Enrolment {
    /// To be typed.
    pub(crate) secret: String,
    /// `otpauth://…`
    pub(crate) address: String,
    /// The address, for a camera.
    pub(crate) picture: Picture,
}

/// What an account asks for beside its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Factors {
    /// Since when codes of an app are asked for.
    pub(crate) totp_since: Option<Timestamp>,
    pub(crate) recovery_codes_left: i64,
}

impl Auth {
    /// What the actor's account asks for.
    pub(crate) async fn factors(&self, actor: &Actor) -> Result<Factors, AuthError> {
        let kept = store::totp(&self.database, actor.user).await?;
        Ok(Factors {
            totp_since: kept.and_then(|kept| kept.confirmed_at),
            recovery_codes_left: store::recovery_codes_left(&self.database, actor.user).await?,
        })
    }

    pub(super) async fn has_second_factor(&self, user: UserId) -> Result<bool, AuthError> {
        let kept = store::totp(&self.database, user).await?;
        Ok(kept.is_some_and(|kept| kept.confirmed_at.is_some()))
    }

    /// Makes the secret of an app, which counts once a code of it was shown by the same log-in.
    pub(crate) async fn begin_totp(
        &self,
        actor: &Actor,
        password: &str,
        origin: Origin,
    ) -> Result<Enrolment, AuthError> {
        let account = self.own_account(actor, password, origin.clone()).await?;
        let secret = AppSecret::new(random_bytes().map_err(AuthError::internal)?);
        let sealed = self.sealing.seal(&owner(actor.user), secret.expose()).map_err(AuthError::internal)?;
        let mut batch = Batch::new();
        store::begin_totp(&mut batch, actor.user, sealed, actor.session, self.now());
        Self::forgive_password(&mut batch, &account, &origin);
        let kept = self.database.apply(batch).await;
        kept.map_err(|error| if error.is_conflict() { AuthError::TotpOn } else { error.into() })?;
        self.enrolment(&secret, &account)
    }

    /// The same again, for a page on which a code was wrong.
    pub(crate) async fn enrolment_again(&self, actor: &Actor) -> Result<Enrolment, AuthError> {
        let kept = self.unconfirmed(actor).await?;
        let account =
            store::account_by_id(&self.database, actor.user).await?.ok_or(AuthError::SessionOver)?;
        self.enrolment(&self.opened_secret(actor.user, &kept)?, &account)
    }

    fn enrolment(&self, secret: &AppSecret, account: &Credentials) -> Result<Enrolment, AuthError> {
        let host = self.public_url.split_once("://").map_or(self.public_url.as_str(), |(_, host)| host);
        let address = secret.address(&format!("Perennial ({host})"), &account.email);
        let picture = Picture::of(&address).map_err(AuthError::internal)?;
        Ok(Enrolment { secret: secret.base32(), address, picture })
    }

    /// The secret that this log-in asked for, and that does not count yet.
    async fn unconfirmed(&self, actor: &Actor) -> Result<KeptTotp, AuthError> {
        let kept = store::totp(&self.database, actor.user).await?;
        let kept = kept.filter(|kept| {
            let fresh = self.now() < kept.created_at + SETTING_UP;
            kept.confirmed_at.is_none() && kept.session == actor.session && fresh
        });
        kept.ok_or(AuthError::NotSettingUp)
    }

    fn opened_secret(&self, user: UserId, kept: &KeptTotp) -> Result<AppSecret, AuthError> {
        let opened = self.sealing.open(&owner(user), &kept.secret).map_err(|error| {
            AuthError::internal(format!("the secret of the app of {user} is lost: {error}"))
        })?;
        <[u8; 20]>::try_from(opened)
            .map(AppSecret::new)
            .map_err(|_| AuthError::internal("a secret is no secret"))
    }

    /// Turns codes of an app on, by one of them; returns the recovery codes.
    pub(crate) async fn confirm_totp(
        &self,
        actor: &Actor,
        typed: &str,
        origin: Origin,
    ) -> Result<Vec<String>, AuthError> {
        let kept = self.unconfirmed(actor).await?;
        self.count_tries(&Tries::of_code(actor.user)).await?;
        let secret = self.opened_secret(actor.user, &kept)?;
        let step = match Typed::read(typed) {
            Typed::Code(code) => secret.step_of(&code, self.now()),
            Typed::Recovery(_) => None,
        };
        let wrong =
            "is not the code that the app shows now; look also whether the clock of your device is right";
        let step = step.ok_or_else(|| Invalid::field("/code", wrong))?;
        let doer = Doer::of(actor, origin);
        let mut batch = Batch::new();
        store::confirm_totp(&mut batch, actor.user, &kept, step, self.now());
        Self::forgive(&mut batch, &Tries::of_code(actor.user));
        let codes = self.new_recovery_codes(&mut batch, actor.user)?;
        self.changed_factors(batch, actor.user, Act::TotpOn, &doer).await.map_err(|error| {
            let conflict = matches!(error, AuthError::Database(DbError::Conflict));
            if conflict { AuthError::NotSettingUp } else { error }
        })?;
        Ok(codes)
    }

    /// Makes recovery codes in the place of those that there were.
    pub(crate) async fn renew_recovery_codes(
        &self,
        actor: &Actor,
        password: &str,
        typed: &str,
        origin: Origin,
    ) -> Result<Vec<String>, AuthError> {
        let mut batch = self.both_factors(actor, password, typed, origin.clone()).await?;
        let codes = self.new_recovery_codes(&mut batch, actor.user)?;
        self.changed_factors(batch, actor.user, Act::RecoveryCodesMade, &Doer::of(actor, origin)).await?;
        Ok(codes)
    }

    /// Turns codes of an app off.
    pub(crate) async fn end_totp(
        &self,
        actor: &Actor,
        password: &str,
        typed: &str,
        origin: Origin,
    ) -> Result<(), AuthError> {
        let mut batch = self.both_factors(actor, password, typed, origin.clone()).await?;
        store::delete_totp(&mut batch, actor.user);
        self.changed_factors(batch, actor.user, Act::TotpOff, &Doer::of(actor, origin)).await
    }

    /// Turns codes of an app off for somebody who has lost it and the recovery codes.
    ///
    /// # Errors
    /// [`AuthError::NoAccount`] or a failing database.
    pub async fn end_totp_by_operator(&self, email: &str) -> Result<(), AuthError> {
        let (account, _) = self.account_of(email).await?;
        let mut batch = Batch::new();
        store::delete_totp(&mut batch, account.user);
        self.changed_factors(batch, account.user, Act::TotpOff, &Doer::default()).await
    }

    /// A batch that uses up a factor of somebody who knows their password.
    async fn both_factors(
        &self,
        actor: &Actor,
        password: &str,
        typed: &str,
        origin: Origin,
    ) -> Result<Batch, AuthError> {
        if !self.has_second_factor(actor.user).await? {
            return Err(AuthError::NoTotp);
        }
        let account = self.own_account(actor, password, origin.clone()).await?;
        let mut batch = Batch::new();
        Self::forgive_password(&mut batch, &account, &origin);
        let checked = self.check_factor(&mut batch, actor.user, typed, &Doer::of(actor, origin)).await;
        checked.map_err(|error| {
            let wrong = matches!(error, AuthError::WrongCode);
            if wrong { Invalid::field("/code", error.to_string()).into() } else { error }
        })?;
        Ok(batch)
    }

    /// The actor's account, when the password is its.
    pub(super) async fn own_account(
        &self,
        actor: &Actor,
        password: &str,
        origin: Origin,
    ) -> Result<Credentials, AuthError> {
        let account =
            store::account_by_id(&self.database, actor.user).await?.ok_or(AuthError::SessionOver)?;
        self.check_own(&account, password, &Doer::of(actor, origin)).await.map_err(|error| {
            let wrong = matches!(error, AuthError::WrongPassword);
            let said = || Invalid::field("/password", "is not the password of this account").into();
            if wrong { said() } else { error }
        })?;
        Ok(account)
    }

    fn new_recovery_codes(&self, batch: &mut Batch, user: UserId) -> Result<Vec<String>, AuthError> {
        let made = (0..RECOVERY_CODES).map(|_| random_bytes().map(codes::recovery_code));
        let codes: Vec<String> = made.collect::<Result<_, _>>().map_err(AuthError::internal)?;
        let owner = owner(user);
        let hashes = codes.iter().map(|code| codes::hash_of_recovery(&owner, &code.replace('-', "")));
        store::replace_recovery_codes(batch, user, hashes.collect());
        Ok(codes)
    }

    async fn changed_factors(
        &self,
        mut batch: Batch,
        user: UserId,
        act: Act,
        doer: &Doer,
    ) -> Result<(), AuthError> {
        self.note(&mut batch, user, act, "", doer);
        self.post(&mut batch, user, LetterKind::Factors, &doer.origin);
        self.database.apply(batch).await?;
        self.posted.notify_one();
        Ok(())
    }

    /// Whether what was typed is a factor of the user's, counted like every try; using it up goes into the batch.
    pub(super) async fn check_factor(
        &self,
        batch: &mut Batch,
        user: UserId,
        typed: &str,
        doer: &Doer,
    ) -> Result<Method, AuthError> {
        let found = match Typed::read(typed) {
            Typed::Code(code) => self.check_code(batch, user, &code).await?,
            Typed::Recovery(code) => self.check_recovery(batch, user, &code).await?,
        };
        if let Some(method) = found {
            return Ok(method);
        }
        let mut failed = Batch::new();
        self.note(&mut failed, user, Act::CodeFailed, "", doer);
        self.database.apply(failed).await?;
        Err(AuthError::WrongCode)
    }

    async fn check_code(
        &self,
        batch: &mut Batch,
        user: UserId,
        code: &str,
    ) -> Result<Option<Method>, AuthError> {
        let tries = Tries::of_code(user);
        self.count_tries(&tries).await?;
        let kept = store::totp(&self.database, user).await?.filter(|kept| kept.confirmed_at.is_some());
        let Some(kept) = kept else { return Ok(None) };
        let step = self.opened_secret(user, &kept)?.step_of(code, self.now());
        // A code that was used, or one before it: somebody looked over a shoulder.
        let Some(step) = step.filter(|step| *step > kept.last_step) else { return Ok(None) };
        store::use_totp_step(batch, user, step);
        Self::forgive(batch, &tries);
        Ok(Some(Method::Totp))
    }

    async fn check_recovery(
        &self,
        batch: &mut Batch,
        user: UserId,
        code: &str,
    ) -> Result<Option<Method>, AuthError> {
        self.count_tries(&[Tries::of_recovery(user)]).await?;
        let hash = codes::hash_of_recovery(&owner(user), code);
        if !store::has_recovery_code(&self.database, user, &hash).await? {
            return Ok(None);
        }
        store::use_recovery_code(batch, user, hash, self.now());
        Self::forgive(batch, &[Tries::of_recovery(user)]);
        Ok(Some(Method::RecoveryCode))
    }
}

/// To whom a secret is bound.
fn owner(user: UserId) -> Vec<u8> {
    user.uuid().as_bytes().to_vec()
}
