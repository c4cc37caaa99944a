//! What a notification says, before it is put into words.

use jiff::civil::Date;
use kernel::{ChannelId, Money, TicketId, WebhookId};
use serde::{Deserialize, Serialize};

/// The facts behind a notification. They are kept instead of words, so that it is always read in the language and the
/// formats its reader has now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Facts {
    /// A day of a subscription's.
    Subscription {
        /// What its owner calls it.
        name: String,
        /// The charge date, or the day on which the trial, the price or the notice ends.
        about_on: Date,
        /// How many days before that day it was to be told; less than nought, how many days after it.
        lead_days: i64,
        /// What is charged then.
        amount: Money,
    },
    /// A budget that was passed.
    Budget {
        /// The first day of its period.
        from: Date,
        /// The last.
        to: Date,
        /// What was meant to be spent.
        limit: Money,
        /// What was.
        spent: Money,
    },
    /// A way of being told.
    Channel {
        /// Which.
        channel: ChannelId,
        /// What its owner calls it.
        name: String,
        /// What its provider said; nothing in a test.
        said: String,
    },
    /// An address that was told of events.
    Webhook {
        /// Which.
        webhook: WebhookId,
        /// What it is called.
        name: String,
        /// What it answered last.
        said: String,
    },
    /// What was handed over to a person.
    Ticket {
        /// Which.
        ticket: TicketId,
        /// How the answer begins.
        said: String,
    },
}
