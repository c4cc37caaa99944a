//! What must hold of whatever is read. The ordinary tests and the fuzzer call the same function.

use kernel::Currency;

use crate::domain::{Context, Outcome, Reading, read, read_alert};

const LOCALES: [&str; 8] = ["en-US", "en-IN", "en-GB", "de-DE", "fr-FR", "pt-BR", "sv-SE", "ja-JP"];
const CURRENCIES: [&str; 8] = ["USD", "INR", "GBP", "EUR", "JPY", "BRL", "KWD", "SEK"];

/// The first bytes are who writes and when, the rest is what they write. Panics where something does not hold.
pub(crate) fn hold(data: &[u8]) {
    let (who, text) = data.split_at(data.len().min(4));
    let byte = |at: usize| who.get(at).copied().unwrap_or_default();
    let month = i8::try_from(1 + byte(3) % 12).unwrap_or(1);
    let Ok(today) = jiff::civil::Date::new(1990 + i16::from(byte(2)), month, 28) else { return };
    let Ok(locale) = LOCALES[usize::from(byte(0)) % LOCALES.len()].parse() else { return };
    let Ok(currency) = CURRENCIES[usize::from(byte(1)) % CURRENCIES.len()].parse::<Currency>() else {
        return;
    };
    let context = Context { today, locale, currency };
    text_holds(&String::from_utf8_lossy(text), &context);
    noise_holds(text, &context);
}

/// Of any text: the same twice, and every reading is one that could be shown.
pub(crate) fn text_holds(text: &str, context: &Context) {
    let outcome = read(text, context);
    assert_eq!(outcome, read(text, context), "read twice: {text:?}");
    if let Outcome::Readings(readings) = &outcome {
        assert!(!readings.is_empty(), "no reading and no refusal: {text:?}");
        readings.iter().for_each(|reading| reading_holds(text, reading));
        assert!(text.chars().any(char::is_alphabetic), "read from no word: {text:?}");
    }
    if let Some(alert) = read_alert(text, context) {
        assert_eq!(Some(&alert), read_alert(text, context).as_ref(), "read twice: {text:?}");
        assert!(alert.amount.is_none_or(|amount| amount.minor() > 0), "{alert:?} of {text:?}");
        assert!(alert.payee.is_none_or(|payee| !payee.trim().is_empty()), "{text:?}");
    }
}

fn reading_holds(text: &str, reading: &Reading) {
    assert!(reading.confidence.per_mille() <= 1000, "{reading:?} of {text:?}");
    assert!(
        reading.missing.is_empty() || reading.confidence.asks(),
        "acts without {:?}: {text:?}",
        reading.missing
    );
    for spot in &reading.evidence {
        let words = text.get(spot.start..spot.end);
        assert!(words.is_some_and(|words| !words.is_empty()), "{spot:?} is not in {text:?}");
    }
    if let Some(price) = reading.price {
        assert!(price.minor() > 0 && price.minor() <= kernel::Money::MAX_MINOR, "{price} of {text:?}");
    }
    if let Some(name) = &reading.name {
        assert!(!name.trim().is_empty() && name.chars().count() <= 80, "{name:?} of {text:?}");
    }
}

/// Of noise: words that no language has and numbers, which the bytes choose, create nothing.
fn noise_holds(bytes: &[u8], context: &Context) {
    const CONSONANTS: [char; 16] =
        ['b', 'c', 'd', 'f', 'g', 'h', 'j', 'k', 'q', 'p', 'r', 's', 't', 'v', 'w', 'z'];
    let mut noise = String::new();
    for chunk in bytes.chunks(12).take(40) {
        if chunk.len() == 12 && chunk[0] % 4 != 0 {
            noise.extend(chunk.iter().map(|byte| CONSONANTS[usize::from(*byte) % CONSONANTS.len()]));
        } else {
            noise.push_str(&format!(
                "{}{}",
                chunk[0] % 100,
                ["", ".", ",", "\n", "?", ")", "#", "~"][usize::from(chunk[0]) % 8]
            ));
        }
        noise.push(' ');
    }
    if let Outcome::Readings(readings) = read(&noise, context) {
        assert!(
            readings.iter().all(|reading| reading.confidence.asks()),
            "{readings:?} of the noise {noise:?}"
        );
    }
}
