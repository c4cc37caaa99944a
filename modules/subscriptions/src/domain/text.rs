//! The words of a subscription, checked once where they come in.

use std::fmt;

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing that can be seen.
    #[error("must not be empty")]
    Empty,
    /// More characters than are kept.
    #[error("must be at most {0} characters long")]
    TooLong(usize),
    /// Control characters and line breaks, or marks that turn the direction of the text around them.
    #[error("must not contain control characters")]
    Control,
    /// Other letters than a slug has.
    #[error("must consist of a-z, 0-9 and hyphens")]
    NotASlug,
    /// Not a link to a page.
    #[error("must be a link that begins with https:// or http://")]
    NotALink,
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident, $max:literal, $check:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// The most characters.
            pub const MAX: usize = $max;

            /// Reads what somebody wrote; spaces around it are dropped.
            ///
            /// # Errors
            /// [`TextError`] says what is wrong with it.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                let text = trimmed(text);
                if text.chars().count() > Self::MAX {
                    return Err(TextError::TooLong(Self::MAX));
                }
                let check: fn(&str) -> Result<(), TextError> = $check;
                check(text).map(|()| Self(text.to_owned()))
            }

            /// For a text already known to be right: read from a database.
            pub const fn stored(text: String) -> Self {
                Self(text)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

texts! {
    /// What people call it: one line of 1 to 120 characters.
    Name, 120, line;
    /// Which of its plans: one line of 1 to 80 characters.
    Plan, 80, line;
    /// Its slug in the catalogue of known services.
    Service, 80, slug;
    /// Where it lives on the web: `http` or `https`, at most 2,000 characters.
    Link, 2_000, link;
    /// With which account one is known to a service, an address or a name: one line of 1 to 200 characters.
    Account, 200, line;
    /// What a link is for: one line of 1 to 40 characters.
    LinkLabel, 40, line;
    /// What a category, a tag or a payment method is called: one line of 1 to 60 characters.
    LabelName, 60, line;
    /// Anything its owner wants to keep with it, lines and all: at most 4,000 characters, maybe none.
    Notes, 4_000, lines;
}

impl Notes {
    /// Nothing noted.
    pub const fn none() -> Self {
        Self(String::new())
    }
}

/// Without the spaces around it, those that take no room included: a name of them alone cannot be seen.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}'))
}

fn line(text: &str) -> Result<(), TextError> {
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().any(|c| forbidden(c) || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(TextError::Control);
    }
    Ok(())
}

fn lines(text: &str) -> Result<(), TextError> {
    let wrong = text.chars().any(|c| forbidden(c) && !matches!(c, '\n' | '\r' | '\t'));
    if wrong { Err(TextError::Control) } else { Ok(()) }
}

/// Control characters; and embeddings, overrides and isolates of direction, which make a name read as another.
/// The plain marks of direction are needed to write Arabic and Hebrew beside Latin, and stay.
fn forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn slug(text: &str) -> Result<(), TextError> {
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    let right = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if right { Ok(()) } else { Err(TextError::NotASlug) }
}

/// Only what may stand in an `href` without a second thought: no `javascript:`, and no host that is hidden
/// behind somebody's name (`https://bank.example@evil.example`).
fn link(text: &str) -> Result<(), TextError> {
    let rest = without_scheme(text).ok_or(TextError::NotALink)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    let unsafe_anywhere =
        |c: char| forbidden(c) || c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\\' | '`');
    if host.is_empty() || authority.contains('@') || text.chars().any(unsafe_anywhere) {
        return Err(TextError::NotALink);
    }
    Ok(())
}

fn without_scheme(text: &str) -> Option<&str> {
    ["https://", "http://"].into_iter().find_map(|scheme| {
        let (start, rest) = text.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_line_that_can_be_seen() {
        assert_eq!(Name::parse("  Netflix \u{feff}").unwrap().as_str(), "Netflix");
        assert_eq!(Name::parse("खाना खजाना").unwrap().as_str(), "खाना खजाना");
        assert_eq!(
            Name::parse("👨\u{200d}👩\u{200d}👧 plan").unwrap().as_str(),
            "👨\u{200d}👩\u{200d}👧 plan"
        );
        assert!(Name::parse(&"ä".repeat(120)).is_ok());
        for (wrong, error) in [
            ("", TextError::Empty),
            (" \t\n", TextError::Empty),
            ("\u{200b}\u{200b}", TextError::Empty),
            (&"ä".repeat(121), TextError::TooLong(120)),
            ("Net\u{0}flix", TextError::Control),
            ("Net\nflix", TextError::Control),
            ("Net\u{2028}flix", TextError::Control),
            ("Net\u{202e}xilf", TextError::Control),
            ("Net\u{2066}flix", TextError::Control),
        ] {
            assert_eq!(Name::parse(wrong), Err(error), "{wrong:?}");
        }
    }

    #[test]
    fn a_plan_is_shorter() {
        assert!(Plan::parse(&"x".repeat(80)).is_ok());
        assert_eq!(Plan::parse(&"x".repeat(81)), Err(TextError::TooLong(80)));
    }

    #[test]
    fn notes_may_be_empty_and_have_lines() {
        assert_eq!(Notes::parse(""), Ok(Notes::none()));
        assert_eq!(Notes::parse("shared with\r\n\tPriya\n").unwrap().as_str(), "shared with\r\n\tPriya");
        assert!(Notes::parse(&"n".repeat(4_000)).is_ok());
        assert_eq!(Notes::parse(&"n".repeat(4_001)), Err(TextError::TooLong(4_000)));
        assert_eq!(Notes::parse("a\u{0}b"), Err(TextError::Control));
        assert_eq!(Notes::parse("a\u{202e}b"), Err(TextError::Control));
    }

    #[test]
    fn a_service_is_a_slug() {
        assert_eq!(Service::parse("apple-tv-2").unwrap().as_str(), "apple-tv-2");
        assert_eq!(Service::parse(""), Err(TextError::Empty));
        for wrong in ["Netflix", "apple tv", "../x", "é"] {
            assert_eq!(Service::parse(wrong), Err(TextError::NotASlug), "{wrong}");
        }
    }

    #[test]
    fn a_link_leads_to_a_page() {
        for right in [
            "https://netflix.com",
            "HTTPS://netflix.com/account?x=1#y",
            "http://localhost:8080/",
            "https://日本.jp/@name",
        ] {
            assert_eq!(Link::parse(right).map(|link| link.as_str().to_owned()), Ok(right.to_owned()));
        }
        for wrong in [
            "",
            "netflix.com",
            "javascript:alert(1)",
            "ftp://netflix.com",
            "https://",
            "https:///path",
            "https://:80/",
            "https://net flix.com",
            "https://bank.example@evil.example/",
            "https://x.example/\"onclick=",
            "https://x.example/<script>",
            "https:\\\\x.example",
            "httpsé//x",
        ] {
            assert_eq!(Link::parse(wrong), Err(TextError::NotALink), "{wrong}");
        }
        let long = format!("https://x.example/{}", "y".repeat(2_000));
        assert_eq!(Link::parse(&long), Err(TextError::TooLong(2_000)));
    }
}
