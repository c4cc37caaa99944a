//! What is to be told of a subscription, and on which day.
//!
//! A reminder is told on a day at the owner's time of day. Days that are done with are not looked at again:
//! [`first_day_ahead`] says which is the first that is not, and the store keeps it, as `open_from` is kept for
//! charges. That, and a unique index, is why nothing is told twice, whatever is edited and wherever its owner moves.

use contracts::subscriptions::ReminderKind;
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time},
};
use kernel::{Money, Zone};

use super::{PaymentStatus, choice::choices};

mod plan;
#[cfg(test)]
mod tests;

/// Something to be told on a day, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reminder {
    /// What it is about.
    pub kind: ReminderKind,
    /// The charge date, or the day that it is about.
    pub about_on: Date,
    /// How many days before that day; less than nought, how many days after it.
    pub lead: i64,
    /// The day on which it is told.
    pub on: Date,
    /// What is charged on the day that it is about.
    pub amount: Money,
}

/// What makes a reminder of a subscription the same one, on whatever day it is told.
pub type ReminderKey = (Date, ReminderKind, i64);

choices! {
    /// Where a reminder is.
    ReminderState, "planned, sent, dropped" {
        /// It is to come, as things stand.
        Planned "planned" "To come"
        /// It was told.
        Sent "sent" "Told"
        /// It was not told, and is not any more.
        Dropped "dropped" "Left out"
    }
}

/// What becomes of a reminder whose instant has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is told, late perhaps.
    Send,
    /// What it is about has passed while nobody could tell.
    TooLate,
    /// There is nothing to be told: it is paid, or not open after all.
    Moot,
}

impl Reminder {
    /// What makes it the same one.
    pub const fn key(&self) -> ReminderKey {
        (self.about_on, self.kind, self.lead)
    }

    /// Whether it should wait for nothing.
    pub fn is_urgent(&self) -> bool {
        self.kind == ReminderKind::PaymentFailed || self.kind == ReminderKind::TrialEnds && self.lead == 0
    }

    /// The last day on which it is still worth telling: the day that it is about. What is overdue or
    /// failed is past that already, and is worth telling until it is told again, or for a week.
    fn until(&self) -> Date {
        match self.kind {
            ReminderKind::PaymentOverdue | ReminderKind::PaymentFailed => self.on.saturating_add(6.days()),
            ReminderKind::RenewalNear
            | ReminderKind::TrialEnds
            | ReminderKind::PromotionEnds
            | ReminderKind::PriceRises
            | ReminderKind::CancelByNear
            | ReminderKind::PaymentDue => self.about_on,
        }
    }

    /// What becomes of it on `today`, when the charge that it is about has been entered as `payment`, if it has.
    pub fn verdict(&self, today: Date, payment: Option<PaymentStatus>) -> Verdict {
        let open = match self.kind {
            // On its day a renewal is entered as paid; before, only somebody who paid ahead did that.
            ReminderKind::RenewalNear => payment.is_none() || self.about_on <= today,
            ReminderKind::PaymentDue => payment.is_none_or(|status| status == PaymentStatus::Due),
            ReminderKind::PaymentOverdue => payment == Some(PaymentStatus::Due),
            ReminderKind::PaymentFailed => payment == Some(PaymentStatus::Failed),
            ReminderKind::TrialEnds
            | ReminderKind::PromotionEnds
            | ReminderKind::PriceRises
            | ReminderKind::CancelByNear => true,
        };
        match (open, today <= self.until()) {
            (false, _) => Verdict::Moot,
            (true, true) => Verdict::Send,
            (true, false) => Verdict::TooLate,
        }
    }
}

/// The first day whose reminders, told when clocks show `time`, are still to come at `now`.
///
/// ```
/// use jiff::civil::{date, time};
/// use subscriptions::domain::first_day_ahead;
/// let kolkata: kernel::Zone = "Asia/Kolkata".parse()?;
/// let nine = time(9, 0, 0, 0);
/// // Half past eight in the morning, and half past nine.
/// assert_eq!(first_day_ahead("2026-05-05T03:00:00Z".parse().unwrap(), nine, &kolkata), date(2026, 5, 5));
/// assert_eq!(first_day_ahead("2026-05-05T04:00:00Z".parse().unwrap(), nine, &kolkata), date(2026, 5, 6));
/// # Ok::<(), kernel::ZoneError>(())
/// ```
pub fn first_day_ahead(now: Timestamp, time: Time, zone: &Zone) -> Date {
    let today = zone.date_at(now);
    if zone.instant(today, time) > now { today } else { today.tomorrow().unwrap_or(Date::MAX) }
}
