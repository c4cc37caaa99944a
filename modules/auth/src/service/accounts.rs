//! What is done with accounts by whoever runs the installation: at its command line, and, once somebody there has made
//! them one, by its administrators.

use async_trait::async_trait;
use contracts::{CallError, auth::Accounts};
use jiff::Timestamp;
use kernel::{Actor, Role, UserId};
use platform::{
    db::Batch,
    http::{IfMatch, Origin},
};

use super::{Auth, Doer};
use crate::{
    AuthError,
    domain::{Act, Email},
    http::person_etag,
    store::{self, Credentials, Known},
};

/// What somebody may do, and whether they are kept out; what is not said stays.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Standing {
    pub(crate) role: Option<Role>,
    pub(crate) suspended: Option<bool>,
}

#[async_trait]
impl Accounts for Auth {
    async fn is_open(&self, user: UserId) -> Result<bool, CallError> {
        let found = store::account_by_id(&self.database, user).await;
        let known = found.map_err(|error| CallError::Unavailable(error.to_string()))?;
        Ok(known.is_some_and(|account| !account.suspended))
    }
}

impl Auth {
    pub(super) async fn account_of(&self, email: &str) -> Result<(Credentials, Email), AuthError> {
        let email: Email = email.parse().map_err(|_| AuthError::NoAccount)?;
        let account = store::account_by_email(&self.database, &email).await?;
        account.map(|account| (account, email)).ok_or(AuthError::NoAccount)
    }

    /// Keeps somebody out: logged out everywhere within ten seconds, and not let in any more.
    ///
    /// # Errors
    /// [`AuthError::NoAccount`] or a failing database.
    pub async fn suspend(&self, email: &str) -> Result<(), AuthError> {
        self.at_the_command_line(email, Standing { suspended: Some(true), role: None }).await
    }

    /// Lets somebody in again who was suspended.
    ///
    /// # Errors
    /// [`AuthError::NoAccount`] or a failing database.
    pub async fn restore(&self, email: &str) -> Result<(), AuthError> {
        self.at_the_command_line(email, Standing { suspended: Some(false), role: None }).await
    }

    /// Says what somebody may do from now on.
    ///
    /// # Errors
    /// [`AuthError::NoAccount`] or a failing database.
    pub async fn give_role(&self, email: &str, role: Role) -> Result<(), AuthError> {
        self.at_the_command_line(email, Standing { role: Some(role), suspended: None }).await
    }

    async fn at_the_command_line(&self, email: &str, standing: Standing) -> Result<(), AuthError> {
        let (account, _) = self.account_of(email).await?;
        let known = store::person(&self.database, account.user).await?.ok_or(AuthError::NoAccount)?;
        self.stand(&known, standing, None).await
    }

    /// Everybody who has an account and whose address begins with `prefix`, the newest first: those before `before`, and
    /// one more than asked for.
    pub(crate) async fn people(
        &self,
        prefix: &str,
        before: Option<UserId>,
        limit: u16,
    ) -> Result<Vec<Known>, AuthError> {
        Ok(store::people(&self.database, prefix, before, limit).await?)
    }

    pub(crate) async fn person(&self, user: UserId) -> Result<Known, AuthError> {
        store::person(&self.database, user).await?.ok_or(AuthError::NotFound)
    }

    /// Changes what somebody may do, by an administrator who has `seen` how it is. Of themselves nobody does: so there
    /// is always one left.
    pub(crate) async fn change_person(
        &self,
        administrator: &Actor,
        user: UserId,
        seen: &IfMatch,
        standing: Standing,
        origin: Origin,
    ) -> Result<Known, AuthError> {
        let known = self.person(user).await?;
        seen.check(&person_etag(&known)).map_err(|_| AuthError::Overtaken)?;
        if user == administrator.user {
            return Err(AuthError::OneselfAdministered);
        }
        self.stand(&known, standing, Some((administrator, origin))).await?;
        self.person(user).await
    }

    /// Both the one whom it concerns and the one who did it find it in their log; where the latter was is only theirs.
    async fn stand(
        &self,
        known: &Known,
        standing: Standing,
        by: Option<(&Actor, Origin)>,
    ) -> Result<(), AuthError> {
        if standing.suspended == Some(false) && store::is_being_erased(&self.database, known.user).await? {
            return Err(AuthError::BeingErased);
        }
        let now = self.now();
        let role = standing.role.unwrap_or(known.role);
        let since: Option<Timestamp> = match standing.suspended {
            Some(true) => known.suspended_at.or(Some(now)),
            Some(false) => None,
            None => known.suspended_at,
        };
        let mut acts = Vec::new();
        match (known.suspended_at, since) {
            (None, Some(_)) => acts.push((Act::Suspended, Act::PersonSuspended, String::new())),
            (Some(_), None) => acts.push((Act::Restored, Act::PersonRestored, String::new())),
            (None, None) | (Some(_), Some(_)) => {}
        }
        if role != known.role {
            acts.push((Act::RoleChanged, Act::PersonRoleChanged, role.as_str().to_owned()));
        }
        if acts.is_empty() {
            return Ok(());
        }
        let mut batch = Batch::new();
        store::set_standing(&mut batch, known, role, since);
        if since.is_some() {
            store::revoke_sessions(&mut batch, known.user, None, now);
        }
        for (theirs, ours, detail) in acts {
            self.note(&mut batch, known.user, theirs, &detail, &Doer::default());
            if let Some((administrator, origin)) = &by {
                let whose = if detail.is_empty() {
                    known.email.clone()
                } else {
                    format!("{}: {detail}", known.email)
                };
                let doer = Doer::of(administrator, origin.clone());
                self.note(&mut batch, administrator.user, ours, &whose, &doer);
            }
        }
        Ok(self.end_all(batch).await?)
    }
}
