//! Figures over time.

use std::{
    collections::{HashMap, HashSet},
    ops::RangeInclusive,
    sync::Arc,
};

use contracts::users::Household;
use jiff::{ToSpan, civil::Date};
use kernel::{Actor, Money, PaymentMethodId, SubscriptionId, TagId};

use super::Tracker;
use crate::{
    domain::{
        By, Calendar, Converter, Expected, ForecastMonth, Key, Label, LabelKind, Notice, Overlap,
        ReferenceRates, Rise, Saved, Sorting, Spending, Spent, Subscription, calendar, forecast, months_from,
        notices, overlaps, rises, saved,
    },
    error::TrackerError,
    store,
};

/// Entries that a calendar shows; how many more there are, it says.
const CALENDAR: usize = 2_000;
/// How many days ahead one is told of trials and terms that end.
const NOTICE_DAYS: i64 = 60;
/// How many charges of one month are shown.
const CHARGES: usize = 500;

/// What a household tracks, and how it counts.
pub(crate) struct Tracked {
    pub(crate) today: Date,
    pub(crate) household: Arc<Household>,
    pub(crate) subscriptions: HashMap<SubscriptionId, Subscription>,
}

/// Spending of some months, with what it is about.
pub(crate) struct Spendings {
    pub(crate) tracked: Tracked,
    pub(crate) sorting: Sorting,
    /// The first days of its months.
    pub(crate) months: Vec<Date>,
    pub(crate) by: Vec<(By, Spending)>,
    /// The day of the bank's rates that were used, where any were needed.
    pub(crate) rates_on: Option<Date>,
}

/// What is to come, and what one might do about it.
pub(crate) struct Outlook {
    pub(crate) tracked: Tracked,
    pub(crate) months: Vec<ForecastMonth>,
    /// The charges of the month that was asked for, by day, and how many more of them there are.
    pub(crate) charges: Vec<Expected>,
    pub(crate) left_out: usize,
    pub(crate) rises: Vec<Rise>,
    pub(crate) saved: Vec<Saved>,
    pub(crate) overlaps: Vec<Overlap>,
    pub(crate) notices: Vec<Notice>,
}

/// A calendar, with what it is about.
pub(crate) struct Days {
    pub(crate) tracked: Tracked,
    pub(crate) calendar: Calendar,
}

impl Spendings {
    /// What a group is called.
    pub(crate) fn name(&self, key: Key) -> String {
        let label = |kind, id: Option<uuid::Uuid>, none: &str| {
            let found = id.and_then(|id| self.sorting.of(kind).find(|label| label.id == id));
            found.map_or_else(|| none.to_owned(), Label::text)
        };
        match key {
            Key::Category(category) => self.sorting.category(category).to_owned(),
            Key::PaymentMethod(id) => {
                label(LabelKind::PaymentMethod, id.map(PaymentMethodId::uuid), "No payment method")
            }
            Key::Tag(id) => label(LabelKind::Tag, id.map(TagId::uuid), "No tag"),
            Key::Subscription(id) => {
                self.tracked.subscriptions.get(&id).map(|known| known.name.to_string()).unwrap_or_default()
            }
            Key::Month(month) => month.strftime("%Y-%m").to_string(),
        }
    }
}

