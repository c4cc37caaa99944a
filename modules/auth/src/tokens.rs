//! What people carry to be recognised: opaque secrets that open a session, and signed access tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use kernel::{Role, SessionId, UserId};
use platform::system::random_bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    AuthError,
    domain::keys::{self, Aged},
    store::KeptKey,
};

/// Whom access tokens are for: this program's API and nobody else's.
const AUDIENCE: &str = "perennial";
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
    aud: String,
    sub: UserId,
    /// What they may do, for others who read the token. Here it is looked up with the session.
    role: Role,
    sid: SessionId,
    iat: i64,
    exp: i64,
}

/// Whom a token was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bearer {
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    pub(crate) until: Timestamp,
}

/// What became of reading a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    /// It is ours and good now.
    Good(Bearer),
    /// It names a key that is not known here; perhaps it was just made.
    UnknownKey,
    /// It is not ours, or not good now.
    Bad,
}

/// A key that signs, or did.
struct Key {
    aged: Aged,
    kid: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    public: [u8; 32],
}

impl Key {
    fn new(kept: &KeptKey) -> Result<Self, AuthError> {
        let secret = <[u8; 32]>::try_from(kept.secret.as_slice()).map_err(AuthError::internal)?;
        let key = SigningKey::from_bytes(&secret);
        let private = key.to_pkcs8_der().map_err(AuthError::internal)?;
        Ok(Self {
            aged: kept.aged,
            kid: kept.aged.id.to_string(),
            encoding: EncodingKey::from_ed_der(private.as_bytes()),
            decoding: DecodingKey::from_ed_der(key.verifying_key().as_bytes()),
            public: key.verifying_key().to_bytes(),
        })
    }
}

/// A public key as others read it (RFC 8037).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct PublicKey {
    /// Always `OKP`.
    kty: &'static str,
    /// Always `Ed25519`.
    crv: &'static str,
    /// Always `EdDSA`.
    alg: &'static str,
    /// Always `sig`.
    #[serde(rename = "use")]
    purpose: &'static str,
    /// By which tokens name it.
    kid: String,
    /// The key, in base64url.
    x: String,
}

/// Signs access tokens and reads them: JWTs of EdDSA and nothing else, by the keys that are known.
pub(crate) struct Ring {
    issuer: String,
    /// The oldest first.
    keys: Vec<Key>,
}

impl Ring {
    /// Of keys, the oldest first, for tokens of an issuer.
    pub(crate) fn new(issuer: &str, kept: &[KeptKey]) -> Result<Self, AuthError> {
        let keys = kept.iter().map(Key::new).collect::<Result<_, _>>()?;
        Ok(Self { issuer: issuer.to_owned(), keys })
    }

    pub(crate) fn ages(&self) -> Vec<Aged> {
        self.keys.iter().map(|key| key.aged).collect()
    }

    /// What others need to check our signatures.
    pub(crate) fn published(&self) -> Vec<PublicKey> {
        let shown = self.keys.iter().map(|key| PublicKey {
            kty: "OKP",
            crv: "Ed25519",
            alg: "EdDSA",
            purpose: "sig",
            kid: key.kid.clone(),
            x: URL_SAFE_NO_PAD.encode(key.public),
        });
        shown.collect()
    }

    pub(crate) fn sign(&self, bearer: &Bearer, role: Role, now: Timestamp) -> Result<String, AuthError> {
        let signing = keys::signing(&self.ages(), now);
        let key = self.keys.iter().find(|key| Some(key.aged.id) == signing);
        let key = key.ok_or_else(|| AuthError::internal("there is no key to sign with"))?;
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.into(),
            sub: bearer.user,
            role,
            sid: bearer.session,
            iat: now.as_second(),
            exp: bearer.until.as_second(),
        };
        let header = Header { kid: Some(key.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &key.encoding).map_err(AuthError::internal)
    }

