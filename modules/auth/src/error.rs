//! What can go wrong, and how it is told.

use kernel::Invalid;
use platform::{db::DbError, http::Problem};

/// Why auth did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The input breaks rules.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody has that address already.
    #[error("there is an account with this e-mail address already: log in instead")]
    AddressTaken,
    /// This installation takes nobody new.
    #[error("this installation takes no new accounts; ask whoever runs it")]
    RegistrationClosed,
    /// Address and password do not belong together, or the token is not valid now.
    #[error("the e-mail address and the password do not belong together")]
    WrongPassword,
    /// What was typed as a second factor is none, or was used before.
    #[error(
        "this code is not right, or was used already: wait for the next one of your app, or use a recovery code"
    )]
    WrongCode,
    /// A log-in that owes a factor took too long, or was never begun.
    #[error("this log-in took too long: begin it again")]
    SecondStepOver,
    /// A provider, by its name, did not say who somebody is.
    #[error("{0} did not say who you are: try again, or log in another way")]
    ProviderFailed(String),
    /// There is no provider of that key.
    #[error("nobody is asked here who you are by that name")]
    NoProvider,
    /// Somebody comes back from a provider whom this browser did not send there, or too late.
    #[error("this log-in took too long, or was begun in another browser: begin it again")]
    TripOver,
    /// An account has the address that a provider tells; it is its owner's to link it.
    #[error(
        "there is an account with your e-mail address: log in with its password, then add the other service under Security"
    )]
    LinkFirst,
    /// Somebody else logs in by it, or they by another one there.
    #[error("that account is used to log in here already: remove it there first")]
    IdentityTaken,
    /// A provider does not tell an address that it has seen to be theirs.
    #[error(
        "{0} does not tell an e-mail address that it has confirmed: make an account here first, then add it under Security"
    )]
    NoVerifiedAddress(String),
    /// What a device said is not believed, or nobody asked for it.
    #[error("the passkey was not accepted: try again, or log in another way")]
    PasskeyFailed,
    /// There is an app already.
    #[error("codes of an app are on already: turn them off before you set up another one")]
    TotpOn,
    /// There is none.
    #[error("codes of an app are not on")]
    NoTotp,
    /// Nothing waits to be confirmed, or another log-in asked for it.
    #[error("there is no app that waits to be confirmed: begin to set it up again")]
    NotSettingUp,
    /// The refresh token is used up, expired or was never given out.
    #[error("this log-in is over: log in again")]
    SessionOver,
    /// Too many log-ins at once.
    #[error("too many people are logging in at this moment: try again in a few seconds")]
    Busy,
    /// Too many tries; seconds until there are others.
    #[error("too many tries: wait {} and try again", wait(*.0))]
    TooMany(u32),
    /// Whoever runs the installation keeps them out.
    #[error("this account is suspended; ask whoever runs this Perennial")]
    Suspended,
    /// The address has to be proved first; a link was mailed.
    #[error("confirm your e-mail address first: a link to do so has been mailed to you")]
    Unproved,
    /// A link that was mailed is used up, too old, or was never given out.
    #[error("this link is used up or too old: ask for another one")]
    LinkOver,
    /// Mail is needed and there is none.
    #[error("this Perennial sends no mail: ask whoever runs it to set a new password for you")]
    NoMail,
    /// As many keys as one can have.
    #[error("you have as many keys as one can have: revoke one that is not used")]
    TooManyKeys,
    /// Not there, or somebody else's.
    #[error("there is nothing of that id")]
    NotFound,
    /// It was changed since it was looked at.
    #[error("it was changed meanwhile: look at it again, and decide anew")]
    Overtaken,
    /// An administrator's own account.
    #[error(
        "this is your own account: another administrator, or whoever has the command line, can change it"
    )]
    OneselfAdministered,
    /// An account on its way out.
    #[error("this account is being deleted")]
    BeingErased,
    /// Nobody would be left to administer the installation.
    #[error("you are the only administrator: make somebody else one first")]
    LastAdministrator,
    /// Others belong to a household, by its name, that nobody but the one who goes owns.
    #[error(
        "others belong to {0}, and nobody but you owns it: make one of them an owner first, or say that it ends for them too"
    )]
    HouseholdUndecided(String),
    /// Another module gave no answer.
    #[error("your households cannot be read right now: try again in a moment")]
    Away(String),
    /// Nobody has that address; for whoever runs the installation alone.
    #[error("there is no account with this e-mail address")]
    NoAccount,
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
    /// Something only an operator can mend.
    #[error("{0}")]
    Internal(String),
}

/// A time that somebody waits, in words.
fn wait(seconds: u32) -> String {
    match seconds.div_ceil(60) {
        0 | 1 => "a minute".into(),
        minutes => format!("{minutes} minutes"),
    }
}

impl AuthError {
    #[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
    pub(crate) fn internal(cause: impl ToString) -> Self {
        Self::Internal(cause.to_string())
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        let said = error.to_string();
        match error {
            AuthError::Invalid(invalid) => Self::invalid(&invalid),
            AuthError::AddressTaken => Self::conflict(said),
            AuthError::RegistrationClosed => Self::forbidden(said),
            AuthError::WrongPassword
            | AuthError::WrongCode
            | AuthError::SecondStepOver
            | AuthError::TripOver
            | AuthError::PasskeyFailed
            | AuthError::SessionOver => Self::unauthenticated(said),
            AuthError::TooMany(seconds) => Self::too_many(said).retry_after(seconds),
            AuthError::Suspended | AuthError::Unproved => Self::forbidden(said),
            AuthError::LinkOver => Self::invalid(&Invalid::field("/token", said)),
            AuthError::LinkFirst
            | AuthError::IdentityTaken
            | AuthError::NoVerifiedAddress(_)
            | AuthError::NoMail
            | AuthError::TooManyKeys
            | AuthError::TotpOn
            | AuthError::NoTotp
            | AuthError::NotSettingUp => Self::conflict(said),
            AuthError::Overtaken => Self::precondition_failed(said),
            AuthError::OneselfAdministered
            | AuthError::BeingErased
            | AuthError::LastAdministrator
            | AuthError::HouseholdUndecided(_) => Self::conflict(said),
            AuthError::Away(cause) => {
                tracing::error!(cause, "users does not say what somebody belongs to");
                Self::unavailable(said).retry_after(1)
            }
            AuthError::NotFound | AuthError::NoAccount | AuthError::NoProvider => Self::not_found(said),
            AuthError::ProviderFailed(_) => Self::unavailable(said).retry_after(5),
            AuthError::Busy => Self::unavailable(said).retry_after(5),
            AuthError::Database(error) => error.into(),
            AuthError::Internal(cause) => {
                tracing::error!(cause, "auth failed");
                Self::internal("It has been noted. If trying again does not help, tell us the request id.")
            }
        }
    }
}
