//! What whoever runs the installation does with accounts.

use kernel::Role;
use platform::db::Batch;

use super::{Auth, Doer};
use crate::{
    AuthError,
    domain::{Act, Email},
    store::{self, Credentials},
};

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
        let (account, _) = self.account_of(email).await?;
        let now = self.now();
        let mut batch = Batch::new();
        store::set_suspended(&mut batch, account.user, Some(now));
        store::revoke_sessions(&mut batch, account.user, None, now);
        self.note(&mut batch, account.user, Act::Suspended, "", &Doer::default());
        Ok(self.end_all(batch).await?)
    }

    /// Lets somebody in again who was suspended.
    ///
    /// # Errors
    /// [`AuthError::NoAccount`] or a failing database.
    pub async fn restore(&self, email: &str) -> Result<(), AuthError> {
        let (account, _) = self.account_of(email).await?;
        let mut batch = Batch::new();
        store::set_suspended(&mut batch, account.user, None);
        self.note(&mut batch, account.user, Act::Restored, "", &Doer::default());
        Ok(self.database.apply(batch).await?)
    }

    /// Says what somebody may do from now on.
    ///
    /// # Errors
    /// [`AuthError::NoAccount`] or a failing database.
    pub async fn give_role(&self, email: &str, role: Role) -> Result<(), AuthError> {
        let (account, _) = self.account_of(email).await?;
        let mut batch = Batch::new();
        store::set_role(&mut batch, account.user, role);
        self.note(&mut batch, account.user, Act::RoleChanged, role.as_str(), &Doer::default());
        Ok(self.end_all(batch).await?)
    }
}