    /// For whom a token was made, when it is ours and good now.
    pub(crate) fn read(&self, token: &str, now: Timestamp) -> Read {
        if token.len() > MAX_LENGTH {
            return Read::Bad;
        }
        let Some(kid) = jsonwebtoken::decode_header(token).ok().and_then(|header| header.kid) else {
            return Read::Bad;
        };
        let Some(key) = self.keys.iter().find(|key| key.kid == kid) else { return Read::UnknownKey };
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // The library would ask the machine's clock; ours is the process's.
        validation.validate_exp = false;
        let Ok(read) = jsonwebtoken::decode::<Claims>(token, &key.decoding, &validation) else {
            return Read::Bad;
        };
        match Timestamp::from_second(read.claims.exp) {
            Ok(until) if now < until => {
                Read::Good(Bearer { user: read.claims.sub, session: read.claims.sid, until })
            }
            Ok(_) | Err(_) => Read::Bad,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://perennial.example";
    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const LATER: Timestamp = Timestamp::constant(600, 0);

    fn kept(number: u128, made_at: Timestamp) -> KeptKey {
        let id = kernel::SigningKeyId::from_uuid(uuid::Uuid::from_u128(number));
        KeptKey { aged: Aged { id, made_at }, secret: vec![u8::try_from(number).unwrap(); 32] }
    }

    fn ring(numbers: &[u128]) -> Ring {
        let kept: Vec<_> = numbers.iter().map(|number| kept(*number, NOW)).collect();
        Ring::new(ISSUER, &kept).unwrap()
    }

    fn bearer() -> Bearer {
        Bearer {
            user: "usr_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f".parse().unwrap(),
            session: "ses_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f".parse().unwrap(),
            until: LATER,
        }
    }

    fn signed(ring: &Ring) -> String {
        ring.sign(&bearer(), Role::User, NOW).unwrap()
    }

    fn part(token: &str, at: usize) -> serde_json::Value {
        let part = token.split('.').nth(at).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    #[test]
    fn a_token_is_read_until_it_expires_and_only_by_its_own_key() {
        let token = signed(&ring(&[1]));
        assert_eq!(ring(&[1]).read(&token, NOW), Read::Good(bearer()));
        assert_eq!(ring(&[1, 2]).read(&token, NOW), Read::Good(bearer()), "after another key has come");
        assert_eq!(ring(&[1]).read(&token, LATER), Read::Bad, "expired");
        assert_eq!(ring(&[2]).read(&token, NOW), Read::UnknownKey);
    }

    #[test]
    fn the_key_that_signs_is_the_newest_that_everybody_knows() {
        let ring = Ring::new(ISSUER, &[kept(1, NOW), kept(2, LATER)]).unwrap();
        let kid = |now| part(&ring.sign(&bearer(), Role::User, now).unwrap(), 0)["kid"].clone();
        assert_eq!(kid(LATER), ring.published()[0].kid);
        assert_eq!(kid(Timestamp::constant(1200, 0)), ring.published()[1].kid);
    }

    #[test]
    fn tokens_that_are_signed_by_us_for_something_else_are_not_read() {
        let token = signed(&ring(&[1]));
        let header = Header { kid: Some(ring(&[1]).keys[0].kid.clone()), ..Header::new(Algorithm::EdDSA) };
        let with = |change: &dyn Fn(&mut serde_json::Value)| {
            let mut claims = part(&token, 1);
            change(&mut claims);
            jsonwebtoken::encode(&header, &claims, &ring(&[1]).keys[0].encoding).unwrap()
        };
        assert_eq!(
            ring(&[1]).read(&with(&|_| ()), NOW),
            Read::Good(bearer()),
            "the way it is changed is right"
        );
        type Change<'c> = &'c dyn Fn(&mut serde_json::Value);
        let changes: [(&str, Change<'_>); 5] = [
            ("another issuer", &|claims| claims["iss"] = "https://elsewhere.example".into()),
            ("another audience", &|claims| claims["aud"] = "somebody".into()),
            ("no issuer", &|claims| drop(claims.as_object_mut().unwrap().remove("iss"))),
            ("no audience", &|claims| drop(claims.as_object_mut().unwrap().remove("aud"))),
            ("expired", &|claims| claims["exp"] = 0.into()),
        ];
        for (what, change) in changes {
            assert_eq!(ring(&[1]).read(&with(change), NOW), Read::Bad, "{what}");
        }
        let foreign = Ring::new("https://elsewhere.example", &[kept(1, NOW)]).unwrap();
        assert_eq!(ring(&[1]).read(&signed(&foreign), NOW), Read::Bad);
    }

    #[test]
    fn tampered_and_unsigned_tokens_and_other_algorithms_are_not_read() {
        let ring = ring(&[1]);
        let token = signed(&ring);
        let parts: Vec<&str> = token.split('.').collect();
        let kid = &ring.keys[0].kid;
        let of =
            |alg: &str| URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{kid}"}}"#));
        // Whoever takes the algorithm from the token takes the public key for a shared secret.
        let published = URL_SAFE_NO_PAD.decode(&ring.published()[0].x).unwrap();
        let by_public_key = |secret: &[u8]| {
            let header = Header { kid: Some(kid.clone()), ..Header::new(Algorithm::HS256) };
            jsonwebtoken::encode(&header, &part(&token, 1), &EncodingKey::from_secret(secret)).unwrap()
        };
        for wrong in [
            format!("{}.{}.", of("none"), parts[1]),
            format!("{}.{}.{}", of("none"), parts[1], parts[2]),
            format!("{}.{}.{}", of("HS256"), parts[1], parts[2]),
            by_public_key(&published),
            by_public_key(ring.published()[0].x.as_bytes()),
            format!("{}.{}x.{}", parts[0], parts[1], parts[2]),
            format!("{}.{}.", parts[0], parts[1]),
            "x".repeat(5000),
            String::new(),
        ] {
            assert_eq!(ring.read(&wrong, NOW), Read::Bad, "{wrong}");
        }
    }
}
