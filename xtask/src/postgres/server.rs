//! A server that tests may use, with a database of this run.

use std::time::Duration;

use tokio_postgres::{Client, Config, NoTls};

use super::Cluster;
use crate::{failure::Failure, say};

/// How long a server may take to answer the first time.
const PATIENCE: Duration = Duration::from_secs(5);

/// A server and the database made in it for this run. What tests make beside that database has a name that begins
/// with its name, so that nothing of another run is touched when it is cleaned up.
pub(crate) struct Server {
    admin: Config,
    database: String,
    url: String,
    origin: String,
    cluster: Option<Cluster>,
}

impl Server {
    /// The server at a URL.
    pub(super) async fn at(url: &str, origin: String) -> Result<Self, Failure> {
        let admin: Config = url.parse()?;
        let database = format!("perennial_test_{}", random_name()?);
        let client = connect(&admin).await?;
        client
            .batch_execute(&format!("CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8'"))
            .await?;
        let url = with_database(url, &database)?;
        Ok(Self { admin, database, url, origin, cluster: None })
    }

    /// A private server.
    pub(super) async fn of(cluster: Cluster) -> Result<Self, Failure> {
        let server = Self::at(&cluster.url(), cluster.origin()).await?;
        Ok(Self { cluster: Some(cluster), ..server })
    }

    /// The URL of this run's database.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Where the server comes from, for people.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Drops what this run made, and stops the server if it is ours.
    pub(crate) async fn clean_up(self) {
        let dropped = match &self.cluster {
            // All of it goes with the folder.
            Some(_) => Ok(()),
            None => self.drop_databases().await,
        };
        if let Err(failure) = dropped {
            say!("databases named {}… were left behind: {failure}", self.database);
        }
    }

    async fn drop_databases(&self) -> Result<(), Failure> {
        let client = connect(&self.admin).await?;
        let ours = client
            .query("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", &[&self.database])
            .await?;
        for row in ours {
            let name: String = row.get(0);
            client.batch_execute(&format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)")).await?;
        }
        Ok(())
    }
}

async fn connect(config: &Config) -> Result<Client, Failure> {
    let connected = tokio::time::timeout(PATIENCE, config.connect(NoTls)).await;
    let (client, connection) = connected.map_err(|_| Failure::new("it does not answer"))??;
    #[expect(clippy::disallowed_methods, reason = "it ends with the client, which lives shorter than we do")]
    tokio::spawn(async move {
        // What breaks the connection is what the client's next call says.
        let _ = connection.await;
    });
    Ok(client)
}

/// Sixteen hexadecimal digits that no other run has.
pub(super) fn random_name() -> Result<String, Failure> {
    use std::io::Read as _;
    let mut bytes = [0_u8; 8];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The same server, another database.
fn with_database(url: &str, database: &str) -> Result<String, Failure> {
    let (scheme, rest) = url
        .split_once("://")
        .ok_or_else(|| Failure::new("must look like postgres://user@host:port/database"))?;
    let (place, options) =
        rest.split_once('?').map_or((rest, None), |(place, options)| (place, Some(options)));
    let host = place.split('/').next().unwrap_or_default();
    let options = options.map(|options| format!("?{options}")).unwrap_or_default();
    Ok(format!("{scheme}://{host}/{database}{options}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_of_a_url_is_replaced_and_nothing_else() {
        for (url, expected) in [
            ("postgres://a:b@h:1/old?sslmode=disable", "postgres://a:b@h:1/new?sslmode=disable"),
            ("postgres://a@h/old", "postgres://a@h/new"),
            ("postgresql://h", "postgresql://h/new"),
            ("postgres://h?connect_timeout=1", "postgres://h/new?connect_timeout=1"),
        ] {
            assert_eq!(with_database(url, "new").unwrap(), expected);
        }
        assert!(with_database("host=localhost user=a", "new").is_err());
    }
}
