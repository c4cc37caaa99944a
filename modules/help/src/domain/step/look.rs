//! What a tree can look at, and how it can turn out.

use super::{
    known::{
        ACTED, APPLIED, CHANNEL, CHARGE, CONVERTED, DOUBLED, ENDING, FRESH, IMPORTED, LATER, NAMED, OLD,
        PAID_FOR, PRICED, REMINDER, SAID, SHARED, TRYING, WAYS_IN, WEIGHED,
    },
    named,
};

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
        /// sent for another reason. `inbox`: by no channel, as there was none when it was told. `none`: nothing of it has arrived.
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
