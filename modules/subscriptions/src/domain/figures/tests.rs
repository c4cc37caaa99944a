use kernel::{Cycle, Unit};
use proptest::prelude::*;

use super::*;
use crate::domain::{
    Proposal, Weekend,
    testing::{birth, cycle, day, id, made, money, netflix},
};

const TODAY: &str = "2026-05-10";

/// The `number`th of a household, made on the first of the month.
fn one(number: u32, proposal: Proposal) -> Subscription {
    let made_on = day("2026-05-01");
    let (mut subscription, _) =
        Subscription::create(proposal.check(made_on).unwrap(), birth(number, made_on), 1_000);
    subscription.advance(day(TODAY), 1_000);
    subscription
}

fn priced(price: &str, cycle: Option<Cycle>, first_charge_on: &str) -> Proposal {
    Proposal {
        price: money(price),
        cycle,
        first_charge_on: Some(day(first_charge_on)),
        service: None,
        ..netflix()
    }
}

fn payment(number: u32, amount: &str, due_on: &str, state: PaymentState) -> Payment {
    let (subscription, advance) = made(netflix(), due_on);
    Payment { amount: money(amount), state, ..advance.charges[0].payment(id(number), &subscription) }
}

fn no_rates() -> Converter {
    Converter::of_one(Currency::INR, day(TODAY))
}

fn figures(subscriptions: &[Subscription], payments: &[Payment]) -> Figures {
    Figures::on(day(TODAY), &no_rates(), subscriptions, payments, 100)
}

#[test]
fn an_empty_household_has_nothing_of_its_currency() {
    let figures = figures(&[], &[]);
    assert_eq!(figures.home, Totals::nothing(Currency::INR));
    assert_eq!((figures.others, figures.upcoming, figures.counts), (vec![], vec![], Counts::default()));
}

#[test]
fn totals_are_the_sums_of_their_rounded_rows() {
    let rows: Vec<Subscription> = (1..=3)
        .map(|number| one(number, priced("INR 100.00", Some(cycle(1, Unit::Year)), "2026-12-01")))
        .collect();
    let figures = figures(&rows, &[]);
    // Thrice 8.33, not a twelfth of 300.
    assert_eq!(figures.home.per_month, money("INR 24.99"));
    assert_eq!(figures.home.per_year, money("INR 300.00"));
}

#[test]
fn what_moves_around_a_weekend_counts_when_its_money_moves() {
    // 30 May 2026 is a Saturday.
    let charged =
        |weekend| one(1, Proposal { weekend, ..priced("INR 100.00", Some(Cycle::YEARLY), "2026-05-30") });
    for (weekend, moves_on, this_month) in [
        (Weekend::Keep, "2026-05-30", "INR 100.00"),
        (Weekend::Before, "2026-05-29", "INR 100.00"),
        (Weekend::After, "2026-06-01", "INR 0.00"),
    ] {
        let figures = figures(&[charged(weekend)], &[]);
        assert_eq!(figures.home.to_come_this_month, money(this_month), "{weekend:?}");
        assert_eq!(figures.upcoming[0].on, day(moves_on));
    }
}

#[test]
fn other_currencies_stand_apart() {
    let rows = [
        one(1, priced("INR 499.00", Some(Cycle::MONTHLY), "2026-05-20")),
        one(2, priced("USD 120.00", Some(Cycle::YEARLY), "2026-05-21")),
        one(3, priced("EUR 10.00", Some(cycle(2, Unit::Week)), "2026-06-21")),
    ];
    let payments = [payment(1, "GBP 5.00", "2026-05-02", PaymentState::Paid { on: day("2026-05-02") })];
    let figures = figures(&rows, &payments);
    assert_eq!(figures.home.per_month, money("INR 499.00"));
    let apart: Vec<_> =
        figures.others.iter().map(|t| (t.per_month, t.paid_this_month, t.to_come_this_month)).collect();
    assert_eq!(
        apart,
        [
            (money("EUR 21.74"), money("EUR 0.00"), money("EUR 0.00")),
            (money("GBP 0.00"), money("GBP 5.00"), money("GBP 0.00")),
            (money("USD 10.00"), money("USD 0.00"), money("USD 120.00")),
        ]
    );
}

