//! Reminders that did not come: what stands in their way is really there, and help finds and mends it.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicU16, AtomicUsize, Ordering},
    },
};

use e2e::{Client, Instance, Setup, eventually, on_both};
use serde_json::{Value, json};

use super::{answers, begin_with, goes_back, hands_over, node, text};
use crate::monthly;

/// Somebody's receiver of webhooks: it answers with the status that it is set to, and counts.
#[derive(Clone)]
struct Receiver {
    address: String,
    status: Arc<AtomicU16>,
    heard: Arc<AtomicUsize>,
}

impl Receiver {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let receiver = Self { address, status: Arc::new(AtomicU16::new(204)), heard: Arc::default() };
        let inside = receiver.clone();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let mut client = client.unwrap();
                let _ = client.read(&mut [0; 8192]);
                inside.heard.fetch_add(1, Ordering::SeqCst);
                let status = inside.status.load(Ordering::SeqCst);
                let _ =
                    write!(client, "HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
        });
        receiver
    }

    fn says(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    fn heard(&self) -> usize {
        self.heard.load(Ordering::SeqCst)
    }

    /// Sets it up for somebody.
    async fn channel(&self, client: &Client, name: &str) -> String {
        let body = json!({"kind": "webhook", "name": name, "config": {"url": self.address}});
        client.post("/v1/channels", &body).await.expect(201).value()["id"].as_str().unwrap().to_owned()
    }
}

fn local(setup: &Setup) -> Setup {
    setup.clone().with("PERENNIAL_NOTIFICATIONS_PRIVATE_ADDRESSES", "true")
}

/// On 5 May Asha adds Netflix and whatever `prepare` does; then it is a minute past nine in Kolkata, three days before
/// the next charge.
async fn three_days_before(
    setup: &Setup,
    prepare: impl AsyncFnOnce(&Client, &str),
) -> (Instance, Client, String) {
    let app = setup.start_at("2026-05-05T06:30:00Z").await;
    let asha = app.member("asha").await;
    let netflix = asha.create(&monthly("Netflix")).await.id;
    prepare(&asha, &netflix).await;
    app.stop().await;
    let app = setup.start_at("2026-06-02T03:31:00Z").await;
    let asha = app.visitor().log_in("asha@example.org").await;
    eventually("the reminder to be told", async || {
        let told = asha.get("/v1/reminders?state=sent").await.expect(200).value();
        let logged = asha.get("/v1/deliveries").await.expect(200).value();
        let both = [told, logged].iter().all(|page| !page["data"].as_array().unwrap().is_empty());
        both.then_some(())
    })
    .await;
    (app, asha, netflix)
}

async fn prefers(client: &Client, preferences: Value) {
    client.put("/v1/notification-preferences", &preferences).await.expect(200);
}

