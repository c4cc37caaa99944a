//! Rows of subscriptions and of their charges.

use jiff::civil::Date;
use kernel::{Cycle, Money};

use crate::Manner;

/// Where a subscription is in its life, as its badge says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Free until the trial ends.
    Trial,
    /// Renews.
    Active,
    /// Does not renew until resumed.
    Paused,
    /// Renews no more; may still be used.
    Cancelled,
    /// Over.
    Ended,
}

impl Status {
    /// The word, and with it the class in the style sheet.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trial => "trial",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
            Self::Ended => "ended",
        }
    }

    /// The word on the badge.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Trial => "Trial",
            Self::Active => "Active",
            Self::Paused => "Paused",
            Self::Cancelled => "Cancelled",
            Self::Ended => "Ended",
        }
    }
}

/// How many colours there are for marks: `.mark-0` to `.mark-11` in the style sheet.
const MARK_COLOURS: u32 = 12;

/// A letter on a colour that stands for a service: always the same for the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The first letter or digit of the name, else its first sign.
    pub letter: String,
    /// Which of the twelve colours.
    pub colour: u32,
}

impl Mark {
    /// The mark of a name.
    ///
    /// ```
    /// use web::view::Mark;
    /// assert_eq!(Mark::of("netflix").letter, "N");
    /// assert_eq!(Mark::of("netflix"), Mark::of("  Netflix "));
    /// ```
    pub fn of(name: &str) -> Self {
        let name = name.trim().to_lowercase();
        // FNV-1a: the same on every machine and in every version, unlike the standard library's hasher.
        let hash = name
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let first = name.chars().find(|letter| letter.is_alphanumeric()).or_else(|| name.chars().next());
        let letter = first.map_or_else(|| "·".to_owned(), |letter| letter.to_uppercase().collect());
        // The low bits of FNV follow the last byte too closely for names that end alike.
        Self { letter, colour: (hash ^ (hash >> 15)) % MARK_COLOURS }
    }
}

/// A subscription in a list.
#[derive(Debug, Clone)]
pub struct SubscriptionRow {
    /// Its page.
    pub href: String,
    /// What people call it.
    pub name: String,
    /// Which of its plans.
    pub plan: Option<String>,
    /// Where it is in its life.
    pub status: Status,
    /// What a charge costs.
    pub price: Money,
    /// How often; `None` was bought once.
    pub cycle: Option<Cycle>,
    /// What that comes to a month, where it is not paid every month.
    pub monthly: Option<Money>,
    /// What that comes to in the reader's own currency a month, where it is another.
    pub converted: Option<Money>,
    /// The next charge.
    pub next_charge_on: Option<Date>,
    /// The first day that is not free.
    pub trial_ends_on: Option<Date>,
    /// The first day on which it can no longer be used.
    pub ends_on: Option<Date>,
    /// The last day on which it can be cancelled for the end of its term.
    pub cancel_by: Option<Date>,
}

/// How many days ahead the last day for cancelling comes before everything else.
const CANCEL_SOON: i64 = 45;

impl SubscriptionRow {
    /// What matters next about it, in a few words.
    pub fn outlook(&self, manner: &Manner) -> String {
        let on = |words: &str, date: Option<Date>| date.map(|date| format!("{words} {}", manner.day(&date)));
        if let Some(date) = self.cancel_by.filter(|date| is_near(*date, manner.today())) {
            return format!("Cancel by {} or it renews", manner.day(&date));
        }
        let told = match self.status {
            Status::Trial => on("Free until", self.trial_ends_on.or(self.next_charge_on)),
            Status::Active => self.next_charge_on.map(|date| match manner.relative(&date).as_str() {
                near @ ("today" | "tomorrow") => format!("Renews {near}"),
                _ => format!("Renews {}", manner.day(&date)),
            }),
            Status::Paused => Some("Not charged until resumed".to_owned()),
            Status::Cancelled => on("Yours until", self.ends_on),
            Status::Ended => on("Ended", self.ends_on),
        };
        told.unwrap_or_else(|| match (self.status, self.cycle) {
            (Status::Active, None) => "Bought once".to_owned(),
            (status, _) => status.label().to_owned(),
        })
    }

