//! English.

use super::{Catalogue, Pair};

pub(super) static TEXTS: Catalogue = Catalogue {
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    date: "{day} {month} {year}",
    today: "today",
    tomorrow: "tomorrow",
    yesterday: "yesterday",
    in_days: "in {count} days",
    days_ago: "{count} days ago",
    renewal_near: Pair("{name} renews {when}", "{amount} will be charged on {date}."),
    trial_ends: Pair("The free trial of {name} ends {when}", "From {date} it costs {amount}."),
    promotion_ends: Pair("The promotion of {name} ends {when}", "From {date} it costs {amount}."),
    price_rises: Pair("The price of {name} rises {when}", "From {date} it costs {amount}."),
    cancel_by_near: Pair(
        "Last chance to cancel {name}: {when}",
        "After {date} it binds you for another term, for {amount}.",
    ),
    payment_due: Pair("{name} is to be paid {when}", "{amount} is due on {date}."),
    payment_overdue: Pair("{name} is not paid yet", "{amount} was due on {date}."),
    payment_failed: Pair("A payment for {name} failed", "{amount}, due on {date}, did not go through."),
    budget_passed: Pair(
        "A budget is passed",
        "{spent} was spent from {from} to {to}; {limit} was meant to be.",
    ),
    ticket_answered: Pair("Support answered you", "{said}"),
    channel_broken: Pair(
        "{name} does not reach you any more",
        "Nothing is sent there until you set it up again. The answer was: {said}",
    ),
    webhook_broken: Pair(
        "{name} is told of events no more",
        "It did not take them, so it was turned off. Mend it, turn it on, and send what it missed. The answer was: {said}",
    ),
    test: Pair("This is a test", "{name} works. What you are told from now on comes the very same way."),
    digest: "{count} things to know",
    open: "Open in Perennial",
    why: "You chose to be told of this.",
    choose: "Choose what you are told",
    stop: "Stop all e-mails",
};
