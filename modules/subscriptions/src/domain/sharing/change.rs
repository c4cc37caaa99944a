//! Another way to share, as it was asked for.

use kernel::{Currency, Invalid, MemberId, Money};

use super::{Shares, Sharing};

/// How somebody asks for a price to be divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedShares {
    /// By weights.
    Weights(Vec<(MemberId, u32)>),
    /// By fixed amounts.
    Amounts(Vec<(MemberId, Money)>),
}

/// What to change about the sharing; what is `None` stays, an inner `None` takes away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SharingChange {
    /// Whether whoever added it alone sees it.
    pub private: Option<bool>,
    /// Who pays.
    pub payer: Option<Option<MemberId>>,
    /// How it is divided.
    pub shares: Option<Option<AskedShares>>,
}

impl SharingChange {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The sharing with these changes, with a note in `invalid` of every amount in another currency.
    pub(in crate::domain) fn applied_to(
        &self,
        before: Sharing,
        currency: Currency,
        invalid: &mut Invalid,
    ) -> Sharing {
        let shares = match &self.shares {
            None => before.shares,
            Some(asked) => asked.as_ref().map(|asked| asked.read(currency, invalid)),
        };
        Sharing {
            private: self.private.unwrap_or(before.private),
            payer: self.payer.unwrap_or(before.payer),
            shares,
        }
    }
}

impl AskedShares {
    fn read(&self, currency: Currency, invalid: &mut Invalid) -> Shares {
        match self {
            Self::Weights(shares) => Shares::Weights(shares.clone()),
            Self::Amounts(shares) => {
                for (index, (_, amount)) in shares.iter().enumerate() {
                    if amount.currency() != currency {
                        let pointer = format!("/shares/{index}/amount/currency");
                        invalid.add(pointer, format!("must be {}, as the price is", currency.code()));
                    }
                }
                Shares::Amounts(shares.iter().map(|(member, amount)| (*member, amount.minor())).collect())
            }
        }
    }
}
