//! Rates are decimals, kept as they were told and multiplied without losing anything.

use std::{fmt, str::FromStr};

use kernel::{Currency, Money};

/// The most digits a rate has. Banks quote six; more than nine nobody knows.
const DIGITS: usize = 9;
/// The most of them after the point: a currency of small change against a strong one needs many.
const DECIMALS: usize = 10;
/// The digits of a rate that was computed, as it is shown.
const SHOWN: u32 = 8;

/// A decimal above nought: how much of one currency one unit of another buys.
///
/// ```
/// use subscriptions::domain::Rate;
/// assert_eq!("1.1730".parse::<Rate>()?.to_string(), "1.173");
/// assert!("0".parse::<Rate>().is_err());
/// # Ok::<(), subscriptions::domain::RateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    /// Without the point, and without noughts at its end that stand behind the point.
    mantissa: i64,
    decimals: u8,
}

/// Why a text is no rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// Letters, grouping, an exponent, a sign, or nothing at all.
    #[error("not a rate: write digits with a point, such as \"83.42\"")]
    NotANumber,
    /// Nothing buys nothing.
    #[error("a rate is more than nought")]
    NotPositive,
    /// More digits than anybody knows.
    #[error("too many digits: at most 9, and at most 10 after the point")]
    TooLong,
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return Err(RateError::NotANumber),
            None => (text, ""),
        };
        let all_digits = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits {
            return Err(if text.starts_with('-') { RateError::NotPositive } else { RateError::NotANumber });
        }
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Err(RateError::NotPositive);
        }
        if digits.len() > DIGITS || fraction.len() > DECIMALS {
            return Err(RateError::TooLong);
        }
        let mantissa = digits.parse().map_err(|_| RateError::TooLong)?;
        let decimals = u8::try_from(fraction.len()).map_err(|_| RateError::TooLong)?;
        Ok(Self { mantissa, decimals })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(self.mantissa.into(), self.decimals.into()))
    }
}

/// `mantissa ÷ 10^decimals`, written out.
fn decimal(mantissa: i128, decimals: usize) -> String {
    if decimals == 0 {
        return mantissa.to_string();
    }
    let digits = format!("{mantissa:0width$}", width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    format!("{whole}.{fraction}")
}

/// A rate as a fraction: what rates multiplied and divided by one another come to, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

fn common_divisor(mut one: i128, mut other: i128) -> i128 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one.max(1)
}

impl From<Rate> for Ratio {
    fn from(rate: Rate) -> Self {
        Self::reduced(rate.mantissa.into(), 10_i128.pow(rate.decimals.into()))
    }
}

impl Ratio {
    /// A currency against itself.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// Both are above nought.
    fn reduced(numerator: i128, denominator: i128) -> Self {
        let divisor = common_divisor(numerator, denominator);
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    /// The other way round.
    #[must_use]
    pub const fn inverse(self) -> Self {
        Self { numerator: self.denominator, denominator: self.numerator }
    }

    /// One after the other; `None` where it is finer than 128 bits can tell.
    pub fn then(self, next: Self) -> Option<Self> {
        // Crosswise first, so that what cancels out never grows large.
        let one = Self::reduced(self.numerator, next.denominator);
        let other = Self::reduced(next.numerator, self.denominator);
        Some(Self {
            numerator: one.numerator.checked_mul(other.numerator)?,
            denominator: one.denominator.checked_mul(other.denominator)?,
        })
    }

    /// `money` in another currency, exact until the one rounding at the end, half to even.
    ///
    /// `None` where the amount is beyond what can be kept.
    pub fn convert(self, money: Money, to: Currency) -> Option<Money> {
        self.convert_part(money, to, 1, 1)
    }

    /// `money × times ÷ per` in another currency, rounded once, so that a twelfth of a year's price is not rounded
    /// before it is converted.
    pub fn convert_part(self, money: Money, to: Currency, times: i128, per: i128) -> Option<Money> {
        let digits = Self::reduced(to.minor_per_unit().into(), money.currency().minor_per_unit().into());
        let whole = self.then(digits)?.then(Self::reduced(times, per))?;
        // The rounding doubles a remainder below the denominator.
        if whole.denominator > i128::MAX / 2 {
            return None;
        }
        i128::from(money.minor()).checked_mul(whole.numerator)?;
        let converted = Money::from_minor(money.minor(), to).scaled(whole.numerator, whole.denominator);
        (converted.minor().abs() < i64::MAX).then_some(converted)
    }
}

/// To eight digits; the amounts are computed with all there are.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut numerator, mut decimals) = (self.numerator, 0);
        while numerator / self.denominator < 10_i128.pow(SHOWN - 1)
            && decimals < 20
            && let Some(finer) = numerator.checked_mul(10)
        {
            (numerator, decimals) = (finer, decimals + 1);
        }
        let (quotient, rest) = (numerator / self.denominator, numerator % self.denominator);
        let up = rest > self.denominator - rest || (rest == self.denominator - rest && quotient % 2 == 1);
        let text = decimal(quotient + i128::from(up), decimals);
        f.write_str(if decimals == 0 { &text } else { text.trim_end_matches('0').trim_end_matches('.') })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::testing::money;

    fn ratio(text: &str) -> Ratio {
        text.parse::<Rate>().unwrap().into()
    }

