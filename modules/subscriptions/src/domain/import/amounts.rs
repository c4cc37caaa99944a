//! Amounts as people and banks write them, and what a whole column of them says about how to read each.

use kernel::{Currency, Money};

use super::Evidence;

/// Which sign stands before the cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    /// `1,234.56`, and `1,23,456.78` in India.
    Point,
    /// `1.234,56`.
    Comma,
}

impl DecimalMark {
    const fn sign(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }

    const fn other(self) -> char {
        match self {
            Self::Point => ',',
            Self::Comma => '.',
        }
    }
}

/// What a column of amounts says. Each of them can say one thing only: which sign it ends its whole part with.
pub(super) fn decimal_mark<'a>(column: impl Iterator<Item = &'a str>) -> Evidence<DecimalMark> {
    let (mut point, mut comma, mut open) = (false, false, false);
    for text in column {
        match vote(text) {
            Vote::For(DecimalMark::Point) => point = true,
            Vote::For(DecimalMark::Comma) => comma = true,
            Vote::Open => open = true,
            Vote::None => {}
        }
    }
    match (point, comma) {
        (true, true) => Evidence::Contradiction,
        (true, false) => Evidence::Sure(DecimalMark::Point),
        (false, true) => Evidence::Sure(DecimalMark::Comma),
        (false, false) if open => Evidence::Open,
        // Whole numbers alone read the same either way.
        (false, false) => Evidence::Sure(DecimalMark::Point),
    }
}

enum Vote {
    For(DecimalMark),
    /// `1,234`: a thousand and more, or one and a bit.
    Open,
    None,
}

fn vote(text: &str) -> Vote {
    let number: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let number = number.trim_matches(['.', ',']);
    let (points, commas) = (number.matches('.').count(), number.matches(',').count());
    let last = number.rfind(['.', ',']);
    match (points, commas, last) {
        (0, 0, _) | (_, _, None) => Vote::None,
        (1.., 1.., Some(at)) => {
            Vote::For(if number[at..].starts_with('.') { DecimalMark::Point } else { DecimalMark::Comma })
        }
        (2.., 0, _) => Vote::For(DecimalMark::Comma),
        (0, 2.., _) => Vote::For(DecimalMark::Point),
        (one, _, Some(at)) => {
            let mark = if one == 1 { DecimalMark::Point } else { DecimalMark::Comma };
            if number.len() - at - 1 == 3 && at <= 3 && !number.starts_with('0') {
                Vote::Open
            } else {
                Vote::For(mark)
            }
        }
    }
}

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum AmountError {
    #[error("“{0}” is no amount")]
    NotAnAmount(String),
    #[error("“{0}” has more decimals than {1} has")]
    Decimals(String, Currency),
    #[error("“{0}” is more than can be kept")]
    TooLarge(String),
}

/// A signed count of minor units. Signs of currencies, codes and words around the number are left out; a minus before
/// or behind, brackets, and `DR` make it negative.
pub(super) fn signed(text: &str, mark: DecimalMark, currency: Currency) -> Result<i64, AmountError> {
    let number = Number::read(text, mark).ok_or_else(|| AmountError::NotAnAmount(text.trim().to_owned()))?;
    let fraction = number.fraction.trim_end_matches('0');
    let digits = usize::from(currency.digits());
    if fraction.len() > digits {
        return Err(AmountError::Decimals(text.trim().to_owned(), currency));
    }
    number.minor(fraction, digits).ok_or_else(|| AmountError::TooLarge(text.trim().to_owned()))
}

/// A price out of another program's floating point number: what is beyond the currency's digits is rounded, half to
/// even, and whether anything was is told.
pub(super) fn rounded(
    text: &str,
    mark: DecimalMark,
    currency: Currency,
) -> Result<(Money, bool), AmountError> {
    let wrong = || AmountError::NotAnAmount(text.trim().to_owned());
    let number = Number::read(text, mark).filter(|number| !number.negative).ok_or_else(wrong)?;
    let digits = usize::from(currency.digits());
    let kept = &number.fraction[..number.fraction.len().min(digits)];
    let rest = number.fraction[kept.len()..].trim_end_matches('0');
    let minor = number.minor(kept, digits).ok_or_else(|| AmountError::TooLarge(text.trim().to_owned()))?;
    let up = match rest.as_bytes().split_first() {
        None => false,
        Some((b'5', [])) => minor % 2 == 1,
        Some((first, _)) => *first >= b'5',
    };
    let minor = if up { minor + 1 } else { minor };
    Ok((Money::from_minor(minor, currency), !rest.is_empty()))
}

/// The digits of a number, in two parts.
struct Number {
    negative: bool,
    whole: String,
    fraction: String,
}

impl Number {
    fn read(text: &str, mark: DecimalMark) -> Option<Self> {
        let text = text.trim();
        let first = text.find(|c: char| c.is_ascii_digit())?;
        let last = text.rfind(|c: char| c.is_ascii_digit())?;
        // `.99` is ninety-nine cents.
        let start = if text[..first].ends_with(mark.sign()) { first - 1 } else { first };
        let (before, body, after) = (&text[..start], &text[start..=last], &text[last + 1..]);
        let minus = |part: &str| part.contains(['-', '\u{2212}', '\u{2013}', '(']);
        let debit = after.trim().trim_end_matches('.').eq_ignore_ascii_case("dr");
        let negative = minus(before) || after.trim_start().starts_with(['-', '\u{2212}']) || debit;
        let (whole, fraction) = body.split_once(mark.sign()).unwrap_or((body, ""));
        let whole = ungrouped(whole, mark.other())?;
        let right = fraction.bytes().all(|byte| byte.is_ascii_digit());
        right.then(|| Self { negative, whole, fraction: fraction.to_owned() })
    }

