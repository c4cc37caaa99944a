use axum::http::Method;
use kernel::kinds;
use platform::both_databases;
use serde_json::{Value, json};

use super::{House, nobodys, person, text};
use crate::MIGRATIONS;

both_databases! { MIGRATIONS,
    async fn another_users_payment_or_document_is_a_404_for_every_method(database: Database) {
        let (house, asha, ravi) = (House::open(database), person(1), person(2));
        let (subscription, payment) = house.due(asha).await;
        let documents = format!("/v1/payments/{payment}/documents");
        let added = house.upload(asha, &documents, "bill.pdf", "application/pdf", b"%PDF-1.7").await.expect(201);
        let document = text(&added.json(), "id");
        let requests = |payment: &str, document: &str, subscription: &str| {
            let path = format!("/v1/payments/{payment}");
            let page = format!("/payments/{payment}");
            vec![
                (Method::GET, path.clone(), Value::Null),
                (Method::PATCH, path.clone(), json!({"status": "paid"})),
                (Method::DELETE, path.clone(), Value::Null),
                (Method::POST, format!("{path}/undo"), Value::Null),
                (Method::GET, format!("{path}/documents"), Value::Null),
                (Method::GET, format!("{path}/documents/{document}"), Value::Null),
                (Method::DELETE, format!("{path}/documents/{document}"), Value::Null),
                (Method::GET, format!("/v1/payments?subscription_id={subscription}"), Value::Null),
                (Method::POST, "/v1/payments".into(), json!({"subscription_id": subscription})),
                (Method::GET, page.clone(), Value::Null),
                (Method::GET, format!("{page}/documents/{document}"), Value::Null),
                (Method::GET, format!("/subscriptions/{subscription}/payments/new"), Value::Null),
            ]
        };
        let posts = |payment: &str, document: &str, subscription: &str| {
            let page = format!("/payments/{payment}");
            let acts = ["paid", "failed", "skipped", "refunded", "edit", "undo", "remove"];
            let mut all: Vec<_> = acts.iter().map(|act| format!("{page}/{act}")).collect();
            all.push(format!("{page}/documents/{document}/remove"));
            all.push(format!("/subscriptions/{subscription}/payments"));
            all
        };
        let nobodys = (nobodys::<kinds::Payment>(), nobodys::<kinds::Document>(), nobodys::<kinds::Subscription>());
        for (payment, document, subscription) in [(&payment, &document, &subscription), (&nobodys.0, &nobodys.1, &nobodys.2)] {
            for (method, path, body) in requests(payment, document, subscription) {
                house.send(ravi, method, &path, &body).await.expect(404);
            }
            for path in posts(payment, document, subscription) {
                house.submit(ravi, &path, "version=1&amount=1.00&paid_on=2026-05-01").await.expect(404);
            }
            for path in [format!("/v1/payments/{payment}/documents"), format!("/payments/{payment}/documents")] {
                house.upload(ravi, &path, "bill.pdf", "application/pdf", b"%PDF-1.7").await.expect(404);
            }
        }
        assert_eq!(house.get(ravi, "/v1/payments").await.json()["data"], json!([]));
        // Asha's own are as they were.
        assert_eq!(text(&house.get(asha, &format!("/v1/payments/{payment}")).await.json(), "status"), "due");
        house.get(asha, &format!("{documents}/{document}")).await.expect(200);
    }
}
