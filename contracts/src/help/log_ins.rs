//! By what somebody logs in, and by what they can when that is lost.

use async_trait::async_trait;
use kernel::Actor;

use crate::CallError;

/// What help asks of auth. All of it is the actor's own.
#[async_trait]
pub trait LogIns: Send + Sync {
    /// By what the actor can log in.
    ///
    /// # Errors
    /// [`CallError::Unavailable`].
    async fn ways_in(&self, actor: &Actor) -> Result<WaysIn, CallError>;

    /// Ends every log-in of the actor's but the one that asks.
    ///
    /// # Errors
    /// [`CallError::Unavailable`].
    async fn end_others(&self, actor: &Actor) -> Result<(), CallError>;
}

/// By what somebody can log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaysIn {
    /// Whether a code of an app is asked for after the password.
    pub app: bool,
    /// How many recovery codes are left for when it is lost.
    pub recovery_codes: i64,
    /// How many passkeys there are.
    pub passkeys: usize,
    /// How many others say who they are.
    pub providers: usize,
    /// Whether a forgotten password can be set anew by a link that is mailed.
    pub mails: bool,
    /// How many other log-ins are open.
    pub others: usize,
}
