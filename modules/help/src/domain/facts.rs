//! What was found out on the way. Values, not words: they are read in their reader's language and formats.

use std::collections::BTreeMap;

use contracts::{help::Usage, subscriptions::ReminderKind};
use jiff::civil::{Date, Time};
use kernel::{Cycle, Locale, Money, Unit};
use serde::{Deserialize, Serialize};

use super::Language;

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Fact {
    /// Words, or an id.
    Words(String),
    /// A day.
    Day(Date),
    /// An amount.
    Amount(Money),
    /// How often.
    Every(Cycle),
    /// A time of day.
    Clock(Time),
    /// What a reminder is about.
    Reminder(ReminderKind),
    /// How many.
    Count(i64),
    /// How much something is used.
    Used(Usage),
    /// Where one cancels something; nothing where that is not known.
    Provider(Option<String>),
}

/// Facts by the names that texts have for them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Facts(BTreeMap<String, Fact>);

impl Facts {
    /// Keeps a fact; a newer one takes the place of an older.
    pub fn keep(&mut self, name: &str, fact: Fact) {
        self.0.insert(name.to_owned(), fact);
    }

    /// The words of one, where it is words.
    pub fn words(&self, name: &str) -> Option<&str> {
        match self.0.get(name)? {
            Fact::Words(words) => Some(words),
            Fact::Day(_)
            | Fact::Amount(_)
            | Fact::Every(_)
            | Fact::Clock(_)
            | Fact::Reminder(_)
            | Fact::Count(_)
            | Fact::Used(_)
            | Fact::Provider(_) => None,
        }
    }

    /// The kind of a reminder, where it is one.
    pub fn reminder(&self, name: &str) -> Option<ReminderKind> {
        match self.0.get(name)? {
            Fact::Reminder(kind) => Some(*kind),
            Fact::Day(_)
            | Fact::Amount(_)
            | Fact::Every(_)
            | Fact::Clock(_)
            | Fact::Words(_)
            | Fact::Count(_)
            | Fact::Used(_)
            | Fact::Provider(_) => None,
        }
    }

    /// Each in words, in the order of their names.
    pub fn told(&self, language: Language, locale: &Locale) -> Vec<(String, String)> {
        self.0.iter().map(|(name, fact)| (name.clone(), fact.told(language, locale))).collect()
    }

    /// A text with its places filled. What is put in is never looked at for places again.
    pub fn fill(&self, text: &str, language: Language, locale: &Locale) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            filled.push_str(&self.0.get(name).map_or_else(|| "…".into(), |fact| fact.told(language, locale)));
            rest = behind;
        }
        filled.push_str(rest);
        filled
    }
}

/// The names of the places of a text.
pub(super) fn places(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).map(|part| part.split_once('}').map_or(part, |(name, _)| name))
}

impl Fact {
    fn told(&self, language: Language, locale: &Locale) -> String {
        match (self, language) {
            (Self::Words(words), _) => words.clone(),
            (Self::Amount(amount), _) => web::format::money(*amount, locale),
            (Self::Day(day), Language::En) => web::format::date(*day, locale),
            (Self::Day(day), Language::De) => format!("{}.{}.{}", day.day(), day.month(), day.year()),
            (Self::Day(day), Language::Hi) => format!("{}/{}/{}", day.day(), day.month(), day.year()),
            (Self::Every(cycle), language) => every(*cycle, language),
            (Self::Count(count), _) => count.to_string(),
            (Self::Used(usage), language) => used(*usage, language).into(),
            (Self::Provider(Some(address)), _) => address.clone(),
            (Self::Provider(None), language) => with_the_provider(language).into(),
            (Self::Clock(time), _) => kernel::time_text(*time),
            (Self::Reminder(kind), language) => reminder(*kind, language).into(),
        }
    }
}

/// How often, in words that stand within a sentence.
fn every(cycle: Cycle, language: Language) -> String {
    let count = cycle.every();
    let (one, many) = match (language, cycle.unit()) {
        (Language::En, Unit::Day) => ("every day", "days"),
        (Language::En, Unit::Week) => ("every week", "weeks"),
        (Language::En, Unit::Month) => ("every month", "months"),
        (Language::En, Unit::Year) => ("every year", "years"),
        (Language::De, Unit::Day) => ("jeden Tag", "Tage"),
        (Language::De, Unit::Week) => ("jede Woche", "Wochen"),
        (Language::De, Unit::Month) => ("jeden Monat", "Monate"),
        (Language::De, Unit::Year) => ("jedes Jahr", "Jahre"),
        (Language::Hi, Unit::Day) => ("हर दिन", "दिन"),
        (Language::Hi, Unit::Week) => ("हर हफ़्ते", "हफ़्ते"),
        (Language::Hi, Unit::Month) => ("हर महीने", "महीने"),
        (Language::Hi, Unit::Year) => ("हर साल", "साल"),
    };
    if count == 1 {
        return one.into();
    }
    match language {
        Language::En => format!("every {count} {many}"),
        Language::De => format!("alle {count} {many}"),
        Language::Hi => format!("हर {count} {many}"),
    }
}

/// What a reminder is about, in words that stand within quotation marks.
const fn reminder(kind: ReminderKind, language: Language) -> &'static str {
    let (en, de, hi) = match kind {
        ReminderKind::RenewalNear => ("it renews", "es verlängert sich", "नवीनीकरण पास है"),
        ReminderKind::TrialEnds => ("a free trial ends", "eine Probezeit endet", "मुफ़्त ट्रायल समाप्त होता है"),
        ReminderKind::PromotionEnds => ("a promotion ends", "ein Aktionspreis endet", "ऑफ़र समाप्त होता है"),
        ReminderKind::PriceRises => ("a price rises", "ein Preis steigt", "मूल्य बढ़ता है"),
        ReminderKind::CancelByNear => (
            "the last day to cancel is near",
            "der letzte Kündigungstag ist nah",
            "रद्द करने का आखिरी दिन पास है",
        ),
        ReminderKind::PaymentDue => ("a payment is due", "eine Zahlung ist fällig", "भुगतान देय है"),
        ReminderKind::PaymentOverdue => {
            ("a payment is overdue", "eine Zahlung ist überfällig", "भुगतान की तारीख निकल गई")
        }
        ReminderKind::PaymentFailed => {
            ("a payment failed", "eine Zahlung ist fehlgeschlagen", "भुगतान विफल हुआ")
        }
    };
    match language {
        Language::En => en,
        Language::De => de,
        Language::Hi => hi,
    }
}

/// How much something is used, in words that stand behind a colon.
const fn used(usage: Usage, language: Language) -> &'static str {
    let (en, de, hi) = match usage {
        Usage::Often => ("often", "oft", "अक्सर"),
        Usage::Sometimes => ("now and then", "ab und zu", "कभी-कभी"),
        Usage::Rarely => ("hardly", "kaum", "बहुत कम"),
        Usage::Never => ("not at all", "gar nicht", "बिल्कुल नहीं"),
        Usage::Unsaid => ("not marked", "nicht vermerkt", "नहीं लिखा"),
    };
    match language {
        Language::En => en,
        Language::De => de,
        Language::Hi => hi,
    }
}

/// Where one cancels what no address is known of.
const fn with_the_provider(language: Language) -> &'static str {
    match language {
        Language::En => "in your account with the provider",
        Language::De => "in Ihrem Konto beim Anbieter",
        Language::Hi => "प्रदाता के यहाँ आपके खाते में",
    }
}
