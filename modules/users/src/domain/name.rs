//! What a member or a household is called.

use std::{fmt, str::FromStr};

/// 1 to 120 visible characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(String);

/// A text that is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to 120 characters, all of them visible")]
pub(crate) struct NameError;

impl Name {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        let right = (1..=120).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if right { Ok(Self(text.to_owned())) } else { Err(NameError) }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_read() {
        let name = |text: &str| text.parse::<Name>().map(|name| name.to_string());
        assert_eq!(name(" आई "), Ok("आई".to_owned()));
        for wrong in ["", "  ", "a\nb", &"x".repeat(121)] {
            assert_eq!(name(wrong), Err(NameError), "{wrong:?}");
        }
    }
}
