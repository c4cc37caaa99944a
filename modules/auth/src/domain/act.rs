//! What is done with an account, as its owner reads of it.

/// Something that concerns who may do what with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Registered,
    LoggedIn,
    LogInFailed,
    LoggedOut,
    SessionRevoked,
    OthersLoggedOut,
    RefreshReused,
    EmailVerified,
    PasswordChanged,
    ResetAsked,
    PasswordReset,
    ResetByOperator,
    Suspended,
    Restored,
    RoleChanged,
    KeyMade,
    KeyRotated,
    KeyRevoked,
    CodeFailed,
    TotpOn,
    TotpOff,
    RecoveryCodesMade,
    ProviderLinked,
    ProviderUnlinked,
    PasskeyAdded,
    PasskeyRemoved,
    PasskeyCopied,
    PersonSuspended,
    PersonRestored,
    PersonRoleChanged,
    DeadLettersReplayed,
    DeadLettersDiscarded,
    TicketOpened,
    TicketOpenedBySupport,
    MailAddressMade,
    MailAddressRevoked,
}

/// A text that names no act.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no act of this program's")]
pub(crate) struct ActError;

impl Act {
    const ALL: [Self; 36] = [
        Self::Registered,
        Self::LoggedIn,
        Self::LogInFailed,
        Self::LoggedOut,
        Self::SessionRevoked,
        Self::OthersLoggedOut,
        Self::RefreshReused,
        Self::EmailVerified,
        Self::PasswordChanged,
        Self::ResetAsked,
        Self::PasswordReset,
        Self::ResetByOperator,
        Self::Suspended,
        Self::Restored,
        Self::RoleChanged,
        Self::KeyMade,
        Self::KeyRotated,
        Self::KeyRevoked,
        Self::CodeFailed,
        Self::TotpOn,
        Self::TotpOff,
        Self::RecoveryCodesMade,
        Self::ProviderLinked,
        Self::ProviderUnlinked,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::PasskeyCopied,
        Self::PersonSuspended,
        Self::PersonRestored,
        Self::PersonRoleChanged,
        Self::DeadLettersReplayed,
        Self::DeadLettersDiscarded,
        Self::TicketOpened,
        Self::TicketOpenedBySupport,
        Self::MailAddressMade,
        Self::MailAddressRevoked,
    ];

    /// The word on the wire and in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "account.registered",
            Self::LoggedIn => "log_in.succeeded",
            Self::LogInFailed => "log_in.failed",
            Self::LoggedOut => "session.logged_out",
            Self::SessionRevoked => "session.revoked",
            Self::OthersLoggedOut => "session.others_revoked",
            Self::RefreshReused => "session.token_reused",
            Self::EmailVerified => "email.verified",
            Self::PasswordChanged => "password.changed",
            Self::ResetAsked => "password.reset_asked",
            Self::PasswordReset => "password.reset",
            Self::ResetByOperator => "password.reset_by_operator",
            Self::Suspended => "account.suspended",
            Self::Restored => "account.restored",
            Self::RoleChanged => "account.role_changed",
            Self::KeyMade => "api_key.made",
            Self::KeyRotated => "api_key.rotated",
            Self::KeyRevoked => "api_key.revoked",
            Self::CodeFailed => "second_factor.failed",
            Self::TotpOn => "totp.enabled",
            Self::TotpOff => "totp.disabled",
            Self::RecoveryCodesMade => "recovery_codes.made",
            Self::ProviderLinked => "provider.linked",
            Self::ProviderUnlinked => "provider.unlinked",
            Self::PasskeyAdded => "passkey.added",
            Self::PasskeyRemoved => "passkey.removed",
            Self::PasskeyCopied => "passkey.copied",
            Self::PersonSuspended => "administration.suspended",
            Self::PersonRestored => "administration.restored",
            Self::PersonRoleChanged => "administration.role_changed",
            Self::DeadLettersReplayed => "administration.dead_letters_replayed",
            Self::DeadLettersDiscarded => "administration.dead_letters_discarded",
            Self::TicketOpened => "desk.ticket_opened",
            Self::TicketOpenedBySupport => "ticket.opened_by_support",
            Self::MailAddressMade => "mail_address.made",
            Self::MailAddressRevoked => "mail_address.revoked",
        }
    }

    /// In words.
    pub(crate) const fn said(self) -> &'static str {
        match self {
            Self::Registered => "The account was made",
            Self::LoggedIn => "Logged in",
            Self::LogInFailed => "A log-in failed: the password was not right",
            Self::LoggedOut => "Logged out",
            Self::SessionRevoked => "A device was logged out from another one",
            Self::OthersLoggedOut => "All other devices were logged out",
            Self::RefreshReused => "A used-up token came back, so its device was logged out",
            Self::EmailVerified => "The e-mail address was verified",
            Self::PasswordChanged => "The password was changed",
            Self::ResetAsked => "A link to set a new password was asked for",
            Self::PasswordReset => "A new password was set by a link that was mailed",
            Self::ResetByOperator => "Whoever runs this Perennial set a new password",
            Self::Suspended => "The account was suspended",
            Self::Restored => "The account was restored",
            Self::RoleChanged => "The role was changed",
            Self::KeyMade => "An API key was made",
            Self::KeyRotated => "An API key was given a successor",
            Self::KeyRevoked => "An API key was revoked",
            Self::CodeFailed => "The password was right, and the code after it was not",
            Self::TotpOn => "Codes of an app were turned on",
            Self::TotpOff => "Codes of an app were turned off",
            Self::RecoveryCodesMade => "New recovery codes were made",
            Self::ProviderLinked => "Another service may log you in",
            Self::ProviderUnlinked => "Another service may log you in no more",
            Self::PasskeyAdded => "A passkey was added",
            Self::PasskeyRemoved => "A passkey was removed",
            Self::PasskeyCopied => "A passkey was refused, as it seems to be a copy",
            Self::PersonSuspended => "You suspended an account",
            Self::PersonRestored => "You restored an account",
            Self::PersonRoleChanged => "You changed the role of an account",
            Self::DeadLettersReplayed => "You sent events again that could not be taken",
            Self::DeadLettersDiscarded => "You threw events away that could not be taken",
            Self::TicketOpened => "You opened what somebody handed over",
            Self::TicketOpenedBySupport => "Somebody of the support opened what you handed over",
            Self::MailAddressMade => "An address was made by which mail adds to what you track",
            Self::MailAddressRevoked => "The address by which mail adds to what you track ended",
        }
    }

    /// Whether somebody who did not do it should look into it.
    pub(crate) const fn is_alarming(self) -> bool {
        matches!(
            self,
            Self::LogInFailed
                | Self::RefreshReused
                | Self::ResetAsked
                | Self::Suspended
                | Self::CodeFailed
                | Self::TotpOff
                | Self::ProviderLinked
                | Self::PasskeyAdded
                | Self::PasskeyCopied
        )
    }
}

impl std::str::FromStr for Act {
    type Err = ActError;

    fn from_str(text: &str) -> Result<Self, ActError> {
        Self::ALL.into_iter().find(|act| act.as_str() == text).ok_or(ActError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_has_a_word_of_its_own() {
        for act in Act::ALL {
            assert_eq!(act.as_str().parse(), Ok(act));
        }
        assert!("log_in".parse::<Act>().is_err());
    }
}
