//! Lists: bounded, and stable while others write.

use std::collections::HashSet;

use e2e::{Client, Page, Subscription, on_both};
use serde_json::json;

use crate::monthly;

async fn page(client: &Client, query: &str) -> Page<Subscription> {
    client.get(&format!("/v1/subscriptions{query}")).await.expect(200).json()
}

fn ids(page: &Page<Subscription>) -> Vec<String> {
    page.data.iter().map(|entry| entry.id.clone()).collect()
}

on_both! {
    async fn paging_shows_each_once_while_new_ones_are_written(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let mut before = HashSet::new();
        for number in 0..45 {
            before.insert(asha.create(&monthly(&format!("Service {number}"))).await.id);
        }
        let mut seen = Vec::new();
        let mut next = page(&asha, "").await;
        assert_eq!(next.data.len(), 20, "20 is the default");
        let mut added = 0;
        while let Some(cursor) = next.next_cursor.clone() {
            seen.extend(ids(&next));
            for _ in 0..3 {
                added += 1;
                asha.create(&monthly(&format!("Latecomer {added}"))).await;
            }
            next = page(&asha, &format!("?limit=10&cursor={cursor}")).await;
        }
        seen.extend(ids(&next));
        let distinct: HashSet<String> = seen.iter().cloned().collect();
        assert_eq!(distinct.len(), seen.len(), "one was shown twice");
        assert!(distinct.is_superset(&before), "{} were left out", before.difference(&distinct).count());
        assert_eq!(asha.subscriptions().await.len(), 45 + added);
        app.finish().await;
    }

    async fn paging_goes_on_when_the_last_one_seen_is_deleted(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        for number in 0..9 {
            asha.create(&monthly(&format!("Service {number}"))).await;
        }
        let first = page(&asha, "?limit=4").await;
        asha.delete(&format!("/v1/subscriptions/{}", first.data[3].id)).await.expect(204);
        let second = page(&asha, &format!("?limit=100&cursor={}", first.next_cursor.clone().unwrap())).await;
        assert_eq!(second.data.len(), 5);
        assert_eq!(second.next_cursor, None);
        assert!(ids(&second).iter().all(|id| !ids(&first).contains(id)));
        app.finish().await;
    }

    async fn limits_are_bounded_and_cursors_are_ours(setup: Setup) {
        let app = setup.start().await;
        let asha = app.member("asha").await;
        let answer = asha.get("/v1/subscriptions").await.expect(200).value();
        assert_eq!(answer, json!({"data": [], "next_cursor": null}));
        for limit in ["1", "100"] {
            page(&asha, &format!("?limit={limit}")).await;
        }
        for (query, pointer) in [
            ("?limit=0", "/limit"),
            ("?limit=101", "/limit"),
            ("?limit=99999999999999999999", "/limit"),
            ("?limit=ten", "/limit"),
            ("?cursor=garbage", "/cursor"),
            ("?cursor=e30", "/cursor"),
        ] {
            let problem = asha.get(&format!("/v1/subscriptions{query}")).await.problem(422);
            assert_eq!(problem.pointers(), [pointer], "{query}");
        }
        app.finish().await;
    }
}
