//! What an authenticator says, and whether it holds (Web Authentication Level 2): registration (7.1) with attestation
//! `none`, and log-in (7.2). Always with the person verified, by the device, so that a passkey is two factors in one.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ciborium::Value;
use jsonwebtoken::{Algorithm, DecodingKey};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Somebody was there; they were verified; a credential is attached.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTACHED: u8 = 0x40;
/// The hash of whom it is for, the flags, the counter.
const HEAD: usize = 37;
/// The longest name of a credential (WebAuthn, 4).
const LONGEST_CREDENTIAL: usize = 1023;
/// The longest part of an answer that is read.
const LONGEST: usize = 16 * 1024;

/// Why it does not hold. For the operator and the tests; people are told that it did not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer of the authenticator does not hold: {0}")]
pub(crate) struct WebAuthnError(pub(crate) &'static str);

type Result<T> = std::result::Result<T, WebAuthnError>;

/// For whom it must be, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Party {
    /// The host, to which credentials are bound.
    pub(crate) id: String,
    /// Scheme, host and port of our pages.
    pub(crate) origin: String,
}

impl Party {
    /// Of an installation that people reach at an address.
    pub(crate) fn at(public_url: &str) -> Self {
        let (scheme, rest) = public_url.split_once("://").unwrap_or(("https", public_url));
        let place = rest.split('/').next().unwrap_or_default();
        let host = match place.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => place,
        };
        Self { id: host.to_owned(), origin: format!("{scheme}://{place}") }
    }
}

/// What a browser sends when a passkey was made; each part in base64url.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Attestation {
    client_data_json: String,
    attestation_object: String,
}

/// What a browser sends when a passkey was used; each part in base64url.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Assertion {
    id: String,
    client_data_json: String,
    authenticator_data: String,
    signature: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// A credential that was just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) credential: Vec<u8>,
    /// The key as the authenticator wrote it (COSE).
    pub(crate) public_key: Vec<u8>,
    pub(crate) counter: u32,
}

fn bytes(text: &str) -> Result<Vec<u8>> {
    if text.len() > LONGEST {
        return Err(WebAuthnError("a part of it is too long"));
    }
    URL_SAFE_NO_PAD.decode(text).map_err(|_| WebAuthnError("a part of it is not base64url"))
}

/// The challenge that the browser says was signed, once it was asked here and for this.
fn challenge(json: &[u8], kind: &str, party: &Party) -> Result<String> {
    let data: ClientData =
        serde_json::from_slice(json).map_err(|_| WebAuthnError("its client data cannot be read"))?;
    if data.kind != kind {
        return Err(WebAuthnError("it was asked for another purpose"));
    }
    if data.origin != party.origin || data.cross_origin {
        return Err(WebAuthnError("it was asked on another site"));
    }
    Ok(data.challenge)
}

/// Flags and counter, once it is for us and the person was verified.
fn head(data: &[u8], party: &Party) -> Result<(u8, u32)> {
    let (Some((hash, rest)), true) = (data.split_at_checked(32), data.len() >= HEAD) else {
        return Err(WebAuthnError("its data is too short"));
    };
    if hash != Sha256::digest(&party.id).as_slice() {
        return Err(WebAuthnError("it is for another site"));
    }
    let [flags, a, b, c, d, ..] = *rest else { return Err(WebAuthnError("its data is too short")) };
    if flags & PRESENT == 0 || flags & VERIFIED == 0 {
        return Err(WebAuthnError("nobody was verified"));
    }
    Ok((flags, u32::from_be_bytes([a, b, c, d])))
}

impl Attestation {
    /// The challenge that it answers, to be looked for.
    pub(crate) fn challenge(&self, party: &Party) -> Result<String> {
        challenge(&bytes(&self.client_data_json)?, "webauthn.create", party)
    }

    /// The credential. Who made the device is not asked for, so no statement about it is believed or kept.
    pub(crate) fn read(&self, party: &Party) -> Result<Made> {
        let object = bytes(&self.attestation_object)?;
        let value: Value = ciborium::from_reader(object.as_slice())
            .map_err(|_| WebAuthnError("its attestation cannot be read"))?;
        let data = member(&value, "authData").and_then(Value::as_bytes);
        let data = data.ok_or(WebAuthnError("its attestation has no data"))?;
        let (flags, counter) = head(data, party)?;
        if flags & ATTACHED == 0 {
            return Err(WebAuthnError("no credential is attached"));
        }
        // After the head: what kind of device it is, 16 bytes; then how long the credential's name is.
        let rest = data.get(HEAD + 16..).ok_or(WebAuthnError("its data is too short"))?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(WebAuthnError("its data is too short"))?;
        let length = usize::from(u16::from_be_bytes(*length));
        let parts = rest.split_at_checked(length).filter(|_| (1..=LONGEST_CREDENTIAL).contains(&length));
        let (credential, key) = parts.ok_or(WebAuthnError("its credential has no name"))?;
        PublicKey::read(key)?;
        Ok(Made { credential: credential.to_vec(), public_key: key.to_vec(), counter })
    }
}

