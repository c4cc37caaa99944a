//! What providers are asked: where they are asked (discovery), for a token, and for their keys.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use jsonwebtoken::jwk::JwkSet;
use platform::outbound::{Bounds, Outbound, encoded};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    IdentityError, Provider,
    id_token::{self, Claims},
};
use crate::AuthError;

/// What one question may cost.
const BOUNDS: Bounds = Bounds { timeout: Duration::from_secs(5), length: 256 * 1024 };
/// How long it is believed what a provider said of itself.
const KNOWN_FOR: Duration = Duration::from_secs(3_600);
/// How often keys are asked for because a token names one that is not known.
const LOOK: Duration = Duration::from_secs(10);

/// Where a provider is asked.
#[derive(Debug, Clone, Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct Token {
    id_token: String,
}

/// A provider with its keys, as it was at some time.
struct Known {
    document: Document,
    keys: JwkSet,
    at: Instant,
}

/// Asks providers, and remembers what they say of themselves.
pub(crate) struct Client {
    outbound: Outbound,
    known: Mutex<HashMap<String, Arc<Known>>>,
}

/// Somebody, as a provider knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) subject: String,
    /// An address that the provider has seen to be theirs.
    pub(crate) verified_email: Option<String>,
    pub(crate) name: Option<String>,
}

/// What an answer has to answer.
pub(crate) struct Question<'q> {
    pub(crate) redirect: &'q str,
    pub(crate) code: &'q str,
    pub(crate) verifier: &'q str,
    pub(crate) nonce: &'q str,
}

impl Client {
    pub(crate) fn new(outbound: Outbound) -> Self {
        Self { outbound, known: Mutex::default() }
    }

    async fn get<T: DeserializeOwned>(&self, provider: &Provider, address: &str) -> Result<T, AuthError> {
        let bytes = self.outbound.get(address, BOUNDS).await.map_err(|error| away(provider, &error))?;
        serde_json::from_slice(&bytes).map_err(|error| away(provider, &error))
    }

    /// What is known of a provider, no older than `oldest`.
    async fn known(&self, provider: &Provider, oldest: Duration) -> Result<Arc<Known>, AuthError> {
        let asked = Instant::now();
        let kept = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&provider.key).cloned();
        if let Some(known) = kept.filter(|known| asked.duration_since(known.at) < oldest) {
            return Ok(known);
        }
        let place = format!("{}/.well-known/openid-configuration", provider.issuer.trim_end_matches('/'));
        let document: Document = self.get(provider, &place).await?;
        if document.issuer != provider.issuer {
            return Err(away(provider, &format!("it calls itself {}", document.issuer)));
        }
        for endpoint in [&document.token_endpoint, &document.jwks_uri, &document.authorization_endpoint] {
            if !may_be_asked(provider, endpoint) {
                return Err(away(provider, &format!("{endpoint} is at none of its hosts; list it in hosts")));
            }
        }
        let keys: JwkSet = self.get(provider, &document.jwks_uri).await?;
        let known = Arc::new(Known { document, keys, at: asked });
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(provider.key.clone(), Arc::clone(&known));
        Ok(known)
    }

    /// Where a browser is sent, for the provider to find out who sits before it.
    pub(crate) async fn authorization(
        &self,
        provider: &Provider,
        redirect: &str,
        (state, nonce, challenge): (&str, &str, &str),
    ) -> Result<String, AuthError> {
        let known = self.known(provider, KNOWN_FOR).await?;
        let place = &known.document.authorization_endpoint;
        let fields = [
            ("response_type", "code"),
            ("client_id", provider.client_id.as_str()),
            ("redirect_uri", redirect),
            ("scope", "openid email profile"),
            ("state", state),
            ("nonce", nonce),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ];
        let query: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let joint = if place.contains('?') { '&' } else { '?' };
        Ok(format!("{place}{joint}{}", query.join("&")))
    }

    /// Who it is whom the provider sent back with a code.
    pub(crate) async fn identity(
        &self,
        provider: &Provider,
        question: &Question<'_>,
        now: Timestamp,
    ) -> Result<Said, AuthError> {
        let known = self.known(provider, KNOWN_FOR).await?;
        let token = self.exchange(provider, &known.document, question).await?;
        let read = match id_token::read(&token, &known.keys, provider, question.nonce, now) {
            // It may have another key since we looked.
            Err(IdentityError::UnknownKey) => {
                let newer = self.known(provider, LOOK).await?;
                id_token::read(&token, &newer.keys, provider, question.nonce, now)
            }
            other => other,
        };
        read.map(said).map_err(|error| away(provider, &error))
    }

    async fn exchange(
        &self,
        provider: &Provider,
        document: &Document,
        question: &Question<'_>,
    ) -> Result<String, AuthError> {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", question.code),
            ("redirect_uri", question.redirect),
            ("code_verifier", question.verifier),
            ("client_id", provider.client_id.as_str()),
        ];
        let methods = document.token_endpoint_auth_methods_supported.as_deref().unwrap_or_default();
        let by_form = methods.iter().any(|method| method == "client_secret_post")
            && !methods.iter().any(|method| method == "client_secret_basic");
        let secret = provider.client_secret.as_str();
        let basic = (!secret.is_empty() && !by_form).then_some((provider.client_id.as_str(), secret));
        if by_form && !secret.is_empty() {
            fields.push(("client_secret", secret));
        }
        let answer = self.outbound.post_form(&document.token_endpoint, &fields, basic, BOUNDS).await;
        let (status, body) = answer.map_err(|error| away(provider, &error))?;
        if !status.is_success() {
            return Err(away(provider, &format!("it gives no token: {status}")));
        }
        let token: Token = serde_json::from_slice(&body).map_err(|error| away(provider, &error))?;
        Ok(token.id_token)
    }
}

