//! The running program.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::oneshot;

use crate::{client::Client, eventually, log::Log, place::Place};

/// How long it may take to begin, on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process of the program that answers at an address. It is killed when this value is dropped; when a test
/// fails, the end of its log is shown.
#[derive(Debug)]
pub struct Instance {
    child: Child,
    base: String,
    log: Log,
    // The data goes when the last process that uses it has gone.
    _place: Arc<Place>,
}

impl Instance {
    pub(crate) async fn start(command: Command, place: Arc<Place>) -> Self {
        let instance = Self::spawn(command, place).await;
        let visitor = instance.visitor();
        eventually("the program to be ready", async || {
            visitor.try_get("/readyz").await.ok().filter(|answer| answer.status() == 200)
        })
        .await;
        instance
    }

    /// As soon as it says where it listens.
    pub(crate) async fn spawn(mut command: Command, place: Arc<Place>) -> Self {
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Log::of(child.stderr.take().unwrap());
        let address = address(child.stdout.take().unwrap());
        let mut instance = Self { child, base: String::new(), log, _place: place };
        match tokio::time::timeout(PATIENCE, address).await {
            Ok(Ok(base)) => instance.base = base,
            other => panic!("it did not say where it listens ({other:?})"),
        }
        instance
    }

    /// `http://127.0.0.1:1234`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// What it has logged.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Somebody who is not logged in.
    pub fn visitor(&self) -> Client {
        Client::new(&self.base)
    }

    /// Somebody in India with a new account, logged in.
    pub async fn member(&self, name: &str) -> Client {
        let email = format!("{name}@example.org");
        let profile = serde_json::json!({
            "email": email, "password": Client::PASSWORD, "name": name,
            "locale": "en-IN", "time_zone": "Asia/Kolkata", "currency": "INR",
        });
        self.visitor().post("/v1/auth/register", &profile).await.expect(201);
        self.visitor().log_in(&email).await
    }

    /// Asks it to stop, by SIGTERM.
    pub fn ask_to_stop(&self) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
    }

    /// Waits until it has ended by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        eventually("the program to end", async || self.child.try_wait().unwrap()).await
    }

    /// Asks it to stop and waits until it has, which it must do in good order.
    pub async fn stop(mut self) {
        self.ask_to_stop();
        let status = self.ended().await;
        assert!(status.success(), "it ended with {status}");
    }

    /// Kills it without a warning, by SIGKILL.
    pub fn kill9(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The end of a test: nothing went wrong that nobody looked at, and it stops in good order.
    pub async fn finish(self) {
        self.visitor().get("/readyz").await.expect(200);
        let metrics = self.visitor().get("/metrics").await.expect(200).text();
        let dead: Vec<&str> =
            metrics.lines().filter(|line| line.starts_with("perennial_dead_letters_total")).collect();
        assert!(dead.iter().all(|line| line.ends_with(" 0")), "dead letters: {dead:?}");
        let log = self.log.clone();
        self.stop().await;
        assert_eq!(log.faults(), Vec::<String>::new(), "faults were logged");
    }
}

/// A process that nobody waits for: it is killed when its time has come, ready or not.
#[derive(Debug)]
pub struct Doomed {
    child: Child,
    log: Log,
    gathered: std::thread::JoinHandle<()>,
    _place: Arc<Place>,
}

impl Doomed {
    pub(crate) fn spawn(mut command: Command, place: Arc<Place>) -> Self {
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (log, gathered) = Log::gathering(child.stderr.take().unwrap());
        Self { child, log, gathered, _place: place }
    }

    /// Kills it at once, by SIGKILL; what it had logged can be waited for.
    pub fn kill9(mut self) -> impl Future<Output = Log> {
        // It may have ended by itself, which its log then tells.
        let _ = self.child.kill();
        self.child.wait().unwrap();
        async move {
            tokio::task::spawn_blocking(|| self.gathered.join()).await.unwrap().unwrap();
            self.log
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // It has ended already in most tests, and then neither does anything.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- the end of the log of {} ---\n{}\n---", self.base, self.log.tail());
        }
    }
}

/// Waits for the line that says where it listens, and reads on so that the program never waits for us.
fn address(output: ChildStdout) -> oneshot::Receiver<String> {
    let (found, address) = oneshot::channel();
    std::thread::spawn(move || {
        let mut found = Some(found);
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(base) = line.strip_prefix("listening on ")
                && let Some(found) = found.take()
            {
                // A test that has given up waiting does not want to know.
                let _ = found.send(base.trim().trim_end_matches('/').to_owned());
            }
        }
    });
    address
}
