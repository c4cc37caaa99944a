//! What the last act led to, told once on the page that follows. The address carries a code, never words: what a
//! page of ours says is ours.

use serde::Deserialize;
use web::{Notice, Tone};

/// The part of an address that tells what was done; what it does not know, it does not tell.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Told {
    done: Option<String>,
}

impl Told {
    pub(super) fn notice(&self) -> Option<Notice> {
        let text = match self.done.as_deref()? {
            "added" => "It is tracked from now on.",
            "saved" => "Saved. Everything that follows from it is counted anew.",
            "paused" => "Paused. Nothing is charged until you resume it.",
            "resumed" => "Resumed. Dates that passed meanwhile are not charged.",
            "cancelled" => "Cancelled here. Remember to cancel it with the provider, too.",
            "reactivated" => "It renews again.",
            "deleted" => "Deleted, with its payments.",
            "revoked" => "Revoked. A calendar that reads there finds nothing any more.",
            _ => return None,
        };
        Some(Notice::new(Tone::Good, text))
    }
}
