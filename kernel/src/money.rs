//! Money: a count of a currency's minor unit, never a float.

use std::{fmt, str::FromStr, sync::LazyLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeStruct};

use crate::Invalid;

/// A currency of ISO 4217 that has a minor unit one can count.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

/// A text that is no currency code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown currency: give a code of ISO 4217 such as EUR, USD or INR")]
pub struct CurrencyError;

impl Currency {
    /// Indian rupee.
    pub const INR: Self = Self(iso_currency::Currency::INR);
    /// Euro.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);
    /// United States dollar.
    pub const USD: Self = Self(iso_currency::Currency::USD);
    /// Pound sterling.
    pub const GBP: Self = Self(iso_currency::Currency::GBP);
    /// Japanese yen.
    pub const JPY: Self = Self(iso_currency::Currency::JPY);

    /// The three letters of ISO 4217.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimal digits an amount has: 2 for INR, 0 for JPY, 3 for KWD.
    pub fn digits(self) -> u8 {
        // `FromStr` admits only currencies that have one.
        self.0.exponent().and_then(|digits| u8::try_from(digits).ok()).unwrap_or(0)
    }

    /// The sign people write, such as `₹`; the code where there is none.
    pub fn symbol(self) -> String {
        self.0.symbol().to_string()
    }

    /// The English name.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// How many minor units make one of the currency.
    pub fn minor_per_unit(self) -> i64 {
        10_i64.pow(u32::from(self.digits()))
    }

    /// Every currency, by code.
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> = <iso_currency::Currency as iso_currency::IntoEnumIterator>::iter()
            .filter(|currency| currency.exponent().is_some() && !currency.is_special())
            .map(Self)
            .collect();
        all.sort_by_key(|currency| currency.code());
        all
    }
}

/// Every currency at the number of its three letters: each row and each amount that comes in names one, and the
/// library looks for it by comparing with all the codes there are.
static BY_LETTERS: LazyLock<Vec<Option<Currency>>> = LazyLock::new(|| {
    let mut table = vec![None; 26 * 26 * 26];
    for currency in Currency::all() {
        if let Some(place) = letters(currency.code()).and_then(|number| table.get_mut(number)) {
            *place = Some(currency);
        }
    }
    table
});

/// Three capital letters as a number in base 26.
fn letters(code: &str) -> Option<usize> {
    let three: [u8; 3] = code.as_bytes().try_into().ok()?;
    three
        .iter()
        .try_fold(0, |sum, letter| letter.is_ascii_uppercase().then(|| sum * 26 + usize::from(letter - b'A')))
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        let number = letters(text).ok_or(CurrencyError)?;
        BY_LETTERS.get(number).copied().flatten().ok_or(CurrencyError)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// An amount in one currency. Never negative on its way in; sums and differences may be anything 64 bits hold.
///
/// ```
/// use kernel::{Currency, Money};
/// let price = Money::parse("499", Currency::INR)?;
/// assert_eq!(price.minor(), 49_900);
/// assert_eq!(price.amount_text(), "499.00");
/// # Ok::<(), kernel::MoneyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Letters, grouping, an exponent, a sign other than minus, or nothing at all.
    #[error("not an amount: write digits with a point, such as \"499.00\"")]
    NotANumber,
    /// Less than nought.
    #[error("an amount is never negative")]
    Negative,
    /// More decimals than the currency has.
    #[error("too many decimals: {currency} has {digits}")]
    TooManyDigits {
        /// The currency that was asked for.
        currency: Currency,
        /// What it has.
        digits: u8,
    },
    /// Above [`Money::MAX_MINOR`].
    #[error("too large: at most {} of {currency} can be kept", Money::max_in(*currency).amount_text())]
    TooLarge {
        /// The currency that was asked for.
        currency: Currency,
    },
}

impl Money {
    /// The largest amount accepted, in minor units: far above any real price, far below where sums overflow.
    pub const MAX_MINOR: i64 = 9_000_000_000_000;

