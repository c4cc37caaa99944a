//! What was paid, by whatever one wants to see it by.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use kernel::{Currency, Money, PaymentMethodId, SubscriptionId, TagId};

use crate::domain::{CategoryChoice, Subscription, Sum, choice::choices};

choices! {
    /// By what spending is shown.
    By, "category, payment_method, tag, subscription, month" {
        /// What kind of thing it is.
        Category "category" "Category"
        /// What it is paid with.
        PaymentMethod "payment_method" "Payment method"
        /// Words of one's own. What has several counts under each of them.
        Tag "tag" "Tag"
        /// Each of them.
        Subscription "subscription" "Subscription"
        /// When the money moved.
        Month "month" "Month"
    }
}

/// What was paid for one subscription in one month in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    /// For which.
    pub subscription: SubscriptionId,
    /// The first day of the month in which the money moved.
    pub month: Date,
    /// How many payments.
    pub payments: u32,
    /// What they were.
    pub amount: Money,
    /// What they came to in the household's currency, each by the rate of its day and rounded by itself; `None` where
    /// there is no rate.
    pub at_home: Option<Money>,
}

/// What a group is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Of a category.
    Category(CategoryChoice),
    /// Paid with it; with nothing that is known.
    PaymentMethod(Option<PaymentMethodId>),
    /// Marked with it; with nothing.
    Tag(Option<TagId>),
    /// Of one of them.
    Subscription(SubscriptionId),
    /// Of the month that begins on that day.
    Month(Date),
}

/// What was paid of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Which.
    pub key: Key,
    /// How much.
    pub sum: Sum,
    /// In how many payments.
    pub payments: u32,
}

/// What was paid in all, and of each kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spending {
    /// In all. Not the sum of the groups where one payment can be in several of them, which are tags alone.
    pub total: Sum,
    /// In how many payments.
    pub payments: u32,
    /// Of each kind: months in their order, everything else what costs most first.
    pub groups: Vec<Group>,
}

impl Spending {
    /// What was paid, by `by`. Of `months`, those in which nothing was paid are groups too.
    pub fn of(
        by: By,
        spent: &[Spent],
        subscriptions: &HashMap<SubscriptionId, Subscription>,
        months: &[Date],
        home: Currency,
    ) -> Self {
        let mut spending = Self { total: Sum::nothing(home), payments: 0, groups: Vec::new() };
        let mut groups: BTreeMap<Key, (Sum, u32)> = BTreeMap::new();
        if by == By::Month {
            groups.extend(months.iter().map(|month| (Key::Month(*month), (Sum::nothing(home), 0))));
        }
        for each in spent {
            spending.total.add(each.amount, each.at_home);
            spending.payments += each.payments;
            for key in keys(by, each, subscriptions.get(&each.subscription)) {
                let (sum, payments) = groups.entry(key).or_insert((Sum::nothing(home), 0));
                sum.add(each.amount, each.at_home);
                *payments += each.payments;
            }
        }
        spending.groups =
            groups.into_iter().map(|(key, (sum, payments))| Group { key, sum, payments }).collect();
        if by != By::Month {
            spending.groups.sort_by_key(|group| std::cmp::Reverse(group.sum.home().minor()));
        }
        spending
    }
}

fn keys(by: By, spent: &Spent, subscription: Option<&Subscription>) -> Vec<Key> {
    let kept = subscription.map(|subscription| &subscription.particulars);
    match by {
        By::Category => {
            vec![Key::Category(subscription.map_or(CategoryChoice::OTHER, |known| known.category))]
        }
        By::PaymentMethod => vec![Key::PaymentMethod(kept.and_then(|kept| kept.payment_method))],
        By::Tag => match kept.map(|kept| kept.tags.as_slice()) {
            Some(tags) if !tags.is_empty() => tags.iter().map(|tag| Key::Tag(Some(*tag))).collect(),
            Some(_) | None => vec![Key::Tag(None)],
        },
        By::Subscription => vec![Key::Subscription(spent.subscription)],
        By::Month => vec![Key::Month(spent.month)],
    }
}
