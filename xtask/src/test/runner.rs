//! What runs the tests: cargo-nextest where it is installed, else cargo itself.

use std::process::{Command, Stdio};

use crate::{cargo, say};

/// The command that runs all tests but the documentation's.
pub(super) fn command(extra: &[String]) -> Command {
    let mut command = if has_nextest() {
        cargo::cargo(&["nextest", "run", "--workspace"])
    } else {
        say!("cargo-nextest is not installed: using cargo test, which takes longer");
        cargo::cargo(&["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"])
    };
    command.args(extra);
    command
}

fn has_nextest() -> bool {
    let mut asked = cargo::cargo(&["nextest", "--version"]);
    asked.stdout(Stdio::null()).stderr(Stdio::null());
    asked.status().is_ok_and(|status| status.success())
}
