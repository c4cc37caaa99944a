//! What a tree can look at and mend, by name, and what was done on the way.

mod known;
mod look;
mod mend;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use look::Look;
pub use mend::Mend;

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal, ways $ways:expr;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// The one of that name in a tree.
            pub fn named(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }

            /// How it can turn out, each with the facts that are known then. A tree says where each leads.
            pub const fn ways(self) -> &'static [(&'static str, &'static [&'static str])] {
                match self { $(Self::$variant => $ways,)* }
            }
        }
    };
}

use named;

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// At which node.
    pub node: String,
    /// What was answered there, or how the check or the action turned out.
    pub what: String,
    /// Whether somebody answered it. Where nobody did, going back goes on to what is before.
    pub answered: bool,
    /// When.
    pub at: Timestamp,
}
