use kernel::{Currency, Invalid, MemberId, Money};
use proptest::prelude::*;

use super::*;
use crate::domain::{
    Subscription,
    testing::{id, made, money, netflix},
};

fn members(numbers: &[u32]) -> Vec<MemberId> {
    numbers.iter().map(|number| id(*number)).collect()
}

fn weights(shares: &[(u32, u32)]) -> Sharing {
    let shares = shares.iter().map(|(number, weight)| (id(*number), *weight)).collect();
    Sharing { payer: Some(id(1)), shares: Some(Shares::Weights(shares)), ..Sharing::default() }
}

fn amounts(shares: &[(u32, i64)]) -> Sharing {
    let shares = shares.iter().map(|(number, amount)| (id(*number), *amount)).collect();
    Sharing { payer: Some(id(1)), shares: Some(Shares::Amounts(shares)), ..Sharing::default() }
}

fn parts(sharing: &Sharing, whole: &str, everybody: &[u32]) -> Vec<(MemberId, i64)> {
    let parts = sharing.parts(money(whole), &members(everybody));
    parts.into_iter().map(|(member, part)| (member, part.minor())).collect()
}

fn wrong(sharing: &Sharing) -> Vec<String> {
    let mut invalid = Invalid::new();
    sharing.check(&members(&[1, 2, 3]), money("INR 499.00"), &mut invalid);
    invalid.errors().iter().map(|error| error.pointer.clone()).collect()
}

#[test]
fn what_is_left_over_goes_to_the_first_a_minor_unit_each() {
    let minor = |whole: &str, weights: &[u64]| {
        split(money(whole), weights).iter().map(|part| part.minor()).collect::<Vec<_>>()
    };
    assert_eq!(minor("INR 499.00", &[1, 1, 1]), [16634, 16633, 16633]);
    assert_eq!(minor("JPY 100", &[1, 1, 1, 0, 1]), [25, 25, 25, 0, 25]);
    assert_eq!(minor("JPY 2", &[0, 1, 1, 1]), [0, 1, 1, 0]);
    assert_eq!(minor("KWD 1.250", &[60, 40]), [750, 500]);
    assert_eq!(minor("EUR 1.00", &[0, 0]), [100, 0]);
    assert_eq!(minor("EUR 1.00", &[]), [0_i64; 0]);
}

#[test]
fn it_belongs_to_those_who_share_it_else_to_its_payer_else_to_all() {
    assert_eq!(parts(&weights(&[(2, 2), (3, 1)]), "EUR 10.00", &[1, 2, 3]), [(id(2), 667), (id(3), 333)]);
    let paid = Sharing { payer: Some(id(2)), ..Sharing::default() };
    assert_eq!(parts(&paid, "EUR 10.00", &[1, 2, 3]), [(id(2), 1000)]);
    let all = parts(&Sharing::default(), "EUR 10.00", &[1, 2, 3]);
    assert_eq!(all, [(id(1), 334), (id(2), 333), (id(3), 333)]);
}

#[test]
fn of_fixed_amounts_the_payer_bears_the_rest() {
    let sharing = amounts(&[(2, 15_000), (3, 10_000)]);
    assert_eq!(parts(&sharing, "INR 499.00", &[]), [(id(2), 15000), (id(3), 10000), (id(1), 24900)]);
    // A price that has fallen below them is divided in proportion to them.
    assert_eq!(parts(&sharing, "INR 100.00", &[]), [(id(2), 6000), (id(3), 4000)]);
}

#[test]
fn what_makes_no_sense_is_named() {
    assert!(wrong(&weights(&[(1, 1), (2, 1)])).is_empty());
    assert!(wrong(&amounts(&[(2, 49_900)])).is_empty());
    assert_eq!(wrong(&amounts(&[(2, 49_901)])), ["/shares"]);
    assert_eq!(
        wrong(&weights(&[(1, 0), (9, 1), (1, 2)])),
        ["/shares/1/member_id", "/shares/2/member_id", "/shares/0/weight"]
    );
    assert_eq!(wrong(&weights(&[])), ["/shares"]);
    let nobody = Sharing { payer: None, ..amounts(&[(2, 1)]) };
    assert_eq!(wrong(&nobody), ["/payer_id"]);
    let secret = Sharing { private: true, ..weights(&[(1, 1)]) };
    assert_eq!(wrong(&secret), ["/private"]);
    assert_eq!(wrong(&Sharing { payer: Some(id(7)), ..Sharing::default() }), ["/payer_id"]);
}

#[test]
fn whoever_leaves_bears_nothing_more() {
    let left = weights(&[(1, 1), (2, 1)]).without(id(2));
    assert_eq!(left, weights(&[(1, 1)]));
    assert_eq!(weights(&[(2, 1)]).without(id(2)).shares, None);
    let payer_gone = weights(&[(2, 1), (3, 1)]).without(id(1));
    assert_eq!((payer_gone.payer, payer_gone.shares.is_some()), (None, true));
    assert_eq!(amounts(&[(2, 1)]).without(id(1)), Sharing::default());
}

