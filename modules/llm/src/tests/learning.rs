//! What a household teaches by putting right what was read.

use std::sync::Arc;

use contracts::subscriptions::{SubscriptionChanged, SubscriptionDeleted};
use kernel::{Event, EventPayload, SubscriptionId, UserId};
use platform::{events::Inbox, testing::ids};

use super::{Stage, actor, id};
use crate::{MIGRATIONS, answer::Answer, learning};

async fn hears<P: EventPayload>(stage: &Stage, person: u128, payload: &P, audience: Option<UserId>) {
    let ids = ids();
    let mut event =
        Event::new(ids.next(), "subscription".into(), stage.reader.now(), payload).with_audience(audience);
    event.household = Some(actor(person).household);
    for consumer in learning::consumers(&stage.reader) {
        let inbox = Inbox::new(consumer, stage.database.clone(), stage.clock.clone(), Arc::clone(&ids));
        inbox.receive(&event).await.unwrap();
        assert!(inbox.dead_letters().await.unwrap().is_empty());
    }
}

fn changed(subscription: SubscriptionId, name: &str, category: &str) -> SubscriptionChanged {
    let category = Some(category.to_owned());
    SubscriptionChanged { subscription, name: name.into(), next_charge_on: None, category }
}

fn read(answer: &Answer) -> (&str, &str) {
    let reading = &answer.readings[0];
    (reading.name.as_deref().unwrap(), reading.category.as_deref().unwrap_or("none"))
}

async fn preview(stage: &Stage, person: u128, text: &str) -> Answer {
    stage.reader.preview(&actor(person), &crate::service::Incoming::typed(text.into())).await.unwrap()
}

platform::both_databases! { MIGRATIONS,
    async fn what_is_put_right_is_read_so_the_next_time_in_that_household(database: Database) {
        let stage = Stage::set(database, &[]);
        let made = stage.says(1, "Zorblax Plus Thing ₹499 monthly").await;
        let subscription = made.readings[0].subscription_id.unwrap();
        let was = made.readings[0].name.clone().unwrap();
        assert_eq!(read(&made), (was.as_str(), "none"));
        hears(&stage, 1, &changed(subscription, "The paper", "news"), None).await;
        let again = preview(&stage, 1, "ZORBLAX plus thing ₹599 monthly").await;
        assert_eq!(read(&again), ("The paper", "news"));
        assert_eq!(read(&preview(&stage, 2, "Zorblax Plus Thing ₹599 monthly").await), (was.as_str(), "none"));
        let learnt = stage.reader.learnt(&actor(1)).await.unwrap();
        assert_eq!(learnt.len(), 1);
        assert!(stage.reader.unlearn(&actor(2), learnt[0].id).await.is_err());
        stage.reader.unlearn(&actor(1), learnt[0].id).await.unwrap();
        assert_eq!(read(&preview(&stage, 1, "Zorblax Plus Thing ₹599 monthly").await), (was.as_str(), "none"));
    }

    async fn the_last_word_holds_and_other_changes_teach_nothing(database: Database) {
        let stage = Stage::set(database, &[]);
        let made = stage.says(1, "Netflix ₹499 monthly").await;
        let subscription = made.readings[0].subscription_id.unwrap();
        let category = made.readings[0].category.clone().unwrap();
        hears(&stage, 1, &changed(subscription, "Netflix", &category), None).await;
        hears(&stage, 1, &changed(subscription, "Netflix", "cat_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f"), None).await;
        hears(&stage, 1, &changed(id(77), "Typed by hand", "music"), None).await;
        assert!(stage.reader.learnt(&actor(1)).await.unwrap().is_empty());
        for name in ["Films", "Cinema at home"] {
            hears(&stage, 1, &changed(subscription, name, &category), None).await;
            hears(&stage, 1, &changed(subscription, name, &category), None).await;
        }
        let answer = preview(&stage, 1, "Netflix ₹499 monthly").await;
        assert_eq!(read(&answer), ("Cinema at home", category.as_str()));
        assert_eq!(answer.readings[0].service.as_deref(), Some("netflix"));
        assert_eq!(stage.reader.learnt(&actor(1)).await.unwrap().len(), 1);
    }

    async fn what_is_private_and_what_is_gone_teaches_nothing(database: Database) {
        let stage = Stage::set(database, &[]);
        let made = stage.says(1, "Netflix ₹499 monthly").await;
        let subscription = made.readings[0].subscription_id.unwrap();
        hears(&stage, 1, &changed(subscription, "A secret", "music"), Some(actor(1).user)).await;
        hears(&stage, 1, &SubscriptionDeleted { subscription }, None).await;
        hears(&stage, 1, &changed(subscription, "Late", "music"), None).await;
        assert!(stage.reader.learnt(&actor(1)).await.unwrap().is_empty());
    }
}
