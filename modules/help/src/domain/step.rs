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

/// The facts of a reminder whose time has come.
const REMINDER: &[&str] = &["name", "kind", "about", "on", "at", "reminder", "subscription"];

/// The facts of a channel.
const CHANNEL: &[&str] = &["channel", "channel_id", "notification"];

/// The facts of a channel, and what was said there.
const SAID: &[&str] = &["channel", "channel_id", "notification", "said"];

/// The facts of a channel, and from when on it is sent by it.
const LATER: &[&str] = &["channel", "channel_id", "notification", "until_on", "until_at"];

/// The facts of a channel that is tried again.
const TRYING: &[&str] = &["channel", "channel_id", "notification", "said", "until_on", "until_at"];

/// The facts of a subscription.
const NAMED: &[&str] = &["name", "subscription"];

/// The facts of a price that is charged again and again.
const PRICED: &[&str] = &["name", "price", "cycle", "month", "year", "subscription"];

/// The facts of one that is converted.
const CONVERTED: &[&str] =
    &["name", "price", "cycle", "month", "year", "subscription", "home", "shown", "rate", "rate_on"];

/// The facts of one whose rate is the bank's, and has become old.
const OLD: &[&str] =
    &["name", "price", "cycle", "month", "year", "subscription", "home", "shown", "rate", "rate_on", "age"];

/// The facts of figures.
const FRESH: &[&str] = &["total", "on", "at", "zone"];

/// The facts of an import.
const IMPORTED: &[&str] = &["file", "import", "chosen", "doubled", "wrong"];

/// The facts of one that was applied.
const APPLIED: &[&str] = &["file", "import", "made", "doubled", "wrong", "kept"];

/// The facts of what is shared.
const SHARED: &[&str] = &["name", "price", "subscription", "mine", "among", "members"];

/// The facts of what is shared, and paid by one of those.
const PAID_FOR: &[&str] = &["name", "price", "subscription", "mine", "among", "members", "payer"];

/// The facts of what is weighed.
const WEIGHED: &[&str] = &["name", "price", "cycle", "year", "paid", "usage", "subscription", "provider"];

/// The facts of what is weighed beside another.
const DOUBLED: &[&str] =
    &["name", "price", "cycle", "year", "paid", "usage", "subscription", "provider", "other"];

/// The facts of what was cancelled.
const ENDING: &[&str] = &["name", "paid", "ends", "subscription", "provider"];

/// The facts of words that were followed.
const ACTED: &[&str] = &["words", "message", "name", "subscription"];

