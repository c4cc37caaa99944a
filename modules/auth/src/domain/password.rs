//! A password somebody chose: long enough, and of no particular shape.

use std::{fmt, str::FromStr};

/// 8 to 256 characters. No rule about digits or signs: length is what helps (NIST SP 800-63B).
#[derive(Clone)]
pub(crate) struct Password(String);

/// A text that is too short or too long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must have 8 to 256 characters; a few words in a row are easy to keep in mind")]
pub(crate) struct PasswordError;

impl Password {
    /// For the hash function alone.
    pub(crate) fn expose(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl FromStr for Password {
    type Err = PasswordError;

    fn from_str(text: &str) -> Result<Self, PasswordError> {
        if (8..=256).contains(&text.chars().count()) { Ok(Self(text.to_owned())) } else { Err(PasswordError) }
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
}
