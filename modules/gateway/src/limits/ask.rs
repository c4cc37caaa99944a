//! One question to a bucket: which limit, whose, how many.

use std::net::IpAddr;

use platform::{http::subscriber, quota::Quota};

/// The limits there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    System,
    Address,
    User,
    Key,
    LogIn,
    SignUp,
    Reset,
    Messages,
}

impl Name {
    #[cfg(test)]
    pub(super) const ALL: [Self; 8] = [
        Self::System,
        Self::Address,
        Self::User,
        Self::Key,
        Self::LogIn,
        Self::SignUp,
        Self::Reset,
        Self::Messages,
    ];

    /// The word in fields, metrics and keys.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Address => "address",
            Self::User => "user",
            Self::Key => "key",
            Self::LogIn => "log-in",
            Self::SignUp => "sign-up",
            Self::Reset => "reset",
            Self::Messages => "messages",
        }
    }
}

/// One question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask {
    pub(super) name: Name,
    /// An address or an id, as a number.
    pub(super) whose: u128,
    pub(super) quota: Quota,
}

impl Ask {
    /// The key under which processes count together.
    pub(super) fn key(&self) -> String {
        format!("perennial:limit:{}:{:032x}", self.name.as_str(), self.whose)
    }
}

/// An address as a number; those of one subscriber are one.
pub(super) fn number(address: IpAddr) -> u128 {
    match subscriber(address) {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}
