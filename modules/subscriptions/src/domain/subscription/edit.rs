//! Changing what it says.

use contracts::subscriptions::{Status, SubscriptionPriceChanged};
use jiff::civil::Date;
use kernel::Invalid;

use super::Subscription;
use crate::domain::{
    Change, DecisionError, Fact, PriceChange, PricesError, Refused, refused::Asked, rules::Dates,
};

impl Subscription {
    /// Changes all that `change` names, or nothing when any of it cannot be. Gives no fact when nothing differs.
    ///
    /// Payments that exist stay. With another anchor, cycle or month end, the next charge is the first date of
    /// the new schedule that is neither done with nor before today; it may be today, so advance afterwards too.
    ///
    /// # Errors
    /// [`DecisionError::Invalid`] when the result would break a rule, [`DecisionError::Refused`] when the state
    /// of the subscription forbids a part of it.
    pub fn edit(&mut self, mut change: Change, today: Date) -> Result<Vec<Fact>, DecisionError> {
        let mut next = self.clone();
        next.describe(&mut change, today);
        // An end that is only said again is none of the change: what moves it is something else.
        change.ends_on = change.ends_on.filter(|ends_on| *ends_on != self.ends_on);
        next.move_count(change.charges_left, today);
        next.move_trial(change.trial_ends_on, today)?;
        next.reschedule(&change);
        if next.schedule() != self.schedule() {
            next.skip_to(today);
        }
        let end = next.end_with_term(self, &change);
        let ended = next.move_end(end, today)?;
        next.check_dates(self)?;
        let differs = next != *self;
        let repriced = change.price.map(|price| next.reprice(price, today)).transpose()?.flatten();
        let changed = differs.then(|| next.changed());
        *self = next;
        Ok([changed, repriced, ended].into_iter().flatten().collect())
    }

    fn describe(&mut self, change: &mut Change, today: Date) {
        let record = &mut self.record;
        replace(&mut record.name, change.name.take());
        replace(&mut record.plan, change.plan.take());
        replace(&mut record.service, change.service.take());
        replace(&mut record.category, change.category.take());
        replace(&mut record.url, change.url.take());
        replace(&mut record.notes, change.notes.take());
        replace(&mut record.auto_renew, change.auto_renew.take());
        replace(&mut record.price_varies, change.price_varies.take());
        replace(&mut record.weekend, change.weekend.take());
        record.particulars.apply(std::mem::take(&mut change.particulars), today);
    }

    fn reschedule(&mut self, change: &Change) {
        replace(&mut self.record.cycle, change.cycle);
        replace(&mut self.record.first_charge_on, change.first_charge_on);
        replace(&mut self.record.month_end, change.month_end);
    }

    /// Another number of charges to come. One whose last charge was over goes on, unless it is over itself; one with
    /// none left has its end. What passed while none was left is not charged.
    fn move_count(&mut self, moved: Option<Option<u32>>, today: Date) {
        let Some(after) = moved.filter(|after| *after != self.charges_left) else { return };
        let running = matches!(self.status, Status::Trial | Status::Active | Status::Paused);
        if running && self.charges_left == Some(0) && self.ends_on == self.open_charge() {
            self.record.ends_on = None;
        }
        if self.charges_left == Some(0) {
            self.skip_to(today);
        }
        self.record.charges_left = after;
        if after == Some(0) {
            self.count_down(0);
        }
    }

    /// The end that was asked for; without one, a term that does not renew is the end.
    fn end_with_term(&mut self, before: &Self, change: &Change) -> Option<Option<Date>> {
        replace(&mut self.record.term, change.term);
        let open = change.ends_on.unwrap_or(self.ends_on).is_none();
        let touched = self.term != before.term || change.ends_on.is_some();
        match self.term.filter(|term| term.renews_for.is_none()) {
            Some(term) if open && touched => Some(term.first_end(self.first_charge_on)),
            Some(_) | None => change.ends_on,
        }
    }

    /// A trial that is to end no later than today, or not to be one, is over. A first charge on its last day
    /// moves with it.
    fn move_trial(&mut self, moved: Option<Option<Date>>, today: Date) -> Result<(), Refused> {
        let Some(after) = moved.filter(|after| *after != self.trial_ends_on) else { return Ok(()) };
        self.only_from(&[Status::Trial], Asked::MoveTrial)?;
        let record = &mut self.record;
        if let Some(before) = record.trial_ends_on {
            record.prices.move_trial(before, after.unwrap_or(today));
        }
        if let Some(after) = after
            && record.trial_ends_on == Some(record.first_charge_on)
        {
            record.first_charge_on = after;
        }
        record.trial_ends_on = after;
        if after.is_none_or(|after| after <= today) {
            record.status = Status::Active;
        }
        Ok(())
    }

    /// Gives the fact that it has ended, when the end is no later than today.
    fn move_end(&mut self, moved: Option<Option<Date>>, today: Date) -> Result<Option<Fact>, Refused> {
        let Some(after) = moved.filter(|after| *after != self.ends_on) else { return Ok(None) };
        self.only_from(
            if after.is_some() {
                &[Status::Trial, Status::Active, Status::Paused, Status::Cancelled]
            } else {
                &[Status::Trial, Status::Active, Status::Paused]
            },
            Asked::MoveEnd,
        )?;
        self.record.ends_on = after;
        Ok(self.end_when_over(today))
    }

    /// The rule of every running subscription, asked only of an edit that touches it: one that was cancelled
    /// before its first charge can still be renamed.
    fn check_dates(&self, before: &Self) -> Result<(), Invalid> {
        let mut invalid = Invalid::new();
        if self.dates() != before.dates() && !matches!(before.status, Status::Cancelled | Status::Ended) {
            self.dates().check(&mut invalid);
        }
        invalid.into_result()
    }

    fn dates(&self) -> Dates {
        Dates {
            bought_once: self.cycle.is_none(),
            first_charge_on: self.first_charge_on,
            trial_ends_on: self.trial_ends_on,
            ends_on: self.ends_on,
            charges_left: self.charges_left,
            term: self.term,
        }
    }

    /// A price never reaches into a trial: asked for while one lasts, it is what is paid after it.
    fn reprice(&mut self, change: PriceChange, today: Date) -> Result<Option<Fact>, Invalid> {
        let asked = change.from.unwrap_or(today);
        let from = self.trial_ends_on.map_or(asked, |trial_ends_on| asked.max(trial_ends_on));
        let before = self.record.prices.change(from, change.price).map_err(|error| {
            let pointer =
                if matches!(error, PricesError::Currency(_)) { "/price/currency" } else { "/price" };
            Invalid::field(pointer, error.to_string())
        })?;
        Ok(before.map(|before| {
            SubscriptionPriceChanged { subscription: self.id, before, after: change.price, from }.into()
        }))
    }
}

fn replace<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}
