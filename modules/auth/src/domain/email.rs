//! An e-mail address that could be one; only a message to it proves that it is.

use std::{fmt, str::FromStr};

/// An address of at most 254 characters with something on both sides of one `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Email(String);

/// A text that cannot be an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be an e-mail address such as name@example.org")]
pub(crate) struct EmailError;

impl Email {
    /// What makes two spellings the same address. Mailboxes differ in capitals in theory only.
    pub(crate) fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        let (name, domain) = text.rsplit_once('@').ok_or(EmailError)?;
        let plain = |part: &str| {
            !part.is_empty()
                && !part.chars().any(|c| c.is_whitespace() || c.is_control() || "@<>(),;:\"\\".contains(c))
        };
        let labels = domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-'));
        if text.len() <= 254 && name.len() <= 64 && plain(name) && plain(domain) && labels {
            Ok(Self(text.to_owned()))
        } else {
            Err(EmailError)
        }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_could_be_ones_are_taken() {
        for right in ["a@b", "asha.k+bills@example.co.in", " x@y.z ", "ünïcode@例え.jp"] {
            assert!(right.parse::<Email>().is_ok(), "{right}");
        }
        let long = format!("{}@example.org", "a".repeat(65));
        for wrong in ["", "a", "@b", "a@", "a b@c", "a@b@c", "a@b..c", "a@.b", "a@b\r\nbcc:x", "<a@b>", &long]
        {
            assert!(wrong.parse::<Email>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn capitals_do_not_make_another_address() {
        let key = |text: &str| text.parse::<Email>().unwrap().key();
        assert_eq!(key("Asha@Example.org"), key("asha@example.ORG"));
    }
}