#[test]
fn what_does_not_renew_is_in_no_total() {
    let running = one(1, priced("INR 499.00", Some(Cycle::MONTHLY), "2026-05-05"));
    let mut paused = running.clone();
    paused.pause().unwrap();
    let mut cancelled = running.clone();
    cancelled.cancel(None, day(TODAY)).unwrap();
    let mut ended = running.clone();
    ended.cancel(Some(day(TODAY)), day(TODAY)).unwrap();
    let trial = one(
        2,
        Proposal {
            trial_ends_on: Some(day("2026-05-19")),
            first_charge_on: None,
            ..priced("INR 99.00", Some(Cycle::MONTHLY), "2026-05-19")
        },
    );
    let once = one(3, priced("INR 9000.00", None, "2026-05-05"));
    let figures = figures(&[running, paused, cancelled, ended, trial, once], &[]);
    assert_eq!(figures.home.per_month, money("INR 499.00"));
    assert_eq!(figures.home.per_year, money("INR 5988.00"));
    assert_eq!(figures.counts, Counts { trial: 1, active: 2, paused: 1, cancelled: 1, ended: 1 });
    assert_eq!(figures.home.to_come_this_month, money("INR 99.00"), "the first charge after the trial");
    assert_eq!(
        figures.trials_ending,
        [TrialEnding {
            subscription: id(2),
            on: day("2026-05-19"),
            price: money("INR 99.00"),
            converted: None
        }]
    );
}

#[test]
fn paid_and_still_to_come_share_the_month_between_them() {
    let weekly = one(1, priced("INR 100.00", Some(Cycle::WEEKLY), "2026-05-04"));
    let paid =
        |number, due: &str, on: &str| payment(number, "INR 100.00", due, PaymentState::Paid { on: day(on) });
    let payments = [
        paid(1, "2026-05-04", "2026-05-04"),
        paid(2, "2026-04-27", "2026-05-01"),
        paid(3, "2026-04-20", "2026-04-20"),
        payment(4, "INR 7.00", "2026-05-06", PaymentState::Due),
        payment(5, "INR 11.00", "2026-04-06", PaymentState::Failed),
        payment(6, "INR 13.00", "2026-06-01", PaymentState::Due),
        payment(7, "INR 17.00", "2026-05-06", PaymentState::Skipped),
        payment(8, "INR 19.00", "2026-05-06", PaymentState::Refunded { paid_on: day("2026-05-06") }),
    ];
    let figures = figures(&[weekly], &payments);
    assert_eq!(figures.home.paid_this_month, money("INR 200.00"));
    // The weeks of the 11th, 18th and 25th, and what is owed.
    assert_eq!(figures.home.to_come_this_month, money("INR 318.00"));
}

#[test]
fn what_a_late_sweep_has_not_processed_is_still_to_come() {
    let made_on = day("2026-04-20");
    let weekly = priced("INR 100.00", Some(Cycle::WEEKLY), "2026-04-20").check(made_on).unwrap();
    let (asleep, _) = Subscription::create(weekly, birth(1, made_on), 100);
    assert_eq!(asleep.next_charge_on(), Some(day("2026-04-27")));
    // The weeks of the 4th, 11th, 18th and 25th. What was missed in April is no cost of May.
    assert_eq!(figures(&[asleep], &[]).home.to_come_this_month, money("INR 400.00"));
}

#[test]
fn the_next_30_days_are_in_order_and_bounded() {
    let rows = [
        one(1, priced("INR 20.00", Some(Cycle::WEEKLY), "2026-05-04")),
        one(2, priced("USD 1.00", Some(Cycle::MONTHLY), "2026-05-11")),
        one(
            3,
            Proposal {
                ends_on: Some(day("2026-05-20")),
                ..priced("INR 5.00", Some(Cycle::WEEKLY), "2026-05-05")
            },
        ),
        one(4, priced("INR 5.00", Some(Cycle::MONTHLY), "2026-06-10")),
    ];
    let bounded = Figures::on(day(TODAY), &no_rates(), &rows, &[], 4);
    let told: Vec<_> =
        bounded.upcoming.iter().map(|charge| (charge.on.to_string(), charge.subscription)).collect();
    let expected = [("2026-05-11", 1), ("2026-05-11", 2), ("2026-05-12", 3), ("2026-05-18", 1)];
    assert_eq!(told, expected.map(|(on, number)| (on.to_owned(), id(number))));
    // The third's 05-19; the first's 05-25, 06-01 and 06-08. The fourth's is a day too far.
    assert_eq!(bounded.upcoming_left_out, 4);
    let all = figures(&rows, &[]);
    assert_eq!((all.upcoming.len(), all.upcoming_left_out), (8, 0));
}