on_both! {
    async fn a_channel_whose_token_was_revoked_is_found_tested_and_brought_back(setup: Setup) {
        let (setup, receiver) = (local(&setup), Receiver::open());
        let (app, asha, netflix) = three_days_before(&setup, async |asha, _| {
            receiver.channel(asha, "Phone").await;
            receiver.says(410);
        })
        .await;
        let state = async || asha.get("/v1/channels").await.expect(200).value()["data"][0]["state"].clone();
        eventually("the channel to break", async || (state().await == "broken").then_some(())).await;

        let (session, step) = begin_with(&asha, "reminder_missing", &netflix).await;
        assert_eq!(node(&step), "broken", "{step}");
        assert!(text(&step).contains("Phone") && text(&step).contains("410"), "{step}");
        // It is as it was: a real test says so.
        let step = answers(&asha, &session, "try").await;
        assert_eq!(node(&step), "try_failed", "{step}");
        assert!(text(&step).contains("410"), "{step}");
        // Somebody gives it a new token there.
        receiver.says(204);
        assert_eq!(node(&goes_back(&asha, &session).await), "broken");
        let before = receiver.heard();
        let step = answers(&asha, &session, "try").await;
        assert_eq!(node(&step), "try_sent", "{step}");
        assert_eq!((receiver.heard(), state().await), (before + 1, json!("on")));
        let step = answers(&asha, &session, "solved").await;
        assert_eq!(step["status"], "resolved");

        // Whose it is not sees nothing of it.
        let bela = app.member("bela").await;
        let (_, step) = begin_with(&bela, "reminder_missing", &netflix).await;
        assert_eq!(node(&step), "nothing");
        assert!(!step.to_string().contains("Netflix"), "{step}");
        app.finish().await;
    }

    async fn quiet_hours_over_the_reminder_time_are_named_and_the_reminder_is_sent_all_the_same(setup: Setup) {
        let (setup, receiver) = (local(&setup), Receiver::open());
        let (app, asha, netflix) = three_days_before(&setup, async |asha, _| {
            receiver.channel(asha, "Phone").await;
            prefers(asha, json!({"quiet_hours": {"from": "08:00", "to": "22:00"}})).await;
        })
        .await;
        let (session, step) = begin_with(&asha, "reminder_missing", &netflix).await;
        assert_eq!((node(&step), receiver.heard()), ("quiet", 0), "{step}");
        assert!(text(&step).contains("22:00") && text(&step).contains("2 Jun"), "{step}");
        assert_eq!(node(&answers(&asha, &session, "now").await), "sent_again");
        eventually("it to be sent", async || (receiver.heard() == 1).then_some(())).await;

        // And the hours can be taken away.
        goes_back(&asha, &session).await;
        assert_eq!(node(&answers(&asha, &session, "end").await), "quiet_ended");
        let now = asha.get("/v1/notification-preferences").await.expect(200).value();
        assert_eq!(now["quiet_hours"], Value::Null);
        let carried = hands_over(&asha, &session).await;
        assert_eq!((&carried["facts"]["channel"], &carried["facts"]["name"]), (&json!("Phone"), &json!("Netflix")));
        app.finish().await;
    }

    async fn a_reminder_that_no_channel_told_is_in_the_inbox_and_is_sent_by_one_that_is_set_up_since(setup: Setup) {
        let (setup, receiver) = (local(&setup), Receiver::open());
        let (app, asha, netflix) = three_days_before(&setup, async |_, _| {}).await;
        let (session, step) = begin_with(&asha, "reminder_missing", &netflix).await;
        assert_eq!(node(&step), "inbox", "{step}");
        assert!(text(&step).contains("by no channel") && text(&step).contains("it renews"), "{step}");
        let inbox = asha.get("/v1/notifications").await.expect(200).value();
        assert_eq!(inbox["data"].as_array().unwrap().len(), 1, "{inbox}");
        assert_eq!(answers(&asha, &session, "set_up").await["node"]["link"], "/notifications/channels");

        // What is set up now was not there then; the reminder is sent by it all the same.
        receiver.channel(&asha, "Phone").await;
        let (session, step) = begin_with(&asha, "reminder_missing", &netflix).await;
        assert_eq!(node(&step), "inbox", "{step}");
        assert_eq!(node(&answers(&asha, &session, "again").await), "sent_again");
        eventually("the phone to have it", async || (receiver.heard() == 1).then_some(())).await;
        let (_, step) = begin_with(&asha, "reminder_missing", &netflix).await;
        assert_eq!(node(&step), "arrived", "{step}");
        app.finish().await;
    }

    async fn a_reminder_that_nothing_told_is_not_said_to_be_in_the_inbox(setup: Setup) {
        let (app, asha, netflix) = three_days_before(&setup, async |asha, _| {
            prefers(asha, json!({"kinds": {"renewal_near": {"inbox": false}}})).await;
        })
        .await;
        let inbox = asha.get("/v1/notifications").await.expect(200).value();
        assert_eq!(inbox["data"], json!([]));
        let (session, step) = begin_with(&asha, "reminder_missing", &netflix).await;
        assert_eq!(node(&step), "inbox", "{step}");
        assert!(text(&step).contains("unless you have turned this kind"), "{step}");
        let step = answers(&asha, &session, "kinds").await;
        assert_eq!(step["node"]["link"], "/notifications/preferences", "{step}");
        assert!(text(&step).contains("nothing tells you"), "{step}");
        app.finish().await;
    }

    async fn a_reminder_that_goes_by_one_channel_only_or_by_none_is_told_by_the_other_again(setup: Setup) {
        let (setup, receiver) = (local(&setup), Receiver::open());
        let (app, asha, netflix) = three_days_before(&setup, async |asha, netflix| {
            let phone = receiver.channel(asha, "Phone").await;
            receiver.channel(asha, "Desk").await;
            prefers(asha, json!({"kinds": {"renewal_near": {phone: false}}})).await;
            let spotify = asha.create(&monthly("Spotify")).await.id;
            asha.act(&format!("/v1/subscriptions/{spotify}/pause")).await.expect(200);
            assert_ne!(spotify, netflix);
        })
        .await;
        eventually("the other to have it", async || (receiver.heard() == 1).then_some(())).await;
        let (session, step) = begin_with(&asha, "reminder_missing", &netflix).await;
        assert_eq!(node(&step), "kind_off", "{step}");
        assert!(text(&step).contains("Phone") && text(&step).contains("it renews"), "{step}");
        assert_eq!(node(&answers(&asha, &session, "turn_on").await), "kind_on");
        let now = asha.get("/v1/notification-preferences").await.expect(200).value();
        let told = now["kinds"]["renewal_near"].as_object().unwrap().values().all(|told| told == true);
        assert!(told, "{now}");

        // All of it turned off is turned on.
        prefers(&asha, json!({"muted_subscriptions": [netflix]})).await;
        let (session, step) = begin_with(&asha, "reminder_missing", &netflix).await;
        assert_eq!(node(&step), "muted", "{step}");
        assert_eq!(node(&answers(&asha, &session, "unmute").await), "unmuted");
        let now = asha.get("/v1/notification-preferences").await.expect(200).value();
        assert_eq!(now["muted_subscriptions"], json!([]));

        // Of what is paused nothing is told, until it runs again.
        let spotify = asha.subscriptions().await.into_iter().find(|each| each.name == "Spotify").unwrap().id;
        let (session, step) = begin_with(&asha, "reminder_missing", &spotify).await;
        assert_eq!(node(&step), "paused", "{step}");
        assert_eq!(node(&answers(&asha, &session, "resume").await), "resumed");
        assert_eq!(asha.subscription(&spotify).await.status, "active");
        let (_, step) = begin_with(&asha, "reminder_missing", &spotify).await;
        assert_eq!(node(&step), "planned", "{step}");

        // Whoever wants to be reminded on no day is told that.
        asha.patch("/v1/me", &json!({"reminder_days": []})).await.expect(200);
        eventually("it to be known", async || {
            let (_, step) = begin_with(&asha, "reminder_missing", &netflix).await;
            (node(&step) == "never").then_some(())
        })
        .await;
        app.finish().await;
    }
}
