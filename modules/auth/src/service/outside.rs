//! Somebody whom another one vouches for: a provider that was asked, or the proxy before us.

use std::{net::IpAddr, time::Duration};

use axum::http::HeaderMap;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::users::Account;
use jiff::Timestamp;
use kernel::{Actor, Role, UserId};
use platform::{
    db::{Batch, DbError},
    http::Origin,
};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{Auth, Doer, Entered};
use crate::{
    AuthError,
    domain::{Act, Email, LetterKind, Method},
    oidc::{Provider, Said},
    store::{self, Credentials, SessionKind, Trip},
    tokens::{hash_of, new_secret},
};

/// How long somebody may be at a provider.
pub(crate) const TRIP: Duration = Duration::from_secs(10 * 60);

/// A browser that is about to leave for a provider.
pub(crate) struct Departure {
    /// Where to.
    pub(crate) address: String,
    /// What it takes along, and brings back.
    pub(crate) ticket: String,
}

/// A browser that came back.
pub(crate) enum Arrived {
    /// Somebody is let in, and goes on to a path; nowhere in particular when it is empty.
    In(Entered, String),
    /// The provider is one of their ways to log in from now on.
    Linked,
}

/// What a browser says on its return.
pub(crate) struct Return<'r> {
    pub(crate) ticket: &'r str,
    pub(crate) state: &'r str,
    pub(crate) code: &'r str,
    pub(crate) who: Option<Actor>,
    pub(crate) origin: Origin,
}

/// A provider as somebody's way to log in.
pub(crate) struct Way {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) since: Option<Timestamp>,
}

/// What follows from a ticket: it leaves the browser for nobody but us, so that a provider, or whoever sees an address,
/// learns neither what proves the code ours nor the other two from one.
fn derived(ticket: &str, purpose: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::new().chain_update(purpose).chain_update(ticket).finalize())
}

impl Auth {
    pub(crate) fn provider(&self, key: &str) -> Result<&Provider, AuthError> {
        self.settings.providers.find(key).ok_or(AuthError::NoProvider)
    }

    fn redirect_of(&self, provider: &Provider) -> String {
        format!("{}/login/with/{}/callback", self.public_url, provider.key)
    }

