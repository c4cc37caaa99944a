//! What a database of an earlier version holds is there after every migration since, and goes on.

use jiff::Timestamp;
use kernel::{HouseholdId, Id, Kind, SubscriptionId};
use platform::{
    db::{Batch, Database, DatabaseLocation},
    sql,
};

use super::*;
use crate::{
    MIGRATIONS,
    domain::{Subscription, testing::day},
};

fn id<K: Kind>(number: u32) -> Id<K> {
    crate::domain::testing::id(number)
}

/// As the first version stored it: one that runs, one that rests, one that is cancelled, one that is over.
const STORED: [(u32, &str, &str, Option<&str>); 4] = [
    (1, "active", "Netflix", None),
    (2, "paused", "Gym", None),
    (3, "cancelled", "Music", Some("2026-06-05")),
    (4, "ended", "Course", Some("2026-05-05")),
];

/// Puts in what the first version would have, by the columns that it had.
async fn fill(database: &Database) {
    let (household, made): (HouseholdId, Timestamp) = (id(1), "2026-01-05T06:30:00Z".parse().unwrap());
    let mut batch = Batch::of(household);
    batch.add(sql!(
        "INSERT INTO households (household_id, time_zone, currency, locale, version) VALUES ($1, $2, $3, $4, $5)",
        household,
        "Asia/Kolkata",
        "INR",
        "en-IN",
        1_i64
    ));
    for (number, status, name, ends_on) in STORED {
        let subscription: SubscriptionId = id(number);
        batch.add(sql!(
            "INSERT INTO subscriptions (id, household_id, created_by, name, status, currency, prices, cycle_every,
                 cycle_unit, month_end, first_charge_on, open_from, ends_on, auto_renew, category, notes, source,
                 created_on, created_at, updated_at, version, next_charge_on, wakes_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19, $20,
                 $21, $22)",
            subscription,
            household,
            id::<kernel::kinds::User>(1),
            name,
            status,
            "INR",
            platform::db::Value::Json("[[\"2026-01-31\",49900]]".into()),
            1_i64,
            "month",
            "anchor_day",
            day("2026-01-31"),
            day("2026-05-01"),
            ends_on.map(day),
            true,
            "other",
            "kept since",
            platform::db::Value::Json("{\"kind\":\"manual\"}".into()),
            day("2026-01-05"),
            made,
            7_i64,
            day("2026-05-31"),
            (status == "active").then_some(made)
        ));
        for (month, due_on) in
            ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"].into_iter().enumerate()
        {
            batch.add(sql!(
                "INSERT INTO payments (id, household_id, subscription_id, due_on, paid_on, status, amount, currency,
                                       source, created_at)
                 VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9)",
                id::<kernel::kinds::Payment>(number * 100 + u32::try_from(month).unwrap()),
                household,
                subscription,
                day(due_on),
                "paid",
                49_900_i64,
                "INR",
                "renewal",
                made
            ));
        }
    }
    database.apply(batch).await.unwrap();
}

async fn check(database: &Database) {
    let household: HouseholdId = id(1);
    let found: Vec<Subscription> = all(database, household).await.unwrap();
    let told: Vec<_> = found.iter().map(|it| (it.name.to_string(), it.status.as_str(), it.ends_on)).collect();
    let stored = STORED.map(|(_, status, name, ends_on)| (name.to_owned(), status, ends_on.map(day)));
    assert_eq!(told, stored);
    for subscription in &found {
        assert_eq!(subscription.notes.as_str(), "kept since");
        assert_eq!((subscription.version, subscription.prices.on(day("2026-05-05")).minor()), (7, 49_900));
        // Of what was over before it was kept who cancelled, somebody did.
        assert_eq!(subscription.cancelled_on, subscription.ends_on);
    }
    let entries = entries(database, household).await.unwrap();
    assert_eq!(entries.len(), 16);
    assert!(entries.iter().all(|entry| entry.version == 1 && !entry.extra && entry.recorded_by.is_none()));
    let known = super::household(database, household).await.unwrap().unwrap();
    assert_eq!((known.settings.reminders.days.days(), known.version), ([3, 1].as_slice(), 1));
    // And it goes on: what ran is found by the sweep, and has a plan of reminders to come.
    let now = "2026-06-05T06:30:00Z".parse().unwrap();
    assert_eq!(due(database, now, 10).await.unwrap().len(), 1);
    assert_eq!(unplanned(database, 10).await.unwrap().len(), 1);
}

async fn grows_up(location: &DatabaseLocation, name: &'static str) {
    let open = async |migrations| {
        let patience = std::time::Duration::from_secs(10);
        Database::open(location, name, migrations, 2, patience).await.unwrap()
    };
    fill(&open(&MIGRATIONS[..1]).await).await;
    // Every version in between opens it, too.
    for version in 2..MIGRATIONS.len() {
        open(&MIGRATIONS[..version]).await;
    }
    check(&open(MIGRATIONS).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filled_database_of_the_first_version_loses_nothing_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    grows_up(&DatabaseLocation::Folder(folder.path().to_owned()), "subscriptions").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filled_database_of_the_first_version_loses_nothing_on_postgres() {
    let Some(url) = platform::testing::postgres_url() else { return };
    let schema = format!("test_upgrade_{}", platform::testing::ids().uuid().simple());
    grows_up(&DatabaseLocation::Url(url), Box::leak(schema.into_boxed_str())).await;
}
