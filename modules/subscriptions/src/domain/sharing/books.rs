//! Who owes whom.

use std::collections::BTreeMap;

use kernel::{Currency, MemberId, Money};

use super::Sharing;

/// What members paid for one another and gave one another, a currency at a time. Currencies are never added.
#[derive(Debug, Clone, Default)]
pub struct Books {
    /// By currency and member: above nought is owed to them, below is owed by them.
    net: BTreeMap<&'static str, (Currency, BTreeMap<MemberId, i128>)>,
}

/// How one member stands in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// Who.
    pub member: MemberId,
    /// What is owed to them.
    pub is_owed: Money,
    /// What they owe.
    pub owes: Money,
}

/// What one member could give another, so that all are even.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// Who gives.
    pub from: MemberId,
    /// Who gets.
    pub to: MemberId,
    /// How much.
    pub amount: Money,
}

impl Books {
    /// `times` payments of `amount`, shared like that: those who share owe the payer their parts.
    pub fn enter(&mut self, sharing: &Sharing, amount: Money, times: i64) {
        let (Some(payer), Some(_)) = (sharing.payer, &sharing.shares) else { return };
        for (member, part) in sharing.parts(amount, &[]) {
            self.give(payer, member, part, times);
        }
    }

    /// `from` gave `to` that much.
    pub fn settle(&mut self, from: MemberId, to: MemberId, amount: Money) {
        self.give(from, to, amount, 1);
    }

    fn give(&mut self, from: MemberId, to: MemberId, amount: Money, times: i64) {
        if from == to {
            return;
        }
        let currency = amount.currency();
        let sum = i128::from(amount.minor()) * i128::from(times);
        let (_, net) = self.net.entry(currency.code()).or_insert_with(|| (currency, BTreeMap::new()));
        *net.entry(from).or_default() += sum;
        *net.entry(to).or_default() -= sum;
    }

    /// Each currency in which somebody owes something, with how everybody stands and how all become even.
    pub fn balances(&self) -> Vec<(Currency, Vec<Balance>, Vec<Transfer>)> {
        let open = self.net.values().filter(|(_, net)| net.values().any(|sum| *sum != 0));
        open.map(|(currency, net)| (*currency, standing(*currency, net), transfers(*currency, net))).collect()
    }
}

fn money(minor: i128, currency: Currency) -> Money {
    Money::from_minor(i64::try_from(minor).unwrap_or(i64::MAX), currency)
}

fn standing(currency: Currency, net: &BTreeMap<MemberId, i128>) -> Vec<Balance> {
    let uneven = net.iter().filter(|(_, sum)| **sum != 0);
    let balance = |(member, sum): (&MemberId, &i128)| Balance {
        member: *member,
        is_owed: money((*sum).max(0), currency),
        owes: money((-*sum).max(0), currency),
    };
    uneven.map(balance).collect()
}

/// Whoever owes most gives to whomever most is owed, until nobody owes anything: at most one transfer fewer than there
/// are members who are not even.
fn transfers(currency: Currency, net: &BTreeMap<MemberId, i128>) -> Vec<Transfer> {
    let mut net: Vec<(MemberId, i128)> = net.iter().map(|(member, sum)| (*member, *sum)).collect();
    let mut transfers = Vec::new();
    for _ in 0..net.len() {
        net.sort_by_key(|(member, sum)| (*sum, *member));
        let (Some((from, owes)), Some((to, is_owed))) = (net.first().copied(), net.last().copied()) else {
            break;
        };
        let amount = (-owes).min(is_owed);
        if amount <= 0 {
            break;
        }
        transfers.push(Transfer { from, to, amount: money(amount, currency) });
        for (member, sum) in &mut net {
            if *member == from {
                *sum += amount;
            } else if *member == to {
                *sum -= amount;
            }
        }
    }
    transfers
}
