use axum::http::Method;
use platform::both_databases;
use serde_json::Value;

use super::{House, person, text};
use crate::{MIGRATIONS, domain::MOST_BYTES};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

both_databases! { MIGRATIONS,
    async fn a_document_comes_back_as_it_was_and_as_a_download_alone(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let (subscription, payment) = house.due(asha).await;
        let path = format!("/v1/payments/{payment}/documents");
        let added = house.upload(asha, &path, "बिल/May.pdf", "text/html", PDF).await.expect(201);
        assert_eq!((text(&added.json(), "name"), text(&added.json(), "media_type")), ("May.pdf".into(), "application/pdf".into()));
        let listed = house.get(asha, &path).await.expect(200).json();
        assert_eq!(listed["data"], Value::Array(vec![added.json()]));
        let got = house.get(asha, added.header("location")).await.expect(200);
        assert_eq!(got.body, PDF);
        for (header, value) in [
            ("content-type", "application/pdf"),
            ("content-disposition", "attachment; filename=\"May.pdf\"; filename*=UTF-8''May%2Epdf"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; sandbox"),
        ] {
            assert_eq!(got.header(header), value);
        }
        house.send(asha, Method::DELETE, added.header("location"), &Value::Null).await.expect(204);
        house.send(asha, Method::DELETE, added.header("location"), &Value::Null).await.expect(404);
        house.get(asha, added.header("location")).await.expect(404);
        let added = house.upload(asha, &path, "a.png", "image/png", PNG).await.expect(201);
        house.send(asha, Method::DELETE, &format!("/v1/subscriptions/{subscription}"), &Value::Null).await.expect(204);
        house.get(asha, added.header("location")).await.expect(404);
    }

    async fn what_only_claims_to_be_a_document_is_refused(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let (_, payment) = house.due(asha).await;
        let path = format!("/v1/payments/{payment}/documents");
        for (name, kind, content) in [
            ("bill.pdf", "application/pdf", &b"<!doctype html><script>alert(1)</script>"[..]),
            ("logo.svg", "image/svg+xml", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            ("photo.png", "image/png", b"MZ\x90\0"),
            ("empty.pdf", "application/pdf", b""),
        ] {
            let refused = house.upload(asha, &path, name, kind, content).await.expect(422);
            assert_eq!(refused.pointer(), "/file", "{name}");
        }
        house.send(asha, Method::POST, &path, &serde_json::json!({"file": "x"})).await.expect(415);
        assert_eq!(house.get(asha, &path).await.json()["data"], Value::Array(vec![]));
    }

    async fn ten_megabytes_are_kept_and_a_byte_more_is_not(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let (_, payment) = house.due(asha).await;
        let path = format!("/v1/payments/{payment}/documents");
        let mut content = PNG.to_vec();
        content.resize(MOST_BYTES, 7);
        house.upload(asha, &path, "scan.png", "image/png", &content).await.expect(201);
        content.push(7);
        house.upload(asha, &path, "scan.png", "image/png", &content).await.expect(413);
        content.resize(MOST_BYTES * 2, 7);
        house.upload(asha, &path, "scan.png", "image/png", &content).await.expect(413);
    }

    async fn a_payment_keeps_ten_documents(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let (_, payment) = house.due(asha).await;
        let path = format!("/v1/payments/{payment}/documents");
        for _ in 0..10 {
            house.upload(asha, &path, "bill.pdf", "application/pdf", PDF).await.expect(201);
        }
        let full = house.upload(asha, &path, "bill.pdf", "application/pdf", PDF).await.expect(409);
        assert!(full.text().contains("at most 10 documents"));
    }
}
