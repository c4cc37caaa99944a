use platform::both_databases;
use serde_json::Value;

use super::{House, person};
use crate::MIGRATIONS;

/// Where it was sent on to.
fn next(answer: &super::Answer) -> String {
    answer.header("location").to_owned()
}

both_databases! { MIGRATIONS,
    async fn a_payment_is_paid_and_undone_by_buttons(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let (subscription, payment) = house.due(asha).await;
        let detail = house.get(asha, &format!("/subscriptions/{subscription}")).await.expect(200).text();
        assert!(detail.contains(&format!("action=\"/payments/{payment}/paid\"")) && detail.contains("Enter a payment"));
        let open = house.get(asha, "/payments?status=open").await.expect(200).text();
        assert!(open.contains("Netflix") && open.contains("badge-careful"));
        assert!(house.get(asha, "/dashboard").await.expect(200).text().contains("To be paid"));
        let done = house.submit(asha, &format!("/payments/{payment}/paid"), "version=1&from=subscription").await.expect(303);
        assert_eq!(next(&done), format!("/subscriptions/{subscription}?done=payment-paid&payment={payment}&version=2"));
        let told = house.get(asha, &next(&done)).await.expect(200).text();
        assert!(told.contains("Marked as paid.") && told.contains(&format!("action=\"/payments/{payment}/undo\"")));
        assert!(!house.get(asha, "/payments?status=open").await.text().contains("Netflix"));
        let undone = house.submit(asha, &format!("/payments/{payment}/undo"), "version=2").await.expect(303);
        let page = house.get(asha, &next(&undone)).await.expect(200).text();
        assert!(page.contains("Undone: due again") && page.contains("Marked as paid") && page.contains("by you"));
    }

    async fn an_old_page_changes_nothing_and_shows_what_it_is_now(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let (_, payment) = house.due(asha).await;
        house.submit(asha, &format!("/payments/{payment}/paid"), "version=1").await.expect(303);
        for act in ["skipped", "edit", "undo", "remove"] {
            let late = house.submit(asha, &format!("/payments/{payment}/{act}"), "version=1&amount=1.00").await.expect(412);
            assert!(late.text().contains("changed meanwhile") && late.text().contains("value=\"2\""), "{act}");
        }
        let refused = house.submit(asha, &format!("/payments/{payment}/skipped"), "version=2").await.expect(409);
        assert!(refused.text().contains("A payment that is paid cannot become skipped."));
    }

    async fn a_wrong_correction_keeps_what_was_typed(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let (_, payment) = house.due(asha).await;
        let wrong = house.submit(asha, &format!("/payments/{payment}/edit"), "version=1&amount=4.999&note=mine").await.expect(422);
        assert!(wrong.text().contains("value=\"4.999\"") && wrong.text().contains("id=\"field-amount-error\""));
        let done = house.submit(asha, &format!("/payments/{payment}/edit"), "version=1&amount=512.50&note=mine").await.expect(303);
        assert!(house.get(asha, &next(&done)).await.expect(200).text().contains("₹512.50"));
    }

    async fn a_payment_is_entered_with_a_form(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let subscription = house.netflix(asha, "2026-05-10", Value::Null).await;
        let form = house.get(asha, &format!("/subscriptions/{subscription}/payments/new")).await.expect(200).text();
        assert!(form.contains("value=\"2026-06-10\"") && form.contains("value=\"499.00\""));
        let path = format!("/subscriptions/{subscription}/payments");
        let wrong = house.submit(asha, &path, "due_on=2026-06-11&amount=499.00").await.expect(422);
        assert!(wrong.text().contains("id=\"field-due_on-error\"") && wrong.text().contains("such as 2026-07-10"));
        let done = house.submit(asha, &path, "due_on=2026-06-10&amount=499.00&paid_on=2026-05-09").await.expect(303);
        let page = house.get(asha, &next(&done)).await.expect(200).text();
        assert!(page.contains("Take it away") && page.contains("/undo\"") && page.contains("entered by hand"));
        house.submit(asha, &path, "due_on=2026-06-10&amount=499.00").await.expect(409);
        let extra = house.submit(asha, &path, "extra=true&due_on=2026-05-01&amount=50.00").await.expect(303);
        assert!(house.get(asha, &next(&extra)).await.expect(200).text().contains("Extra charge of"));
    }

    async fn a_document_is_sent_with_a_form(database: Database) {
        let (house, asha) = (House::open(database), person(1));
        let (_, payment) = house.due(asha).await;
        let path = format!("/payments/{payment}/documents");
        let done = house.upload(asha, &path, "May & June.pdf", "application/pdf", b"%PDF-1.7").await.expect(303);
        let page = house.get(asha, &next(&done)).await.expect(200).text();
        assert!(page.contains("May &#38; June.pdf") || page.contains("May &amp; June.pdf"));
        let refused = house.upload(asha, &path, "x.pdf", "application/pdf", b"<html>").await.expect(422);
        assert!(refused.text().contains("Nothing was done."));
        let none = house.upload(asha, &path, "", "application/octet-stream", b"").await.expect(422);
        assert!(none.text().contains("Choose a file first"));
    }
}
