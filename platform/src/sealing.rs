//! What must be kept and could be used by whoever reads a copy of the database: sealed with a key of the installation
//! (AES-256-GCM), bound to what it belongs to.

use aes_gcm::{
    Aes256Gcm, Key, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use sha2::Sha256;

use crate::system::random_bytes;

/// Bytes of a nonce.
const NONCE: usize = 12;
/// What begins whatever is sealed this way.
const VERSION: u8 = 1;

/// A key of the installation, for one purpose.
#[derive(Clone)]
pub struct Sealing(Aes256Gcm);

/// It was not sealed, or does not open with this key or for this owner.
#[derive(Debug, thiserror::Error)]
#[error("it does not open with the key of this installation")]
pub struct SealError;

impl Sealing {
    /// The key for a purpose that follows from the secret of an installation, of any length. One purpose's key opens
    /// nothing of another's.
    pub fn new(secret: &[u8], purpose: &str) -> Self {
        let mut key = Key::<Aes256Gcm>::default();
        // 32 bytes are never too many for HKDF with SHA-256.
        let _ = Hkdf::<Sha256>::new(None, secret).expand(purpose.as_bytes(), &mut key);
        Self(Aes256Gcm::new(&key))
    }

    /// Seals bytes for an owner.
    ///
    /// # Errors
    /// [`SealError`] when the operating system has no chance to give.
    pub fn seal(&self, owner: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce = random_bytes::<NONCE>().map_err(|_| SealError)?;
        let payload = Payload { msg: plain, aad: owner };
        let sealed = self.0.encrypt(Nonce::from_slice(&nonce), payload).map_err(|_| SealError)?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for that owner.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn open(&self, owner: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
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
    fn what_is_sealed_opens_with_its_key_for_its_owner_and_purpose_alone() {
        let sealing = Sealing::new(b"a secret", "codes");
        let sealed = sealing.seal(b"asha", b"token").unwrap();
        assert!(!sealed.windows(5).any(|part| part == b"token"));
        assert_ne!(sealed, sealing.seal(b"asha", b"token").unwrap(), "no nonce twice");
        assert_eq!(sealing.open(b"asha", &sealed).unwrap(), b"token");
        assert!(sealing.open(b"ravi", &sealed).is_err(), "another owner");
        assert!(Sealing::new(b"another", "codes").open(b"asha", &sealed).is_err(), "another key");
        assert!(Sealing::new(b"a secret", "channels").open(b"asha", &sealed).is_err(), "another purpose");
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        for wrong in [changed.as_slice(), b"", &[VERSION], &sealed[..13], &[2, 0, 0]] {
            assert!(sealing.open(b"asha", wrong).is_err());
        }
    }
}
