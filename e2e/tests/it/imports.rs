//! Files that come in, and everything that goes out.

use e2e::{Answer, Client, on_both};
use reqwest::Method;
use serde_json::{Value, json};

use crate::monthly;

pub(crate) const STATEMENT: &str = "Date,Description,Amount\n2026-02-10,GYM 12,-1000.00\n2026-03-10,GYM 13,-1000.00\n\
                         2026-04-10,GYM 14,-1000.00\n";

async fn send(client: &Client, file: impl Into<Vec<u8>>) -> Result<Answer, reqwest::Error> {
    let request = client.request(Method::POST, "/v1/imports?name=statement.csv");
    Answer::of(request.header("content-type", "text/csv").body(file.into())).await
}

pub(crate) async fn sent(client: &Client, file: impl Into<Vec<u8>>) -> Value {
    send(client, file).await.unwrap().expect(201).value()
}

on_both! {
    async fn a_statement_is_sent_looked_at_applied_and_undone(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let import = sent(&asha, STATEMENT).await;
        assert_eq!((&import["kind"], &import["status"]), (&json!("csv"), &json!("ready")));
        assert_eq!(import["counts"], json!({"create": 1, "duplicate": 0, "confirm": 0, "error": 0}));
        assert!(asha.subscriptions().await.is_empty(), "nothing is done before it is asked for");
        let path = format!("/v1/imports/{}", import["id"].as_str().unwrap());
        let items: Vec<Value> = asha.all(&format!("{path}/items")).await;
        assert_eq!(items[0]["lines"].as_array().unwrap().len(), 3);
        asha.post(&format!("{path}/apply"), &json!({})).await.expect(200);
        let gym = &asha.subscriptions().await[0];
        assert_eq!(gym.name, "Gym");
        asha.post(&format!("{path}/apply"), &json!({})).await.problem(409);
        asha.act(&format!("{path}/undo")).await.expect(200);
        assert!(asha.subscriptions().await.is_empty());
        app.finish().await;
    }

    async fn what_is_exported_is_imported_by_somebody_else_and_is_the_same(setup: Setup) {
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let (asha, ben) = (app.member("asha").await, app.member("ben").await);
        let mut past = monthly("Netflix");
        past["first_charge_on"] = json!("2026-01-31");
        let netflix = asha.create(&past).await;
        asha.create(&monthly("Spotify")).await;
        // What only a household of several has comes along.
        let ravi = asha.post("/v1/members", &json!({"name": "Ravi"})).await.expect(201).value();
        let sharing = json!({"payer_id": ravi["id"], "shares": [{"member_id": ravi["id"], "weight": 1}]});
        asha.patch(&format!("/v1/subscriptions/{}", netflix.id), &sharing).await.expect(200);
        let budget = json!({"amount": {"amount": "900.00", "currency": "INR"}, "member_id": ravi["id"]});
        asha.post("/v1/budgets", &budget).await.expect(201);
        let export = asha.get("/v1/exports/json").await.expect(200);
        assert!(export.header("content-disposition").starts_with("attachment"));
        let import = sent(&ben, export.text()).await;
        let path = format!("/v1/imports/{}/apply", import["id"].as_str().unwrap());
        ben.post(&path, &json!({})).await.expect(200);
        assert_eq!(ben.get("/v1/exports/json").await.expect(200).text(), export.text());
        let members = ben.get("/v1/members").await.expect(200).text();
        assert!(members.contains("Ravi"), "{members}");
        let table = ben.get("/v1/exports/csv").await.expect(200).text();
        assert!(table.contains("Netflix") && table.contains("Spotify"));
        app.finish().await;
    }

    async fn another_users_import_is_a_404_for_every_method(setup: Setup) {
        let app = setup.start().await;
        let (asha, eve) = (app.member("asha").await, app.member("eve").await);
        let import = sent(&asha, STATEMENT).await;
        let path = format!("/v1/imports/{}", import["id"].as_str().unwrap());
        eve.get(&path).await.problem(404);
        eve.get(&format!("{path}/items")).await.problem(404);
        eve.patch(&path, &json!({})).await.problem(404);
        eve.post(&format!("{path}/apply"), &json!({})).await.problem(404);
        eve.act(&format!("{path}/undo")).await.problem(404);
        eve.delete(&path).await.problem(404);
        assert_eq!(asha.get(&path).await.expect(200).value()["status"], "ready");
        app.finish().await;
    }

    async fn files_that_cannot_be_taken_are_refused_and_the_server_goes_on(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        for file in [&b"PK\x03\x04 a bomb"[..], b"\x1f\x8b\x08", b"", b"\0\x01\x02", b"prose", b"{}", b"%PDF-1.7"] {
            let problem = send(&asha, file).await.unwrap().problem(422);
            assert_eq!(problem.errors[0].pointer, "/file");
        }
        // A server that answers before it has read everything may have its answer lost on the way.
        if let Ok(answer) = send(&asha, vec![b'a'; 200 * 1024 * 1024]).await {
            answer.problem(413);
        }
        sent(&asha, STATEMENT).await;
        app.finish().await;
    }
}