    #[test]
    fn rates_are_decimals_above_nought() {
        for (text, expected) in [
            ("1.1730", Ok("1.173")),
            ("83", Ok("83")),
            ("100", Ok("100")),
            ("007.50", Ok("7.5")),
            ("0.0000333", Ok("0.0000333")),
            ("642000", Ok("642000")),
            ("0", Err(RateError::NotPositive)),
            ("0.000", Err(RateError::NotPositive)),
            ("-1.2", Err(RateError::NotPositive)),
            ("NaN", Err(RateError::NotANumber)),
            ("N/A", Err(RateError::NotANumber)),
            ("1e3", Err(RateError::NotANumber)),
            ("1,5", Err(RateError::NotANumber)),
            ("1.", Err(RateError::NotANumber)),
            (".5", Err(RateError::NotANumber)),
            ("", Err(RateError::NotANumber)),
            ("٤", Err(RateError::NotANumber)),
            ("1234567890", Err(RateError::TooLong)),
            ("0.00000000001", Err(RateError::TooLong)),
            (&"9".repeat(400), Err(RateError::TooLong)),
        ] {
            let read = text.parse::<Rate>().map(|rate| rate.to_string());
            assert_eq!(read, expected.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn cross_rates_are_exact_until_the_end() {
        // 20 dollars at 1.173 dollars and 98.4215 rupees to the euro.
        let cross = ratio("1.173").inverse().then(ratio("98.4215")).unwrap();
        assert_eq!(cross.convert(money("USD 20.00"), Currency::INR), Some(money("INR 1678.12")));
        assert_eq!(cross.to_string(), "83.905797");
        let back = cross.inverse().convert(money("INR 1678.12"), Currency::USD);
        assert_eq!(back, Some(money("USD 20.00")));
    }

    #[test]
    fn every_currency_has_its_own_digits() {
        assert_eq!(ratio("184.25").convert(money("EUR 10.00"), Currency::JPY), Some(money("JPY 1842")));
        assert_eq!(
            ratio("0.36").convert(money("EUR 10.00"), "KWD".parse().unwrap()),
            Some(money("KWD 3.600"))
        );
        let yen = ratio("184.25").inverse();
        assert_eq!(yen.convert(money("JPY 1000"), Currency::EUR), Some(money("EUR 5.43")));
    }

    #[test]
    fn halves_round_to_even() {
        for (amount, expected) in
            [("EUR 0.01", "USD 0.00"), ("EUR 0.03", "USD 0.02"), ("EUR 0.05", "USD 0.02")]
        {
            assert_eq!(ratio("0.5").convert(money(amount), Currency::USD), Some(money(expected)), "{amount}");
        }
    }

    #[test]
    fn a_part_is_rounded_once() {
        // A third of a cent twice over: 0.10 a year at 1.5 is 0.0125 a month, not 0.01 × 1.5.
        assert_eq!(
            ratio("1.5").convert_part(money("EUR 0.10"), Currency::USD, 1, 12),
            Some(money("USD 0.01"))
        );
        assert_eq!(
            ratio("5").convert_part(money("EUR 0.05"), Currency::USD, 1, 12),
            Some(money("USD 0.02")),
            "nothing would be left of 0.0041"
        );
    }

    #[test]
    fn what_cannot_be_kept_is_not_made_up() {
        let huge = Money::from_minor(Money::MAX_MINOR, Currency::JPY);
        assert_eq!(ratio("999999999").convert(huge, "CLF".parse().unwrap()), None);
    }

    proptest! {
        #[test]
        fn a_rate_reads_back_from_its_own_text(mantissa in 1_i64..1_000_000_000, decimals in 0_usize..=10) {
            let text = decimal(mantissa.into(), decimals);
            let rate: Rate = text.parse().unwrap();
            prop_assert_eq!(rate.to_string().parse::<Rate>(), Ok(rate));
            // Exactly the same number, however it is written.
            let same = Ratio::reduced(mantissa.into(), 10_i128.pow(decimals.try_into().unwrap()));
            prop_assert_eq!(Ratio::from(rate), same);
        }

        #[test]
        fn converting_is_never_off_by_more_than_half(
            minor in 0..=Money::MAX_MINOR, one in 1_i64..1_000_000_000, other in 1_i64..1_000_000_000,
        ) {
            let rate = Ratio::reduced(one.into(), other.into());
            if let Some(converted) = rate.convert(Money::from_minor(minor, Currency::EUR), Currency::USD) {
                let exact = i128::from(minor) * i128::from(one);
                let off = i128::from(converted.minor()) * i128::from(other) - exact;
                prop_assert!(off.abs() * 2 <= i128::from(other));
            } else {
                prop_assert!(i128::from(minor) * i128::from(one) / i128::from(other) > i128::from(i64::MAX) - 2);
            }
        }

        #[test]
        fn a_shown_rate_has_eight_digits_of_the_true_one(one in 1_i64..1_000_000_000, other in 1_i64..1_000_000_000) {
            let rate = Ratio::reduced(one.into(), other.into());
            let text = rate.to_string();
            let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
            let shown: i128 = format!("{whole}{fraction}").parse().unwrap();
            let scale = 10_i128.pow(fraction.len().try_into().unwrap());
            // |shown/scale - one/other| <= shown/scale / 10^7
            let difference = (shown * i128::from(other) - i128::from(one) * scale).abs();
            prop_assert!(difference * 10_000_000 <= shown * i128::from(other), "{one}/{other} {text}");
        }
    }
}
