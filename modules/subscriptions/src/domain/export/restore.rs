//! A subscription on its way in, out of an export.

use contracts::subscriptions::Status;
use jiff::civil::Date;
use kernel::{Cycle, Invalid, Money, PaymentId};

use super::{Exported, Held, Restored, refs::at};
use crate::domain::{
    CategoryChoice, LabelKind, Link, MonthEnd, Name, Notes, Particulars, ParticularsInput, Plan, Prices,
    PricesError, Record, Service, Sharing, StoredPrices, Subscription, TextError, Weekend, read_date,
};

/// More charges than anything is agreed for.
const MOST_CHARGES_LEFT: i64 = 9_999;

impl Exported {
    /// The subscription as it was, for its new owner. Whatever a file says, it becomes something that keeps every rule,
    /// or nothing.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn restore(&self, owner: Restored<'_>) -> Result<Subscription, Invalid> {
        let mut invalid = Invalid::new();
        let parts = self.parts(&owner, &mut invalid);
        let Some(parts) = parts.filter(|_| invalid.errors().is_empty()) else { return Err(invalid) };
        let record = Record {
            id: owner.id,
            household: owner.household,
            created_by: owner.created_by,
            name: parts.name,
            plan: parts.plan,
            service: parts.service,
            status: self.status,
            prices: parts.prices,
            price_varies: self.price_varies,
            cycle: parts.cycle,
            month_end: parts.month_end,
            weekend: parts.weekend,
            first_charge_on: self.first_charge_on,
            open_from: self.open_from,
            settled_ahead: self.settled_ahead(),
            trial_ends_on: self.trial_ends_on,
            ends_on: self.ends_on,
            // Files of before it was kept tell by the status alone.
            cancelled_on: self.cancelled_on.or(self.ends_on.filter(|_| self.status == Status::Cancelled)),
            charges_left: self.charges_left,
            term: self.term,
            auto_renew: self.auto_renew,
            category: parts.category,
            url: parts.url,
            notes: parts.notes,
            particulars: parts.particulars,
            sharing: parts.sharing,
            source: self.source.clone(),
            created_on: self.created_on,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: 1,
        };
        Subscription::restore(record).map_err(|error| Invalid::field("/status", error.to_string()))
    }

    /// The charge dates that have their payment ahead of their time.
    fn settled_ahead(&self) -> Vec<Date> {
        let ahead = self.payments.iter().filter(|payment| !payment.extra && payment.due_on >= self.open_from);
        let mut dates: Vec<Date> = ahead.map(|payment| payment.due_on).collect();
        dates.sort_unstable();
        dates.dedup();
        dates
    }

    fn parts(&self, owner: &Restored<'_>, invalid: &mut Invalid) -> Option<Parts> {
        let name = invalid.check("/name", Name::parse(&self.name));
        let plan = optional(self.plan.as_deref(), Plan::parse, "/plan", invalid);
        let service = optional(self.service.as_deref(), Service::parse, "/service", invalid);
        let url = optional(self.url.as_deref(), Link::parse, "/url", invalid);
        let notes = invalid.check("/notes", Notes::parse(&self.notes));
        let category = self.category(owner, invalid);
        let particulars = self.particulars(owner, invalid);
        let sharing = self.sharing(owner, invalid);
        let weekend = invalid.check("/weekend", self.weekend.parse());
        if let Some(term) = self.term {
            term.check(self.first_charge_on, invalid);
        }
        if self.charges_left.is_some_and(|left| i64::from(left) > MOST_CHARGES_LEFT) {
            invalid.add("/charges_left", format!("must be at most {MOST_CHARGES_LEFT}"));
        }
        let month_end = invalid.check("/month_end", self.month_end.parse());
        let cycle = match &self.cycle {
            None => Some(None),
            Some(cycle) => cycle.read("/cycle", invalid).map(Some),
        };
        for (date, pointer) in [
            (Some(self.first_charge_on), "/first_charge_on"),
            (self.trial_ends_on, "/trial_ends_on"),
            (self.ends_on, "/ends_on"),
            (Some(self.created_on), "/created_on"),
        ] {
            date.and_then(|date| read_date(date, pointer, invalid));
        }
        Some(Parts {
            name: name?,
            plan: plan?,
            service: service?,
            url: url?,
            notes: notes?,
            category: category?,
            month_end: month_end?,
            weekend: weekend?,
            particulars: particulars?,
            sharing,
            cycle: cycle?,
            prices: self.prices(invalid)?,
        })
    }

    fn category(&self, owner: &Restored<'_>, invalid: &mut Invalid) -> Option<CategoryChoice> {
        match (&self.category, self.own_category) {
            (None, Some(reference)) => owner
                .label(LabelKind::Category, reference, "/own_category", invalid)
                .map(|id| CategoryChoice::Own(kernel::CategoryId::from_uuid(id))),
            (Some(slug), None) => invalid.check("/category", slug.parse().map(CategoryChoice::BuiltIn)),
            (None, None) | (Some(_), Some(_)) => {
                invalid.add("/category", "give either category or own_category");
                None
            }
        }
    }

    fn particulars(&self, owner: &Restored<'_>, invalid: &mut Invalid) -> Option<Particulars> {
        let found = invalid.errors().len();
        let mut label = |kind, reference, pointer: &str| owner.label(kind, reference, pointer, invalid);
        let payment_method = self
            .payment_method
            .and_then(|reference| label(LabelKind::PaymentMethod, reference, "/payment_method"));
        let tags = self.tags.iter().filter_map(|reference| label(LabelKind::Tag, *reference, "/tags"));
        let tags: Vec<kernel::TagId> = tags.map(kernel::TagId::from_uuid).collect();
        let replaced_by = match self.replaced_by.map(|reference| at(owner.subscriptions, reference)) {
            Some(None) => {
                invalid.add("/replaced_by", "is the ref of no subscription in the file");
                None
            }
            Some(Some(id)) => *id,
            None => None,
        };
        let usage = match &self.usage {
            Some(word) => invalid.check("/usage", word.parse()).map(Some),
            None => Some(None),
        };
        let input = ParticularsInput {
            payment_method: Some(payment_method.map(kernel::PaymentMethodId::from_uuid)),
            tags: Some(tags),
            links: Some(self.links.iter().map(|link| (link.label.clone(), link.url.clone())).collect()),
            account: Some(self.account.clone()),
            usage: Some(usage.flatten()),
            replaced_by: Some(replaced_by),
            reminder_days: Some(
                self.reminder_days.as_ref().map(|days| days.iter().copied().map(i64::from).collect()),
            ),
        };
        let change = input.read(invalid);
        if invalid.errors().len() > found {
            return None;
        }
        let mut particulars = Particulars::default();
        particulars.apply(change, self.usage_marked_on.unwrap_or(self.created_on));
        particulars.usage_marked_on = self.usage_marked_on.filter(|_| particulars.usage.is_some());
        Some(particulars)
    }

    fn prices(&self, invalid: &mut Invalid) -> Option<Prices> {
        if self.prices.len() > Prices::MAX_STEPS {
            invalid.add("/prices", PricesError::TooMany.to_string());
            return None;
        }
        let mut steps = Vec::with_capacity(self.prices.len());
        for (number, price) in self.prices.iter().enumerate() {
            let amount = Money::parse(&price.amount, self.currency);
            steps.push((price.from, invalid.check(format!("/prices/{number}/amount"), amount)?.minor()));
        }
        invalid.check("/prices", StoredPrices::from_pairs(steps).into_prices(self.currency))
    }

    fn sharing(&self, owner: &Restored<'_>, invalid: &mut Invalid) -> Sharing {
        let mut sharing = match &self.sharing {
            Some(sharing) => sharing.restore(self.currency, owner, "/sharing", invalid),
            None => Sharing::default(),
        };
        sharing.private = self.private;
        let present: Vec<_> = owner.members.iter().flatten().filter(|it| !it.left).map(|it| it.id).collect();
        sharing.check_shape(&present, invalid);
        sharing
    }

    /// What its new owner should know of it.
    pub fn remark(&self) -> Option<String> {
        let documents = self.payments.iter().flat_map(|payment| &payment.documents);
        match documents.filter(|document| document.content.is_none()).count() {
            0 => None,
            1 => Some("One document is named without its content, and is left out.".into()),
            some => Some(format!("{some} documents are named without their content, and are left out.")),
        }
    }

    /// Its payments as they were, each with a new id and all that is kept with it.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn restore_payments(
        &self,
        subscription: &Subscription,
        owner: Restored<'_>,
        mut id: impl FnMut() -> PaymentId,
    ) -> Result<Vec<Held>, Invalid> {
        let mut invalid = Invalid::new();
        let mut payments = Vec::with_capacity(self.payments.len());
        let mut charged = std::collections::HashSet::new();
        for (number, exported) in self.payments.iter().enumerate() {
            let pointer = format!("/payments/{number}");
            if !exported.extra && !charged.insert(exported.due_on) {
                invalid.add(format!("{pointer}/due_on"), "another payment has this charge date");
            }
            payments.extend(exported.restore(id(), subscription, &owner, &pointer, &mut invalid));
            // One file can be wrong in very many places; the first ones tell enough.
            if invalid.errors().len() >= 20 {
                break;
            }
        }
        invalid.into_result().map(|()| payments)
    }
}

struct Parts {
    name: Name,
    plan: Option<Plan>,
    service: Option<Service>,
    url: Option<Link>,
    notes: Notes,
    category: CategoryChoice,
    month_end: MonthEnd,
    weekend: Weekend,
    particulars: Particulars,
    sharing: Sharing,
    cycle: Option<Cycle>,
    prices: Prices,
}

/// The optional text, when there is none or it is a right one.
fn optional<T>(
    text: Option<&str>,
    parse: fn(&str) -> Result<T, TextError>,
    pointer: &str,
    invalid: &mut Invalid,
) -> Option<Option<T>> {
    match text {
        Some(text) => invalid.check(pointer, parse(text)).map(Some),
        None => Some(None),
    }
}
