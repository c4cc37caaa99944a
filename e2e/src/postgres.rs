//! A PostgreSQL database for one test.

use tokio_postgres::{Client, Config, NoTls};

/// The variable that tells tests where PostgreSQL is; `cargo xtask test` finds or starts one.
const VARIABLE: &str = "PERENNIAL_TEST_POSTGRES";

/// A database that is dropped with this value.
#[derive(Debug)]
pub(crate) struct TestDatabase {
    server: String,
    name: String,
}

impl TestDatabase {
    /// A new one; `None`, loudly, when there is no server.
    ///
    /// # Panics
    /// Under `CI=true` when there is no server: leaving a test out is a failure there.
    pub(crate) async fn create(unique: &str) -> Option<Self> {
        let server = crate::server(VARIABLE)?;
        let database = Self { name: format!("{}_{unique}", prefix(&server)), server };
        let name = &database.name;
        execute(&database.server, &format!("CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'"))
            .await;
        Some(database)
    }

    /// Cuts every connection to it.
    pub(crate) async fn cut_connections(&self) {
        let name = &self.name;
        let statement =
            format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        execute(&self.server, &statement).await;
    }

    /// Runs a statement on a module's tables; says how many rows it touched.
    pub(crate) async fn write_past(&self, module: &str, statement: &str) -> u64 {
        let client = connect(&self.url()).await;
        client.batch_execute(&format!("SET search_path TO {module}")).await.unwrap();
        client.execute(statement, &[]).await.unwrap()
    }

    /// How many events wait to be told or taken, of all modules.
    pub(crate) async fn waiting(&self) -> u64 {
        let client = connect(&self.url()).await;
        let modules = "SELECT table_schema FROM information_schema.tables WHERE table_name = 'outbox'";
        let mut waiting = 0;
        for module in client.query(modules, &[]).await.unwrap() {
            let schema: String = module.get(0);
            client.batch_execute(&format!("SET search_path TO {schema}")).await.unwrap();
            let count: i64 = client.query_one(crate::rows::WAITING, &[]).await.unwrap().get(0);
            waiting += u64::try_from(count).unwrap();
        }
        waiting
    }

    /// Every row of every table, as text.
    pub(crate) async fn rows(&self) -> Vec<String> {
        let client = connect(&self.url()).await;
        let tables = client
            .query(
                "SELECT table_schema, table_name FROM information_schema.tables
                 WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'",
                &[],
            )
            .await
            .unwrap();
        let mut found = Vec::new();
        for table in tables {
            let (schema, name): (String, String) = (table.get(0), table.get(1));
            let rows = client.query(&format!("SELECT t::text FROM {schema}.{name} t"), &[]).await.unwrap();
            found.extend(
                rows.iter()
                    .map(|row| crate::rows::line(&format!("{schema}.{name}"), &row.get::<_, String>(0))),
            );
        }
        found
    }

    /// Its URL.
    pub(crate) fn url(&self) -> String {
        let (place, options) =
            self.server.split_once('?').map_or((&*self.server, None), |(place, rest)| (place, Some(rest)));
        let (scheme, rest) = place.split_once("://").unwrap();
        let host = rest.split('/').next().unwrap();
        let options = options.map(|options| format!("?{options}")).unwrap_or_default();
        format!("{scheme}://{host}/{}{options}", self.name)
    }
}

/// Names begin with that of the run's own database, so that whoever made that can find what was left behind.
fn prefix(server: &str) -> String {
    let config: Config = server.parse().unwrap();
    let own = config.get_dbname().filter(|name| name.starts_with("perennial_test"));
    own.unwrap_or("perennial_test").to_owned()
}

async fn execute(server: &str, statement: &str) {
    let client = connect(server).await;
    client.batch_execute(statement).await.unwrap();
}

async fn connect(server: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A test may be dropped inside a runtime, where nothing may block; a thread may.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(execute(&server, &format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)")));
        });
        if dropping.join().is_err() {
            eprintln!("the database {} was left behind", self.name);
        }
    }
}
