//! Counting what may not be tried without end.

use jiff::{SignedDuration, Timestamp};
use platform::{db::Batch, http::Origin};

use super::Auth;
use crate::{
    AuthError,
    domain::Tries,
    store::{self, Credentials},
};

impl Auth {
    /// Counts one more try of each; refused where there were too many. Counted before it is known how it ends, so that
    /// many at once are not one.
    pub(super) async fn count_tries(&self, tries: &[Tries]) -> Result<(), AuthError> {
        let now = self.now();
        for each in tries {
            let within = SignedDuration::try_from(each.within).unwrap_or(SignedDuration::MAX);
            let begins = now.checked_sub(within).unwrap_or(Timestamp::MIN);
            let (count, since) = store::count_try(&self.database, &each.key, now, begins).await?;
            if count > each.most {
                let over = since.checked_add(within).unwrap_or(Timestamp::MAX);
                let seconds = over.duration_since(now).as_secs().max(1);
                return Err(AuthError::TooMany(u32::try_from(seconds).unwrap_or(u32::MAX)));
            }
        }
        Ok(())
    }

    /// Tries of an account's password begin anew.
    pub(super) fn forgive_password(batch: &mut Batch, account: &Credentials, origin: &Origin) {
        if let Ok(email) = account.email.parse() {
            Self::forgive(batch, &Tries::of_password(&email, origin.address));
        }
    }

    /// They begin anew: somebody has shown that they are who they say.
    pub(super) fn forgive(batch: &mut Batch, tries: &[Tries]) {
        tries.iter().for_each(|each| store::forget_tries(batch, &each.key));
    }
}