#[test]
fn the_books_say_who_owes_whom() {
    let mut books = Books::default();
    // 1 paid 499.00 twice, shared by three; 2 paid 90.00 for 1 and 2.
    books.enter(&weights(&[(1, 1), (2, 1), (3, 1)]), money("INR 499.00"), 2);
    let other = Sharing { payer: Some(id(2)), ..weights(&[(1, 1), (2, 1)]) };
    books.enter(&other, money("INR 90.00"), 1);
    // From the common purse nobody owes anybody, and what is one's own is owed by nobody.
    books.enter(&Sharing { payer: None, ..weights(&[(1, 1), (2, 1)]) }, money("INR 10.00"), 1);
    books.enter(&Sharing { payer: Some(id(3)), ..Sharing::default() }, money("INR 10.00"), 1);
    let balances = books.balances();
    let (currency, standing, transfers) = &balances[0];
    assert_eq!((balances.len(), currency.code(), standing.len()), (1, "INR", 3));
    assert_eq!(standing[0].is_owed, money("INR 620.32"), "2 × 332.66 less 45.00");
    let told: Vec<_> = transfers.iter().map(|each| (each.from, each.to, each.amount)).collect();
    assert_eq!(told, [(id(3), id(1), money("INR 332.66")), (id(2), id(1), money("INR 287.66"))]);
    books.settle(id(3), id(1), money("INR 332.66"));
    books.settle(id(2), id(1), money("INR 287.66"));
    assert!(books.balances().is_empty());
}

#[test]
fn mine_is_my_part_of_every_price_and_payment() {
    let mut proposal = netflix();
    proposal.price = money("INR 499.00");
    let (mut subscription, _) = made(proposal, "2026-05-05");
    let everybody = members(&[1, 2, 3]);
    let mine = |subscription: &Subscription, number: u32| {
        let view = View::Mine { member: id(number), everybody: everybody.clone() };
        let shown = view.of_subscriptions(vec![subscription.clone()]);
        shown.first().map(|each| each.price_on(subscription.first_charge_on))
    };
    assert_eq!(mine(&subscription, 1), Some(money("INR 166.34")));
    subscription.share(weights(&[(2, 3), (3, 1)]));
    assert_eq!(
        [1, 2, 3].map(|number| mine(&subscription, number)),
        [None, Some(money("INR 374.25")), Some(money("INR 124.75"))]
    );
}

fn any_sharing() -> impl Strategy<Value = Sharing> {
    let payer = proptest::option::of(1_u32..=6);
    let weighted = proptest::collection::btree_map(1_u32..=6, 1_u32..=HEAVIEST, 1..=6)
        .prop_map(|shares| Shares::Weights(shares.into_iter().map(|(n, w)| (id(n), w)).collect()));
    let fixed = proptest::collection::btree_map(1_u32..=6, 0_i64..=1_000_000, 1..=6)
        .prop_map(|shares| Shares::Amounts(shares.into_iter().map(|(n, a)| (id(n), a)).collect()));
    let shares = proptest::option::of(prop_oneof![weighted, fixed]);
    (payer, shares).prop_map(|(payer, shares)| Sharing { private: false, payer: payer.map(id), shares })
}

proptest! {
    #[test]
    fn shares_summing_to_the_whole(sharing in any_sharing(), minor in 0_i64..=9_000_000_000_000) {
        let whole = Money::from_minor(minor, Currency::EUR);
        let everybody = members(&[1, 2, 3, 4, 5, 6]);
        let parts = sharing.parts(whole, &everybody);
        prop_assert_eq!(parts.iter().map(|(_, part)| part.minor()).sum::<i64>(), minor);
        prop_assert!(parts.iter().all(|(_, part)| part.minor() >= 0));
        let each: i64 =
            everybody.iter().map(|member| sharing.part_of(*member, whole, &everybody).minor()).sum();
        prop_assert_eq!(each, minor, "what everybody sees as theirs is all of it");
    }

    #[test]
    fn nobody_loses_a_minor_unit_by_settling_up(
        entries in proptest::collection::vec((any_sharing(), 0_i64..=1_000_000, 1_i64..=5), 0..20)
    ) {
        let mut books = Books::default();
        for (sharing, minor, times) in &entries {
            books.enter(sharing, Money::from_minor(*minor, Currency::EUR), *times);
        }
        for (_, standing, transfers) in books.balances() {
            prop_assert!(transfers.len() < standing.len());
            for transfer in transfers {
                books.settle(transfer.from, transfer.to, transfer.amount);
            }
        }
        prop_assert!(books.balances().is_empty());
    }
}