impl Assertion {
    /// How the credential calls itself.
    pub(crate) fn credential(&self) -> Result<Vec<u8>> {
        bytes(&self.id)
    }

    /// The challenge that it answers, to be looked for.
    pub(crate) fn challenge(&self, party: &Party) -> Result<String> {
        challenge(&bytes(&self.client_data_json)?, "webauthn.get", party)
    }

    /// The counter after it, when the credential with this key signed it.
    pub(crate) fn read(&self, party: &Party, public_key: &[u8]) -> Result<u32> {
        let data = bytes(&self.authenticator_data)?;
        let (_, counter) = head(&data, party)?;
        let signed = [data.as_slice(), &Sha256::digest(bytes(&self.client_data_json)?)].concat();
        PublicKey::read(public_key)?.verify(&signed, &bytes(&self.signature)?)?;
        Ok(counter)
    }
}

/// Whether a device that counts has counted on; one that was copied does not.
pub(crate) const fn counted_on(before: i64, after: u32) -> bool {
    let after = after as i64;
    (before == 0 && after == 0) || after > before
}

fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.as_map()?.iter().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value)
}

/// A key of one of the algorithms that are asked for.
enum PublicKey {
    /// ES256.
    P256(VerifyingKey),
    /// EdDSA by Ed25519, or RS256.
    Other(Algorithm, DecodingKey),
}

/// The algorithms that are asked for, the preferred first: ES256, EdDSA, RS256 (RFC 9053, RFC 8812).
pub(crate) const ALGORITHMS: [i64; 3] = [-7, -8, -257];

impl PublicKey {
    /// A key in COSE (RFC 9052, 7).
    fn read(cose: &[u8]) -> Result<Self> {
        const WRONG: WebAuthnError = WebAuthnError("its key is none that was asked for");
        // What may follow the key are extensions, which are not asked for.
        let value: Value = ciborium::from_reader(cose).map_err(|_| WRONG)?;
        let map = value.as_map().ok_or(WRONG)?;
        let of = |label: i64| {
            let found = map
                .iter()
                .find(|(key, _)| key.as_integer().is_some_and(|key| i128::from(key) == i128::from(label)));
            found.map(|(_, value)| value)
        };
        let number = |label| of(label)?.as_integer().and_then(|number| i64::try_from(number).ok());
        let part = |label| of(label).and_then(Value::as_bytes).ok_or(WRONG);
        let encoded = |label| part(label).map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        match (number(1), number(3), number(-1)) {
            (Some(2), Some(-7), Some(1)) => {
                let point = [&[4], part(-2)?.as_slice(), part(-3)?.as_slice()].concat();
                VerifyingKey::from_sec1_bytes(&point).map(Self::P256).map_err(|_| WRONG)
            }
            (Some(1), Some(-8), Some(6)) => {
                let key = DecodingKey::from_ed_components(&encoded(-2)?).map_err(|_| WRONG)?;
                Ok(Self::Other(Algorithm::EdDSA, key))
            }
            (Some(3), Some(-257), _) => {
                let key =
                    DecodingKey::from_rsa_components(&encoded(-1)?, &encoded(-2)?).map_err(|_| WRONG)?;
                Ok(Self::Other(Algorithm::RS256, key))
            }
            _ => Err(WRONG),
        }
    }

    fn verify(&self, signed: &[u8], signature: &[u8]) -> Result<()> {
        const WRONG: WebAuthnError = WebAuthnError("its signature is wrong");
        let right = match self {
            Self::P256(key) => {
                let signature = Signature::from_der(signature).map_err(|_| WRONG)?;
                key.verify(signed, &signature).is_ok()
            }
            Self::Other(algorithm, key) => {
                let signature = URL_SAFE_NO_PAD.encode(signature);
                jsonwebtoken::crypto::verify(&signature, signed, key, *algorithm).map_err(|_| WRONG)?
            }
        };
        if right { Ok(()) } else { Err(WRONG) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_party_is_the_host_without_its_port() {
        for (url, id, origin) in [
            ("https://perennial.example", "perennial.example", "https://perennial.example"),
            ("https://perennial.example:8443/x/", "perennial.example", "https://perennial.example:8443"),
            ("http://localhost:8080", "localhost", "http://localhost:8080"),
        ] {
            assert_eq!(Party::at(url), Party { id: id.into(), origin: origin.into() });
        }
    }

    #[test]
    fn a_device_that_was_copied_does_not_count_on() {
        assert!(counted_on(0, 0) && counted_on(0, 1) && counted_on(7, 8));
        assert!(!counted_on(8, 8) && !counted_on(8, 7) && !counted_on(8, 0));
    }

    #[test]
    fn keys_that_were_not_asked_for_are_none() {
        for wrong in [&b""[..], b"\xa0", b"\xff", b"\x80", &[0xa3, 1, 2, 3, 38, 0x20, 1]] {
            assert!(PublicKey::read(wrong).is_err(), "{wrong:?}");
        }
    }
}
