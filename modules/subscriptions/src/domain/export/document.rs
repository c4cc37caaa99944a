//! The export that loses nothing. Ids are left out: they are this installation's, and mean nothing in another. What
//! refers to something else in the file says its `ref`, its number in the list.

use contracts::subscriptions::{Source, Status};
use jiff::{Timestamp, civil::Date};
use kernel::{Currency, Cycle, CycleText, HouseholdId, Invalid, Money, PaymentId, SubscriptionId, UserId};
use serde::{Deserialize, Serialize};

use crate::domain::{
    Category, Link, MonthEnd, Name, Notes, Payment, PaymentSource, PaymentState, PaymentStatus, Plan,
    PricesError, Record, Service, StoredPrices, Subscription, TextError, read_date,
};

/// What a file of this format says it is.
pub const FORMAT: &str = "perennial";
/// The version that is written. Members are added to it, never changed or removed.
const VERSION: u32 = 1;

/// Everything a household tracks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Export)]
pub struct Document {
    /// Always `perennial`.
    pub format: String,
    /// The version of the format: 1.
    pub version: u32,
    /// Every subscription, in the order in which they were added.
    pub subscriptions: Vec<Exported>,
}

/// One subscription with its payments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ExportedSubscription)]
pub struct Exported {
    /// Its number in this file, counted from one.
    #[serde(rename = "ref")]
    pub reference: u32,
    /// What people call it.
    pub name: String,
    /// Which of its plans.
    pub plan: Option<String>,
    /// Its slug in the catalogue.
    pub service: Option<String>,
    /// Where it is in its life.
    pub status: Status,
    /// The currency of its prices.
    pub currency: Currency,
    /// Its prices: from a day on, so much, the oldest first.
    pub prices: Vec<ExportedPrice>,
    /// How often; `null` was bought once.
    pub cycle: Option<CycleText>,
    /// Which day of a month: `anchor_day` or `last_day`.
    pub month_end: String,
    /// The anchor.
    #[schema(schema_with = kernel::schema::date)]
    pub first_charge_on: Date,
    /// Charge dates before this day are done with.
    #[schema(schema_with = kernel::schema::date)]
    pub open_from: Date,
    /// The first day that is not free.
    #[schema(value_type = Option<String>, format = Date)]
    pub trial_ends_on: Option<Date>,
    /// The first day on which it can no longer be used.
    #[schema(value_type = Option<String>, format = Date)]
    pub ends_on: Option<Date>,
    /// Whether charges are paid without anybody's doing.
    pub auto_renew: bool,
    /// A built-in category's slug.
    pub category: String,
    /// Where it lives on the web.
    pub url: Option<String>,
    /// Anything its owner keeps with it.
    pub notes: String,
    /// Where it came from.
    pub source: Source,
    /// The day on which it began to be tracked.
    #[schema(schema_with = kernel::schema::date)]
    pub created_on: Date,
    /// The instant of that.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Its payments, the oldest charge date first.
    pub payments: Vec<ExportedPayment>,
}

/// From a day on, so much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedPrice {
    /// The first day.
    #[schema(schema_with = kernel::schema::date)]
    pub from: Date,
    /// A decimal with the currency's digits.
    pub amount: String,
}

/// One charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedPayment {
    /// The charge date.
    #[schema(schema_with = kernel::schema::date)]
    pub due_on: Date,
    /// The day the money moved.
    #[schema(value_type = Option<String>, format = Date)]
    pub paid_on: Option<Date>,
    /// `due`, `paid`, `failed`, `skipped` or `refunded`.
    pub status: String,
    /// A decimal with the currency's digits.
    pub amount: String,
    /// Its currency.
    pub currency: Currency,
    /// How it is known: `renewal`, `manual`, `assumed`, `message` or `statement`.
    pub source: String,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl Document {
    /// Everything in `subscriptions`, each with its payments and when those were recorded, in the order of the ids.
    pub fn of(subscriptions: &[(Subscription, Vec<(Payment, Timestamp)>)]) -> Self {
        let subscriptions = (1_u32..)
            .zip(subscriptions)
            .map(|(reference, (subscription, payments))| Exported::of(reference, subscription, payments))
            .collect();
        Self { format: FORMAT.into(), version: VERSION, subscriptions }
    }

    /// Why a file that says it is one of ours cannot be taken.
    ///
    /// # Errors
    /// The sentence.
    pub fn check_version(version: u64) -> Result<(), String> {
        if version == u64::from(VERSION) {
            return Ok(());
        }
        Err(format!(
            "The file is of version {version} of the format, and this program reads version {VERSION}."
        ))
    }
}

