//! Amounts in a locale's manner.

use kernel::{Currency, Locale, Money};

const NO_BREAK: &str = "\u{a0}";
const NARROW_NO_BREAK: &str = "\u{202f}";
const MINUS: char = '\u{2212}';

/// Where the currency's mark stands.
#[derive(Clone, Copy)]
enum Mark {
    /// `₹499.00`; a space comes between where the mark ends in a letter: `CHF 5.00`.
    Before,
    /// `€ 4.990,00`.
    BeforeSpaced,
    /// `4.990,00 €`.
    After,
}

/// How a locale writes a number, from CLDR.
#[derive(Clone, Copy)]
struct Numbers {
    decimal: char,
    group: &'static str,
    /// Thousands, then hundreds: `12,34,567`.
    indian: bool,
    /// Four digits stay together: `4990,00` but `14.990,00`.
    four_together: bool,
    mark: Mark,
}

impl Numbers {
    const fn new(decimal: char, group: &'static str, mark: Mark) -> Self {
        Self { decimal, group, indian: false, four_together: false, mark }
    }

    const fn indian(self) -> Self {
        Self { indian: true, ..self }
    }

    const fn four_together(self) -> Self {
        Self { four_together: true, ..self }
    }

    /// CLDR's number patterns by language and region, digits always Western, as the pages' language is.
    fn of(locale: &Locale) -> Self {
        use Mark::{After, Before, BeforeSpaced};
        let point = Self::new('.', ",", Before);
        let comma = Self::new(',', ".", After);
        let spaced = Self::new(',', NO_BREAK, After);
        match (locale.language(), locale.region().unwrap_or_default()) {
            ("de", "CH" | "LI") | ("it", "CH") => Self::new('.', "’", BeforeSpaced),
            ("fr", "CH") => Self::new('.', NARROW_NO_BREAK, After),
            ("fr", "CA") => spaced,
            ("fr", _) => Self::new(',', NARROW_NO_BREAK, After),
            ("de", "AT")
            | ("nl" | "fa", _)
            | ("pt", "BR" | "")
            | ("es", "AR" | "BO" | "CO" | "PY" | "UY") => {
                Self { mark: BeforeSpaced, ..if locale.language() == "fa" { point } else { comma } }
            }
            ("es", "CL" | "EC" | "VE") | ("id" | "lo" | "tr", _) => Self { mark: Before, ..comma },
            ("es", "CR") | ("en" | "af", "ZA") => Self { mark: Before, ..spaced },
            ("es", "ES" | "") | ("it" | "sl", _) => comma.four_together(),
            ("pt" | "bg" | "et" | "hu" | "hy" | "ka" | "lv" | "pl" | "sq", _) => spaced.four_together(),
            ("be" | "cs" | "fi" | "kk" | "lt" | "nb" | "nn" | "no" | "ru" | "sk" | "sv" | "uk" | "uz", _) => {
                spaced
            }
            (
                "az" | "bs" | "ca" | "da" | "de" | "el" | "eu" | "gl" | "hr" | "is" | "lb" | "mk" | "ro"
                | "sr" | "vi",
                _,
            ) => comma,
            ("ar", "DZ" | "LY" | "MA" | "TN" | "EH") => comma,
            ("ar" | "he", _) => Self { mark: After, ..point },
            ("ne", _) => Self { mark: BeforeSpaced, ..point.indian() },
            (_, "IN") | ("bn" | "hi", _) => point.indian(),
            _ => point,
        }
    }

    fn grouped(self, whole: &str) -> String {
        let least = if self.four_together { 5 } else { 4 };
        if whole.len() < least {
            return whole.to_owned();
        }
        let mut text = String::with_capacity(whole.len() * 2);
        for (at, digit) in whole.char_indices() {
            let left = whole.len() - at;
            let ends_group = match left {
                3 => true,
                _ if self.indian => left > 3 && (left - 3).is_multiple_of(2),
                _ => left.is_multiple_of(3),
            };
            if at > 0 && ends_group {
                text.push_str(self.group);
            }
            text.push(digit);
        }
        text
    }
}

/// The currency in which a bare `$`, `¥`, `kr` or `Rs` is meant by people of a region.
fn own_currency(locale: &Locale) -> &'static str {
    match locale.region().unwrap_or_default() {
        "AR" => "ARS",
        "AU" => "AUD",
        "CA" => "CAD",
        "CL" => "CLP",
        "CN" => "CNY",
        "CO" => "COP",
        "DK" => "DKK",
        "HK" => "HKD",
        "IS" => "ISK",
        "LK" => "LKR",
        "MX" => "MXN",
        "NO" => "NOK",
        "NP" => "NPR",
        "NZ" => "NZD",
        "PK" => "PKR",
        "SE" => "SEK",
        "SG" => "SGD",
        "TW" => "TWD",
        "UY" => "UYU",
        _ => "",
    }
}

