//! Installing PostgreSQL with the system's package manager, where we may.

use std::process::Command;

use crate::{cargo, environment, say};

/// A package manager and what it takes to get PostgreSQL from it without being asked anything.
struct Manager {
    program: &'static str,
    needs_root: bool,
    steps: &'static [&'static [&'static str]],
}

const MANAGERS: [Manager; 4] = [
    Manager {
        program: "apt-get",
        needs_root: true,
        steps: &[
            &["update", "--quiet"],
            &["install", "--quiet", "--yes", "--no-install-recommends", "postgresql"],
        ],
    },
    Manager {
        program: "dnf",
        needs_root: true,
        steps: &[&["install", "--assumeyes", "--quiet", "postgresql-server"]],
    },
    Manager { program: "apk", needs_root: true, steps: &[&["add", "--no-cache", "postgresql"]] },
    Manager { program: "brew", needs_root: false, steps: &[&["install", "--quiet", "postgresql@17"]] },
];

/// Installs it; `false` where we may not or it does not work.
pub(super) async fn install() -> bool {
    let usable = |manager: &&Manager| {
        manager.needs_root == environment::is_root() && environment::program(manager.program).is_some()
    };
    let Some(manager) = MANAGERS.iter().find(usable) else {
        say!("no PostgreSQL is installed, and no package manager may be used to install it");
        return false;
    };
    say!("no PostgreSQL is installed: installing it with {}", manager.program);
    for step in manager.steps {
        let mut command = Command::new(manager.program);
        command.args(*step).env("DEBIAN_FRONTEND", "noninteractive");
        if !cargo::run(command).await.is_ok_and(|status| status.success()) {
            say!("{} {} did not work", manager.program, step.join(" "));
            return false;
        }
    }
    true
}
