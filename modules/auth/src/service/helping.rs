//! What help asks: by what somebody logs in, and by what they can when that is lost.

use async_trait::async_trait;
use contracts::{
    CallError,
    help::{LogIns, WaysIn},
};
use kernel::Actor;
use platform::http::Origin;

use super::Auth;
use crate::{AuthError, store};

/// More log-ins than are told apart.
const LOG_INS: u16 = 100;

fn away(error: &AuthError) -> CallError {
    CallError::Unavailable(error.to_string())
}

impl Auth {
    async fn by_what(&self, actor: &Actor) -> Result<WaysIn, AuthError> {
        let factors = self.factors(actor).await?;
        let sessions = self.sessions(actor, None, LOG_INS).await?;
        Ok(WaysIn {
            app: factors.totp_since.is_some(),
            recovery_codes: factors.recovery_codes_left,
            passkeys: self.passkeys(actor).await?.len(),
            providers: store::identities(&self.database, actor.user).await?.len(),
            mails: self.mailer.is_some(),
            others: sessions.iter().filter(|session| !session.current).count(),
        })
    }
}

#[async_trait]
impl LogIns for Auth {
    async fn ways_in(&self, actor: &Actor) -> Result<WaysIn, CallError> {
        self.by_what(actor).await.map_err(|error| away(&error))
    }

    async fn end_others(&self, actor: &Actor) -> Result<(), CallError> {
        // It comes from a page of the same log-in, which the log names.
        self.revoke_others(actor, Origin::default()).await.map_err(|error| away(&error))
    }
}