/// The mark of a currency that this reader cannot take for another one's.
///
/// The signs in ISO lists will not do: a dozen currencies are `$` there, and somebody who pays in three of them
/// must not have to guess.
fn mark(currency: Currency, locale: &Locale) -> &'static str {
    let own = own_currency(locale);
    let dollars_at_home =
        matches!(own, "ARS" | "AUD" | "CAD" | "CLP" | "COP" | "HKD" | "MXN" | "NZD" | "SGD" | "TWD" | "UYU");
    let code = currency.code();
    match code {
        "DKK" if code == own => "kr.",
        "ISK" | "NOK" | "SEK" if code == own => "kr",
        "LKR" | "NPR" | "PKR" if code == own => "Rs",
        "CNY" if code == own => "¥",
        _ if code == own && dollars_at_home => "$",
        "USD" if dollars_at_home => "US$",
        "USD" => "$",
        "JPY" if own == "CNY" => "JP¥",
        "JPY" => "¥",
        "AUD" => "A$",
        "BRL" => "R$",
        "CAD" => "CA$",
        "CNY" => "CN¥",
        "HKD" => "HK$",
        "MXN" => "MX$",
        "NZD" => "NZ$",
        "SGD" => "S$",
        "TWD" => "NT$",
        "BDT" => "৳",
        "CRC" => "₡",
        "CZK" => "Kč",
        "EUR" => "€",
        "GBP" => "£",
        "GEL" => "₾",
        "GHS" => "GH₵",
        "HUF" => "Ft",
        "IDR" => "Rp",
        "ILS" => "₪",
        "INR" => "₹",
        "KRW" => "₩",
        "KZT" => "₸",
        "MNT" => "₮",
        "MYR" => "RM",
        "NGN" => "₦",
        "PHP" => "₱",
        "PLN" => "zł",
        "PYG" => "₲",
        "RUB" => "₽",
        "THB" => "฿",
        "TRY" => "₺",
        "UAH" => "₴",
        "VND" => "₫",
        "ZAR" => "R",
        _ => code,
    }
}

