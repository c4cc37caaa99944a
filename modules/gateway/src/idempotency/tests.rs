use std::sync::atomic::{AtomicU32, Ordering};

use axum::{Router, middleware::from_fn, routing::post};
use kernel::{Role, SessionId};
use platform::{both_databases, testing::SetClock};
use tower::ServiceExt;

use super::*;

/// A door before one thing to do, which is counted.
struct Stage {
    idempotency: Arc<Idempotency>,
    clock: Arc<SetClock>,
    router: Router,
    done: Arc<AtomicU32>,
}

fn person(number: u128) -> Actor {
    let id = uuid::Uuid::from_u128(number);
    Actor::at_home(UserId::from_uuid(id), Role::User, SessionId::from_uuid(id))
}

impl Stage {
    /// What is done takes so long, and answers `status` with what was sent.
    fn open(database: Database, takes: Duration, status: StatusCode) -> Self {
        let clock = SetClock::at("2026-05-05T06:30:00Z");
        let sealing = Sealing::new(b"a secret of this installation", "test");
        let shared: Arc<dyn Clock> = Arc::<SetClock>::clone(&clock);
        let idempotency = Arc::new(Idempotency::new(database, shared, sealing));
        let done = Arc::new(AtomicU32::new(0));
        let (counts, door) = (Arc::clone(&done), Arc::clone(&idempotency));
        let handler = async move |body: String| {
            tokio::time::sleep(takes).await;
            let count = counts.fetch_add(1, Ordering::SeqCst) + 1;
            (status, [("location", format!("/v1/things/{count}"))], format!("{count}: {body}"))
        };
        let router = Router::new().route("/v1/things", post(handler)).layer(from_fn(
            move |request: Request, next: Next| {
                let door = Arc::clone(&door);
                async move {
                    let actor = *request.extensions().get::<Actor>().unwrap();
                    door.answer(&actor, request, next, &Tasks::new()).await
                }
            },
        ));
        Self { idempotency, clock, router, done }
    }

    fn request(who: u128, key: &str, body: &'static str) -> Request {
        let request = Request::post("/v1/things").header("Idempotency-Key", key);
        let request = request.header("Content-Type", "application/json").extension(person(who));
        request.body(Body::from(body)).unwrap()
    }

    async fn send(&self, who: u128, key: &str, body: &'static str) -> (u16, String, bool) {
        self.ask(Self::request(who, key, body)).await
    }

    async fn ask(&self, request: Request) -> (u16, String, bool) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = to_bytes(body, LONGEST).await.unwrap();
        let replayed = parts.headers.contains_key(&REPLAYED);
        assert!(!parts.status.is_success() || parts.headers.contains_key(header::LOCATION));
        (parts.status.as_u16(), String::from_utf8(text.to_vec()).unwrap(), replayed)
    }

    fn done(&self) -> u32 {
        self.done.load(Ordering::SeqCst)
    }
}

