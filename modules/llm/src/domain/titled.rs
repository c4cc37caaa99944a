//! A text that comes with a title, as mails and what apps share do.

/// The title above the text, where the text does not say it again: read twice it would be two things.
pub(crate) fn titled(title: &str, text: &str) -> String {
    let (title, text) = (title.trim(), text.trim());
    let repeats = text.to_lowercase().contains(&title.to_lowercase());
    let lines = [title, text].into_iter().filter(|line| !line.is_empty());
    lines.skip(usize::from(repeats && !title.is_empty())).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Context, Outcome, read},
        *,
    };

    #[test]
    fn what_is_said_twice_is_read_once() {
        for (title, text, read) in [
            ("Netflix", "netflix ₹499 monthly", "netflix ₹499 monthly"),
            ("Netflix", "₹499 monthly", "Netflix\n₹499 monthly"),
            ("Netflix ₹499", " ", "Netflix ₹499"),
            ("", " Netflix ₹499", "Netflix ₹499"),
            (" ", "\n", ""),
        ] {
            assert_eq!(titled(title, text), read, "{title:?} above {text:?}");
        }
    }

    #[test]
    fn a_service_named_in_the_subject_alone_is_what_the_mail_is_about() {
        let context = Context {
            today: jiff::civil::date(2026, 5, 5),
            locale: "en-US".parse().unwrap(),
            currency: kernel::Currency::USD,
        };
        for (title, text, event, service, price) in [
            (
                "Your Strava membership renews soon",
                "Hi Ana,\nWe'll charge $79.99 on May 20, 2026.",
                "subscription.created",
                "strava",
                "USD 79.99",
            ),
            (
                "Your Netflix price is changing",
                "Hi Ana, from June 1 you'll pay $17.99 a month.",
                "subscription.price_changed",
                "netflix",
                "USD 17.99",
            ),
            (
                "Your Spotify Premium receipt",
                "Hello Ana Maria,\nThanks for your payment.\nSubtotal $10.99\nTax $0.90\nTotal $11.89",
                "payment.recorded",
                "spotify",
                "USD 11.89",
            ),
            (
                "Refund for Audible",
                "We've sent $14.95 back to your Visa.",
                "payment.refunded",
                "audible",
                "USD 14.95",
            ),
        ] {
            let Outcome::Readings(readings) = read(&titled(title, text), &context) else {
                panic!("{title}: refused")
            };
            let read: Vec<_> = readings
                .iter()
                .map(|it| (it.event.as_str(), it.service, it.price.map(|price| price.to_string())))
                .collect();
            assert_eq!(read, [(event, Some(service), Some(price.to_owned()))], "{title}");
        }
    }

    #[test]
    fn what_stands_under_a_thing_that_is_listed_is_another() {
        let context = Context {
            today: jiff::civil::date(2026, 5, 5),
            locale: "en-US".parse().unwrap(),
            currency: kernel::Currency::USD,
        };
        for text in [
            "Netflix\ngym 30 monthly",
            "Cancelled Netflix\nGym 30 monthly",
            "Netflix subscription\nGym 30 monthly",
        ] {
            let Outcome::Readings(readings) = read(text, &context) else { panic!("{text}: refused") };
            assert_eq!(readings.len(), 2, "{text}");
        }
    }
}
