//! Who was paid, out of what a bank makes of it: without card numbers, references, dates, places and the words for
//! the way the money went.

use super::StatementLine;
use crate::domain::import::columns::folded;

/// Words that say how money went, not to whom; what companies are called by law; months; and countries and cities
/// that stand behind a merchant's name.
const NOISE: &[&str] = &[
    "pos",
    "upi",
    "ach",
    "neft",
    "imps",
    "rtgs",
    "nach",
    "ecs",
    "emi",
    "sepa",
    "dd",
    "so",
    "bill",
    "billpay",
    "card",
    "debit",
    "credit",
    "purchase",
    "payment",
    "pay",
    "paid",
    "direct",
    "recurring",
    "mandate",
    "autopay",
    "transfer",
    "online",
    "online",
    "ecom",
    "ecommerce",
    "internet",
    "web",
    "www",
    "http",
    "https",
    "com",
    "net",
    "org",
    "visa",
    "mastercard",
    "maestro",
    "amex",
    "rupay",
    "girocard",
    "lastschrift",
    "basislastschrift",
    "folgelastschrift",
    "kartenzahlung",
    "kartenumsatz",
    "kauf",
    "einkauf",
    "bei",
    "abbuchung",
    "rechnung",
    "kundennummer",
    "vertrag",
    "mandatsref",
    "mandat",
    "prelevement",
    "carte",
    "achat",
    "paiement",
    "compra",
    "tarjeta",
    "recibo",
    "adeudo",
    "pagamento",
    "addebito",
    "carta",
    "betaling",
    "incasso",
    "ref",
    "reference",
    "txn",
    "trn",
    "id",
    "no",
    "nr",
    "num",
    "number",
    "auth",
    "inv",
    "invoice",
    "order",
    "to",
    "from",
    "for",
    "the",
    "of",
    "and",
    "at",
    "on",
    "in",
    "from",
    "via",
    "by",
    "inc",
    "ltd",
    "llc",
    "llp",
    "plc",
    "gmbh",
    "bv",
    "nv",
    "ab",
    "ag",
    "sa",
    "sarl",
    "srl",
    "spa",
    "sl",
    "pvt",
    "private",
    "limited",
    "co",
    "corp",
    "company",
    "intl",
    "international",
    "europe",
    "emea",
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "januar",
    "februar",
    "marz",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "october",
    "december",
    "us",
    "usa",
    "uk",
    "gb",
    "de",
    "fr",
    "es",
    "it",
    "nl",
    "ie",
    "lu",
    "se",
    "ind",
    "eur",
    "usd",
    "inr",
    "gbp",
    "london",
    "dublin",
    "luxembourg",
    "amsterdam",
    "stockholm",
    "berlin",
    "paris",
    "mumbai",
    "delhi",
    "bangalore",
    "bengaluru",
    "new",
    "york",
    "san",
    "francisco",
    "los",
    "gatos",
    "seattle",
    "ca",
    "ny",
    "wa",
    "monatsabo",
    "monthly",
    "yearly",
    "annual",
    "subscription",
    "subscriptions",
    "membership",
    "abo",
    "abonnement",
    "ok",
    "okaxis",
    "oksbi",
    "okhdfcbank",
    "ybl",
    "paytm",
    "hdfcbank",
    "icici",
    "hdfc",
    "sbi",
    "axis",
];

/// Those who collect for others: who was paid stands behind them.
const COLLECTORS: &[&str] =
    &["paypal", "klarna", "stripe", "sq", "sumup", "razorpay", "billdesk", "payu", "pp"];

/// Words of a name that are kept.
const KEPT: usize = 3;

/// Who was paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::domain::import) struct Merchant {
    words: Vec<Word>,
}

/// A word as it is compared, and as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    folded: String,
    written: String,
}

