//! Something new to track, on its way in.

use contracts::subscriptions::{NewSubscription, Source};
use jiff::civil::Date;
use kernel::{Cycle, Invalid, Money};

use super::{Dates, read_date, read_optional, read_optional_date, read_price};
use crate::domain::{Category, Link, MonthEnd, Name, Notes, Plan, Service};

/// Something to track as it was asked for: not yet known to be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What people call it.
    pub name: String,
    /// Which of its plans.
    pub plan: Option<String>,
    /// Its slug in the catalogue.
    pub service: Option<String>,
    /// What one charge costs.
    pub price: Money,
    /// How often; `None` is bought once.
    pub cycle: Option<Cycle>,
    /// Which day of a month.
    pub month_end: MonthEnd,
    /// The anchor; the end of the trial, else today, when left out.
    pub first_charge_on: Option<Date>,
    /// The first day that is not free.
    pub trial_ends_on: Option<Date>,
    /// The first day on which it can no longer be used.
    pub ends_on: Option<Date>,
    /// Whether charges are paid without anybody's doing.
    pub auto_renew: bool,
    /// Whether charges that fell due before today make payments.
    pub backfill: bool,
    /// A built-in category's slug; `other` when left out.
    pub category: Option<String>,
    /// Where it lives on the web.
    pub url: Option<String>,
    /// Anything to keep with it.
    pub notes: String,
    /// Where it came from.
    pub source: Source,
}

impl From<NewSubscription> for Proposal {
    fn from(new: NewSubscription) -> Self {
        Self {
            name: new.name,
            plan: new.plan,
            service: new.service,
            price: new.price,
            cycle: new.cycle,
            month_end: MonthEnd::AnchorDay,
            first_charge_on: new.first_charge_on,
            trial_ends_on: new.trial_ends_on,
            ends_on: new.ends_on,
            auto_renew: true,
            backfill: new.backfill,
            category: new.category,
            url: None,
            notes: String::new(),
            source: new.source,
        }
    }
}

/// Something to track that keeps every rule, with its defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub(in crate::domain) name: Name,
    pub(in crate::domain) plan: Option<Plan>,
    pub(in crate::domain) service: Option<Service>,
    pub(in crate::domain) price: Money,
    pub(in crate::domain) cycle: Option<Cycle>,
    pub(in crate::domain) month_end: MonthEnd,
    pub(in crate::domain) first_charge_on: Date,
    pub(in crate::domain) trial_ends_on: Option<Date>,
    pub(in crate::domain) ends_on: Option<Date>,
    pub(in crate::domain) auto_renew: bool,
    pub(in crate::domain) backfill: bool,
    pub(in crate::domain) category: Category,
    pub(in crate::domain) url: Option<Link>,
    pub(in crate::domain) notes: Notes,
    pub(in crate::domain) source: Source,
}

impl Proposal {
    /// The draft, or everything that is wrong.
    ///
    /// # Errors
    /// [`Invalid`], with a pointer a field.
    pub fn check(self, today: Date) -> Result<Draft, Invalid> {
        let mut invalid = Invalid::new();
        self.read(today, &mut invalid).ok_or(invalid)
    }

    /// The draft, or notes in `invalid` of what is wrong, beside what the caller has found already.
    pub fn read(self, today: Date, invalid: &mut Invalid) -> Option<Draft> {
        let name = invalid.check("/name", Name::parse(&self.name));
        let plan = read_optional(self.plan.as_deref(), Plan::parse, "/plan", invalid);
        let service = read_optional(self.service.as_deref(), Service::parse, "/service", invalid);
        let price = read_price(self.price, "/price", invalid);
        let dates = self.dates(today, invalid);
        let category = match self.category.as_deref() {
            Some(slug) => invalid.check("/category", slug.parse()),
            None => Some(Category::Other),
        };
        let url = read_optional(self.url.as_deref(), Link::parse, "/url", invalid);
        let notes = invalid.check("/notes", Notes::parse(&self.notes));
        let dates = dates?;
        Some(Draft {
            name: name?,
            plan: plan?,
            service: service?,
            price: price?,
            cycle: self.cycle,
            month_end: self.month_end,
            first_charge_on: dates.first_charge_on,
            trial_ends_on: dates.trial_ends_on,
            ends_on: dates.ends_on,
            auto_renew: self.auto_renew,
            backfill: self.backfill,
            category: category?,
            url: url?,
            notes: notes?,
            source: self.source,
        })
    }

    fn dates(&self, today: Date, invalid: &mut Invalid) -> Option<Dates> {
        let trial_ends_on = read_optional_date(self.trial_ends_on, "/trial_ends_on", invalid);
        let first_charge_on = match self.first_charge_on {
            Some(given) => read_date(given, "/first_charge_on", invalid),
            None => trial_ends_on.map(|trial_ends_on| trial_ends_on.unwrap_or(today)),
        };
        let ends_on = read_optional_date(self.ends_on, "/ends_on", invalid);
        let dates = Dates {
            bought_once: self.cycle.is_none(),
            first_charge_on: first_charge_on?,
            trial_ends_on: trial_ends_on?,
            ends_on: ends_on?,
        };
        let found = invalid.errors().len();
        dates.check(invalid);
        (invalid.errors().len() == found).then_some(dates)
    }
}
