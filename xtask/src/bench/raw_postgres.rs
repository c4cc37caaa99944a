//! PostgreSQL doing the same statements without us, on a connection a caller.

use std::time::{Duration, Instant};

use postgres_types::{FromSql, IsNull, ToSql, Type, private::BytesMut};
use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls, Statement};

use super::{load::Measured, raw_sqlite::fresh_id};
use crate::failure::Failure;

type Cause = Box<dyn std::error::Error + Sync + Send>;

/// A value as the server sends it, of whatever type.
#[derive(Debug, Clone)]
struct Raw(Option<Vec<u8>>);

impl<'r> FromSql<'r> for Raw {
    fn from_sql(_: &Type, raw: &'r [u8]) -> Result<Self, Cause> {
        Ok(Self(Some(raw.to_vec())))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Cause> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl ToSql for Raw {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Cause> {
        Ok(match &self.0 {
            None => IsNull::Yes,
            Some(bytes) => {
                out.extend_from_slice(bytes);
                IsNull::No
            }
        })
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, of: &Type, out: &mut BytesMut) -> Result<IsNull, Cause> {
        self.to_sql(of, out)
    }
}

pub(super) async fn connect(url: &str) -> Result<Client, Failure> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    #[expect(clippy::disallowed_methods, reason = "it ends with the client")]
    tokio::spawn(async move {
        // What breaks the connection is what the client's next call says.
        let _ = connection.await;
    });
    client.batch_execute("SET search_path = subscriptions").await?;
    Ok(client)
}

/// A page of twenty, and one row more.
pub(super) async fn read(url: &str, callers: usize, duration: Duration) -> Result<Measured, Failure> {
    let mut all = JoinSet::new();
    for _ in 0..callers {
        all.spawn(read_alone(url.to_owned(), duration));
    }
    together(all).await
}

async fn read_alone(url: String, duration: Duration) -> Result<Measured, Failure> {
    let client = connect(&url).await?;
    let household: Raw =
        client.query_one("SELECT household_id FROM subscriptions LIMIT 1", &[]).await?.get(0);
    let page = client
        .prepare("SELECT * FROM subscriptions WHERE household_id = $1 AND id > $2 ORDER BY id LIMIT 21")
        .await?;
    let first = Raw(Some(vec![0; 16]));
    let (mut measured, begun) = (Measured::new()?, Instant::now());
    while begun.elapsed() < duration {
        let asked = Instant::now();
        std::hint::black_box(client.query(&page, &[&household, &first]).await?);
        measured.note(asked.elapsed());
    }
    measured.elapsed = begun.elapsed();
    Ok(measured)
}

/// What creating one subscription writes, in a transaction.
pub(super) async fn write(url: &str, callers: usize, duration: Duration) -> Result<Measured, Failure> {
    let mut all = JoinSet::new();
    for _ in 0..callers {
        all.spawn(write_alone(url.to_owned(), duration));
    }
    together(all).await
}

async fn write_alone(url: String, duration: Duration) -> Result<Measured, Failure> {
    let client = connect(&url).await?;
    let mut inserts = Vec::new();
    for table in ["subscriptions", "payments", "outbox", "outbox"] {
        inserts.push(insert_like(&client, table).await?);
    }
    let (mut measured, begun) = (Measured::new()?, Instant::now());
    while begun.elapsed() < duration {
        let asked = Instant::now();
        client.batch_execute("BEGIN").await?;
        for insert in &inserts {
            let values = insert.values();
            client.execute_raw(&insert.statement, &values).await?;
        }
        client.batch_execute("COMMIT").await?;
        measured.note(asked.elapsed());
    }
    measured.elapsed = begun.elapsed();
    Ok(measured)
}

async fn together(mut callers: JoinSet<Result<Measured, Failure>>) -> Result<Measured, Failure> {
    let mut all = Measured::new()?;
    while let Some(caller) = callers.join_next().await {
        all.merge(&caller.map_err(|error| Failure::new(error.to_string()))??);
    }
    Ok(all)
}

/// An insert, and the values it is done with; those at `fresh` are ids.
struct Insert {
    statement: Statement,
    values: Vec<Raw>,
    fresh: Vec<usize>,
}

impl Insert {
    fn values(&self) -> Vec<Raw> {
        let mut values = self.values.clone();
        for at in &self.fresh {
            values[*at] = Raw(Some(fresh_id().to_vec()));
        }
        values
    }
}

/// An insert of a row like one that the program wrote.
async fn insert_like(client: &Client, table: &str) -> Result<Insert, Failure> {
    let row = client.query_one(&format!("SELECT * FROM {table} LIMIT 1"), &[]).await?;
    let kept: Vec<usize> = (0..row.len())
        .filter(|at| !matches!(row.columns()[*at].name(), "sequence" | "published_at"))
        .collect();
    let columns: Vec<&str> = kept.iter().map(|at| row.columns()[*at].name()).collect();
    let places: Vec<String> = (1..=kept.len()).map(|place| format!("${place}")).collect();
    let is_fresh = |name: &&str| {
        matches!(*name, "id" | "event_id") || (table == "payments" && *name == "subscription_id")
    };
    let fresh = columns.iter().enumerate().filter(|(_, name)| is_fresh(name)).map(|(at, _)| at).collect();
    let text = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "));
    Ok(Insert {
        statement: client.prepare(&text).await?,
        values: kept.iter().map(|at| row.get(*at)).collect(),
        fresh,
    })
}
