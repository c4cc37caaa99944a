//! Mail that people forward: an address for each of them, a door at which it comes in, and its words, which go the way
//! that messages go which programs forward.

pub(crate) mod address;
mod door;
mod letter;
mod session;
mod settings;
mod wire;

pub use door::open;
pub use settings::MailInSettings;
