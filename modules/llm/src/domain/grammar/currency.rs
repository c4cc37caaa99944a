//! What money is called: signs, codes, names and slang of some sixty currencies.

use std::{collections::HashMap, sync::LazyLock};

use kernel::Currency;

use super::super::{Context, token::Tokens};

/// A word or sign that says which money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    kind: MarkKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MarkKind {
    Code(Currency),
    /// A row of [`NAMES`]: the user's own when it is among them, else the first.
    OneOf(usize),
    /// Slang for whatever the user pays in.
    Own,
}

/// How much a mark that could be another currency takes from the confidence, in thousandths.
const OTHER_CURRENCY: u16 = 450;

impl Mark {
    /// The currency, and the doubt in thousandths.
    pub(super) fn resolve(self, context: &Context) -> (Currency, u16) {
        match self.kind {
            MarkKind::Code(currency) => (currency, 0),
            MarkKind::Own => (context.currency, 30),
            MarkKind::OneOf(row) => one_of(NAMES[row].codes, NAMES[row].doubt, context),
        }
    }
}

fn one_of(codes: &str, doubt: u16, context: &Context) -> (Currency, u16) {
    let own = codes.split(' ').find(|code| *code == context.currency.code());
    if own.is_some() {
        return (context.currency, 0);
    }
    let first = codes.split(' ').next().and_then(|code| code.parse().ok());
    (first.unwrap_or(context.currency), doubt)
}

/// Currencies that share their names.
struct Row {
    names: &'static str,
    codes: &'static str,
    /// When none of them is the user's own.
    doubt: u16,
}

const fn row(names: &'static str, codes: &'static str, doubt: u16) -> Row {
    Row { names, codes, doubt }
}

const NAMES: &[Row] = &[
    row(
        "$|dollar|dollars|dollor|dollors",
        "USD CAD AUD NZD SGD HKD MXN TWD CLP COP ARS BSD BBD JMD TTD FJD NAD",
        20,
    ),
    row("us $|usd $|us dollar|us dollars|american dollars|u.s. dollars|usd", "USD", 0),
    row("a $|au $|aud $|aussie dollars|australian dollars|australian dollar|aud", "AUD", 0),
    row("c $|ca $|can $|cad $|canadian dollars|canadian dollar|loonies|cad", "CAD", 0),
    row("nz $|nzd $|new zealand dollars|kiwi dollars|nzd", "NZD", 0),
    row("s $|sg $|sgd $|singapore dollars|sing dollars|sgd", "SGD", 0),
    row("hk $|hkd $|hong kong dollars|hkd", "HKD", 0),
    row("nt $|taiwan dollars|new taiwan dollars|twd", "TWD", 0),
    row("mx $|mex $|mexican pesos|mxn", "MXN", 0),
    row("r $|reais|real|brl", "BRL", 0),
    row("₹|inr|indian rupees|indian rupee", "INR", 0),
    row(
        "rs|rupee|rupees|rupay|rupaye|rupaiya|rupiya|rupya|rupaya|rupe|ruppees|rupess|रुपये|रुपए|रु",
        "INR PKR LKR NPR MUR SCR",
        20,
    ),
    row("€|euro|euros|eur|eu", "EUR", 0),
    row("£|quid|pound sterling|pounds sterling|british pounds|gbp|sterling", "GBP", 0),
    row("pound|pounds", "GBP EGP LBP SYP", 20),
    row("¥|円", "JPY CNY", 100),
    row("yen|jpy", "JPY", 0),
    row("yuan|rmb|renminbi|kuai|cny|元", "CNY", 0),
    row("₩|won|krw|원", "KRW", 0),
    row("kr|kronor|kroner|krona|krone|kronas|crowns", "SEK NOK DKK ISK CZK", OTHER_CURRENCY),
    row("sek|swedish kronor", "SEK", 0),
    row("nok|norwegian kroner", "NOK", 0),
    row("dkk|danish kroner", "DKK", 0),
    row("isk", "ISK", 0),
    row("fr|sfr|franc|francs|franken|chf|swiss francs|swiss franc|stutz", "CHF XOF XAF", 60),
    row("zl|zloty|zlotys|zlotych|pln", "PLN", 0),
    row("kc|koruna|korun|czk", "CZK", 0),
    row("ft|forint|forints|huf", "HUF", 0),
    row("lei|leu|ron", "RON", 0),
    row("лв|leva|lev|bgn", "BGN", 0),
    row("₺|tl|lira|liras|turkish lira", "TRY", 40),
    row("₽|ruble|rubles|rouble|roubles|rub|руб", "RUB", 0),
    row("₴|hryvnia|hryvnias|uah|грн", "UAH", 0),
    row("₸|tenge|kzt", "KZT", 0),
    row("฿|baht|thb", "THB", 0),
    row("₫|dong|vnd", "VND", 0),
    row("₱|php", "PHP", 0),
    row("peso|pesos", "MXN PHP ARS CLP COP DOP UYU", OTHER_CURRENCY),
    row("rp|rupiah|idr", "IDR", 0),
    row("rm|ringgit|myr", "MYR", 0),
    row("aed|dhs|dh|uae dirhams", "AED", 0),
    row("dirham|dirhams", "AED MAD", 40),
    row("sar|sr|saudi riyals|saudi riyal", "SAR", 0),
    row("riyal|riyals|rial|rials", "SAR QAR OMR YER", 200),
    row("qar|qr", "QAR", 0),
    row("kwd|kd|kuwaiti dinars", "KWD", 0),
    row("bhd|bd", "BHD", 0),
    row("omr", "OMR", 0),
    row("dinar|dinars", "KWD BHD JOD IQD TND RSD DZD LYD", 300),
    row("egp|le|egyptian pounds", "EGP", 0),
    row("₪|shekel|shekels|nis|ils", "ILS", 0),
    row("rand|rands|zar", "ZAR", 0),
    row("₦|naira|ngn", "NGN", 0),
    row("ksh|kshs|kes|kenyan shillings", "KES", 0),
    row("ugx|ush", "UGX", 0),
    row("tzs|tsh", "TZS", 0),
    row("shilling|shillings|bob", "KES UGX TZS", 200),
    row("₵|cedi|cedis|ghs|gh ₵", "GHS", 0),
    row("৳|taka|bdt", "BDT", 0),
    row("pkr|pakistani rupees", "PKR", 0),
    row("lkr|sri lankan rupees", "LKR", 0),
    row("npr|nepali rupees|nepalese rupees", "NPR", 0),
    row("ars|argentine pesos", "ARS", 0),
    row("clp|chilean pesos", "CLP", 0),
    row("colombian pesos", "COP", 0),
    row("soles|sol", "PEN", 60),
    row("s /|s / .", "PEN", 0),
    row("₡", "CRC", 0),
    row("₲", "PYG", 0),
    row("₮", "MNT", 0),
    row("₾|lari", "GEL", 0),
    row("֏|dram", "AMD", 0),
    row("₼|manat", "AZN", 0),
];

