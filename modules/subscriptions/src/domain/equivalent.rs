//! What a price comes to a month and a year, so that a weekly and a yearly one can be compared.

use kernel::{Cycle, Money, Unit};

/// Ten thousand mean years of the Gregorian calendar, in days: 365.2425 each.
const DAYS_IN_10_000_YEARS: i128 = 3_652_425;

/// What `price` every `cycle` comes to a month. Exact until one rounding at the end, half to even.
///
/// ```
/// use kernel::{Currency, Cycle, Money, Unit};
/// use subscriptions::domain::monthly;
/// let price = Money::parse("10.00", Currency::EUR)?;
/// assert_eq!(monthly(price, Cycle::new(2, Unit::Week)?).amount_text(), "21.74");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn monthly(price: Money, cycle: Cycle) -> Money {
    let (times, per) = charges_a_year(cycle);
    price.scaled(times, per * 12)
}

/// What `price` every `cycle` comes to a year. Not twelve times the rounded month: rounded once, of its own.
pub fn yearly(price: Money, cycle: Cycle) -> Money {
    let (times, per) = charges_a_year(cycle);
    price.scaled(times, per)
}

/// How many charges a year has, as a fraction.
pub(super) fn charges_a_year(cycle: Cycle) -> (i128, i128) {
    let every = i128::from(cycle.every());
    match cycle.unit() {
        Unit::Day => (DAYS_IN_10_000_YEARS, 10_000 * every),
        Unit::Week => (DAYS_IN_10_000_YEARS, 70_000 * every),
        Unit::Month => (12, every),
        Unit::Year => (1, every),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::testing::{any_cycle, cycle, money};

    #[test]
    fn worked_figures() {
        for (price, every, unit, a_month) in [
            ("INR 499.00", 1, Unit::Month, "INR 499.00"),
            ("USD 120.00", 1, Unit::Year, "USD 10.00"),
            ("EUR 10.00", 2, Unit::Week, "EUR 21.74"),
            ("GBP 5.00", 1, Unit::Week, "GBP 21.74"),
            ("JPY 1000", 45, Unit::Day, "JPY 676"),
        ] {
            assert_eq!(
                monthly(money(price), cycle(every, unit)),
                money(a_month),
                "{price} every {every} {unit}"
            );
        }
    }

    #[test]
    fn a_year_is_rounded_on_its_own() {
        for (price, every, unit, a_year) in [
            ("INR 499.00", 1, Unit::Month, "INR 5988.00"),
            ("USD 120.00", 1, Unit::Year, "USD 120.00"),
            ("EUR 10.00", 2, Unit::Week, "EUR 260.89"),
            ("EUR 1.00", 1, Unit::Day, "EUR 365.24"),
            ("USD 100.00", 3, Unit::Year, "USD 33.33"),
            ("JPY 1000", 45, Unit::Day, "JPY 8116"),
        ] {
            assert_eq!(
                yearly(money(price), cycle(every, unit)),
                money(a_year),
                "{price} every {every} {unit}"
            );
        }
    }

    #[test]
    fn halves_round_to_even() {
        // 0.06 and 0.18 a year are half a cent and one and a half a month.
        assert_eq!(monthly(money("EUR 0.06"), Cycle::YEARLY), money("EUR 0.00"));
        assert_eq!(monthly(money("EUR 0.18"), Cycle::YEARLY), money("EUR 0.02"));
        assert_eq!(monthly(money("KWD 1.250"), cycle(4, Unit::Month)), money("KWD 0.312"));
    }

    proptest! {
        #[test]
        fn twelve_months_are_a_year_but_for_rounding(minor in 0..=Money::MAX_MINOR, cycle in any_cycle()) {
            let price = Money::from_minor(minor, kernel::Currency::EUR);
            let difference = monthly(price, cycle).minor() * 12 - yearly(price, cycle).minor();
            prop_assert!(difference.abs() <= 6);
        }
    }
}
