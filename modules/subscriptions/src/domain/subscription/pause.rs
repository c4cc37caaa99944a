//! Stopping for a while, and going on.

use contracts::subscriptions::{Status, SubscriptionPaused, SubscriptionResumed};
use jiff::civil::Date;

use super::Subscription;
use crate::domain::{Fact, Refused, refused::Asked};

impl Subscription {
    /// No charge date is processed until it is resumed.
    ///
    /// # Errors
    /// [`Refused`] unless it is active.
    pub fn pause(&mut self) -> Result<Vec<Fact>, Refused> {
        self.only_from(&[Status::Active], Asked::Pause)?;
        self.record.status = Status::Paused;
        Ok(vec![SubscriptionPaused { subscription: self.id }.into()])
    }

    /// It goes on; the charge dates that passed meanwhile are skipped.
    ///
    /// # Errors
    /// [`Refused`] unless it is paused.
    pub fn resume(&mut self, today: Date) -> Result<Vec<Fact>, Refused> {
        self.only_from(&[Status::Paused], Asked::Resume)?;
        self.record.status = Status::Active;
        self.skip_to(today);
        let next_charge_on = self.next_charge_on();
        Ok(vec![SubscriptionResumed { subscription: self.id, next_charge_on }.into()])
    }

    pub(super) fn only_from(&self, allowed: &[Status], asked: Asked) -> Result<(), Refused> {
        let status = self.status;
        if allowed.contains(&status) { Ok(()) } else { Err(Refused { asked, status }) }
    }
}
