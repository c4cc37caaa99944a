//! The export that loses nothing. Ids are left out: they are this installation's, and mean nothing in another. What
//! refers to something else in the file says its `ref`, its number in the list.

use std::collections::HashMap;

use contracts::subscriptions::{Source, Status};
use jiff::{Timestamp, civil::Date};
use kernel::{Currency, Cycle, CycleText, HouseholdId, Invalid, Money, PaymentId, SubscriptionId, UserId};
use serde::{Deserialize, Serialize};

use crate::domain::{
    CategoryChoice, Label, LabelInput, LabelKind, Link, MonthEnd, Name, Notes, Particulars, ParticularsInput,
    Payment, PaymentSource, PaymentState, PaymentStatus, Plan, PricesError, Record, Service, Sharing,
    Sorting, StoredPrices, Subscription, Term, TextError, Weekend, read_date,
};

/// What a file of this format says it is.
pub const FORMAT: &str = "perennial";
/// More charges than anything is agreed for.
const MOST_CHARGES_LEFT: i64 = 9_999;
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
    /// The household's own categories, its tags and its payment methods, by kind and name.
    pub labels: Vec<ExportedLabel>,
    /// Every subscription, in the order in which they were added.
    pub subscriptions: Vec<Exported>,
}

/// A category of the household's own, a tag or a payment method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedLabel {
    /// Its number in this file, counted from one.
    #[serde(rename = "ref")]
    pub reference: u32,
    /// What it is: `category`, `tag` or `payment_method`.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// What kind of payment method it is; `null` for everything else.
    pub method: Option<String>,
    /// The last four digits of one.
    pub last4: Option<String>,
    /// Whether one is out of use.
    pub archived: bool,
}

/// A link with what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedLink {
    /// What it is for.
    pub label: String,
    /// Where it leads.
    pub url: String,
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
    /// Whether they are only what is expected.
    pub price_varies: bool,
    /// How often; `null` was bought once.
    pub cycle: Option<CycleText>,
    /// Which day of a month: `anchor_day` or `last_day`.
    pub month_end: String,
    /// What becomes of charges on a Saturday or Sunday: `keep`, `before` or `after`.
    pub weekend: String,
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
    /// How many charges remain from `open_from` on.
    pub charges_left: Option<u32>,
    /// How long one is bound.
    #[schema(value_type = Option<Object>)]
    pub term: Option<Term>,
    /// Whether charges are paid without anybody's doing.
    pub auto_renew: bool,
    /// A built-in category's slug; `null` where it is one of the household's own.
    pub category: Option<String>,
    /// The `ref` of a category of the household's own.
    pub own_category: Option<u32>,
    /// Where it lives on the web.
    pub url: Option<String>,
    /// Anything its owner keeps with it.
    pub notes: String,
    /// The `ref` of what it is paid with.
    pub payment_method: Option<u32>,
    /// The `ref`s of what it is marked with.
    pub tags: Vec<u32>,
    /// Where else it is on the web.
    pub links: Vec<ExportedLink>,
    /// With which account one is known there.
    pub account: Option<String>,
    /// How much it is used.
    pub usage: Option<String>,
    /// When that was marked.
    #[schema(value_type = Option<String>, format = Date)]
    pub usage_marked_on: Option<Date>,
    /// The `ref` of the subscription that took its place.
    pub replaced_by: Option<u32>,
    /// How many days ahead to be reminded; as the owner prefers, when `null`.
    pub reminder_days: Option<Vec<u8>>,
    /// Whether whoever added it alone sees it. Who pays and who shares is not exported: members are people of one
    /// household.
    #[serde(default)]
    pub private: bool,
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
    /// Whether that is only what was expected.
    pub expected: bool,
    /// Whether it stands beside the charge dates, of which each has one payment.
    pub extra: bool,
    /// Anything that is kept with it.
    pub note: String,
    /// How it is known: `renewal`, `manual`, `assumed`, `message` or `statement`.
    pub source: String,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl Document {
    /// Everything in `subscriptions`, each with its payments and when those were recorded, in the order of the ids; and
    /// what they are sorted by.
    pub fn of(sorting: &Sorting, subscriptions: &[(Subscription, Vec<(Payment, Timestamp)>)]) -> Self {
        let labels: Vec<&Label> = LabelKind::ALL.into_iter().flat_map(|kind| sorting.of(kind)).collect();
        let refs = Refs {
            labels: (1..).zip(&labels).map(|(reference, label)| (label.id, reference)).collect(),
            subscriptions: (1..).zip(subscriptions).map(|(reference, (it, _))| (it.id, reference)).collect(),
        };
        let exported = (1_u32..).zip(subscriptions);
        Self {
            format: FORMAT.into(),
            version: VERSION,
            labels: (1_u32..)
                .zip(&labels)
                .map(|(reference, label)| ExportedLabel::of(reference, label))
                .collect(),
            subscriptions: exported
                .map(|(reference, (it, payments))| Exported::of(reference, it, payments, &refs))
                .collect(),
        }
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

/// The numbers of what subscriptions point at.
struct Refs {
    labels: HashMap<uuid::Uuid, u32>,
    subscriptions: HashMap<SubscriptionId, u32>,
}

impl Refs {
    fn label(&self, id: uuid::Uuid) -> Option<u32> {
        self.labels.get(&id).copied()
    }
}

impl ExportedLabel {
    fn of(reference: u32, label: &Label) -> Self {
        let method = label.method.as_ref();
        Self {
            reference,
            kind: label.kind.as_str().into(),
            name: label.name.to_string(),
            method: method.map(|method| method.kind.as_str().into()),
            last4: method.and_then(|method| method.last4.as_ref()).map(|digits| digits.as_str().into()),
            archived: !label.offered(),
        }
    }

    /// The label as it was, for its new owner.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn restore(&self, id: uuid::Uuid, household: HouseholdId) -> Result<Label, Invalid> {
        let kind: LabelKind =
            self.kind.parse().map_err(|error| Invalid::field("/kind", format!("{error}")))?;
        let input = LabelInput {
            name: Some(self.name.clone()),
            method: self.method.clone(),
            last4: Some(self.last4.clone()),
            archived: Some(self.archived),
        };
        Label::create(id, household, kind, &input)
    }
}

impl Exported {
    fn of(
        reference: u32,
        subscription: &Subscription,
        payments: &[(Payment, Timestamp)],
        refs: &Refs,
    ) -> Self {
        let record: &Record = subscription;
        let kept = &record.particulars;
        let (category, own_category) = match record.category {
            CategoryChoice::BuiltIn(category) => (Some(category.slug().to_owned()), None),
            CategoryChoice::Own(id) => match refs.label(id.uuid()) {
                Some(reference) => (None, Some(reference)),
                // One that is gone is as if it had never been chosen.
                None => (Some(CategoryChoice::OTHER.to_string()), None),
            },
        };
        let mut tags: Vec<u32> = kept.tags.iter().filter_map(|tag| refs.label(tag.uuid())).collect();
        tags.sort_unstable();
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
            price_varies: record.price_varies,
            cycle: record
                .cycle
                .map(|cycle| CycleText { every: cycle.every().into(), unit: cycle.unit().as_str().into() }),
            month_end: record.month_end.as_str().into(),
            weekend: record.weekend.as_str().into(),
            first_charge_on: record.first_charge_on,
            open_from: record.open_from,
            trial_ends_on: record.trial_ends_on,
            ends_on: record.ends_on,
            charges_left: record.charges_left,
            term: record.term,
            auto_renew: record.auto_renew,
            category,
            own_category,
            url: record.url.as_ref().map(ToString::to_string),
            notes: record.notes.to_string(),
            payment_method: kept.payment_method.and_then(|id| refs.label(id.uuid())),
            tags,
            links: kept
                .links
                .iter()
                .map(|link| ExportedLink { label: link.label.to_string(), url: link.url.to_string() })
                .collect(),
            account: kept.account.as_ref().map(ToString::to_string),
            usage: kept.usage.map(|usage| usage.as_str().into()),
            usage_marked_on: kept.usage_marked_on,
            replaced_by: kept.replaced_by.and_then(|id| refs.subscriptions.get(&id).copied()),
            reminder_days: kept.reminder_days.as_ref().map(|days| days.days().to_vec()),
            private: subscription.sharing.private,
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
            expected: payment.expected,
            extra: payment.extra,
            note: payment.note.to_string(),
            source: payment.source.as_str().into(),
            created_at,
        }
    }
}

