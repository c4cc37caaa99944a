use jiff::{
    Timestamp,
    civil::{Date, date},
};
use platform::{
    both_databases,
    db::{Batch, DbError, FromRow, Json, Migration, Row, Value},
    sql,
};
use uuid::Uuid;

const MIGRATIONS: &[Migration] = &[Migration {
    name: "0001_things",
    text: "CREATE TABLE things (
        id ID PRIMARY KEY, owner ID NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, good BOOLEAN NOT NULL,
        made_at INSTANT, made_on DATE, tags JSON NOT NULL, picture BYTES, version INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX things_one_name_an_owner ON things (owner, name);
    CREATE UNIQUE INDEX things_no_twins ON things (lower(name)) WHERE size > 100;",
}];

#[derive(Debug, Clone, PartialEq)]
struct Thing {
    id: Uuid,
    owner: Uuid,
    name: String,
    size: i64,
    good: bool,
    made_at: Option<Timestamp>,
    made_on: Option<Date>,
    tags: Vec<String>,
    picture: Option<Vec<u8>>,
}

impl FromRow for Thing {
    fn from_row(row: &mut Row<'_>) -> Result<Self, platform::db::ColumnError> {
        Ok(Self {
            id: row.take()?,
            owner: row.take()?,
            name: row.take()?,
            size: row.take()?,
            good: row.take()?,
            made_at: row.take()?,
            made_on: row.take()?,
            tags: row.take::<Json<_>>()?.0,
            picture: row.take()?,
        })
    }
}

fn thing(name: &str, size: i64) -> Thing {
    Thing {
        id: platform::testing::ids().uuid(),
        owner: Uuid::nil(),
        name: name.into(),
        size,
        good: size % 2 == 0,
        made_at: Some("2026-05-05T06:30:00.123456Z".parse().unwrap()),
        made_on: Some(date(2024, 2, 29)),
        tags: vec!["a \"quoted\" one".into(), "naïve ₹".into()],
        picture: None,
    }
}

fn insert(thing: &Thing) -> platform::db::Statement {
    sql!(
        "INSERT INTO things (id, owner, name, size, good, made_at, made_on, tags, picture, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
        thing.id,
        thing.owner,
        &thing.name,
        thing.size,
        thing.good,
        thing.made_at,
        thing.made_on,
        Value::json(&thing.tags),
        thing.picture.clone()
    )
}

fn all() -> platform::db::Statement {
    sql!(
        "SELECT id, owner, name, size, good, made_at, made_on, tags, picture FROM things ORDER BY size, name LIMIT 1000"
    )
}

fn batch(statements: impl IntoIterator<Item = platform::db::Statement>) -> Batch {
    let mut batch = Batch::new();
    statements.into_iter().for_each(|statement| batch.add(statement));
    batch
}

