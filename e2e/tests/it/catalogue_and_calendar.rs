//! A calendar outside reads what is to come.

use e2e::{Client, on_both};
use serde_json::json;

use crate::{monthly, with};

async fn open(client: &Client, body: serde_json::Value) -> (String, String) {
    let opened = client.post("/v1/calendar-feeds", &body).await.expect(201).value();
    (opened["id"].as_str().unwrap().to_owned(), opened["path"].as_str().unwrap().to_owned())
}

on_both! {
    async fn a_calendar_needs_no_log_in_and_follows_every_change_until_it_is_revoked(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        asha.create(&with(monthly("Netflix"), "first_charge_on", json!("2026-05-31"))).await;
        let (id, path) = open(&asha, json!({"name": "Ours, all of it"})).await;
        let read = app.visitor().get(&path).await.expect(200);
        assert_eq!(read.header("content-type"), "text/calendar; charset=utf-8");
        assert_eq!(read.header("cache-control"), "private, max-age=3600");
        let text = read.text();
        assert!(text.contains("X-WR-CALNAME:Ours\\, all of it\r\n"), "{text}");
        for day in ["20260531", "20260630", "20270228", "20280229"] {
            assert!(text.contains(&format!("DTSTART;VALUE=DATE:{day}\r\n")), "{day}");
        }
        let tag = read.header("etag").to_owned();
        let again = app.visitor().request(reqwest::Method::GET, &path).header("If-None-Match", &tag);
        e2e::Answer::of(again).await.unwrap().expect(304);
        asha.create(&monthly("Spotify")).await;
        let changed = app.visitor().get(&path).await.expect(200);
        assert!(changed.text().contains("SUMMARY:Spotify") && changed.header("etag") != tag);
        asha.delete(&format!("/v1/calendar-feeds/{id}")).await.expect(204);
        app.visitor().get(&path).await.expect(404);
        app.finish().await;
    }

    async fn a_calendar_of_a_category_tells_of_nothing_else(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        asha.create(&monthly("Netflix")).await;
        asha.create(&monthly("Spotify")).await;
        let (_, path) = open(&asha, json!({"category": "music"})).await;
        let text = app.visitor().get(&path).await.expect(200).text();
        assert!(text.contains("SUMMARY:Spotify") && !text.contains("Netflix"));
        let problem = asha.post("/v1/calendar-feeds", &json!({"name": " ", "category": "songs"})).await.problem(422);
        assert_eq!(problem.pointers(), ["/name", "/category"]);
        app.finish().await;
    }

    async fn somebody_elses_calendar_is_a_404_and_its_secret_is_told_once(setup: Setup) {
        let app = setup.start().await;
        let (asha, ben) = (app.member("asha").await, app.member("ben").await);
        let (id, path) = open(&asha, json!({})).await;
        let address = format!("/v1/calendar-feeds/{id}");
        ben.delete(&address).await.problem(404);
        app.visitor().delete(&address).await.problem(401);
        assert_eq!(ben.get("/v1/calendar-feeds").await.expect(200).value()["data"], json!([]));
        let listed = asha.get("/v1/calendar-feeds").await.expect(200);
        let secret = path.trim_start_matches("/calendar/").trim_end_matches(".ics");
        assert!(secret.len() == 43 && !listed.text().contains(secret));
        for wrong in [path.replace(".ics", ""), format!("/calendar/{id}.ics"), "/calendar/.ics".into()] {
            asha.get(&wrong).await.expect(404);
        }
        app.visitor().get(&path).await.expect(200);
        app.finish().await;
    }

    async fn services_are_looked_up_by_name_and_by_what_a_bank_writes(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let first = async |query: &str| {
            let found = asha.get(&format!("/v1/catalog?limit=1&q={query}")).await.expect(200).value();
            found["data"][0]["slug"].as_str().map(str::to_owned)
        };
        for (query, slug) in [("netflx", "netflix"), ("POS%20SPOTIFY%20P1A2B3", "spotify"), ("hotstar", "jiohotstar")] {
            assert_eq!(first(query).await.as_deref(), Some(slug), "{query}");
        }
        let all: Vec<serde_json::Value> = asha.all("/v1/catalog").await;
        let slugs: std::collections::HashSet<_> = all.iter().map(|service| service["slug"].to_string()).collect();
        assert!(all.len() >= 280 && slugs.len() == all.len(), "{} {}", all.len(), slugs.len());
        asha.get(&format!("/v1/catalog?q={}", "x".repeat(201))).await.problem(422);
        app.visitor().get("/v1/catalog").await.problem(401);
        let made = asha.create(&monthly("Spotify Family")).await;
        assert_eq!(made.service.as_deref(), Some("spotify"));
        app.finish().await;
    }
}
