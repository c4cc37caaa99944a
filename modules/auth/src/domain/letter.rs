//! What is mailed about an account.

use std::time::Duration;

/// A letter about an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LetterKind {
    /// Is this address yours?
    Verify,
    /// Somebody wanted an account with your address, and you have one.
    Taken,
    /// A link to set a new password.
    Reset,
    /// Your password was changed.
    Changed,
    /// What you need to log in was changed: a second factor came or went.
    Factors,
}

/// A text that names no letter.
#[derive(Debug, thiserror::Error)]
#[error("no letter of this program's")]
pub(crate) struct LetterKindError;

/// What a letter says.
pub(crate) struct Words {
    pub(crate) subject: &'static str,
    pub(crate) lines: &'static [&'static str],
    /// What the button says, and the path it leads to; a secret follows it where the letter carries one.
    pub(crate) button: &'static str,
    pub(crate) path: &'static str,
}

impl LetterKind {
    const ALL: [Self; 5] = [Self::Verify, Self::Taken, Self::Reset, Self::Changed, Self::Factors];

    /// The word in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Taken => "taken",
            Self::Reset => "reset",
            Self::Changed => "changed",
            Self::Factors => "factors",
        }
    }

    /// For how long its link is good, where it carries a secret.
    pub(crate) const fn secret_for(self) -> Option<Duration> {
        match self {
            Self::Verify => Some(Duration::from_secs(24 * 3_600)),
            Self::Reset => Some(Duration::from_secs(3_600)),
            Self::Taken | Self::Changed | Self::Factors => None,
        }
    }

    pub(crate) const fn words(self) -> Words {
        match self {
            Self::Verify => Words {
                subject: "Confirm your e-mail address",
                lines: &[
                    "Somebody, hopefully you, made an account at Perennial with this e-mail address.",
                    "Open the link and enter the password of the account to confirm that the address is yours. The link is good for a day.",
                    "If it was not you, do nothing: without this link nobody can use the account.",
                ],
                button: "Confirm this address",
                path: "/verify?token=",
            },
            Self::Taken => Words {
                subject: "You have an account already",
                lines: &[
                    "Somebody, perhaps you, wanted to make an account at Perennial with this e-mail address. You have one already, so none was made.",
                    "If it was you, log in. If you forgot your password, the page to log in leads to a new one.",
                ],
                button: "Log in",
                path: "/login",
            },
            Self::Reset => Words {
                subject: "Set a new password",
                lines: &[
                    "Somebody, hopefully you, asked for a new password for your account at Perennial.",
                    "The link is good for an hour and for one use. Setting a new password logs out all your devices.",
                    "If it was not you, do nothing: your password stays as it is.",
                ],
                button: "Set a new password",
                path: "/reset?token=",
            },
            Self::Changed => Words {
                subject: "Your password was changed",
                lines: &[
                    "The password of your account at Perennial was changed just now.",
                    "If it was not you, set a new one at once: that logs out everybody who is logged in.",
                ],
                button: "Set a new password",
                path: "/forgotten",
            },
            Self::Factors => Words {
                subject: "How you log in was changed",
                lines: &[
                    "What your account at Perennial asks for at log-in was changed just now: a second factor was turned on or off, its recovery codes were made anew, or another service may log you in now or no more.",
                    "If it was not you, set a new password at once: that logs out everybody who is logged in. Then look at Security for what was done.",
                ],
                button: "See what was done",
                path: "/security/log",
            },
        }
    }
}

impl std::str::FromStr for LetterKind {
    type Err = LetterKindError;

    fn from_str(text: &str) -> Result<Self, LetterKindError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(LetterKindError)
    }
}

/// How often a letter is tried.
pub(crate) const TRIES: i64 = 8;

/// How long it rests after a try that failed.
pub(crate) fn pause(tries: i64) -> Duration {
    Duration::from_secs(30 << tries.clamp(0, 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_with_a_secret_says_where_it_is_used() {
        for kind in LetterKind::ALL {
            assert_eq!(kind.as_str().parse::<LetterKind>().unwrap(), kind);
            assert_eq!(kind.words().path.ends_with("?token="), kind.secret_for().is_some(), "{kind:?}");
        }
    }
}
