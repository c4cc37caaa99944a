//! Registering, and whether a password is somebody's.

use std::time::Duration;

use contracts::{
    auth::UserRegistered,
    users::{Account, Profile},
};
use kernel::{Event, Invalid, Role, UserId};
use platform::{
    db::{Batch, DbError},
    http::Origin,
};

use super::{Auth, Doer, Registration};
use crate::{
    AuthError,
    domain::{Act, Email, LetterKind, Password, Tries},
    store::{self, Credentials},
};

/// How long a registration waits for the profile; after that it follows from the event.
const PROFILE_PATIENCE: Duration = Duration::from_secs(2);

impl Auth {
    /// Makes an account that is used at once, with a profile and a household.
    ///
    /// # Errors
    /// [`AuthError::Invalid`], [`AuthError::AddressTaken`], [`AuthError::Busy`] or a failing database.
    pub async fn register(&self, registration: Registration) -> Result<(UserId, String), AuthError> {
        let (email, password) = checked(&registration)?;
        let hash = self.hashing.hash(password).await?;
        let opened = self.opened(&email, registration.profile);
        let account = credentials(&opened, hash, registration.role, false);
        self.write_account(&account, &email, &opened, &Doer::default()).await?;
        self.open_profile(&opened).await;
        Ok((account.user, account.email))
    }

    /// Makes an account for whoever wants one. Where mail is sent, nobody learns from the answer, or from the time it
    /// takes, whether somebody has the address: whoever reads its mail does.
    pub(crate) async fn sign_up(
        &self,
        registration: Registration,
        origin: Origin,
    ) -> Result<SignedUp, AuthError> {
        let (email, password) = checked(&registration)?;
        let doer = Doer::nobody(origin);
        if !self.demands_proof() {
            let hash = self.hashing.hash(password).await?;
            let opened = self.opened(&email, registration.profile);
            let account = credentials(&opened, hash, registration.role, false);
            self.write_account(&account, &email, &opened, &doer).await?;
            self.open_profile(&opened).await;
            return Ok(SignedUp::Account(account.user, account.email));
        }
        self.count_tries(&[Tries::of_letters(&email)]).await?;
        let hash = self.hashing.hash(password).await?;
        // Looked for in both cases, and one batch in both: neither takes longer than the other. The profile follows from
        // the event, for waiting for it would tell that the address was new.
        let known = store::account_by_email(&self.database, &email).await?;
        let opened = self.opened(&email, registration.profile);
        let account = credentials(&opened, hash, registration.role, true);
        let made = match &known {
            Some(_) => Err(AuthError::AddressTaken),
            None => self.write_account(&account, &email, &opened, &doer).await,
        };
        match made {
            Ok(()) => {}
            Err(AuthError::AddressTaken) => {
                self.tell_owner(known, &email, &account.password_hash, &doer).await?;
            }
            Err(error) => return Err(error),
        }
        self.posted.notify_one();
        Ok(SignedUp::Letter)
    }

    /// Somebody wanted an account with an address that has one. While nobody has proved the address, whoever came last
    /// decides on the password, and whoever reads its mail is the one who can prove it.
    async fn tell_owner(
        &self,
        known: Option<Credentials>,
        email: &Email,
        hash: &str,
        doer: &Doer,
    ) -> Result<(), AuthError> {
        let known = match known {
            Some(known) => Some(known),
            // Somebody else was first just now.
            None => store::account_by_email(&self.database, email).await?,
        };
        let Some(account) = known else { return Ok(()) };
        let mut batch = Batch::new();
        if account.awaits_proof {
            store::set_password(&mut batch, &account, hash);
            self.post(&mut batch, account.user, LetterKind::Verify, &doer.origin);
        } else {
            self.post(&mut batch, account.user, LetterKind::Taken, &doer.origin);
        }
        match self.database.apply(batch).await {
            // Two at once: one of them decided.
            Err(DbError::Conflict) => Ok(()),
            other => Ok(other?),
        }
    }

    fn opened(&self, email: &Email, profile: Profile) -> Account {
        Account { user: self.ids.next(), email: email.to_string(), profile }
    }

    pub(super) async fn write_account(
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
        if account.awaits_proof {
            self.post(&mut batch, account.user, LetterKind::Verify, &doer.origin);
        }
        batch.tell(&event);
        self.database.apply(batch).await.map_err(|error| {
            if error.violates("accounts_one_per_address") { AuthError::AddressTaken } else { error.into() }
        })
    }

    /// Asks users for the profile, so that it is there when the answer is. Should users be away, it follows from
    /// `user.registered`.
    pub(super) async fn open_profile(&self, opened: &Account) {
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
        match account.as_ref().filter(|_| !right) {
            Some(account) => {
                let mut batch = Batch::new();
                self.note(&mut batch, account.user, Act::LogInFailed, "", doer);
                self.database.apply(batch).await?;
            }
            // As much is written for an address that nobody has, so that it takes as long.
            None if !right => {
                let nobodys = Tries::of_nobody(&email);
                store::count_try(&self.database, &nobodys.key, self.now(), self.now()).await?;
            }
            None => {}
        }
        let account = account.filter(|_| right).ok_or(AuthError::WrongPassword)?;
        if account.suspended {
            return Err(AuthError::Suspended);
        }
        if account.awaits_proof && self.demands_proof() {
            self.ask_for_proof(&account, doer).await?;
            return Err(AuthError::Unproved);
        }
        Ok(account)
    }

    /// Mails the link again, when it was not mailed often already.
    async fn ask_for_proof(&self, account: &Credentials, doer: &Doer) -> Result<(), AuthError> {
        let email: Email = account.email.parse().map_err(AuthError::internal)?;
        match self.count_tries(&[Tries::of_letters(&email)]).await {
            Err(AuthError::TooMany(_)) => return Ok(()),
            other => other?,
        }
        let mut batch = Batch::new();
        self.post(&mut batch, account.user, LetterKind::Verify, &doer.origin);
        self.database.apply(batch).await?;
        self.posted.notify_one();
        Ok(())
    }
}

/// What came of a wish for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SignedUp {
    /// It is there, and can be used.
    Account(UserId, String),
    /// Whoever reads the mail of the address knows how to go on.
    Letter,
}

fn checked(registration: &Registration) -> Result<(Email, Password), AuthError> {
    let mut invalid = Invalid::new();
    let email = invalid.check("/email", registration.email.parse::<Email>());
    let password = invalid.check("/password", Password::choose(&registration.password));
    invalid.into_result()?;
    email.zip(password).ok_or_else(|| AuthError::internal("a checked registration lacks a part"))
}

fn credentials(opened: &Account, password_hash: String, role: Role, awaits_proof: bool) -> Credentials {
    Credentials {
        user: opened.user,
        email: opened.email.clone(),
        password_hash,
        role,
        suspended: false,
        awaits_proof,
        version: 1,
    }
}
