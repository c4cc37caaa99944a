//! auth: who somebody is. Owns accounts, passwords, sessions, the log of what was done with
//! them, and the keys that sign access tokens.
//!
//! It tells `user.registered` and what erases accounts, asks users to open the account's profile, and answers the door
//! ([`contracts::auth::Authentication`]).

mod consumers;
mod domain;
mod error;
mod hashing;
mod http;
mod jobs;
mod oidc;
mod pages;
mod service;
mod store;
#[cfg(test)]
mod tests;
mod tokens;

use std::sync::Arc;

use contracts::{auth::Authentication, users::Users};
use kernel::{Clock, Ids};
use platform::{
    db::{Database, Migration},
    mail::Mailer,
    module::{Module, Nature, marks},
    networks::Networks,
    outbound::Outbound,
    sealing::Sealing,
    settings::Span,
};

pub use error::AuthError;
pub use oidc::{Provider, Providers};
pub use service::{Auth, Registration};

/// The schema of this module's database.
pub const MIGRATIONS: &[Migration] = platform::migrations![
    "0001_accounts",
    "0002_sessions",
    "0003_proofs",
    "0004_api_keys",
    "0005_second_factors",
    "0006_identities",
    "0007_passkeys",
    "0008_service_tokens",
    "0009_erasures"
];

platform::settings! {
    "auth",
    /// How people are recognised, and for how long.
    pub struct AuthSettings {
        /// How long an access token is good for.
        access_token: Span = "10m",
        /// How long a log-in lasts; a refresh token that is used prolongs it.
        session: Span = "30d",
        /// Passwords hashed at the same time; each takes 19 MiB and some 30 ms of a processor.
        password_hashes: u32 = "2",
        /// Whether anybody may make an account.
        registration: bool = "true",
        /// Whether an e-mail address has to be confirmed before its account is used. Without a mail server it has not.
        verification: bool = "true",
        /// How long a key signs access tokens before another follows it; what it signed stays good until it expires.
        signing_key: Span = "30d",
        /// How long it is kept what was done with an account, for its owner to read.
        audit: Span = "365d",
        /// How long after every module has erased its part of an account it is asked once more, for what was under way. Longer than a request takes and a log-in is remembered.
        erasure_settles: Span = "1m",
        /// Services that may say who somebody is (OpenID Connect): a list of tables of key, name, issuer, client_id, client_secret, and hosts that they ask us to use beside their own. As a variable, the same as a text of TOML.
        providers: Providers = "",
        /// The header in which a proxy before us names the e-mail address of whoever it has let in, such as Remote-Email. Empty: none is believed.
        proxy_header: String = "",
        /// The proxies that are believed in that: addresses and networks. They must take the header away from what others send.
        proxy_addresses: Networks = "",
    }
}

/// What the module needs.
pub struct Deps {
    /// Its own database.
    pub database: Database,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// Its settings.
    pub settings: AuthSettings,
    /// Whether people reach us by HTTPS, so that cookies are secure.
    pub https: bool,
    /// Where people reach us, as `https://example.org`.
    pub public_url: String,
    /// Where mail is handed over, where this installation has a mail server.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// Asks providers who somebody is.
    pub outbound: Outbound,
    /// What is shared with authenticator apps is sealed with it.
    pub sealing: Sealing,
    /// Profiles of new people.
    pub users: Arc<dyn Users>,
}

/// Builds the module: what others may ask of it, and what is served.
///
/// # Errors
/// When the keys that sign access tokens can be neither read nor made.
pub async fn module(deps: Deps) -> Result<(Arc<Auth>, Module), AuthError> {
    let auth = Arc::new(Auth::open(deps).await?);
    let module = Module {
        name: "auth",
        api: http::routes(Arc::clone(&auth)),
        pages: pages::routes(Arc::clone(&auth)),
        consumers: consumers::consumers(&auth),
        jobs: jobs::jobs(&auth),
        long_bodies: Vec::new(),
        marks: [
            marks(
                Nature::LogIn,
                [
                    "/v1/auth/login",
                    "/login",
                    "/v1/oauth/token",
                    "/v1/auth/login/second-factor",
                    "/login/second-factor",
                    "/v1/auth/password",
                    "/security/password",
                    "/v1/auth/totp",
                    "/v1/auth/totp/confirm",
                    "/v1/auth/totp/disable",
                    "/v1/auth/recovery-codes",
                    "/security/delete",
                    "/security/providers/{key}",
                    "/security/providers/{key}/remove",
                    "/login/passkey",
                    "/security/passkeys",
                    "/security/passkeys/{id}/remove",
                    "/security/app",
                    "/security/app/confirm",
                    "/security/app/off",
                    "/security/app/recovery-codes",
                    "/v1/auth/email/verify",
                    "/verify",
                ],
            ),
            marks(Nature::SignUp, ["/v1/auth/register", "/register"]),
            marks(
                Nature::Reset,
                ["/v1/auth/password/forgot", "/forgotten", "/v1/auth/password/reset", "/reset"],
            ),
        ]
        .concat(),
    };
    Ok((auth, module))
}

/// The door's view of it.
pub fn authentication(auth: &Arc<Auth>) -> Arc<dyn Authentication> {
    Arc::clone(auth) as Arc<dyn Authentication>
}
