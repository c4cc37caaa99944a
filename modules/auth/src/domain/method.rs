//! By what somebody showed who they are.

use std::fmt;

/// One way to show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Password,
    Totp,
    RecoveryCode,
    Passkey,
    /// A provider said who they are.
    Provider,
    /// The proxy before us did.
    Proxy,
}

/// A text that names no method.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no way to log in of this program's")]
pub(crate) struct MethodError;

impl Method {
    const ALL: [Self; 6] =
        [Self::Password, Self::Totp, Self::RecoveryCode, Self::Passkey, Self::Provider, Self::Proxy];

    /// The word on the wire and in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::Passkey => "passkey",
            Self::Provider => "provider",
            Self::Proxy => "proxy",
        }
    }

    /// In words.
    pub(crate) const fn said(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "code of the app",
            Self::RecoveryCode => "recovery code",
            Self::Passkey => "passkey",
            Self::Provider => "another service",
            Self::Proxy => "the proxy",
        }
    }
}

impl std::str::FromStr for Method {
    type Err = MethodError;

    fn from_str(text: &str) -> Result<Self, MethodError> {
        Self::ALL.into_iter().find(|method| method.as_str() == text).ok_or(MethodError)
    }
}

/// All that was shown for one log-in, in the order in which it was. Text form: words with a space between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Methods(Vec<Method>);

impl Methods {
    /// One so far.
    pub(crate) fn first(method: Method) -> Self {
        Self(vec![method])
    }

    /// Another one.
    pub(crate) fn and(mut self, method: Method) -> Self {
        self.0.push(method);
        self
    }

    /// The words on the wire.
    pub(crate) fn words(&self) -> Vec<&'static str> {
        self.0.iter().map(|method| method.as_str()).collect()
    }

    /// In words: `password and recovery code`.
    pub(crate) fn said(&self) -> String {
        self.0.iter().map(|method| method.said()).collect::<Vec<_>>().join(" and ")
    }
}

impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().join(" "))
    }
}

impl std::str::FromStr for Methods {
    type Err = MethodError;

    fn from_str(text: &str) -> Result<Self, MethodError> {
        text.split(' ').map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_kept_in_their_order() {
        let both = Methods::first(Method::Password).and(Method::RecoveryCode);
        assert_eq!(both.to_string(), "password recovery_code");
        assert_eq!(both.to_string().parse(), Ok(both.clone()));
        assert_eq!(both.said(), "password and recovery code");
        assert!("".parse::<Methods>().is_err() && "password  totp".parse::<Methods>().is_err());
    }
}
