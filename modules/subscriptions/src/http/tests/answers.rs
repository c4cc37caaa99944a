//! What is remembered is what would be computed.

use std::sync::atomic::{AtomicUsize, Ordering};

use platform::{
    both_databases,
    jobs::{Progress, Work},
    lifecycle::Tasks,
    redis::Redis,
    sealing::Sealing,
};

use super::*;
use crate::{
    Shared, TrackerError,
    answers::{Figure, Refresh, Size},
    domain::By,
    service::{Dashboard, Spendings, Whose},
};

/// Every route whose answers are remembered, as somebody asks for it. What is asked for in other words is another
/// answer, from the same figures.
const LOOKS: [&str; 19] = [
    "/v1/analytics/forecast?months=3",
    "/v1/analytics/forecast?months=3&view=mine",
    "/v1/analytics/forecast?months=3&view=ours",
    "/v1/analytics/insights",
    "/v1/analytics/spending?by=category&months=3",
    "/v1/analytics/spending?by=category&months=3&view=ours",
    "/v1/analytics/spending?by=member&months=3",
    "/v1/analytics/spending?by=tag&months=3&view=mine",
    "/v1/budgets",
    "/v1/calendar?from=2026-05-01&to=2026-07-31",
    "/v1/calendar?from=2026-05-01&to=2026-07-31&view=ours",
    "/v1/categories",
    "/v1/dashboard",
    "/v1/dashboard?view=mine",
    "/v1/dashboard?view=ours",
    "/v1/payment-methods",
    "/v1/payments?limit=100",
    "/v1/subscriptions?limit=100",
    "/v1/tags",
];

/// Two doors to one household: one remembers, the other computes everything anew.
struct Doors {
    remembers: House,
    computes: House,
}

impl Doors {
    fn open(database: Database) -> Self {
        let computes = House::with_memory(database.clone(), 0);
        Self { remembers: House::with_memory(database, 16), computes }
    }

    /// Asked twice, so that the second answer comes from memory.
    async fn agree(&self, after: &str) {
        let others = Actor { user: person(2).user, ..person(1) };
        for actor in [person(1), others] {
            for path in LOOKS {
                let computed = self.computes.get(actor, path).await.expect(200);
                for time in ["first", "second"] {
                    let remembered = self.remembers.get(actor, path).await.expect(200);
                    assert_eq!(remembered.json(), computed.json(), "{path}, the {time} time after {after}");
                    assert!(!remembered.header("etag").is_empty(), "{path}");
                }
            }
        }
    }

    async fn set(&self, instant: &str) {
        self.computes.clock.set(instant);
        self.remembers.live_until(instant).await;
    }
}

/// The Redis of the tests; `None`, said aloud, where there is none.
async fn redis(tasks: &Tasks) -> Option<Arc<Redis>> {
    let url = format!("redis://{}/", platform::testing::redis_address()?);
    let mut source = platform::settings::Source::new();
    source.add_value("redis.url", &url, "the test");
    source.add_value("redis.timeout", "2s", "the test");
    Redis::start(&source.section(), tasks).await.unwrap()
}

