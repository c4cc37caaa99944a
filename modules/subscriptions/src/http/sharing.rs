//! How shares look on the wire, and how they come in.

use kernel::{Invalid, MemberId, Money, MoneyText};
use serde::{Deserialize, Serialize};

use crate::domain::{AskedShares, Shares, Subscription};

/// What one member bears: by weight, or a fixed amount.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Share)]
pub(crate) struct ShareBody {
    member_id: MemberId,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Money>,
}

/// What one member is to bear: a `weight`, or a fixed `amount`, and all of a list in the same way.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareText {
    member_id: MemberId,
    /// In proportion to the others.
    #[schema(minimum = 1, maximum = 10000)]
    weight: Option<u32>,
    /// In the subscription's currency; the payer bears the rest.
    amount: Option<MoneyText>,
}

/// The shares of a subscription as they are shown.
pub(crate) fn shown(subscription: &Subscription) -> Option<Vec<ShareBody>> {
    let currency = subscription.prices.currency();
    subscription.sharing.shares.as_ref().map(|shares| match shares {
        Shares::Weights(shares) => shares
            .iter()
            .map(|(member, weight)| ShareBody { member_id: *member, weight: Some(*weight), amount: None })
            .collect(),
        Shares::Amounts(shares) => shares
            .iter()
            .map(|(member, amount)| ShareBody {
                member_id: *member,
                weight: None,
                amount: Some(Money::from_minor(*amount, currency)),
            })
            .collect(),
    })
}

/// What is asked for; notes in `invalid` what cannot be read.
pub(crate) fn read(shares: &[ShareText], invalid: &mut Invalid) -> AskedShares {
    let by_amount = shares.first().is_some_and(|first| first.amount.is_some());
    let (mut weights, mut amounts) = (Vec::new(), Vec::new());
    for (index, share) in shares.iter().enumerate() {
        let pointer = |member: &str| format!("/shares/{index}/{member}");
        match (share.weight, &share.amount) {
            (Some(weight), None) if !by_amount => weights.push((share.member_id, weight)),
            (None, Some(amount)) if by_amount => {
                let amount = amount.read(&pointer("amount"), invalid);
                amounts.extend(amount.map(|amount| (share.member_id, amount)));
            }
            (Some(_), _) if by_amount => {
                invalid.add(pointer("weight"), "the others have amounts: use one kind");
            }
            (_, Some(_)) => invalid.add(pointer("amount"), "the others have weights: use one kind"),
            (Some(_) | None, None) => {
                invalid.add(format!("/shares/{index}"), "needs a weight or an amount");
            }
        }
    }
    if by_amount { AskedShares::Amounts(amounts) } else { AskedShares::Weights(weights) }
}
