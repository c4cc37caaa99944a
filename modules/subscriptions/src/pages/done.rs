//! What the last act led to, told once on the page that follows. The address carries a code, never words: what a
//! page of ours says is ours.

use serde::Deserialize;
use web::{Notice, Tone};

/// The part of an address that tells what was done; what it does not know, it does not tell.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Told {
    done: Option<String>,
    /// To how many it was done, and how many were as they could not be.
    #[serde(default)]
    count: u32,
    #[serde(default)]
    refused: u32,
}

impl Told {
    pub(super) fn notice(&self) -> Option<Notice> {
        if self.done.as_deref() == Some("many") {
            return Some(self.many());
        }
        let text = match self.done.as_deref()? {
            "added" => "It is tracked from now on.",
            "saved" => "Saved. Everything that follows from it is counted anew.",
            "paused" => "Paused. Nothing is charged until you resume it.",
            "resumed" => "Resumed. Dates that passed meanwhile are not charged.",
            "cancelled" => "Cancelled here. Remember to cancel it with the provider, too.",
            "reactivated" => "It renews again.",
            "planned" => "The prices to come are as you planned them.",
            "sorted" => "Saved.",
            "nothing" => "Nothing was done: pick some rows, and choose what to do with them.",
            "deleted" => "Deleted, with its payments.",
            _ => return None,
        };
        Some(Notice::new(Tone::Good, text))
    }

    fn many(&self) -> Notice {
        let subscriptions =
            |count| if count == 1 { "1 subscription".to_owned() } else { format!("{count} subscriptions") };
        let done = format!("Done to {}.", subscriptions(self.count));
        match self.refused {
            0 => Notice::new(Tone::Good, done),
            refused => {
                let left = format!(
                    "{done} {} stayed as they were: their state does not allow it.",
                    subscriptions(refused)
                );
                Notice::new(Tone::Careful, left)
            }
        }
    }
}