fn said(claims: Claims) -> Said {
    let verified = claims.email_verified.is_some_and(|truth| truth.holds());
    Said { subject: claims.sub, verified_email: claims.email.filter(|_| verified), name: claims.name }
}

/// Whether an address is the provider's own, or at a host that the operator listed; never less private than the issuer.
fn may_be_asked(provider: &Provider, address: &str) -> bool {
    let split = |address: &str| {
        let uri = address.parse::<axum::http::Uri>().ok()?;
        let plain = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
        let host = uri.host()?.to_owned();
        plain.then(|| (uri.scheme_str().unwrap_or_default().to_owned(), host, uri.port_u16()))
    };
    let (Some(own), Some(asked)) = (split(&provider.issuer), split(address)) else { return false };
    let (scheme, host, _) = &asked;
    let safe = scheme == "https" || (own.0 == "http" && scheme == "http");
    safe && (asked == own || provider.hosts.contains(host))
}

/// The operator is told why; whoever wants to log in, that it did not work.
fn away(provider: &Provider, cause: &dyn std::fmt::Display) -> AuthError {
    tracing::warn!(provider = provider.key, %cause, "a provider did not say who somebody is");
    AuthError::ProviderFailed(provider.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_sends_us_to_its_own_and_to_listed_hosts_alone() {
        let provider = Provider {
            key: "a".into(),
            name: "A".into(),
            issuer: "https://a.example/tenant".into(),
            client_id: "us".into(),
            client_secret: String::new(),
            hosts: vec!["keys.example".into()],
        };
        for right in ["https://a.example/token", "https://keys.example/jwks"] {
            assert!(may_be_asked(&provider, right), "{right}");
        }
        for wrong in [
            "http://a.example/token",
            "https://b.example/token",
            "https://a.example:8443/token",
            "https://a.example@b.example/token",
            "https://169.254.169.254/latest",
            "file:///etc/passwd",
            "/token",
            "",
        ] {
            assert!(!may_be_asked(&provider, wrong), "{wrong}");
        }
    }
}
