//! How often something may be tried.

use std::{net::IpAddr, time::Duration};

use kernel::UserId;
use sha2::{Digest, Sha256};

use super::Email;

/// Something that is counted, and how often it may be had within how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tries {
    /// What is counted, hashed.
    pub(crate) key: Vec<u8>,
    pub(crate) most: i64,
    pub(crate) within: Duration,
}

const MINUTE: Duration = Duration::from_secs(60);

impl Tries {
    /// Passwords tried on an account from one place: few. From everywhere together: more, so that somebody who tries
    /// passwords cannot lock its owner out with ease, and yet gets nowhere.
    pub(crate) fn of_password(email: &Email, address: Option<IpAddr>) -> [Self; 2] {
        let place = address.map(|address| address.to_string()).unwrap_or_default();
        [
            Self { key: hash(&["password", &email.key(), &place]), most: 10, within: 15 * MINUTE },
            Self { key: hash(&["password", &email.key()]), most: 100, within: 60 * MINUTE },
        ]
    }

    /// What is counted of an address that nobody has, and never looked at.
    pub(crate) fn of_nobody(email: &Email) -> Self {
        Self { key: hash(&["nobody", &email.key()]), most: i64::MAX, within: MINUTE }
    }

    /// Codes of an app: three of a million are right at any moment, so few may be tried, whoever tries them and from
    /// wherever: they know the password already.
    pub(crate) fn of_code(user: UserId) -> [Self; 2] {
        let user = user.to_string();
        [
            Self { key: hash(&["code", &user]), most: 5, within: 15 * MINUTE },
            Self { key: hash(&["codes", &user]), most: 20, within: 24 * 60 * MINUTE },
        ]
    }

    /// Recovery codes cannot be guessed; what is counted is the work.
    pub(crate) fn of_recovery(user: UserId) -> Self {
        Self { key: hash(&["recovery", &user.to_string()]), most: 10, within: 15 * MINUTE }
    }

    /// Letters to one address that anybody can ask for.
    pub(crate) fn of_letters(email: &Email) -> Self {
        Self { key: hash(&["letter", &email.key()]), most: 5, within: 60 * MINUTE }
    }
}

/// Parts cannot run into one another: each is preceded by its length.
fn hash(parts: &[&str]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_and_places_are_counted_apart_and_capitals_are_not() {
        let email = |text: &str| text.parse::<Email>().unwrap();
        let place = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        let of = |text: &str, at: &str| Tries::of_password(&email(text), place(at));
        assert_eq!(of("a@b", "192.0.2.1"), of("A@B", "192.0.2.1"));
        assert_ne!(of("a@b", "192.0.2.1")[0], of("a@b", "192.0.2.2")[0]);
        assert_eq!(of("a@b", "192.0.2.1")[1], of("a@b", "192.0.2.2")[1]);
        assert_ne!(of("a@b", "192.0.2.1")[1], of("a@c", "192.0.2.1")[1]);
    }
}
