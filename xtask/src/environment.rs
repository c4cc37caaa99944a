//! What the environment says.

use std::path::PathBuf;

/// A variable of the environment, when it says something.
pub(crate) fn variable(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "chores are not the program: they have no settings of their own"
    )]
    let value = std::env::var(name);
    value.ok().filter(|value| !value.is_empty())
}

/// Whether this is a run that must leave nothing out.
pub(crate) fn is_ci() -> bool {
    variable("CI").as_deref() == Some("true")
}

/// Whether we may do everything on this machine.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The folders of `PATH`.
pub(crate) fn path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

/// Where a program is, when it can be called by its name.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    path().into_iter().map(|folder| folder.join(name)).find(|file| file.is_file())
}
