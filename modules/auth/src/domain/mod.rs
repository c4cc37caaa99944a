//! Values that are right by having been made, and rules about time. Pure.

mod act;
pub(crate) mod codes;
mod device;
mod email;
pub(crate) mod keys;
pub(crate) mod letter;
mod method;
mod password;
mod tries;
pub(crate) mod webauthn;

pub(crate) use act::Act;
pub(crate) use device::device_name;
pub(crate) use email::{Email, EmailError};
pub(crate) use letter::LetterKind;
pub(crate) use method::{Method, Methods};
pub(crate) use password::Password;
pub(crate) use tries::Tries;
