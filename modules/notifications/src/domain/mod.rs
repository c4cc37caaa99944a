//! The rules of telling people: what there is to tell, whom by what and when, in which words, and what follows from a
//! provider's answer. No clock, no database, no HTTP.

mod channel;
mod facts;
mod kind;
mod plan;
mod preferences;
mod retry;
pub mod texts;
mod webhook;

pub use channel::{ChannelKind, ChannelKindError, ChannelState, ChannelStateError};
pub use facts::Facts;
pub use kernel::Language;
pub use kind::{Kind, KindError};
pub use plan::{Plan, Wait, plan};
pub(crate) use preferences::WEEKDAYS;
pub use preferences::{Digest, Preferences, QuietHours, Way};
pub use retry::{TRIES, pause};
pub use webhook::{HEARD, TEST, TRIES_OF_MESSAGES, pause_of_messages};
