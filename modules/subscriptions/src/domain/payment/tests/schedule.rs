//! However it is paid, the schedule stays where it is.

use std::collections::BTreeMap;

use contracts::subscriptions::Status;
use jiff::{ToSpan, civil::Date};
use proptest::prelude::*;

use crate::domain::{
    ByHand, MonthEnd, Payment, PaymentSource, PaymentStatus, Proposal, Schedule, Subscription,
    testing::{any_month_end, birth, cycle, day, id, made, netflix},
};

const START: Date = jiff::civil::date(2026, 1, 29);

#[derive(Debug, Clone)]
enum Step {
    /// Days pass.
    Pass(i64),
    /// The charge so many dates ahead is paid.
    Ahead(usize),
    /// One that is in the ledger becomes something else.
    Become(usize, PaymentStatus),
    /// One that was paid ahead is taken away again.
    Remove(usize),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_i64..50).prop_map(Step::Pass),
        4 => (0_usize..4).prop_map(Step::Ahead),
        3 => (any::<usize>(), proptest::sample::select(PaymentStatus::ALL.to_vec()))
            .prop_map(|(which, to)| Step::Become(which, to)),
        2 => any::<usize>().prop_map(Step::Remove),
    ]
}

fn by_hand(due_on: Date) -> ByHand {
    ByHand {
        due_on: Some(due_on),
        extra: false,
        paid_on: None,
        amount: None,
        note: String::new(),
        source: PaymentSource::Manual,
    }
}

/// The ledger, which has one row a charge date.
type Rows = BTreeMap<Date, Payment>;

fn pass(it: &mut Subscription, rows: &mut Rows, today: Date) {
    for charge in it.advance(today, usize::MAX).charges {
        let before = rows.insert(charge.due_on, charge.payment(id(1), it));
        assert_eq!(before, None, "a second payment of {}", charge.due_on);
    }
}

proptest! {
    #[test]
    fn any_order_of_early_and_late_payments_never_moves_the_schedule(
        unit in proptest::sample::select(vec![kernel::Unit::Day, kernel::Unit::Week, kernel::Unit::Month]),
        every in 1_i64..12,
        month_end in any_month_end(),
        auto_renew in any::<bool>(),
        steps in proptest::collection::vec(any_step(), 0..30),
    ) {
        let cycle = cycle(every, unit);
        let proposal = Proposal { cycle: Some(cycle), month_end, auto_renew, ..netflix() };
        let (mut it, created) = Subscription::create(proposal.check(START).unwrap(), birth(1, START), usize::MAX);
        let mut rows: Rows =
            created.charges.iter().map(|charge| (charge.due_on, charge.payment(id(1), &it))).collect();
        let mut today = START;
        for step in steps {
            match step {
                Step::Pass(days) => {
                    today += days.days();
                    pass(&mut it, &mut rows, today);
                }
                Step::Ahead(which) => {
                    let date = it.charges_from(today).nth(which).unwrap().0;
                    // Years ahead it is refused.
                    if let Ok(payment) = by_hand(date).payment(id(2), &it, today) {
                        it.settle_ahead(date);
                        prop_assert_eq!(rows.insert(date, payment), None);
                    }
                }
                Step::Become(which, to) => {
                    let at = which % rows.len().max(1);
                    if let Some(row) = rows.values_mut().nth(at) {
                        let _ = row.become_status(to, today);
                    }
                }
                Step::Remove(which) => {
                    let ahead: Vec<Date> = rows.range(it.open_from..).map(|(date, _)| *date).collect();
                    if let Some(date) = ahead.get(which % ahead.len().max(1)) {
                        rows.remove(date);
                        it.unsettle(*date);
                    }
                }
            }
            let known: Vec<Date> = rows.range(it.open_from..).map(|(date, _)| *date).collect();
            prop_assert_eq!(&it.settled_ahead, &known, "what the store reads back");
            let next = it.schedule().dates_from(today.tomorrow().unwrap()).find(|date| !rows.contains_key(date));
            prop_assert_eq!(it.next_charge_on(), next);
        }
        let schedule = Schedule::new(START, Some(cycle), month_end);
        prop_assert_eq!(it.schedule(), schedule);
        let passed: Vec<Date> = schedule.dates_from(START).take_while(|date| *date <= today).collect();
        let recorded: Vec<Date> = rows.range(..=today).map(|(date, _)| *date).collect();
        prop_assert_eq!(recorded, passed, "one payment a charge date");
    }
}

#[test]
fn a_charge_that_is_paid_ahead_is_not_charged_on_its_day() {
    let (mut it, _) = made(netflix(), "2026-01-31");
    it.settle_ahead(day("2026-02-28"));
    assert_eq!(it.next_charge_on(), Some(day("2026-03-31")));
    assert_eq!(it.wakes_on(), Some(day("2026-02-28")), "the day still passes");
    let advance = it.advance(day("2026-03-31"), 10);
    assert_eq!(advance.charges.iter().map(|charge| charge.due_on).collect::<Vec<_>>(), [day("2026-03-31")]);
    assert!(it.settled_ahead.is_empty());
}

#[test]
fn a_trial_whose_first_charge_is_paid_ahead_still_ends_on_its_day() {
    let trial = Proposal { trial_ends_on: Some(day("2026-05-19")), ..netflix() };
    let (mut it, _) = made(trial, "2026-05-05");
    it.settle_ahead(day("2026-05-19"));
    it.advance(day("2026-05-18"), 10);
    assert_eq!(it.status, Status::Trial);
    assert!(it.advance(day("2026-05-19"), 10).charges.is_empty());
    assert_eq!((it.status, it.next_charge_on()), (Status::Active, Some(day("2026-06-19"))));
}

#[test]
fn what_is_paid_ahead_may_be_used_to_the_end_of_it() {
    let (mut it, _) = made(netflix(), "2026-05-05");
    it.settle_ahead(day("2026-06-05"));
    it.cancel(None, day("2026-05-10")).unwrap();
    assert_eq!(it.ends_on, Some(day("2026-07-05")));
}

#[test]
fn an_edit_that_moves_the_schedule_leaves_a_payment_ahead_where_it_is() {
    let (mut it, _) = made(Proposal { month_end: MonthEnd::AnchorDay, ..netflix() }, "2026-05-05");
    it.settle_ahead(day("2026-06-05"));
    let moved = crate::domain::Amendment {
        first_charge_on: Some(day("2026-05-20")),
        ..crate::domain::Amendment::default()
    };
    it.edit(moved.check().unwrap(), day("2026-05-10")).unwrap();
    assert_eq!(it.next_charge_on(), Some(day("2026-05-20")));
}
