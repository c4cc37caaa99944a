use kernel::{Currency, Unit};
use proptest::prelude::*;

use super::*;
use crate::domain::{
    Category, PaymentSource, Proposal,
    testing::{cycle, day, id, made, money, netflix},
};

fn budget(amount: &str, period: Cycle, begins_on: &str) -> Budget {
    let input = BudgetInput {
        amount: Some(money(amount)),
        period: Some(period),
        begins_on: Some(day(begins_on)),
        ..BudgetInput::default()
    };
    Budget::create(id(1), id(1), &input, day("2026-05-05")).unwrap()
}

fn rupees() -> Converter {
    Converter::of_one(Currency::INR, day("2026-05-05"))
}

#[test]
fn a_period_runs_from_pay_day_to_pay_day() {
    let monthly = budget("INR 1000.00", Cycle::MONTHLY, "2026-01-31");
    for (today, from, to) in [
        ("2026-01-31", "2026-01-31", "2026-02-27"),
        ("2026-02-27", "2026-01-31", "2026-02-27"),
        ("2026-02-28", "2026-02-28", "2026-03-30"),
        ("2026-03-31", "2026-03-31", "2026-04-29"),
        // Before the first one, that one is shown.
        ("2025-12-01", "2026-01-31", "2026-02-27"),
    ] {
        assert_eq!(monthly.period_of(day(today)), (day(from), day(to)), "{today}");
    }
    let fortnightly = budget("INR 1000.00", cycle(2, Unit::Week), "2026-05-01");
    assert_eq!(fortnightly.period_of(day("2026-05-14")), (day("2026-05-01"), day("2026-05-14")));
    assert_eq!(fortnightly.period_of(day("2026-05-15")), (day("2026-05-15"), day("2026-05-28")));
}

#[test]
fn what_is_paid_and_what_is_to_come_are_counted_once() {
    let (subscription, advance) = made(netflix(), "2026-05-05");
    let payments: Vec<_> =
        advance.charges.iter().map(|charge| charge.payment(id(1), &subscription)).collect();
    let all = [subscription];
    let weekly = budget("INR 600.00", cycle(2, Unit::Month), "2026-05-01");
    let standing = weekly.standing(day("2026-05-05"), all.iter(), &payments, &rupees());
    assert_eq!((standing.spent.home(), standing.to_come.home()), (money("INR 499.00"), money("INR 499.00")));
    assert_eq!(standing.left(), Some(money("INR 101.00")));
    assert!(!standing.is_passed() && standing.will_pass());
}

#[test]
fn only_its_category_counts() {
    let (subscription, advance) = made(netflix(), "2026-05-05");
    let payments: Vec<_> =
        advance.charges.iter().map(|charge| charge.payment(id(1), &subscription)).collect();
    let all = [subscription];
    for (category, spent) in [(Category::Entertainment, "INR 499.00"), (Category::Music, "INR 0.00")] {
        let category = Some(CategoryChoice::BuiltIn(category));
        let budget = Budget { category, ..budget("INR 600.00", Cycle::MONTHLY, "2026-05-01") };
        let standing = budget.standing(day("2026-05-05"), all.iter(), &payments, &rupees());
        assert_eq!(standing.spent.home(), money(spent), "{category:?}");
    }
}

#[test]
fn it_is_told_once_a_period_that_it_was_passed() {
    let (subscription, advance) = made(netflix(), "2026-05-05");
    let payments: Vec<_> =
        advance.charges.iter().map(|charge| charge.payment(id(1), &subscription)).collect();
    let all = [subscription];
    let mut small = budget("INR 498.99", Cycle::MONTHLY, "2026-05-01");
    let standing = small.standing(day("2026-05-05"), all.iter(), &payments, &rupees());
    let passed = small.pass(&standing, None).unwrap();
    assert_eq!(
        (passed.from, passed.to, passed.spent),
        (day("2026-05-01"), day("2026-05-31"), money("INR 499.00"))
    );
    assert_eq!(small.pass(&standing, None), None);
    // A higher limit that is not passed is not told; a lower one is news again.
    small.edit(&BudgetInput { amount: Some(money("INR 100.00")), ..BudgetInput::default() }).unwrap();
    let standing = small.standing(day("2026-05-05"), all.iter(), &payments, &rupees());
    assert!(small.pass(&standing, None).is_some());
    let mut exact = budget("INR 499.00", Cycle::MONTHLY, "2026-05-01");
    let standing = exact.standing(day("2026-05-05"), all.iter(), &payments, &rupees());
    assert_eq!(exact.pass(&standing, None), None, "to the limit is not beyond it");
}

#[test]
fn a_limit_in_a_currency_without_a_rate_is_never_passed() {
    let dollars = budget("USD 1.00", Cycle::MONTHLY, "2026-05-01");
    let (subscription, advance) = made(netflix(), "2026-05-05");
    let payments: Vec<_> =
        advance.charges.iter().map(|charge| charge.payment(id(1), &subscription)).collect();
    let standing = dollars.standing(day("2026-05-05"), [subscription].iter(), &payments, &rupees());
    assert_eq!((standing.limit, standing.left()), (None, None));
    assert!(!standing.is_passed() && !standing.will_pass());
}

#[test]
fn everything_wrong_is_named() {
    let wrong = BudgetInput {
        amount: Some(money("INR 0.00")),
        begins_on: Some(day("1969-01-01")),
        ..BudgetInput::default()
    };
    let invalid = Budget::create(id(1), id(1), &wrong, day("2026-05-05")).unwrap_err();
    let pointers: Vec<_> = invalid.errors().iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, ["/amount/amount", "/begins_on"]);
    let none = Budget::create(id(1), id(1), &BudgetInput::default(), day("2026-05-05")).unwrap_err();
    assert_eq!(none.errors()[0].pointer, "/amount");
}

proptest! {
    /// Periods follow one another without a gap and without an overlap.
    #[test]
    fn every_day_is_in_one_period(
        begins_on in crate::domain::testing::any_date(),
        period in crate::domain::testing::any_cycle(),
        later in 0_i64..4_000,
    ) {
        let budget = Budget { begins_on, period, ..budget("INR 1.00", Cycle::MONTHLY, "2026-05-01") };
        let today = begins_on.saturating_add(later.days());
        let (from, to) = budget.period_of(today);
        prop_assert!(from <= today && today <= to);
        prop_assert_eq!(budget.period_of(from), (from, to));
        prop_assert_eq!(budget.period_of(to), (from, to));
        prop_assert_eq!(budget.period_of(to.saturating_add(1.day())).0, to.saturating_add(1.day()));
    }
}

/// A payment of another kind than those that charges make.
#[test]
fn what_is_due_is_to_come_and_what_was_refunded_is_not_spent() {
    let proposal = Proposal { auto_renew: false, ..netflix() };
    let (subscription, advance) = made(proposal, "2026-05-05");
    let mut payments: Vec<_> =
        advance.charges.iter().map(|charge| charge.payment(id(1), &subscription)).collect();
    let monthly = budget("INR 600.00", Cycle::MONTHLY, "2026-05-01");
    let all = [subscription];
    let standing = monthly.standing(day("2026-05-05"), all.iter(), &payments, &rupees());
    assert_eq!((standing.spent.home(), standing.to_come.home()), (money("INR 0.00"), money("INR 499.00")));
    payments[0].state = PaymentState::Refunded { paid_on: day("2026-05-05") };
    payments[0].source = PaymentSource::Manual;
    let standing = monthly.standing(day("2026-05-05"), all.iter(), &payments, &rupees());
    assert!(standing.spent.is_nothing() && standing.to_come.is_nothing());
}
