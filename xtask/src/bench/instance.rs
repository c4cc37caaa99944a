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

/// A running program; killed when dropped.
pub(super) struct Instance {
    child: Child,
    /// `127.0.0.1:40001`
    pub(super) address: String,
}

impl Instance {
    pub(super) fn start(place: &Place) -> Result<Self, Failure> {
        let program = cargo::root().join(cargo::target_folder()).join("release/perennial");
        let mut command = Command::new(program);
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            // A line a request is what an operator may turn off, and is turned off on both sides here.
            .env("PERENNIAL_LOG_LEVEL", "warn")
            .stdout(Stdio::piped());
        match place {
            Place::Folder(folder) => command.arg("--data").arg(folder),
            Place::Url(url) => command.env("PERENNIAL_DATABASE_URL", url),
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
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        number.ok_or_else(|| Failure::new("the system does not tell how much memory it takes"))
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
