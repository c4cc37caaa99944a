//! Redis for tests: found, else started, else installed and started.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::{
    environment::{self, variable},
    failure::Failure,
    packages::{Package, install},
    say,
};

/// The variable that tells tests where Redis is: `127.0.0.1:6379`.
pub(crate) const VARIABLE: &str = "PERENNIAL_TEST_REDIS";

/// Where one listens that is running already.
const USUAL: &str = "127.0.0.1:6379";
/// How long one may take to start.
const STARTS_IN: Duration = Duration::from_secs(10);

const PACKAGE: Package =
    Package { name: "Redis", apt: "redis-server", dnf: "redis", apk: "redis", brew: "redis" };

/// A server to test on; one that was started is stopped when this is dropped.
pub(crate) struct Server {
    address: String,
    own: Option<Child>,
}

impl Server {
    /// `127.0.0.1:6379`
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Where it comes from, for people.
    pub(crate) fn origin(&self) -> String {
        let whose = if self.own.is_some() { "a private server" } else { "running" };
        format!("{whose} at {}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(own) = &mut self.own {
            // It keeps nothing; whether it had ended by itself is all the same.
            let _ = own.kill();
            let _ = own.wait();
        }
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
            Err(Failure::new(format!("{VARIABLE}: no Redis answers at {address}")))
        };
    }
    if answers(USUAL) {
        return Ok(Some(Server { address: USUAL.into(), own: None }));
    }
    let mut found = program();
    if found.is_none() && install(&PACKAGE).await {
        found = program();
    }
    let Some(found) = found else { return Ok(None) };
    let started = tokio::task::block_in_place(|| start(&found, free_port()?));
    Ok(started.map_err(|failure| say!("{} cannot be used: {failure}", found.display())).ok())
}

/// A server of our own that may be stopped, slowed and emptied; `None` where there is no program to start.
pub(crate) async fn private() -> Result<Option<Server>, Failure> {
    if program().is_none() && !install(&PACKAGE).await {
        return Ok(None);
    }
    let Some(found) = program() else { return Ok(None) };
    tokio::task::block_in_place(|| start(&found, free_port()?)).map(Some)
}

impl Server {
    /// Kills one of our own; its port stays its own.
    pub(crate) fn stop(&mut self) -> Result<(), Failure> {
        if let Some(own) = &mut self.own {
            own.kill()?;
            own.wait()?;
        }
        Ok(())
    }

    /// Starts one of our own again where it was.
    pub(crate) fn start_again(&mut self) -> Result<(), Failure> {
        let found = program().ok_or_else(|| Failure::new("there is no Redis any more"))?;
        let port = self.address.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        let port = port.ok_or_else(|| Failure::new("its address has no port"))?;
        let mut again = tokio::task::block_in_place(|| start(&found, port))?;
        self.own = again.own.take();
        Ok(())
    }

    /// Makes one of our own answer nobody, with its connections open, or answer again.
    pub(crate) fn freeze(&self, frozen: bool) -> Result<(), Failure> {
        use rustix::process::{Pid, Signal, kill_process};
        let id = self.own.as_ref().and_then(|own| Pid::from_raw(i32::try_from(own.id()).ok()?));
        let id = id.ok_or_else(|| Failure::new("it is not ours"))?;
        let signal = if frozen { Signal::STOP } else { Signal::CONT };
        kill_process(id, signal).map_err(|error| Failure::new(error.to_string()))
    }

    /// Makes it forget everything.
    pub(crate) fn flush(&self) -> Result<(), Failure> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"FLUSHALL\r\n")?;
        let mut answer = [0; 3];
        stream.read_exact(&mut answer)?;
        if &answer == b"+OK" { Ok(()) } else { Err(Failure::new("it was not emptied")) }
    }
}

fn program() -> Option<PathBuf> {
    ["redis-server", "valkey-server"].into_iter().find_map(environment::program)
}

fn free_port() -> Result<u16, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Keeping nothing.
fn start(program: &PathBuf, port: u16) -> Result<Server, Failure> {
    let own = Command::new(program)
        .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port.to_string()])
        .stdout(Stdio::null())
        .spawn()?;
    let server = Server { address: format!("127.0.0.1:{port}"), own: Some(own) };
    let begun = std::time::Instant::now();
    while !answers(&server.address) {
        if begun.elapsed() > STARTS_IN {
            return Err(Failure::new("it does not answer"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(server)
}

/// Whether a Redis answers there that lets us in.
fn answers(address: &str) -> bool {
    let asked = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"PING\r\n")?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer)?;
        Ok(&answer == b"+PONG")
    };
    asked().unwrap_or(false)
}
