//! An installation under test: its data, its settings, and ways to run the program on them.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use crate::{
    binary::binary,
    instance::{Doomed, Instance},
    nats::Stream,
    place::Place,
    proxy::Proxy,
    rows,
};

/// An installation. Instances of it may be started one after the other, or side by side.
#[derive(Debug, Clone)]
pub struct Setup {
    place: Arc<Place>,
    folder: std::path::PathBuf,
    variables: Vec<(String, String)>,
    // It goes with the last that uses it.
    _stream: Option<Arc<Stream>>,
}

/// How a run of the program ended.
#[derive(Debug)]
pub struct Ended {
    /// Whether it says it went well.
    pub success: bool,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

impl Setup {
    /// On SQLite, with nothing in it yet.
    pub fn sqlite() -> Self {
        Self::at(Place::sqlite())
    }

    /// On PostgreSQL, with nothing in it yet; `None` when there is no server to test on.
    pub async fn postgres() -> Option<Self> {
        Place::postgres().await.map(Self::at)
    }

    fn at(place: Place) -> Self {
        Self { folder: place.folder(), place: Arc::new(place), variables: Vec::new(), _stream: None }
    }

    /// The same installation with another setting, by its variable.
    #[must_use]
    pub fn with(mut self, variable: &str, value: &str) -> Self {
        self.variables.push((variable.to_owned(), value.to_owned()));
        self
    }

    /// The same installation with its events over NATS, by a stream of its own; `None` where there is no NATS.
    pub fn over_nats(self) -> Option<Self> {
        let stream = Stream::new()?;
        let over = self
            .with("PERENNIAL_NATS_URL", &stream.url())
            .with("PERENNIAL_NATS_STREAM", stream.name())
            .with("PERENNIAL_EVENTS_KEEP", "1h");
        Some(Self { _stream: Some(Arc::new(stream)), ..over })
    }

    /// The same installation, with a proxy before its PostgreSQL.
    pub async fn behind_a_proxy(self) -> (Self, Proxy) {
        let url = self.place.url();
        let (_, rest) = url.split_once("://").unwrap();
        let host = rest.split(['/', '?']).next().unwrap().rsplit('@').next().unwrap();
        let server = if host.contains(':') { host.to_owned() } else { format!("{host}:5432") };
        let proxy = Proxy::before(&server).await;
        let through = url.replacen(host, proxy.address(), 1);
        (self.with("PERENNIAL_DATABASE_URL", &through), proxy)
    }

    /// The same installation with its events over NATS, through a proxy; `None` where there is no NATS.
    pub async fn over_nats_behind_a_proxy(self) -> Option<(Self, Proxy)> {
        let over = self.over_nats()?;
        let proxy = Proxy::before(&crate::nats::server()?).await;
        let url = format!("nats://{}", proxy.address());
        Some((over.with("PERENNIAL_NATS_URL", &url), proxy))
    }

    /// Another machine of the same installation: the same database, a data folder of its own.
    #[must_use]
    pub fn twin(&self) -> Self {
        Self { folder: self.place.beside().join("twin"), ..self.clone() }
    }

    /// A folder for files of the test.
    pub fn beside(&self) -> &Path {
        self.place.beside()
    }

    /// Starts the program and waits until it is ready.
    pub async fn start(&self) -> Instance {
        Instance::start(self.serve(&[]), Arc::clone(&self.place)).await
    }

    /// Starts it and goes on the moment it says where it listens.
    pub async fn start_hastily(&self) -> Instance {
        Instance::spawn(self.serve(&[]), Arc::clone(&self.place)).await
    }

    /// Starts it with its clock at an instant.
    pub async fn start_at(&self, instant: &str) -> Instance {
        Instance::start(self.serve(&["--clock", instant]), Arc::clone(&self.place)).await
    }

    /// Starts it with its clock at an instant, to be killed however far it has come.
    pub fn start_doomed(&self, instant: &str) -> Doomed {
        Doomed::spawn(self.serve(&["--clock", instant]), Arc::clone(&self.place))
    }

    /// Starts it and kills it after a while, however far it has come.
    pub async fn kill_while_starting(&self, instant: &str, after: Duration) {
        let doomed = self.start_doomed(instant);
        tokio::time::sleep(after).await;
        doomed.kill9().await;
    }

    /// Has PostgreSQL cut every connection to the database, as when it is restarted.
    pub async fn cut_connections(&self) {
        self.place.cut_connections().await;
    }

    /// Writes into a module's tables past the program, as a hand in the database does; says how many rows it touched.
    pub async fn write_past(&self, module: &str, statement: &str) -> u64 {
        self.place.write_past(module, statement).await
    }

    /// Every row of every table of all modules, as text: its table, then its values, ids and bytes in hexadecimal digits.
    pub async fn rows(&self) -> Vec<String> {
        match self.place.rows().await {
            Some(rows) => rows,
            None => rows::of_files(&self.folder),
        }
    }

    /// How many events wait to be told or taken, of all modules. What lies in NATS is not counted.
    pub async fn waiting(&self) -> u64 {
        self.place.waiting().await
    }

    fn serve(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.arg("--data").arg(&self.folder).args(arguments);
        command
    }

    /// Runs another of its commands to the end.
    pub async fn run(&self, arguments: &[&str]) -> Ended {
        end(self.command(arguments), String::new()).await
    }

    /// Like [`run`](Self::run), for commands that work on the data.
    pub async fn run_on_data(&self, arguments: &[&str]) -> Ended {
        self.run_on_data_with(arguments, "").await
    }

    /// Like [`run_on_data`](Self::run_on_data), with something to read on standard input.
    pub async fn run_on_data_with(&self, arguments: &[&str], input: &str) -> Ended {
        let mut command = self.command(arguments);
        command.arg("--data").arg(&self.folder);
        end(command, input.to_owned()).await
    }

    /// Like [`run_on_data`](Self::run_on_data), where nobody reads what it says: the other end of its pipe is closed.
    pub async fn run_unread(&self, arguments: &[&str]) -> Ended {
        let mut command = self.command(arguments);
        command.arg("--data").arg(&self.folder);
        let ended = tokio::task::spawn_blocking(move || {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped());
            command.spawn().unwrap().wait_with_output().unwrap()
        });
        let output = ended.await.unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        Ended { success: output.status.success(), output: String::new(), errors }
    }

    /// The program with the settings of this installation and no others.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PERENNIAL_") {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .current_dir(self.place.beside())
            .env("PERENNIAL_DATABASE_URL", self.place.url());
        // A server that others use too has a hundred connections or so for everybody.
        command.env("PERENNIAL_DATABASE_CONNECTIONS", "3");
        // Tests ask nobody outside; those of the rates set up a bank of their own.
        command.env("PERENNIAL_RATES_FETCH", "false");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

async fn end(mut command: Command, input: String) -> Ended {
    let ended = tokio::task::spawn_blocking(move || {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that reads nothing may be gone before it is written to.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    });
    let output = ended.await.unwrap();
    Ended {
        success: output.status.success(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}
