//! Something new to track, on its way in.

use contracts::subscriptions::{NewSubscription, Source};
use jiff::civil::Date;
use kernel::{Cycle, Invalid, Money, TagId};

use super::{
    Dates, PricePlan, read_charges_left, read_date, read_optional, read_optional_date, read_price, read_term,
};
use crate::domain::{
    CategoryChoice, Link, MonthEnd, Name, Notes, ParticularsChange, ParticularsInput, Plan, PriceStep,
    Service, Term, Weekend,
};

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
    /// What it costs from later days on: a promotion has the full price behind it.
    pub later_prices: Vec<PriceStep>,
    /// Whether the price is only what is expected, and each payment asks for the real one.
    pub price_varies: bool,
    /// How often; `None` is bought once.
    pub cycle: Option<Cycle>,
    /// Which day of a month.
    pub month_end: MonthEnd,
    /// What becomes of charges on a Saturday or Sunday.
    pub weekend: Weekend,
    /// The anchor; the end of the trial, else today, when left out.
    pub first_charge_on: Option<Date>,
    /// The first day that is not free.
    pub trial_ends_on: Option<Date>,
    /// The first day on which it can no longer be used.
    pub ends_on: Option<Date>,
    /// How many charges there are before it ends by itself.
    pub charges_left: Option<i64>,
    /// How long one is bound.
    pub term: Option<Term>,
    /// Whether charges are paid without anybody's doing.
    pub auto_renew: bool,
    /// Whether charges that fell due before today make payments.
    pub backfill: bool,
    /// A built-in category's slug, or the id of one's own; `other` when left out.
    pub category: Option<String>,
    /// Where it lives on the web.
    pub url: Option<String>,
    /// Anything to keep with it.
    pub notes: String,
    /// What else to keep with it.
    pub particulars: ParticularsInput,
    /// Where it came from.
    pub source: Source,
}

impl Proposal {
    /// Something that is only what is enough: a name, a price and a cycle.
    pub fn of(name: impl Into<String>, price: Money, cycle: Option<Cycle>) -> Self {
        Self {
            name: name.into(),
            plan: None,
            service: None,
            price,
            later_prices: Vec::new(),
            price_varies: false,
            cycle,
            month_end: MonthEnd::AnchorDay,
            weekend: Weekend::Keep,
            first_charge_on: None,
            trial_ends_on: None,
            ends_on: None,
            charges_left: None,
            term: None,
            auto_renew: true,
            backfill: true,
            category: None,
            url: None,
            notes: String::new(),
            particulars: ParticularsInput::default(),
            source: Source::Manual,
        }
    }
}

impl From<NewSubscription> for Proposal {
    fn from(new: NewSubscription) -> Self {
        Self {
            plan: new.plan,
            service: new.service,
            first_charge_on: new.first_charge_on,
            trial_ends_on: new.trial_ends_on,
            ends_on: new.ends_on,
            backfill: new.backfill,
            category: new.category,
            source: new.source,
            ..Self::of(new.name, new.price, new.cycle)
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
    pub(in crate::domain) later_prices: Vec<PriceStep>,
    pub(in crate::domain) price_varies: bool,
    pub(in crate::domain) cycle: Option<Cycle>,
    pub(in crate::domain) month_end: MonthEnd,
    pub(in crate::domain) weekend: Weekend,
    pub(in crate::domain) first_charge_on: Date,
    pub(in crate::domain) trial_ends_on: Option<Date>,
    pub(in crate::domain) ends_on: Option<Date>,
    pub(in crate::domain) charges_left: Option<u32>,
    pub(in crate::domain) term: Option<Term>,
    pub(in crate::domain) auto_renew: bool,
    pub(in crate::domain) backfill: bool,
    pub(in crate::domain) category: CategoryChoice,
    pub(in crate::domain) url: Option<Link>,
    pub(in crate::domain) notes: Notes,
    pub(in crate::domain) particulars: ParticularsChange,
    pub(in crate::domain) source: Source,
}

impl Draft {
    /// With these tags.
    ///
    /// # Errors
    /// [`Invalid`] when they are too many.
    pub fn tagged(mut self, tags: Vec<TagId>) -> Result<Self, Invalid> {
        self.particulars.tag(tags)?;
        Ok(self)
    }

    /// The category and what else it points at, for whoever knows whether that is there.
    pub(crate) const fn points_at(&self) -> (Option<CategoryChoice>, &ParticularsChange) {
        (Some(self.category), &self.particulars)
    }
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
            None => Some(CategoryChoice::OTHER),
        };
        let url = read_optional(self.url.as_deref(), Link::parse, "/url", invalid);
        let notes = invalid.check("/notes", Notes::parse(&self.notes));
        let found = invalid.errors().len();
        let particulars = self.particulars.read(invalid);
        let later_prices = dates.as_ref().and_then(|dates| {
            let plan = PricePlan { steps: self.later_prices, pointer: "/later_prices" };
            let begun = dates.first_charge_on.min(today);
            plan.read(
                dates.trial_ends_on.map_or(begun, |ends_on| ends_on.max(begun)),
                self.price.currency(),
                invalid,
            )
        });
        if invalid.errors().len() > found {
            return None;
        }
        let dates = dates?;
        Some(Draft {
            name: name?,
            plan: plan?,
            service: service?,
            price: price?,
            later_prices: later_prices?,
            price_varies: self.price_varies,
            cycle: self.cycle,
            month_end: self.month_end,
            weekend: self.weekend,
            first_charge_on: dates.first_charge_on,
            trial_ends_on: dates.trial_ends_on,
            ends_on: dates.ends_on,
            charges_left: dates.charges_left,
            term: dates.term,
            auto_renew: self.auto_renew,
            backfill: self.backfill,
            category: category?,
            url: url?,
            notes: notes?,
            particulars,
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
        let found = invalid.errors().len();
        let charges_left = self.charges_left.and_then(|charges| read_charges_left(charges, 1, invalid));
        let term = read_term(self.term, invalid);
        if invalid.errors().len() > found {
            return None;
        }
        let dates = Dates {
            bought_once: self.cycle.is_none(),
            first_charge_on: first_charge_on?,
            trial_ends_on: trial_ends_on?,
            ends_on: ends_on?,
            charges_left,
            term: term?,
        };
        let found = invalid.errors().len();
        dates.check(invalid);
        (invalid.errors().len() == found).then_some(dates)
    }
}