#[test]
fn a_planned_rise_is_in_what_is_to_come_and_not_yet_in_the_total() {
    let mut row = one(1, priced("INR 100.00", Some(Cycle::WEEKLY), "2026-05-04"));
    let rise = crate::domain::Amendment {
        price: Some(money("INR 150.00")),
        price_from: Some(day("2026-05-18")),
        ..Default::default()
    };
    row.edit(rise.check().unwrap(), day(TODAY)).unwrap();
    let figures = figures(&[row], &[]);
    assert_eq!(figures.home.to_come_this_month, money("INR 400.00"));
    assert_eq!(figures.home.per_month, money("INR 434.81"));
}

proptest! {
    #[test]
    fn totals_equal_the_sums_of_their_rows(prices in proptest::collection::vec((0_i64..1_000_000, 1_i64..60, 0_usize..4), 0..20)) {
        let rows: Vec<Subscription> = (1_u32..)
            .zip(prices)
            .map(|(number, (minor, every, unit))| {
                let unit = [Unit::Day, Unit::Week, Unit::Month, Unit::Year][unit];
                let price = Money::from_minor(minor, Currency::INR);
                one(number, Proposal { price, ..priced("INR 1.00", Some(cycle(every, unit)), "2026-05-08") })
            })
            .collect();
        let figures = figures(&rows, &[]);
        let sum = |row: fn(&Subscription) -> Option<Money>| {
            rows.iter().filter_map(row).map(Money::minor).sum::<i64>()
        };
        prop_assert_eq!(figures.home.per_month.minor(), sum(|row| row.monthly_equivalent(day(TODAY))));
        prop_assert_eq!(figures.home.per_year.minor(), sum(|row| row.yearly_equivalent(day(TODAY))));
        prop_assert!(figures.upcoming.is_sorted_by_key(|charge| charge.on));
    }
}

/// A dollar is 88 rupees since 4 May, and was 80 on the 1st; a euro 110 and 100. Of roubles there is no rate.
fn converter() -> Converter {
    let days = [
        crate::domain::testing::reference("2026-05-01", "USD 1.25 INR 100"),
        crate::domain::testing::reference("2026-05-04", "USD 1.25 INR 110"),
    ];
    Converter::new(Currency::INR, day(TODAY), std::sync::Arc::new(days.into_iter().collect()), vec![])
}

#[test]
fn what_has_a_rate_is_in_the_totals_and_what_has_none_stands_apart() {
    let rows = [
        one(1, priced("INR 499.00", Some(Cycle::MONTHLY), "2026-05-20")),
        one(2, priced("USD 120.00", Some(Cycle::YEARLY), "2026-05-21")),
        one(3, priced("RUB 100.00", Some(Cycle::MONTHLY), "2026-05-22")),
    ];
    let paid = |number, amount, on: &str| payment(number, amount, on, PaymentState::Paid { on: day(on) });
    let payments = [
        paid(1, "USD 10.00", "2026-05-02"),
        paid(2, "USD 10.00", "2026-05-06"),
        paid(3, "RUB 50.00", "2026-05-06"),
        payment(4, "EUR 1.00", "2026-05-02", PaymentState::Due),
    ];
    let figures = Figures::on(day(TODAY), &converter(), &rows, &payments, 100);
    let home = figures.home;
    // 10 dollars at 88, and 499 rupees.
    assert_eq!((home.per_month, home.per_year), (money("INR 1379.00"), money("INR 16548.00")));
    // 10 dollars at the 80 of the 1st, and 10 at the 88 of the 4th.
    assert_eq!(home.paid_this_month, money("INR 1680.00"));
    // 499 rupees, 120 dollars at today's rate, and a euro.
    assert_eq!(home.to_come_this_month, money("INR 11169.00"));
    let [roubles] = figures.others[..] else { panic!("{:?}", figures.others) };
    assert_eq!(
        (roubles.per_month, roubles.paid_this_month, roubles.to_come_this_month),
        (money("RUB 100.00"), money("RUB 50.00"), money("RUB 100.00"))
    );
    let shown: Vec<_> = figures.upcoming.iter().map(|charge| charge.converted).collect();
    assert_eq!(shown, [None, Some(money("INR 10560.00")), None]);
    assert!(figures.converted);
}

