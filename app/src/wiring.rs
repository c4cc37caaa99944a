//! The one file that names every module: their databases, what they need of each other, their routes.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    sync::Arc,
};

use auth::Auth;
use contracts::users::Users;
use kernel::{Clock, Ids};
use platform::{
    db::{Database, DatabaseLocation, MigrateError, Migration},
    dependencies::Dependencies,
    events::{self, Consumer, Listening, Nats},
    http::{Front, Health},
    jobs::Job,
    lifecycle::Tasks,
    module::Module,
    outbound::{Outbound, Reach},
    redis::Redis,
    sealing::Sealing,
    system::{SystemClock, SystemIds},
};
use subscriptions::Tracker;

use crate::{cli::Failure, settings::Settings, ways::reached};

/// The modules' databases.
pub(crate) struct Databases {
    pub(crate) auth: Database,
    pub(crate) users: Database,
    pub(crate) subscriptions: Database,
    pub(crate) llm: Database,
    pub(crate) notifications: Database,
    pub(crate) help: Database,
    pub(crate) gateway: Database,
}

impl Databases {
    /// Each with its module's name.
    pub(crate) fn named(&self) -> Vec<(&'static str, Database)> {
        vec![
            ("auth", self.auth.clone()),
            ("users", self.users.clone()),
            ("subscriptions", self.subscriptions.clone()),
            ("llm", self.llm.clone()),
            ("notifications", self.notifications.clone()),
            ("help", self.help.clone()),
            ("gateway", self.gateway.clone()),
        ]
    }
}

/// Opens every module's database and brings it up to date.
pub(crate) async fn databases(settings: &Settings) -> Result<Databases, MigrateError> {
    let url = settings.database.url.expose();
    let location = if url.is_empty() {
        DatabaseLocation::Folder(settings.folder().to_owned())
    } else {
        DatabaseLocation::Url(url.to_owned())
    };
    open(&location, settings).await
}

async fn open(location: &DatabaseLocation, settings: &Settings) -> Result<Databases, MigrateError> {
    let connections = usize::try_from(settings.database.connections).unwrap_or(1);
    let timeout = settings.database.statement_timeout.duration();
    let open = async |name: &'static str, migrations: &'static [Migration]| {
        Database::open(location, name, migrations, connections, timeout).await
    };
    Ok(Databases {
        auth: open("auth", auth::MIGRATIONS).await?,
        users: open("users", users::MIGRATIONS).await?,
        subscriptions: open("subscriptions", subscriptions::MIGRATIONS).await?,
        llm: open("llm", llm::MIGRATIONS).await?,
        notifications: open("notifications", notifications::MIGRATIONS).await?,
        help: open("help", help::MIGRATIONS).await?,
        gateway: open("gateway", gateway::MIGRATIONS).await?,
    })
}

/// Everything, ready to be started.
pub(crate) struct Wired {
    pub(crate) databases: Databases,
    pub(crate) modules: Vec<Module>,
    pub(crate) jobs: Vec<Job>,
    /// Who listens, each with the database of its module.
    pub(crate) consumers: Vec<(Consumer, Database)>,
    pub(crate) auth: Arc<Auth>,
    pub(crate) users: Arc<dyn Users>,
    pub(crate) tracker: Arc<Tracker>,
    pub(crate) reader: Arc<llm::Reader>,
    pub(crate) nats: Option<Arc<Nats>>,
    pub(crate) repeatable: gateway::Repeatable,
    pub(crate) dependencies: Dependencies,
}

/// Builds every module on its database. The order is that of who asks whom.
pub(crate) async fn wire(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    redis: Option<&Arc<Redis>>,
) -> Result<Wired, Failure> {
    let databases = databases(settings).await?;
    assemble(databases, settings, clock, &secret(settings)?, redis).await
}

/// The key of the settings, or one of the data folder's own, which is made when there is none.
fn secret(settings: &Settings) -> Result<Vec<u8>, Failure> {
    let given = settings.notifications.key.expose();
    if !given.is_empty() {
        return Ok(given.as_bytes().to_vec());
    }
    platform::db::private_folder(settings.folder())?;
    let path = settings.folder().join("notifications.key");
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    match made {
        Ok(mut file) => {
            let secret = platform::system::random_bytes::<32>()?;
            file.write_all(&secret)?;
            file.sync_all()?;
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.into()),
    }
    let secret = std::fs::read(&path)?;
    if secret.len() < 32 {
        return Err(format!(
            "{} is no key: restore it, or remove it and have channels set up anew",
            path.display()
        )
        .into());
    }
    Ok(secret)
}