    /// `minor` of the currency's smallest unit. For values already known to be right: read from a database,
    /// or computed.
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing of a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    fn max_in(currency: Currency) -> Self {
        Self::from_minor(Self::MAX_MINOR, currency)
    }

    /// Reads a decimal text such as `499.00`, with at most the currency's digits.
    ///
    /// # Errors
    /// [`MoneyError`] says what is wrong with it.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return Err(MoneyError::NotANumber),
            None => (digits, ""),
        };
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(MoneyError::NotANumber);
        }
        if negative {
            return Err(MoneyError::Negative);
        }
        if fraction.len() > usize::from(currency.digits()) {
            return Err(MoneyError::TooManyDigits { currency, digits: currency.digits() });
        }
        let padding = usize::from(currency.digits()) - fraction.len();
        let minor = whole
            .bytes()
            .chain(fraction.bytes())
            .chain(std::iter::repeat_n(b'0', padding))
            .try_fold(0_i64, |sum, digit| sum.checked_mul(10)?.checked_add(i64::from(digit - b'0')))
            .filter(|minor| *minor <= Self::MAX_MINOR)
            .ok_or(MoneyError::TooLarge { currency })?;
        Ok(Self { minor, currency })
    }

    /// The count of the currency's smallest unit.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// `self × numerator ÷ denominator`, exact until the one rounding at the end, half to even.
    ///
    /// What 64 bits cannot hold becomes the nearest value they can.
    ///
    /// # Panics
    /// When `denominator` is not positive, which is a mistake in the code that asks.
    pub fn scaled(self, numerator: i128, denominator: i128) -> Self {
        assert!(denominator > 0, "a scale has a positive denominator");
        let product = i128::from(self.minor) * numerator;
        let (quotient, remainder) = (product.div_euclid(denominator), product.rem_euclid(denominator));
        let rounded = match (remainder * 2).cmp(&denominator) {
            std::cmp::Ordering::Less => quotient,
            std::cmp::Ordering::Greater => quotient + 1,
            std::cmp::Ordering::Equal => quotient + quotient.rem_euclid(2),
        };
        let minor = i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX });
        Self { minor, currency: self.currency }
    }

    /// The sum, or `None` when the currencies differ or the sum leaves 64 bits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        Some(Self { minor: self.minor.checked_add(other.minor)?, currency: self.currency })
    }

    /// The amount with exactly the currency's digits and no sign of the currency: `499.00`.
    pub fn amount_text(self) -> String {
        let digits = usize::from(self.currency.digits());
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        if digits == 0 {
            return format!("{sign}{minor}");
        }
        let per_unit = self.currency.minor_per_unit().unsigned_abs();
        format!("{sign}{}.{:0digits$}", minor / per_unit, minor % per_unit)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.amount_text())
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Money", 2)?;
        fields.serialize_field("amount", &self.amount_text())?;
        fields.serialize_field("currency", self.currency.code())?;
        fields.end()
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = MoneyText::deserialize(deserializer)?;
        let mut invalid = Invalid::new();
        text.read("", &mut invalid).ok_or_else(|| serde::de::Error::custom(invalid))
    }
}

/// Money as it comes in: not yet known to be right, so that every mistake in it can be named at its place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MoneyInput)]
pub struct MoneyText {
    /// A decimal with at most the currency's digits.
    #[schema(example = "499.00", pattern = r"^[0-9]+(\.[0-9]+)?$", max_length = 20)]
    pub amount: String,
    /// A code of ISO 4217.
    #[schema(example = "INR", pattern = "^[A-Z]{3}$")]
    pub currency: String,
}

