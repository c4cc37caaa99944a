//! Who pays something and how it is divided, with members by their numbers.

use kernel::{Currency, Invalid, MemberId, Money};
use serde::{Deserialize, Serialize};

use super::{Restored, refs::Refs};
use crate::domain::{Shares, Sharing};

/// Who pays, and whose it is. Neither weights nor amounts: it is the payer's own, or, paid from the common purse,
/// everybody's equally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedSharing {
    /// The `ref` of who pays; `null` is the common purse.
    pub payer: Option<u32>,
    /// Who shares it in proportion to what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Vec<ExportedWeight>>,
    /// Who bears fixed amounts; the payer bears the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amounts: Option<Vec<ExportedAmount>>,
}

/// A share by weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedWeight {
    /// The `ref` of who bears it.
    pub member: u32,
    /// From 1 to 10,000.
    pub weight: u32,
}

/// A share by amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedAmount {
    /// The `ref` of who bears it.
    pub member: u32,
    /// A decimal with the currency's digits.
    pub amount: String,
}

impl ExportedSharing {
    /// Nothing where it is shared as it is without anybody's doing.
    pub(super) fn of(sharing: &Sharing, currency: Currency, refs: &Refs) -> Option<Self> {
        let plain = sharing.payer.is_none() && sharing.shares.is_none();
        (!plain).then(|| Self::whole(sharing, currency, refs))
    }

    pub(super) fn whole(sharing: &Sharing, currency: Currency, refs: &Refs) -> Self {
        let known = |id: &MemberId| refs.member(*id);
        let weights = match &sharing.shares {
            Some(Shares::Weights(shares)) => {
                let shares = shares.iter();
                let weights = shares.filter_map(|(id, weight)| Some((known(id)?, *weight)));
                Some(weights.map(|(member, weight)| ExportedWeight { member, weight }).collect())
            }
            Some(Shares::Amounts(_)) | None => None,
        };
        let amounts = match &sharing.shares {
            Some(Shares::Amounts(shares)) => {
                let text = |minor| Money::from_minor(minor, currency).amount_text();
                let shares = shares.iter();
                let amounts = shares.filter_map(|(id, minor)| Some((known(id)?, text(*minor))));
                Some(amounts.map(|(member, amount)| ExportedAmount { member, amount }).collect())
            }
            Some(Shares::Weights(_)) | None => None,
        };
        Self { payer: sharing.payer.as_ref().and_then(known), weights, amounts }
    }

    /// The members whom it names, by their numbers.
    pub(super) fn members(&self) -> impl Iterator<Item = u32> {
        let weights = self.weights.iter().flatten().map(|share| share.member);
        let amounts = self.amounts.iter().flatten().map(|share| share.member);
        self.payer.into_iter().chain(weights).chain(amounts)
    }

    pub(super) fn restore(
        &self,
        currency: Currency,
        owner: &Restored<'_>,
        pointer: &str,
        invalid: &mut Invalid,
    ) -> Sharing {
        let payer = self.payer.and_then(|payer| owner.member(payer, &format!("{pointer}/payer"), invalid));
        let shares = match (&self.weights, &self.amounts) {
            (None, None) => None,
            (Some(weights), None) => {
                let mut shares = Vec::with_capacity(weights.len());
                for (number, share) in weights.iter().enumerate() {
                    let pointer = format!("{pointer}/weights/{number}/member");
                    shares.extend(owner.member(share.member, &pointer, invalid).map(|id| (id, share.weight)));
                }
                Some(Shares::Weights(shares))
            }
            (None, Some(amounts)) => {
                let mut shares = Vec::with_capacity(amounts.len());
                for (number, share) in amounts.iter().enumerate() {
                    let pointer = format!("{pointer}/amounts/{number}");
                    let id = owner.member(share.member, &format!("{pointer}/member"), invalid);
                    let amount =
                        invalid.check(format!("{pointer}/amount"), Money::parse(&share.amount, currency));
                    shares.extend(id.zip(amount).map(|(id, amount)| (id, amount.minor())));
                }
                Some(Shares::Amounts(shares))
            }
            (Some(_), Some(_)) => {
                invalid.add(pointer, "give either weights or amounts");
                None
            }
        };
        Sharing { private: false, payer, shares }
    }
}
