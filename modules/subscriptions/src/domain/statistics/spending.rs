//! What was paid, by whatever one wants to see it by.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use kernel::{Currency, MemberId, Money, PaymentMethodId, SubscriptionId, TagId};

use crate::domain::{CategoryChoice, Payment, Sharing, Subscription, Sum, choice::choices, split};

choices! {
    /// By what spending is shown.
    By, "category, payment_method, tag, member, subscription, month" {
        /// What kind of thing it is.
        Category "category" "Category"
        /// What it is paid with.
        PaymentMethod "payment_method" "Payment method"
        /// Words of one's own. What has several counts under each of them.
        Tag "tag" "Tag"
        /// Who bears it: a shared payment counts for each with their part.
        Member "member" "Member"
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
    /// Who bears it, where that was asked for and it is anybody's in particular.
    pub member: Option<MemberId>,
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
    /// Borne by them; by nobody in particular.
    Member(Option<MemberId>),
    /// Of one of them.
    Subscription(SubscriptionId),
    /// Of the month that begins on that day.
    Month(Date),
}

impl Key {
    /// The word that stands for it outside: a slug or an id, the first day of a month; nothing for those without any.
    pub fn word(self) -> Option<String> {
        match self {
            Self::Category(category) => Some(category.to_string()),
            Self::PaymentMethod(method) => method.map(|id| id.to_string()),
            Self::Tag(tag) => tag.map(|id| id.to_string()),
            Self::Member(member) => member.map(|id| id.to_string()),
            Self::Subscription(id) => Some(id.to_string()),
            Self::Month(month) => Some(month.to_string()),
        }
    }
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

/// Whose payments are divided among.
#[derive(Debug, Clone, Copy)]
pub struct Bearers<'a> {
    /// Who asks. What is private is theirs alone: of anybody else they would not see it.
    pub me: MemberId,
    /// Everybody who belongs to the household, in the order in which they joined.
    pub everybody: &'a [MemberId],
}

impl Bearers<'_> {
    /// A payment of `subscription` as what each bears of it, each member once. It was shared by `kept`, else as its
    /// subscription is. The parts add up to it, and so do their parts of `at_home`, what the whole came to.
    pub fn divide(
        &self,
        payment: &Payment,
        at_home: Option<Money>,
        subscription: &Subscription,
        kept: Option<&Sharing>,
    ) -> Vec<Spent> {
        let sharing = kept.unwrap_or(&subscription.sharing);
        let parts = match (sharing.private, sharing.parts(payment.amount, self.everybody)) {
            (true, _) => vec![(Some(self.me), payment.amount)],
            (false, parts) if parts.is_empty() => vec![(None, payment.amount)],
            (false, parts) => parts.into_iter().map(|(member, part)| (Some(member), part)).collect(),
        };
        let weights: Vec<u64> = parts.iter().map(|(_, part)| part.minor().unsigned_abs()).collect();
        let mut converted = at_home.map(|whole| split(whole, &weights).into_iter());
        let mut borne: Vec<Spent> = Vec::new();
        for (member, amount) in parts {
            let at_home = converted.as_mut().and_then(Iterator::next);
            if amount.is_zero() && !payment.amount.is_zero() {
                continue;
            }
            // With fixed amounts the payer may have one of their own beside the rest.
            if let Some(before) = borne.iter_mut().find(|before| before.member == member) {
                before.amount = before.amount.checked_add(amount).unwrap_or(before.amount);
                before.at_home = before.at_home.zip(at_home).and_then(|(one, more)| one.checked_add(more));
                continue;
            }
            borne.push(Spent {
                subscription: payment.subscription,
                member,
                month: payment.rate_day().first_of_month(),
                payments: 1,
                amount,
                at_home,
            });
        }
        borne
    }
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

/// The groups that something paid for `subscription` is in.
pub fn keys(by: By, spent: &Spent, subscription: Option<&Subscription>) -> Vec<Key> {
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
        By::Member => vec![Key::Member(spent.member)],
        By::Subscription => vec![Key::Subscription(spent.subscription)],
        By::Month => vec![Key::Month(spent.month)],
    }
}