#[test]
fn a_payment_counts_as_what_it_was_kept_as() {
    let mut kept = payment(1, "USD 10.00", "2026-05-06", PaymentState::Paid { on: day("2026-05-06") });
    kept.converted = Some(crate::domain::Conversion {
        amount: money("INR 851.50"),
        rate: "85.15".into(),
        rate_on: day("2026-05-06"),
        source: crate::domain::RateSource::Own,
    });
    let figures = |payment: &Payment, converter: &Converter| {
        Figures::on(day(TODAY), converter, &[], std::slice::from_ref(payment), 1).home.paid_this_month
    };
    assert_eq!(figures(&kept, &converter()), money("INR 851.50"));
    // A household that counts in euros now does not take rupees for euros.
    let euros = Converter::new(
        Currency::EUR,
        day(TODAY),
        std::sync::Arc::new(
            [crate::domain::testing::reference("2026-05-04", "USD 1.25 INR 110")].into_iter().collect(),
        ),
        vec![],
    );
    assert_eq!(figures(&kept, &euros), money("EUR 8.00"));
}

#[test]
fn a_months_share_of_a_converted_price_is_rounded_once() {
    let row = one(1, priced("EUR 10.00", Some(cycle(2, Unit::Week)), "2026-06-21"));
    let figures = Figures::on(day(TODAY), &converter(), &[row], &[], 1);
    // 21.740625 euros at 110: not the 2391.40 of 21.74 rounded before.
    assert_eq!(figures.home.per_month, money("INR 2391.47"));
}

proptest! {
    /// The totals are the sums of the rows as they are shown, whatever currencies they are in.
    #[test]
    fn converted_totals_equal_the_sums_of_their_rows(
        prices in proptest::collection::vec((0_i64..1_000_000, 1_i64..60, 0_usize..4, 0_usize..4), 0..20),
    ) {
        let codes = ["INR", "USD", "EUR", "RUB"];
        let rows: Vec<Subscription> = (1_u32..)
            .zip(prices)
            .map(|(number, (minor, every, unit, code))| {
                let unit = [Unit::Day, Unit::Week, Unit::Month, Unit::Year][unit];
                let price = Money::from_minor(minor, codes[code].parse().unwrap());
                one(number, Proposal { price, ..priced("INR 1.00", Some(cycle(every, unit)), "2026-05-08") })
            })
            .collect();
        let converter = converter();
        let figures = Figures::on(day(TODAY), &converter, &rows, &[], 10_000);
        let shown = |row: &Subscription| equivalents_at_home(row, day(TODAY), &converter);
        let (months, years): (Vec<_>, Vec<_>) = rows.iter().filter_map(shown).unzip();
        let sum = |amounts: &[Money]| amounts.iter().map(|amount| amount.minor()).sum::<i64>();
        prop_assert_eq!(figures.home.per_month.minor(), sum(&months));
        prop_assert_eq!(figures.home.per_year.minor(), sum(&years));
        let apart: i64 = figures.others.iter().map(|totals| totals.per_month.minor()).sum();
        let roubles = rows.iter().filter(|row| row.prices.currency().code() == "RUB");
        prop_assert_eq!(apart, roubles.filter_map(|row| row.monthly_equivalent(day(TODAY))).map(Money::minor).sum::<i64>());
        for charge in &figures.upcoming {
            let abroad = ["USD", "EUR"].contains(&charge.amount.currency().code());
            prop_assert_eq!(charge.converted.is_some(), abroad);
        }
    }
}
