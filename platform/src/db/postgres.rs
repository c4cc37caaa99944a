//! PostgreSQL: a small pool, prepared statements, batches pipelined into one round trip.

use std::{
    collections::HashSet, error::Error, future::Future, pin::Pin, str::FromStr, task::Poll, time::Duration,
};

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts};
use postgres_types::{IsNull, ToSql, Type, private::BytesMut};
use tokio_postgres::{
    config::{Host, SslMode},
    error::SqlState,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{DbError, FromRow, Row, Statement, Value, batch::Step, dialect::Dialect, migrate};

/// Every query has its index. The planner knows tables as they were when it last looked: one that was empty then and
/// has grown since (payments, on the morning of many charges) it would read from end to end for each row of a page. And
/// compiling a plan takes longer than any of ours runs.
const PLANS: &str = "-c enable_seqscan=off -c jit=off";

pub(super) struct Postgres {
    pool: Pool,
    /// How long the server may be silent while it works on a statement.
    patience: Duration,
}

/// How much longer than the server's own limit for a statement one waits for its answer: a server that keeps to its
/// limits has said something by then. One that has been stopped, or that the network does not reach, says nothing.
const SILENCE: Duration = Duration::from_secs(3);
/// How much longer a batch may take for each of its steps.
const EACH: Duration = Duration::from_millis(50);

impl Postgres {
    pub(super) async fn open(
        url: &str,
        schema: &str,
        migrations: &[migrate::Owned<'_>],
        connections: usize,
        statement_timeout: Duration,
    ) -> Result<Self, migrate::MigrateError> {
        let pool =
            pool(url, schema, connections, statement_timeout).map_err(migrate::MigrateError::database)?;
        let mut client =
            pool.get().await.map_err(|error| migrate::MigrateError::database(describe(&error)))?;
        migrate::postgres(&mut client, schema, migrations).await?;
        Ok(Self { pool, patience: statement_timeout + SILENCE })
    }

    async fn client(&self) -> Result<Object, DbError> {
        self.pool.get().await.map_err(|error| DbError::Unavailable(describe(&error)))
    }

    pub(super) async fn all<T: FromRow>(&self, statement: &Statement) -> Result<Vec<T>, DbError> {
        let client = self.client().await?;
        let asking = async {
            let prepared = client.prepare_cached(Dialect::Postgres.statement(statement.text)).await?;
            let values: Vec<&(dyn ToSql + Sync)> = statement.values.iter().map(|value| value as _).collect();
            client.query(&prepared, &values).await
        };
        let Ok(answer) = tokio::time::timeout(self.patience, asking).await else {
            // Whoever would be given it next would wait as long.
            drop(Object::take(client));
            return Err(silent());
        };
        let rows = answer.map_err(translate)?;
        rows.iter().map(|row| T::from_row(&mut Row::postgres(row)).map_err(DbError::from)).collect()
    }

    pub(super) async fn apply(&self, steps: &[Step]) -> Result<(), DbError> {
        let mut transaction = Transaction { client: Some(self.client().await?) };
        // Together its statements may take longer than one of them.
        let patience = self.patience * 2 + EACH * u32::try_from(steps.len()).unwrap_or(u32::MAX);
        let result = tokio::time::timeout(patience, transaction.run(steps)).await;
        let result = result.unwrap_or_else(|_| Err(silent()));
        if !matches!(result, Err(DbError::Unavailable(_))) {
            transaction.finished();
        }
        result
    }
}

fn silent() -> DbError {
    DbError::Unavailable("the server does not answer".into())
}

/// A connection with a transaction on it. Dropped half way (the request was given up), it is closed rather than
/// handed to somebody else in that state; the server then rolls back.
struct Transaction {
    client: Option<Object>,
}

impl Transaction {
    fn finished(&mut self) {
        // Back to the pool.
        drop(self.client.take());
    }

    async fn run(&self, steps: &[Step]) -> Result<(), DbError> {
        let Some(client) = &self.client else {
            return Err(DbError::Unavailable("the connection is gone".into()));
        };
        let runs = runs(steps);
        let mut prepared = Vec::with_capacity(runs.len());
        for run in &runs {
            prepared.push(prepare(client, run[0].statement.text, run.len()).await.map_err(translate)?);
        }
        let mut requests: Vec<Request<'_>> = Vec::with_capacity(runs.len() + 2);
        requests.push(Box::pin(command(client, "BEGIN")));
        for (run, prepared) in runs.iter().zip(&prepared) {
            let values: Vec<&Value> = run.iter().flat_map(|step| &step.statement.values).collect();
            requests.push(Box::pin(client.execute_raw(prepared, values)));
        }
        // Without row counts to look at, the commit can travel along: after a failed statement it is a rollback.
        let commits_at_once = steps.iter().all(|step| step.expected.is_none());
        if commits_at_once {
            requests.push(Box::pin(command(client, "COMMIT")));
        }
        let mut results = pipelined(requests).await.into_iter().skip(1);
        let outcome = runs.iter().zip(&mut results).try_for_each(|(run, touched)| {
            let touched = touched.map_err(translate)?;
            let expected = |one: u64| one * run.len() as u64;
            if run[0].expected.map(expected).is_some_and(|expected| expected != touched) {
                Err(DbError::Conflict)
            } else {
                Ok(())
            }
        });
        if commits_at_once {
            return outcome
                .and_then(|()| results.try_for_each(|result| result.map(|_| ()).map_err(translate)));
        }
        let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = client.batch_execute(end).await.map_err(translate);
        outcome.and(ended)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            drop(Object::take(client));
        }
    }
}

/// A statement for one row, or its form for several.
async fn prepare(
    client: &Object,
    text: &'static str,
    rows: usize,
) -> Result<tokio_postgres::Statement, tokio_postgres::Error> {
    let one = client.prepare_cached(Dialect::Postgres.statement(text)).await?;
    if rows == 1 {
        return Ok(one);
    }
    let types: Vec<&str> = one.params().iter().map(Type::name).collect();
    client.prepare_cached(Dialect::rows(text, &types, rows)).await
}

/// Whether steps of this one's text are done together: rows that are put in, or changes that find a row each. That each
/// found its own is seen by their number, as no row is changed twice by one statement.
fn together(step: &Step) -> bool {
    match step.expected {
        None => Dialect::takes_rows(step.statement.text),
        Some(1) => Dialect::changes_rows(step.statement.text),
        Some(_) => false,
    }
}

/// Whether each is about another row: one that is changed twice is changed in two statements.
fn differ(steps: &[Step]) -> bool {
    let mut rows = HashSet::with_capacity(steps.len());
    steps.iter().all(|step| match step.statement.values.first() {
        Some(Value::Uuid(id)) => rows.insert(id),
        _ => false,
    })
}

/// The steps in pieces that are one statement each: those that do the same to one row after the other go together, in
/// lengths that are few, so that each is prepared once.
fn runs(steps: &[Step]) -> Vec<&[Step]> {
    const LENGTHS: [usize; 3] = [64, 16, 4];
    let mut runs = Vec::with_capacity(steps.len());
    let alike = |one: &Step, next: &Step| {
        one.expected == next.expected && std::ptr::eq(one.statement.text, next.statement.text)
    };
    for alike in steps.chunk_by(alike) {
        let mut rest = alike;
        let together = alike.len() > 1 && together(&alike[0]);
        while !rest.is_empty() {
            let fits = |length: &usize| {
                together && *length <= rest.len() && (rest[0].expected.is_none() || differ(&rest[..*length]))
            };
            let (run, behind) = rest.split_at(LENGTHS.into_iter().find(fits).unwrap_or(1));
            runs.push(run);
            rest = behind;
        }
    }
    runs
}

type Request<'c> = Pin<Box<dyn Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'c>>;

async fn command(client: &Object, text: &str) -> Result<u64, tokio_postgres::Error> {
    client.batch_execute(text).await.map(|()| 0)
}

/// Sends every request before it waits for the first answer. A request of `tokio_postgres` is sent when it is
/// first polled, so they are polled in their order.
async fn pipelined(mut requests: Vec<Request<'_>>) -> Vec<Result<u64, tokio_postgres::Error>> {
    let mut results: Vec<Option<Result<u64, tokio_postgres::Error>>> =
        requests.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        let mut waiting = false;
        for (request, result) in requests.iter_mut().zip(&mut results) {
            if result.is_none() {
                match request.as_mut().poll(context) {
                    Poll::Ready(answer) => *result = Some(answer),
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting { Poll::Pending } else { Poll::Ready(results.drain(..).flatten().collect()) }
    })
    .await
}

fn pool(
    url: &str,
    schema: &str,
    connections: usize,
    statement_timeout: Duration,
) -> Result<Pool, Box<dyn Error + Send + Sync>> {
    let mut config = tokio_postgres::Config::from_str(url)?;
    if config.get_ssl_mode() == SslMode::Prefer {
        // Nothing but this machine reads what stays on it, and a server's own certificate there proves nothing.
        // Elsewhere half a protection is none: encrypted and verified, or said otherwise in the url.
        config.ssl_mode(if is_local(&config) { SslMode::Disable } else { SslMode::Require });
    }
    config.application_name("perennial").connect_timeout(Duration::from_secs(5)).options(format!(
        "-c search_path={schema} -c statement_timeout={} -c idle_in_transaction_session_timeout=30000 {PLANS}",
        statement_timeout.as_millis()
    ));
    let manager = Manager::from_config(
        config,
        MakeRustlsConnect::new(crate::tls::client_config()),
        ManagerConfig { recycling_method: RecyclingMethod::Fast },
    );
    let patience = Some(Duration::from_secs(5));
    Ok(Pool::builder(manager)
        .max_size(connections)
        .timeouts(Timeouts { wait: patience, create: patience, recycle: patience })
        .runtime(Runtime::Tokio1)
        .build()?)
}

fn is_local(config: &tokio_postgres::Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        Host::Unix(_) => true,
    })
}

