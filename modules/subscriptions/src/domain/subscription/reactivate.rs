//! Taking an end back.

use contracts::subscriptions::{Status, SubscriptionReactivated};
use jiff::civil::Date;

use super::Subscription;
use crate::domain::{Fact, Refused, refused::Asked};

impl Subscription {
    /// It renews again and has no end any more; the charge dates that passed meanwhile are skipped.
    ///
    /// # Errors
    /// [`Refused`] unless it is cancelled or ended.
    pub fn reactivate(&mut self, today: Date) -> Result<Vec<Fact>, Refused> {
        self.only_from(&[Status::Cancelled, Status::Ended], Asked::Reactivate)?;
        self.record.status = Status::Active;
        self.record.ends_on = None;
        self.record.cancelled_on = None;
        // What had its last charge goes on without counting; what was cancelled before has its rest to come.
        self.record.charges_left = self.charges_left.filter(|left| *left > 0);
        self.skip_to(today);
        let next_charge_on = self.next_charge_on();
        Ok(vec![SubscriptionReactivated { subscription: self.id, next_charge_on }.into()])
    }
}
