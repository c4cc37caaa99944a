//! The program under measurement, as its users run it.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use crate::{cargo, failure::Failure};

/// Where its data is.
pub(super) enum Place {
    Folder(PathBuf),
    Url(String),
}

/// How a program is run, beside where its data is.
#[derive(Default)]
struct Run<'r> {
    options: &'r [&'r str],
    /// Limits that are off.
    unlimited: &'r [&'r str],
    settings: &'r [(&'r str, &'r str)],
    /// The processors it may use: `0-1`.
    processors: Option<&'r str>,
}

/// The limits of whoever is there.
const EVERYBODY: [&str; 4] = ["SYSTEM", "ADDRESS", "USER", "KEY"];

/// A running program; killed when dropped.
pub(super) struct Instance {
    child: Child,
    /// `127.0.0.1:40001`
    pub(super) address: String,
}

impl Instance {
    pub(super) fn start(place: &Place) -> Result<Self, Failure> {
        Self::with(place, &Run::default())
    }

    /// One that counts together with others in a Redis.
    pub(super) fn with_redis(place: &Place, url: &str) -> Result<Self, Failure> {
        Self::with(place, &Run { settings: &[("PERENNIAL_REDIS_URL", url)], ..Run::default() })
    }

    /// One that lets a single person ask as often as they like, on some of the processors where these are named.
    pub(super) fn without_limits(place: &Place, processors: Option<&str>) -> Result<Self, Failure> {
        Self::with(place, &Run { unlimited: &EVERYBODY, processors, ..Run::default() })
    }

    /// On another day.
    pub(super) fn start_at(place: &Place, time: &str) -> Result<Self, Failure> {
        Self::with(place, &Run { options: &["--clock", time], ..Run::default() })
    }

    /// One that lets everybody come as often as they like, with other settings.
    pub(super) fn start_with(
        place: &Place,
        options: &[&str],
        settings: &[(&str, &str)],
    ) -> Result<Self, Failure> {
        let unlimited = &[EVERYBODY.as_slice(), &["LOG_IN", "SIGN_UP"]].concat();
        Self::with(place, &Run { options, unlimited, settings, ..Run::default() })
    }

    fn with(place: &Place, run: &Run<'_>) -> Result<Self, Failure> {
        let program = cargo::built().join("perennial");
        let mut command = match run.processors {
            None => Command::new(program),
            Some(processors) => {
                let mut command = Command::new("taskset");
                command.args(["-c", processors]).arg(program);
                command
            }
        };
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(run.options)
            // A line a request is what an operator may turn off, and is turned off on both sides here.
            .env("PERENNIAL_LOG_LEVEL", "warn")
            // The bank is not measured.
            .env("PERENNIAL_RATES_FETCH", "false")
            .envs(run.unlimited.iter().map(|limit| (format!("PERENNIAL_LIMITS_{limit}"), "off")))
            .envs(run.settings.iter().copied())
            .stdout(Stdio::piped());
        match place {
            Place::Folder(folder) => command.arg("--data").arg(folder),
            Place::Url(url) => command
                .env("PERENNIAL_DATABASE_URL", url)
                // A server takes a hundred as it comes, and the raw engine's callers are beside ours.
                .env("PERENNIAL_DATABASE_CONNECTIONS", "6"),
        };
        let mut instance = Self { child: command.spawn()?, address: String::new() };
        let output = instance.child.stdout.take().ok_or_else(|| Failure::new("the program has no output"))?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim_end().strip_prefix("listening on http://");
        address
            .ok_or_else(|| Failure::new("the program did not start: see above"))?
            .clone_into(&mut instance.address);
        Ok(instance)
    }

    /// Its memory, as the operating system counts it.
    pub(super) fn resident_kilobytes(&self) -> Result<u64, Failure> {
        self.kilobytes("VmRSS:")
    }

    /// The most memory it has taken.
    pub(super) fn peak_kilobytes(&self) -> Result<u64, Failure> {
        self.kilobytes("VmHWM:")
    }

    fn kilobytes(&self, name: &str) -> Result<u64, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        number.ok_or_else(|| Failure::new("the system does not tell how much memory it takes"))
    }

    /// Stops it, with everything it had begun done.
    pub(super) fn end(&mut self) -> Result<(), Failure> {
        let id = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw);
        let id = id.ok_or_else(|| Failure::new("the program has no process id"))?;
        rustix::process::kill_process(id, rustix::process::Signal::TERM)
            .map_err(|error| Failure::new(error.to_string()))?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
