//! Numerals as people group them: `1,499`, `1,23,456`, `1.250,00`, `1'250.50`.

/// A decimal: `mantissa` shifted right by `scale` digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) mantissa: u64,
    pub(super) scale: u32,
}

impl Decimal {
    pub(super) const fn whole(mantissa: u64) -> Self {
        Self { mantissa, scale: 0 }
    }

    /// In units of `10^-digits`, times `factor`; `None` when it has more digits than that, or is too large.
    pub(super) fn minor(self, factor: u64, digits: u32) -> Option<i64> {
        let scaled = self.mantissa.checked_mul(factor)?.checked_mul(10_u64.checked_pow(digits)?)?;
        let divisor = 10_u64.checked_pow(self.scale)?;
        (scaled % divisor == 0).then_some(scaled / divisor).and_then(|minor| i64::try_from(minor).ok())
    }
}

/// Reads a numeral for a currency with so many decimals. The separators say themselves what they are, except
/// a single one before three digits: it groups, unless the currency has three decimals.
pub(super) fn read(numeral: &str, decimals: u32) -> Option<Decimal> {
    let plain: String = numeral.chars().filter(|c| *c != '\'').collect();
    let Some(last) = plain.rfind(['.', ',']) else { return digits(&plain, "") };
    let (whole, fraction) = (&plain[..last], &plain[last + 1..]);
    let mark = plain.as_bytes()[last];
    let only_one = !whole.contains(['.', ',']);
    let repeated = whole.as_bytes().contains(&mark);
    let groups = fraction.len() == 3 && !(only_one && (decimals == 3 || whole == "0"));
    if repeated || (groups && only_one) {
        return is_grouped(&plain).then(|| digits(&plain, "")).flatten();
    }
    if !only_one && !is_grouped(whole) || fraction.len() > 4 {
        return None;
    }
    digits(whole, fraction)
}

/// Groups of two or three digits after the first, the last of three.
fn is_grouped(text: &str) -> bool {
    let mut groups = text.split(['.', ',']);
    let first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()));
    let rest: Vec<usize> = groups.map(str::len).collect();
    first && rest.last().is_none_or(|last| *last == 3) && rest.iter().all(|length| (2..=3).contains(length))
}

fn digits(whole: &str, fraction: &str) -> Option<Decimal> {
    let mut mantissa = 0_u64;
    for digit in whole.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit) {
        mantissa = mantissa.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
    }
    Some(Decimal { mantissa, scale: u32::try_from(fraction.len()).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grouping_is_read() {
        for (numeral, decimals, minor) in [
            ("499", 2, Some(49_900)),
            ("499.5", 2, Some(49_950)),
            ("1,499", 2, Some(149_900)),
            ("1,23,456", 2, Some(12_345_600)),
            ("1,23,456.78", 2, Some(12_345_678)),
            ("1.250,00", 2, Some(125_000)),
            ("1.250", 2, Some(125_000)),
            ("1.250", 3, Some(1_250)),
            ("13,99", 2, Some(1_399)),
            ("1'250.50", 2, Some(125_050)),
            ("1.234.567", 0, Some(1_234_567)),
            ("9.99", 0, None),
            ("1,2,3", 2, None),
            ("12.06.2026", 2, None),
            ("0.99", 2, Some(99)),
        ] {
            let read = read(numeral, decimals).and_then(|decimal| decimal.minor(1, decimals));
            assert_eq!(read, minor, "{numeral}");
        }
    }

    #[test]
    fn a_scale_keeps_the_digits() {
        assert_eq!(read("1.2", 2).and_then(|decimal| decimal.minor(1000, 2)), Some(120_000));
        assert_eq!(Decimal::whole(u64::MAX).minor(1000, 2), None);
    }
}
