//! What people carry to be recognised: opaque secrets that open a session, and signed access tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use kernel::{Actor, HouseholdId, Role, SessionId, SigningKeyId, UserId};
use platform::system::random_bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::AuthError;

const ISSUER: &str = "perennial";
/// Longer than any token of ours; the rest is not looked at.
const MAX_LENGTH: usize = 2048;

/// A secret of 256 bits as its holder sees it: a prefix that tells what it is, and the secret.
pub(crate) fn new_secret(prefix: &str) -> Result<String, AuthError> {
    let bytes = random_bytes::<32>().map_err(AuthError::internal)?;
    Ok(format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// What is kept of it: enough to know it again, useless to whoever reads the database.
pub(crate) fn hash_of(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: UserId,
    /// The household of their own. Nothing reads it: whom they act for is decided with every request.
    hid: HouseholdId,
    role: Role,
    sid: SessionId,
    iat: i64,
    exp: i64,
}

/// Signs access tokens and reads them: JWTs of EdDSA and nothing else.
pub(crate) struct Signer {
    kid: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl Signer {
    /// From the 32 bytes of an Ed25519 secret key.
    pub(crate) fn new(id: SigningKeyId, secret: &[u8]) -> Result<Self, AuthError> {
        let secret = <[u8; 32]>::try_from(secret).map_err(AuthError::internal)?;
        let key = SigningKey::from_bytes(&secret);
        let private = key.to_pkcs8_der().map_err(AuthError::internal)?;
        Ok(Self {
            kid: id.to_string(),
            encoding: EncodingKey::from_ed_der(private.as_bytes()),
            decoding: DecodingKey::from_ed_der(key.verifying_key().as_bytes()),
        })
    }

    pub(crate) fn sign(&self, actor: &Actor, now: Timestamp, until: Timestamp) -> Result<String, AuthError> {
        let claims = Claims {
            iss: ISSUER.into(),
            sub: actor.user,
            hid: actor.household,
            role: actor.role,
            sid: actor.session,
            iat: now.as_second(),
            exp: until.as_second(),
        };
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.encoding).map_err(AuthError::internal)
    }

    /// Who bears the token and until when; `None` when it is not ours or not valid now.
    pub(crate) fn read(&self, token: &str, now: Timestamp) -> Option<(Actor, Timestamp)> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["iss", "sub", "exp"]);
        // The library would ask the machine's clock; ours is the process's.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &validation).ok()?.claims;
        let until = Timestamp::from_second(claims.exp).ok()?;
        let actor = Actor::at_home(claims.sub, claims.role, claims.sid);
        (now < until).then_some((actor, until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(seed: u8) -> Signer {
        let id = "key_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f".parse().unwrap();
        Signer::new(id, &[seed; 32]).unwrap()
    }

    fn actor() -> Actor {
        let user: UserId = "usr_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f".parse().unwrap();
        let session = "ses_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f".parse().unwrap();
        Actor::at_home(user, Role::User, session)
    }

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const LATER: Timestamp = Timestamp::constant(600, 0);

    #[test]
    fn a_token_is_read_until_it_expires_and_only_by_its_own_key() {
        let token = signer(1).sign(&actor(), NOW, LATER).unwrap();
        assert_eq!(signer(1).read(&token, NOW), Some((actor(), LATER)));
        assert_eq!(signer(1).read(&token, LATER), None, "expired");
        assert_eq!(signer(2).read(&token, NOW), None, "another key");
    }

    #[test]
    fn tampered_foreign_and_unsigned_tokens_are_not_read() {
        let token = signer(1).sign(&actor(), NOW, LATER).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        let hmac = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        let public = SigningKey::from_bytes(&[1; 32]).verifying_key();
        let claims = jsonwebtoken::decode::<serde_json::Value>(&token, &signer(1).decoding, &{
            let mut validation = Validation::new(Algorithm::EdDSA);
            validation.validate_exp = false;
            validation
        })
        .unwrap()
        .claims;
        let signed_with_public_key = jsonwebtoken::encode(
            &Header::new(Algorithm::HS256),
            &claims,
            &EncodingKey::from_secret(public.as_bytes()),
        )
        .unwrap();
        let mut other_issuer = claims;
        other_issuer["iss"] = "somebody".into();
        let foreign =
            jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &other_issuer, &signer(1).encoding).unwrap();
        for wrong in [
            format!("{none}.{}.", parts[1]),
            format!("{hmac}.{}.{}", parts[1], parts[2]),
            format!("{}.{}x.{}", parts[0], parts[1], parts[2]),
            signed_with_public_key,
            foreign,
            "x".repeat(5000),
            String::new(),
        ] {
            assert_eq!(signer(1).read(&wrong, NOW), None, "{wrong}");
        }
    }
}
