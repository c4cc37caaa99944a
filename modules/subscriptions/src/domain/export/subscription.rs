//! One subscription on its way out.

use contracts::subscriptions::{Source, Status};
use jiff::{Timestamp, civil::Date};
use kernel::{Currency, CycleText, Money};
use serde::{Deserialize, Serialize};

use super::{ExportedPayment, ExportedSharing, Whole, refs::Refs};
use crate::domain::{CategoryChoice, Record, StoredPrices, Term};

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
    /// When somebody cancelled it; left out where nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub cancelled_on: Option<Date>,
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
    /// Whether whoever added it alone sees it.
    #[serde(default)]
    pub private: bool,
    /// Who pays it and how it is divided; left out where that is as it is without anybody's doing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing: Option<ExportedSharing>,
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

impl Exported {
    pub(super) fn of(reference: u32, whole: &Whole, refs: &Refs) -> Self {
        let Whole { subscription, payments } = whole;
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
            cancelled_on: record.cancelled_on,
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
            replaced_by: kept.replaced_by.and_then(|id| refs.subscription(id)),
            reminder_days: kept.reminder_days.as_ref().map(|days| days.days().to_vec()),
            private: subscription.sharing.private,
            sharing: ExportedSharing::of(&subscription.sharing, currency, refs),
            source: record.source.clone(),
            created_on: record.created_on,
            created_at: record.created_at,
            updated_at: record.updated_at,
            payments: payments.iter().map(|held| ExportedPayment::of(held, refs)).collect(),
        }
    }
}