    /// Sends a browser to a provider; for the actor, where it is to become their way to log in.
    pub(crate) async fn depart(
        &self,
        key: &str,
        next: &str,
        link: Option<&Actor>,
    ) -> Result<Departure, AuthError> {
        let provider = self.provider(key)?;
        let ticket = new_secret("ptr")?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(derived(&ticket, "verifier")));
        let asked = (&*derived(&ticket, "state"), &*derived(&ticket, "nonce"), &*challenge);
        let address = self.oidc.authorization(provider, &self.redirect_of(provider), asked).await?;
        let link = link.map(|actor| (actor.user, actor.session));
        let trip = Trip { provider: key.to_owned(), next: next.to_owned(), link };
        let mut batch = Batch::new();
        store::insert_trip(&mut batch, &trip, hash_of(&ticket), self.now() + TRIP);
        self.database.apply(batch).await?;
        Ok(Departure { address, ticket })
    }

    /// Lets somebody in who comes back from a provider.
    pub(crate) async fn arrive(&self, key: &str, back: Return<'_>) -> Result<Arrived, AuthError> {
        let provider = self.provider(key)?;
        let expected = derived(back.ticket, "state");
        if !bool::from(expected.as_bytes().ct_eq(back.state.as_bytes())) {
            return Err(AuthError::TripOver);
        }
        let trip = store::end_trip(&self.database, &hash_of(back.ticket), self.now()).await?;
        let trip = trip.filter(|trip| trip.provider == key).ok_or(AuthError::TripOver)?;
        if trip.link != trip.link.and(back.who.map(|actor| (actor.user, actor.session))) {
            return Err(AuthError::TripOver);
        }
        let question = crate::oidc::Question {
            redirect: &self.redirect_of(provider),
            code: back.code,
            verifier: &derived(back.ticket, "verifier"),
            nonce: &derived(back.ticket, "nonce"),
        };
        let said = self.oidc.identity(provider, &question, self.now()).await?;
        if let Some((user, session)) = trip.link {
            let doer = Doer { session: Some(session), origin: back.origin };
            self.link(provider, user, &said, &doer).await?;
            return Ok(Arrived::Linked);
        }
        let account = self.account_behind(provider, said, &back.origin).await?;
        let entered = self.enter(&account, SessionKind::Pages, Method::Provider, back.origin).await?;
        Ok(Arrived::In(entered, trip.next))
    }

    async fn link(
        &self,
        provider: &Provider,
        user: UserId,
        said: &Said,
        doer: &Doer,
    ) -> Result<(), AuthError> {
        let mut batch = Batch::new();
        store::insert_identity(&mut batch, user, &provider.issuer, &said.subject, self.now());
        self.note(&mut batch, user, Act::ProviderLinked, &provider.name, doer);
        self.post(&mut batch, user, LetterKind::Factors, &doer.origin);
        match self.database.apply(batch).await {
            Err(DbError::Unique(_)) => Err(AuthError::IdentityTaken),
            other => {
                other?;
                self.posted.notify_one();
                Ok(())
            }
        }
    }

    /// The account that somebody logs in to by a provider. An address alone makes nobody its owner: where an account has
    /// it, its owner shows who they are first, and then links the two.
    async fn account_behind(
        &self,
        provider: &Provider,
        said: Said,
        origin: &Origin,
    ) -> Result<Credentials, AuthError> {
        if let Some(user) = store::user_of_identity(&self.database, &provider.issuer, &said.subject).await? {
            let account = store::account_by_id(&self.database, user).await?;
            let account = account.ok_or_else(|| AuthError::internal("an identity without an account"))?;
            return if account.suspended { Err(AuthError::Suspended) } else { Ok(account) };
        }
        let email = said.verified_email.as_deref().and_then(|email| email.parse::<Email>().ok());
        let email = email.ok_or_else(|| AuthError::NoVerifiedAddress(provider.name.clone()))?;
        if store::account_by_email(&self.database, &email).await?.is_some() {
            return Err(AuthError::LinkFirst);
        }
        let account = self.open_for(&email, said.name.as_deref(), origin).await.map_err(|error| {
            let taken = matches!(error, AuthError::AddressTaken);
            if taken { AuthError::LinkFirst } else { error }
        })?;
        let doer = Doer::nobody(origin.clone());
        let linked = Said { verified_email: None, name: None, ..said };
        self.link(provider, account.user, &linked, &doer).await?;
        Ok(account)
    }

    /// Makes an account for somebody whose address another one vouches for. Nobody knows its password; who wants one has
    /// a link mailed.
    async fn open_for(
        &self,
        email: &Email,
        name: Option<&str>,
        origin: &Origin,
    ) -> Result<Credentials, AuthError> {
        if !self.settings.registration {
            return Err(AuthError::RegistrationClosed);
        }
        let named = crate::http::profile(name.map(str::to_owned), None, None, None);
        let profile = named.or_else(|_| crate::http::profile(None, None, None, None))?;
        let unknown = new_secret("none")?.parse().map_err(AuthError::internal)?;
        let opened = Account { user: self.ids.next(), email: email.to_string(), profile };
        let account = Credentials {
            user: opened.user,
            email: opened.email.clone(),
            password_hash: self.hashing.hash(unknown).await?,
            role: Role::User,
            suspended: false,
            awaits_proof: false,
            version: 1,
        };
        self.write_account(&account, email, &opened, &Doer::nobody(origin.clone())).await?;
        self.open_profile(&opened).await;
        Ok(account)
    }

    /// Whether the password is the actor's: asked before another service may log them in, or may no more.
    pub(crate) async fn vouch(&self, actor: &Actor, password: &str, origin: Origin) -> Result<(), AuthError> {
        let account = self.own_account(actor, password, origin.clone()).await?;
        let mut batch = Batch::new();
        Self::forgive_password(&mut batch, &account, &origin);
        Ok(self.database.apply(batch).await?)
    }

    /// The providers there are, and since when the actor logs in by each.
    pub(crate) async fn ways(&self, actor: &Actor) -> Result<Vec<Way>, AuthError> {
        let linked = store::identities(&self.database, actor.user).await?;
        let ways = self.settings.providers.all().iter().map(|provider| {
            let since = linked.iter().find(|(issuer, _)| *issuer == provider.issuer).map(|(_, since)| *since);
            Way { key: provider.key.clone(), name: provider.name.clone(), since }
        });
        Ok(ways.collect())
    }

    /// A provider logs the actor in no more.
    pub(crate) async fn unlink(
        &self,
        actor: &Actor,
        key: &str,
        password: &str,
        origin: Origin,
    ) -> Result<(), AuthError> {
        let provider = self.provider(key)?;
        self.vouch(actor, password, origin.clone()).await?;
        let mut batch = Batch::new();
        store::delete_identity(&mut batch, actor.user, &provider.issuer);
        let doer = Doer::of(actor, origin);
        self.note(&mut batch, actor.user, Act::ProviderUnlinked, &provider.name, &doer);
        self.post(&mut batch, actor.user, LetterKind::Factors, &doer.origin);
        match self.database.apply(batch).await {
            Err(DbError::Conflict) => Err(AuthError::NotFound),
            other => {
                other?;
                self.posted.notify_one();
                Ok(())
            }
        }
    }

    /// Lets somebody in whom the proxy before us names, in the header that was agreed on. Only a proxy at one of the
    /// addresses that are listed is believed: anybody can write a header.
    pub(crate) async fn by_proxy(
        &self,
        peer: Option<IpAddr>,
        headers: &HeaderMap,
        origin: Origin,
    ) -> Result<Option<Entered>, AuthError> {
        let header = self.settings.proxy_header.as_str();
        let trusted = peer.is_some_and(|peer| self.settings.proxy_addresses.contain(peer));
        if header.is_empty() || !trusted {
            return Ok(None);
        }
        // Two are one too many: a proxy that adds its own to what was sent would let anybody in.
        let mut sent = headers.get_all(header).iter();
        let (Some(one), None) = (sent.next(), sent.next()) else { return Ok(None) };
        let Some(email) = one.to_str().ok().and_then(|text| text.parse::<Email>().ok()) else {
            return Ok(None);
        };
        let account = match store::account_by_email(&self.database, &email).await? {
            Some(account) if account.suspended => return Err(AuthError::Suspended),
            Some(account) => account,
            None => self.open_for(&email, None, &origin).await?,
        };
        self.enter(&account, SessionKind::Pages, Method::Proxy, origin).await.map(Some)
    }
}