async fn assemble(
    databases: Databases,
    settings: &Settings,
    clock: Arc<dyn Clock>,
    secret: &[u8],
    redis: Option<&Arc<Redis>>,
) -> Result<Wired, Failure> {
    let ids: Arc<dyn Ids> = Arc::new(SystemIds::new(Arc::clone(&clock)));
    let dependencies = Dependencies::new();
    let (people, users) = users::module(users::Deps {
        database: databases.users.clone(),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
        public_url: settings.http.public_url.clone(),
    });
    let limit = settings.limits.between_modules();
    let people_of = |module| reached((module, "users"), &people, limit);
    // Their addresses were set by whoever runs the installation.
    let outbound = Outbound::new(Reach::Anywhere, &dependencies);
    let mailer = notifications::mailer(&settings.notifications, &dependencies)?;
    let (auth, auth_module) = auth::module(auth::Deps {
        database: databases.auth.clone(),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
        settings: settings.auth.clone(),
        https: settings.https(),
        public_url: settings.http.public_url.clone(),
        mailer: mailer.clone(),
        outbound: outbound.clone(),
        sealing: Sealing::new(secret, "perennial auth 1"),
        users: people_of("auth"),
    })
    .await?;
    let (tracker, subscriptions) = subscriptions::module(subscriptions::Deps {
        database: databases.subscriptions.clone(),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
        users: people_of("subscriptions"),
        rosters: people_of("subscriptions"),
        shared: redis.filter(|_| databases.subscriptions.is_shared()).map(|redis| {
            subscriptions::Shared::new(Arc::clone(redis), Sealing::new(secret, "perennial subscriptions 1"))
        }),
        outbound: outbound.clone(),
        rates: settings.rates.clone(),
        settings: settings.subscriptions.clone(),
    });
    let (reader, llm) = llm::module(llm::Deps {
        database: databases.llm.clone(),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
        users: people_of("llm"),
        accounts: reached(("llm", "auth"), &auth, limit),
        audit: reached(("llm", "auth"), &auth, limit),
        subscriptions: reached(("llm", "subscriptions"), &tracker, limit),
        outbound,
        settings: settings.llm.clone(),
        mail_in: settings.mail_in.clone(),
    });
    let (herald, notifications) = notifications::module(notifications::Deps {
        database: databases.notifications.clone(),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
        users: people_of("notifications"),
        dependencies: dependencies.clone(),
        settings: settings.notifications.clone(),
        mailer,
        web_push: notifications::WebPush::new(secret, &settings.http.public_url)?,
        sealing: Sealing::new(secret, "perennial notifications 1"),
        folder: settings.folder().to_owned(),
        public_url: settings.http.public_url.clone(),
    });
    let help = help::module(help::Deps {
        database: databases.help.clone(),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
        users: people_of("help"),
        tracked: reached(("help", "subscriptions"), &tracker, limit),
        deliveries: reached(("help", "notifications"), &herald, limit),
        readings: reached(("help", "llm"), &reader, limit),
        // Open: see `ways`.
        librarian: reader.clone(),
        log_ins: reached(("help", "auth"), &auth, limit),
        audit: reached(("help", "auth"), &auth, limit),
        settings: settings.help.clone(),
    });
    let mut modules = vec![auth_module, users, subscriptions, llm, notifications, help];
    let nats = settings
        .nats
        .is_chosen()
        .then(|| Arc::new(Nats::new(settings.nats.clone(), settings.events.keep.duration())));
    let repeatable = gateway::Repeatable::new(
        databases.gateway.clone(),
        Arc::clone(&clock),
        Sealing::new(secret, "perennial gateway 1"),
    );
    let listening = listening(&databases, &modules, &repeatable.consumers(&ids));
    let consumers = listening.iter().flat_map(|module| {
        module.consumers.iter().map(|consumer| (consumer.clone(), module.database.clone()))
    });
    let consumers = consumers.collect();
    let mut jobs = events::jobs(listening, &settings.events, nats.clone(), settings.folder(), &clock, &ids);
    jobs.extend(modules.iter_mut().flat_map(|module| std::mem::take(&mut module.jobs)));
    jobs.extend(repeatable.jobs());
    Ok(Wired {
        databases,
        modules,
        jobs,
        consumers,
        auth,
        users: people,
        tracker,
        reader,
        nats,
        repeatable,
        dependencies,
    })
}

