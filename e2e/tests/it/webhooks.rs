//! Addresses that are told of what happens, by a program that does not live long.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use e2e::{Does, Provider, Sent, eventually, on_both};
use serde_json::json;

use crate::monthly;

const SERVICES: usize = 6;

on_both! {
    async fn killed_in_the_middle_of_telling_it_goes_on_in_order_and_says_by_the_id_what_comes_again(setup: Setup) {
        // It hears a message, and takes its time to say yes.
        let hears = Arc::new(Mutex::new(Vec::<String>::new()));
        let heard = Arc::clone(&hears);
        let provider = Provider::open(move |sent: &Sent| {
            heard.lock().unwrap().push(sent.header("webhook-id").to_owned());
            let after = Duration::from_millis(if heard.lock().unwrap().len() == 3 { 3_000 } else { 10 });
            Does::Answers { status: 204, headers: String::new(), body: String::new(), after }
        })
        .await;
        let setup = setup.with("PERENNIAL_NOTIFICATIONS_PRIVATE_ADDRESSES", "true");
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let url = format!("{}/hook", provider.base());
        let events = json!(["subscription.created"]);
        asha.post("/v1/webhooks", &json!({"url": url, "events": events})).await.expect(201);
        let mut ids = Vec::new();
        for number in 0..SERVICES {
            ids.push(asha.create(&monthly(&format!("Service {number}"))).await.id);
        }
        eventually("the third to be under way", async || (hears.lock().unwrap().len() == 3).then_some(())).await;
        app.kill9();
        let interrupted = hears.lock().unwrap()[2].clone();

        let app = setup.start().await;
        let asha = app.visitor().log_in("asha@example.org").await;
        eventually("everything to be told", async || {
            let hooks = asha.get("/v1/webhooks").await.expect(200).value();
            let id = hooks["data"][0]["id"].as_str().unwrap().to_owned();
            let messages = asha.get(&format!("/v1/webhooks/{id}/messages?limit=50")).await.expect(200).value();
            let messages = messages["data"].as_array().unwrap();
            (messages.len() == SERVICES && messages.iter().all(|one| one["state"] == "sent")).then_some(())
        })
        .await;
        let hears = hears.lock().unwrap().clone();
        let mut times = BTreeMap::<&String, usize>::new();
        hears.iter().for_each(|id| *times.entry(id).or_default() += 1);
        assert_eq!(times.len(), SERVICES);
        let again: Vec<&String> = times.iter().filter(|(_, times)| **times > 1).map(|(id, _)| *id).collect();
        assert_eq!(again, [&interrupted], "{hears:?}");
        let subject = |sent: &Sent| sent.json()["data"]["subscription"].as_str().unwrap().to_owned();
        let mut told: Vec<String> = provider.told().iter().map(|told| subject(&told.sent)).collect();
        told.dedup();
        assert_eq!(told, ids, "in order");
        app.finish().await;
    }
}
