//! Changes to something tracked, on their way in.

use jiff::civil::Date;
use kernel::{Cycle, Invalid, Money, TagId};

use super::{read_charges_left, read_date, read_optional, read_optional_date, read_price, read_term};
use crate::domain::{
    CategoryChoice, Link, MonthEnd, Name, Notes, ParticularsChange, ParticularsInput, Plan, Service, Term,
    Weekend,
};

/// What to change as it was asked for: not yet known to be right. What is `None` stays; an inner `None` takes away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Amendment {
    /// What people call it.
    pub name: Option<String>,
    /// Which of its plans.
    pub plan: Option<Option<String>>,
    /// Its slug in the catalogue.
    pub service: Option<Option<String>>,
    /// A built-in category's slug, or the id of one's own; `other` when taken away.
    pub category: Option<Option<String>>,
    /// Where it lives on the web.
    pub url: Option<Option<String>>,
    /// Anything to keep with it.
    pub notes: Option<String>,
    /// Whether charges are paid without anybody's doing.
    pub auto_renew: Option<bool>,
    /// How often.
    pub cycle: Option<Option<Cycle>>,
    /// The anchor.
    pub first_charge_on: Option<Date>,
    /// Which day of a month.
    pub month_end: Option<MonthEnd>,
    /// What becomes of charges on a Saturday or Sunday.
    pub weekend: Option<Weekend>,
    /// The first day that is not free.
    pub trial_ends_on: Option<Option<Date>>,
    /// The first day on which it can no longer be used.
    pub ends_on: Option<Option<Date>>,
    /// How many charges there are before it ends by itself.
    pub charges_left: Option<Option<i64>>,
    /// How long one is bound.
    pub term: Option<Option<Term>>,
    /// Whether the price is only what is expected.
    pub price_varies: Option<bool>,
    /// What else is kept with it.
    pub particulars: ParticularsInput,
    /// What one charge costs.
    pub price: Option<Money>,
    /// From which day it costs `price`; today when left out.
    pub price_from: Option<Date>,
}

/// Another price from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceChange {
    /// The price.
    pub price: Money,
    /// The first day; today when left out.
    pub from: Option<Date>,
}

/// What to change, each part of it right by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    pub(in crate::domain) name: Option<Name>,
    pub(in crate::domain) plan: Option<Option<Plan>>,
    pub(in crate::domain) service: Option<Option<Service>>,
    pub(in crate::domain) category: Option<CategoryChoice>,
    pub(in crate::domain) url: Option<Option<Link>>,
    pub(in crate::domain) notes: Option<Notes>,
    pub(in crate::domain) auto_renew: Option<bool>,
    pub(in crate::domain) cycle: Option<Option<Cycle>>,
    pub(in crate::domain) first_charge_on: Option<Date>,
    pub(in crate::domain) month_end: Option<MonthEnd>,
    pub(in crate::domain) weekend: Option<Weekend>,
    pub(in crate::domain) trial_ends_on: Option<Option<Date>>,
    pub(in crate::domain) ends_on: Option<Option<Date>>,
    pub(in crate::domain) charges_left: Option<Option<u32>>,
    pub(in crate::domain) term: Option<Option<Term>>,
    pub(in crate::domain) price_varies: Option<bool>,
    pub(in crate::domain) particulars: ParticularsChange,
    pub(in crate::domain) price: Option<PriceChange>,
}

impl Change {
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
        (self.category, &self.particulars)
    }
}

impl Amendment {
    /// The change, or everything that is wrong.
    ///
    /// # Errors
    /// [`Invalid`], with a pointer a field.
    pub fn check(self) -> Result<Change, Invalid> {
        let mut invalid = Invalid::new();
        let change = self.read(&mut invalid);
        invalid.into_result()?;
        Ok(change)
    }

    /// The change, without what is wrong and noted in `invalid`: the caller must not use it when anything was.
    pub fn read(self, invalid: &mut Invalid) -> Change {
        let price = self.read_price(invalid);
        Change {
            name: self.name.and_then(|name| invalid.check("/name", Name::parse(&name))),
            plan: self.plan.and_then(|plan| read_optional(plan.as_deref(), Plan::parse, "/plan", invalid)),
            service: self
                .service
                .and_then(|slug| read_optional(slug.as_deref(), Service::parse, "/service", invalid)),
            category: self.category.and_then(|slug| match slug {
                Some(slug) => invalid.check("/category", slug.parse()),
                None => Some(CategoryChoice::OTHER),
            }),
            url: self.url.and_then(|url| read_optional(url.as_deref(), Link::parse, "/url", invalid)),
            notes: self.notes.and_then(|notes| invalid.check("/notes", Notes::parse(&notes))),
            auto_renew: self.auto_renew,
            cycle: self.cycle,
            first_charge_on: self
                .first_charge_on
                .and_then(|date| read_date(date, "/first_charge_on", invalid)),
            month_end: self.month_end,
            weekend: self.weekend,
            trial_ends_on: self
                .trial_ends_on
                .and_then(|date| read_optional_date(date, "/trial_ends_on", invalid)),
            ends_on: self.ends_on.and_then(|date| read_optional_date(date, "/ends_on", invalid)),
            charges_left: match self.charges_left {
                None => None,
                Some(None) => Some(None),
                Some(Some(charges)) => read_charges_left(charges, 0, invalid).map(Some),
            },
            term: self.term.and_then(|term| read_term(term, invalid)),
            price_varies: self.price_varies,
            particulars: self.particulars.read(invalid),
            price,
        }
    }

    fn read_price(&self, invalid: &mut Invalid) -> Option<PriceChange> {
        let from = read_optional_date(self.price_from, "/price_from", invalid);
        if self.price.is_none() && self.price_from.is_some() {
            invalid.add("/price_from", "needs a price that holds from that day");
        }
        let price = read_price(self.price?, "/price", invalid)?;
        Some(PriceChange { price, from: from? })
    }
}