/// Whose a restored subscription is, its new id, and those of what it may point at.
#[derive(Debug, Clone, Copy)]
pub struct Restored<'r> {
    /// A fresh id.
    pub id: SubscriptionId,
    /// Whose it becomes.
    pub household: HouseholdId,
    /// Who brought it.
    pub created_by: UserId,
    /// The kinds and new ids of the file's labels, in their order.
    pub labels: &'r [(LabelKind, uuid::Uuid)],
    /// The new ids of the file's subscriptions, in their order; `None` for one that stays out.
    pub subscriptions: &'r [Option<SubscriptionId>],
}

impl Restored<'_> {
    fn label(
        &self,
        kind: LabelKind,
        reference: u32,
        pointer: &str,
        invalid: &mut Invalid,
    ) -> Option<uuid::Uuid> {
        let found = at(self.labels, reference).filter(|(of, _)| *of == kind).map(|(_, id)| *id);
        if found.is_none() {
            invalid.add(pointer, format!("{reference} is the ref of nothing of this kind in the file"));
        }
        found
    }
}

/// The entry of a list of the file with that number.
fn at<T>(list: &[T], reference: u32) -> Option<&T> {
    list.get(usize::try_from(reference).ok()?.checked_sub(1)?)
}

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
            charges_left: self.charges_left,
            term: self.term,
            auto_renew: self.auto_renew,
            category: parts.category,
            url: parts.url,
            notes: parts.notes,
            particulars: parts.particulars,
            sharing: Sharing { private: self.private, ..Sharing::default() },
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
            if !exported.extra && !charged.insert(exported.due_on) {
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
    category: CategoryChoice,
    month_end: MonthEnd,
    weekend: Weekend,
    particulars: Particulars,
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
        let note = invalid.check(format!("{pointer}/note"), Notes::parse(&self.note))?;
        Some(Payment {
            id,
            subscription: subscription.id,
            household: subscription.household,
            due_on: self.due_on,
            state,
            amount,
            source,
            expected: self.expected,
            extra: self.extra,
            note,
            converted: None,
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
