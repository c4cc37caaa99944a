//! What people entrust us with, kept so that a copy of the database alone tells nothing: AES-256-GCM with a key of the
//! installation, bound to what it belongs to.

use aes_gcm::{
    Aes256Gcm, Key, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use sha2::Sha256;

/// Bytes of a nonce.
const NONCE: usize = 12;
/// What begins whatever is sealed this way.
const VERSION: u8 = 1;

/// A key of the installation.
#[derive(Clone)]
pub struct Sealing(Aes256Gcm);

/// Something that this key does not open, or not for this owner.
#[derive(Debug, thiserror::Error)]
#[error("it does not open with the key of this installation")]
pub(crate) struct SealError;

impl Sealing {
    /// The key that follows from a secret of any length.
    pub fn new(secret: &[u8]) -> Self {
        let mut key = Key::<Aes256Gcm>::default();
        // 32 bytes are never too many for HKDF with SHA-256.
        let _ = Hkdf::<Sha256>::new(None, secret).expand(b"perennial notifications 1", &mut key);
        Self(Aes256Gcm::new(&key))
    }

    /// Seals bytes for an owner; `nonce` is never used again.
    pub(crate) fn seal(&self, owner: &[u8], nonce: [u8; NONCE], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let payload = Payload { msg: plain, aad: owner };
        let sealed = self.0.encrypt(Nonce::from_slice(&nonce), payload).map_err(|_| SealError)?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for that owner.
    pub(crate) fn open(&self, owner: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (version, rest) = sealed.split_first().ok_or(SealError)?;
        let (nonce, rest) = rest.split_at_checked(NONCE).ok_or(SealError)?;
        if *version != VERSION {
            return Err(SealError);
        }
        self.0.decrypt(Nonce::from_slice(nonce), Payload { msg: rest, aad: owner }).map_err(|_| SealError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_key_for_its_owner_alone() {
        let sealing = Sealing::new(b"a secret");
        let sealed = sealing.seal(b"chn_1", [3; 12], b"token").unwrap();
        assert!(!sealed.windows(5).any(|part| part == b"token"));
        assert_eq!(sealing.open(b"chn_1", &sealed).unwrap(), b"token");
        assert!(sealing.open(b"chn_2", &sealed).is_err(), "another owner");
        assert!(Sealing::new(b"another").open(b"chn_1", &sealed).is_err(), "another key");
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        for wrong in [changed.as_slice(), b"", &[VERSION], &sealed[..13], &[2, 0, 0]] {
            assert!(sealing.open(b"chn_1", wrong).is_err());
        }
    }
}
