//! The language and region a person reads and writes in.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Currency;

/// A language tag of BCP 47 in the shape `language[-Script][-REGION]`: `en-IN`, `de`, `zh-Hant-TW`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Locale(String);

/// A text that is no language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a locale: give a language and a region such as en-IN, de-DE or pt-BR")]
pub struct LocaleError;

impl Locale {
    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language, two or three letters.
    pub fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// The region, two capital letters, where the tag has one.
    pub fn region(&self) -> Option<&str> {
        self.0.split('-').skip(1).find(|part| part.len() == 2)
    }

    /// Whether 5/6 is the fifth of June here (most of the world) rather than the sixth of May.
    pub fn day_first(&self) -> bool {
        // CLDR: the regions whose short date starts with the month. English without a region is American.
        match self.region() {
            Some(region) => {
                !matches!(region, "US" | "PH" | "FM" | "MH" | "PW" | "GU" | "AS" | "PR" | "VI" | "UM" | "MP")
            }
            None => self.language() != "en",
        }
    }

    /// What people here pay with, as far as the tag tells: the region's currency, else the United States dollar.
    pub fn currency(&self) -> Currency {
        let code = self.region().and_then(|region| {
            REGION_CURRENCIES.iter().find(|(_, regions)| regions.split(' ').any(|each| each == region))
        });
        code.and_then(|(code, _)| code.parse().ok()).unwrap_or(Currency::USD)
    }
}

/// Regions by the currency people there pay with (ISO 3166 and ISO 4217).
const REGION_CURRENCIES: [(&str, &str); 46] = [
    ("EUR", "AD AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MC ME MT NL PT SI SK SM VA XK"),
    ("AED", "AE"),
    ("ARS", "AR"),
    ("AUD", "AU KI NR TV"),
    ("BDT", "BD"),
    ("BRL", "BR"),
    ("CAD", "CA"),
    ("CHF", "CH LI"),
    ("CLP", "CL"),
    ("CNY", "CN"),
    ("COP", "CO"),
    ("CZK", "CZ"),
    ("DKK", "DK FO GL"),
    ("EGP", "EG"),
    ("GBP", "GB GG IM JE"),
    ("HKD", "HK"),
    ("HUF", "HU"),
    ("IDR", "ID"),
    ("ILS", "IL PS"),
    ("INR", "IN BT"),
    ("ISK", "IS"),
    ("JPY", "JP"),
    ("KES", "KE"),
    ("KRW", "KR"),
    ("KWD", "KW"),
    ("LKR", "LK"),
    ("MAD", "MA EH"),
    ("MXN", "MX"),
    ("MYR", "MY"),
    ("NGN", "NG"),
    ("NOK", "NO SJ"),
    ("NPR", "NP"),
    ("NZD", "NZ CK NU TK"),
    ("PEN", "PE"),
    ("PHP", "PH"),
    ("PKR", "PK"),
    ("PLN", "PL"),
    ("QAR", "QA"),
    ("RON", "RO"),
    ("SAR", "SA"),
    ("SEK", "SE"),
    ("SGD", "SG"),
    ("THB", "TH"),
    ("TRY", "TR"),
    ("VND", "VN"),
    ("ZAR", "ZA"),
];

impl FromStr for Locale {
    type Err = LocaleError;

    fn from_str(text: &str) -> Result<Self, LocaleError> {
        let mut parts = text.split('-').peekable();
        let lower = |part: &&str| part.bytes().all(|b| b.is_ascii_lowercase());
        let upper = |part: &&str| part.bytes().all(|b| b.is_ascii_uppercase());
        parts.next().filter(|part| (2..=3).contains(&part.len()) && lower(part)).ok_or(LocaleError)?;
        parts.next_if(|part| part.len() == 4 && part.is_ascii() && upper(&&part[..1]) && lower(&&part[1..]));
        parts.next_if(|part| part.len() == 2 && upper(part));
        if parts.next().is_none() { Ok(Self(text.to_owned())) } else { Err(LocaleError) }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Locale {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Locale {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_strictly() {
        for (tag, language, region) in
            [("en-IN", "en", Some("IN")), ("de", "de", None), ("zh-Hant-TW", "zh", Some("TW"))]
        {
            let locale: Locale = tag.parse().unwrap();
            assert_eq!((locale.language(), locale.region()), (language, region));
        }
        for wrong in ["", "e", "EN", "en_IN", "en-in", "en-IN-", "en-IN-x-foo", "en-éé", "éé"] {
            assert_eq!(wrong.parse::<Locale>(), Err(LocaleError), "{wrong}");
        }
    }

    #[test]
    fn a_region_tells_its_currency() {
        let currency = |tag: &str| tag.parse::<Locale>().unwrap().currency().code();
        assert_eq!(
            ["en-IN", "de-AT", "ja-JP", "en", "fr-CH"].map(currency),
            ["INR", "EUR", "JPY", "USD", "CHF"]
        );
        for (code, _) in REGION_CURRENCIES {
            assert!(code.parse::<Currency>().is_ok(), "{code}");
        }
    }

    #[test]
    fn the_month_comes_first_in_the_united_states() {
        let day_first = |tag: &str| tag.parse::<Locale>().unwrap().day_first();
        assert!(day_first("en-IN") && day_first("de-DE") && day_first("en-GB"));
        assert!(!day_first("en-US") && !day_first("en"));
    }
}