/// Slang for the user's own money.
const OWN: [&str; 4] = ["bucks", "buck", "paisa", "moneys"];

static INDEX: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
    let mut index = HashMap::new();
    for (number, row) in NAMES.iter().enumerate() {
        for name in row.names.split('|') {
            if let Ok(tokens) = Tokens::cut(name) {
                let words: Vec<&str> = (0..tokens.len()).map(|at| tokens.text(at)).collect();
                index.insert(words.join(" "), number);
            }
        }
    }
    index
});

/// The mark at a token and the token after it.
pub(super) fn mark(tokens: &Tokens<'_>, at: usize) -> Option<(Mark, usize)> {
    let first = tokens.text(at);
    // LE is Egyptian, "le" is French.
    if first == "le" && tokens.written(at, at + 1) != "LE" {
        return None;
    }
    if first.is_empty() || tokens.numeral(at).is_some() {
        return None;
    }
    let found = [3, 2, 1].into_iter().find_map(|count| named(tokens, at, count));
    found.or_else(|| code(tokens, at)).or_else(|| before_others(tokens, at))
}

fn named(tokens: &Tokens<'_>, at: usize, count: usize) -> Option<(Mark, usize)> {
    let row = if count == 1 {
        if OWN.contains(&tokens.text(at)) {
            return Some((Mark { kind: MarkKind::Own }, at + 1));
        }
        *INDEX.get(tokens.text(at))?
    } else {
        // "A$" is Australian, "a $5 plan" is not.
        if matches!(tokens.text(at + 1), "$" | "/") && !tokens.glued(at + 1) {
            return None;
        }
        let words: Vec<&str> = (at..at + count).map(|at| tokens.text(at)).collect();
        *INDEX.get(&words.join(" "))?
    };
    Some((Mark { kind: MarkKind::OneOf(row) }, at + count))
}