impl Exported {
    fn of(reference: u32, subscription: &Subscription, payments: &[(Payment, Timestamp)]) -> Self {
        let record: &Record = subscription;
        let currency = record.prices.currency();
        let text = |minor| Money::from_minor(minor, currency).amount_text();
        let prices = StoredPrices::from(&record.prices);
        Self {
            reference,
            name: record.name.to_string(),
            plan: record.plan.as_ref().map(ToString::to_string),
            service: record.service.as_ref().map(ToString::to_string),
            status: record.status,
            currency,
            prices: prices.pairs().map(|(from, minor)| ExportedPrice { from, amount: text(minor) }).collect(),
            cycle: record
                .cycle
                .map(|cycle| CycleText { every: cycle.every().into(), unit: cycle.unit().as_str().into() }),
            month_end: record.month_end.as_str().into(),
            first_charge_on: record.first_charge_on,
            open_from: record.open_from,
            trial_ends_on: record.trial_ends_on,
            ends_on: record.ends_on,
            auto_renew: record.auto_renew,
            category: record.category.slug().into(),
            url: record.url.as_ref().map(ToString::to_string),
            notes: record.notes.to_string(),
            source: record.source.clone(),
            created_on: record.created_on,
            created_at: record.created_at,
            updated_at: record.updated_at,
            payments: payments
                .iter()
                .map(|(payment, created_at)| ExportedPayment::of(payment, *created_at))
                .collect(),
        }
    }
}

impl ExportedPayment {
    fn of(payment: &Payment, created_at: Timestamp) -> Self {
        Self {
            due_on: payment.due_on,
            paid_on: payment.state.paid_on(),
            status: payment.state.status().as_str().into(),
            amount: payment.amount.amount_text(),
            currency: payment.amount.currency(),
            source: payment.source.as_str().into(),
            created_at,
        }
    }
}

/// Whose a restored subscription is, and its new id.
#[derive(Debug, Clone, Copy)]
pub struct Restored {
    /// A fresh id.
    pub id: SubscriptionId,
    /// Whose it becomes.
    pub household: HouseholdId,
    /// Who brought it.
    pub created_by: UserId,
}

impl Exported {
    /// The subscription as it was, for its new owner. Whatever a file says, it becomes something that keeps every rule,
    /// or nothing.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn restore(&self, owner: Restored) -> Result<Subscription, Invalid> {
        let mut invalid = Invalid::new();
        let parts = self.parts(&mut invalid);
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
            cycle: parts.cycle,
            month_end: parts.month_end,
            first_charge_on: self.first_charge_on,
            open_from: self.open_from,
            trial_ends_on: self.trial_ends_on,
            ends_on: self.ends_on,
            auto_renew: self.auto_renew,
            category: parts.category,
            url: parts.url,
            notes: parts.notes,
            source: self.source.clone(),
            created_on: self.created_on,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: 1,
        };
        Subscription::restore(record).map_err(|error| Invalid::field("/status", error.to_string()))
    }

    fn parts(&self, invalid: &mut Invalid) -> Option<Parts> {
        let name = invalid.check("/name", Name::parse(&self.name));
        let plan = optional(self.plan.as_deref(), Plan::parse, "/plan", invalid);
        let service = optional(self.service.as_deref(), Service::parse, "/service", invalid);
        let url = optional(self.url.as_deref(), Link::parse, "/url", invalid);
        let notes = invalid.check("/notes", Notes::parse(&self.notes));
        let category = invalid.check("/category", self.category.parse());
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
            cycle: cycle?,
            prices: self.prices(invalid)?,
        })
    }

    fn prices(&self, invalid: &mut Invalid) -> Option<crate::domain::Prices> {
        if self.prices.len() > crate::domain::Prices::MAX_STEPS {
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

    /// Its payments as they were, each with a new id and when it was recorded.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn restore_payments(
        &self,
        subscription: &Subscription,
        mut id: impl FnMut() -> PaymentId,
    ) -> Result<Vec<(Payment, Timestamp)>, Invalid> {
        let mut invalid = Invalid::new();
        let mut payments = Vec::with_capacity(self.payments.len());
        let mut charged = std::collections::HashSet::new();
        for (number, exported) in self.payments.iter().enumerate() {
            let pointer = format!("/payments/{number}");
            if !charged.insert(exported.due_on) {
                invalid.add(format!("{pointer}/due_on"), "another payment has this charge date");
            }
            let payment = exported.restore(id(), subscription, &pointer, &mut invalid);
            payments.extend(payment.map(|payment| (payment, exported.created_at)));
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
    category: Category,
    month_end: MonthEnd,
    cycle: Option<Cycle>,
    prices: crate::domain::Prices,
}

impl ExportedPayment {
    fn restore(
        &self,
        id: PaymentId,
        subscription: &Subscription,
        pointer: &str,
        invalid: &mut Invalid,
    ) -> Option<Payment> {
        read_date(self.due_on, &format!("{pointer}/due_on"), invalid)?;
        let status: PaymentStatus = invalid.check(format!("{pointer}/status"), self.status.parse())?;
        let source: PaymentSource = invalid.check(format!("{pointer}/source"), self.source.parse())?;
        let amount = invalid.check(format!("{pointer}/amount"), Money::parse(&self.amount, self.currency))?;
        let state =
            invalid.check(format!("{pointer}/paid_on"), PaymentState::stored(status, self.paid_on))?;
        Some(Payment {
            id,
            subscription: subscription.id,
            household: subscription.household,
            due_on: self.due_on,
            state,
            amount,
            source,
        })
    }
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