/// The facts of an account.
const WAYS_IN: &[&str] = &["codes", "passkeys", "providers", "others"];

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
        /// What became of reminders: of the subscription that help was asked for from, else of the newest one. `left_out`:
        /// its day had passed before it could be told. `others`: somebody else is told.
        Reminder = "reminder", ways &[
            ("told", REMINDER),
            ("left_out", REMINDER),
            ("planned", &["name", "next", "at", "subscription"]),
            ("never", &[]),
            ("never_own", NAMED),
            ("paused", NAMED),
            ("over", NAMED),
            ("others", NAMED),
            ("nothing", &[]),
            ("none", &[]),
            ("away", &[]),
        ];
        /// What became of the reminder that was looked at, by the way of which there is most to say. `left`: it was not
        /// sent for another reason. `inbox`: there are no channels. `none`: nothing of it has arrived.
        Delivery = "delivery", ways &[
            ("muted_household", &[]),
            ("muted", &[]),
            ("broken", SAID),
            ("failed", SAID),
            ("trying", TRYING),
            ("quiet", LATER),
            ("digest", LATER),
            ("kind_off", CHANNEL),
            ("off", CHANNEL),
            ("left", SAID),
            ("waiting", CHANNEL),
            ("arrived", &["channel", "channel_id", "notification", "arrived_on", "arrived_at"]),
            ("inbox", &["notification"]),
            ("none", &[]),
            ("away", &[]),
        ];
        /// What the subscription costs that help was asked for from, and how that is shown in the household's currency.
        /// `old`: by the bank's rates of some days ago. `own`: by a rate set by hand. `missing`: there is no rate.
        Price = "price", ways &[
            ("home", PRICED),
            ("converted", CONVERTED),
            ("old", OLD),
            ("own", CONVERTED),
            ("missing", &["name", "price", "cycle", "month", "year", "subscription", "home", "currency"]),
            ("free", &["name", "price", "until", "subscription"]),
            ("once", &["name", "price", "subscription"]),
            ("none", &[]),
            ("away", &[]),
        ];
        /// What everything comes to. `missing`: there is no rate for some of it.
        Total = "total", ways &[
            ("home", &["total", "left_out"]),
            ("converted", &["total", "left_out", "rate_on"]),
            ("old", &["total", "left_out", "rate_on", "age"]),
            ("missing", &["total", "left_out", "beside", "currency", "home"]),
            ("away", &[]),
        ];
        /// Whether the figures are what there is. `stale`: what is shown is something else. `behind`: charges should have
        /// been entered that are not.
        Freshness = "freshness", ways &[
            ("fresh", FRESH),
            ("stale", FRESH),
            ("behind", &["total", "on", "at", "zone", "overdue"]),
            ("away", &[]),
        ];
        /// The import that help was asked for from, else the newest. `asking`: questions of it are open. `wrong`: nothing
        /// can be made of some of it.
        Import = "import", ways &[
            ("asking", IMPORTED),
            ("ready", IMPORTED),
            ("wrong", &["file", "import", "chosen", "doubled", "wrong", "said"]),
            ("applied", APPLIED),
            ("undone", APPLIED),
            ("none", &[]),
            ("away", &[]),
        ];
        /// How the subscription is shared that help was asked for from. `alone`: nobody else belongs to the household.
        /// `purse`: it is paid in common. `own`: whoever pays it bears all of it.
        Sharing = "sharing", ways &[
            ("private", NAMED),
            ("alone", NAMED),
            ("purse", SHARED),
            ("shared", PAID_FOR),
            ("own", PAID_FOR),
            ("none", &[]),
            ("away", &[]),
        ];
        /// What speaks for the subscription that help was asked for from, and against it. `doubled`: there is another that
        /// does the same. `seldom`: it is hardly used. `over`: it is cancelled or has ended.
        Worth = "worth", ways &[
            ("doubled", DOUBLED),
            ("seldom", WEIGHED),
            ("used", WEIGHED),
            ("unsaid", WEIGHED),
            ("paused", WEIGHED),
            ("over", ENDING),
            ("once", &["name", "price", "subscription"]),
            ("none", &[]),
            ("away", &[]),
        ];
        /// Until when the subscription that was looked at has to be cancelled. `bound`: before it binds for another term.
        /// `free`: before it costs something. `open`: before its next charge. `halted`: nothing is to come.
        Notice = "notice", ways &[
            ("bound", &["name", "subscription", "provider", "by", "term_ends"]),
            ("free", &["name", "subscription", "provider", "until", "price"]),
            ("open", &["name", "subscription", "provider", "next", "price"]),
            ("halted", &["name", "subscription", "provider"]),
            ("none", &[]),
            ("away", &[]),
        ];
        /// How words were read: those that the subscription came from that help was asked for from, else the newest.
        Reading = "reading", ways &[
            ("made", &["words", "message", "name", "price", "cycle", "subscription"]),
            ("acted", ACTED),
            ("asked", &["words", "message", "said"]),
            ("refused", &["message", "said"]),
            ("none", &[]),
            ("away", &[]),
        ];
        /// By what the person logs in. `app_bare`: a code of an app is asked for, and nothing helps when it is lost.
        /// `unmailed`: by a password, and this installation mails no link when it is forgotten.
        WaysIn = "ways_in", ways &[
            ("app_bare", WAYS_IN),
            ("app", WAYS_IN),
            ("passkeys", WAYS_IN),
            ("password", WAYS_IN),
            ("unmailed", WAYS_IN),
            ("away", &[]),
        ];
        /// What would be left behind. `others`: others with a log-in belong to the person's own household. `guest`: the
        /// person belongs to households of others.
        Leaving = "leaving", ways &[
            ("alone", &["households", "people"]),
            ("others", &["households", "people"]),
            ("guest", &["households", "people"]),
            ("away", &[]),
        ];
        /// How often the subscription is charged that help was asked for from. `halted`: not at all, as things stand.
        Rhythm = "rhythm", ways &[
            ("monthly", &["name", "price", "cycle", "month", "year", "subscription", "next"]),
            ("yearly", &["name", "price", "cycle", "month", "year", "subscription", "next"]),
            ("other", &["name", "price", "cycle", "month", "year", "subscription", "next"]),
            ("halted", PRICED),
            ("once", &["name", "price", "subscription"]),
            ("none", &[]),
            ("away", &[]),
        ];
    }
}

