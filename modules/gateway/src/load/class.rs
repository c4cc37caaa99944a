//! How important a request is, when not all can be answered.

use http::{HeaderMap, Method, header};
use platform::module::Nature;

/// From the first that is refused to the last. Health is not among them: it does not come through here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Files in and out, for which nobody waits at a page.
    Bulk,
    /// From whoever did not say who they are.
    Anonymous,
    /// From people and programs at work.
    Interactive,
    /// What settles money.
    Payment,
}

impl Class {
    /// Every one, in the order of refusal.
    pub(super) const ALL: [Self; 4] = [Self::Bulk, Self::Anonymous, Self::Interactive, Self::Payment];

    /// By what can be seen of a request before anything is looked up. Whoever only claims to be somebody is found out
    /// soon after.
    pub(crate) fn of(nature: Option<Nature>, method: &Method, headers: &HeaderMap) -> Self {
        let known = headers.contains_key(header::AUTHORIZATION) || headers.contains_key(header::COOKIE);
        match nature {
            Some(Nature::Bulk | Nature::Forwarding) => Self::Bulk,
            _ if !known => Self::Anonymous,
            Some(Nature::Payment) if !method.is_safe() => Self::Payment,
            Some(Nature::LogIn | Nature::SignUp | Nature::Reset | Nature::Words | Nature::Payment) | None => {
                Self::Interactive
            }
        }
    }

    /// The word in metrics.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Bulk => "bulk",
            Self::Anonymous => "anonymous",
            Self::Interactive => "interactive",
            Self::Payment => "payment",
        }
    }

    /// How much of a limit may be used up before those of this class are refused.
    pub(super) const fn share_of(self, limit: u32) -> u32 {
        let tenths = match self {
            Self::Bulk => 5,
            Self::Anonymous => 6,
            Self::Interactive => 9,
            Self::Payment => 10,
        };
        if limit == u32::MAX { limit } else { limit / 10 * tenths + limit % 10 * tenths / 10 }
    }

    /// In how many seconds it makes sense to try again.
    pub(super) const fn comes_back_in(self) -> u32 {
        match self {
            Self::Bulk => 10,
            Self::Anonymous => 3,
            Self::Interactive | Self::Payment => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_as_important_as_what_it_is_there_for() {
        let mut known = HeaderMap::new();
        known.insert(header::AUTHORIZATION, http::HeaderValue::from_static("Bearer x"));
        let unknown = HeaderMap::new();
        for (nature, method, headers, class) in [
            (Some(Nature::Bulk), Method::GET, &known, Class::Bulk),
            (None, Method::GET, &unknown, Class::Anonymous),
            (Some(Nature::LogIn), Method::POST, &unknown, Class::Anonymous),
            (None, Method::GET, &known, Class::Interactive),
            (Some(Nature::Payment), Method::GET, &known, Class::Interactive),
            (Some(Nature::Payment), Method::POST, &known, Class::Payment),
            // Who pays without a name is nobody who pays.
            (Some(Nature::Payment), Method::POST, &unknown, Class::Anonymous),
        ] {
            assert_eq!(Class::of(nature, &method, headers), class, "{nature:?} {method}");
        }
    }
}
