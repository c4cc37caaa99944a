use std::collections::HashMap;

use contracts::subscriptions::Status;
use kernel::{Currency, Cycle, Money, SubscriptionId, Unit};
use proptest::prelude::*;

use super::*;
use crate::domain::{
    Category, CategoryChoice, Converter, Payment, PriceStep, Proposal, Subscription, Sum,
    testing::{any_cycle, any_date, cycle, day, id, money, netflix},
};

const TODAY: &str = "2026-05-05";

fn rupees() -> Converter {
    Converter::of_one(Currency::INR, day(TODAY))
}

/// Made from `proposal` with an id of its own.
fn numbered(number: u32, proposal: Proposal, today: &str) -> (Subscription, Vec<Payment>) {
    let today = day(today);
    let birth = crate::domain::testing::birth(number, today);
    let (subscription, advance) = Subscription::create(proposal.check(today).unwrap(), birth, 10_000);
    let payments = (number * 1_000..).zip(&advance.charges);
    let payments = payments.map(|(number, charge)| charge.payment(id(number), &subscription)).collect();
    (subscription, payments)
}

fn spent(subscription: u32, month: &str, amount: &str, at_home: Option<&str>) -> Spent {
    Spent {
        subscription: id(subscription),
        member: None,
        month: day(month),
        payments: 1,
        amount: money(amount),
        at_home: at_home.map(money),
    }
}

fn known(all: Vec<Subscription>) -> HashMap<SubscriptionId, Subscription> {
    all.into_iter().map(|each| (each.id, each)).collect()
}

#[test]
fn groups_add_up_to_the_whole_and_empty_months_are_shown() {
    let music = Proposal { category: Some("music".into()), ..netflix() };
    let subscriptions = known(vec![numbered(1, netflix(), TODAY).0, numbered(2, music, TODAY).0]);
    let rows = [
        spent(1, "2026-03-01", "INR 499.00", Some("INR 499.00")),
        spent(1, "2026-05-01", "INR 499.00", Some("INR 499.00")),
        spent(2, "2026-05-01", "USD 9.99", Some("INR 829.17")),
        spent(2, "2026-05-01", "KWD 1.250", None),
    ];
    let months = months_from(day("2026-03-01"), 3);
    let of = |by| Spending::of(by, &rows, &subscriptions, &months, Currency::INR);
    let by_month = of(By::Month);
    let shown: Vec<_> =
        by_month.groups.iter().map(|group| (group.key, group.sum.home(), group.payments)).collect();
    assert_eq!(
        shown,
        [
            (Key::Month(day("2026-03-01")), money("INR 499.00"), 1),
            (Key::Month(day("2026-04-01")), money("INR 0.00"), 0),
            (Key::Month(day("2026-05-01")), money("INR 1328.17"), 3),
        ]
    );
    let by_category = of(By::Category);
    let keys: Vec<_> = by_category.groups.iter().map(|group| group.key).collect();
    let own = |category| Key::Category(CategoryChoice::BuiltIn(category));
    assert_eq!(keys, [own(Category::Entertainment), own(Category::Music)]);
    for spending in [by_month, by_category, of(By::PaymentMethod), of(By::Subscription)] {
        let mut sum = Sum::nothing(Currency::INR);
        spending.groups.iter().for_each(|group| sum.extend(&group.sum));
        assert_eq!(sum, spending.total);
        assert_eq!(spending.payments, 4);
        assert_eq!(spending.total.apart().collect::<Vec<_>>(), [money("KWD 1.250")]);
    }
}

#[test]
fn the_forecast_has_every_charge_in_its_month() {
    let end_of_month = Proposal { first_charge_on: Some(day("2026-01-31")), ..netflix() };
    let yearly =
        Proposal { cycle: Some(Cycle::YEARLY), first_charge_on: Some(day("2026-02-28")), ..netflix() };
    let all = [numbered(1, end_of_month, TODAY).0, numbered(2, yearly, TODAY).0];
    let mut rows = Vec::new();
    let months = forecast(day(TODAY), 12, &all, &rupees(), |row| rows.push(row));
    assert_eq!(months.len(), 12);
    assert_eq!((months[0].month, months[11].month), (day("2026-05-01"), day("2027-04-01")));
    let charges: Vec<_> = months.iter().map(|month| month.charges).collect();
    assert_eq!(charges, [1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1]);
    assert_eq!(months[9].sum.home(), money("INR 998.00"));
    let mut sum = Sum::nothing(Currency::INR);
    rows.iter().for_each(|row| sum.add(row.amount, row.at_home));
    let mut in_all = Sum::nothing(Currency::INR);
    months.iter().for_each(|month| in_all.extend(&month.sum));
    assert_eq!(sum, in_all);
}

