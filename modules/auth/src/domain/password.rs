//! A password: long enough, of no particular shape, and none that everybody tries first.

use std::{fmt, str::FromStr};

/// 8 to 256 characters. No rule about digits or signs: length is what helps (NIST SP 800-63B).
#[derive(Clone)]
pub(crate) struct Password(String);

/// A text that nobody should choose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PasswordError {
    /// Too short or too long.
    #[error("must have 8 to 256 characters; a few words in a row are easy to keep in mind")]
    Length,
    /// One of a hundred thousand that are tried first.
    #[error("is one of those that are tried first; a few words in a row are better and easy to keep in mind")]
    Common,
}

impl Password {
    /// For the hash function alone.
    pub(crate) fn expose(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// One that somebody chooses now: also none of those that are tried first, whatever its capitals.
    pub(crate) fn choose(text: &str) -> Result<Self, PasswordError> {
        let password = text.parse::<Self>()?;
        let common = |text: &str| passwords::analyzer::is_common_password(text);
        if common(text) || common(&text.to_lowercase()) { Err(PasswordError::Common) } else { Ok(password) }
    }
}

impl FromStr for Password {
    type Err = PasswordError;

    fn from_str(text: &str) -> Result<Self, PasswordError> {
        if (8..=256).contains(&text.chars().count()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PasswordError::Length)
        }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_length_counts_and_nothing_shows_it() {
        assert!("seven77".parse::<Password>().is_err() && "x".repeat(257).parse::<Password>().is_err());
        let password: Password = "पासवर्ड१२३".parse().unwrap();
        assert_eq!(format!("{password:?}"), "(hidden)");
    }

    #[test]
    fn what_everybody_tries_first_is_not_chosen_and_still_logs_in_who_has_it() {
        for common in ["password", "PassWord", "12345678", "qwertyuiop", "iloveyou1", "zxcvbnm123"] {
            assert_eq!(Password::choose(common).map(|_| ()), Err(PasswordError::Common), "{common}");
            assert!(common.parse::<Password>().is_ok());
        }
        for rare in ["correct horse battery staple", "a few words in a row"] {
            assert!(Password::choose(rare).is_ok(), "{rare}");
        }
    }
}
