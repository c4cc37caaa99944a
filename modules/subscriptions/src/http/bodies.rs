//! How subscriptions and payments look on the wire, and how they come in.

use contracts::subscriptions::{Source, Status};
use jiff::{Timestamp, civil::Date};
use kernel::{Currency, Cycle, CycleText, Invalid, MemberId, Money, MoneyText, PaymentId, SubscriptionId};
use platform::http::{Patch, patch, present};
use serde::{Deserialize, Serialize};

use super::sharing::{ShareBody, ShareText};
use crate::domain::{
    Amendment, Change, Draft, MonthEnd, Payment, PriceStep, Proposal, SharingChange, Subscription,
};

/// Something paid for again and again, as it is today.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Subscription)]
pub(crate) struct SubscriptionBody {
    pub(crate) id: SubscriptionId,
    pub(crate) name: String,
    plan: Option<String>,
    pub(crate) status: Status,
    /// What one charge costs today.
    price: Money,
    /// How often; `null` was bought once.
    cycle: Option<Cycle>,
    /// Which day of a month: that of the first charge, or always the last.
    #[schema(value_type = MonthEndWord)]
    month_end: &'static str,
    /// The anchor: every charge date is computed from it.
    #[schema(schema_with = kernel::schema::date)]
    first_charge_on: Date,
    /// The first charge date not yet processed.
    #[schema(schema_with = nullable_date)]
    next_charge_on: Option<Date>,
    /// The first day that is not free.
    #[schema(schema_with = nullable_date)]
    trial_ends_on: Option<Date>,
    /// The first day on which it can no longer be used.
    #[schema(schema_with = nullable_date)]
    ends_on: Option<Date>,
    auto_renew: bool,
    /// What the price comes to a month; `null` where it was bought once.
    monthly_equivalent: Option<Money>,
    /// A built-in category.
    category: &'static str,
    /// The slug in the catalogue.
    service: Option<String>,
    url: Option<String>,
    notes: String,
    /// Whether only you, who added it, see and count it.
    private: bool,
    /// The member who pays it; `null` is the household's common purse.
    payer_id: Option<MemberId>,
    /// How it is divided; `null` is its payer's own, or everybody's equally.
    shares: Option<Vec<ShareBody>>,
    source: Source,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// A date or `null`.
pub(crate) fn nullable_date() -> utoipa::openapi::Object {
    let mut schema = kernel::schema::date();
    schema.schema_type = utoipa::openapi::schema::SchemaType::from_iter([
        utoipa::openapi::schema::Type::String,
        utoipa::openapi::schema::Type::Null,
    ]);
    schema
}

impl SubscriptionBody {
    pub(crate) fn new(subscription: &Subscription, today: Date) -> Self {
        Self {
            id: subscription.id,
            name: subscription.name.to_string(),
            plan: subscription.plan.as_ref().map(ToString::to_string),
            status: subscription.status,
            price: subscription.price_on(today),
            cycle: subscription.cycle,
            month_end: subscription.month_end.as_str(),
            first_charge_on: subscription.first_charge_on,
            next_charge_on: subscription.next_charge_on(),
            trial_ends_on: subscription.trial_ends_on,
            ends_on: subscription.ends_on,
            auto_renew: subscription.auto_renew,
            monthly_equivalent: subscription.monthly_equivalent(today),
            category: subscription.category.slug(),
            service: subscription.service.as_ref().map(ToString::to_string),
            url: subscription.url.as_ref().map(ToString::to_string),
            notes: subscription.notes.to_string(),
            private: subscription.sharing.private,
            payer_id: subscription.sharing.payer,
            shares: super::sharing::shown(subscription),
            source: subscription.source.clone(),
            created_at: subscription.created_at,
            updated_at: subscription.updated_at,
        }
    }
}

/// Which day of a month a monthly or yearly charge falls on.
#[derive(Debug, utoipa::ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "it only describes the words of month_end")]
pub(crate) enum MonthEndWord {
    /// The day of the first charge, or the month's last where it has no such day.
    AnchorDay,
    /// Always the last day.
    LastDay,
}

/// One charge.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Payment)]
pub(crate) struct PaymentBody {
    id: PaymentId,
    subscription_id: SubscriptionId,
    /// The charge date.
    #[schema(schema_with = kernel::schema::date)]
    pub(crate) due_on: Date,
    /// The day the money moved.
    #[schema(schema_with = nullable_date)]
    paid_on: Option<Date>,
    /// `due`, `paid`, `failed`, `skipped` or `refunded`.
    status: &'static str,
    amount: Money,
    /// How we know: `renewal`, `manual`, `assumed`, `message` or `statement`.
    source: &'static str,
}

impl PaymentBody {
    #[expect(clippy::needless_pass_by_value, reason = "it shows a row of a page, which is given away")]
    pub(crate) fn new(payment: Payment) -> Self {
        Self {
            id: payment.id,
            subscription_id: payment.subscription,
            due_on: payment.due_on,
            paid_on: payment.state.paid_on(),
            status: payment.state.status().as_str(),
            amount: payment.amount,
            source: payment.source.as_str(),
        }
    }
}

/// From a day on, this price holds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct PriceBody {
    #[schema(schema_with = kernel::schema::date)]
    from: Date,
    price: Money,
}

