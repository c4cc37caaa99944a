//! Running cargo, and stopping it with us.

use std::{
    ffi::OsString,
    path::PathBuf,
    process::{Command, ExitStatus, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::signal::unix::{SignalKind, signal};

use crate::failure::Failure;

/// The variable that tells tests where the program is.
pub(crate) const PROGRAM: &str = "PERENNIAL_TEST_BINARY";

/// `cargo <arguments>`: the cargo that called us, in the workspace's root.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(arguments).current_dir(root());
    // What the outer cargo told us of ourselves, build scripts would take for a change, and build all they stand for
    // anew.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(tells_of_us) {
            command.env_remove(name);
        }
    }
    command
}

fn tells_of_us(variable: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| variable.starts_with(start))
}

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}

/// Where cargo builds.
pub(crate) fn target_folder() -> PathBuf {
    // We were built there ourselves: target/debug/xtask.
    let own = std::env::current_exe().ok();
    let target = own.as_deref().and_then(|file| file.parent()?.parent());
    target.map_or_else(|| root().join("target"), PathBuf::from)
}

/// Where programs are that were built as we were, for debugging or to be fast.
pub(crate) fn built() -> PathBuf {
    let kind = if cfg!(debug_assertions) { "debug" } else { "release" };
    root().join(target_folder()).join(kind)
}

/// Runs a command to its end. A signal that asks us to stop reaches it too, and we are still there afterwards to
/// clean up.
pub(crate) async fn run(mut command: Command) -> Result<ExitStatus, Failure> {
    // Ctrl-C goes to the child as well, by the terminal; being told to terminate does not.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let named = command.get_program().display().to_string();
    let mut child = command.spawn().map_err(|error| Failure::new(format!("{named}: {error}")))?;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let mut ended = tokio::task::spawn_blocking(move || child.wait());
    loop {
        tokio::select! {
            status = &mut ended => return status.map_err(|error| Failure::new(error.to_string()))?.map_err(Failure::from),
            _ = interrupt.recv() => {}
            // It may have ended a moment ago, which is what was wanted.
            _ = terminate.recv() => drop(pid.map(|pid| kill_process(pid, Signal::TERM))),
        }
    }
}

/// Builds everything, tests and all, and says where the program is: one build, as building the program by itself
/// would build most of what it stands on a second time.
pub(crate) fn build_program() -> Result<PathBuf, Failure> {
    let mut build =
        cargo(&["build", "--workspace", "--all-targets", "--message-format=json-render-diagnostics"]);
    let built = build.stderr(Stdio::inherit()).output()?;
    let messages = String::from_utf8_lossy(&built.stdout);
    match messages.lines().filter_map(program).next_back() {
        Some(file) if built.status.success() => Ok(file),
        _ => Err(Failure::new("it does not build")),
    }
}

/// Where the program is, if this message of cargo's says that it was made.
fn program(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    let made = message["target"]["name"] == "perennial"
        && message["target"]["kind"][0] == "bin"
        && message["profile"]["test"] == false;
    made.then(|| message["executable"].as_str().map(PathBuf::from)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(name: &str, kind: &str, test: bool) -> String {
        let target = serde_json::json!({"name": name, "kind": [kind]});
        serde_json::json!({"target": target, "profile": {"test": test}, "executable": "/t/x"}).to_string()
    }

    #[test]
    fn the_program_is_known_by_what_cargo_says_of_it() {
        assert_eq!(program(&message("perennial", "bin", false)), Some(PathBuf::from("/t/x")));
        assert_eq!(program(&message("perennial", "bin", true)), None, "its unit tests");
        assert_eq!(program(&message("xtask", "bin", false)), None);
        assert_eq!(program("warning: something"), None);
    }
}
