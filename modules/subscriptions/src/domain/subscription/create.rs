//! Beginning to track one.

use contracts::subscriptions::{Status, SubscriptionCreated};
use jiff::{Timestamp, civil::Date};
use kernel::{HouseholdId, SubscriptionId, UserId};

use super::{Advance, Record, Subscription};
use crate::domain::{Draft, Fact, Particulars, Prices, Sharing};

/// Who begins to track something, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Birth {
    /// A fresh id.
    pub id: SubscriptionId,
    /// Whose it is.
    pub household: HouseholdId,
    /// Who asked.
    pub created_by: UserId,
    /// The owner's civil date.
    pub today: Date,
    /// The instant.
    pub now: Timestamp,
}

impl Subscription {
    /// The subscription, with the charges that have fallen due already, at most `limit` of them: a past anchor's,
    /// assumed to be paid, and today's.
    pub fn create(draft: Draft, birth: Birth, limit: usize) -> (Self, Advance) {
        let today = birth.today;
        let mut subscription = Self { record: record(draft, birth), usual: None };
        let mut advance = subscription.advance(today, limit);
        advance.facts.insert(0, subscription.created(today).into());
        (subscription, advance)
    }

    /// One that is known from its charges: with `prices` as they were, and with every charge date before `settled` done
    /// with, so that only what fell due since is assumed.
    pub fn adopt(draft: Draft, prices: Prices, settled: Date, birth: Birth) -> (Self, Advance) {
        let today = birth.today;
        let backfill = draft.backfill;
        let mut subscription = Self { record: record(draft, birth), usual: None };
        subscription.record.prices = prices;
        subscription.record.open_from = if backfill { settled } else { settled.max(today) };
        let mut advance = subscription.advance(today, usize::MAX);
        advance.facts.insert(0, subscription.created(today).into());
        (subscription, advance)
    }

    /// The fact that it is tracked from now on.
    pub fn told_as_new(&self, today: Date) -> Fact {
        self.created(today).into()
    }

    fn created(&self, today: Date) -> SubscriptionCreated {
        SubscriptionCreated {
            subscription: self.id,
            name: self.name.to_string(),
            price: self.prices.on(today),
            cycle: self.cycle,
            next_charge_on: self.next_charge_on(),
            source: self.source.clone(),
        }
    }
}

fn record(draft: Draft, birth: Birth) -> Record {
    let ends_on = draft.ends_on.or_else(|| term_end(&draft));
    let prices = prices(&draft, birth.today);
    let mut particulars = Particulars::default();
    particulars.apply(draft.particulars, birth.today);
    let in_trial = draft.trial_ends_on.is_some_and(|ends_on| ends_on > birth.today);
    Record {
        id: birth.id,
        household: birth.household,
        created_by: birth.created_by,
        status: if in_trial { Status::Trial } else { Status::Active },
        prices,
        price_varies: draft.price_varies,
        settled_ahead: Vec::new(),
        cancelled_on: None,
        open_from: if draft.backfill { draft.first_charge_on.min(birth.today) } else { birth.today },
        name: draft.name,
        plan: draft.plan,
        service: draft.service,
        cycle: draft.cycle,
        month_end: draft.month_end,
        weekend: draft.weekend,
        first_charge_on: draft.first_charge_on,
        trial_ends_on: draft.trial_ends_on,
        ends_on,
        charges_left: draft.charges_left,
        term: draft.term,
        auto_renew: draft.auto_renew,
        category: draft.category,
        url: draft.url,
        notes: draft.notes,
        sharing: Sharing::default(),
        particulars,
        source: draft.source,
        created_on: birth.today,
        created_at: birth.now,
        updated_at: birth.now,
        version: 1,
    }
}

/// One price since it began, or nothing until the trial ends.
fn prices(draft: &Draft, today: Date) -> Prices {
    let from = draft.first_charge_on.min(today);
    let mut prices = match draft.trial_ends_on {
        Some(trial_ends_on) => Prices::with_trial(from, trial_ends_on, draft.price),
        None => Prices::constant(from, draft.price),
    };
    for step in &draft.later_prices {
        prices.append(*step);
    }
    prices
}

/// A term that does not renew is the end of it.
fn term_end(draft: &Draft) -> Option<Date> {
    draft.term.filter(|term| term.renews_for.is_none())?.first_end(draft.first_charge_on)
}