impl From<PriceStep> for PriceBody {
    fn from(step: PriceStep) -> Self {
        Self { from: step.from, price: step.price }
    }
}

/// Something to track. `name`, `price` and `cycle` are enough.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBody {
    /// What you call it.
    #[schema(min_length = 1, max_length = 120, example = "Netflix")]
    name: String,
    /// Which of its plans.
    #[schema(max_length = 80)]
    plan: Option<String>,
    /// What one charge costs.
    price: MoneyText,
    /// How often; `null` is bought once.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    cycle: Option<CycleText>,
    /// Which day of a month: `anchor_day` (the default) or `last_day`.
    #[schema(value_type = Option<MonthEndWord>)]
    month_end: Option<String>,
    /// The first charge; the end of the trial, else today, when left out.
    #[schema(value_type = Option<String>, format = Date)]
    first_charge_on: Option<String>,
    /// The first day that is not free.
    #[schema(value_type = Option<String>, format = Date)]
    trial_ends_on: Option<String>,
    /// The first day on which it can no longer be used.
    #[schema(value_type = Option<String>, format = Date)]
    ends_on: Option<String>,
    /// Whether charges are paid without your doing; they are when left out.
    auto_renew: Option<bool>,
    /// Whether charges that fell due before today make payments; they do when left out.
    backfill: Option<bool>,
    /// A built-in category's slug.
    category: Option<String>,
    /// The slug in the catalogue.
    service: Option<String>,
    /// Where it lives on the web.
    #[schema(max_length = 2000)]
    url: Option<String>,
    /// Anything to keep with it.
    #[schema(max_length = 4000)]
    notes: Option<String>,
    /// Whether only you see and count it; no when left out.
    private: Option<bool>,
    /// The member who pays it; the household's common purse when left out.
    payer_id: Option<MemberId>,
    /// How it is divided: weights, or fixed amounts of which the payer bears the rest. Its payer's own, or everybody's
    /// equally, when left out.
    #[schema(max_items = 50)]
    shares: Option<Vec<ShareText>>,
}

fn read_date(text: Option<&str>, pointer: &str, invalid: &mut Invalid) -> Option<Date> {
    text.and_then(|text| invalid.check(pointer, kernel::parse_date(text)))
}

impl NewBody {
    /// Who sees, pays and shares it, or what is wrong with that.
    pub(crate) fn sharing(&self) -> Result<SharingChange, Invalid> {
        let mut invalid = Invalid::new();
        let shares = self.shares.as_ref().map(|shares| Some(super::sharing::read(shares, &mut invalid)));
        let (private, payer) = (self.private, self.payer_id.map(Some));
        invalid.into_result().map(|()| SharingChange { private, payer, shares })
    }

    /// The draft, or everything that is wrong with it.
    pub(crate) fn read(self, today: Date) -> Result<Draft, Invalid> {
        let mut invalid = Invalid::new();
        let price = self.price.read("/price", &mut invalid);
        let month_end = self.month_end.and_then(|word| invalid.check("/month_end", word.parse::<MonthEnd>()));
        let proposal = Proposal {
            name: self.name,
            plan: self.plan,
            service: self.service,
            // Only so that the rest can be looked at too: with a wrong price nothing is made of it.
            price: price.unwrap_or(Money::zero(Currency::EUR)),
            cycle: self.cycle.and_then(|cycle| cycle.read("/cycle", &mut invalid)),
            month_end: month_end.unwrap_or(MonthEnd::AnchorDay),
            first_charge_on: read_date(self.first_charge_on.as_deref(), "/first_charge_on", &mut invalid),
            trial_ends_on: read_date(self.trial_ends_on.as_deref(), "/trial_ends_on", &mut invalid),
            ends_on: read_date(self.ends_on.as_deref(), "/ends_on", &mut invalid),
            auto_renew: self.auto_renew.unwrap_or(true),
            backfill: self.backfill.unwrap_or(true),
            category: self.category,
            url: self.url,
            notes: self.notes.unwrap_or_default(),
            source: Source::Manual,
        };
        match proposal.read(today, &mut invalid) {
            Some(draft) if invalid.errors().is_empty() => Ok(draft),
            _ => Err(invalid),
        }
    }
}

