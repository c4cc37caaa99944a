//! A private server of our own: in a new folder, on a free port, gone afterwards.

use std::{
    net::TcpListener,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use super::server::random_name;
use crate::{cargo, environment, failure::Failure};

/// A running server; dropping it stops it and removes its folder.
pub(super) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    password: String,
    account: Account,
}

impl Cluster {
    /// Makes one and starts it.
    pub(super) async fn start(programs: &Path) -> Result<Self, Failure> {
        let account = Account::choose()?;
        let folder = account.folder()?;
        let cluster = Self {
            programs: programs.to_owned(),
            folder,
            port: free_port()?,
            password: random_name()?,
            account,
        };
        tokio::task::block_in_place(|| cluster.initialise().and_then(|()| cluster.begin()))?;
        Ok(cluster)
    }

    /// Where it is.
    pub(super) fn url(&self) -> String {
        format!("postgres://postgres:{}@127.0.0.1:{}/postgres?sslmode=disable", self.password, self.port)
    }

    /// Where it comes from, for people.
    pub(super) fn origin(&self) -> String {
        format!("a private server of {} on port {}", self.programs.display(), self.port)
    }

    fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    /// With a password: whoever else is on this machine must not become its superuser.
    fn initialise(&self) -> Result<(), Failure> {
        let password = self.folder.join("password");
        std::fs::write(&password, &self.password)?;
        self.account.own(&password)?;
        self.call(
            "initdb",
            &[
                "--pgdata",
                &self.data(),
                "--username",
                "postgres",
                "--pwfile",
                &password.display().to_string(),
                "--auth",
                "scram-sha-256",
                "--encoding",
                "UTF8",
                "--no-locale",
                "--no-sync",
            ],
        )
    }

    /// Without syncing: the tests kill the program, never the machine.
    fn begin(&self) -> Result<(), Failure> {
        let options = format!(
            "-c port={} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 \
             -c fsync=off -c full_page_writes=off",
            self.port
        );
        let log = self.folder.join("log").display().to_string();
        self.call(
            "pg_ctl",
            &["start", "--wait", "--pgdata", &self.data(), "--log", &log, "--options", &options],
        )
    }

    fn call(&self, program: &str, arguments: &[&str]) -> Result<(), Failure> {
        let mut command = self.account.command(&self.programs.join(program));
        let done = command.args(arguments).current_dir(&self.folder).output()?;
        if done.status.success() { Ok(()) } else { Err(self.failure(program, &done)) }
    }

    fn failure(&self, program: &str, done: &Output) -> Failure {
        let said = String::from_utf8_lossy(&done.stderr);
        let logged = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Failure::new(format!("{program}: {} {}", said.trim(), logged.trim()))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Nothing in it is worth a slow stop, and a server that never started need not be stopped.
        let _ = self.call("pg_ctl", &["stop", "--pgdata", &self.data(), "--mode", "immediate"]);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Whose processes the server's are: PostgreSQL refuses to run as root.
struct Account {
    other: Option<(String, u32)>,
}

impl Account {
    fn choose() -> Result<Self, Failure> {
        if !environment::is_root() {
            return Ok(Self { other: None });
        }
        let known =
            ["postgres", "nobody"].into_iter().find_map(|name| Some((name.to_owned(), user_id(name)?)));
        let other =
            known.ok_or_else(|| Failure::new("we are root, and there is no other user to run it as"))?;
        Ok(Self { other: Some(other) })
    }

    /// A new folder it can write to. What belongs to root is mostly closed to others, so it is not in there.
    fn folder(&self) -> Result<PathBuf, Failure> {
        let place = match self.other {
            Some(_) => std::env::temp_dir(),
            None => cargo::target_folder().join("postgres"),
        };
        let folder = place.join(format!("perennial-test-{}", random_name()?));
        std::fs::create_dir_all(&folder)?;
        self.own(&folder)?;
        Ok(folder)
    }

    fn own(&self, path: &Path) -> Result<(), Failure> {
        if let Some((_, id)) = self.other {
            chown(path, Some(id), None)?;
        }
        Ok(())
    }

    fn command(&self, program: &Path) -> Command {
        match &self.other {
            None => Command::new(program),
            Some((name, _)) if environment::program("runuser").is_some() => {
                let mut command = Command::new("runuser");
                command.args(["--user", name, "--"]).arg(program);
                command
            }
            Some((name, _)) => {
                // "$0" "$@" hands the arguments on as they are, whatever is in them.
                let mut command = Command::new("su");
                command.args(["-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", name, "--"]).arg(program);
                command
            }
        }
    }
}

fn user_id(name: &str) -> Option<u32> {
    let said = Command::new("id").args(["-u", name]).output().ok().filter(|said| said.status.success())?;
    String::from_utf8(said.stdout).ok()?.trim().parse().ok()
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16, Failure> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
