//! Dividing an amount.

use kernel::Money;

/// `whole` in proportion to `weights`, so that the parts add up to it: each gets its part rounded down, and what is
/// left over goes, a minor unit each, to the first that weigh anything. Where nothing weighs anything, the first gets
/// it all.
///
/// ```
/// use kernel::{Currency, Money};
/// use subscriptions::domain::split;
///
/// let parts = split(Money::from_minor(100, Currency::EUR), &[1, 1, 1]);
/// assert_eq!(parts.iter().map(|part| part.minor()).collect::<Vec<_>>(), [34, 33, 33]);
/// ```
pub fn split(whole: Money, weights: &[u64]) -> Vec<Money> {
    let currency = whole.currency();
    let all: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    let amount = u128::from(whole.minor().unsigned_abs());
    let part = |weight: u64| {
        let exact = (amount * u128::from(weight)).checked_div(all);
        u64::try_from(exact.unwrap_or(0)).unwrap_or(u64::MAX)
    };
    let mut parts: Vec<u64> = weights.iter().map(|weight| part(*weight)).collect();
    let mut left = whole.minor().unsigned_abs() - parts.iter().sum::<u64>();
    if all == 0 {
        parts.iter_mut().take(1).for_each(|first| *first = left);
    } else {
        let weighty = parts.iter_mut().zip(weights).filter(|(_, weight)| **weight > 0);
        for (part, _) in weighty {
            let more = left.min(1);
            *part += more;
            left -= more;
        }
    }
    let sign = whole.minor().signum();
    let signed = |part: u64| i64::try_from(part).unwrap_or(i64::MAX) * sign;
    parts.into_iter().map(|part| Money::from_minor(signed(part), currency)).collect()
}