both_databases! { crate::MIGRATIONS,
    async fn what_is_sent_again_is_done_once_and_answered_the_same(database: Database) {
        let stage = Stage::open(database, Duration::ZERO, StatusCode::CREATED);
        assert_eq!(stage.send(1, "k", "{}").await, (201, "1: {}".into(), false));
        assert_eq!(stage.send(1, "k", "{}").await, (201, "1: {}".into(), true));
        assert_eq!(stage.send(1, "\"k\"", "{}").await, (201, "1: {}".into(), true), "as a structured field");
        assert_eq!(stage.done(), 1);
        let (status, said, _) = stage.send(1, "k", "{\"other\": 1}").await;
        assert_eq!(status, 422, "{said}");
        assert!(said.contains("Idempotency-Key"), "{said}");
        // Another key, or another person.
        assert_eq!(stage.send(1, "l", "{}").await.1, "2: {}");
        assert_eq!(stage.send(2, "k", "{}").await.1, "3: {}");
        // A day later a key is as good as new.
        stage.clock.advance(Duration::from_secs(24 * 3_600 + 1));
        assert_eq!(stage.send(1, "k", "{\"other\": 1}").await.1, "4: {\"other\": 1}");
    }

    async fn of_many_at_once_one_is_done_and_the_others_come_back(database: Database) {
        let stage = Stage::open(database, Duration::from_millis(50), StatusCode::CREATED);
        let asked = (0..8).map(|_| stage.send(1, "k", "{}"));
        let answers = futures_util::future::join_all(asked).await;
        let count = |wanted: u16| answers.iter().filter(|(status, _, _)| *status == wanted).count();
        assert_eq!((count(201), count(409), stage.done()), (1, 7, 1), "{answers:?}");
        assert_eq!(stage.send(1, "k", "{}").await, (201, "1: {}".into(), true));
    }

    async fn who_goes_away_finds_it_done_when_they_come_back(database: Database) {
        let stage = Stage::open(database, Duration::from_millis(100), StatusCode::CREATED);
        let gone = tokio::time::timeout(Duration::from_millis(20), stage.send(1, "k", "{}")).await;
        assert!(gone.is_err(), "they did not wait");
        let mut answer = stage.send(1, "k", "{}").await;
        while answer.0 == 409 {
            tokio::time::sleep(Duration::from_millis(10)).await;
            answer = stage.send(1, "k", "{}").await;
        }
        assert_eq!((answer, stage.done()), ((201, "1: {}".into(), true), 1));
    }

    async fn what_went_wrong_on_our_side_may_be_tried_again(database: Database) {
        let stage = Stage::open(database, Duration::ZERO, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(stage.send(1, "k", "{}").await, (503, "1: {}".into(), false));
        assert_eq!(stage.send(1, "k", "{}").await, (503, "2: {}".into(), false));
        let refused = Stage::open(stage.idempotency.database.clone(), Duration::ZERO, StatusCode::NOT_FOUND);
        assert_eq!(refused.send(1, "k", "{}").await, (404, "1: {}".into(), false));
        assert_eq!(refused.send(1, "k", "{}").await, (404, "1: {}".into(), true), "what was wrong stays wrong");
    }

    async fn a_key_of_a_process_that_died_is_taken_over_for_the_same_request(database: Database) {
        let stage = Stage::open(database.clone(), Duration::ZERO, StatusCode::CREATED);
        let now = stage.clock.now();
        let (claimed, _) = fingerprint(&person(1), Stage::request(1, "k", "{}")).await.unwrap();
        let since = Since { kept: now - KEPT_FOR, worked_on: now - WORKED_ON_FOR };
        assert!(store::claim(&database, person(1).user, "k", &claimed, now, since).await.unwrap());
        assert_eq!(stage.send(1, "k", "{}").await.0, 409);
        stage.clock.advance(WORKED_ON_FOR + Duration::from_secs(1));
        assert_eq!(stage.send(1, "k", "{\"other\": 1}").await.0, 422);
        assert_eq!(stage.send(1, "k", "{}").await, (201, "1: {}".into(), false));
    }

    async fn what_is_kept_is_sealed_and_forgotten(database: Database) {
        let stage = Stage::open(database.clone(), Duration::ZERO, StatusCode::CREATED);
        stage.send(1, "k", "\"pk_live_secret\"").await;
        let kept: Vec<(Vec<u8>,)> =
            database.all(platform::sql!("SELECT answer FROM repeatable LIMIT 10")).await.unwrap();
        assert!(!kept[0].0.windows(9).any(|part| part == b"k_live_se"), "{kept:?}");
        let forgetting = Forgetting(Arc::clone(&stage.idempotency));
        for (hours, left) in [(23, 1), (2, 0)] {
            stage.clock.advance(Duration::from_secs(hours * 3_600));
            forgetting.run().await.unwrap();
            let kept: Vec<(Vec<u8>,)> =
                database.all(platform::sql!("SELECT answer FROM repeatable LIMIT 10")).await.unwrap();
            assert_eq!(kept.len(), left);
        }
    }
}

#[test]
fn a_key_is_a_text_that_can_be_seen() {
    let key = |value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(KEY, value.parse().unwrap());
        key_of(&headers)
    };
    assert_eq!(key(" 8e03978e-40d5 ").unwrap().as_deref(), Some("8e03978e-40d5"));
    for wrong in ["", "\"\"", "two words", &"x".repeat(256)] {
        assert!(key(wrong).is_err(), "{wrong}");
    }
    assert_eq!(key_of(&HeaderMap::new()).unwrap(), None);
}