/// An amount as a reader of `locale` writes it: the mark where they put it, their separators, their grouping,
/// exactly the currency's digits. Spaces inside never break a line.
///
/// ```
/// use kernel::{Currency, Locale, Money};
/// let price = Money::from_minor(49_900_000, Currency::INR);
/// let india: Locale = "en-IN".parse()?;
/// let germany: Locale = "de-DE".parse()?;
/// assert_eq!(web::format::money(price, &india), "₹4,99,000.00");
/// assert_eq!(web::format::money(price, &germany), "499.000,00\u{a0}₹");
/// # Ok::<(), kernel::LocaleError>(())
/// ```
pub fn money(money: Money, locale: &Locale) -> String {
    let numbers = Numbers::of(locale);
    let text = money.amount_text();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.as_str()),
    };
    let amount = match digits.split_once('.') {
        Some((whole, fraction)) => format!("{}{}{fraction}", numbers.grouped(whole), numbers.decimal),
        None => numbers.grouped(digits),
    };
    let mark = mark(money.currency(), locale);
    let letters = mark.ends_with(char::is_alphabetic);
    let placed = match numbers.mark {
        Mark::Before if letters => format!("{mark}{NO_BREAK}{amount}"),
        Mark::Before => format!("{mark}{amount}"),
        Mark::BeforeSpaced => format!("{mark}{NO_BREAK}{amount}"),
        Mark::After => format!("{amount}{NO_BREAK}{mark}"),
    };
    if negative { format!("{MINUS}{placed}") } else { placed }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(minor: i64, code: &str, tag: &str) -> String {
        let text = money(Money::from_minor(minor, code.parse().unwrap()), &tag.parse().unwrap());
        text.replace(NO_BREAK, "_").replace(NARROW_NO_BREAK, "~")
    }

    /// What ICU gives for the same, but for the minus, which is a true one here.
    #[test]
    fn amounts_follow_the_manner_of_the_locale() {
        for (minor, code, tag, expected) in [
            (49_900, "INR", "en-IN", "₹499.00"),
            (49_900_000, "INR", "en-IN", "₹4,99,000.00"),
            (49_900_000, "INR", "hi-IN", "₹4,99,000.00"),
            (12_345_678_950, "EUR", "en-IN", "€12,34,56,789.50"),
            (49_900_000, "INR", "en-US", "₹499,000.00"),
            (499_000, "EUR", "de-DE", "4.990,00_€"),
            (499_000, "EUR", "de", "4.990,00_€"),
            (499_000, "EUR", "de-AT", "€_4.990,00"),
            (499_000, "CHF", "de-CH", "CHF_4’990.00"),
            (499_000, "EUR", "fr-FR", "4~990,00_€"),
            (499_000, "EUR", "es-ES", "4990,00_€"),
            (1_499_000, "EUR", "es-ES", "14.990,00_€"),
            (499_000, "MXN", "es-MX", "$4,990.00"),
            (499_000, "EUR", "nl-NL", "€_4.990,00"),
            (499_000, "BRL", "pt-BR", "R$_4.990,00"),
            (1_499_000, "EUR", "pt-PT", "14_990,00_€"),
            (499_000, "PLN", "pl-PL", "4990,00_zł"),
            (499_000, "SEK", "sv-SE", "4_990,00_kr"),
            (499_000, "ZAR", "en-ZA", "R_4_990,00"),
            (499_000, "TRY", "tr-TR", "₺4.990,00"),
            (499_000, "ILS", "he-IL", "4,990.00_₪"),
            (499, "JPY", "ja-JP", "¥499"),
            (1_234_567, "JPY", "en-IN", "¥12,34,567"),
            (1_234_567, "JPY", "de-DE", "1.234.567_¥"),
            (1_250, "KWD", "en-GB", "KWD_1.250"),
            (1_250, "KWD", "de-DE", "1,250_KWD"),
            (10_001, "CLF", "en-GB", "CLF_1.0001"),
        ] {
            assert_eq!(shown(minor, code, tag), expected, "{code} in {tag}");
        }
    }

    #[test]
    fn a_bare_dollar_is_only_ever_the_readers_own() {
        for (code, tag, expected) in [
            ("USD", "en-US", "$5.00"),
            ("USD", "en-IN", "$5.00"),
            ("USD", "en-CA", "US$5.00"),
            ("CAD", "en-CA", "$5.00"),
            ("CAD", "en-US", "CA$5.00"),
            ("AUD", "en-NZ", "A$5.00"),
            ("SGD", "en-SG", "$5.00"),
            ("CNY", "zh-CN", "¥5.00"),
            ("CNY", "ja-JP", "CN¥5.00"),
            ("NOK", "sv-SE", "5,00_NOK"),
            ("DKK", "da-DK", "5,00_kr."),
            ("XCD", "en-US", "XCD_5.00"),
            ("PKR", "en-PK", "Rs_5.00"),
        ] {
            assert_eq!(shown(500, code, tag), expected, "{code} in {tag}");
        }
        let yen = |tag: &str| shown(500, "JPY", tag);
        assert_eq!((yen("zh-CN").as_str(), yen("ja-JP").as_str()), ("JP¥500", "¥500"));
    }

    #[test]
    fn nothing_little_and_less_than_nothing() {
        assert_eq!(shown(0, "INR", "en-IN"), "₹0.00");
        assert_eq!(shown(5, "EUR", "de-DE"), "0,05_€");
        assert_eq!(shown(-499_000, "EUR", "de-DE"), "−4.990,00_€");
        assert_eq!(shown(-49_900, "INR", "en-IN"), "−₹499.00");
    }

    #[test]
    fn the_largest_amounts_keep_every_digit() {
        assert_eq!(shown(Money::MAX_MINOR, "INR", "en-IN"), "₹90,00,00,00,000.00");
        assert_eq!(shown(Money::MAX_MINOR, "JPY", "en-US"), "¥9,000,000,000,000");
        assert_eq!(shown(i64::MIN, "USD", "en-US"), "−$92,233,720,368,547,758.08");
    }

    #[test]
    fn no_two_currencies_look_alike_to_one_reader() {
        for tag in [
            "en-US", "en-IN", "en-CA", "en-AU", "en-SG", "zh-CN", "ja-JP", "sv-SE", "da-DK", "es-MX", "en-PK",
        ] {
            let mut marks: Vec<_> =
                Currency::all().into_iter().map(|currency| mark(currency, &tag.parse().unwrap())).collect();
            let all = marks.len();
            marks.sort_unstable();
            marks.dedup();
            assert_eq!(marks.len(), all, "{tag}");
        }
    }

    proptest! {
        #[test]
        fn no_digit_is_lost_or_added(minor in any::<i64>(), pick in 0_usize..150, tag in "(en-IN|en-US|de-DE|de-CH|es-ES|fr-FR|ne-NP|pl-PL)") {
            let all = Currency::all();
            let amount = Money::from_minor(minor, all[pick % all.len()]);
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            prop_assert_eq!(digits(&money(amount, &tag.parse().unwrap())), digits(&amount.amount_text()));
        }
    }
}