/// "1,080円のご利用": no space parts the unit from what follows it.
fn before_others(tokens: &Tokens<'_>, at: usize) -> Option<(Mark, usize)> {
    let unit = tokens.written(at, at + 1).chars().next()?;
    let counts = at > 0 && tokens.glued(at) && tokens.numeral(at - 1).is_some();
    let code = match unit {
        '円' => "JPY",
        '元' => "CNY",
        '원' => "KRW",
        _ => return None,
    };
    let currency = code.parse().ok().filter(|_| counts)?;
    Some((Mark { kind: MarkKind::Code(currency) }, at + 1))
}

/// "P1,699.00": a letter that is the sign of the person's own money, glued to what is written as money.
pub(super) fn letter(tokens: &Tokens<'_>, at: usize, context: &Context) -> Option<(Mark, usize)> {
    let own = tokens.written(at, at + 1) == "P" && matches!(context.currency.code(), "PHP" | "BWP");
    let digits = tokens.numeral(at + 1).filter(|_| tokens.glued(at + 1))?;
    let is_money = digits.contains(['.', ',']) || digits.len() > 2;
    let kind = MarkKind::Code(context.currency);
    (own && is_money && !tokens.glued(at + 2)).then_some((Mark { kind }, at + 1))
}

/// Any other code of ISO 4217, in capitals: many are words when they are not.
fn code(tokens: &Tokens<'_>, at: usize) -> Option<(Mark, usize)> {
    let written = tokens.written(at, at + 1);
    if written == "R" {
        return "ZAR".parse().ok().map(|rand| (Mark { kind: MarkKind::Code(rand) }, at + 1));
    }
    if written.len() != 3 || !written.bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    written.parse().ok().map(|currency| (Mark { kind: MarkKind::Code(currency) }, at + 1))
}

/// Hundredths by name: "99 cents", "99p", "50 paise".
pub(super) fn is_hundredth(tokens: &Tokens<'_>, at: usize, context: &Context) -> Option<Currency> {
    let code = match tokens.text(at) {
        "cents" | "cent" | "¢" | "ct" | "c" if context.currency.digits() == 2 => context.currency.code(),
        "p" if tokens.glued(at) => "GBP",
        "pence" | "penny" => "GBP",
        "paise" | "paisa" => "INR",
        _ => return None,
    };
    code.parse().ok()
}

/// Currencies whose everyday prices are in hundreds and more, so that "one ninety nine" is 199.
pub(super) fn counts_in_hundreds(currency: Currency) -> bool {
    matches!(
        currency.code(),
        "INR"
            | "PKR"
            | "LKR"
            | "NPR"
            | "BDT"
            | "JPY"
            | "KRW"
            | "IDR"
            | "VND"
            | "HUF"
            | "CLP"
            | "COP"
            | "ARS"
            | "RUB"
            | "PHP"
            | "THB"
            | "TWD"
            | "KES"
            | "UGX"
            | "TZS"
            | "NGN"
            | "TRY"
            | "MXN"
            | "CZK"
            | "ISK"
            | "SEK"
            | "NOK"
            | "DKK"
            | "EGP"
            | "KZT"
            | "UAH"
            | "ZAR"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str, own: &str) -> Option<String> {
        let context = Context {
            today: jiff::civil::date(2026, 5, 5),
            locale: "en-US".parse().unwrap(),
            currency: own.parse().unwrap(),
        };
        let tokens = Tokens::cut(text).unwrap();
        mark(&tokens, 0).map(|(mark, _)| mark.resolve(&context).0.code().to_owned())
    }

    #[test]
    fn marks_are_read_for_the_person_who_wrote_them() {
        for (text, own, expected) in [
            ("$", "USD", Some("USD")),
            ("$", "AUD", Some("AUD")),
            ("$", "INR", Some("USD")),
            ("US$", "AUD", Some("USD")),
            ("Rs", "PKR", Some("PKR")),
            ("rupees", "USD", Some("INR")),
            ("kr", "NOK", Some("NOK")),
            ("bucks", "AUD", Some("AUD")),
            ("quid", "EUR", Some("GBP")),
            ("CHF", "EUR", Some("CHF")),
            ("TRY", "EUR", Some("TRY")),
            ("try", "EUR", None),
            ("all", "EUR", None),
        ] {
            assert_eq!(resolved(text, own).as_deref(), expected, "{text} {own}");
        }
    }

    #[test]
    fn every_code_in_the_table_is_a_currency() {
        for code in NAMES.iter().flat_map(|row| row.codes.split(' ')) {
            assert!(code.parse::<Currency>().is_ok(), "{code}");
        }
    }
}
