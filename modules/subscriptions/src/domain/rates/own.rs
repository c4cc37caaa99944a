//! Rates set by hand.

use jiff::civil::Date;
use kernel::{Currency, Invalid};

use super::{Rate, Ratio};

/// From a day on, until another one of the same pair, a household counts with this rate, whatever the bank says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnRate {
    /// The currency that is converted.
    pub from: Currency,
    /// What it is converted into.
    pub to: Currency,
    /// The first day it holds.
    pub since: Date,
    /// How much of `to` one of `from` buys.
    pub rate: Rate,
}

impl OwnRate {
    /// From what somebody sent.
    ///
    /// # Errors
    /// [`Invalid`]: a rate that is none, or a currency against itself.
    pub fn check(from: Currency, to: Currency, since: Date, rate: &str) -> Result<Self, Invalid> {
        let mut invalid = Invalid::new();
        if from == to {
            invalid.add("/to", "must be another currency: one against itself is always 1");
        }
        let rate = invalid.check("/rate", rate.trim().parse::<Rate>());
        match rate {
            Some(rate) if invalid.errors().is_empty() => Ok(Self { from, to, since, rate }),
            _ => Err(invalid),
        }
    }

    /// How much of `to` one of `from` buys, told either way round.
    pub(super) fn between(&self, from: Currency, to: Currency) -> Option<Ratio> {
        if (self.from, self.to) == (from, to) {
            Some(self.rate.into())
        } else if (self.from, self.to) == (to, from) {
            Some(Ratio::from(self.rate).inverse())
        } else {
            None
        }
    }

    /// The other end of the pair, where `currency` is one.
    pub(super) fn other(&self, currency: Currency) -> Option<Currency> {
        if self.from == currency {
            Some(self.to)
        } else if self.to == currency {
            Some(self.from)
        } else {
            None
        }
    }
}