impl MoneyText {
    /// The money, or notes in `invalid`, below `pointer`, of what is wrong.
    pub fn read(&self, pointer: &str, invalid: &mut Invalid) -> Option<Money> {
        let currency = invalid.check(format!("{pointer}/currency"), self.currency.parse::<Currency>())?;
        invalid.check(format!("{pointer}/amount"), Money::parse(&self.amount, currency))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn currency(code: &str) -> Currency {
        code.parse().unwrap()
    }

    #[test]
    fn amounts_have_exactly_the_digits_of_their_currency() {
        for (code, text, minor, shown) in [
            ("INR", "499.00", 49_900, "499.00"),
            ("INR", "499", 49_900, "499.00"),
            ("INR", "0.5", 50, "0.50"),
            ("JPY", "499", 499, "499"),
            ("KWD", "1.250", 1_250, "1.250"),
            ("CLF", "1.0001", 10_001, "1.0001"),
            ("USD", "90000000000.00", 9_000_000_000_000, "90000000000.00"),
        ] {
            let money = Money::parse(text, currency(code)).unwrap();
            assert_eq!((money.minor(), money.amount_text().as_str()), (minor, shown), "{code} {text}");
        }
    }

    #[test]
    fn what_is_not_an_amount_says_why() {
        let inr = Currency::INR;
        for (text, error) in [
            ("4.999", MoneyError::TooManyDigits { currency: inr, digits: 2 }),
            ("-1", MoneyError::Negative),
            ("-1.00", MoneyError::Negative),
            ("90000000000.01", MoneyError::TooLarge { currency: inr }),
            ("99999999999999999999999999", MoneyError::TooLarge { currency: inr }),
            ("", MoneyError::NotANumber),
            (".5", MoneyError::NotANumber),
            ("5.", MoneyError::NotANumber),
            ("1e3", MoneyError::NotANumber),
            ("1,000", MoneyError::NotANumber),
            ("+1", MoneyError::NotANumber),
            (" 1", MoneyError::NotANumber),
            ("٤", MoneyError::NotANumber),
            ("NaN", MoneyError::NotANumber),
        ] {
            assert_eq!(Money::parse(text, inr), Err(error), "{text:?}");
        }
    }

    #[test]
    fn currencies_without_a_countable_unit_are_unknown() {
        for code in ["XXQ", "XXX", "XAU", "XTS", "inr", "", "₹"] {
            assert_eq!(code.parse::<Currency>(), Err(CurrencyError), "{code}");
        }
    }

    /// ISO 4217, table A.1: everything that is not two digits.
    #[test]
    fn digits_are_those_of_iso_4217() {
        let three = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];
        let none = [
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
            "XAF", "XOF", "XPF",
        ];
        for each in Currency::all() {
            let expected = match each.code() {
                code if three.contains(&code) => 3,
                code if none.contains(&code) => 0,
                "CLF" | "UYW" => 4,
                _ => 2,
            };
            assert_eq!(each.digits(), expected, "{each}");
        }
    }

    #[test]
    fn halves_round_to_even() {
        for (minor, expected) in [(1, 0), (3, 2), (5, 2), (7, 4), (-1, 0), (-3, -2)] {
            assert_eq!(Money::from_minor(minor, Currency::EUR).scaled(1, 2).minor(), expected, "{minor}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_reads_back_from_its_own_text(minor in 0..=Money::MAX_MINOR, pick in 0_usize..150) {
            let all = Currency::all();
            let money = Money::from_minor(minor, all[pick % all.len()]);
            prop_assert_eq!(Money::parse(&money.amount_text(), money.currency()), Ok(money));
            let json = serde_json::to_string(&money).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
        }

        #[test]
        fn scaling_is_never_off_by_more_than_half(minor in -1_000_000_000_i64..1_000_000_000, n in 1_i128..10_000, d in 1_i128..10_000) {
            let scaled = i128::from(Money::from_minor(minor, Currency::EUR).scaled(n, d).minor());
            prop_assert!((scaled * d - i128::from(minor) * n).abs() * 2 <= d);
        }
    }
}
