//! Prices to come, as their owner plans them.

use contracts::subscriptions::SubscriptionPriceChanged;
use jiff::civil::Date;
use kernel::Invalid;

use super::Subscription;
use crate::domain::{Fact, PricePlan, PriceStep};

impl Subscription {
    /// The prices that are planned: the steps after today, and after a trial that lasts.
    pub fn planned_prices(&self, today: Date) -> Vec<PriceStep> {
        let begun = self.prices_begun(today);
        self.prices.steps().filter(|step| step.from > begun).collect()
    }

    /// The last day whose price is not to be planned: what has begun is history, and a trial's end is moved as that.
    fn prices_begun(&self, today: Date) -> Date {
        self.trial_ends_on.map_or(today, |trial_ends_on| trial_ends_on.max(today))
    }

    /// `plan` instead of every price that is planned.
    ///
    /// # Errors
    /// [`Invalid`], with a pointer a field; then nothing is changed.
    pub fn plan_prices(&mut self, plan: &PricePlan, today: Date) -> Result<Vec<Fact>, Invalid> {
        let (begun, before) = (self.prices_begun(today), self.prices.clone());
        let mut invalid = Invalid::new();
        let steps = plan.read(begun, before.currency(), &mut invalid).ok_or(invalid)?;
        self.record
            .prices
            .replan(begun, &steps)
            .map_err(|error| Invalid::field(plan.pointer, error.to_string()))?;
        if self.prices == before {
            return Ok(Vec::new());
        }
        let facts: Vec<Fact> = steps
            .iter()
            .map(|step| (before.on(step.from), step))
            .filter(|(was, step)| *was != step.price)
            .map(|(was, step)| {
                let (after, from) = (step.price, step.from);
                SubscriptionPriceChanged { subscription: self.id, before: was, after, from }.into()
            })
            .collect();
        Ok(if facts.is_empty() { vec![self.changed()] } else { facts })
    }
}