both_databases! { MIGRATIONS,
    async fn every_type_reads_back_as_it_was_written(database: Database) {
        let full = Thing { picture: Some(vec![0, 255]), ..thing("full", i64::MAX) };
        let empty = Thing { made_at: None, made_on: None, tags: vec![], ..thing("", i64::MIN) };
        database.apply(batch([insert(&full), insert(&empty)])).await.unwrap();
        assert_eq!(database.all::<Thing>(all()).await.unwrap(), [empty, full]);
    }

    async fn a_batch_is_applied_whole_or_not_at_all(database: Database) {
        let mut failing = batch([insert(&thing("a", 1))]);
        failing.expect(1, sql!("UPDATE things SET version = version + 1 WHERE name = $1 AND version = $2", "nobody", 1_i64));
        assert!(matches!(database.apply(failing).await, Err(DbError::Conflict)));
        let refused = batch([insert(&thing("a", 1)), sql!("INSERT INTO nowhere VALUES (1)")]);
        assert!(matches!(database.apply(refused).await, Err(DbError::Refused(_))));
        assert_eq!(database.all::<Thing>(all()).await.unwrap(), []);
    }

    async fn many_steps_that_are_alike_do_what_each_would_do_alone(database: Database) {
        let mut things: Vec<Thing> = (0..150).map(|n| thing(&format!("alike {n}"), n)).collect();
        things[7].made_at = None;
        let change = |thing: &Thing, version: i64, made_on: Option<Date>| sql!(
            "UPDATE things SET made_on = $2, picture = $3, version = $4 + 1 WHERE id = $1 AND version = $4",
            thing.id, made_on, None::<Vec<u8>>, version
        );
        let mut whole = batch(things.iter().map(insert));
        for thing in &mut things {
            thing.made_on = (thing.size % 3 > 0).then_some(date(2026, 1, 31));
            whole.expect(1, change(thing, 1, thing.made_on));
        }
        // One of them once more: its second change finds what the first has left.
        things[149].made_on = Some(date(2027, 2, 28));
        whole.expect(1, change(&things[149], 2, things[149].made_on));
        database.apply(whole).await.unwrap();
        assert_eq!(database.all::<Thing>(all()).await.unwrap(), things);

        let mut one_is_gone = Batch::new();
        for thing in &things[..70] {
            let version = if thing.size == 69 { 9 } else { 2 };
            one_is_gone.expect(1, change(thing, version, None));
        }
        assert!(matches!(database.apply(one_is_gone).await, Err(DbError::Conflict)));
        let twins = (0..70).map(|n| insert(&thing(&format!("twin {}", n / 2), n)));
        let error = database.apply(batch(twins)).await.unwrap_err();
        assert!(error.violates("things_one_name_an_owner"), "{error}");
        assert_eq!(database.all::<Thing>(all()).await.unwrap(), things);
    }

    async fn a_violated_index_is_known_by_its_name(database: Database) {
        database.apply(batch([insert(&thing("a", 101))])).await.unwrap();
        let error = database.apply(batch([insert(&thing("a", 2))])).await.unwrap_err();
        assert!(error.violates("things_one_name_an_owner"), "{error}");
        let error = database.apply(batch([insert(&thing("A", 102))])).await.unwrap_err();
        assert!(error.violates("things_no_twins"), "{error}");
        let mut expecting = Batch::new();
        expecting.expect(1, insert(&thing("a", 2)));
        let error = database.apply(expecting).await.unwrap_err();
        assert!(error.violates("things_one_name_an_owner"), "{error}");
    }

    async fn a_list_of_numbers_is_one_value(database: Database) {
        database.apply(batch((0..10).map(|n| insert(&thing(&n.to_string(), n))))).await.unwrap();
        let found: Vec<(i64,)> = database
            .all(sql!("SELECT size FROM things WHERE owner = $1 AND size = ANY($2) ORDER BY size", Uuid::nil(), vec![2_i64, 3, 77]))
            .await
            .unwrap();
        assert_eq!(found, [(2,), (3,)]);
    }

    async fn claimed_rows_come_back(database: Database) {
        database.apply(batch((0..10).map(|n| insert(&thing(&n.to_string(), n))))).await.unwrap();
        let claim = || sql!(
            "UPDATE things SET version = 2 WHERE id IN (SELECT id FROM things WHERE version = $1 ORDER BY size LIMIT 4 FOR UPDATE SKIP LOCKED) RETURNING size",
            1_i64
        );
        let mut claimed = Vec::new();
        for expected in [4, 4, 2, 0] {
            let rows: Vec<(i64,)> = database.claim(claim()).await.unwrap();
            assert_eq!(rows.len(), expected);
            claimed.extend(rows);
        }
        claimed.sort_unstable();
        assert_eq!(claimed, (0..10).map(|n| (n,)).collect::<Vec<_>>());
    }

    async fn writers_at_once_lose_nothing_and_one_of_two_changes_is_a_conflict(database: Database) {
        database.apply(batch([insert(&thing("counter", 0))])).await.unwrap();
        let increments = (0..200).map(|_| {
            let database = database.clone();
            async move {
                loop {
                    let (size, version): (i64, i64) =
                        database.optional(sql!("SELECT size, version FROM things WHERE name = 'counter'")).await.unwrap().unwrap();
                    let mut batch = Batch::new();
                    batch.expect(1, sql!("UPDATE things SET size = $1, version = $2 WHERE name = 'counter' AND version = $3", size + 1, version + 1, version));
                    match database.apply(batch).await {
                        Ok(()) => break,
                        Err(DbError::Conflict) => {}
                        Err(other) => panic!("{other}"),
                    }
                }
            }
        });
        futures_util::future::join_all(increments).await;
        let (size,): (i64,) = database.optional(sql!("SELECT size FROM things")).await.unwrap().unwrap();
        assert_eq!(size, 200);
    }

    async fn what_relies_on_a_household_and_what_alters_it_do_not_miss_each_other(database: Database) {
        if !database.is_shared() {
            return; // One writer, and so one after the other.
        }
        let household = kernel::HouseholdId::from_uuid(Uuid::from_u128(7));
        let rule = Thing { id: Uuid::from_u128(1), ..thing("rule", 1) };
        let nap = || sql!("SELECT pg_sleep(0.3)");
        let follow = |name: &str, when: i64| {
            let made = thing(name, when);
            let mut batch = Batch::new();
            batch.relies_on(household);
            batch.add(insert(&made));
            batch.add(sql!(
                "UPDATE things SET size = 0 WHERE id = $1 AND EXISTS (SELECT 1 FROM things r WHERE r.name = 'rule' AND r.size <> $2)",
                made.id, when
            ));
            batch
        };
        let alter = |to: i64| {
            let mut batch = Batch::new();
            batch.alters(household);
            batch.add(sql!("UPDATE things SET size = 0 WHERE name <> 'rule'"));
            batch.add(sql!("UPDATE things SET size = $1 WHERE name = 'rule'", to));
            batch
        };
        database.apply(batch([insert(&rule)])).await.unwrap();
        let later = || tokio::time::sleep(std::time::Duration::from_millis(100));

        let (mut slow, quick) = (follow("before", 1), alter(2));
        slow.add(nap());
        let quick = async { later().await; database.apply(quick).await };
        let (slow, quick) = tokio::join!(database.apply(slow), quick);
        slow.and(quick).unwrap();

        let (mut slow, quick) = (alter(3), follow("after", 2));
        slow.add(nap());
        let quick = async { later().await; database.apply(quick).await };
        let (slow, quick) = tokio::join!(database.apply(slow), quick);
        slow.and(quick).unwrap();

        let kept = database.all::<Thing>(all()).await.unwrap();
        let kept: Vec<_> = kept.iter().map(|thing| (thing.name.as_str(), thing.size)).collect();
        assert_eq!(kept, [("after", 0), ("before", 0), ("rule", 3)]);
    }

    async fn a_request_given_up_half_way_leaves_the_connection_usable(database: Database) {
        for n in 0..50_i64 {
            let mut slow = batch([insert(&thing(&format!("given up {n}"), n))]);
            slow.expect(1, sql!("UPDATE things SET version = 2 WHERE size = $1", n));
            let applying = database.apply(slow);
            let _ = tokio::time::timeout(std::time::Duration::from_micros(100 * n.unsigned_abs() / 5), applying).await;
        }
        // Each is there whole or not at all.
        let (half,): (i64,) = database.optional(sql!("SELECT count(*) FROM things WHERE version = 1")).await.unwrap().unwrap();
        assert_eq!(half, 0);
    }

    async fn a_statement_that_takes_too_long_is_ended(database: Database) {
        let endless = sql!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
        let begun = std::time::Instant::now();
        let (quick, _folder) = platform::testing::sqlite("quick", &[]).await;
        let database = if database.is_shared() { database } else { quick };
        let result = database.all::<(i64,)>(endless).await;
        assert!(matches!(result, Err(DbError::Unavailable(_))), "{result:?} after {:?}", begun.elapsed());
    }
}
