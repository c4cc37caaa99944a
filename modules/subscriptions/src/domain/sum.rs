//! Amounts of any currency, added up.

use std::collections::BTreeMap;

use kernel::{Currency, Money};

/// What amounts come to: in the household's currency, and, where there is no rate, apart by currency. It is the sum of
/// rounded rows, so that rows shown beneath it add up to it to the minor unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    home: Money,
    apart: BTreeMap<&'static str, Money>,
}

/// A sum that 64 bits cannot hold stays at the largest there is, rather than turning negative. No household reaches it.
fn plus(sum: Money, amount: Money) -> Money {
    sum.checked_add(amount).unwrap_or(Money::from_minor(i64::MAX, sum.currency()))
}

impl Sum {
    /// Of nothing, in the household's currency.
    pub const fn nothing(home: Currency) -> Self {
        Self { home: Money::zero(home), apart: BTreeMap::new() }
    }

    /// Adds an amount, with what it comes to in the household's currency where that is known.
    pub fn add(&mut self, amount: Money, at_home: Option<Money>) {
        match at_home {
            Some(at_home) => self.home = plus(self.home, at_home),
            None => {
                let sum =
                    self.apart.entry(amount.currency().code()).or_insert(Money::zero(amount.currency()));
                *sum = plus(*sum, amount);
            }
        }
    }

    /// Adds all of another one.
    pub fn extend(&mut self, other: &Self) {
        self.home = plus(self.home, other.home);
        other.apart.values().for_each(|amount| self.add(*amount, None));
    }

    /// What there is in the household's currency, or was converted into it.
    pub const fn home(&self) -> Money {
        self.home
    }

    /// What there is no rate for, by currency: never added to the rest, never left out.
    pub fn apart(&self) -> impl Iterator<Item = Money> {
        self.apart.values().copied()
    }

    /// Whether it is of nothing.
    pub fn is_nothing(&self) -> bool {
        self.home.is_zero() && self.apart.values().all(|amount| amount.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::money;

    #[test]
    fn what_has_no_rate_stands_apart() {
        let mut sum = Sum::nothing(Currency::INR);
        sum.add(money("INR 499.00"), Some(money("INR 499.00")));
        sum.add(money("USD 9.99"), Some(money("INR 829.17")));
        sum.add(money("KWD 1.250"), None);
        sum.add(money("KWD 0.750"), None);
        assert_eq!(sum.home(), money("INR 1328.17"));
        assert_eq!(sum.apart().collect::<Vec<_>>(), [money("KWD 2.000")]);
        let mut twice = sum.clone();
        twice.extend(&sum);
        assert_eq!(twice.home(), money("INR 2656.34"));
        assert_eq!(twice.apart().collect::<Vec<_>>(), [money("KWD 4.000")]);
        assert!(!sum.is_nothing() && Sum::nothing(Currency::EUR).is_nothing());
    }
}
