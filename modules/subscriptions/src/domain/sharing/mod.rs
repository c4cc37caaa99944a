//! Who pays a subscription, whose it is, and who owes whom.

mod books;
mod change;
mod given;
mod split;
#[cfg(test)]
mod tests;
mod view;

use kernel::{Currency, Invalid, MemberId, Money};
use serde::{Deserialize, Serialize};

pub use books::{Balance, Books, Transfer};
pub use change::{AskedShares, SharingChange};
pub use given::Given;
pub use split::split;
pub use view::View;

/// The most members that share one subscription.
const MOST: usize = 50;
/// The heaviest a share can weigh.
const HEAVIEST: u32 = 10_000;

/// How a price is divided. Never empty, nobody twice, as [`Sharing::check`] sees to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shares {
    /// In proportion to weights, in this order.
    Weights(Vec<(MemberId, u32)>),
    /// Fixed amounts, in minor units of the subscription's currency; the payer bears the rest.
    Amounts(Vec<(MemberId, i64)>),
}

impl Shares {
    /// Those who share, in order.
    pub fn members(&self) -> Vec<MemberId> {
        match self {
            Self::Weights(shares) => shares.iter().map(|(member, _)| *member).collect(),
            Self::Amounts(shares) => shares.iter().map(|(member, _)| *member).collect(),
        }
    }

    fn without(self, gone: MemberId) -> Option<Self> {
        let left = match self {
            Self::Weights(shares) => {
                Self::Weights(shares.into_iter().filter(|(id, _)| *id != gone).collect())
            }
            Self::Amounts(shares) => {
                Self::Amounts(shares.into_iter().filter(|(id, _)| *id != gone).collect())
            }
        };
        (!left.members().is_empty()).then_some(left)
    }
}

/// Who sees a subscription, who pays it, and whose it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sharing {
    /// Whether whoever added it alone sees and counts it.
    pub private: bool,
    /// Who pays; the household's common purse, owed by nobody to nobody, when `None`.
    pub payer: Option<MemberId>,
    /// How it is divided; when `None` it is the payer's own, or, paid from the common purse, everybody's equally.
    pub shares: Option<Shares>,
}

impl Sharing {
    /// Notes in `invalid` what makes no sense: shares of a private one, members who are none, fixed amounts that come
    /// to more than `price`.
    pub fn check(&self, members: &[MemberId], price: Money, invalid: &mut Invalid) {
        self.check_shape(members, invalid);
        if let Some(Shares::Amounts(shares)) = &self.shares {
            let sum: i128 = shares.iter().map(|(_, amount)| i128::from(*amount)).sum();
            if sum > i128::from(price.minor()) {
                invalid.add("/shares", "come to more than the price");
            }
        }
    }

    /// The same whatever the price is: it may have fallen since this was agreed.
    pub fn check_shape(&self, members: &[MemberId], invalid: &mut Invalid) {
        if self.private && (self.payer.is_some() || self.shares.is_some()) {
            invalid.add("/private", "is for what is shared with nobody: take the payer and the shares away");
        }
        if self.payer.is_some_and(|payer| !members.contains(&payer)) {
            invalid.add("/payer_id", "must be a member of your household");
        }
        let Some(shares) = &self.shares else { return };
        let sharing = shares.members();
        if sharing.is_empty() || sharing.len() > MOST {
            invalid.add("/shares", "must name 1 to 50 members, or be null");
        }
        for (index, member) in sharing.iter().enumerate() {
            let pointer = || format!("/shares/{index}/member_id");
            if !members.contains(member) {
                invalid.add(pointer(), "must be a member of your household");
            } else if sharing.iter().take(index).any(|before| before == member) {
                invalid.add(pointer(), "is named twice");
            }
        }
        self.check_parts(shares, invalid);
    }

    fn check_parts(&self, shares: &Shares, invalid: &mut Invalid) {
        match shares {
            Shares::Weights(shares) => {
                for (index, (_, weight)) in shares.iter().enumerate() {
                    if !(1..=HEAVIEST).contains(weight) {
                        invalid
                            .add(format!("/shares/{index}/weight"), format!("must be from 1 to {HEAVIEST}"));
                    }
                }
            }
            Shares::Amounts(_) => {
                if self.payer.is_none() {
                    invalid.add("/payer_id", "is needed with fixed amounts: the payer bears the rest");
                }
            }
        }
    }

    /// The same without a member who has left. What only made sense with them is taken away whole: fixed amounts of
    /// which they bore the rest, or shares that nobody is left of.
    #[must_use]
    pub fn without(self, gone: MemberId) -> Self {
        let paid_by_them = self.payer == Some(gone);
        let shares = match self.shares {
            Some(Shares::Amounts(_)) if paid_by_them => None,
            shares => shares.and_then(|shares| shares.without(gone)),
        };
        Self { payer: self.payer.filter(|_| !paid_by_them), shares, ..self }
    }

    /// Whether a member pays or shares it.
    pub fn names(&self, member: MemberId) -> bool {
        self.payer == Some(member)
            || self.shares.as_ref().is_some_and(|shares| shares.members().contains(&member))
    }

    /// What each bears of `whole`; always the whole of it together. `everybody` are those who belong to the household,
    /// in the order in which they joined; without any, and without a payer or shares, nobody bears anything.
    pub fn parts(&self, whole: Money, everybody: &[MemberId]) -> Vec<(MemberId, Money)> {
        match (&self.shares, self.payer) {
            (Some(Shares::Weights(shares)), _) => {
                let weights: Vec<u64> = shares.iter().map(|(_, weight)| u64::from(*weight)).collect();
                let members = shares.iter().map(|(member, _)| *member);
                members.zip(split(whole, &weights)).collect()
            }
            (Some(Shares::Amounts(shares)), payer) => fixed(whole, shares, payer),
            (None, Some(payer)) => vec![(payer, whole)],
            (None, None) => {
                let parts = split(whole, &vec![1; everybody.len()]);
                everybody.iter().copied().zip(parts).collect()
            }
        }
    }

    /// What one of them bears of `whole`.
    pub fn part_of(&self, member: MemberId, whole: Money, everybody: &[MemberId]) -> Money {
        let zero = Money::zero(whole.currency());
        let parts = self.parts(whole, everybody).into_iter().filter(|(each, _)| *each == member);
        parts.fold(zero, |sum, (_, part)| sum.checked_add(part).unwrap_or(sum))
    }
}

/// Fixed amounts, and the payer's rest. Where they come to more than the whole, as when a price has fallen, the whole
/// is divided in proportion to them.
fn fixed(whole: Money, shares: &[(MemberId, i64)], payer: Option<MemberId>) -> Vec<(MemberId, Money)> {
    let currency: Currency = whole.currency();
    let sum: i128 = shares.iter().map(|(_, amount)| i128::from(*amount)).sum();
    let rest = i128::from(whole.minor()) - sum;
    match (i64::try_from(rest), payer) {
        (Ok(rest), Some(payer)) if rest >= 0 => {
            let parts = shares.iter().map(|(member, amount)| (*member, Money::from_minor(*amount, currency)));
            parts.chain([(payer, Money::from_minor(rest, currency))]).collect()
        }
        _ => {
            let weights: Vec<u64> =
                shares.iter().map(|(_, amount)| u64::try_from(*amount).unwrap_or(0)).collect();
            shares.iter().map(|(member, _)| *member).zip(split(whole, &weights)).collect()
        }
    }
}
