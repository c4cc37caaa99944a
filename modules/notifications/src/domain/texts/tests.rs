use std::collections::BTreeSet;

use jiff::civil::date;
use kernel::Currency;

use super::*;

fn reading(language: Language, locale: &str) -> Reading {
    Reading { language, locale: locale.parse().unwrap(), today: date(2026, 6, 2) }
}

fn netflix(name: &str) -> Facts {
    Facts::Subscription {
        name: name.into(),
        about_on: date(2026, 6, 5),
        lead_days: 3,
        amount: Money::from_minor(49_900, "INR".parse().unwrap()),
    }
}

fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}

fn all(texts: &Catalogue) -> Vec<&'static str> {
    let mut all = vec![
        texts.date,
        texts.today,
        texts.tomorrow,
        texts.yesterday,
        texts.in_days,
        texts.days_ago,
        texts.digest,
        texts.open,
        texts.why,
        texts.choose,
        texts.stop,
    ];
    all.extend(texts.months);
    for kind in Kind::CHOSEN.into_iter().chain([Kind::Test]) {
        let Pair(title, body) = texts.of(kind);
        all.extend([*title, *body]);
    }
    all
}

#[test]
fn every_language_says_everything_with_the_same_places() {
    let english = all(texts(Language::En));
    for language in Language::ALL {
        let texts = all(texts(language));
        for (text, original) in texts.iter().zip(&english) {
            assert!(!text.trim().is_empty(), "{language:?}: {original}");
            assert_eq!(places(text), places(original), "{language:?}: {text}");
            assert_eq!(text.matches('{').count(), text.matches('}').count(), "{text}");
        }
        let own: BTreeSet<_> = texts.iter().collect();
        assert!(
            language == Language::En || english.iter().filter(|text| own.contains(text)).count() < 8,
            "{language:?}"
        );
    }
}

#[test]
fn a_reader_is_told_in_their_language_with_their_formats() {
    let facts = netflix("Netflix");
    for (language, locale, title, body) in [
        (Language::En, "en-IN", "Netflix renews in 3 days", "₹499.00 will be charged on 5 Jun 2026."),
        (Language::En, "en-US", "Netflix renews in 3 days", "₹499.00 will be charged on Jun 5, 2026."),
        (Language::Hi, "hi-IN", "Netflix का नवीनीकरण: 3 दिन में", "5 जून 2026 को ₹499.00 लिए जाएँगे।"),
    ] {
        let words = reading(language, locale).words(Kind::RenewalNear, &facts);
        assert_eq!((words.title.as_str(), words.body.as_str()), (title, body), "{locale}");
    }
    let german = reading(Language::De, "de-DE").words(Kind::RenewalNear, &facts);
    assert_eq!(german.title, "Netflix verlängert sich in 3 Tagen");
    assert!(german.body.starts_with("Am 5. Juni 2026 werden 499,00"), "{}", german.body);
}

#[test]
fn days_are_near_or_far() {
    let mut reading = reading(Language::En, "en-IN");
    for (today, title) in [
        (date(2026, 6, 5), "Netflix renews today"),
        (date(2026, 6, 4), "Netflix renews tomorrow"),
        (date(2026, 6, 6), "Netflix renews yesterday"),
        (date(2026, 6, 12), "Netflix renews 7 days ago"),
    ] {
        reading.today = today;
        assert_eq!(reading.words(Kind::RenewalNear, &netflix("Netflix")).title, title);
    }
}

#[test]
fn awkward_names_stay_what_they_are_and_end_no_line() {
    let reading = reading(Language::En, "en-IN");
    let title = |name: &str| reading.words(Kind::RenewalNear, &netflix(name)).title;
    assert_eq!(title("a\r\nBcc: all@example.org"), "a Bcc: all@example.org renews in 3 days");
    assert_eq!(title("x\u{2028}y\u{0}z"), "x y z renews in 3 days");
    assert_eq!(title("{amount} <b>&amp;</b> {"), "{amount} <b>&amp;</b> { renews in 3 days");
    assert_eq!(title("שלום"), "\u{2068}שלום\u{2069} renews in 3 days");
    assert_eq!(title("evil\u{202E}gnp"), "evil gnp renews in 3 days");
    assert_eq!(title("👩‍👩‍👧 🎬"), "👩‍👩‍👧 🎬 renews in 3 days");
    assert_eq!(title(""), " renews in 3 days");
    let long = title(&"ä".repeat(5000));
    assert!(long.chars().count() < 200 && long.contains('…'), "{long}");
}

#[test]
fn every_kind_in_every_language_is_a_sentence_without_places() {
    let facts = |kind| match kind {
        Kind::BudgetPassed => Facts::Budget {
            from: date(2026, 6, 1),
            to: date(2026, 6, 30),
            limit: Money::from_minor(100_000, Currency::USD),
            spent: Money::from_minor(100_001, Currency::USD),
        },
        Kind::TicketAnswered => Facts::Ticket {
            ticket: kernel::TicketId::from_uuid(uuid::Uuid::nil()),
            said: "Look again".into(),
        },
        Kind::WebhookBroken => Facts::Webhook {
            webhook: kernel::WebhookId::from_uuid(uuid::Uuid::nil()),
            name: "My program".into(),
            said: "500".into(),
        },
        Kind::ChannelBroken | Kind::Test => Facts::Channel {
            channel: kernel::ChannelId::from_uuid(uuid::Uuid::nil()),
            name: "My phone".into(),
            said: "Unauthorized".into(),
        },
        Kind::RenewalNear
        | Kind::TrialEnds
        | Kind::PromotionEnds
        | Kind::PriceRises
        | Kind::CancelByNear
        | Kind::PaymentDue
        | Kind::PaymentOverdue
        | Kind::PaymentFailed => netflix("Netflix"),
    };
    for language in Language::ALL {
        for kind in Kind::CHOSEN.into_iter().chain([Kind::Test]) {
            let words = reading(language, "en-IN").words(kind, &facts(kind));
            assert!(!words.title.contains(['{', '}', '\n']) && !words.body.contains(['{', '}']), "{words:?}");
            assert!(!words.title.is_empty() && !words.body.is_empty(), "{language:?} {kind:?}");
        }
    }
}