impl Merchant {
    pub(in crate::domain::import) fn of(line: &StatementLine) -> Self {
        let named = words(&line.counterparty);
        let collected = named.first().is_some_and(|word| COLLECTORS.contains(&word.folded.as_str()));
        if named.is_empty() || collected {
            let mut said = words(&line.text);
            said.retain(|word| !COLLECTORS.contains(&word.folded.as_str()));
            if !said.is_empty() {
                said.truncate(KEPT);
                return Self { words: said };
            }
        }
        let mut named = named;
        named.truncate(KEPT);
        Self { words: named }
    }

    /// What the charges of one merchant have in common; `None` where nothing was left of the words.
    pub(super) fn key(&self) -> Option<String> {
        (!self.words.is_empty())
            .then(|| self.words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" "))
    }

    /// As a person would write it.
    pub(super) fn name(&self) -> String {
        let capital = |word: &Word| {
            let mut letters = word.written.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect::<String>())
                .unwrap_or_default()
        };
        self.words.iter().map(capital).collect::<Vec<_>>().join(" ")
    }
}

/// The words that tell who it was, each once.
fn words(text: &str) -> Vec<Word> {
    let mut kept: Vec<Word> = Vec::new();
    for piece in
        text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '*' | '_' | ',' | ';' | ':' | '|'))
    {
        // An address of the Unified Payments Interface names a bank, too.
        let piece = piece.split('@').next().unwrap_or_default();
        for written in piece.split(|c: char| !c.is_alphanumeric()) {
            let folded = folded(written);
            let counts = folded.chars().count() >= 2
                && !folded.chars().any(|c| c.is_ascii_digit())
                && !NOISE.contains(&folded.as_str())
                && !kept.iter().any(|known| known.folded == folded);
            if counts {
                kept.push(Word { folded, written: written.to_lowercase() });
            }
        }
    }
    kept
}

/// Whether two amounts differ by at most five in a hundred of the greater.
pub(in crate::domain::import) fn close(one: i64, other: i64) -> bool {
    let (less, more) = (i128::from(one.min(other)), i128::from(one.max(other)));
    (more - less) * 100 <= more * 5
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::Currency;

    use super::*;

    fn name(counterparty: &str, text: &str) -> String {
        let line = StatementLine {
            line: 1,
            booked_on: date(2026, 1, 5),
            minor: -1,
            currency: Currency::EUR,
            counterparty: counterparty.into(),
            text: text.into(),
        };
        Merchant::of(&line).name()
    }

    #[test]
    fn what_a_bank_puts_around_a_merchant_is_left_out() {
        for (counterparty, text, expected) in [
            ("", "POS 4111XXXXXXXX1234 NETFLIX.COM LOS GATOS CA 05JAN", "Netflix"),
            ("", "UPI-NETFLIX-NETFLIX@HDFCBANK-HDFC0000001-601234567890-PAY", "Netflix"),
            ("", "UPI/SPOTIFY INDIA/spotify@ybl/Monthly/60123", "Spotify India"),
            ("", "ACH D- NACH-LIC OF INDIA-0012345", "Lic India"),
            ("Netflix International B.V.", "Kundennummer 123 Rechnung Januar", "Netflix"),
            ("PayPal (Europe) S.a.r.l.", "PP.1234.PP . SPOTIFY, Ihr Einkauf bei SPOTIFY", "Spotify Ihr"),
            ("", "SQ *BLUE BOTTLE COFFEE", "Blue Bottle Coffee"),
            ("Fitness Studio Müller GmbH", "", "Fitness Studio Müller"),
            ("", "0012 34 5678", ""),
        ] {
            assert_eq!(name(counterparty, text), expected, "{counterparty} {text}");
        }
    }

    #[test]
    fn five_in_a_hundred() {
        assert!(close(100, 105) && close(499, 499) && close(0, 0) && close(95, 100));
        assert!(!close(100, 106) && !close(0, 1) && !close(i64::MIN + 1, i64::MAX));
    }
}
