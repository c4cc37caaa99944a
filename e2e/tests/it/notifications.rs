//! What people are told, from the day that is near to the page that shows it.

use e2e::{Client, eventually, on_both};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::monthly;

/// Somebody who watches their notifications, as a browser does.
struct Watcher {
    answer: Response,
    heard: String,
    last: Option<String>,
}

impl Watcher {
    async fn of(client: &Client, last: Option<&str>) -> Self {
        let mut request = client.request(Method::GET, "/v1/notifications/stream");
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self { answer, heard: String::new(), last: None }
    }

    /// The next event of a kind.
    async fn hears(&mut self, kind: &str) -> Value {
        loop {
            while let Some((event, rest)) = self.heard.split_once("\n\n") {
                let line =
                    |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
                let (found, id, data) = (line("event: "), line("id: "), line("data: "));
                self.heard = rest.to_owned();
                self.last = id.or(self.last.take());
                if found.as_deref() == Some(kind) {
                    return serde_json::from_str(&data.unwrap()).unwrap();
                }
            }
            let chunk = self.answer.chunk().await.unwrap().unwrap();
            self.heard.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

async fn titles(client: &Client) -> Vec<String> {
    let page = client.get("/v1/notifications").await.expect(200).value();
    page["data"].as_array().unwrap().iter().map(|each| each["title"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn a_reminder_comes_to_the_inbox_and_to_whoever_watches_and_nothing_is_missed_over_a_restart(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        asha.create(&monthly("Netflix")).await;
        asha.create(&monthly("Spotify")).await;
        app.stop().await;

        // Nine o'clock in Kolkata, three days ahead, is about to come.
        let app = setup.start_at("2026-06-02T03:29:57Z").await;
        let asha = app.visitor().log_in("asha@example.org").await;
        let mut watcher = Watcher::of(&asha, None).await;
        assert_eq!(watcher.hears("unread").await, json!({ "unread": 0 }));
        let told = watcher.hears("notification").await;
        let title = told["title"].as_str().unwrap();
        assert!(["Netflix renews in 3 days", "Spotify renews in 3 days"].contains(&title), "{told}");
        let last = watcher.last.clone().unwrap();
        app.kill9();

        // The other one is heard of by whoever asks from where they were, and by nobody twice.
        let app = setup.start_at("2026-06-02T03:31:00Z").await;
        let asha = app.visitor().log_in("asha@example.org").await;
        eventually("both", async || (titles(&asha).await.len() == 2).then_some(())).await;
        let mut watcher = Watcher::of(&asha, Some(&last)).await;
        let other = watcher.hears("notification").await;
        assert_ne!(other["id"], told["id"]);
        assert_eq!(watcher.hears("unread").await, json!({ "unread": 2 }));
        asha.post("/v1/notifications/read", &json!({})).await.expect(204);
        assert_eq!(watcher.hears("unread").await, json!({ "unread": 0 }));

        // Somebody else hears nothing of it.
        let bela = app.member("bela").await;
        assert!(titles(&bela).await.is_empty());
        drop(watcher);
        app.finish().await;
    }
}
