//! PostgreSQL for tests and measurements: found, else started, else installed and started.

mod cluster;
mod installed;
mod running;
mod server;

pub(crate) use server::Server;

use crate::{
    environment::variable,
    failure::Failure,
    packages::{Package, install},
    say,
};
use cluster::Cluster;

/// The variable that tells tests where PostgreSQL is.
pub(crate) const VARIABLE: &str = "PERENNIAL_TEST_POSTGRES";
/// The variable that asks for a private server even where one is running.
const OWN: &str = "PERENNIAL_TEST_POSTGRES_OWN";

const PACKAGE: Package = Package {
    name: "PostgreSQL",
    apt: "postgresql",
    dnf: "postgresql-server",
    apk: "postgresql",
    brew: "postgresql@17",
};

/// A server to test on, with a fresh database; `None` where there is none and none can be had.
///
/// # Errors
/// When a server that was named cannot be used.
pub(crate) async fn find() -> Result<Option<Server>, Failure> {
    if let Some(url) = variable(VARIABLE) {
        let named = Server::at(&url, format!("the one at {VARIABLE}")).await;
        return named.map(Some).map_err(|failure| Failure::new(format!("{VARIABLE}: {failure}")));
    }
    if variable(OWN).as_deref() != Some("1")
        && let Some(server) = running::find().await
    {
        return Ok(Some(server));
    }
    own().await
}

/// A private server, of programs that are installed or can be.
async fn own() -> Result<Option<Server>, Failure> {
    let programs = match installed::find() {
        Some(programs) => Some(programs),
        None if install(&PACKAGE).await => installed::find(),
        None => None,
    };
    let Some(programs) = programs else { return Ok(None) };
    match Cluster::start(&programs).await {
        Ok(cluster) => Server::of(cluster).await.map(Some),
        Err(failure) => {
            say!("{} cannot be used: {failure}", programs.display());
            Ok(None)
        }
    }
}
