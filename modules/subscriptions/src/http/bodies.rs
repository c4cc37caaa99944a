//! How subscriptions and payments look on the wire, and how they come in.

use contracts::{
    subscriptions::{Source, Status},
    users::ReminderDays,
};
use jiff::{Timestamp, civil::Date};
use kernel::{Cycle, CycleText, Invalid, MemberId, Money, MoneyText, PaymentMethodId, SubscriptionId, TagId};
use platform::http::{Patch, patch, present};
use serde::{Deserialize, Serialize};

use super::parts::{
    BoundBody, LinkBody, StepInput, TermBody, TermInput, check_many, or_nothing, read_date, read_steps,
};
use super::sharing::{ShareBody, ShareText};
use crate::domain::{
    Amendment, Change, Conversion, Draft, MonthEnd, ParticularsInput, PriceStep, Proposal, SharingChange,
    Subscription, Usage, Weekend,
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
    /// Whether that is only what is expected, and each payment asks for the real amount.
    price_varies: bool,
    /// How often; `null` was bought once.
    cycle: Option<Cycle>,
    /// Which day of a month: that of the first charge, or always the last.
    #[schema(value_type = MonthEndWord)]
    month_end: &'static str,
    /// On which day the money of a charge on a Saturday or Sunday moves.
    #[schema(value_type = WeekendWord)]
    weekend: &'static str,
    /// The anchor: every charge date is computed from it.
    #[schema(schema_with = kernel::schema::date)]
    first_charge_on: Date,
    /// The first charge date not yet processed.
    #[schema(schema_with = nullable_date)]
    next_charge_on: Option<Date>,
    /// The day on which the money of that charge moves.
    #[schema(schema_with = nullable_date)]
    next_moves_on: Option<Date>,
    /// The first day that is not free.
    #[schema(schema_with = nullable_date)]
    trial_ends_on: Option<Date>,
    /// The first day on which it can no longer be used.
    #[schema(schema_with = nullable_date)]
    ends_on: Option<Date>,
    /// The day on which somebody cancelled it; nobody did where it ends by itself.
    #[schema(schema_with = nullable_date)]
    cancelled_on: Option<Date>,
    /// How many charges are to come before it ends by itself.
    charges_left: Option<u32>,
    /// How long one is bound.
    term: Option<TermBody>,
    #[serde(flatten)]
    bound: BoundBody,
    auto_renew: bool,
    /// What the price comes to a month; `null` where it was bought once.
    monthly_equivalent: Option<Money>,
    /// A built-in category's slug, or the id of one of your own.
    category: String,
    payment_method_id: Option<PaymentMethodId>,
    /// The ids of its tags.
    tags: Vec<TagId>,
    /// The slug in the catalogue.
    service: Option<String>,
    url: Option<String>,
    links: Vec<LinkBody>,
    /// With which account you are known there.
    account: Option<String>,
    /// How much you use it: `often`, `sometimes`, `rarely`, `never`.
    usage: Option<&'static str>,
    /// When you said so.
    #[schema(schema_with = nullable_date)]
    usage_marked_on: Option<Date>,
    /// What took its place.
    replaced_by: Option<SubscriptionId>,
    /// How many days ahead you are reminded of it; `null` is as you prefer in general.
    reminder_days: Option<Vec<u8>>,
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
        let kept = &subscription.particulars;
        let next_charge_on = subscription.next_charge_on();
        Self {
            id: subscription.id,
            name: subscription.name.to_string(),
            plan: subscription.plan.as_ref().map(ToString::to_string),
            status: subscription.status,
            price: subscription.price_on(today),
            price_varies: subscription.price_varies,
            cycle: subscription.cycle,
            month_end: subscription.month_end.as_str(),
            weekend: subscription.weekend.as_str(),
            first_charge_on: subscription.first_charge_on,
            next_charge_on,
            next_moves_on: next_charge_on.map(|date| subscription.moves_on(date)),
            trial_ends_on: subscription.trial_ends_on,
            ends_on: subscription.ends_on,
            cancelled_on: subscription.cancelled_on,
            charges_left: subscription.charges_left,
            term: subscription.term.map(Into::into),
            bound: BoundBody::of(subscription, today),
            auto_renew: subscription.auto_renew,
            monthly_equivalent: subscription.monthly_equivalent(today),
            category: subscription.category.to_string(),
            payment_method_id: kept.payment_method,
            tags: kept.tags.clone(),
            service: subscription.service.as_ref().map(ToString::to_string),
            url: subscription.url.as_ref().map(ToString::to_string),
            links: LinkBody::all(&kept.links),
            account: kept.account.as_ref().map(ToString::to_string),
            usage: kept.usage.map(Usage::as_str),
            usage_marked_on: kept.usage_marked_on,
            replaced_by: kept.replaced_by,
            reminder_days: kept.reminder_days.as_ref().map(ReminderDays::days).map(<[u8]>::to_vec),
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

/// On which day the money of a charge on a Saturday or Sunday moves. The charge date stays.
#[derive(Debug, utoipa::ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "it only describes the words of weekend")]
pub(crate) enum WeekendWord {
    /// On that very day.
    Keep,
    /// On the Friday before.
    Before,
    /// On the Monday after.
    After,
}

/// How much one uses something.
#[derive(Debug, utoipa::ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "it only describes the words of usage")]
pub(crate) enum UsageWord {
    /// All the time.
    Often,
    /// Now and then.
    Sometimes,
    /// Hardly.
    Rarely,
    /// Not at all.
    Never,
}

/// What a payment of another currency came to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Converted)]
pub(crate) struct ConvertedBody {
    /// How much, computed with the exact rate.
    amount: Money,
    /// How much of it one of the payment's currency bought, to eight digits.
    #[schema(example = "83.905797")]
    rate: String,
    /// The day the rate is of.
    #[schema(schema_with = kernel::schema::date)]
    rate_on: Date,
    /// Who said so: `ecb`, `own` (set by hand) or `combined`.
    source: &'static str,
}

impl From<Conversion> for ConvertedBody {
    fn from(kept: Conversion) -> Self {
        Self { amount: kept.amount, rate: kept.rate, rate_on: kept.rate_on, source: kept.source.as_str() }
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
    /// What it costs from later days on: a promotion has the full price behind it.
    #[schema(max_items = 100)]
    later_prices: Option<Vec<StepInput>>,
    /// Whether the price is only what is expected, and each payment asks for the real one.
    price_varies: Option<bool>,
    /// How often; `null` is bought once.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    cycle: Option<CycleText>,
    /// Which day of a month: `anchor_day` (the default) or `last_day`.
    #[schema(value_type = Option<MonthEndWord>)]
    month_end: Option<String>,
    /// What becomes of charges on a Saturday or Sunday: `keep` (the default), `before` or `after`.
    #[schema(value_type = Option<WeekendWord>)]
    weekend: Option<String>,
    /// The first charge; the end of the trial, else today, when left out.
    #[schema(value_type = Option<String>, format = Date)]
    first_charge_on: Option<String>,
    /// The first day that is not free.
    #[schema(value_type = Option<String>, format = Date)]
    trial_ends_on: Option<String>,
    /// The first day on which it can no longer be used.
    #[schema(value_type = Option<String>, format = Date)]
    ends_on: Option<String>,
    /// How many charges there are, from the first that is processed on, before it ends by itself.
    #[schema(minimum = 1, maximum = 9999)]
    charges_left: Option<i64>,
    /// How long you are bound. A term that does not renew is the end, where no other is given.
    term: Option<TermInput>,
    /// Whether charges are paid without your doing; they are when left out.
    auto_renew: Option<bool>,
    /// Whether charges that fell due before today make payments; they do when left out.
    backfill: Option<bool>,
    /// A built-in category's slug, or the id of one of your own.
    category: Option<String>,
    /// What it is paid with.
    payment_method_id: Option<PaymentMethodId>,
    /// The ids of its tags.
    #[schema(max_items = 20)]
    tags: Option<Vec<TagId>>,
    /// The slug in the catalogue.
    service: Option<String>,
    /// Where it lives on the web.
    #[schema(max_length = 2000)]
    url: Option<String>,
    /// Where else it is on the web, and what for.
    #[schema(max_items = 10)]
    links: Option<Vec<LinkBody>>,
    /// With which account you are known there.
    #[schema(max_length = 200)]
    account: Option<String>,
    /// How much you use it.
    #[schema(value_type = Option<UsageWord>)]
    usage: Option<String>,
    /// What took its place: another subscription of yours.
    replaced_by: Option<SubscriptionId>,
    /// How many days ahead you want to be reminded, at most five; as you prefer in general when left out.
    #[schema(value_type = Option<Vec<u8>>, max_items = 5)]
    reminder_days: Option<Vec<i64>>,
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
        let weekend = self.weekend.and_then(|word| invalid.check("/weekend", word.parse::<Weekend>()));
        let later_prices = self.later_prices.unwrap_or_default();
        check_many(&later_prices, "/later_prices", &mut invalid);
        let particulars = ParticularsInput {
            payment_method: Some(self.payment_method_id),
            tags: self.tags,
            links: self.links.map(LinkBody::pairs),
            account: Some(self.account),
            usage: self.usage.and_then(|word| invalid.check("/usage", word.parse::<Usage>())).map(Some),
            replaced_by: Some(self.replaced_by),
            reminder_days: Some(self.reminder_days),
        };
        let proposal = Proposal {
            name: self.name,
            plan: self.plan,
            service: self.service,
            // Only so that the rest can be looked at too: with a wrong price nothing is made of it.
            price: or_nothing(price),
            // In another currency than the price they are complained of; where that is wrong, it alone is.
            later_prices: match price {
                Some(_) => read_steps(&later_prices, "/later_prices", &mut invalid),
                None => Vec::new(),
            },
            price_varies: self.price_varies.unwrap_or(false),
            cycle: self.cycle.and_then(|cycle| cycle.read("/cycle", &mut invalid)),
            month_end: month_end.unwrap_or(MonthEnd::AnchorDay),
            weekend: weekend.unwrap_or_default(),
            first_charge_on: read_date(self.first_charge_on.as_deref(), "/first_charge_on", &mut invalid),
            trial_ends_on: read_date(self.trial_ends_on.as_deref(), "/trial_ends_on", &mut invalid),
            ends_on: read_date(self.ends_on.as_deref(), "/ends_on", &mut invalid),
            charges_left: self.charges_left,
            term: self.term.and_then(|term| term.read(&mut invalid)),
            auto_renew: self.auto_renew.unwrap_or(true),
            backfill: self.backfill.unwrap_or(true),
            category: self.category,
            url: self.url,
            notes: self.notes.unwrap_or_default(),
            particulars,
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
    #[schema(nullable = false)]
    #[schema(min_length = 1, max_length = 120)]
    name: Option<String>,
    /// Which of its plans.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<String>, max_length = 80)]
    plan: Patch<String>,
    /// What one charge costs, in the currency it has.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    price: Option<MoneyText>,
    /// From which day it costs `price`; today when left out.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<String>, format = Date)]
    price_from: Option<String>,
    /// How often; `null` is bought once.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<CycleText>)]
    cycle: Patch<CycleText>,
    /// Whether the price is only what is expected, and each payment asks for the real one.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    price_varies: Option<bool>,
    /// `anchor_day` or `last_day`.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<MonthEndWord>)]
    month_end: Option<String>,
    /// `keep`, `before` or `after`.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<WeekendWord>)]
    weekend: Option<String>,
    /// The anchor. What has been charged stays.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
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
    /// How many charges there are from now on before it ends by itself; with 0 it ends when the next would be.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<u16>, maximum = 9999)]
    charges_left: Patch<i64>,
    /// How long you are bound. A term that does not renew is the end, where there is no other.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<TermInput>)]
    term: Patch<TermInput>,
    /// Whether charges are paid without your doing.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    auto_renew: Option<bool>,
    /// A built-in category's slug, or the id of one of your own.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<String>)]
    category: Patch<String>,
    /// What it is paid with.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<PaymentMethodId>)]
    payment_method_id: Patch<PaymentMethodId>,
    /// The ids of all its tags.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<Vec<TagId>>, max_items = 20)]
    tags: Option<Vec<TagId>>,
    /// All its links.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<Vec<LinkBody>>, max_items = 10)]
    links: Option<Vec<LinkBody>>,
    /// With which account you are known there.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<String>, max_length = 200)]
    account: Patch<String>,
    /// How much you use it.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<UsageWord>)]
    usage: Patch<String>,
    /// What took its place: another subscription of yours.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<SubscriptionId>)]
    replaced_by: Patch<SubscriptionId>,
    /// How many days ahead you want to be reminded, at most five.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<Vec<u8>>, max_items = 5)]
    reminder_days: Patch<Vec<i64>>,
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
    #[schema(nullable = false)]
    #[schema(max_length = 4000)]
    notes: Option<String>,
    /// Whether only you, who added it, see and count it.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
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
        let particulars = ParticularsInput {
            payment_method: self.payment_method_id,
            tags: self.tags,
            links: self.links.map(LinkBody::pairs),
            account: self.account,
            usage: match self.usage {
                Some(Some(word)) => invalid.check("/usage", word.parse::<Usage>()).map(Some),
                Some(None) => Some(None),
                None => None,
            },
            replaced_by: self.replaced_by,
            reminder_days: self.reminder_days,
        };
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
            weekend: self.weekend.and_then(|word| invalid.check("/weekend", word.parse::<Weekend>())),
            charges_left: self.charges_left,
            term: match self.term {
                Some(Some(term)) => term.read(&mut invalid).map(Some),
                Some(None) => Some(None),
                None => None,
            },
            price_varies: self.price_varies,
            particulars,
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
