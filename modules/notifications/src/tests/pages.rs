//! The pages, with what is awkward.

use axum::http::{Method, StatusCode};
use platform::both_databases;
use serde_json::json;

use super::{Stage, due, id};
use crate::MIGRATIONS;

both_databases! { MIGRATIONS,
    async fn the_inbox_shows_what_is_new_and_lets_one_be_done_with_it(database: Database) {
        let stage = Stage::set(database);
        assert!(stage.page(1, "/notifications").await.contains("Nothing to know"));
        let mut awkward = due(1);
        awkward.name = "<script>alert(1)</script>\u{202E} שלום & Söhne".into();
        stage.hears(&stage.event(&awkward)).await;
        stage.reminds(2).await;
        let inbox = stage.page(1, "/notifications").await;
        assert!(!inbox.contains("<script>alert") && !inbox.contains('\u{202E}'), "{inbox}");
        assert!(inbox.contains("alert(1)") && inbox.contains("Netflix renews in 3 days"));
        assert!(inbox.contains(r#"data-unread>2<"#), "the bell counts");
        let first = stage.get(1, "/v1/notifications").await["data"][0]["id"].as_str().unwrap().to_owned();
        let one = stage.page(1, &format!("/notifications/{first}")).await;
        assert!(one.contains("Inbox") && one.contains("Sent") && one.contains("/notifications/preferences#renewal_near"));
        assert!(stage.page(1, "/notifications").await.contains(r#"data-unread>1<"#), "it is read");
        for (path, form, to) in [
            (format!("/notifications/{first}/snooze"), "until=1d", "/notifications?done=snoozed".to_owned()),
            (format!("/notifications/{first}/send-again"), "", format!("/notifications/{first}?done=again")),
            (format!("/notifications/{first}/mute"), "", format!("/notifications/{first}?done=muted")),
            (format!("/notifications/{first}/mute"), "", format!("/notifications/{first}?done=unmuted")),
            (format!("/notifications/{first}/done"), "", "/notifications?done=done".to_owned()),
            (format!("/notifications/{first}/undone"), "", format!("/notifications/{first}?done=undone")),
            ("/notifications/read".to_owned(), "", "/notifications?done=read".to_owned()),
        ] {
            assert_eq!(stage.browser(1, Method::POST, &path, form).await, (StatusCode::SEE_OTHER, to.clone()));
            stage.page(1, &to).await;
        }
        let (status, _) = stage.browser(2, Method::POST, &format!("/notifications/{first}/done"), "").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let log = stage.page(1, "/notifications/deliveries").await;
        assert!(log.contains("Not sent") || log.contains("Sent"));
        let delivery = stage.get(1, "/v1/deliveries").await["data"][0]["id"].as_str().unwrap().to_owned();
        assert!(stage.page(1, &format!("/notifications/deliveries/{delivery}")).await.contains("None was needed"));
    }

    async fn the_table_of_wishes_comes_back_as_it_was_sent(database: Database) {
        let stage = Stage::set(database);
        let page = stage.page(1, "/notifications/preferences").await;
        assert!(page.contains(r#"name="renewal_near.inbox" value="true" checked"#));
        let flat = id::<kernel::kinds::Household>(99);
        let sent = format!(
            "version=1&trial_ends.inbox=true&quiet=true&quiet_from=21:30&quiet_to=06:15&digest=friday&digest_at=17:00&language=hi&home.{flat}=true"
        );
        let (status, to) = stage.browser(1, Method::POST, "/notifications/preferences", &sent).await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/notifications/preferences?done=saved"));
        let chosen = stage.get(1, "/v1/notification-preferences").await;
        assert_eq!(chosen["kinds"]["renewal_near"]["inbox"], false);
        assert_eq!(chosen["kinds"]["trial_ends"]["inbox"], true);
        assert_eq!(chosen["kinds"]["channel_broken"]["inbox"], true, "it is always told");
        assert_eq!(chosen["quiet_hours"], json!({ "from": "21:30", "to": "06:15" }));
        assert_eq!(chosen["digest"], json!({ "on": "friday", "at": "17:00" }));
        assert_eq!((&chosen["language"], chosen["muted_households"].as_array().unwrap().len()), (&json!("hi"), 1));
        // Whoever looked at an older page has not seen it.
        let (status, page) = stage.browser(1, Method::POST, "/notifications/preferences", "version=1").await;
        assert!(status == StatusCode::OK && page.contains("changed elsewhere"));
        let wrong = "version=2&quiet=true&quiet_from=9&quiet_to=07:00";
        let (status, page) = stage.browser(1, Method::POST, "/notifications/preferences", wrong).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("One thing needs another look"));
    }

    async fn a_channel_is_set_up_tried_and_mended_on_its_pages(database: Database) {
        let (stage, provider) = (Stage::set(database), crate::tests::provider::Provider::open().await);
        let list = stage.page(1, "/notifications/channels").await;
        assert!(list.contains("No channel yet") && list.contains("/notifications/channels/new?kind=ntfy"));
        assert!(stage.page(1, "/notifications/channels/new?kind=telegram").await.contains("@BotFather"));
        let (status, page) = stage.browser(1, Method::POST, "/notifications/channels", "kind=gotify&server=nonsense&channel_name=Attic").await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("2 things need another look") && page.contains("Attic"));
        // The lane works while the browser waits for its provider's word.
        let lane = crate::jobs::Lane::new(std::sync::Arc::clone(&stage.herald), crate::domain::ChannelKind::Gotify, std::sync::Arc::default());
        let working = async {
            loop {
                platform::jobs::Work::run(&lane).await.unwrap();
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        let browsing = async {
            provider.says("/message", 401, r#"{"errorDescription":"you need to provide a valid access token"}"#);
            let form = format!("kind=gotify&server={}&token=wrong&channel_name=<b>Attic</b>", provider.address);
            let (status, to) = stage.browser(1, Method::POST, "/notifications/channels", &form).await;
            assert_eq!(status, StatusCode::SEE_OTHER, "{to}");
            assert!(stage.page(1, &to).await.contains("401: you need to provide a valid access token"));
            let id = stage.get(1, "/v1/channels").await["data"][0]["id"].as_str().unwrap().to_owned();
            let path = format!("/notifications/channels/{id}");
            let page = stage.page(1, &path).await;
            assert!(page.contains("Does not work") && !page.contains("<b>Attic") && !page.contains("wrong"), "{page}");
            assert!(stage.page(1, "/notifications/preferences").await.contains("does not work"));
            provider.says("/message", 200, r#"{"id":7}"#);
            let version = stage.get(1, "/v1/channels").await;
            let form = format!("version=2&server={}&token=right&channel_name=Attic", provider.address);
            let (status, to) = stage.browser(1, Method::POST, &path, &form).await;
            assert_eq!(status, StatusCode::SEE_OTHER, "{to} {version}");
            assert!(stage.page(1, &to).await.contains("200: message 7"));
            for (to, form) in [("switch", "on=false"), ("switch", "on=true"), ("test", ""), ("remove", "")] {
                let (status, _) = stage.browser(2, Method::POST, &format!("{path}/{to}"), form).await;
                assert_eq!(status, StatusCode::NOT_FOUND, "somebody else's");
                let (status, to) = stage.browser(1, Method::POST, &format!("{path}/{to}"), form).await;
                assert_eq!(status, StatusCode::SEE_OTHER);
                stage.page(1, &to).await;
            }
            assert!(stage.page(1, "/notifications/channels").await.contains("No channel yet"));
        };
        tokio::select! { () = working => {} () = browsing => {} }
    }
}