fn risen(steps: &[(&str, &str)]) -> Subscription {
    let (mut subscription, _) = numbered(1, netflix(), "2025-01-05");
    for (from, price) in steps {
        let step = PriceStep { from: day(from), price: money(price) };
        let change = crate::domain::Amendment {
            price: Some(step.price),
            price_from: Some(step.from),
            ..crate::domain::Amendment::default()
        };
        subscription.edit(change.check().unwrap(), day("2025-01-05")).unwrap();
    }
    subscription
}

#[test]
fn a_rise_says_what_it_costs_a_year() {
    let one = risen(&[
        ("2025-02-05", "INR 599.00"),
        ("2026-03-05", "INR 649.00"),
        ("2026-06-05", "INR 600.00"),
        ("2026-08-05", "INR 700.00"),
    ]);
    let found = rises(day(TODAY), std::slice::from_ref(&one), &rupees());
    let shown: Vec<_> = found.iter().map(|rise| (rise.from, rise.before, rise.after, rise.a_year)).collect();
    assert_eq!(
        shown,
        [
            (day("2026-08-05"), money("INR 600.00"), money("INR 700.00"), money("INR 1200.00")),
            (day("2026-03-05"), money("INR 599.00"), money("INR 649.00"), money("INR 600.00")),
        ]
    );
}

#[test]
fn the_end_of_a_trial_is_no_rise() {
    let trial = Proposal { trial_ends_on: Some(day("2026-05-19")), ..netflix() };
    assert_eq!(rises(day(TODAY), &[numbered(1, trial, TODAY).0], &rupees()), []);
}

#[test]
fn what_was_cancelled_saves_each_charge_since() {
    let (mut subscription, _) = numbered(1, netflix(), "2026-01-05");
    subscription.cancel(None, day("2026-01-10")).unwrap();
    subscription.advance(day(TODAY), 100);
    let found = saved(day(TODAY), std::slice::from_ref(&subscription), &rupees());
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].since, found[0].charges), (day("2026-02-05"), 4));
    assert_eq!(found[0].amount, money("INR 1996.00"));
    let (running, _) = numbered(2, netflix(), TODAY);
    let ran_out = Proposal { charges_left: Some(1), ..netflix() };
    let (mut over, _) = numbered(3, ran_out, "2026-01-05");
    over.advance(day(TODAY), 100);
    assert_eq!(over.status, Status::Ended);
    // A course that was to end on a day from the start, and did.
    let course = Proposal { ends_on: Some(day("2026-03-05")), ..netflix() };
    let (mut course, _) = numbered(4, course, "2026-01-05");
    course.advance(day(TODAY), 100);
    assert_eq!((course.status, course.cancelled_on), (Status::Ended, None));
    assert_eq!(saved(day(TODAY), &[running, over, course], &rupees()), []);
    subscription.reactivate(day(TODAY)).unwrap();
    assert_eq!(subscription.cancelled_on, None);
}

#[test]
fn two_of_a_service_and_what_comes_with_another_are_found() {
    let named = |name: &str, service: Option<&str>| Proposal {
        name: name.into(),
        service: service.map(str::to_owned),
        ..netflix()
    };
    let all = [
        numbered(1, named("Netflix", Some("netflix")), TODAY).0,
        numbered(2, named("Netflix family", Some("netflix")), TODAY).0,
        numbered(3, named("YouTube Premium", Some("youtube-premium")), TODAY).0,
        numbered(4, named("YouTube Music", Some("youtube-music")), TODAY).0,
        numbered(5, named("Gym", None), TODAY).0,
        numbered(6, named("gym", None), TODAY).0,
        numbered(7, named("Newspaper", None), TODAY).0,
    ];
    let parts = |service: &str| (service == "youtube-premium").then_some("youtube-music");
    let mut found: Vec<_> = overlaps(day(TODAY), &all, &rupees(), parts)
        .into_iter()
        .map(|overlap| (overlap.keep, overlap.spare, overlap.kind))
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            (id(1), id(2), OverlapKind::Duplicate),
            (id(3), id(4), OverlapKind::Included),
            (id(5), id(6), OverlapKind::Duplicate),
        ]
    );
}

