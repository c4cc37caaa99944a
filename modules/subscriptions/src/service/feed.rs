//! Addresses at which calendars read, and what they read there.

use std::sync::Arc;

use super::Tracker;
use crate::{
    domain::{
        Category, Name, Subscription, View,
        feed::{Entry, Feed, MOST_FEEDS, entries, window},
    },
    error::TrackerError,
    store,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::users::Household;
use jiff::civil::Date;
use kernel::{Actor, CalendarFeedId, Invalid, MemberId};
use platform::{
    db::{Batch, DbError},
    system::random_bytes,
};
use sha2::{Digest, Sha256};

/// What somebody wants to read at an address.
#[derive(Debug, Clone)]
pub(crate) struct FeedWish {
    /// What the calendar is called.
    pub(crate) name: String,
    /// A built-in category's slug.
    pub(crate) category: Option<String>,
    /// Whose part of it.
    pub(crate) member: Option<MemberId>,
}

/// A new address: what is kept of it, and the secret, which is not.
pub(crate) struct Opened {
    pub(crate) feed: Feed,
    /// Where it is, with the secret in it.
    pub(crate) path: String,
}

/// What a calendar is told, and what it needs to put it into words.
pub(crate) struct Timetable {
    pub(crate) feed: Feed,
    pub(crate) household: Arc<Household>,
    pub(crate) today: Date,
    pub(crate) subscriptions: Vec<Subscription>,
    /// The nearest first.
    pub(crate) entries: Vec<Entry>,
}

fn hash_of(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl Tracker {
    /// The addresses of the actor's household, without their secrets.
    pub(crate) async fn feeds(&self, actor: &Actor) -> Result<Vec<Feed>, TrackerError> {
        Ok(store::feeds(&self.database, actor.household).await?)
    }

    /// Opens another one: of everything, of one category, of what one member bears.
    pub(crate) async fn open_feed(&self, actor: &Actor, wish: &FeedWish) -> Result<Opened, TrackerError> {
        let mut invalid = Invalid::new();
        let name = invalid.check("/name", Name::parse(&wish.name));
        let category =
            wish.category.as_ref().map(|slug| invalid.check("/category", slug.parse::<Category>()));
        invalid.into_result()?;
        self.check_member(actor, wish.member).await?;
        let (Some(name), Some(category)) = (name, category.map_or(Some(None), |given| given.map(Some)))
        else {
            return Err(TrackerError::NotFound);
        };
        let token = random_bytes::<32>().map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        let token = token.map_err(|error| TrackerError::Away(error.to_string()))?;
        let (id, household, created_at) = (self.ids.next(), actor.household, self.clock.now());
        let member = wish.member;
        let feed = Feed { id, household, created_by: actor.user, name, category, member, created_at };
        let mut batch = Batch::of(actor.household);
        store::insert_feed(&mut batch, &feed, hash_of(&token));
        match self.database.apply(batch).await {
            Err(DbError::Conflict) => {
                let most =
                    format!("you have {MOST_FEEDS} calendar addresses, and more cannot be; revoke one first");
                Err(Invalid::field("/name", most).into())
            }
            other => {
                other?;
                Ok(Opened { feed, path: format!("/calendar/{token}.ics") })
            }
        }
    }

    /// Revokes one: from now on nobody reads there.
    pub(crate) async fn revoke_feed(&self, actor: &Actor, id: CalendarFeedId) -> Result<(), TrackerError> {
        let mut batch = Batch::of(actor.household);
        store::delete_feed(&mut batch, actor.household, id);
        match self.database.apply(batch).await {
            Err(DbError::Conflict) => Err(TrackerError::NoFeed),
            other => Ok(other?),
        }
    }

    /// What is told at the address with this secret.
    pub(crate) async fn timetable(&self, token: &str) -> Result<Timetable, TrackerError> {
        let feed = store::feed_of_token(&self.database, hash_of(token)).await?.ok_or(TrackerError::NoFeed)?;
        let household = self.household(feed.household).await?;
        let today = self.today(&household);
        let onlooker = store::Onlooker { household: feed.household, user: feed.created_by };
        let mut subscriptions = store::all(&self.database, onlooker).await?;
        subscriptions.retain(|subscription| feed.tells(subscription));
        let (from, _) = window(today);
        let mut payments = store::payments_of_month(&self.database, onlooker, from, today).await?;
        if let Some(member) = feed.member {
            let members = self.members_of(feed.household).await?;
            let theirs = members.iter().any(|each| each.id == member && each.user == Some(feed.created_by));
            // What its maker keeps to themselves is no part of another's.
            subscriptions.retain(|subscription| theirs || !subscription.sharing.private);
            let everybody = members.into_iter().filter(|it| it.left_at.is_none()).map(|it| it.id).collect();
            let view = View::Mine { member, everybody };
            let kept = store::shares_of_month(&self.database, feed.household, from, today).await?;
            payments = view.of_payments(payments, &subscriptions, &kept);
            subscriptions = view.of_subscriptions(subscriptions);
        }
        let entries = entries(&subscriptions, &payments, today);
        Ok(Timetable { feed, household, today, subscriptions, entries })
    }
}
