//! What a tree can look at and mend, by name, and what was done on the way.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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

/// The facts of a charge.
const CHARGE: &[&str] = &["name", "amount", "due", "payment", "subscription"];

named! {
    /// Something to look at. `away`: whose it is gave no answer in time.
    Look {
        /// The charge that help was asked for from, else the newest that did not go through.
        Charge = "charge", ways &[("failed", CHARGE), ("due", CHARGE), ("settled", CHARGE), ("none", &[]), ("away", &[])];
        /// From what the dates of the subscription are computed that help was asked for from. `halted`: no charge is
        /// to come, because it is paused, cancelled, over, or was bought once.
        Dates = "dates", ways &[
            ("running", &["name", "price", "anchor", "cycle", "next", "subscription"]),
            ("halted", &["name", "price", "anchor", "subscription"]),
            ("none", &[]),
            ("away", &[]),
        ];
    }
}

named! {
    /// Something to mend. `refused`: the state of the thing, or what the person may do, does not allow it.
    Mend {
        /// The charge that was looked at becomes paid.
        MarkPaid = "mark_paid", ways &[("done", &[]), ("refused", &[]), ("away", &[])];
    }
}

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
