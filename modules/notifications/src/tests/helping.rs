//! What help sees of what became of a reminder, way by way, and what it mends.

use axum::http::Method;
use contracts::{
    CallError,
    help::{Deliveries, Muted, Trace, WayState},
    subscriptions::ReminderKind,
};
use jiff::civil::datetime;
use platform::both_databases;
use serde_json::{Value, json};

use super::{Stage, actor, id, provider::Provider};
use crate::MIGRATIONS;

impl Stage {
    async fn trace(&self, who: u128, reminder: u128) -> Option<Trace> {
        self.herald.trace(&actor(who), id(reminder), ReminderKind::RenewalNear).await.unwrap()
    }

    /// What became of a reminder by the only channel.
    async fn way(&self, reminder: u128) -> WayState {
        let mut ways = self.trace(1, reminder).await.unwrap().ways;
        assert_eq!(ways.len(), 1);
        ways.remove(0).state
    }

    async fn prefers(&self, preferences: Value) {
        let (status, body) =
            self.api(1, Method::PUT, "/v1/notification-preferences", Some(&preferences)).await;
        assert!(status.is_success(), "{body}");
    }

    async fn switches(&self, channel: &str, state: &str) {
        let change = json!({ "state": state });
        let (status, body) =
            self.api(1, Method::PATCH, &format!("/v1/channels/{channel}"), Some(&change)).await;
        assert!(status.is_success(), "{body}");
    }
}

both_databases! { MIGRATIONS,
    async fn what_became_of_a_reminder_is_seen_as_it_is_now(database: Database) {
        let (stage, provider) = (Stage::set(database), Provider::open().await);
        assert_eq!(stage.trace(1, 1).await, None);
        provider.says("/hook", 503, "later");
        let channel = stage.webhook(1, &provider.url("/hook")).await;
        stage.reminds(1).await;
        assert_eq!(stage.way(1).await, WayState::Waiting);
        stage.sends().await;
        // A quarter of a minute later, by the clock in Kolkata.
        let WayState::Trying(said, again) = stage.way(1).await else { panic!("it is not tried again") };
        assert!(said.contains("503") && again > datetime(2026, 6, 2, 12, 0, 0, 0), "{said} {again}");
        provider.says("/hook", 200, "thanks");
        stage.clock.set("2026-06-02T06:35:00Z");
        stage.sends().await;
        assert_eq!(stage.way(1).await, WayState::Arrived(datetime(2026, 6, 2, 12, 5, 0, 0)));

        stage.prefers(json!({ "digest": { "at": "18:30" } })).await;
        stage.reminds(2).await;
        assert_eq!(stage.way(2).await, WayState::Digest(datetime(2026, 6, 2, 18, 30, 0, 0)));
        stage.prefers(json!({ "quiet_hours": { "from": "12:00", "to": "13:00" } })).await;
        stage.reminds(3).await;
        assert_eq!(stage.way(3).await, WayState::Quiet(datetime(2026, 6, 2, 13, 0, 0, 0)));
        stage.herald.end_quiet_hours(&actor(1)).await.unwrap();
        stage.reminds(4).await;
        assert_eq!(stage.way(4).await, WayState::Waiting);

        stage.switches(&channel, "off").await;
        stage.reminds(5).await;
        assert_eq!(stage.way(5).await, WayState::Off);
        // It is on again, and yet that one was not sent.
        stage.switches(&channel, "on").await;
        let WayState::Left(why) = stage.way(5).await else { panic!("it was sent") };
        assert!(why.contains("off"), "{why}");
        provider.says("/hook", 410, "revoked");
        stage.reminds(6).await;
        stage.sends().await;
        let WayState::Broken(said) = stage.way(6).await else { panic!("it is not broken") };
        assert!(said.contains("410"), "{said}");
    }

    async fn what_was_turned_off_is_turned_on_and_nothing_of_anybody_else(database: Database) {
        let (stage, provider) = (Stage::set(database), Provider::open().await);
        let channel = stage.webhook(1, &provider.url("/hook")).await;
        let subscription = id::<kernel::kinds::Subscription>(7).to_string();
        stage.prefers(json!({
            "kinds": { "renewal_near": { channel.clone(): false } }, "muted_subscriptions": [subscription],
        })).await;
        stage.reminds(1).await;
        assert_eq!(stage.trace(1, 1).await.unwrap().muted, Some(Muted::Subscription));
        assert_eq!(stage.trace(2, 1).await, None, "it is somebody else's");
        stage.herald.unmute(&actor(1), id(7)).await.unwrap();
        assert_eq!(stage.trace(1, 1).await.unwrap().muted, None);
        assert_eq!(stage.way(1).await, WayState::KindOff);
        let channel = channel.parse().unwrap();
        // Somebody else's channel is none of theirs: what they turn on of it changes nothing.
        stage.herald.tell_kind(&actor(2), ReminderKind::RenewalNear, channel).await.unwrap();
        assert_eq!(stage.way(1).await, WayState::KindOff);
        assert!(matches!(stage.herald.try_channel(&actor(2), channel).await, Err(CallError::NotFound)));
        stage.herald.tell_kind(&actor(1), ReminderKind::RenewalNear, channel).await.unwrap();
        assert!(matches!(stage.way(1).await, WayState::Left(_)));
        let notification = stage.trace(1, 1).await.unwrap().notification;
        let deliveries: &dyn Deliveries = &*stage.herald;
        assert!(matches!(deliveries.send_again(&actor(2), notification).await, Err(CallError::NotFound)));
        deliveries.send_again(&actor(1), notification).await.unwrap();
        stage.sends().await;
        assert!(matches!(stage.way(1).await, WayState::Arrived(_)));
        assert_eq!(provider.heard("/hook").len(), 1);
    }
}
