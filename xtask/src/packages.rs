//! Installing servers for the tests with the system's package manager, where we may.

use std::process::Command;

use crate::{cargo, environment, say};

/// What a server is called by each package manager.
pub(crate) struct Package {
    /// For people.
    pub(crate) name: &'static str,
    pub(crate) apt: &'static str,
    pub(crate) dnf: &'static str,
    pub(crate) apk: &'static str,
    pub(crate) brew: &'static str,
}

/// A package manager, and what it takes to get a package from it without being asked anything: `PACKAGE` is its name.
struct Manager {
    program: &'static str,
    needs_root: bool,
    steps: &'static [&'static [&'static str]],
    name: fn(&Package) -> &'static str,
}

const MANAGERS: [Manager; 4] = [
    Manager {
        program: "apt-get",
        needs_root: true,
        steps: &[
            &["update", "--quiet"],
            &["install", "--quiet", "--yes", "--no-install-recommends", "PACKAGE"],
        ],
        name: |package| package.apt,
    },
    Manager {
        program: "dnf",
        needs_root: true,
        steps: &[&["install", "--assumeyes", "--quiet", "PACKAGE"]],
        name: |package| package.dnf,
    },
    Manager {
        program: "apk",
        needs_root: true,
        steps: &[&["add", "--no-cache", "PACKAGE"]],
        name: |package| package.apk,
    },
    Manager {
        program: "brew",
        needs_root: false,
        steps: &[&["install", "--quiet", "PACKAGE"]],
        name: |package| package.brew,
    },
];

/// Installs one; `false` where we may not or it does not work.
pub(crate) async fn install(package: &Package) -> bool {
    let usable = |manager: &&Manager| {
        manager.needs_root == environment::is_root() && environment::program(manager.program).is_some()
    };
    let Some(manager) = MANAGERS.iter().find(usable) else {
        say!("no {} is installed, and no package manager may be used to install it", package.name);
        return false;
    };
    say!("no {} is installed: installing it with {}", package.name, manager.program);
    for step in manager.steps {
        let words = step.iter().map(|word| if *word == "PACKAGE" { (manager.name)(package) } else { word });
        let mut command = Command::new(manager.program);
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        if !cargo::run(command).await.is_ok_and(|status| status.success()) {
            say!("{} {} of {} did not work", manager.program, step[0], package.name);
            return false;
        }
    }
    true
}
