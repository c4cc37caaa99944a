mod confirming;
mod entering;
mod schedule;
mod undoing;

use jiff::civil::date;

use super::*;
use crate::domain::testing::{id, money};

const DUE: Date = date(2026, 5, 5);
const LATER: Date = date(2026, 5, 9);

fn payment(state: PaymentState) -> Payment {
    Payment {
        id: id(1),
        subscription: id(2),
        household: id(3),
        due_on: DUE,
        state,
        amount: money("INR 499.00"),
        source: PaymentSource::Renewal,
        extra: false,
        note: Notes::none(),
        expected: false,
        converted: None,
    }
}

#[test]
fn only_the_arrows_of_the_picture_exist() {
    let states = [
        PaymentState::Due,
        PaymentState::Paid { on: DUE },
        PaymentState::Failed,
        PaymentState::Skipped,
        PaymentState::Refunded { paid_on: DUE },
    ];
    let allowed = [
        (PaymentState::Due, PaymentState::Paid { on: LATER }),
        (PaymentState::Due, PaymentState::Skipped),
        (PaymentState::Failed, PaymentState::Paid { on: LATER }),
        (PaymentState::Failed, PaymentState::Skipped),
        (PaymentState::Paid { on: DUE }, PaymentState::Refunded { paid_on: DUE }),
        (PaymentState::Paid { on: DUE }, PaymentState::Failed),
    ];
    for from in states {
        for to in PaymentStatus::ALL {
            let mut moved = payment(from);
            let result = moved.become_status(to, LATER);
            let arrow = allowed.iter().find(|(start, end)| *start == from && end.status() == to);
            let expected = arrow.map_or(from, |(_, end)| *end);
            assert_eq!((result.is_ok(), moved), (arrow.is_some(), payment(expected)), "{from:?} {to:?}");
        }
    }
}

#[test]
fn a_refusal_is_a_sentence() {
    let refused = payment(PaymentState::Skipped).become_status(PaymentStatus::Paid, DUE);
    assert_eq!(refused.unwrap_err().to_string(), "A payment that is skipped cannot become paid.");
}

#[test]
fn words_and_columns_read_back() {
    for status in PaymentStatus::ALL {
        assert_eq!(status.as_str().parse(), Ok(status));
        let state = [None, Some(DUE)].map(|paid_on| PaymentState::stored(status, paid_on));
        let [without, with] = state;
        assert!(without.is_ok() != with.is_ok(), "{status:?} has a day or has none");
        let state = without.or(with).unwrap();
        assert_eq!(PaymentState::stored(state.status(), state.paid_on()), Ok(state));
    }
    for source in PaymentSource::ALL {
        assert_eq!(source.as_str().parse(), Ok(source));
    }
    let wrong = "lost".parse::<PaymentStatus>().unwrap_err();
    assert_eq!(wrong.to_string(), "must be one of due, paid, failed, skipped, refunded");
}

#[test]
fn what_is_told_of_it() {
    let told = payment(PaymentState::Paid { on: DUE }).recorded();
    assert_eq!((told.due_on, told.status.as_str()), (DUE, "paid"));
}

pub(super) fn entry(state: PaymentState) -> Entry {
    Entry {
        payment: payment(state),
        recorded_by: None,
        recorded_at: "2026-05-05T06:30:00Z".parse().unwrap(),
        changed_at: None,
        version: 1,
    }
}

pub(super) const STATES: [PaymentState; 5] = [
    PaymentState::Due,
    PaymentState::Paid { on: DUE },
    PaymentState::Failed,
    PaymentState::Skipped,
    PaymentState::Refunded { paid_on: DUE },
];

#[test]
fn what_it_can_become_is_what_its_page_offers() {
    use PaymentStatus::{Failed, Paid, Refunded, Skipped};
    let ways = STATES.map(|state| payment(state).ways());
    assert_eq!(ways, [vec![Paid, Skipped], vec![Failed, Refunded], vec![Paid, Skipped], vec![], vec![]]);
}
