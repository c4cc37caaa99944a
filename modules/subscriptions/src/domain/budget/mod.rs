//! What one means to spend at most, and how far one is.

use contracts::subscriptions::BudgetPassed;
use jiff::{ToSpan, civil::Date};
use kernel::{BudgetId, Cycle, HouseholdId, Invalid, MemberId, Money, UserId};

use super::{
    CategoryChoice, Converter, MonthEnd, Payment, PaymentState, Schedule, Subscription, Sum, read_date,
    rules::read_price,
};

#[cfg(test)]
mod tests;

/// What one means to spend at most in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// Its id.
    pub id: BudgetId,
    /// Whose.
    pub household: HouseholdId,
    /// On what: on everything, without one.
    pub category: Option<CategoryChoice>,
    /// Whose: the whole household's, without one; else it takes in what that member bears.
    pub member: Option<MemberId>,
    /// How much at most.
    pub amount: Money,
    /// How long a period is: from pay day to pay day, say.
    pub period: Cycle,
    /// The first day of a period; every other follows from it as charge dates do.
    pub begins_on: Date,
    /// The first day of the last period in which it was told that more was spent.
    pub passed_for: Option<Date>,
    /// Grows with every change.
    pub version: i64,
}

/// A budget on its way in. What is `None` stays as it is, or is needed when there is nothing yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BudgetInput {
    /// On what; the inner `None` is everything.
    pub category: Option<Option<CategoryChoice>>,
    /// Whose; the inner `None` is the whole household's.
    pub member: Option<Option<MemberId>>,
    /// How much at most.
    pub amount: Option<Money>,
    /// How long a period is.
    pub period: Option<Cycle>,
    /// The first day of one of them.
    pub begins_on: Option<Date>,
}

/// How far one is in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// What was paid in it.
    pub spent: Sum,
    /// What is still to be paid in it.
    pub to_come: Sum,
    /// What may be spent, in the household's currency; `None` where there is no rate for it.
    pub limit: Option<Money>,
}

impl Budget {
    /// The most that a household has.
    pub const MOST: usize = 100;

    /// A new one.
    ///
    /// # Errors
    /// What is missing or wrong, all of it.
    pub fn create(
        id: BudgetId,
        household: HouseholdId,
        input: &BudgetInput,
        today: Date,
    ) -> Result<Self, Invalid> {
        let mut invalid = Invalid::new();
        let amount = input.amount.and_then(|amount| read_amount(amount, &mut invalid));
        if input.amount.is_none() {
            invalid.add("/amount", "is needed");
        }
        let begins_on =
            read_date(input.begins_on.unwrap_or(today.first_of_month()), "/begins_on", &mut invalid);
        let (Some(amount), Some(begins_on), true) = (amount, begins_on, invalid.errors().is_empty()) else {
            return Err(invalid);
        };
        let (category, period) = (input.category.flatten(), input.period.unwrap_or(Cycle::MONTHLY));
        let member = input.member.flatten();
        Ok(Self { id, household, category, member, amount, period, begins_on, passed_for: None, version: 1 })
    }

    /// Changes it.
    ///
    /// # Errors
    /// What is wrong, all of it; then nothing is changed.
    pub fn edit(&mut self, input: &BudgetInput) -> Result<(), Invalid> {
        let mut invalid = Invalid::new();
        let amount = input.amount.and_then(|amount| read_amount(amount, &mut invalid));
        let begins_on = input.begins_on.and_then(|date| read_date(date, "/begins_on", &mut invalid));
        invalid.into_result()?;
        let before = self.clone();
        self.category = input.category.unwrap_or(self.category);
        self.member = input.member.unwrap_or(self.member);
        self.amount = amount.unwrap_or(self.amount);
        self.period = input.period.unwrap_or(self.period);
        self.begins_on = begins_on.unwrap_or(self.begins_on);
        if *self != before {
            // Another limit can be passed anew.
            self.passed_for = None;
        }
        Ok(())
    }

