//! Values that are right by having been made. Pure.

mod email;
mod password;

pub(crate) use email::Email;
pub(crate) use password::Password;