fn listening(databases: &Databases, modules: &[Module], door: &[Consumer]) -> Vec<Listening> {
    let of = |name: &str| match name {
        "gateway" => door.to_vec(),
        name => modules.iter().filter(|m| m.name == name).flat_map(|m| m.consumers.clone()).collect(),
    };
    databases
        .named()
        .into_iter()
        .map(|(module, database)| Listening { module, database, consumers: of(module) })
        .collect()
}

/// The door with every module behind it.
pub(crate) fn router(
    settings: &Settings,
    modules: Vec<Module>,
    auth: &Arc<Auth>,
    users: &Arc<dyn Users>,
    (repeatable, tasks): (gateway::Repeatable, Tasks),
    health: Arc<Health>,
) -> gateway::Router {
    let limit = settings.limits.between_modules();
    gateway::router(
        modules,
        gateway::Deps {
            authentication: Arc::clone(auth) as _,
            audit: reached(("gateway", "auth"), auth, limit),
            users: reached(("gateway", "users"), users, limit),
            repeatable,
            tasks,
            front: Front { timeout: settings.http.request_timeout.duration(), https: settings.https() },
            limits: settings.limits.clone(),
            load: settings.load.clone(),
            redis: health.redis.clone(),
            cors_origins: settings.http.cors_origins.clone(),
            trusted_proxies: settings.http.trusted_proxies.clone(),
            body_limit: usize::try_from(settings.http.body_limit).unwrap_or(usize::MAX),
            health,
            assets: web::assets(),
        },
    )
}

/// The OpenAPI document of all modules. They are built on databases in a folder that is removed again: what they
/// serve is the same wherever their data is.
pub(crate) async fn openapi() -> Result<String, Failure> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let name = SystemIds::new(Arc::clone(&clock)).uuid().simple().to_string();
    let folder: PathBuf = std::env::temp_dir().join(format!("perennial-{name}"));
    let (settings, _) = Settings::defaults().map_err(|_| "the defaults are not right")?;
    let location = DatabaseLocation::Folder(folder.clone());
    let secret = b"nothing is kept here";
    let wired = assemble(open(&location, &settings).await?, &settings, clock, secret, None).await;
    let document = wired.map(|wired| gateway::document(&gateway::api_of(wired.modules)));
    std::fs::remove_dir_all(&folder)?;
    document
}

#[cfg(test)]
mod tests {
    /// Whoever keeps something of people erases it.
    #[tokio::test(flavor = "multi_thread")]
    async fn every_module_has_a_part_in_erasing_an_account() {
        use contracts::erasure::{AccountErasing, MODULES};
        use kernel::EventPayload;

        let folder = tempfile::tempdir().unwrap();
        let (settings, _) = super::Settings::defaults().unwrap();
        let location = super::DatabaseLocation::Folder(folder.path().to_owned());
        let databases = super::open(&location, &settings).await.unwrap();
        let names: Vec<&str> = databases.named().into_iter().map(|(name, _)| name).collect();
        let clock = std::sync::Arc::new(super::SystemClock::new());
        let wired =
            super::assemble(databases, &settings, clock, b"nothing is kept here", None).await.unwrap();
        for name in names.into_iter().filter(|name| *name != "auth") {
            assert!(MODULES.contains(&name), "auth does not wait for {name}");
            let heard = wired.consumers.iter().any(|(consumer, _)| {
                consumer.name.starts_with(name) && consumer.handler.kinds().contains(&AccountErasing::TYPE)
            });
            assert!(heard, "{name} erases nothing");
        }
    }

    /// What clients trust is in the tree, so that a change of it is seen in review.
    #[tokio::test(flavor = "multi_thread")]
    async fn the_api_document_in_the_tree_is_the_one_that_is_served() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
        let served = super::openapi().await.unwrap();
        if std::fs::read_to_string(path).ok().as_deref() != Some(&served) {
            std::fs::write(path, served).unwrap();
            panic!(
                "docs/openapi.json was not up to date; it has been written anew: look at it and commit it"
            );
        }
    }
}
