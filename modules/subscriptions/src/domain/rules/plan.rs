//! Prices to come, on their way in.

use jiff::civil::Date;
use kernel::{Currency, Invalid};

use super::{read_date, read_price};
use crate::domain::PriceStep;

/// Every price that is to hold from a later day on, as it was asked for, and where in the input it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricePlan {
    /// The steps, in any order.
    pub steps: Vec<PriceStep>,
    /// The JSON pointer of the list.
    pub pointer: &'static str,
}

impl PricePlan {
    /// The steps by day, or notes in `invalid` of what is wrong: each begins after `after`, on a day of its own, in
    /// `currency`.
    pub(in crate::domain) fn read(
        &self,
        after: Date,
        currency: Currency,
        invalid: &mut Invalid,
    ) -> Option<Vec<PriceStep>> {
        let found = invalid.errors().len();
        for (at, step) in self.steps.iter().enumerate() {
            let place = format!("{}/{at}", self.pointer);
            let from = format!("{place}/from");
            if read_date(step.from, &from, invalid).is_some() && step.from <= after {
                invalid.add(&from, format!("must be after {after}"));
            }
            if self.steps.iter().take(at).any(|earlier| earlier.from == step.from) {
                invalid.add(&from, "must be a day on which no other price begins");
            }
            read_price(step.price, &format!("{place}/price"), invalid);
            if step.price.currency() != currency {
                invalid.add(format!("{place}/price/currency"), format!("must be {currency}"));
            }
        }
        let mut steps = self.steps.clone();
        steps.sort_unstable_by_key(|step| step.from);
        (invalid.errors().len() == found).then_some(steps)
    }
}
