use jiff::{ToSpan, civil::date};
use proptest::prelude::*;

use super::*;
use crate::domain::testing::{any_date, day, money};

fn told(prices: &Prices) -> Vec<(String, String)> {
    prices.steps().map(|step| (step.from.to_string(), step.price.amount_text())).collect()
}

fn steps(text: &[(&str, &str)]) -> Vec<(String, String)> {
    text.iter().map(|(from, price)| ((*from).to_owned(), (*price).to_owned())).collect()
}

#[test]
fn a_price_holds_from_its_first_day_on() {
    let mut prices = Prices::constant(date(2026, 5, 5), money("INR 499.00"));
    assert_eq!(prices.change(date(2026, 7, 1), money("INR 599.00")), Ok(Some(money("INR 499.00"))));
    for (on, price) in [
        ("2026-01-01", "INR 499.00"),
        ("2026-05-05", "INR 499.00"),
        ("2026-06-30", "INR 499.00"),
        ("2026-07-01", "INR 599.00"),
        ("2199-12-31", "INR 599.00"),
    ] {
        assert_eq!(prices.on(day(on)), money(price), "{on}");
    }
    assert_eq!(
        prices.next_after(date(2026, 6, 30)).map(|step| (step.from, step.price)),
        Some((date(2026, 7, 1), money("INR 599.00")))
    );
    assert_eq!(prices.next_after(date(2026, 7, 1)), None);
}

#[test]
fn a_trial_is_a_first_step_of_nothing() {
    let prices = Prices::with_trial(date(2026, 5, 5), date(2026, 6, 4), money("INR 499.00"));
    assert_eq!(told(&prices), steps(&[("2026-05-05", "0.00"), ("2026-06-04", "499.00")]));
    assert_eq!(prices.on(date(2026, 6, 3)), money("INR 0.00"));
    assert_eq!(prices.on(date(2026, 6, 4)), money("INR 499.00"));
    let over = Prices::with_trial(date(2026, 5, 5), date(2026, 5, 5), money("INR 499.00"));
    assert_eq!(told(&over), steps(&[("2026-05-05", "499.00")]));
}

#[test]
fn a_promotion_keeps_the_step_behind_it() {
    let mut prices = Prices::constant(date(2026, 5, 5), money("EUR 9.99"));
    prices.change(date(2026, 8, 5), money("EUR 19.99")).unwrap();
    prices.change(date(2026, 6, 5), money("EUR 7.99")).unwrap();
    assert_eq!(
        told(&prices),
        steps(&[("2026-05-05", "9.99"), ("2026-06-05", "7.99"), ("2026-08-05", "19.99")])
    );
}

#[test]
fn a_rise_taken_back_is_not_shown() {
    let mut prices = Prices::constant(date(2026, 5, 5), money("EUR 9.99"));
    prices.change(date(2026, 8, 5), money("EUR 12.99")).unwrap();
    assert_eq!(prices.change(date(2026, 8, 5), money("EUR 9.99")), Ok(Some(money("EUR 12.99"))));
    assert_eq!(told(&prices), steps(&[("2026-05-05", "9.99")]));
    assert_eq!(prices.change(date(2026, 9, 5), money("EUR 9.99")), Ok(None));
}

#[test]
fn a_slip_in_a_promotion_does_not_cost_the_price_behind_it() {
    let mut prices = Prices::constant(date(2026, 5, 5), money("EUR 9.99"));
    prices.change(date(2026, 8, 5), money("EUR 19.99")).unwrap();
    prices.change(date(2026, 6, 1), money("EUR 19.99")).unwrap();
    prices.change(date(2026, 6, 1), money("EUR 9.99")).unwrap();
    assert_eq!(told(&prices), steps(&[("2026-05-05", "9.99"), ("2026-08-05", "19.99")]));
}

#[test]
fn a_price_from_before_the_first_goes_in_front() {
    let mut prices = Prices::constant(date(2026, 5, 5), money("EUR 9.99"));
    assert_eq!(prices.change(date(2025, 5, 5), money("EUR 8.99")), Ok(Some(money("EUR 9.99"))));
    assert_eq!(told(&prices), steps(&[("2025-05-05", "8.99"), ("2026-05-05", "9.99")]));
}

#[test]
fn prices_stay_in_their_currency_and_range() {
    let mut prices = Prices::constant(date(2026, 5, 5), money("EUR 9.99"));
    let before = prices.clone();
    assert_eq!(prices.change(date(2026, 6, 5), money("USD 9.99")), Err(PricesError::Currency(Currency::EUR)));
    for wrong in [-1, Money::MAX_MINOR + 1] {
        let wrong = Money::from_minor(wrong, Currency::EUR);
        assert_eq!(prices.change(date(2026, 6, 5), wrong), Err(PricesError::Amount(wrong)));
    }
    assert_eq!(prices, before);
    assert_eq!(prices.change(date(2026, 6, 5), money("EUR 0.00")), Ok(Some(money("EUR 9.99"))));
}

