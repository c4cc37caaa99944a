//! Looking for some of them.

use contracts::subscriptions::Status;
use jiff::civil::Date;
use kernel::{Actor, SubscriptionId};
use serde::{Deserialize, Serialize};

use super::Tracker;
use crate::{domain::Subscription, error::TrackerError, store};

/// Which of them, and from where on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// A part of the name, the plan or the service, in any casing; nothing is in all of them.
    pub(crate) words: String,
    /// Only those that are so.
    pub(crate) status: Option<Status>,
    /// Those after it.
    pub(crate) after: Option<Place>,
}

/// Where one stands in the list: what still runs or rests first, by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Place(bool, String, SubscriptionId);

/// A page of the list.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) rows: Vec<Subscription>,
    /// Where the page ends, when another follows.
    pub(crate) next: Option<Place>,
    /// How many match the words, by status.
    pub(crate) counts: Vec<(Status, u64)>,
    /// Whether anything is tracked at all.
    pub(crate) any: bool,
    pub(crate) today: Date,
}

impl Place {
    fn of(subscription: &Subscription) -> Self {
        let ended = subscription.status == Status::Ended;
        Self(ended, subscription.name.as_str().to_lowercase(), subscription.id)
    }
}

fn matches(subscription: &Subscription, words: &str) -> bool {
    let holds = |text: &str| text.to_lowercase().contains(words);
    holds(subscription.name.as_str())
        || subscription.plan.as_ref().is_some_and(|plan| holds(plan.as_str()))
        || subscription.service.as_ref().is_some_and(|service| holds(service.as_str()))
}

fn page(matching: Vec<Subscription>, wanted: &Wanted, limit: usize) -> (Vec<Subscription>, Option<Place>) {
    let mut placed: Vec<_> = matching
        .into_iter()
        .filter(|each| wanted.status.is_none_or(|status| each.status == status))
        .map(|each| (Place::of(&each), each))
        .filter(|(place, _)| wanted.after.as_ref().is_none_or(|after| place > after))
        .collect();
    placed.sort_by(|(one, _), (other, _)| one.cmp(other));
    let more = placed.len() > limit;
    placed.truncate(limit);
    let next = placed.last().filter(|_| more).map(|(place, _)| place.clone());
    (placed.into_iter().map(|(_, each)| each).collect(), next)
}

impl Tracker {
    /// A page of at most `limit` of those wanted, by name.
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
        let all = store::all(&self.database, actor).await?;
        let any = !all.is_empty();
        let words = wanted.words.trim().to_lowercase();
        let matching: Vec<_> = all.into_iter().filter(|each| matches(each, &words)).collect();
        let count = |status| matching.iter().fold(0, |count, each| count + u64::from(each.status == status));
        let counts = Status::ALL.map(|status| (status, count(status))).to_vec();
        let (rows, next) = page(matching, wanted, limit);
        Ok(Found { rows, next, counts, any, today: self.today(&household) })
    }
}
