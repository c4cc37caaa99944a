//! NATS with JetStream for tests: found, else started, else installed and started.

use std::{
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::{
    environment::{self, variable},
    failure::Failure,
    packages::{Package, install},
    say,
};

/// The variable that tells tests where NATS is: `127.0.0.1:4222`.
pub(crate) const VARIABLE: &str = "PERENNIAL_TEST_NATS";

/// Where one listens that is running already.
const USUAL: &str = "127.0.0.1:4222";
/// How long one may take to start.
const STARTS_IN: Duration = Duration::from_secs(10);

const PACKAGE: Package =
    Package { name: "NATS", apt: "nats-server", dnf: "nats-server", apk: "nats-server", brew: "nats-server" };

/// A server to test on; one that was started is stopped, and what it kept is gone, when this is dropped.
pub(crate) struct Server {
    address: String,
    own: Option<Own>,
}

struct Own {
    child: Child,
    folder: PathBuf,
}

impl Server {
    /// `127.0.0.1:4222`
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Where it comes from, for people.
    pub(crate) fn origin(&self) -> String {
        let whose = if self.own.is_some() { "a private server" } else { "running" };
        format!("{whose} at {}", self.address)
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        // Whether it had ended by itself is all the same.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A server to test on; `None` where there is none and none can be had.
///
/// # Errors
/// When a server that was named cannot be used.
pub(crate) async fn find() -> Result<Option<Server>, Failure> {
    if let Some(address) = variable(VARIABLE) {
        return if answers(&address) {
            Ok(Some(Server { address, own: None }))
        } else {
            Err(Failure::new(format!("{VARIABLE}: no NATS with JetStream answers at {address}")))
        };
    }
    // The tests of a server that goes and comes back start one themselves, wherever another is running.
    let mut found = program();
    if found.is_none() && install(&PACKAGE).await {
        found = program();
    }
    if found.is_some() && answers(USUAL) {
        return Ok(Some(Server { address: USUAL.into(), own: None }));
    }
    let Some(found) = found else { return Ok(None) };
    let started = tokio::task::block_in_place(|| start(&found));
    Ok(started.map_err(|failure| say!("{} cannot be used: {failure}", found.display())).ok())
}

fn program() -> Option<PathBuf> {
    let elsewhere = ["/usr/sbin/nats-server", "/usr/local/sbin/nats-server"];
    environment::program("nats-server")
        .or_else(|| elsewhere.into_iter().map(PathBuf::from).find(|file| file.is_file()))
}

/// On a free port, in a folder of its own.
fn start(program: &Path) -> Result<Server, Failure> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let folder = std::env::temp_dir().join(format!("perennial-nats-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let child = Command::new(program)
        .args(["--addr", "127.0.0.1", "--port", &port.to_string(), "--jetstream", "--store_dir"])
        .arg(&folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let server = Server { address: format!("127.0.0.1:{port}"), own: Some(Own { child, folder }) };
    let begun = std::time::Instant::now();
    while !answers(&server.address) {
        if begun.elapsed() > STARTS_IN {
            return Err(Failure::new("it does not answer"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(server)
}

/// Whether a NATS greets there that has JetStream.
fn answers(address: &str) -> bool {
    let greeting = || -> std::io::Result<String> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        Ok(line)
    };
    greeting().is_ok_and(|line| line.starts_with("INFO ") && line.contains("\"jetstream\":true"))
}
