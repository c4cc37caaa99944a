//! A payment that somebody enters: an extra charge, or one paid ahead of its date.

use jiff::{ToSpan, civil::Date};
use kernel::{Invalid, Money, PaymentId};

use super::{Payment, PaymentSource, PaymentState, entry::read_past};
use crate::domain::{Notes, Subscription, read_date};

/// How many years ahead of its date a charge can be paid.
const YEARS_AHEAD: i64 = 5;

/// What somebody says they paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// The charge date; the next one when left out. For an extra charge its day, the one it was paid on when left out.
    pub due_on: Option<Date>,
    /// Whether it stands beside the charge dates.
    pub extra: bool,
    /// The day the money moved; today when left out.
    pub paid_on: Option<Date>,
    /// How much; the price of the charge date when left out.
    pub amount: Option<Money>,
    /// What to keep with it.
    pub note: String,
    /// How we know of it.
    pub source: PaymentSource,
}

impl ByHand {
    /// The payment to record.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn payment(
        &self,
        id: PaymentId,
        subscription: &Subscription,
        today: Date,
    ) -> Result<Payment, Invalid> {
        let mut invalid = Invalid::new();
        let paid_on = match self.paid_on {
            Some(day) => read_past(day, today, "/paid_on", &mut invalid),
            None => Some(today),
        };
        let due_on = self.due_on(subscription, today, &mut invalid);
        let amount = self.amount(subscription, due_on, &mut invalid);
        let note = invalid.check("/note", Notes::parse(&self.note));
        match (paid_on, due_on, amount, note) {
            (Some(paid_on), Some(due_on), Some(amount), Some(note)) if invalid.errors().is_empty() => {
                Ok(Payment {
                    id,
                    subscription: subscription.id,
                    household: subscription.household,
                    due_on,
                    state: PaymentState::Paid { on: paid_on },
                    amount,
                    source: self.source,
                    extra: self.extra,
                    note,
                    expected: subscription.price_varies && self.amount.is_none(),
                    converted: None,
                })
            }
            _ => Err(invalid),
        }
    }

    fn due_on(&self, subscription: &Subscription, today: Date, invalid: &mut Invalid) -> Option<Date> {
        match (self.due_on, self.extra) {
            (Some(day), true) => read_past(day, today, "/due_on", invalid),
            (None, true) => Some(self.paid_on.unwrap_or(today)),
            (Some(day), false) => charge_date(day, subscription, today, invalid),
            (None, false) => {
                let next = subscription.next_charge_on();
                if next.is_none() {
                    invalid.add("/due_on", "no charge of it is to come: say which one, or that it is extra");
                }
                next
            }
        }
    }

    fn amount(
        &self,
        subscription: &Subscription,
        due_on: Option<Date>,
        invalid: &mut Invalid,
    ) -> Option<Money> {
        let own = subscription.prices.currency();
        match self.amount {
            Some(amount) if amount.currency() == own => Some(amount),
            Some(_) => {
                invalid.add("/amount/currency", format!("must be {own}, as the subscription is"));
                None
            }
            None if self.extra => {
                invalid.add("/amount", "say how much the extra charge was");
                None
            }
            None => due_on.map(|due_on| subscription.price_on(due_on)),
        }
    }
}

/// A date of its schedule, within its life and not too far ahead.
fn charge_date(day: Date, subscription: &Subscription, today: Date, invalid: &mut Invalid) -> Option<Date> {
    let day = read_date(day, "/due_on", invalid)?;
    if day > today.saturating_add(YEARS_AHEAD.years()) {
        invalid.add("/due_on", format!("must be at most {YEARS_AHEAD} years ahead"));
        return None;
    }
    let schedule = subscription.schedule();
    let over = subscription.ends_on.is_some_and(|ends_on| ends_on <= day);
    if schedule.index_of(day).is_some() && !over {
        return Some(day);
    }
    let near = schedule.first_from(day).filter(|near| subscription.ends_on.is_none_or(|end| *near < end));
    let such_as = near.map(|near| format!(", such as {near}")).unwrap_or_default();
    invalid.add("/due_on", format!("must be a charge date of it{such_as}; a charge beside them is extra"));
    None
}