#[test]
fn changes_are_bounded() {
    let mut prices = Prices::constant(date(2026, 1, 1), money("EUR 1.00"));
    for change in 1..1_000_i64 {
        let price = Money::from_minor(100 + change, Currency::EUR);
        prices.change(date(2026, 1, 1) + change.days(), price).unwrap();
    }
    let one_more = prices.change(date(2100, 1, 1), money("EUR 5.00"));
    assert_eq!(one_more, Err(PricesError::TooMany));
    assert!(prices.change(date(2026, 1, 2), money("EUR 5.00")).is_ok(), "a step that is there can change");
}

#[test]
fn a_trial_moves_with_everything_behind_it() {
    let trial = || {
        let mut prices = Prices::with_trial(date(2026, 5, 5), date(2026, 6, 4), money("EUR 9.99"));
        prices.change(date(2026, 9, 1), money("EUR 12.99")).unwrap();
        prices
    };
    for (after, expected) in [
        ("2026-05-20", vec![("2026-05-05", "0.00"), ("2026-05-20", "9.99"), ("2026-09-01", "12.99")]),
        ("2026-07-04", vec![("2026-05-05", "0.00"), ("2026-07-04", "9.99"), ("2026-09-01", "12.99")]),
        ("2026-10-04", vec![("2026-05-05", "0.00"), ("2026-10-04", "12.99")]),
        ("2026-05-05", vec![("2026-05-05", "9.99"), ("2026-09-01", "12.99")]),
        ("2026-04-01", vec![("2026-05-05", "9.99"), ("2026-09-01", "12.99")]),
    ] {
        let mut prices = trial();
        prices.move_trial(date(2026, 6, 4), day(after));
        assert_eq!(told(&prices), steps(&expected), "to {after}");
    }
}

#[test]
fn a_free_trial_of_something_free_moves_too() {
    let mut prices = Prices::with_trial(date(2026, 5, 5), date(2026, 6, 4), money("EUR 0.00"));
    prices.move_trial(date(2026, 6, 4), date(2026, 7, 4));
    assert_eq!(told(&prices), steps(&[("2026-05-05", "0.00")]));
}

#[test]
fn the_stored_form_is_an_array_of_pairs() {
    let prices = Prices::with_trial(date(2026, 5, 5), date(2026, 6, 5), money("INR 499.00"));
    let json = serde_json::to_string(&StoredPrices::from(&prices)).unwrap();
    assert_eq!(json, r#"[["2026-05-05",0],["2026-06-05",49900]]"#);
    let stored: StoredPrices = serde_json::from_str(&json).unwrap();
    assert_eq!(stored.into_prices(Currency::INR), Ok(prices));
}

#[test]
fn a_stored_row_that_makes_no_sense_says_why() {
    let read = |json: &str| {
        serde_json::from_str::<StoredPrices>(json).unwrap().into_prices(Currency::INR).unwrap_err()
    };
    assert_eq!(read("[]"), PricesError::Empty);
    let twice = r#"[["2026-06-05",1],["2026-06-05",2]]"#;
    assert_eq!(read(twice), PricesError::Order(date(2026, 6, 5)));
    assert!(matches!(read(r#"[["2026-06-05",-1]]"#), PricesError::Amount(_)));
    assert!(serde_json::from_str::<StoredPrices>(r#"[["2026-02-30",1]]"#).is_err());
}

proptest! {
    /// Against a plain list of what was said, the latest word winning from its day to the next one's.
    #[test]
    fn any_changes_give_the_price_last_said_for_a_day(
        start in any_date(),
        changes in proptest::collection::vec((-400_i64..400, 0_i64..5), 0..12),
        asked in -500_i64..500,
    ) {
        let euro = |minor| Money::from_minor(minor, Currency::EUR);
        let mut prices = Prices::constant(start, euro(1));
        let mut said = std::collections::BTreeMap::from([(start, 1)]);
        for (offset, minor) in changes {
            let from = start + offset.days();
            let held = said.range(..=from).next_back().or(said.iter().next()).map(|(_, minor)| *minor);
            let before = prices.change(from, euro(minor)).unwrap();
            prop_assert_eq!(before, held.filter(|held| *held != minor).map(euro));
            if held != Some(minor) {
                said.insert(from, minor);
            }
        }
        let day = start + asked.days();
        let expected = said.range(..=day).next_back().or(said.iter().next()).map(|(_, minor)| euro(*minor));
        prop_assert_eq!(Some(prices.on(day)), expected);

        let all: Vec<_> = prices.steps().collect();
        prop_assert!(all.windows(2).all(|pair| pair[0].from < pair[1].from && pair[0].price != pair[1].price));
        let stored = serde_json::to_string(&StoredPrices::from(&prices)).unwrap();
        let back: StoredPrices = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(back.into_prices(Currency::EUR), Ok(prices));
    }
}
