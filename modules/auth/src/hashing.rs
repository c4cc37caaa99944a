//! Argon2id, off the threads that serve requests, a bounded number at once.

use std::{sync::Arc, time::Duration};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use platform::system::random_bytes;
use tokio::sync::Semaphore;

use crate::{AuthError, domain::Password};

/// How long a log-in may wait for its turn before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);
/// What is verified for an address nobody has, so that the answer takes as long as for one somebody has.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$cGVyZW5uaWFsLm5vYm9keQ$q8Qh7nTtYw8r0i8gMZsVQxUoQ2Zxw0b5yWJ4nSg1c0E";

/// Hashes and verifies passwords at OWASP's parameters (19 MiB, two passes, one lane), the library's default.
#[derive(Clone)]
pub(crate) struct Hashing {
    turns: Arc<Semaphore>,
}

impl Hashing {
    pub(crate) fn new(at_once: u32) -> Self {
        Self { turns: Arc::new(Semaphore::new(usize::try_from(at_once).unwrap_or(1).max(1))) }
    }

    pub(crate) async fn hash(&self, password: Password) -> Result<String, AuthError> {
        let salt = random_bytes::<16>().map_err(AuthError::internal)?;
        self.in_turn(move || {
            let hash = Argon2::default().hash_password_with_salt(password.expose(), &salt);
            hash.map(|hash| hash.to_string()).map_err(AuthError::internal)
        })
        .await?
    }

    /// Whether the password is the hash's; with no hash it takes as long, and is not.
    pub(crate) async fn verify(&self, password: Password, hash: Option<String>) -> Result<bool, AuthError> {
        self.in_turn(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODYS.into());
            let hash = PasswordHash::new(&hash).map_err(AuthError::internal)?;
            Ok(Argon2::default().verify_password(password.expose(), &hash).is_ok() && known)
        })
        .await?
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AuthError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(AuthError::Busy);
        };
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        done.await.map_err(AuthError::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_verifies_its_password_and_no_other() {
        let hashing = Hashing::new(2);
        let password = |text: &str| text.parse::<Password>().unwrap();
        let hash = hashing.hash(password("correct horse")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hashing.verify(password("correct horse"), Some(hash.clone())).await.unwrap());
        assert!(!hashing.verify(password("correct house"), Some(hash)).await.unwrap());
        assert!(!hashing.verify(password("correct horse"), None).await.unwrap());
    }
}