/// An error with its causes: PostgreSQL's own words are in them.
fn describe(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn translate(error: tokio_postgres::Error) -> DbError {
    let Some(said) = error.as_db_error() else {
        return DbError::Unavailable(describe(&error));
    };
    let transient = [
        SqlState::QUERY_CANCELED,
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::DISK_FULL,
        SqlState::OUT_OF_MEMORY,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ];
    let lost_a_race = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];
    match said.code() {
        code if *code == SqlState::UNIQUE_VIOLATION => {
            DbError::Unique(said.constraint().unwrap_or_default().to_owned())
        }
        code if lost_a_race.contains(code) => DbError::Conflict,
        code if transient.contains(code) => DbError::Unavailable(describe(&error)),
        _ => DbError::Refused(describe(&error)),
    }
}

impl ToSql for Value {
    fn to_sql(&self, of: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Boolean(truth) => truth.to_sql_checked(of, out),
            Self::Integer(number) => number.to_sql_checked(of, out),
            Self::Text(text) => text.to_sql_checked(of, out),
            Self::Uuid(uuid) => uuid.to_sql_checked(of, out),
            Self::Bytes(bytes) => bytes.to_sql_checked(of, out),
            Self::Instant(instant) => instant.to_sql_checked(of, out),
            Self::Date(date) => date.to_sql_checked(of, out),
            Self::Integers(numbers) => numbers.to_sql_checked(of, out),
            Self::Json(text) => {
                if *of == Type::JSONB {
                    out.extend_from_slice(&[1]);
                }
                out.extend_from_slice(text.as_bytes());
                Ok(IsNull::No)
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, of: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.to_sql(of, out)
    }
}
