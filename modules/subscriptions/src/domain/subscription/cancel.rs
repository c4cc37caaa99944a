//! Ending it.

use contracts::subscriptions::{Status, SubscriptionCancelled};
use jiff::civil::Date;

use super::Subscription;
use crate::domain::{Fact, Refused, refused::Asked};

impl Subscription {
    /// No charge from now on. It may be used until `ends_on`, or else to the end of what is paid; where that is
    /// no later than today, it is over at once.
    ///
    /// # Errors
    /// [`Refused`] when it is cancelled or ended already.
    pub fn cancel(&mut self, ends_on: Option<Date>, today: Date) -> Result<Vec<Fact>, Refused> {
        self.only_from(&[Status::Trial, Status::Active, Status::Paused], Asked::Cancel)?;
        let ends_on = ends_on.unwrap_or_else(|| self.paid_until(today));
        self.record.status = Status::Cancelled;
        self.record.ends_on = Some(ends_on);
        self.record.cancelled_on = Some(today);
        let cancelled = SubscriptionCancelled { subscription: self.id, ends_on }.into();
        Ok(std::iter::once(cancelled).chain(self.end_when_over(today)).collect())
    }

    /// The first day that is not paid for, nor past an end it already has; never before today.
    fn paid_until(&self, today: Date) -> Date {
        [self.open_charge(), self.ends_on].into_iter().flatten().min().unwrap_or(today).max(today)
    }
}