    fn minor(&self, fraction: &str, digits: usize) -> Option<i64> {
        let padding = std::iter::repeat_n(b'0', digits - fraction.len());
        let minor = self
            .whole
            .bytes()
            .chain(fraction.bytes())
            .chain(padding)
            .try_fold(0_i64, |sum, digit| sum.checked_mul(10)?.checked_add(i64::from(digit - b'0')))?;
        let kept = minor <= Money::MAX_MINOR;
        kept.then_some(if self.negative { -minor } else { minor })
    }
}

/// The whole part without what groups its digits. Groups are of three; in India those before the last are of two.
fn ungrouped(whole: &str, grouping: char) -> Option<String> {
    let is_group =
        |c: char| c == grouping || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’');
    let groups: Vec<&str> = whole.split(is_group).collect();
    let digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    let (first, rest) = groups.split_first()?;
    let sizes = match rest.split_last() {
        None => true,
        Some((last, middle)) => {
            last.len() == 3 && !first.is_empty() && middle.iter().all(|group| matches!(group.len(), 2 | 3))
        }
    };
    (digits && sizes).then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mark(column: &[&str]) -> Evidence<DecimalMark> {
        decimal_mark(column.iter().copied())
    }

    #[test]
    fn a_column_decides_what_one_amount_cannot() {
        assert_eq!(mark(&["1,234", "9.99"]), Evidence::Sure(DecimalMark::Point));
        assert_eq!(mark(&["1.234", "9,99"]), Evidence::Sure(DecimalMark::Comma));
        assert_eq!(mark(&["1,23,456"]), Evidence::Sure(DecimalMark::Point));
        assert_eq!(mark(&["1.234.567"]), Evidence::Sure(DecimalMark::Comma));
        assert_eq!(mark(&["12", "499"]), Evidence::Sure(DecimalMark::Point));
        assert_eq!(mark(&["0.125"]), Evidence::Sure(DecimalMark::Point));
        assert_eq!(mark(&["1,234", "5,678"]), Evidence::Open);
        assert_eq!(mark(&["9,99", "9.99"]), Evidence::Contradiction);
    }

    #[test]
    fn amounts_are_read_as_they_are_written() {
        use DecimalMark::{Comma, Point};
        for (text, mark, minor) in [
            ("499", Point, 49_900),
            ("₹ 1,23,456.70", Point, 12_345_670),
            ("-1.234,56 €", Comma, -123_456),
            ("1 234,56", Comma, 123_456),
            ("1'234.50 CHF", Point, 123_450),
            ("(9.99)", Point, -999),
            ("9.99-", Point, -999),
            ("\u{2212}9,99", Comma, -999),
            ("499.00 Dr", Point, -49_900),
            ("499.00 CR", Point, 49_900),
            ("+5", Point, 500),
            (".99", Point, 99),
            ("9.990", Point, 999),
        ] {
            assert_eq!(signed(text, mark, Currency::EUR), Ok(minor), "{text}");
        }
        for (text, mark) in
            [("", Point), ("free", Point), ("1,2", Point), ("12,34,5", Point), ("1.2.3", Point)]
        {
            assert!(matches!(signed(text, mark, Currency::EUR), Err(AmountError::NotAnAmount(_))), "{text}");
        }
        assert!(matches!(signed("9.999", Point, Currency::EUR), Err(AmountError::Decimals(..))));
        assert!(matches!(signed(&"9".repeat(40), Point, Currency::EUR), Err(AmountError::TooLarge(_))));
        assert_eq!(signed("1000", Point, Currency::JPY), Ok(1_000));
    }

    #[test]
    fn a_floating_point_number_is_rounded_half_to_even() {
        let round =
            |text| rounded(text, DecimalMark::Point, Currency::EUR).map(|(money, off)| (money.minor(), off));
        assert_eq!(round("9.99"), Ok((999, false)));
        assert_eq!(round("10.0"), Ok((1_000, false)));
        assert_eq!(round("0.125"), Ok((12, true)));
        assert_eq!(round("0.135"), Ok((14, true)));
        assert_eq!(round("9.989999999999998"), Ok((999, true)));
        assert!(round("-1").is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics_and_what_is_read_has_a_limit(text in "\\PC{0,30}", comma: bool) {
            let mark = if comma { DecimalMark::Comma } else { DecimalMark::Point };
            let _ = decimal_mark(std::iter::once(text.as_str()));
            let _ = rounded(&text, mark, Currency::EUR);
            if let Ok(minor) = signed(&text, mark, Currency::EUR) {
                prop_assert!(minor.abs() <= Money::MAX_MINOR);
            }
        }

        #[test]
        fn what_money_writes_is_read_back(minor in 0..=Money::MAX_MINOR) {
            let text = Money::from_minor(minor, Currency::EUR).amount_text();
            prop_assert_eq!(signed(&text, DecimalMark::Point, Currency::EUR), Ok(minor));
        }
    }
}
