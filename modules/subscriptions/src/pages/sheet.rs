//! What was typed into the form of a subscription, on its way to the rules. It has none of its own: it only takes
//! the texts to where the API's go.

use jiff::civil::Date;
use kernel::{Currency, Cycle, CycleText, Invalid, Money, MoneyText};
use serde::Deserialize;

use super::{frame, more::More};
use crate::domain::{Amendment, Change, Draft, MonthEnd, Proposal, Schedule, Sorting, Subscription};

/// What stands for the unit of a cycle where there is none.
pub(super) const ONCE: &str = "once";

/// The form's fields, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) plan: String,
    pub(super) service: String,
    pub(super) amount: String,
    pub(super) currency: String,
    pub(super) price_from: String,
    pub(super) every: String,
    pub(super) unit: String,
    pub(super) first_charge_on: String,
    pub(super) trial_ends_on: String,
    pub(super) ends_on: String,
    pub(super) last_day: bool,
    pub(super) auto_renew: bool,
    pub(super) backfill: bool,
    pub(super) category: String,
    pub(super) url: String,
    pub(super) notes: String,
    #[serde(flatten)]
    pub(super) more: More,
    /// Which version was looked at, when it is one that exists.
    pub(super) version: i64,
    /// Which button was pressed.
    pub(super) intent: String,
}

