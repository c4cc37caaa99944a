//! Whether an ID token holds (OpenID Connect Core 1.0, 3.1.3.7).

use jiff::Timestamp;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{AlgorithmParameters, Jwk, JwkSet, PublicKeyUse},
};
use serde::Deserialize;

use super::Provider;

/// The algorithms that are believed: signatures by a key of which the world knows one half. Never one by a shared
/// secret, for then whoever knows the public half could sign; never none.
const ALGORITHMS: [Algorithm; 8] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];
/// How far clocks may be apart, in seconds.
const SKEW: i64 = 60;
/// How old a token may be, whatever it says of its end, in seconds.
const OLDEST: i64 = 600;
/// Longer than any honest token.
const MAX_LENGTH: usize = 16 * 1024;

/// Why what a provider said is not believed. For the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum IdentityError {
    /// The token names a key that is not known; perhaps it is new.
    #[error("the ID token is signed by a key that the provider does not publish")]
    UnknownKey,
    /// Anything else.
    #[error("the ID token does not hold: {0}")]
    Bad(&'static str),
}

/// What a token says, once it is believed.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: Audience,
    #[serde(default)]
    azp: Option<String>,
    /// Who, in the provider's own words; it never changes.
    pub(crate) sub: String,
    exp: i64,
    iat: i64,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    pub(crate) email: Option<String>,
    #[serde(default)]
    pub(crate) email_verified: Option<Truth>,
    #[serde(default)]
    pub(crate) name: Option<String>,
}

/// Some providers write truth as a text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Truth {
    Plain(bool),
    Text(String),
}

impl Truth {
    pub(crate) fn holds(&self) -> bool {
        match self {
            Self::Plain(holds) => *holds,
            Self::Text(text) => text == "true",
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// What a token says, when the provider said it: to us, now, and as the answer to what we asked.
pub(crate) fn read(
    token: &str,
    keys: &JwkSet,
    provider: &Provider,
    nonce: &str,
    now: Timestamp,
) -> Result<Claims, IdentityError> {
    if token.len() > MAX_LENGTH {
        return Err(IdentityError::Bad("it is too long"));
    }
    let header = jsonwebtoken::decode_header(token)
        .map_err(|_| IdentityError::Bad("it is no token, or of an algorithm that is not believed"))?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(IdentityError::Bad("its algorithm is not believed"));
    }
    let key = find(keys, header.kid.as_deref())?;
    if matches!(key.algorithm, AlgorithmParameters::OctetKey(_)) {
        return Err(IdentityError::Bad("its key is a shared secret"));
    }
    if let Some(pinned) = key.common.key_algorithm
        && pinned.to_string() != format!("{:?}", header.alg)
    {
        return Err(IdentityError::Bad("its key is for another algorithm"));
    }
    let decoding = DecodingKey::from_jwk(key).map_err(|_| IdentityError::Bad("its key cannot be used"))?;
    let mut validation = Validation::new(header.alg);
    // All that the claims must say is looked at below, by the process's clock.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let read = jsonwebtoken::decode::<Claims>(token, &decoding, &validation)
        .map_err(|_| IdentityError::Bad("its signature or its shape is wrong"))?;
    check(read.claims, provider, nonce, now.as_second())
}

fn find<'k>(keys: &'k JwkSet, kid: Option<&str>) -> Result<&'k Jwk, IdentityError> {
    let signs = |key: &&Jwk| {
        !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption | PublicKeyUse::Other(_)))
    };
    let mut usable = keys.keys.iter().filter(signs);
    match kid {
        Some(kid) => usable.find(|key| key.common.key_id.as_deref() == Some(kid)),
        None => usable.next().filter(|_| usable.next().is_none()),
    }
    .ok_or(IdentityError::UnknownKey)
}

fn check(claims: Claims, provider: &Provider, nonce: &str, now: i64) -> Result<Claims, IdentityError> {
    let bad = |said| Err(IdentityError::Bad(said));
    if claims.iss != provider.issuer {
        return bad("it is of another issuer");
    }
    let (ours, others) = match &claims.aud {
        Audience::One(one) => (*one == provider.client_id, false),
        Audience::Many(many) => (many.contains(&provider.client_id), many.len() > 1),
    };
    if !ours {
        return bad("it is for somebody else");
    }
    if claims.azp.as_ref().map_or(others, |party| *party != provider.client_id) {
        return bad("it was asked for by somebody else");
    }
    if claims.exp.saturating_add(SKEW) <= now {
        return bad("it has expired");
    }
    if claims.iat > now.saturating_add(SKEW) || claims.iat < now.saturating_sub(OLDEST) {
        return bad("it was made at another time");
    }
    if claims.nonce.as_deref() != Some(nonce) {
        return bad("it answers another question");
    }
    if claims.sub.is_empty() || claims.sub.len() > 255 {
        return bad("it names nobody");
    }
    Ok(claims)
}