    /// Whether the badge adds something: most are active, and a list of "Active" says nothing.
    pub const fn badge(&self) -> Option<Status> {
        match self.status {
            Status::Active => None,
            Status::Trial | Status::Paused | Status::Cancelled | Status::Ended => Some(self.status),
        }
    }
}

fn is_near(date: Date, today: Date) -> bool {
    today
        .checked_add(jiff::Span::new().days(CANCEL_SOON))
        .is_ok_and(|horizon| (today..=horizon).contains(&date))
}

/// A charge to come, under the heading of its day.
#[derive(Debug, Clone)]
pub struct ChargeRow {
    /// The subscription's page.
    pub href: String,
    /// What people call it.
    pub name: String,
    /// What else is worth knowing: `Standard · monthly`.
    pub detail: String,
    /// How much.
    pub amount: Money,
    /// The same in the reader's own currency, where it is another.
    pub converted: Option<Money>,
    /// A badge, where there is something to say.
    pub badge: Option<Status>,
}

/// The charges of a day.
#[derive(Debug, Clone)]
pub struct ChargeDay {
    /// Which day.
    pub on: Date,
    /// Its charges; never none.
    pub rows: Vec<ChargeRow>,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::Currency;

    use super::*;

    fn manner() -> Manner {
        Manner::new("en-IN".parse().unwrap(), date(2026, 5, 14))
    }

    fn row(status: Status) -> SubscriptionRow {
        SubscriptionRow {
            href: "/subscriptions/1".into(),
            name: "Netflix".into(),
            plan: None,
            status,
            price: Money::from_minor(49_900, Currency::INR),
            cycle: Some(Cycle::MONTHLY),
            monthly: None,
            converted: None,
            next_charge_on: Some(date(2026, 6, 5)),
            trial_ends_on: None,
            ends_on: Some(date(2027, 1, 5)),
            cancel_by: None,
        }
    }

    #[test]
    fn each_status_says_what_matters_next() {
        for (status, expected) in [
            (Status::Trial, "Free until 5 Jun"),
            (Status::Active, "Renews 5 Jun"),
            (Status::Paused, "Not charged until resumed"),
            (Status::Cancelled, "Yours until 5 Jan 2027"),
            (Status::Ended, "Ended 5 Jan 2027"),
        ] {
            assert_eq!(row(status).outlook(&manner()), expected);
        }
        let tomorrow = SubscriptionRow { next_charge_on: Some(date(2026, 5, 15)), ..row(Status::Active) };
        assert_eq!(tomorrow.outlook(&manner()), "Renews tomorrow");
        let bound = |day| SubscriptionRow { cancel_by: Some(day), ..row(Status::Active) }.outlook(&manner());
        assert_eq!(bound(date(2026, 6, 28)), "Cancel by 28 Jun or it renews");
        assert_eq!(bound(date(2026, 6, 29)), "Renews 5 Jun");
        let once = SubscriptionRow { next_charge_on: None, cycle: None, ..row(Status::Active) };
        assert_eq!(once.outlook(&manner()), "Bought once");
        let unknown = SubscriptionRow { ends_on: None, ..row(Status::Ended) };
        assert_eq!(unknown.outlook(&manner()), "Ended");
    }

    #[test]
    fn every_name_has_a_mark() {
        for (name, letter) in [
            ("Netflix", "N"),
            ("  1Password", "1"),
            ("«Ωmega»", "Ω"),
            ("شاهد", "ش"),
            ("🎧 Tunes", "T"),
            ("🎧", "🎧"),
            ("", "·"),
            ("ßeta", "SS"),
        ] {
            let mark = Mark::of(name);
            assert_eq!(mark.letter, letter, "{name}");
            assert!(mark.colour < MARK_COLOURS);
        }
    }

    #[test]
    fn marks_use_all_colours() {
        let mut colours: Vec<_> = (0..200).map(|n| Mark::of(&format!("Service {n}")).colour).collect();
        colours.sort_unstable();
        colours.dedup();
        assert_eq!(colours.len(), 12);
    }
}
