//! What the last act led to, told once on the page that follows. The address carries a code, never words: what a
//! page of ours says is ours.

use kernel::PaymentId;
use serde::Deserialize;
use web::{Notice, Tone};

use super::payments;

/// The part of an address that tells what was done; what it does not know, it does not tell.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Told {
    done: Option<String>,
    /// The payment that was changed, and the version it has now: that change can be taken back.
    payment: Option<String>,
    version: Option<i64>,
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
            "rate-set" => "Set. Everything that follows from it is converted anew.",
            "rate-removed" => "Removed. What was converted by it stays as it is.",
            "planned" => "The prices to come are as you planned them.",
            "sorted" => "Saved.",
            "nothing" => "Nothing was done: pick some rows, and choose what to do with them.",
            "deleted" => "Deleted, with its payments.",
            "payment-paid" => "Marked as paid.",
            "payment-failed" => "Marked as failed. It is still to be paid.",
            "payment-skipped" => "Skipped. It is not to be paid any more.",
            "payment-refunded" => "Marked as refunded. It counts in nothing that was paid.",
            "payment-corrected" => "Saved.",
            "payment-entered" => "It is in the ledger.",
            "payment-undone" => "Undone. It is what it was before.",
            "payment-removed" => "Taken away, as if it had never been entered.",
            "document-added" => "The document is kept with this payment.",
            "document-removed" => "The document is gone.",
            _ => return None,
        };
        let notice = Notice::new(Tone::Good, text);
        Some(match self.undo() {
            Some((action, version)) => notice.with_button("Undo", action, vec![("version", version)]),
            None => notice,
        })
    }

    /// Where the change that was told is taken back, and of which version.
    fn undo(&self) -> Option<(String, String)> {
        let payment: PaymentId = self.payment.as_deref()?.parse().ok()?;
        Some((format!("{}/undo", payments::row::href(payment)), self.version?.to_string()))
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
