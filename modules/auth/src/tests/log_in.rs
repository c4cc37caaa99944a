//! What those learn who try.

use std::time::{Duration, Instant};

use axum::http::Method;
use platform::both_databases;
use serde_json::json;

use super::{PASSWORD, Stage};
use crate::MIGRATIONS;

both_databases! { MIGRATIONS,
    async fn passwords_are_not_tried_without_end_and_the_owner_is_not_kept_out(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        // A tenth right one resets what was counted.
        for _ in 0..9 {
            stage.try_log_in("asha", "not the password").await.expect(401);
        }
        stage.log_in("asha").await;
        for _ in 0..10 {
            stage.try_log_in("asha", "not the password").await.expect(401);
        }
        let refused = stage.try_log_in("asha", PASSWORD).await;
        assert_eq!(refused.status.as_u16(), 429, "the right one is not told from others: {}", refused.body);
        // Somebody else's address is no better.
        let body = json!({"email": "ASHA@example.org", "password": PASSWORD});
        stage.post("/v1/auth/login", None, &body).await.expect(429);
        // Its owner is somewhere else.
        let elsewhere = stage.ask_from([198, 51, 100, 7], Method::POST, "/v1/auth/login", None, Some(&body)).await;
        elsewhere.expect(200);
        stage.clock.advance(Duration::from_secs(16 * 60));
        let (token, _) = stage.log_in("asha").await;
        let failed = stage.acts(&token).await.iter().filter(|act| *act == "log_in.failed").count();
        assert_eq!(failed, 19);
    }

    async fn passwords_are_not_tried_without_end_from_many_places(database: Database) {
        let stage = Stage::set(database).await;
        let body = json!({"email": "asha@example.org", "password": "x"});
        let mut statuses = Vec::new();
        for place in 0..102_u8 {
            let answer = stage.ask_from([10, 0, 0, place], Method::POST, "/v1/auth/login", None, Some(&body)).await;
            statuses.push(answer.status.as_u16());
        }
        assert!(statuses[..100].iter().all(|status| *status == 401), "{statuses:?}");
        assert_eq!(statuses[100..], [429, 429], "also for an address that nobody has an account with");
    }

    async fn many_tries_at_once_are_counted_each(database: Database) {
        let stage = Stage::set(database).await;
        let tries = (0..30).map(|_| {
            let stage = stage.clone();
            async move { stage.try_log_in("asha", "short").await.status.as_u16() }
        });
        let mut statuses = tries.collect::<tokio::task::JoinSet<_>>().join_all().await;
        statuses.sort_unstable();
        assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 10, "{statuses:?}");
    }

    async fn who_is_known_is_not_told_by_the_answer(database: Database) {
        let stage = Stage::set(database).await;
        stage.account("asha").await;
        for wrong in ["not the password", "short", &"x".repeat(5_000), ""] {
            let known = stage.try_log_in("asha", wrong).await;
            let unknown = stage.try_log_in("nobody", wrong).await;
            assert_eq!((known.status, &known.body), (unknown.status, &unknown.body), "{wrong}");
            assert_eq!(known.status.as_u16(), 401);
        }
    }
}

/// The middle of some durations.
pub(super) fn median(mut of: Vec<Duration>) -> Duration {
    of.sort_unstable();
    of[of.len() / 2]
}

/// Two populations, taken in turn so that a busy machine is as busy for both, compared by their middles. Without a
/// hash to verify for addresses that nobody has, theirs would be a hundredth of the other.
#[tokio::test]
async fn who_is_known_is_not_told_by_the_time_it_takes() {
    let (database, _folder) = platform::testing::sqlite("test", MIGRATIONS).await;
    let stage = Stage::set(database).await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..8 {
        stage.account(&format!("asha{number}")).await;
    }
    for round in 0..24 {
        for (name, times) in
            [(format!("asha{}", round % 8), &mut known), (format!("nobody{}", round % 8), &mut unknown)]
        {
            let began = Instant::now();
            stage.try_log_in(&name, "not the password").await.expect(401);
            times.push(began.elapsed());
        }
    }
    let (known, unknown) = (median(known).as_micros(), median(unknown).as_micros());
    assert!(known * 2 < unknown * 3 && unknown * 2 < known * 3, "known {known} µs, unknown {unknown} µs");
}