/// A thousand alike are named 999 times, not half a million.
#[test]
fn of_many_alike_each_is_spare_once() {
    let named = |number: u32, name: &str, service: Option<&str>| {
        let one = Proposal { name: name.into(), service: service.map(str::to_owned), ..netflix() };
        numbered(number, one, TODAY).0
    };
    let all = [
        named(1, "Netflix", Some("netflix")),
        named(2, "Our allotment", Some("spotify")),
        named(3, "Netflix", Some("netflix")),
        named(4, "Netflix", Some("netflix")),
        named(5, "our allotment", None),
        named(6, "Our allotment", Some("disney-plus")),
        named(7, "OUR-ALLOTMENT", None),
    ];
    let found = overlaps(day(TODAY), &all, &rupees(), |_| None);
    let pairs: Vec<_> = found.iter().map(|overlap| (overlap.keep, overlap.spare)).collect();
    assert_eq!(
        pairs,
        [(id(1), id(3)), (id(1), id(4)), (id(2), id(5)), (id(5), id(6)), (id(2), id(7))],
        "two known services are never doubles of one another by their name"
    );
    assert!(found.iter().all(|overlap| overlap.kind == OverlapKind::Duplicate));
}

#[test]
fn trials_and_terms_are_announced() {
    let trial = Proposal { trial_ends_on: Some(day("2026-05-19")), ..netflix() };
    let later = Proposal { trial_ends_on: Some(day("2026-09-19")), ..netflix() };
    let found = notices(day(TODAY), 60, &[numbered(1, trial, TODAY).0, numbered(2, later, TODAY).0]);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].on, found[0].kind, found[0].price),
        (day("2026-05-19"), NoticeKind::Trial, money("INR 499.00"))
    );
}

#[test]
fn a_calendar_has_what_was_paid_and_what_is_to_come_once() {
    let (subscription, payments) =
        numbered(1, Proposal { cycle: Some(cycle(1, Unit::Week)), ..netflix() }, TODAY);
    let range = day("2026-05-01")..=day("2026-05-31");
    let found = calendar(day(TODAY), &range, &[subscription], &payments, &rupees(), 3);
    assert_eq!(found.entries.len(), 3);
    assert_eq!(found.left_out, 1);
    assert!(matches!(found.entries[0].what, Happening::Payment { .. }));
    assert_eq!(found.entries[1].what, Happening::Charge);
    assert_eq!(found.sum.home(), money("INR 1996.00"));
}

proptest! {
    /// Any range is the sum of its days, and no charge date is in it twice.
    #[test]
    fn a_range_is_the_sum_of_its_parts(
        anchor in any_date(),
        cycle in any_cycle(),
        length in 0_i64..400,
        cut in 0_i64..400,
    ) {
        let today = anchor.saturating_add(10.days());
        let proposal = Proposal { cycle: Some(cycle), first_charge_on: Some(anchor), ..netflix() };
        let (subscription, payments) = numbered(1, proposal, &today.to_string());
        let all = [subscription];
        let last = anchor.saturating_add(length.days());
        let middle = anchor.saturating_add(cut.min(length).days());
        let of = |first, last| calendar(today, &(first..=last), &all, &payments, &rupees(), 10_000);
        let whole = of(anchor, last);
        let (before, after) = (of(anchor, middle), of(middle.saturating_add(1.day()), last));
        prop_assert_eq!(whole.entries.len(), before.entries.len() + after.entries.len());
        let mut sum = before.sum;
        sum.extend(&after.sum);
        prop_assert_eq!(&whole.sum, &sum);
        let mut dates: Vec<_> = whole.entries.iter().map(|entry| entry.on).collect();
        let count = dates.len();
        dates.dedup();
        prop_assert_eq!(count, dates.len());
        let mut rows = Money::zero(Currency::INR);
        for entry in &whole.entries {
            rows = rows.checked_add(entry.amount.unwrap()).unwrap();
        }
        prop_assert_eq!(rows, whole.sum.home());
    }
}