named! {
    /// Something to mend. `refused`: the state of the thing, or what the person may do, does not allow it.
    Mend {
        /// The charge that was looked at becomes paid.
        MarkPaid = "mark_paid", ways MENDED;
        /// The subscription that was looked at renews again.
        Resume = "resume", ways MENDED;
        /// The person is told again of the subscription that was looked at, and of its household.
        Unmute = "unmute", ways MENDED;
        /// The kind of the reminder that was looked at is told again by the channel that was.
        TellKind = "tell_kind", ways MENDED;
        /// No hours are quiet any more.
        EndQuietHours = "end_quiet_hours", ways MENDED;
        /// The notification that was looked at is sent again, at once.
        SendAgain = "send_again", ways MENDED;
        /// What is overdue is entered, and figures are computed anew.
        Refresh = "refresh", ways MENDED;
        /// What the import that was looked at proposes is made.
        ApplyImport = "apply_import", ways &[("done", APPLIED), ("refused", &[]), ("away", &[])];
        /// What the import that was looked at made is taken back.
        UndoImport = "undo_import", ways &[("done", APPLIED), ("refused", &[]), ("away", &[])];
        /// The household sees the subscription that was looked at.
        ShowToHousehold = "show_to_household", ways MENDED;
        /// The subscription that was looked at does not renew any more.
        Cancel = "cancel", ways &[("done", &["ends"]), ("refused", &[]), ("away", &[])];
        /// The subscription that was looked at rests.
        Pause = "pause", ways MENDED;
        /// Every other log-in of the person's is over.
        EndOtherLogIns = "end_other_log_ins", ways MENDED;
        /// The subscription that was looked at is charged every month; its price stays that of a charge.
        ChargeMonthly = "charge_monthly", ways RESPANNED;
        /// The same, every year.
        ChargeYearly = "charge_yearly", ways RESPANNED;
        /// The channel that was looked at is on, and a real test is sent by it. `waiting`: nothing was said to it yet.
        TryChannel = "try_channel", ways &[
            ("sent", &[]),
            ("failed", &["said"]),
            ("waiting", &[]),
            ("refused", &[]),
            ("away", &[]),
        ];
    }
}

/// How most of what is mended can turn out.
const MENDED: &[(&str, &[&str])] = &[("done", &[]), ("refused", &[]), ("away", &[])];

/// How it can turn out that one is charged at another rhythm: what it comes to is known anew.
const RESPANNED: &[(&str, &[&str])] =
    &[("done", &["cycle", "month", "year"]), ("refused", &[]), ("away", &[])];

impl Mend {
    /// Whether it changes what is the household's, so that whoever may only look there may not; else it changes what is
    /// the person's own.
    pub const fn changes_household(self) -> bool {
        match self {
            Self::MarkPaid
            | Self::Resume
            | Self::ChargeMonthly
            | Self::ChargeYearly
            | Self::Refresh
            | Self::ApplyImport
            | Self::UndoImport
            | Self::ShowToHousehold
            | Self::Cancel
            | Self::Pause => true,
            Self::Unmute
            | Self::TellKind
            | Self::EndQuietHours
            | Self::SendAgain
            | Self::TryChannel
            | Self::EndOtherLogIns => false,
        }
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