both_databases! { crate::MIGRATIONS,
    async fn what_is_remembered_is_what_would_be_computed(database: Database) {
        let doors = Doors::open(database);
        let (house, me) = (&doors.remembers, person(1));
        doors.agree("nothing").await;
        let id = house.netflix(me, "2026-05-10", Value::Null).await;
        doors.agree("a subscription").await;
        let private = house.netflix(me, "2026-05-10", json!({"name": "Secret", "private": true})).await;
        doors.agree("a private one").await;
        let one = format!("/v1/subscriptions/{id}");
        let price = json!({"price": {"amount": "649.00", "currency": "INR"}});
        house.send(me, Method::PATCH, &one, &price).await.expect(200);
        doors.agree("another price").await;
        let open = house.payments(me, &id).await.iter().find(|each| each["status"] == "due").cloned().unwrap();
        let paid = json!({"status": "paid"});
        house.send(me, Method::PATCH, &format!("/v1/payments/{}", text(&open, "id")), &paid).await.expect(200);
        doors.agree("a payment").await;
        house.send(me, Method::POST, "/v1/tags", &json!({"name": "Fun"})).await.expect(201);
        doors.agree("a tag").await;
        let limit = json!({"amount": {"amount": "500.00", "currency": "INR"}});
        house.send(me, Method::POST, "/v1/budgets", &limit).await.expect(201);
        doors.agree("a budget").await;
        let foreign = json!({"name": "Abroad", "price": {"amount": "10.00", "currency": "USD"}});
        house.netflix(me, "2026-05-10", foreign).await;
        doors.agree("another currency").await;
        let rate = json!({"rate": "84.5", "since": "2026-01-01"});
        house.send(me, Method::PUT, "/v1/rates/USD/INR", &rate).await.expect(200);
        doors.agree("a rate of one's own").await;
        house.send(me, Method::POST, &format!("{one}/pause"), &Value::Null).await.expect(200);
        doors.agree("a pause").await;
        doors.set("2026-05-11T06:30:00Z").await;
        doors.agree("another day").await;
        house.send(me, Method::POST, &format!("{one}/resume"), &Value::Null).await.expect(200);
        doors.set("2026-07-01T06:30:00Z").await;
        doors.agree("months of renewals").await;
        house.send(me, Method::DELETE, &format!("/v1/subscriptions/{private}"), &Value::Null).await.expect(204);
        doors.agree("a deletion").await;
    }

    async fn what_somebody_looks_at_is_kept_up_to_date_by_itself(database: Database) {
        let house = House::open(database);
        let me = person(1);
        house.netflix(me, "2026-05-10", Value::Null).await;
        house.get(me, "/v1/dashboard").await.expect(200);
        house.get(me, "/v1/analytics/spending?by=tag&months=3").await.expect(200);
        let known = async |figure| {
            house.tracker.remembered::<Dashboard>(&me, figure, async { Err(TrackerError::NotFound) }).await
        };
        let spent = || Figure::Spendings { whose: Whose::Ours, months: 3, by: vec![By::Tag], opened: None };
        let spendings = async || {
            house.tracker.remembered::<Spendings>(&me, spent(), async { Err(TrackerError::NotFound) }).await
        };
        assert!(spendings().await.is_ok());
        let dashboard = || Figure::Dashboard(Whose::Ours);
        let one = known(dashboard()).await.unwrap().rows();
        house.netflix(me, "2026-05-11", json!({"name": "Another"})).await;
        assert!(known(dashboard()).await.is_err(), "what it was is over");
        assert!(spendings().await.is_err());
        Refresh(Arc::clone(&house.tracker)).run().await.unwrap();
        assert!(known(dashboard()).await.unwrap().rows() > one);
        assert!(spendings().await.is_ok());
        // What rests has its turn later; and what nobody looks at is not computed.
        house.netflix(me, "2026-05-12", json!({"name": "A third"})).await;
        assert!(known(dashboard()).await.is_err());
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        while known(dashboard()).await.is_err() {
            Refresh(Arc::clone(&house.tracker)).run().await.unwrap();
        }
        assert!(known(Figure::Dashboard(Whose::Mine)).await.is_err());
    }

    async fn another_day_is_there_before_somebody_looks(database: Database) {
        let house = House::open(database);
        let me = person(1);
        house.netflix(me, "2026-05-10", Value::Null).await;
        house.get(me, "/v1/dashboard").await.expect(200);
        let known = async || {
            let figure = Figure::Dashboard(Whose::Ours);
            house.tracker.remembered::<Dashboard>(&me, figure, async { Err(TrackerError::NotFound) }).await
        };
        let days = async |instant: &str| {
            house.clock.set(instant);
            // The first one may still rest.
            while Refresh(Arc::clone(&house.tracker)).run().await.unwrap() == Progress::More {}
            known().await.map(|dashboard| dashboard.today.to_string())
        };
        // In Kolkata the next day begins at half past six in the evening of UTC.
        assert_eq!(days("2026-05-10T18:29:59Z").await.unwrap(), "2026-05-10");
        assert_eq!(days("2026-05-10T18:30:00Z").await.unwrap(), "2026-05-11");
        assert_eq!(days("2026-05-11T18:30:00Z").await.unwrap(), "2026-05-12", "nobody looked meanwhile");
    }

    async fn of_many_who_look_at_a_figure_one_computes_it(database: Database) {
        let house = House::open(database);
        let me = person(1);
        house.netflix(me, "2026-05-10", Value::Null).await;
        let computed = AtomicUsize::new(0);
        let look = || {
            house.tracker.remembered(&me, Figure::Dashboard(Whose::Ours), async {
                computed.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                house.tracker.compute_dashboard(&me, Whose::Ours).await
            })
        };
        let seen = futures_util::future::try_join_all((0..10).map(|_| look())).await.unwrap();
        assert_eq!((seen.len(), computed.into_inner()), (10, 1));
    }

    async fn who_has_an_answer_already_is_told_so(database: Database) {
        let house = House::open(database);
        let me = person(1);
        house.netflix(me, "2026-05-10", Value::Null).await;
        let tag = house.get(me, "/v1/dashboard").await.expect(200).header("etag").to_owned();
        let again = async || {
            let request = Request::get("/v1/dashboard").header("If-None-Match", &tag);
            house.ask(me, request.body(Body::empty()).unwrap()).await
        };
        assert_eq!(again().await.expect(304).body, b"");
        house.netflix(me, "2026-05-11", Value::Null).await;
        assert_ne!(again().await.expect(200).header("etag"), tag);
    }

    async fn what_one_process_computed_another_answers_until_something_changes(database: Database) {
        let tasks = Tasks::new();
        let Some(redis) = redis(&tasks).await else { return };
        // A key of this run alone: nobody else has put anything under it.
        let secret = platform::testing::ids().uuid();
        let house = |secret: &[u8]| {
            let shared = Shared::of_everything(Arc::clone(&redis), Sealing::new(secret, "answers"));
            House::sharing(database.clone(), 16, Some(shared))
        };
        let (one, other) = (house(secret.as_bytes()), house(secret.as_bytes()));
        let stranger = house(b"another installation");
        one.netflix(person(1), "2026-05-10", Value::Null).await;
        for path in LOOKS {
            let computed = one.get(person(1), path).await.expect(200);
            let shared = other.get(person(1), path).await.expect(200);
            assert_eq!((shared.json(), shared.header("etag")), (computed.json(), computed.header("etag")), "{path}");
            let own = stranger.get(person(1), path).await.expect(200);
            assert_eq!(own.json(), computed.json(), "what does not open is computed");
            let theirs = other.get(Actor { user: person(2).user, ..person(1) }, path).await.expect(200);
            assert_eq!(theirs.json(), computed.json(), "{path}: the same household, to another");
        }
        one.netflix(person(1), "2026-05-11", json!({"name": "Second"})).await;
        let (computed, shared) = (one.get(person(1), "/v1/dashboard").await, other.get(person(1), "/v1/dashboard").await);
        assert_eq!(shared.json(), computed.json());
        assert_eq!(shared.json()["counts"]["active"], json!(2), "{}", shared.text());
    }
}