/// What to change (JSON Merge Patch): what is left out stays, `null` takes away.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeBody {
    /// What you call it.
    #[serde(default, deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 120)]
    name: Option<String>,
    /// Which of its plans.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<String>, max_length = 80)]
    plan: Patch<String>,
    /// What one charge costs, in the currency it has.
    #[serde(default, deserialize_with = "present")]
    price: Option<MoneyText>,
    /// From which day it costs `price`; today when left out.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, format = Date)]
    price_from: Option<String>,
    /// How often; `null` is bought once.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<CycleText>)]
    cycle: Patch<CycleText>,
    /// `anchor_day` or `last_day`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<MonthEndWord>)]
    month_end: Option<String>,
    /// The anchor. What has been charged stays.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, format = Date)]
    first_charge_on: Option<String>,
    /// The first day that is not free.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<String>, format = Date)]
    trial_ends_on: Patch<String>,
    /// The first day on which it can no longer be used.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<String>, format = Date)]
    ends_on: Patch<String>,
    /// Whether charges are paid without your doing.
    #[serde(default, deserialize_with = "present")]
    auto_renew: Option<bool>,
    /// A built-in category's slug.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<String>)]
    category: Patch<String>,
    /// The slug in the catalogue.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<String>)]
    service: Patch<String>,
    /// Where it lives on the web.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    url: Patch<String>,
    /// Anything to keep with it.
    #[serde(default, deserialize_with = "present")]
    #[schema(max_length = 4000)]
    notes: Option<String>,
    /// Whether only you, who added it, see and count it.
    #[serde(default, deserialize_with = "present")]
    private: Option<bool>,
    /// The member who pays it; `null` is the household's common purse.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<MemberId>)]
    payer_id: Patch<MemberId>,
    /// How it is divided; `null` is its payer's own, or everybody's equally.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<Vec<ShareText>>, max_items = 50)]
    shares: Patch<Vec<ShareText>>,
}

/// A date that may be taken away. A wrong one is noted, and stands for no change.
fn patched_date(given: Patch<String>, pointer: &str, invalid: &mut Invalid) -> Patch<Date> {
    match given? {
        None => Some(None),
        Some(text) => invalid.check(pointer, kernel::parse_date(&text)).map(Some),
    }
}

impl ChangeBody {
    /// What to change about who sees, pays and shares it, or what is wrong with that.
    pub(crate) fn sharing(&self) -> Result<SharingChange, Invalid> {
        let mut invalid = Invalid::new();
        let shares = self
            .shares
            .as_ref()
            .map(|shares| shares.as_ref().map(|shares| super::sharing::read(shares, &mut invalid)));
        let (private, payer) = (self.private, self.payer_id);
        invalid.into_result().map(|()| SharingChange { private, payer, shares })
    }

    /// The change, or everything that is wrong with it.
    pub(crate) fn read(self) -> Result<Change, Invalid> {
        let mut invalid = Invalid::new();
        let amendment = Amendment {
            name: self.name,
            plan: self.plan,
            service: self.service,
            category: self.category,
            url: self.url,
            notes: self.notes,
            auto_renew: self.auto_renew,
            cycle: match self.cycle {
                None => None,
                Some(None) => Some(None),
                Some(Some(cycle)) => cycle.read("/cycle", &mut invalid).map(Some),
            },
            first_charge_on: read_date(self.first_charge_on.as_deref(), "/first_charge_on", &mut invalid),
            month_end: self.month_end.and_then(|word| invalid.check("/month_end", word.parse::<MonthEnd>())),
            trial_ends_on: patched_date(self.trial_ends_on, "/trial_ends_on", &mut invalid),
            ends_on: patched_date(self.ends_on, "/ends_on", &mut invalid),
            price: self.price.as_ref().and_then(|price| price.read("/price", &mut invalid)),
            price_from: read_date(self.price_from.as_deref(), "/price_from", &mut invalid),
        };
        // A price that was given but wrong is named already, and is not missing.
        invalid.clone().into_result()?;
        amendment.check()
    }
}

/// How to cancel.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelBody {
    /// The first day on which it can no longer be used; the next charge date when left out.
    #[schema(value_type = Option<String>, format = Date)]
    ends_on: Option<String>,
}

impl CancelBody {
    pub(crate) fn read(&self) -> Result<Option<Date>, Invalid> {
        let mut invalid = Invalid::new();
        let ends_on = read_date(self.ends_on.as_deref(), "/ends_on", &mut invalid);
        invalid.into_result().map(|()| ends_on)
    }
}
