//! Looking for some of them.

use std::cmp::Reverse;

use contracts::subscriptions::Status;
use jiff::civil::Date;
use kernel::{Actor, SubscriptionId, TagId};
use serde::{Deserialize, Serialize};

use super::{Filter, Tracker};
use crate::{
    domain::{Converter, LabelKind, Sorting, Subscription},
    error::TrackerError,
    store,
};

/// Which of them, in which order, and from where on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) filter: Filter,
    pub(crate) order: Order,
    pub(crate) group: Option<Group>,
    /// Those after it.
    pub(crate) after: Option<Place>,
}

/// What comes first. What is over comes last in any order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Order {
    #[default]
    Name,
    /// The next charge.
    Next,
    /// What costs most a month.
    Price,
    /// What was added last.
    Added,
}

impl Order {
    pub(crate) const ALL: [Self; 4] = [Self::Name, Self::Next, Self::Price, Self::Added];

    /// The word in addresses.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Next => "next",
            Self::Price => "price",
            Self::Added => "added",
        }
    }

    /// What people read.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Next => "Next charge",
            Self::Price => "Price a month",
            Self::Added => "Added last",
        }
    }
}

/// Under which headings they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Category,
    PaymentMethod,
    Status,
    /// The first of its tags, by name.
    Tag,
}

impl Group {
    pub(crate) const ALL: [Self; 4] = [Self::Category, Self::PaymentMethod, Self::Status, Self::Tag];

    /// The word in addresses.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::PaymentMethod => "payment_method",
            Self::Status => "status",
            Self::Tag => "tag",
        }
    }

    /// What people read.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Category => "Category",
            Self::PaymentMethod => "Payment method",
            Self::Status => "Status",
            Self::Tag => "Tag",
        }
    }

    /// The heading of one, and where it stands among the headings; what has none comes last.
    fn heading(self, subscription: &Subscription, sorting: &Sorting) -> Heading {
        let kept = &subscription.particulars;
        let named = |text: Option<String>, none: &str| {
            let (missing, text) = text.map_or_else(|| (true, none.to_owned()), |text| (false, text));
            Heading { missing, rank: 0, text }
        };
        match self {
            Self::Category => named(Some(sorting.category(subscription.category).to_owned()), ""),
            Self::PaymentMethod => {
                let method = kept.payment_method.and_then(|id| sorting.find(LabelKind::PaymentMethod, id));
                named(method.map(|method| method.text()), "No payment method")
            }
            Self::Tag => {
                let tagged = |label: &&crate::domain::Label| kept.tags.contains(&TagId::from_uuid(label.id));
                named(sorting.of(LabelKind::Tag).find(tagged).map(|tag| tag.name.to_string()), "No tag")
            }
            Self::Status => Heading {
                missing: false,
                rank: Status::ALL.iter().position(|status| *status == subscription.status).unwrap_or(0),
                text: subscription.status.as_str().to_owned(),
            },
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Heading {
    missing: bool,
    rank: usize,
    text: String,
}

/// Where one stands among those of its heading.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Rank {
    Name,
    /// Without one it comes last.
    Next(Date),
    Price(String, Reverse<i64>),
    Added(Reverse<SubscriptionId>),
}

/// Where one stands in the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Place(Heading, bool, Rank, String, SubscriptionId);

/// A page of the list.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) rows: Vec<Subscription>,
    /// The heading of each row, when they stand under headings.
    pub(crate) headings: Vec<String>,
    /// Where the page ends, when another follows.
    pub(crate) next: Option<Place>,
    /// How many match all but the status, by status.
    pub(crate) counts: Vec<(Status, u64)>,
    /// Whether anything is tracked at all.
    pub(crate) any: bool,
    pub(crate) sorting: Sorting,
    pub(crate) today: Date,
    /// For the prices in other currencies.
    pub(crate) converter: Converter,
}

impl Place {
    fn of(subscription: &Subscription, wanted: &Wanted, sorting: &Sorting, today: Date) -> Self {
        let heading = wanted.group.map(|group| group.heading(subscription, sorting)).unwrap_or_default();
        let name = subscription.name.as_str().to_lowercase();
        let rank = match wanted.order {
            Order::Name => Rank::Name,
            Order::Next => Rank::Next(subscription.next_charge_on().unwrap_or(Date::MAX)),
            Order::Price => {
                let monthly = subscription.monthly_equivalent(today).map_or(0, |money| money.minor());
                Rank::Price(subscription.prices.currency().code().to_owned(), Reverse(monthly))
            }
            Order::Added => Rank::Added(Reverse(subscription.id)),
        };
        Self(heading, subscription.status == Status::Ended, rank, name, subscription.id)
    }
}

type Placed = Vec<(Place, Subscription)>;

fn page(mut placed: Placed, wanted: &Wanted, limit: usize) -> (Placed, Option<Place>) {
    placed.retain(|(place, _)| wanted.after.as_ref().is_none_or(|after| place > after));
    placed.sort_by(|(one, _), (other, _)| one.cmp(other));
    let more = placed.len() > limit;
    placed.truncate(limit);
    let next = placed.last().filter(|_| more).map(|(place, _)| place.clone());
    (placed, next)
}

impl Tracker {
    /// A page of at most `limit` of those wanted.
    ///
    /// Read as a whole: a household tracks dozens, the counts beside the page need all of them, and no database
    /// here folds the case of every script.
    pub(crate) async fn search(
        &self,
        actor: &Actor,
        wanted: &Wanted,
        limit: usize,
    ) -> Result<Found, TrackerError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let sorting = self.sorting(actor).await?;
        let all = store::all(&self.database, actor).await?;
        let any = !all.is_empty();
        let filter = wanted.filter.ready(&sorting);
        let mut matching = all;
        matching.retain(|each| filter.takes_in_any_status(each));
        let count = |status| matching.iter().fold(0, |count, each| count + u64::from(each.status == status));
        let counts = Status::ALL.map(|status| (status, count(status))).to_vec();
        matching.retain(|each| filter.takes(each));
        let placed =
            matching.into_iter().map(|each| (Place::of(&each, wanted, &sorting, today), each)).collect();
        let (placed, next) = page(placed, wanted, limit);
        let grouped = wanted.group.is_some();
        let headings = placed.iter().filter(|_| grouped).map(|(place, _)| place.0.text.clone()).collect();
        let rows: Vec<Subscription> = placed.into_iter().map(|(_, each)| each).collect();
        let prices = rows.iter().map(|each| (each.price_on(today), today));
        let converter = self.converter(actor.household, household.currency, today, prices).await?;
        Ok(Found { rows, headings, next, counts, any, sorting, today, converter })
    }
}
