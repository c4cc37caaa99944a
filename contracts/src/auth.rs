//! auth: who somebody is.

use std::net::IpAddr;

use async_trait::async_trait;
use kernel::{Actor, EventPayload, UserId};
use serde::{Deserialize, Serialize};

use crate::{CallError, schemas::Described, users::Account};

/// The names of the cookie that keeps somebody signed in to the pages: by HTTPS with the prefix that browsers bind to
/// this very host, without it otherwise, as they refuse the prefix there.
pub const COOKIE: [&str; 2] = ["__Host-perennial", "perennial"];

/// What the door asks of auth.
#[async_trait]
pub trait Authentication: Send + Sync {
    /// Who bears this access token; `None` when it is not valid now.
    ///
    /// # Errors
    /// [`CallError::Unavailable`] when that cannot be known.
    async fn bearer(&self, token: &str) -> Result<Option<Actor>, CallError>;

    /// Who is signed in to the pages with this cookie; `None` when nobody is.
    ///
    /// # Errors
    /// [`CallError::Unavailable`] when that cannot be known.
    async fn cookie(&self, token: &str) -> Result<Option<Actor>, CallError>;
}

/// Something that somebody did elsewhere, for their log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Events that could not be taken were sent again.
    DeadLettersReplayed,
    /// Events that could not be taken were thrown away.
    DeadLettersDiscarded,
    /// What this person handed over was opened by whoever answers it. They read of it in their own log as well.
    TicketOpened(UserId),
    /// They have an address by which whoever knows it adds to their household.
    MailAddressMade,
    /// It is no more.
    MailAddressRevoked,
}

/// What others ask of auth about people who are not there at the moment, and for whom something is to be done.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Whether somebody has an account that is not suspended.
    ///
    /// # Errors
    /// [`CallError::Unavailable`] when that cannot be known.
    async fn is_open(&self, user: UserId) -> Result<bool, CallError>;
}

/// What others have auth write into the log of what somebody did.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Writes down what the actor did, in a few words, and from where.
    ///
    /// # Errors
    /// [`CallError::Unavailable`].
    async fn write_down(
        &self,
        actor: &Actor,
        deed: Deed,
        detail: &str,
        whence: (Option<IpAddr>, &str),
    ) -> Result<(), CallError>;
}

/// `user.registered`: somebody has an account. Its subject is the user's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UserRegistered(pub Account);

impl EventPayload for UserRegistered {
    const TYPE: &'static str = "user.registered";
    const SOURCE: &'static str = "/auth";
}

/// What auth says.
pub(crate) fn described() -> Vec<Described> {
    vec![Described::of::<UserRegistered>()]
}
