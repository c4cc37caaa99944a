//! The program under test.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

/// The variable that says where it is; `cargo xtask test` sets it.
const VARIABLE: &str = "PERENNIAL_TEST_BINARY";

/// The program: the one that was named, or else built now.
pub(crate) fn binary() -> &'static Path {
    static BINARY: LazyLock<PathBuf> =
        LazyLock::new(|| std::env::var_os(VARIABLE).map_or_else(build, PathBuf::from));
    &BINARY
}

fn build() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--package", "perennial"])
        .current_dir(workspace)
        .status()
        .unwrap();
    assert!(built.success(), "perennial does not build");
    // The tests are target/debug/deps/it-….
    let own = std::env::current_exe().unwrap();
    own.parent().and_then(Path::parent).unwrap().join("perennial")
}