    /// The first and the last day of the period that `date` is in; before the first one, that one.
    pub fn period_of(&self, date: Date) -> (Date, Date) {
        let schedule = Schedule::new(self.begins_on, Some(self.period), MonthEnd::AnchorDay);
        let next = schedule.index_from(date.saturating_add(1.day())).unwrap_or(0).max(1);
        let from = schedule.charge(next - 1).unwrap_or(self.begins_on);
        let to = schedule.charge(next).map_or(Date::MAX, |next| next.saturating_sub(1.day()));
        (from, to)
    }

    /// Whether what is paid for `subscription` counts in it.
    pub fn takes_in(&self, subscription: &Subscription) -> bool {
        self.category.is_none_or(|category| subscription.category == category)
    }

    /// How far one is today. `payments` are those that were paid in the period, and those that are due or failed;
    /// `of` gives the subscription of one, `None` where it does not count.
    pub fn standing<'s>(
        &self,
        today: Date,
        subscriptions: impl Iterator<Item = &'s Subscription> + Clone,
        payments: &[Payment],
        converter: &Converter,
    ) -> Standing {
        let (from, to) = self.period_of(today);
        let home = converter.home();
        let mut standing = Standing {
            from,
            to,
            spent: Sum::nothing(home),
            to_come: Sum::nothing(home),
            limit: converter.at_home(self.amount, today),
        };
        let counted = subscriptions.filter(|subscription| self.takes_in(subscription));
        let ids: std::collections::HashSet<_> = counted.clone().map(|subscription| subscription.id).collect();
        for payment in payments.iter().filter(|payment| ids.contains(&payment.subscription)) {
            match payment.state {
                PaymentState::Paid { on } if (from..=to).contains(&on) => {
                    standing.spent.add(payment.amount, payment.at_home(converter));
                }
                PaymentState::Due | PaymentState::Failed if payment.due_on <= to => {
                    standing.to_come.add(payment.amount, converter.at_home(payment.amount, today));
                }
                PaymentState::Due
                | PaymentState::Failed
                | PaymentState::Paid { .. }
                | PaymentState::Skipped
                | PaymentState::Refunded { .. } => {}
            }
        }
        for subscription in counted {
            for (_, amount) in subscription.charges_from(from).take_while(|(on, _)| *on <= to) {
                standing.to_come.add(amount, converter.at_home(amount, today));
            }
        }
        standing
    }

    /// Notes that it was passed; gives the fact when that is news of this period, for `recipient` or for everybody.
    pub fn pass(&mut self, standing: &Standing, recipient: Option<UserId>) -> Option<BudgetPassed> {
        if !standing.is_passed() || self.passed_for == Some(standing.from) {
            return None;
        }
        self.passed_for = Some(standing.from);
        Some(BudgetPassed {
            budget: self.id,
            from: standing.from,
            to: standing.to,
            limit: self.amount,
            spent: standing.spent.home(),
            recipient,
        })
    }
}

impl Standing {
    /// Whether more was spent than was meant to be.
    pub fn is_passed(&self) -> bool {
        self.limit.is_some_and(|limit| self.spent.home().minor() > limit.minor())
    }

    /// Whether more will have been spent by its end, as things stand.
    pub fn will_pass(&self) -> bool {
        let expected = self.spent.home().minor().saturating_add(self.to_come.home().minor());
        self.limit.is_some_and(|limit| expected > limit.minor())
    }

    /// What may still be spent; less than nothing once it is passed. `None` where there is no rate.
    pub fn left(&self) -> Option<Money> {
        let limit = self.limit?;
        Some(Money::from_minor(limit.minor().saturating_sub(self.spent.home().minor()), limit.currency()))
    }
}

fn read_amount(amount: Money, invalid: &mut Invalid) -> Option<Money> {
    if amount.is_zero() {
        invalid.add("/amount/amount", "must be more than nothing");
        return None;
    }
    read_price(amount, "/amount", invalid)
}