pub(super) fn given(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

pub(super) fn date(text: &str, pointer: &str, invalid: &mut Invalid) -> Option<Date> {
    given(text).and_then(|text| invalid.check(pointer, kernel::parse_date(&text)))
}

impl Sheet {
    /// What a new form starts with, beside what the address says already.
    pub(super) fn begun(self, currency: Currency, today: Date) -> Self {
        let or = |text: String, usual: &str| if text.trim().is_empty() { usual.to_owned() } else { text };
        // Without a first charge, a trial's end is it.
        let first = if self.trial_ends_on.trim().is_empty() { today.to_string() } else { String::new() };
        Self {
            currency: or(self.currency, currency.code()),
            every: or(self.every, "1"),
            unit: or(self.unit, "month"),
            first_charge_on: or(self.first_charge_on, &first),
            auto_renew: true,
            backfill: true,
            ..self
        }
    }

    /// The form of one that exists.
    pub(super) fn of(subscription: &Subscription, sorting: &Sorting, today: Date) -> Self {
        let price = frame::price(subscription, today);
        let text = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        Self {
            name: subscription.name.to_string(),
            plan: subscription.plan.as_ref().map(ToString::to_string).unwrap_or_default(),
            amount: price.amount_text(),
            currency: price.currency().code().into(),
            every: subscription.cycle.map_or(1, Cycle::every).to_string(),
            unit: subscription.cycle.map_or(ONCE, |cycle| cycle.unit().as_str()).into(),
            first_charge_on: subscription.first_charge_on.to_string(),
            trial_ends_on: text(subscription.trial_ends_on),
            ends_on: text(subscription.ends_on),
            last_day: subscription.month_end == MonthEnd::LastDay,
            auto_renew: subscription.auto_renew,
            category: subscription.category.to_string(),
            url: subscription.url.as_ref().map(ToString::to_string).unwrap_or_default(),
            notes: subscription.notes.to_string(),
            more: More::of(subscription, sorting),
            version: subscription.version,
            ..Self::default()
        }
    }

    /// Whether the dates are to be seen before anything is saved.
    pub(super) fn wants_preview(&self) -> bool {
        self.intent == "preview"
    }

    /// The draft, or everything that is wrong with it.
    pub(super) fn draft(&self, today: Date) -> Result<Draft, Invalid> {
        let mut invalid = Invalid::new();
        // Only so that the rest can be looked at too: with a wrong price nothing is made of it.
        let price = self.price(&self.currency, &mut invalid).unwrap_or(Money::zero(Currency::EUR));
        let cycle = self.cycle(&mut invalid).flatten();
        let first_charge_on = date(&self.first_charge_on, "/first_charge_on", &mut invalid);
        let trial_ends_on = date(&self.trial_ends_on, "/trial_ends_on", &mut invalid);
        let schedule =
            Schedule::new(first_charge_on.or(trial_ends_on).unwrap_or(today), cycle, self.month_end());
        let proposal = Proposal {
            plan: given(&self.plan),
            service: given(&self.service),
            month_end: self.month_end(),
            weekend: self.more.weekend(&mut invalid).unwrap_or_default(),
            first_charge_on,
            trial_ends_on,
            ends_on: date(&self.ends_on, "/ends_on", &mut invalid),
            charges_left: self.more.charges_left(),
            term: self.more.term(&mut invalid),
            later_prices: self.more.later_prices(schedule, price.currency(), &mut invalid),
            price_varies: self.more.varies(),
            particulars: self.more.particulars(&mut invalid),
            auto_renew: self.auto_renew,
            backfill: self.backfill,
            category: given(&self.category),
            url: given(&self.url),
            notes: self.notes.clone(),
            ..Proposal::of(self.name.clone(), price, cycle)
        };
        match proposal.read(today, &mut invalid) {
            Some(draft) if invalid.errors().is_empty() => Ok(draft),
            _ => Err(invalid),
        }
    }

    /// What to change about `current`, or everything that is wrong with it.
    pub(super) fn change(&self, current: &Subscription) -> Result<Change, Invalid> {
        let mut invalid = Invalid::new();
        let first_charge_on = date(&self.first_charge_on, "/first_charge_on", &mut invalid);
        let amendment = Amendment {
            name: Some(self.name.clone()),
            plan: Some(given(&self.plan)),
            service: None,
            category: Some(given(&self.category)),
            url: Some(given(&self.url)),
            notes: Some(self.notes.clone()),
            auto_renew: Some(self.auto_renew),
            cycle: self.cycle(&mut invalid),
            // Left as it is, it moves with the end of a trial.
            first_charge_on: first_charge_on.filter(|date| *date != current.first_charge_on),
            month_end: Some(self.month_end()),
            trial_ends_on: Some(date(&self.trial_ends_on, "/trial_ends_on", &mut invalid)),
            ends_on: Some(date(&self.ends_on, "/ends_on", &mut invalid)),
            price: self.price(current.prices.currency().code(), &mut invalid),
            price_from: date(&self.price_from, "/price_from", &mut invalid),
            weekend: self.more.weekend(&mut invalid),
            charges_left: Some(self.more.charges_left()),
            term: Some(self.more.term(&mut invalid)),
            price_varies: Some(self.more.varies()),
            particulars: self.more.particulars(&mut invalid),
        };
        // Its complaint that a price is missing is none where the price was wrong.
        let priced = amendment.price.is_some();
        let change =
            Amendment { price_from: amendment.price_from.filter(|_| priced), ..amendment }.read(&mut invalid);
        invalid.into_result().map(|()| change)
    }

    fn price(&self, currency: &str, invalid: &mut Invalid) -> Option<Money> {
        let text = MoneyText { amount: self.amount.trim().to_owned(), currency: currency.trim().to_owned() };
        text.read("/price", invalid)
    }

    /// The cycle, an inner `None` for what is bought once, or `None` when it is wrong.
    fn cycle(&self, invalid: &mut Invalid) -> Option<Option<Cycle>> {
        if self.unit == ONCE {
            return Some(None);
        }
        // What is no number is out of range, and is told so.
        let every = self.every.trim().parse().unwrap_or(0);
        CycleText { every, unit: self.unit.clone() }.read("/cycle", invalid).map(Some)
    }

    const fn month_end(&self) -> MonthEnd {
        if self.last_day { MonthEnd::LastDay } else { MonthEnd::AnchorDay }
    }
}
