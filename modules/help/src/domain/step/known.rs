//! Which facts are known after what turned out, where that is the same in several places.

/// The facts of a reminder whose time has come.
pub(super) const REMINDER: &[&str] = &["name", "kind", "about", "on", "at", "reminder", "subscription"];

/// The facts of a channel.
pub(super) const CHANNEL: &[&str] = &["channel", "channel_id", "notification"];

/// The facts of a channel, and what was said there.
pub(super) const SAID: &[&str] = &["channel", "channel_id", "notification", "said"];

/// The facts of a channel, and from when on it is sent by it.
pub(super) const LATER: &[&str] = &["channel", "channel_id", "notification", "until_on", "until_at"];

/// The facts of a channel that is tried again.
pub(super) const TRYING: &[&str] = &["channel", "channel_id", "notification", "said", "until_on", "until_at"];

/// The facts of a subscription.
pub(super) const NAMED: &[&str] = &["name", "subscription"];

/// The facts of a price that is charged again and again.
pub(super) const PRICED: &[&str] = &["name", "price", "cycle", "month", "year", "subscription"];

/// The facts of one that is converted.
pub(super) const CONVERTED: &[&str] =
    &["name", "price", "cycle", "month", "year", "subscription", "home", "shown", "rate", "rate_on"];

/// The facts of one whose rate is the bank's, and has become old.
pub(super) const OLD: &[&str] =
    &["name", "price", "cycle", "month", "year", "subscription", "home", "shown", "rate", "rate_on", "age"];

/// The facts of figures.
pub(super) const FRESH: &[&str] = &["total", "on", "at", "zone"];

/// The facts of an import.
pub(super) const IMPORTED: &[&str] = &["file", "import", "chosen", "doubled", "wrong"];

/// The facts of one that was applied.
pub(super) const APPLIED: &[&str] = &["file", "import", "made", "doubled", "wrong", "kept"];

/// The facts of what is shared.
pub(super) const SHARED: &[&str] = &["name", "price", "subscription", "mine", "among", "members"];

/// The facts of what is shared, and paid by one of those.
pub(super) const PAID_FOR: &[&str] = &["name", "price", "subscription", "mine", "among", "members", "payer"];

/// The facts of what is weighed.
pub(super) const WEIGHED: &[&str] =
    &["name", "price", "cycle", "year", "paid", "usage", "subscription", "provider"];

/// The facts of what is weighed beside another.
pub(super) const DOUBLED: &[&str] =
    &["name", "price", "cycle", "year", "paid", "usage", "subscription", "provider", "other"];

/// The facts of what was cancelled.
pub(super) const ENDING: &[&str] = &["name", "paid", "ends", "subscription", "provider"];

/// The facts of words that were followed.
pub(super) const ACTED: &[&str] = &["words", "message", "name", "subscription"];

/// The facts of an account.
pub(super) const WAYS_IN: &[&str] = &["codes", "passkeys", "providers", "others"];

/// The facts of a charge.
pub(super) const CHARGE: &[&str] = &["name", "amount", "due", "payment", "subscription"];
