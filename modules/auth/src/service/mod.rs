//! Registering, logging in, staying logged in, logging out, and what is known of all that.

mod accounts;
mod api_keys;
mod audit;
mod enter;
mod erasing;
mod factors;
mod helping;
mod keys;
mod letters;
mod log_in;
mod outside;
mod passkeys;
mod passwords;
mod recognise;
mod service_tokens;
mod sessions;
mod tries;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, RwLock},
    time::Duration,
};

use contracts::users::{Profile, Users};
use jiff::Timestamp;
use kernel::{Actor, ApiKeyId, Clock, Ids, Role, SessionId, UserId};
use moka::sync::Cache;
use platform::{db::Database, http::Origin, mail::Mailer, sealing::Sealing};
use tokio::sync::Notify;

use crate::{AuthError, AuthSettings, Deps, hashing::Hashing, tokens::Ring};

pub(crate) use accounts::Standing;
pub(crate) use api_keys::{Issued, PREFIX};
pub(crate) use enter::{Begun, Entered, PATIENCE};
pub(crate) use erasing::{Farewell, Fate, FollowError, LeftBehind};
pub(crate) use factors::Enrolment;
pub(crate) use log_in::SignedUp;
pub(crate) use outside::{Arrived, Return, TRIP};
pub(crate) use service_tokens::{Denied, SERVICE_PREFIX};
pub(crate) use sessions::Session;

/// How long somebody who was recognised is taken for the same without looking again. Half of what is promised: ten
/// seconds after a session was revoked it is over in every process, however slow a database answered.
const RECOGNISED_FOR: Duration = Duration::from_secs(5);
/// How many people are remembered that way.
const RECOGNISED: u64 = 100_000;

/// Knows who somebody is.
pub struct Auth {
    database: Database,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    pub(crate) settings: AuthSettings,
    pub(crate) https: bool,
    /// Where people reach us: the issuer of tokens, and the beginning of links that are mailed.
    pub(crate) public_url: String,
    pub(crate) users: Arc<dyn Users>,
    /// Where mail is handed over, where this installation has a mail server.
    mailer: Option<Arc<dyn Mailer>>,
    /// Wakes who sends it.
    pub(crate) posted: Arc<Notify>,
    /// Wakes who sees erasures through.
    pub(crate) confirmed: Arc<Notify>,
    oidc: crate::oidc::Client,
    hashing: Hashing,
    /// Seals what is shared with authenticator apps.
    sealing: Sealing,
    ring: RwLock<Arc<Ring>>,
    /// When keys were last looked for because a token named one that is not known.
    looked_for_key: Mutex<Option<std::time::Instant>>,
    recognised: Cache<Vec<u8>, (Actor, Timestamp)>,
    /// Sessions that were used, and when last, to be written down soon.
    seen: Mutex<HashMap<(UserId, SessionId), Timestamp>>,
    /// The same of keys, by the hash of the secret that was used.
    keys_used: Mutex<HashMap<(ApiKeyId, Vec<u8>), Timestamp>>,
}

/// What it takes to make an account.
#[derive(Debug, Clone)]
pub struct Registration {
    /// Where they can be written to.
    pub email: String,
    /// What they log in with.
    pub password: String,
    /// What they say of themselves.
    pub profile: Profile,
    /// What they may do.
    pub role: Role,
}

/// What a client of the API carries.
#[derive(Debug, Clone)]
pub(crate) struct TokenPair {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) expires_in: Duration,
}

/// Who did something, as far as that is known: by a session, from somewhere.
#[derive(Debug, Clone, Default)]
pub(crate) struct Doer {
    pub(crate) session: Option<SessionId>,
    pub(crate) origin: Origin,
}

impl Doer {
    /// Somebody who is logged in.
    pub(crate) fn of(actor: &Actor, origin: Origin) -> Self {
        Self { session: Some(actor.session), origin }
    }

    /// Somebody who is not, or not yet.
    pub(crate) fn nobody(origin: Origin) -> Self {
        Self { session: None, origin }
    }
}

impl Auth {
    pub(crate) async fn open(deps: Deps) -> Result<Self, AuthError> {
        let public_url = deps.public_url.trim_end_matches('/').to_owned();
        let ring = keys::open(&deps.database, deps.clock.now(), &public_url).await?;
        let recognised = Cache::builder().max_capacity(RECOGNISED).time_to_live(RECOGNISED_FOR).build();
        Ok(Self {
            oidc: crate::oidc::Client::new(deps.outbound),
            hashing: Hashing::new(deps.settings.password_hashes),
            database: deps.database,
            clock: deps.clock,
            ids: deps.ids,
            settings: deps.settings,
            https: deps.https,
            public_url,
            users: deps.users,
            mailer: deps.mailer,
            sealing: deps.sealing,
            posted: Arc::default(),
            confirmed: Arc::default(),
            ring: RwLock::new(Arc::new(ring)),
            looked_for_key: Mutex::default(),
            recognised,
            seen: Mutex::default(),
            keys_used: Mutex::default(),
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