impl Tracker {
    /// What was paid in the `months` months up to today's, by each of `by`.
    pub(crate) async fn spendings(
        &self,
        actor: &Actor,
        months: usize,
        by: &[By],
    ) -> Result<Spendings, TrackerError> {
        let household = self.household(actor.household).await?;
        let (today, home) = (self.today(&household), household.currency);
        let back = i64::try_from(months.saturating_sub(1)).unwrap_or(0);
        let first = today.first_of_month().saturating_sub(back.months());
        let range = (first, today.last_of_month());
        // What is private of somebody else's is not known here, and neither is what was paid for it.
        let subscriptions = by_id(store::all(&self.database, actor).await?);
        let grain = |by: By| if by == By::Month { store::Each::Month } else { store::Each::Subscription };
        let mut sums = Vec::new();
        for each in [store::Each::Month, store::Each::Subscription] {
            if by.iter().any(|by| grain(*by) == each) {
                sums.push((each, store::spending(&self.database, actor, each, range, home).await?));
            }
        }
        let any_loose = sums.iter().flat_map(|(_, sums)| sums).any(|sum| sum.loose > 0);
        let mut alone = Vec::new();
        let mut rates_on = None;
        if any_loose {
            let mut loose = store::loose_payments(&self.database, actor.household, range, home).await?;
            loose.retain(|payment| subscriptions.contains_key(&payment.subscription));
            let amounts = loose.iter().map(|payment| (payment.amount, payment.rate_day()));
            let converter = self.converter(actor.household, home, today, amounts).await?;
            rates_on = converter.newest().map(ReferenceRates::day);
            alone.extend(loose.iter().map(|payment| Spent {
                subscription: payment.subscription,
                month: payment.rate_day().first_of_month(),
                payments: 1,
                amount: payment.amount,
                at_home: payment.at_home(&converter),
            }));
        }
        let sorting = store::sorting(&self.database, actor.household).await?;
        let months = months_from(first, months);
        let spent: Vec<(store::Each, Vec<Spent>)> = sums
            .into_iter()
            .map(|(each, sums)| {
                let settled = sums.into_iter().map(|sum| sum.spent).filter(|spent| spent.payments > 0);
                (each, settled.chain(alone.iter().cloned()).collect())
            })
            .collect();
        let of =
            |by: By| spent.iter().find(|(each, _)| *each == grain(by)).map(|(_, spent)| spent.as_slice());
        let by = by
            .iter()
            .map(|by| {
                let spent = of(*by).unwrap_or_default();
                (*by, Spending::of(*by, spent, &subscriptions, &months, home))
            })
            .collect();
        Ok(Spendings { tracked: Tracked { today, household, subscriptions }, sorting, months, by, rates_on })
    }

    /// What is to come in `months` months from today's on, with the charges of the one that `opened` is in.
    pub(crate) async fn outlook(
        &self,
        actor: &Actor,
        months: usize,
        opened: Option<Date>,
    ) -> Result<Outlook, TrackerError> {
        let (tracked, subscriptions, converter) = self.at_todays_rates(actor).await?;
        let today = tracked.today;
        let opened = opened.map(Date::first_of_month);
        let (mut charges, mut left_out) = (Vec::new(), 0);
        let months = forecast(today, months, &subscriptions, &converter, |row| {
            if opened == Some(row.on.first_of_month()) {
                charges.push(row);
            }
        });
        charges.sort_by_key(|row| (row.on, row.subscription));
        left_out += charges.len().saturating_sub(CHARGES);
        charges.truncate(CHARGES);
        Ok(Outlook {
            rises: rises(today, &subscriptions, &converter),
            saved: saved(today, &subscriptions, &converter),
            overlaps: overlaps(today, &subscriptions, &converter, parts_of),
            notices: notices(today, NOTICE_DAYS, &subscriptions),
            tracked: Tracked { subscriptions: by_id(subscriptions), ..tracked },
            months,
            charges,
            left_out,
        })
    }

    /// What happens from the first day of a range to its last.
    pub(crate) async fn days(
        &self,
        actor: &Actor,
        range: RangeInclusive<Date>,
    ) -> Result<Days, TrackerError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let subscriptions = store::all(&self.database, actor).await?;
        let mut payments =
            store::payments_due_in(&self.database, actor.household, (*range.start(), *range.end())).await?;
        let known: HashSet<SubscriptionId> = subscriptions.iter().map(|each| each.id).collect();
        payments.retain(|payment| known.contains(&payment.subscription));
        let prices = subscriptions.iter().map(|each| (each.price_on(today), today));
        let paid = payments.iter().map(|payment| (payment.amount, payment.rate_day()));
        let converter =
            self.converter(actor.household, household.currency, today, prices.chain(paid)).await?;
        let calendar = calendar(today, &range, &subscriptions, &payments, &converter, CALENDAR);
        let subscriptions = by_id(subscriptions);
        Ok(Days { tracked: Tracked { today, household, subscriptions }, calendar })
    }

    async fn at_todays_rates(
        &self,
        actor: &Actor,
    ) -> Result<(Tracked, Vec<Subscription>, Converter), TrackerError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let subscriptions = store::all(&self.database, actor).await?;
        let amounts = subscriptions.iter().map(|each| (Money::zero(each.prices.currency()), today));
        let converter = self.converter(actor.household, household.currency, today, amounts).await?;
        Ok((Tracked { today, household, subscriptions: HashMap::new() }, subscriptions, converter))
    }
}

/// What comes with a service, as the catalogue says.
fn parts_of(service: &str) -> impl Iterator<Item = &'static str> + use<> {
    catalogue::by_slug(service).into_iter().flat_map(catalogue::Service::includes).map(String::as_str)
}

fn by_id(subscriptions: Vec<Subscription>) -> HashMap<SubscriptionId, Subscription> {
    subscriptions.into_iter().map(|each| (each.id, each)).collect()
}
